package plan

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// Focus gives the part of a plan that is about one entry. The plan is computed for the
// whole organisation all the same, and why it is refused as a whole stays in it: no part
// of it can be applied by itself.
func (in *Input) Focus(p *Plan, entry org.Path) *Plan {
	f := focus{entry: entry, ids: map[string]bool{}}
	for i := range in.Targets {
		t := &in.Targets[i]
		for j := range t.Desired.Objects {
			if o := &t.Desired.Objects[j]; Within(o.Entry, entry) {
				f.ids[opID(t.Desired.Target, o.ID)] = true
			}
		}
	}
	part := *p
	part.Changes = keep(p.Changes, func(c change.Change) bool { return f.subject(c.Subject) })
	part.Operations = keep(p.Operations, func(op Operation) bool { return f.is(op.Target, op.Object, op.Entry) })
	part.Coming = keep(p.Coming, func(c Coming) bool { return f.is(c.Target, c.Object, c.Entry) })
	part.Drift = keep(p.Drift, func(d Drift) bool { return f.is(d.Target, d.Object, d.Entry) })
	part.Attention = keep(p.Attention, func(a Attention) bool { return f.is(a.Target, a.Object, a.Path) })
	part.Refusals = keep(p.Refusals, func(r Refusal) bool { return r.Object == nil || f.is(r.Target, *r.Object, r.Path) })
	part.Targets = slices.Clone(p.Targets)
	for i := range part.Targets {
		t := &part.Targets[i]
		t.Foreign = nil
		t.Waiting = keep(t.Waiting, func(w Waiting) bool { return f.is(t.Name, w.Object, w.Path) })
	}
	return &part
}

// focus is the entry that is looked at, with its objects in all targets.
type focus struct {
	entry org.Path
	ids   map[string]bool
}

func (f focus) is(target string, id ID, path org.Path) bool {
	return f.ids[opID(target, id)] || Within(path, f.entry)
}

func (f focus) subject(s change.Subject) bool {
	kinds := map[string]string{change.SubjectPerson: "people", change.SubjectUnit: "units", change.SubjectRobot: "robots"}
	return kinds[s.Kind] != "" && org.PathOf(kinds[s.Kind], s.Key) == f.entry
}

// keep gives the elements that fit, in their order.
func keep[T any](list []T, fits func(T) bool) []T {
	var kept []T
	for _, x := range list {
		if fits(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
