package change

import (
	"strings"

	"orgit.dk/orgit/org"
)

// holder is who an account belongs to, as a subject of changes.
type holder struct {
	subject func(day org.Day) (s Subject, unit string)
	person  *org.Person // nil for a robot
}

// accounts says what happens to the accounts of one holder.
func (c *comparison) accounts(was, is []*org.Account, h holder) {
	pairs(was, is, func(a *org.Account) string { return a.Key }, func(before, now *org.Account) {
		switch {
		case now == nil:
			s, unit := h.subject("")
			c.add(Change{
				Kind: Account, Correction: true, Subject: s, Unit: unit, Field: FieldRemoved,
				From: c.login(before, ""), Path: before.Path(),
			})
		case before == nil:
			s, unit := h.subject(now.From)
			c.add(Change{
				Kind: Account, Effect: now.From, Until: now.To, Subject: s, Unit: unit, Field: FieldNew,
				To: c.login(now, now.From), Path: now.Path(),
			})
		default:
			c.account(before, now, h)
		}
	})
}

func (c *comparison) account(was, is *org.Account, h holder) {
	t := topic{
		kind: Account, subject: h.subject, path: is.Path,
		shows: map[string]show{"system": showSystem, "for": h.showPost},
	}
	for _, d := range differences(timelineOf(was, was.Versions, accountFields), timelineOf(is, is.Versions, accountFields)) {
		ch := c.change(t, d)
		switch d.field {
		case "name":
			ch.Kind = AccountRename
		case "to":
			ch.Correction = false
		}
		if d.field != "name" {
			ch.Subject.About = about(ch.Subject.About, is.At(dayOr(d.effect)).Name)
		}
		c.add(ch)
	}
}

// login names an account: the login name, with the system where it is not AD.
func (c *comparison) login(a *org.Account, day org.Day) string {
	at := a.At(dayOr(day))
	if at.System == "ad" || at.System == "" {
		return at.Name
	}
	return at.Name + " (" + showSystem(c.head, at.System, day) + ")"
}

func showSystem(n names, key string, _ org.Day) string {
	if key == "" {
		return ""
	}
	for _, o := range []*org.Organisation{n.org, n.other} {
		if s := o.System(key); s != nil {
			return s.Name
		}
	}
	return strings.ToUpper(key)
}

// showPost says which engagement or association a key of an account's `for` means.
func (h holder) showPost(n names, key string, day org.Day) string {
	if h.person == nil {
		return key
	}
	if e := h.person.Engagement(key); e != nil {
		s, _ := n.aboutEngagement(e, day)
		return s.About
	}
	if a := h.person.Association(key); a != nil {
		s, _ := n.aboutAssociation(a, day)
		return s.About
	}
	return key
}

// robots says what happens to account holders that are not people.
func (c *comparison) robots() {
	pairs(c.base.org.Robots, c.head.org.Robots, func(r *org.Robot) string { return r.Key }, func(was, is *org.Robot) {
		switch {
		case is == nil:
			c.add(Change{
				Kind: Robot, Correction: true, Subject: c.base.aboutRobot(was, ""), Unit: was.Unit,
				Field: FieldRemoved, Path: was.Path(),
			})
		case was == nil:
			h := c.robotHolder(is)
			s, unit := h.subject(is.From)
			c.add(Change{
				Kind: Robot, Effect: is.From, Until: is.To, Subject: s, Unit: unit, Field: FieldNew,
				To: c.head.person(is.Owner, is.From), Path: is.Path(),
			})
			c.accounts(nil, is.Accounts, h)
		default:
			c.robot(was, is)
		}
	})
}

func (c *comparison) robotHolder(r *org.Robot) holder {
	return holder{subject: func(day org.Day) (Subject, string) {
		return c.head.aboutRobot(r, day), r.At(dayOr(day)).Unit
	}}
}

func (c *comparison) robot(was, is *org.Robot) {
	h := c.robotHolder(is)
	t := topic{kind: Robot, subject: h.subject, path: is.Path, shows: map[string]show{"owner": showPerson, "unit": showUnit}}
	for _, d := range differences(timelineOf(was, was.Versions, robotFields), timelineOf(is, is.Versions, robotFields)) {
		ch := c.change(t, d)
		if d.field == "to" {
			ch.Correction = false
		}
		c.add(ch)
	}
	c.accounts(was.Accounts, is.Accounts, h)
}
