package intake

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

// leader is somebody's leadership of a unit in a period, as the register that decides says.
type leader struct {
	org.Period
	person           int // in Town.People; -1: vacant
	role             string
	responsibilities []string
	origin           source.Origin
}

// findLeaders gives units their leaders: from the first register that names any for the unit.
func (l *load) findLeaders() {
	from := map[int]int{}
	for _, i := range l.order("manager") {
		x := l.town.Extracts[i]
		for _, leadership := range x.Leaders {
			for _, s := range leadership.States {
				at, ok := l.unitOf[[2]string{x.Source, s.Unit}]
				if !ok {
					l.finding(NoUnit, leadership.Origin, "", "Lederposten står i registret på en enhed, som det ikke kender. Den er ikke taget med.")
					continue
				}
				if decided, some := from[at]; some && decided != i {
					continue // another register has named the unit's leaders; compare shows where they differ
				}
				who, known := -1, true
				if s.Person != "" {
					who, known = l.person[[2]string{x.Source, s.Person}]
				}
				if !known {
					l.finding(NoLeaderPerson, leadership.Origin, l.units[at].name, "Enhedens leder findes ikke som person i registret. Lederposten er ikke taget med.")
					continue
				}
				from[at] = i
				l.units[at].leaders = append(l.units[at].leaders, leader{
					Period: s.Period, person: who, role: l.role(x, s.Role), responsibilities: l.responsibilities(s, leadership.Origin), origin: leadership.Origin,
				})
			}
		}
	}
	for i := range l.units {
		slices.SortStableFunc(l.units[i].leaders, func(a, b leader) int {
			return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.role, b.role), cmp.Compare(l.leaderKey(a), l.leaderKey(b)))
		})
	}
}

// responsibilities are what a leader answers for, as far as it is text.
func (l *load) responsibilities(s source.LeadershipState, at source.Origin) []string {
	var list []string
	for _, text := range s.Responsibilities {
		if text = l.text(text, at, text, "ansvar"); text != "" {
			list = append(list, text)
		}
	}
	return list
}

func (l *load) leaderKey(x leader) string {
	if x.person < 0 {
		return ""
	}
	return l.people[x.person].key
}

// role is the class of a leader's role; empty for the plain leader, who needs none.
func (l *load) role(x *source.Extract, role string) string {
	if role == "" {
		return ""
	}
	return l.classes.of(roleList(), x, role, className(x, source.ClassManagerRole, role), role)
}

// managers are the leaderships of a unit as they are written.
func (l *load) managers(i int) edit.Struct {
	var fields edit.Struct
	var plain []leader
	for _, x := range l.units[i].leaders {
		if x.To != "" && (x.To < l.opts.Since || x.To < l.since(x.From)) || x.person >= 0 && l.people[x.person].skipped {
			continue
		}
		for _, before := range plain {
			if _, both := before.Period.Overlap(x.Period); both && before.role == x.role && before.person != x.person {
				l.finding(SeveralLeaders, x.origin, l.units[i].name, "Enheden har flere ledere på samme tid i registret. De er alle taget med.")
			}
		}
		plain = append(plain, x)
		m := edit.Struct{}
		if x.person < 0 {
			m = append(m, edit.Field{Name: "vacant", Value: true})
		} else {
			m = append(m, edit.Field{Name: "person", Value: l.people[x.person].key})
		}
		if x.role != "" {
			m = append(m, edit.Field{Name: "role", Value: x.role})
		}
		if len(x.responsibilities) > 0 {
			m = append(m, edit.Field{Name: "responsibilities", Value: x.responsibilities})
		}
		m = append(m, edit.Field{Name: "from", Value: string(l.since(x.From))})
		if x.To != "" {
			m = append(m, edit.Field{Name: "to", Value: string(x.To)})
		}
		fields = append(fields, edit.Field{Name: letterKey(len(fields)), Value: m})
	}
	return fields
}

// letterKey is the key of the n-th of a thing, from 0: a, b … z, a2, b2 …
func letterKey(n int) string {
	key := string(rune('a' + n%26))
	if n >= 26 {
		key += string(rune('1' + n/26))
	}
	return key
}
