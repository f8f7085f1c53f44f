package compare

import (
	"slices"

	"orgit.dk/orgit/org/source"
)

// units finds what differs in the two trees.
func (d *differ) units() []Difference {
	if len(d.extracts[0].Units) == 0 || len(d.extracts[1].Units) == 0 {
		return nil
	}
	var list []Difference
	for _, m := range d.matches.Units {
		switch {
		case m.Answer == Same:
			list = append(list, d.sameUnit(m)...)
		case m.Answer == Different && m.Lead != "" && d.current(0, m.Lead):
			list = append(list, Difference{Kind: UnitOnly, Lead: d.unitSide(0, m.Lead)})
		case m.Answer == Different && m.Other != "" && d.current(1, m.Other):
			list = append(list, Difference{Kind: UnitOnly, Other: d.unitSide(1, m.Other)})
		}
	}
	return list
}

// current reports whether a unit is there at the time that the other extract speaks of.
func (d *differ) current(side int, id string) bool {
	u, day, other := d.unit[side][id], d.extracts[side].Day, d.extracts[1-side].Says
	if _, ok := source.On(u.States, day); ok {
		return true
	}
	whole := source.Whole(u.States)
	return whole.Ended(day) && other.History || whole.Begins(day) && other.Future
}

func (d *differ) sameUnit(m Match) []Difference {
	var list []Difference
	a, b := d.unitSide(0, m.Lead), d.unitSide(1, m.Other)
	if !sameText(a.Name, b.Name) && a.Name != "" && b.Name != "" {
		level := Differs
		for _, r := range m.Candidates[0].Reasons {
			if r.Field == Name {
				level = r.Level
			}
		}
		list = append(list, Difference{Kind: UnitName, Lead: d.unitSide(0, m.Lead, a.Name), Other: d.unitSide(1, m.Other, b.Name), Level: level})
	}
	if d.extracts[0].Says.Tree && d.extracts[1].Says.Tree && d.placedElsewhere(m) {
		list = append(list, Difference{Kind: UnitPlace, Lead: d.unitSide(0, m.Lead, d.unitSide(0, d.parent(0, m.Lead)).Name),
			Other: d.unitSide(1, m.Other, d.unitSide(1, d.parent(1, m.Other)).Name)})
	}
	return list
}

// placedElsewhere reports whether a unit stands below another unit. A level that only one of the
// registers has is no other place.
func (d *differ) placedElsewhere(m Match) bool {
	a, decidedA := d.known(0, d.parent(0, m.Lead))
	b, decidedB := d.known(1, d.parent(1, m.Other))
	return decidedA && decidedB && a != b
}

// leaders finds units that two registers give other leaders.
func (d *differ) leaders() []Difference {
	if !d.extracts[0].Says.Leaders || !d.extracts[1].Says.Leaders {
		return nil
	}
	var list []Difference
	for _, m := range d.matches.Units {
		if m.Answer != Same {
			continue
		}
		a, b := d.leader[0][m.Lead], d.leader[1][m.Other]
		switch {
		case len(a) > 0 && len(b) > 0 && d.otherLeaders(a, b):
			list = append(list, Difference{Kind: UnitLeader, Lead: d.leaderSide(0, m.Lead, a), Other: d.leaderSide(1, m.Other, b)})
		case len(a) > 0 && len(b) == 0, len(a) == 0 && len(b) > 0:
			list = append(list, Difference{Kind: LeaderOnly, Lead: d.leaderSide(0, m.Lead, a), Other: d.leaderSide(1, m.Other, b)})
		}
	}
	return list
}

// otherLeaders reports whether none of one register's leaders of a unit is one of the other's,
// so far as it is known who they are.
func (d *differ) otherLeaders(a, b []source.Leadership) bool {
	others := map[string]bool{}
	for _, l := range b {
		state, _ := source.On(l.States, d.extracts[1].Day)
		if others[state.Person] = true; d.open[1][state.Person] {
			return false
		}
	}
	return !slices.ContainsFunc(a, func(l source.Leadership) bool {
		state, _ := source.On(l.States, d.extracts[0].Day)
		return d.open[0][state.Person] || others[d.one[state.Person]]
	})
}

// leaderSide is a unit with the names of its leaders; the origin is that of the first one.
func (d *differ) leaderSide(side int, unit string, list []source.Leadership) Side {
	s := d.unitSide(side, unit)
	for i, l := range list {
		state, _ := source.On(l.States, d.extracts[side].Day)
		if i == 0 {
			s.Origin = nonZero(state.Origin, l.Origin)
		}
		if p := d.person[side][state.Person]; p != nil {
			s.Values = append(s.Values, fullName(p, d.extracts[side]))
		}
	}
	return s
}
