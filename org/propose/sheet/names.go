package sheet

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
)

// mostChoices is how many of those that a name fits are listed.
const mostChoices = 8

// newPerson is what a cell may say of somebody who is hired and not there yet; empty means the same.
const newPerson = "ny person"

// isNew reports whether the row is about somebody who is not there yet.
func (c *cells) isNew() bool {
	text := c.texts[headPerson]
	return text == "" || strings.EqualFold(text, newPerson)
}

// person is the key of the person that a cell names: by key, UUID, login name, or the whole name where only one has it.
func (r *reader) person(c *cells, k kind) string {
	text := c.texts[headPerson]
	if text == "" || k.do == propose.DoHire && c.isNew() {
		return ""
	}
	if p := r.o.Person(text); p != nil {
		return p.Key
	}
	var called, exact []*org.Person // exact by login name or UUID, which goes before a name; a login name is unique in one system only
	for _, p := range r.o.People {
		names := func(n org.Name) bool {
			return strings.EqualFold(n.Full(), text) || strings.EqualFold(n.Given+" "+n.Surname, text)
		}
		logs := slices.ContainsFunc(p.Accounts, func(a *org.Account) bool { return strings.EqualFold(a.Name, text) })
		if logs || strings.EqualFold(string(p.UUID), text) {
			exact = append(exact, p)
		}
		if names(p.Name) || slices.ContainsFunc(p.Versions, func(v org.Version[org.Person]) bool { return names(v.State.Name) }) {
			called = append(called, p)
		}
	}
	found := called
	if len(exact) > 0 {
		found = exact
	} else if k.do == propose.DoHire && len(called) == 1 && !r.here(called[0]) {
		p := called[0]
		c.fault(headPerson, "den eneste, der hedder %q, er ikke ansat mere: %s. Skriv nøglen %s, hvis det er samme person; ellers skriv %q, og udfyld fornavn og efternavn",
			text, p.Key+r.about(p), p.Key, newPerson)
		return ""
	}
	texts := make([]string, len(found))
	for i, p := range found {
		texts[i] = p.Key + r.about(p)
	}
	return c.only(headPerson, "person", text, texts)
}

// here reports whether something ties a person to the municipality today or later.
func (r *reader) here(p *org.Person) bool {
	return slices.ContainsFunc(p.Engagements, func(x *org.Engagement) bool { return x.Annulled == "" && !x.Ended(r.today) }) ||
		slices.ContainsFunc(p.Associations, func(a *org.Association) bool { return a.Annulled == "" && !a.Ended(r.today) })
}

// about tells people of the same name apart: by name, title and unit of each job, and its last day.
func (r *reader) about(p *org.Person) string {
	parts := []string{p.At(r.today).Name.Full()}
	for _, x := range p.Engagements {
		day := max(r.today, x.From)
		if x.Ended(day) {
			day = x.To
		}
		at := x.At(day)
		name := at.Unit
		if u := r.o.Unit(name); u != nil {
			name = u.At(day).Name
		}
		text := r.o.Settings.Classes.Titles[at.Title].Name + ", " + name
		if x.Payroll != nil && x.Payroll.Number != "" {
			text += ", medarbejdernummer " + x.Payroll.Number
		}
		switch {
		case x.Annulled != "":
			text += ", annulleret"
		case x.To != "":
			text += ", sidste dag " + change.Day(x.To, change.Danish)
		}
		parts = append(parts, text)
	}
	return " (" + strings.Join(parts, "; ") + ")"
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
