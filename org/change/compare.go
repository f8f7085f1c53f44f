package change

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// Compare says what happens when head takes the place of base, in the order in which
// people read it: by unit as in the organisation's tree, then by effect day and name; of
// one thing on one day that it begins is said first, the rest by path. Without a base
// everything in head is new (the first load).
func Compare(base, head *org.Organisation) []Change {
	if base == head {
		return nil
	}
	first := base == nil
	if first {
		base = org.New(org.Organisation{}, nil)
	}
	c := comparison{base: namesOf(base, head), head: namesOf(head, base)}
	c.units()
	c.people()
	c.robots()
	if first {
		c.add(Change{Kind: Settings, Field: FieldNew, Subject: Subject{Kind: SubjectSettings, Name: head.Settings.Name}})
	} else {
		c.settings()
	}
	c.merge()
	c.sort()
	return c.out
}

// comparison gathers the changes between two organisations.
type comparison struct {
	base, head names
	out        []Change
}

func (c *comparison) add(ch Change) {
	ch.Position = c.head.org.Position(ch.Path)
	c.out = append(c.out, ch)
}

// topic is the thing whose fields are compared: what its changes have in common.
type topic struct {
	kind    Kind // where no word covers the field
	subject func(day org.Day) (s Subject, unit string)
	path    func(fields ...string) org.Path
	shows   map[string]show // by the field's name before the dot
}

// change says a difference of the topic with the words that every kind shares.
func (c *comparison) change(t topic, d difference) Change {
	subject, unit := t.subject(d.effect)
	name, part, _ := strings.Cut(d.field, ".")
	path := []string{name}
	if part != "" {
		path = append(path, part)
	}
	if d.effect != "" {
		path = append([]string{"on", string(d.effect)}, path...)
	}
	ch := Change{
		Kind: t.kind, Correction: d.correct, Withdrawn: d.withdrawn,
		Effect: d.effect, Was: d.was, Subject: subject, Unit: unit, Field: d.field,
		From: c.base.read(t.shows[name], d.from, d.effect), To: c.head.read(t.shows[name], d.to, d.effect),
		Clears: d.to.cleared(), Path: t.path(path...),
	}
	if d.field == FieldOn {
		ch.Path = t.path()
	}
	return ch
}

// pairs calls both for every key that either side has, in order of key; a side that does
// not have the key gives the zero value. What the two share, as versions do that were loaded
// together, is left out: nothing in it has changed.
func pairs[T comparable](base, head []T, key func(T) string, both func(was, is T)) {
	old := byKey(base, key)
	current := byKey(head, key)
	keys := maps.Clone(old)
	maps.Copy(keys, current)
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if was, is := old[k], current[k]; was != is {
			both(was, is)
		}
	}
}

func byKey[T any](list []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(list))
	for _, x := range list {
		m[key(x)] = x
	}
	return m
}

// sort puts the changes in the order of the tree of units. What belongs to no unit comes
// first, since it concerns everybody.
func (c *comparison) sort() {
	place := treeOrder(c.base.org, c.head.org)
	name := org.DanishOrder()
	slices.SortStableFunc(c.out, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(place[a.Unit], place[b.Unit]),
			cmp.Compare(a.Effect, b.Effect),
			name(a.Subject.Name, b.Subject.Name),
			cmp.Compare(a.Subject.Key, b.Subject.Key),
			order(begins(b.Kind), begins(a.Kind)),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Kind, b.Kind),
		)
	})
}

// begins reports whether a change of the kind tells what the others are about.
func begins(k Kind) bool {
	return k == Hire || k == Rehire || k == Associate || k == UnitCreate || k == UnitMerge
}

// treeOrder numbers the units of both organisations as head's tree has them: each unit
// before those below it, siblings by name. Units that head no longer has stand where they
// stood in base. Parents are those that the units come to have in the end.
func treeOrder(base, head *org.Organisation) map[string]int {
	units := byKey(base.Units, func(u *org.Unit) string { return u.Key })
	for _, u := range head.Units {
		units[u.Key] = u
	}
	below := map[string][]*org.Unit{}
	for _, key := range slices.Sorted(maps.Keys(units)) {
		u := units[key].At(latest)
		parent := u.Parent
		if units[parent] == nil {
			parent = ""
		}
		below[parent] = append(below[parent], u)
	}
	name := org.DanishOrder()
	place := make(map[string]int, len(units))
	var walk func(parent string)
	walk = func(parent string) {
		slices.SortStableFunc(below[parent], func(a, b *org.Unit) int { return name(a.Name, b.Name) })
		for _, u := range below[parent] {
			if place[u.Key] == 0 {
				place[u.Key] = len(place) + 1
				walk(u.Key)
			}
		}
	}
	walk("")
	for _, key := range slices.Sorted(maps.Keys(units)) { // units in a circle
		if place[key] == 0 {
			place[key] = len(place) + 1
		}
	}
	return place
}
