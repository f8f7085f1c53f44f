package intake

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/source"
)

// findRoot tells which unit is the repository's root: the only one that the leading register
// has above all others, else the one that is called as the municipality.
func (l *load) findRoot() {
	var roots []int
	for i, c := range l.town.Units {
		if c[0].Extract == 0 && l.parent(i) < 0 {
			roots = append(roots, i)
		}
	}
	if len(roots) > 1 {
		roots = slices.DeleteFunc(roots, func(i int) bool {
			x := l.town.Extracts[0]
			s, ok := source.Near(x.Units[l.town.Units[i][0].Index].States, l.opts.Day)
			return !ok || !strings.EqualFold(s.Name, l.org.Settings.Name)
		})
	}
	if len(roots) != 1 {
		return
	}
	u := &l.units[roots[0]]
	u.root, u.key = true, l.org.Units[0].Key
}

// parent gives the unit above, as the first register says that has the unit and knows a tree: -1 where that has none above it.
func (l *load) parent(i int) int {
	if l.units[i].cut {
		return -1
	}
	above, _, ok := decide(l, l.town.Units[i], "unitPlace", func(x *source.Extract, at int) (int, bool) {
		s, ok := source.Near(x.Units[at].States, l.opts.Day)
		if !ok || !x.Says.Tree {
			return -1, false
		}
		if above, known := l.unitOf[[2]string{x.Source, s.Parent}]; known && above != i {
			return above, true
		}
		return -1, true
	})
	if !ok {
		return -1
	}
	return above
}

// placedBy gives the extract that says where a unit stands, with its record there; nil when none does.
func (l *load) placedBy(i int) (x *source.Extract, at int) {
	if l.units[i].cut {
		return nil, -1
	}
	_, from, ok := decide(l, l.town.Units[i], "unitPlace", func(x *source.Extract, at int) (bool, bool) {
		return true, x.Says.Tree && len(x.Units[at].States) > 0
	})
	if !ok {
		return nil, -1
	}
	return l.town.Extracts[from], l.record(l.town.Units[i], from)
}

// everAbove are the units above a unit, at any time.
func (l *load) everAbove(i int) []int {
	above := []int{l.parent(i)}
	if x, at := l.placedBy(i); x != nil {
		for _, s := range x.Units[at].States {
			if u, ok := l.unitOf[[2]string{x.Source, s.Parent}]; ok && u != i {
				above = append(above, u)
			}
		}
	}
	return above
}

// aboveIn is the key of the unit above in a state; the root's where there is none.
func (l *load) aboveIn(x *source.Extract, i int, s source.UnitState) string {
	if above, ok := l.unitOf[[2]string{x.Source, s.Parent}]; ok && above != i {
		return l.units[above].key
	}
	return l.org.Units[0].Key
}

// cutCircles puts a unit of each circle of units below the root: that which comes first.
func (l *load) cutCircles() {
	clear := make([]bool, len(l.units))
	for i := range l.units {
		path := map[int]bool{}
		at := i
		for at >= 0 && !clear[at] && !path[at] {
			path[at] = true
			at = l.parent(at)
		}
		if at >= 0 && path[at] {
			c := l.town.Units[at][0]
			u := l.town.Extracts[c.Extract].Units[c.Index]
			s, _ := source.Near(u.States, l.opts.Day)
			l.units[at].cut = true
			l.finding(Circle, u.Origin, s.Name, "Enheden er i registret sin egen overenhed, direkte eller gennem andre. Her er den sat lige under kommunen.")
		}
		for p := range path {
			clear[p] = true
		}
	}
}

// chooseUnits leaves units out that neither the leading register has, nor one that owns what units are called or where they
// stand, unless something that is taken is in or below them: whether they are units, people have to say.
func (l *load) chooseUnits() {
	needed := map[int]bool{}
	var need func(i int)
	need = func(i int) {
		if i >= 0 && !needed[i] {
			needed[i] = true
			for _, above := range l.everAbove(i) {
				need(above)
			}
		}
	}
	for i := range l.town.People {
		if l.people[i].skipped {
			continue
		}
		for _, p := range l.posts(i) {
			for _, at := range p.places {
				need(at.unit)
				l.begin(at.unit, at.from)
			}
		}
	}
	for i := range l.units {
		l.units[i].used = needed[i]
	}
	for i, c := range l.town.Units {
		if slices.ContainsFunc(c, func(r Record) bool {
			return r.Extract == 0 || l.town.WantedUnits[r] || l.owns(r, "unitName") || l.owns(r, "unitPlace")
		}) {
			need(i)
		}
	}
	for i, c := range l.town.Units {
		if r := c[0]; needed[i] {
			if states := l.town.Extracts[r.Extract].Units[r.Index].States; len(states) > 0 {
				l.begin(i, states[0].From)
			}
		}
	}
	for i, c := range l.town.Units {
		u := &l.units[i]
		if u.skipped = !needed[i]; u.skipped {
			l.finding(OnlyThere, l.town.Extracts[c[0].Extract].Units[c[0].Index].Origin, u.name, "Enheden findes kun i dette register, som ikke bestemmer over enheder, og ingen arbejder i den. Den er ikke taget med.")
		}
	}
}

// begin lets a unit, and those above it, begin no later than somebody's work in it or a unit below it: payroll knows when it
// gave a unit its number, and not always how long there has been one.
func (l *load) begin(i int, from org.Day) {
	for seen := map[int]bool{}; i >= 0 && !seen[i]; i = l.parent(i) {
		seen[i] = true
		if u := &l.units[i]; u.worked == "" || l.since(from) < u.worked {
			u.worked = l.since(from)
		}
	}
}

// from is the first day of a unit: the register's, or an earlier one on which somebody worked there.
func (l *load) from(i int, states []source.UnitState, at source.Origin) org.Day {
	u, from := l.units[i], l.since(states[0].From)
	if u.worked == "" || u.worked >= from {
		return from
	}
	l.finding(Earlier, at, u.name, fmt.Sprintf("Enheden begynder den %s i registret, men nogen har arbejdet i den, eller der har ligget en enhed under den, siden %s. Her begynder den på den tidligste af de to dage.",
		change.Day(from, change.Danish), change.Day(u.worked, change.Danish)))
	return u.worked
}

// owns reports whether the register of a record decides about a field.
func (l *load) owns(r Record, field string) bool {
	return slices.Contains(l.org.Settings.Sources[l.town.Extracts[r.Extract].Source].Owns, field)
}
