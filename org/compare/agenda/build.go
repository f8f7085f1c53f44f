package agenda

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// builder makes the items of one comparison. In its arrays the leading extract is at 0.
type builder struct {
	comparison *compare.Comparison
	extracts   [2]*source.Extract
	unit       [2]map[string]*source.Unit
	person     [2]map[string]*source.Person
	other      map[string]string // people of the leading extract: who they are in the other one
	lead       map[string]string // the other way
	lang       string
}

func newBuilder(c *compare.Comparison, lang string) *builder {
	b := &builder{comparison: c, extracts: [2]*source.Extract{c.Lead, c.Other}, other: map[string]string{}, lead: map[string]string{}, lang: lang}
	for side, x := range b.extracts {
		b.unit[side], b.person[side] = map[string]*source.Unit{}, map[string]*source.Person{}
		for i := range x.Units {
			b.unit[side][x.Units[i].ID] = &x.Units[i]
		}
		for i := range x.People {
			b.person[side][x.People[i].ID] = &x.People[i]
		}
	}
	for _, m := range c.People {
		if m.Answer == compare.Same {
			b.other[m.Lead], b.lead[m.Other] = m.Other, m.Lead
		}
	}
	return b
}

func (b *builder) items() []Item {
	items := slices.Concat(b.asks(b.comparison.Units, AskUnit), b.asks(b.comparison.People, AskPerson))
	for _, d := range b.comparison.Differences() {
		items = append(items, b.difference(d))
	}
	return items
}

// difference is an item about what two registers say differently.
func (b *builder) difference(d compare.Difference) Item {
	item := Item{Kind: d.Kind}
	sides := [2]int{0, 1}
	if d.Kind == compare.Doubled && d.Lead.Source == b.extracts[1].Source {
		sides[0] = 1
	} else if d.Kind == compare.Doubled {
		sides[1] = 0
	}
	item.Lead, item.Other = b.side(d.Kind, sides[0], d.Lead), b.side(d.Kind, sides[1], d.Other)
	if !OfUnits(d.Kind) {
		item.Hidden = b.shielded(sides[0], d.Lead.ID) || b.shielded(sides[1], d.Other.ID)
	}
	b.units(&item, sides)
	item.Why = differenceWords(d, b.lang, [2]string{b.registerName(sides[0]), b.registerName(sides[1])})
	b.finish(&item)
	return item
}

// finish names an item, hides what is not to be shown, and gives it its ID.
func (b *builder) finish(item *Item) {
	item.Name = cmp.Or(item.Lead.Name, item.Other.Name)
	item.ID = identifier(item.Kind, item.Lead.Key, item.Other.Key)
	if item.Hidden {
		hide(item)
	}
	parts := []string{item.Lead.Name, item.Other.Name}
	if valued(item.Kind) {
		parts = slices.Concat(parts, []string{"\x01"}, item.Lead.Values, []string{"\x01"}, item.Other.Values)
	}
	item.Version = digest(versionLength, parts...)
	item.Lead.Text, item.Other.Text = text(*item, item.Lead, b.lang), text(*item, item.Other, b.lang)
}

// valued reports whether a decision about an item is one between values, and not about who is who.
func valued(kind compare.Kind) bool {
	switch kind {
	case AskUnit, AskPerson, compare.Doubled, compare.UnitOnly, compare.PersonOnly, compare.AccountOpen, compare.AccountWithoutPerson, compare.PersonWithoutAccount:
		return false
	}
	return true
}

// hide leaves out all but name and unit.
func hide(item *Item) {
	for _, s := range []*Side{&item.Lead, &item.Other} {
		if s.Name == "" {
			continue
		}
		s.ID, s.Origin = "", ""
		if item.Kind != compare.PersonName && item.Kind != compare.PersonUnit {
			s.Values = nil
		}
		s.About = nil
	}
}

// side is what a register says, with what tells the record from others of its name.
func (b *builder) side(kind compare.Kind, at int, from compare.Side) Side {
	s := Side{Register: b.registerName(at), Key: Key{b.extracts[at].Source, from.ID}}
	if from.ID == "" {
		return s
	}
	s.Source, s.ID = from.Source, from.ID
	s.Name, s.Values, s.Origin = schema.MaskCPR(from.Name), masked(from.Values), schema.MaskCPR(from.Origin.String())
	if OfUnits(kind) {
		s.About = masked(b.aboutUnit(at, from.ID))
	} else {
		s.About = masked(b.aboutPerson(at, from.ID))
	}
	return s
}

func (b *builder) registerName(side int) string { return nameOf(b.extracts[side]) }

// units finds the units that an item is about.
func (b *builder) units(item *Item, sides [2]int) {
	for i, s := range []Side{item.Lead, item.Other} {
		switch {
		case s.Key.ID == "" || len(item.Units) > 0:
		case OfUnits(item.Kind):
			item.Units = given([]string{s.Name})
		default:
			item.Units = masked(b.unitNames(sides[i], s.Key.ID))
		}
	}
}

func masked(list []string) []string {
	var out []string
	for _, text := range list {
		if text = oneLine(schema.MaskCPR(text)); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func given(list []string) []string {
	var out []string
	for _, text := range list {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
