package sheet

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// mostChoices is how many of those that a name fits are listed.
const mostChoices = 8

// person is the key of the person that a cell names: by key, UUID, login name, or the whole name where only one has it.
func (r *reader) person(c *cells) string {
	text := c.texts[headPerson]
	if text == "" {
		return ""
	}
	if p := r.o.Person(text); p != nil {
		return p.Key
	}
	var found, exact []string // exact by login name or UUID, which goes before a name; a login name is unique in one system only
	for _, p := range r.o.People {
		names := func(n org.Name) bool {
			return strings.EqualFold(n.Full(), text) || strings.EqualFold(n.Given+" "+n.Surname, text)
		}
		logs := slices.ContainsFunc(p.Accounts, func(a *org.Account) bool { return strings.EqualFold(a.Name, text) })
		called := names(p.Name) || slices.ContainsFunc(p.Versions, func(v org.Version[org.Person]) bool { return names(v.State.Name) })
		if logs || strings.EqualFold(string(p.UUID), text) {
			exact = append(exact, p.Key+r.about(p))
		}
		if called {
			found = append(found, p.Key+r.about(p))
		}
	}
	if len(exact) > 0 {
		found = exact
	}
	return c.only(headPerson, "person", text, found)
}

// about tells people of the same name apart.
func (r *reader) about(p *org.Person) string {
	var jobs []string
	for _, x := range p.Engagements {
		name := x.Unit
		if u := r.o.Unit(x.Unit); u != nil {
			name = u.Name
		}
		jobs = append(jobs, r.o.Settings.Classes.Titles[x.Title].Name+", "+name)
	}
	if jobs == nil {
		return ""
	}
	return " (" + strings.Join(jobs, "; ") + ")"
}

// unit is the key of the unit that a cell names: by key, UUID or whole name; also one that an earlier row makes.
func (r *reader) unit(c *cells, heading string) string {
	text := c.texts[heading]
	if text == "" {
		return ""
	}
	if u := r.o.Unit(text); u != nil {
		return u.Key
	}
	var found []string
	for name, key := range r.made {
		if key != "" && (key == text || strings.EqualFold(name, text)) {
			found = append(found, key)
		}
	}
	for _, u := range r.o.Units {
		called := strings.EqualFold(u.Name, text) || slices.ContainsFunc(u.Versions, func(v org.Version[org.Unit]) bool { return strings.EqualFold(v.State.Name, text) })
		if called || strings.EqualFold(string(u.UUID), text) {
			found = append(found, u.Key)
		}
	}
	slices.Sort(found)
	return c.only(heading, "enhed", text, found)
}

// only is the key at the beginning of the one that was found.
func (c *cells) only(heading, what, text string, found []string) string {
	switch n := len(found); {
	case n == 0:
		c.fault(heading, "der er ingen %s, der hedder %q; brug nøglen", what, text)
		return ""
	case n > 1:
		more := ""
		if n > mostChoices {
			more = fmt.Sprintf(" og %d flere", n-mostChoices)
		}
		c.fault(heading, "%q passer på %d; brug nøglen: %s%s", text, n, strings.Join(found[:min(n, mostChoices)], ", "), more)
		return ""
	}
	key, _, _ := strings.Cut(found[0], " ")
	return key
}
