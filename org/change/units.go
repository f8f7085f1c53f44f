package change

import (
	"strings"

	"orgit.dk/orgit/org"
)

var unitShows = map[string]show{
	"parent": showUnit, "parents": showUnit, "successor": showUnit,
	"payoutUnit": showUnit, "contactUnits": showUnit, "related": showUnit,
	"type": showUnitType, "systems": showSystem,
}

func unitPath(u *org.Unit) func(fields ...string) org.Path {
	return func(fields ...string) org.Path { return org.PathOf("units", u.Key, fields...) }
}

func (c *comparison) units() {
	pairs(c.base.org.Units, c.head.org.Units, func(u *org.Unit) string { return u.Key }, func(was, is *org.Unit) {
		switch {
		case is == nil:
			c.add(Change{
				Kind: UnitRemoved, Correction: true, Subject: c.base.aboutUnit(was, ""),
				Unit: was.Key, Field: FieldRemoved, Path: unitPath(was)(),
			})
		case was == nil:
			c.newUnit(is)
		default:
			c.unit(was, is)
		}
	})
}

func (c *comparison) newUnit(u *org.Unit) {
	at := u.At(u.From)
	c.add(Change{
		Kind: UnitCreate, Effect: u.From, Until: u.To, Subject: c.head.aboutUnit(u, u.From),
		Unit: u.Key, To: c.head.read(showUnit, value{at.Parent}, u.From), Path: unitPath(u)(),
	})
	c.leaders(&org.Unit{Key: u.Key}, u)
}

func (c *comparison) unit(was, is *org.Unit) {
	t := topic{
		kind:    Unit,
		subject: func(day org.Day) (Subject, string) { return c.head.aboutUnit(is, day), is.Key },
		path:    unitPath(is),
		shows:   unitShows,
	}
	diffs := differences(timelineOf(was, was.Versions, unitFields), timelineOf(is, is.Versions, unitFields))
	closes := was.To != is.To && is.To != ""
	for _, d := range diffs {
		ch := c.change(t, d)
		switch {
		case d.field == "to" && closes:
			ch = c.closing(ch, was, is)
		case d.field == "to":
			ch.Correction, ch.Was, ch.From = false, was.To, ""
		case d.field == "successor" && closes && d.effect == "":
			continue // said with the closing
		case d.field == "name":
			ch.Kind = UnitRename
		case d.field == "parent" || strings.HasPrefix(d.field, "parents."):
			ch.Kind = UnitMove
		case strings.HasPrefix(d.field, "addresses."):
			ch.Kind = Contact
		}
		c.add(ch)
	}
	c.leaders(was, is)
}

// closing says that a unit closes, into which successor, and whether it was to close on
// another day before.
func (c *comparison) closing(ch Change, was, is *org.Unit) Change {
	ch.Kind, ch.Correction = UnitClose, false
	ch.Effect, ch.Was = is.To, was.To
	ch.Subject = c.head.aboutUnit(is, is.To)
	ch.From, ch.To = "", c.head.read(showUnit, value{is.At(is.To).Successor}, is.To.Add(1))
	return ch
}

// merge makes one change of several units that close into one on one day.
func (c *comparison) merge() {
	type into struct {
		successor string
		day       org.Day
	}
	closing := map[into][]int{}
	for i, ch := range c.out {
		if ch.Kind != UnitClose || ch.Was != "" {
			continue
		}
		if u := c.head.org.Unit(ch.Subject.Key); u.At(u.To).Successor != "" {
			key := into{u.At(u.To).Successor, u.To}
			closing[key] = append(closing[key], i)
		}
	}
	gone := map[int]bool{}
	for key, list := range closing {
		successor := c.head.org.Unit(key.successor)
		if len(list) < 2 || successor == nil {
			continue
		}
		first := key.day.Add(1)
		merged := Change{Kind: UnitMerge, Effect: first, Subject: c.head.aboutUnit(successor, first), Unit: successor.Key}
		for _, i := range list {
			gone[i] = true
			merged.Others = append(merged.Others, c.out[i].Subject)
		}
		merged.Path, merged.Position = c.out[list[0]].Path, c.out[list[0]].Position
		c.out = append(c.out, merged)
	}
	kept := c.out[:0]
	for i, ch := range c.out {
		if !gone[i] {
			kept = append(kept, ch)
		}
	}
	c.out = kept
}
