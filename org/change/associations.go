package change

import "orgit.dk/orgit/org"

var associationShows = map[string]show{
	"unit": showUnit, "type": showAssociationType, "title": showSmall, "sponsor": showPerson,
}

func (c *comparison) associations(was, is *org.Person) {
	pairs(was.Associations, is.Associations, func(a *org.Association) string { return a.Key }, func(before, now *org.Association) {
		switch {
		case now == nil:
			s, unit := c.base.aboutAssociation(before, before.From)
			c.add(Change{
				Kind: Association, Correction: true, Subject: s, Unit: unit, Field: FieldRemoved,
				From: string(before.From), Path: before.Path(),
			})
		case before == nil:
			s, unit := c.head.aboutAssociation(now, now.From)
			ch := Change{Kind: Associate, Effect: now.From, Until: now.To, Subject: s, Unit: unit, Path: now.Path()}
			if now.Annulled != "" {
				ch.Kind, ch.Field, ch.Until = Association, "annulled", ""
			}
			c.add(ch)
		default:
			c.association(before, now)
		}
	})
}

// aboutAssociation names a person by one association, and gives its unit.
func (n names) aboutAssociation(a *org.Association, day org.Day) (Subject, string) {
	p, at := a.Person, a.At(dayOr(day))
	return Subject{
		Kind: SubjectPerson, Key: p.Key, UUID: p.UUID, Name: p.At(dayOr(day)).Name.Full(),
		About: about(n.associationTitle(at), n.unit(at.Unit, day)),
	}, at.Unit
}

func (c *comparison) association(was, is *org.Association) {
	t := topic{
		kind:    Association,
		subject: func(day org.Day) (Subject, string) { return c.head.aboutAssociation(is, day) },
		path:    is.Path,
		shows:   associationShows,
	}
	for _, d := range differences(timelineOf(was, was.Versions, associationFields), timelineOf(is, is.Versions, associationFields)) {
		ch := c.change(t, d)
		switch d.field {
		case "to":
			ch.Correction, ch.Effect, ch.Was, ch.From, ch.To = false, is.To, was.To, "", ""
			ch.Subject, ch.Unit = c.head.aboutAssociation(is, is.To)
			if is.To != "" && (was.To == "" || is.To < was.To) {
				ch.Kind = Dissociate
			}
		case "unit":
			ch.Subject.About = c.head.associationTitle(is.At(dayOr(d.effect)))
		}
		c.add(ch)
	}
}
