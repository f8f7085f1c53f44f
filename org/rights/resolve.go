package rights

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// way is a hit that gives or takes a job.
type way struct {
	job *job
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
		switch {
		case hit.except != nil:
			h.Excepted = append(h.Excepted, Exempted{hit.reason(), hit.Path(append([]string{"except"}, hit.except...)...)})
		case hit.Deny:
			against = appendWays(against, hit)
		default:
			ways = appendWays(ways, hit)
		}
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(a.job.place, b.job.place) })
	room := newRoom(ways)
	for len(ways) > 0 {
		n := sameJob(ways)
		if by := ofJob(against, ways[0].job); len(by) > 0 {
			h.Denied = append(h.Denied, &Denial{Job: ways[0].job.Job, Reasons: room.reasons(ways[:n]), By: newRoom(by).reasons(by)})
		} else {
			h.Jobs = append(h.Jobs, w.held(room, ways[:n]))
		}
		ways = ways[n:]
	}
	weigh(h.Jobs)
	return h
}

func appendWays(ways []way, h *hit) []way {
	for _, j := range h.jobs {
		ways = append(ways, way{j, h})
	}
	return ways
}

// sameJob counts the ways at the beginning that lead to one job.
func sameJob(ways []way) int {
	n := 1
	for n < len(ways) && ways[n].job == ways[0].job {
		n++
	}
	return n
}

// room is where what somebody holds is put, so that a hundred thousand people take a
// handful of pieces of memory each.
type room struct {
	held        []Held
	why         []Reason
	roles       []Role
	constraints []Constraint
}

func newRoom(ways []way) *room {
	jobs, roles, constraints := 0, 0, 0
	for rest := ways; len(rest) > 0; rest = rest[sameJob(rest):] {
		jobs++
		roles += len(rest[0].job.roles)
		constraints += rest[0].job.constraints
	}
	return &room{make([]Held, 0, jobs), make([]Reason, 0, len(ways)), make([]Role, 0, roles), make([]Constraint, 0, constraints)}
}

func (r *room) reasons(ways []way) []Reason {
	from := len(r.why)
	for _, w := range ways {
		r.why = append(r.why, w.hit.reason())
	}
	return r.why[from:len(r.why):len(r.why)]
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

func ofJob(ways []way, j *job) []way {
	var of []way
	for _, w := range ways {
		if w.job == j {
			of = append(of, w)
		}
	}
	return of
}

// held works out what a job gives by all the ways that lead to it.
func (w *walk) held(in *room, ways []way) *Held {
	j, why := ways[0].job, in.reasons(ways)
	first := len(in.roles)
	for _, r := range j.roles {
		from := len(in.constraints)
		for _, n := range r.narrow {
			in.constraints = append(in.constraints, Constraint{n.of, w.values(n, why)})
		}
		in.roles = append(in.roles, Role{SystemRole: r.of, Constraints: in.constraints[from:len(in.constraints):len(in.constraints)]})
	}
	in.held = append(in.held, Held{Job: j.Job, Roles: in.roles[first:len(in.roles):len(in.roles)], Reasons: why})
	return &in.held[len(in.held)-1]
}

// values puts together what a constraint comes to for all reasons.
func (w *walk) values(n narrowing, reasons []Reason) []string {
	c, v := n.of, n.value
	if unit := reasons[0].inheritsFrom(); len(reasons) == 1 && unit != nil && v.Inherit == org.InheritUnit && c.Kind == org.ConstraintUnit {
		if key := w.itself[unit]; key != nil {
			return key
		}
	}
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
