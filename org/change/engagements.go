package change

import (
	"strings"

	"orgit.dk/orgit/org"
)

var engagementShows = map[string]show{
	"unit": showUnit, "title": showTitle, "displayTitle": showSmall, "type": showEngagementType,
	"covers": func(n names, text string, day org.Day) string { return n.person(text, day) },
}

func (c *comparison) engagements(was, is *org.Person) {
	pairs(was.Engagements, is.Engagements, func(e *org.Engagement) string { return e.Key }, func(before, now *org.Engagement) {
		switch {
		case now == nil:
			s, unit := c.base.aboutEngagement(before, before.From)
			c.add(Change{
				Kind: Engagement, Correction: true, Subject: s, Unit: unit, Field: FieldRemoved,
				From: string(before.From), Path: before.Path(),
			})
		case before == nil:
			c.hire(was, now)
		default:
			c.engagement(before, now)
		}
	})
}

// aboutEngagement names a person by one engagement, and gives its unit.
func (n names) aboutEngagement(e *org.Engagement, day org.Day) (Subject, string) {
	p, at := e.Person, e.At(dayOr(day))
	return Subject{
		Kind: SubjectPerson, Key: p.Key, UUID: p.UUID, Name: p.At(dayOr(day)).Name.Full(),
		About: about(n.title(at), n.unit(at.Unit, day)), Number: n.number(at),
	}, at.Unit
}

// hire says that an engagement is new: the person's first, a further one, or one after
// they had left.
func (c *comparison) hire(was *org.Person, e *org.Engagement) {
	s, unit := c.head.aboutEngagement(e, e.From)
	ch := Change{Kind: Hire, Effect: e.From, Until: e.To, Subject: s, Unit: unit, Path: e.Path()}
	switch {
	case e.Annulled != "":
		ch.Kind, ch.Until = Annul, ""
	case hadLeft(was, e.From):
		ch.Kind = Rehire
	case len(was.Engagements) > 0:
		ch.Field = FieldFurther
	}
	c.add(ch)
	c.leaves(&org.Engagement{Person: e.Person, Key: e.Key}, e)
}

// hadLeft reports whether the person had engagements, and all of them end before the day.
func hadLeft(p *org.Person, day org.Day) bool {
	had := false
	for _, e := range p.Engagements {
		if e.Annulled != "" {
			continue
		}
		if !e.Ended(day) {
			return false
		}
		had = true
	}
	return had
}

func (c *comparison) engagement(was, is *org.Engagement) {
	t := topic{
		kind:    Engagement,
		subject: func(day org.Day) (Subject, string) { return c.head.aboutEngagement(is, day) },
		path:    is.Path,
		shows:   engagementShows,
	}
	for _, d := range differences(timelineOf(was, was.Versions, engagementFields), timelineOf(is, is.Versions, engagementFields)) {
		ch := c.change(t, d)
		c.nameEngagement(&ch, was, is)
		c.add(ch)
	}
	c.leaves(was, is)
}

// nameEngagement finds HR's word for a change of an engagement.
func (c *comparison) nameEngagement(ch *Change, was, is *org.Engagement) {
	at := is.At(dayOr(ch.Effect))
	switch name, _, _ := strings.Cut(ch.Field, "."); name {
	case "unit":
		ch.Kind, ch.Subject.About = Move, c.head.title(at)
	case "title", "displayTitle":
		ch.Kind, ch.Subject.About = Title, c.head.unit(at.Unit, ch.Effect)
	case "fraction":
		ch.Kind = Fraction
	case "annulled":
		if ch.To != "" && ch.From == "" {
			ch.Kind, ch.Effect, ch.To = Annul, is.From, ""
		}
	case "to":
		ch.Correction, ch.Effect, ch.Was = false, is.To, was.To
		ch.From, ch.To = "", ""
		ch.Subject, ch.Unit = c.head.aboutEngagement(is, is.To)
		ch.Kind = Leave
		if is.To == "" || (was.To != "" && is.To > was.To) {
			ch.Kind = Extend
		}
	case "covers":
		if ch.Field == "covers.engagement" {
			if from, to := c.covered(was.At(dayOr(ch.Effect))), c.covered(at); from != to {
				ch.From, ch.To = from, to
			}
		}
	}
}

// covered says which engagement a temp works for.
func (c *comparison) covered(e *org.Engagement) string {
	if e.Covers == nil {
		return ""
	}
	n := c.head
	p := n.org.Person(e.Covers.Person)
	if p == nil || p.Engagement(e.Covers.Engagement) == nil {
		return e.Covers.Engagement
	}
	s, _ := n.aboutEngagement(p.Engagement(e.Covers.Engagement), "")
	return s.About
}

// leaves says what happens to the leaves of an engagement. The reason is not known.
func (c *comparison) leaves(was, is *org.Engagement) {
	pairs(was.Leaves, is.Leaves, func(l *org.Leave) string { return l.Key }, func(before, now *org.Leave) {
		if now == nil {
			s, unit := c.head.aboutEngagement(is, before.From)
			c.add(Change{
				Kind: Absence, Correction: true, Subject: s, Unit: unit, Field: FieldRemoved,
				Effect: before.From, Until: before.To, Path: is.Path("leaves", before.Key),
			})
			return
		}
		s, unit := c.head.aboutEngagement(is, now.From)
		ch := Change{
			Kind: Absence, Effect: now.From, Until: now.To, Subject: s, Unit: unit,
			Field: FieldNew, Path: is.Path("leaves", now.Key),
		}
		if before == nil {
			if now.ClosesAccounts {
				ch.To = "closesAccounts"
			}
			c.add(ch)
			return
		}
		for _, d := range differences(always(leaveFields(before)), always(leaveFields(now))) {
			ch := ch
			ch.Field, ch.Correction = d.field, d.field == "from"
			ch.From, ch.To = d.old(), d.text()
			ch.Path = is.Path("leaves", now.Key) + org.Path("."+d.field)
			c.add(ch)
		}
	})
}
