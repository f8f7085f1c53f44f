package org

import (
	"cmp"
	"fmt"
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

// standingOn returns the unit with the key if it is valid on the day, else the first of
// its successors that is; nil when there is none.
func (o *Organisation) standingOn(key string, day Day) *Unit {
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
	c := &hierarchyCheck{org: o, days: o.unitDays(), reported: map[string]bool{}}
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
		addPeriod(days, u.Period)
		addVersions(days, u.Versions)
	}
	return sortedDays(days)
}

type hierarchyCheck struct {
	org      *Organisation
	days     []Day
	reported map[string]bool // what was said of an earlier day
	findings []schema.Diagnostic
}

// tree is one hierarchy on one day.
type tree struct {
	hierarchy string // empty for the main one
	day       Day
	members   []*Unit // in key order
	above     map[string]*Unit
}

// check builds the hierarchy of each day. parent gives the key of the unit above, and
// whether the unit takes part even when there is none.
func (c *hierarchyCheck) check(hierarchy string, parent func(*Unit) (key string, takesPart bool)) {
	for _, day := range c.days {
		t := &tree{hierarchy: hierarchy, day: day, above: map[string]*Unit{}}
		member := map[string]bool{}
		whole := true
		for _, u := range c.org.Units {
			if !u.Contains(day) {
				continue
			}
			key, takesPart := parent(u.At(day))
			member[u.Key] = member[u.Key] || takesPart
			if key == "" {
				continue
			}
			above := c.org.standingOn(key, day)
			if above == nil {
				whole = false
				c.parentAway(t, u, key)
				continue
			}
			t.above[u.Key], member[above.Key] = above, true
		}
		for _, u := range c.org.Units {
			if member[u.Key] {
				t.members = append(t.members, u)
			}
		}
		if !c.circles(t) && whole {
			c.roots(t)
		}
	}
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
	done := map[string]bool{}
	for _, u := range t.members {
		var way []*Unit
		for at := u; at != nil && !done[at.Key]; at = t.above[at.Key] {
			if start := slices.Index(way, at); start >= 0 {
				found = true
				c.circle(t, way[start:])
				break
			}
			way = append(way, at)
		}
		for _, w := range way {
			done[w.Key] = true
		}
	}
	return found
}

func (c *hierarchyCheck) circle(t *tree, units []*Unit) {
	first := slices.MinFunc(units, func(a, b *Unit) int { return cmp.Compare(a.Key, b.Key) })
	keys := []string{first.Key}
	for at := t.above[first.Key]; at != first; at = t.above[at.Key] {
		keys = append(keys, at.Key)
	}
	keys = append(keys, first.Key)
	way := strings.Join(keys, " → ")
	message := fmt.Sprintf("in %s the unit %s lies below itself: %s", t.name(), first.label(), way)
	c.find("circle "+t.hierarchy+" "+way, "cycle", t.pathOn(first), message, "give one of them another parent", t.day)
}

// roots reports every root but the one with most units below it, or that there is none.
func (c *hierarchyCheck) roots(t *tree) {
	var roots []*Unit
	size := map[*Unit]int{}
	for _, u := range t.members {
		root := u
		for t.above[root.Key] != nil {
			root = t.above[root.Key]
		}
		if root == u {
			roots = append(roots, u)
		}
		size[root]++
	}
	if len(roots) < 2 {
		return
	}
	main := slices.MinFunc(roots, func(a, b *Unit) int {
		return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a.From, b.From), cmp.Compare(a.Key, b.Key))
	})
	for _, u := range roots {
		if u == main {
			continue
		}
		message := fmt.Sprintf("%s has two roots from %s: %s and %s", t.name(), t.day, main.label(), u.label())
		hint := fmt.Sprintf("state what is above %s: %s: \"%s\"", u.Key, strings.Join(t.field(), ": "), main.Key)
		c.find("root "+t.hierarchy+" "+u.Key, "many-roots", t.pathOn(u), message, hint, t.day)
	}
}
