package rights

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// way is a hit that gives or takes a job.
type way struct {
	job job
	hit *hit
}

// resolve makes of everything that reaches somebody what they hold. It only reads what it
// is given, so that several goroutines may resolve at once.
func (w *walk) resolve(s *org.StaffView, hits []hit) *Holder {
	h := &Holder{Person: s}
	slices.SortStableFunc(hits, compareHits)
	var ways, against []way
	for i := range hits {
		hit := &hits[i]
		if hit.except != nil {
			h.Excepted = append(h.Excepted, Exempted{hit.reason(), hit.Path(append([]string{"except"}, hit.except...)...)})
			continue
		}
		for _, j := range hit.jobs {
			if hit.Deny {
				against = append(against, way{j, hit})
			} else {
				ways = append(ways, way{j, hit})
			}
		}
	}
	byJob := func(a, b way) int { return cmp.Compare(a.job.place, b.job.place) }
	slices.SortStableFunc(ways, byJob)
	for len(ways) > 0 {
		n := 1
		for n < len(ways) && ways[n].job.place == ways[0].job.place {
			n++
		}
		if by := ofJob(against, ways[0].job); len(by) > 0 {
			h.Denied = append(h.Denied, &Denial{Job: ways[0].job.Job, Reasons: reasons(ways[:n]), By: reasons(by)})
		} else {
			h.Jobs = append(h.Jobs, w.held(ways[:n]))
		}
		ways = ways[n:]
	}
	weigh(h.Jobs)
	return h
}

// compareHits orders by assignment, unit and post or leadership.
func compareHits(a, b hit) int {
	if a.place != b.place {
		return cmp.Compare(a.place, b.place)
	}
	return cmp.Or(strings.Compare(a.unitKey(), b.unitKey()), strings.Compare(a.key(), b.key()))
}

func (h *hit) unitKey() string {
	if h.unit == nil {
		return ""
	}
	return h.unit.Key
}

func (h *hit) key() string {
	if h.post == nil {
		return h.manager.Key
	}
	return h.post.Key()
}

func (h *hit) reason() Reason {
	return Reason{Assignment: h.Assignment, Group: h.group, Unit: h.unit, Post: h.post, Leadership: h.manager}
}

func ofJob(ways []way, j job) []way {
	var of []way
	for _, w := range ways {
		if w.job.place == j.place {
			of = append(of, w)
		}
	}
	return of
}

func reasons(ways []way) []Reason {
	list := make([]Reason, len(ways))
	for i, w := range ways {
		list[i] = w.hit.reason()
	}
	return list
}

// held works out what a job gives by all the ways that lead to it.
func (w *walk) held(ways []way) *Held {
	held := &Held{Job: ways[0].job.Job, Reasons: reasons(ways)}
	system := w.view.Organisation().System(held.Job.System.Key)
	for _, stated := range held.Job.Roles {
		of := system.Role(stated.Key)
		if of == nil {
			continue // the check refuses it
		}
		role := Role{SystemRole: of}
		for _, v := range stated.Constraints {
			if c := system.Constraint(v.Key); c != nil {
				role.Constraints = append(role.Constraints, Constraint{c, w.values(c, v, held.Reasons)})
			}
		}
		held.Roles = append(held.Roles, role)
	}
	return held
}

// values puts together what a constraint comes to for all reasons.
func (w *walk) values(c *org.Constraint, v *org.ConstraintValue, reasons []Reason) []string {
	var values []string
	var seen []*org.UnitView
	for _, r := range reasons {
		switch unit := r.inheritsFrom(); {
		case v.Postponed:
			values = append(values, r.Assignment.Values[c.System.Key+"/"+c.Key]...)
		case v.Inherit == "":
			values = append(values, v.Values...)
		case unit != nil && !slices.Contains(seen, unit):
			seen = append(seen, unit)
			values = w.inherited(values, c, v, unit)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// inherited appends what a unit, or it and everything below it, has of a constraint.
func (w *walk) inherited(values []string, c *org.Constraint, v *org.ConstraintValue, unit *org.UnitView) []string {
	units := []*org.UnitView{unit}
	if v.Inherit == org.InheritBelow && w.next[unit] > 0 { // 0: it hangs in a circle, which the check refuses
		units = w.order[w.first[unit]:w.next[unit]]
	}
	for _, u := range units {
		if c.Kind == org.ConstraintUnit {
			values = append(values, u.Key)
			continue
		}
		for _, aspect := range v.Aspects() {
			values = append(values, u.KLE[aspect]...)
		}
	}
	return values
}

// weigh marks the system roles that a heavier one in the same system makes ineffective.
// The jobs of a system stand together.
func weigh(jobs []*Held) {
	for len(jobs) > 0 {
		n, heaviest := 0, 0
		for n < len(jobs) && jobs[n].Job.System.Key == jobs[0].Job.System.Key {
			for _, r := range jobs[n].Roles {
				heaviest = max(heaviest, r.Weight())
			}
			n++
		}
		for _, held := range jobs[:n] {
			for i := range held.Roles {
				held.Roles[i].Outweighed = held.Roles[i].Weight() < heaviest
			}
		}
		jobs = jobs[n:]
	}
}
