package change

import (
	"strings"

	"orgit.dk/orgit/org"
)

func (c *comparison) people() {
	pairs(c.base.org.People, c.head.org.People, func(p *org.Person) string { return p.Key }, func(was, is *org.Person) {
		switch {
		case is == nil:
			s, unit := c.base.aboutPerson(was, "")
			c.add(Change{
				Kind: PersonRemoved, Correction: true, Subject: s, Unit: unit,
				Field: FieldRemoved, Path: was.Path(),
			})
		case was == nil:
			c.newPerson(is)
		default:
			c.person(was, is)
		}
	})
}

// newPerson says what a person begins with: their engagements and associations, which
// also say that the person is new, and accounts.
func (c *comparison) newPerson(p *org.Person) {
	nobody := &org.Person{Key: p.Key}
	if len(p.Engagements) == 0 && len(p.Associations) == 0 {
		s, unit := c.head.aboutPerson(p, "")
		c.add(Change{Kind: Person, Subject: s, Unit: unit, Field: FieldNew, Path: p.Path()})
	}
	c.engagements(nobody, p)
	c.associations(nobody, p)
	begun := len(c.out)
	c.accounts(nobody.Accounts, p.Accounts, c.holder(p))
	for _, d := range differences(always(fields{}), always(personFields(p))) {
		if d.field == "shielded" || d.field == "suspended" {
			c.personField(p, d)
		}
	}
	for i := begun; i < len(c.out); i++ {
		if ch := &c.out[i]; ch.Effect == "" {
			ch.Effect = firstDay(p)
		}
	}
}

// firstDay is the first day of somebody's first engagement or association.
func firstDay(p *org.Person) org.Day {
	first := latest
	for _, e := range p.Engagements {
		first = min(first, e.From)
	}
	for _, a := range p.Associations {
		first = min(first, a.From)
	}
	if first == latest {
		return ""
	}
	return first
}

func (c *comparison) person(was, is *org.Person) {
	diffs := differences(timelineOf(was, was.Versions, personFields), timelineOf(is, is.Versions, personFields))
	for _, d := range diffs {
		c.personField(is, d)
	}
	c.engagements(was, is)
	c.associations(was, is)
	c.accounts(was.Accounts, is.Accounts, c.holder(is))
}

func (c *comparison) holder(p *org.Person) holder {
	return holder{
		subject: func(day org.Day) (Subject, string) { return c.head.aboutPerson(p, day) },
		person:  p,
	}
}

func (c *comparison) personField(p *org.Person, d difference) {
	ch := c.change(topic{
		kind: Person, subject: c.holder(p).subject, path: p.Path,
		shows: map[string]show{"title": showSmall},
	}, d)
	switch name, _, _ := strings.Cut(d.field, "."); name {
	case "name":
		ch.Kind, ch.From, ch.To = Rename, wholeName(d.from), wholeName(d.to)
	case "title":
		ch.Kind = Title
		_, unit := c.head.aboutPerson(p, d.effect)
		ch.Subject.About = c.head.unit(unit, d.effect)
	case "shielded":
		ch.Kind = Protect
	case "suspended":
		ch.Kind = Suspend
	case "addresses":
		ch.Kind = Contact
		c.hide(&ch, p)
	}
	c.add(ch)
}

// hide leaves the values out when the person is shielded at any time in either
// organisation: a phone number or room must not reach a note through what it was before.
func (c *comparison) hide(ch *Change, p *org.Person) {
	if was := c.base.org.Person(p.Key); p.EverShielded() || was != nil && was.EverShielded() {
		ch.From, ch.To, ch.Hidden = "", "", true
	}
}

// wholeName writes a name so that a change of any of its parts can be seen.
func wholeName(v value) string {
	if len(v) < 3 {
		return ""
	}
	official := strings.TrimSpace(v[0] + " " + v[1])
	if v[2] == "" {
		return official
	}
	return v[2] + " (" + official + ")"
}
