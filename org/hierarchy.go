package org

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// checkSuccessors finds successors that lead back to where they began, and those that
// can never take effect.
func (o *Organisation) checkSuccessors() []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, u := range o.Units {
		last := u.last()
		if last.Successor == "" {
			continue
		}
		if u.To == "" {
			findings = append(findings, o.finding(schema.Warning, "successor-without-end", u.Path("successor"),
				fmt.Sprintf("%s names a successor but no last day, so nobody moves", u.label()),
				"state the last day: to: \"YYYY-MM-DD\""))
		}
		if chain := o.successorCycle(u); chain != nil {
			findings = append(findings, o.finding(schema.Error, "successor-cycle", u.Path("successor"),
				"the successors lead round in a circle: "+strings.Join(chain, " → "),
				"name a unit that goes on, or none"))
		}
	}
	return findings
}

// last returns what the unit states on its last day.
func (u *Unit) last() *Unit {
	if len(u.Versions) == 0 {
		return u
	}
	return u.Versions[len(u.Versions)-1].State
}

// successorCycle gives the keys from the unit back to it. A circle is reported once, for
// the first of its keys.
func (o *Organisation) successorCycle(u *Unit) []string {
	chain := []string{u.Key}
	for next := o.units[u.last().Successor]; next != nil && len(chain) <= len(o.units); next = o.units[next.last().Successor] {
		chain = append(chain, next.Key)
		if next == u {
			if slices.Min(chain) != u.Key {
				return nil
			}
			return chain
		}
	}
	return nil
}

// StandingOn returns the unit with the key if it is valid on the day, else the first of
// its successors that is; nil when there is none.
func (o *Organisation) StandingOn(key string, day Day) *Unit {
	for range len(o.units) + 1 {
		u := o.units[key]
		if u == nil {
			return nil
		}
		if u.Contains(day) {
			return u
		}
		if !u.Ended(day) {
			return nil
		}
		key = u.At(day).Successor
	}
	return nil
}

// checkHierarchies finds circles and superfluous or missing roots in the main hierarchy
// and in each further one, on every day on which a unit changes.
func (o *Organisation) checkHierarchies() []schema.Diagnostic {
	c := &hierarchyCheck{org: o, days: o.unitDays(), index: map[string]int{}, reported: map[string]bool{}}
	for i, u := range o.Units {
		c.index[u.Key] = i
	}
	c.check("", func(u *Unit) (string, bool) { return u.Parent, true })
	for _, h := range sortedKeys(o.Settings.Hierarchies) {
		c.check(h, func(u *Unit) (string, bool) { return u.Parents[h], u.Parents[h] != "" })
	}
	return c.findings
}

// unitDays gives the days on which a unit begins, has ended, or is amended.
func (o *Organisation) unitDays() []Day {
	days := map[Day]bool{}
	for _, u := range o.Units {
		u.eachDay(Margins{}, func(day Day) { days[day] = true })
	}
	delete(days, "")
	return slices.Sorted(maps.Keys(days))
}

type hierarchyCheck struct {
	org      *Organisation
	days     []Day
	index    map[string]int  // of units in org.Units
	reported map[string]bool // what was said of an earlier day
	findings []schema.Diagnostic
}

// nowhere is the index of no unit.
const nowhere = -1

// place is what a unit states of its place in a hierarchy from a day on.
type place struct {
	from      Day
	key       string // of the unit above
	above     int    // its index, or nowhere
	takesPart bool   // whether the unit is in the hierarchy even when none is above
}

// places gives the places of a unit in order of day; the first holds from its beginning.
func (c *hierarchyCheck) places(u *Unit, parent func(*Unit) (string, bool)) []place {
	states := append([]Version[Unit]{{State: u}}, u.Versions...)
	list := make([]place, len(states))
	for i, v := range states {
		key, takesPart := parent(v.State)
		above, known := c.index[key]
		if !known {
			above = nowhere
		}
		list[i] = place{v.From, key, above, takesPart}
	}
	return list
}

// tree is one hierarchy on one day. Units are known by their index.
type tree struct {
	hierarchy string // empty for the main one
	day       Day
	units     []*Unit
	member    []bool
	above     []int // nowhere for a root
}

// check builds the hierarchy of each day. parent gives the key of the unit above, and
// whether the unit takes part even when there is none.
func (c *hierarchyCheck) check(hierarchy string, parent func(*Unit) (key string, takesPart bool)) {
	units := c.org.Units
	places := make([][]place, len(units))
	for i, u := range units {
		places[i] = c.places(u, parent)
	}
	t := &tree{hierarchy: hierarchy, units: units, member: make([]bool, len(units)), above: make([]int, len(units))}
	for _, day := range c.days {
		t.day = day
		clear(t.member)
		whole := true
		for i, u := range units {
			t.above[i] = nowhere
			if !u.Contains(day) {
				continue
			}
			for len(places[i]) > 1 && places[i][1].from <= day {
				places[i] = places[i][1:]
			}
			whole = c.put(t, i, places[i][0]) && whole
		}
		if !c.circles(t) && whole {
			c.roots(t)
		}
	}
}

// put gives a unit its place in the tree. It reports false when what should be above the
// unit is not there.
func (c *hierarchyCheck) put(t *tree, unit int, at place) bool {
	t.member[unit] = t.member[unit] || at.takesPart
	if at.key == "" {
		return true
	}
	above := at.above
	if above != nowhere && !t.units[above].Contains(t.day) {
		above = nowhere
		if u := c.org.StandingOn(at.key, t.day); u != nil {
			above = c.index[u.Key]
		}
	}
	if above == nowhere {
		c.parentAway(t, t.units[unit], at.key)
		return false
	}
	t.above[unit], t.member[above] = above, true
	return true
}

func (t *tree) field() []string {
	if t.hierarchy == "" {
		return []string{"parent"}
	}
	return []string{"parents", t.hierarchy}
}

func (t *tree) name() string {
	if t.hierarchy == "" {
		return "the hierarchy"
	}
	return fmt.Sprintf("the hierarchy %q", t.hierarchy)
}

// pathOn is where a unit states on a day what is above it.
func (t *tree) pathOn(u *Unit) Path {
	state := u.At(t.day)
	for i := len(u.Versions) - 1; i >= 0; i-- {
		v := u.Versions[i]
		earlier := u
		if i > 0 {
			earlier = u.Versions[i-1].State
		}
		if v.From <= t.day && (earlier.Parent != state.Parent || earlier.Parents[t.hierarchy] != state.Parents[t.hierarchy]) {
			return u.Path(append([]string{"on", string(v.From)}, t.field()...)...)
		}
	}
	return u.Path(t.field()...)
}

func (c *hierarchyCheck) find(once, code string, path Path, message, hint string, from Day) {
	if c.reported[once] {
		return
	}
	c.reported[once] = true
	d := c.org.finding(schema.Error, code, path, message, hint)
	d.From = string(from)
	c.findings = append(c.findings, d)
}

// parentAway says that what is above a unit is not there on the day. That the key names
// nothing at all is another rule's finding.
func (c *hierarchyCheck) parentAway(t *tree, u *Unit, key string) {
	above := c.org.Unit(key)
	if above == nil {
		return
	}
	message := fmt.Sprintf("%s lies below %s, which begins only on %s", u.label(), above.label(), above.From)
	hint := "let the unit begin later, or lie below another unit until then"
	if above.Ended(t.day) {
		message = fmt.Sprintf("%s lies below %s, which ends on %s without a successor that goes on", u.label(), above.label(), above.To)
		hint = "name a successor of " + above.label() + ", or amend the unit's parent from the day after"
	}
	c.find("away "+t.hierarchy+" "+u.Key+" "+key, "parent-away", t.pathOn(u), message, hint, t.day)
}

// circles reports units that lie below themselves.
func (c *hierarchyCheck) circles(t *tree) bool {
	found := false
	seenFrom := make([]int, len(t.units)) // one more than the unit from which the walk came
	for start, in := range t.member {
		if !in {
			continue
		}
		at := start
		for at != nowhere && seenFrom[at] == 0 {
			seenFrom[at] = start + 1
			at = t.above[at]
		}
		if at != nowhere && seenFrom[at] == start+1 {
			found = true
			c.circle(t, at)
		}
	}
	return found
}

// circle reports the circle that a unit is part of, from its first key on.
func (c *hierarchyCheck) circle(t *tree, unit int) {
	first := unit
	for at := t.above[unit]; at != unit; at = t.above[at] {
		first = min(first, at) // units are in key order
	}
	keys := []string{t.units[first].Key}
	for at := t.above[first]; at != first; at = t.above[at] {
		keys = append(keys, t.units[at].Key)
	}
	u := t.units[first]
	way := strings.Join(append(keys, u.Key), " → ")
	message := fmt.Sprintf("in %s the unit %s lies below itself: %s", t.name(), u.label(), way)
	c.find("circle "+t.hierarchy+" "+way, "cycle", t.pathOn(u), message, "give one of them another parent", t.day)
}

// roots reports every root but the one with most units below it. That there is none
// cannot be without a circle.
func (c *hierarchyCheck) roots(t *tree) {
	var roots []int
	for i, in := range t.member {
		if in && t.above[i] == nowhere {
			roots = append(roots, i)
		}
	}
	if len(roots) < 2 {
		return
	}
	size := t.sizes()
	main := slices.MinFunc(roots, func(a, b int) int {
		return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(t.units[a].From, t.units[b].From), cmp.Compare(a, b))
	})
	for _, root := range roots {
		if root == main {
			continue
		}
		u, above := t.units[root], t.units[main]
		message := fmt.Sprintf("%s has two roots from %s: %s and %s", t.name(), t.day, above.label(), u.label())
		hint := fmt.Sprintf("state what is above %s: %s: \"%s\"", u.Key, strings.Join(t.field(), ": "), above.Key)
		c.find("root "+t.hierarchy+" "+u.Key, "many-roots", t.pathOn(u), message, hint, t.day)
	}
}

// sizes counts the units of each root, itself included.
func (t *tree) sizes() []int {
	size := make([]int, len(t.units))
	for i, in := range t.member {
		if in {
			root := i
			for t.above[root] != nowhere {
				root = t.above[root]
			}
			size[root]++
		}
	}
	return size
}
