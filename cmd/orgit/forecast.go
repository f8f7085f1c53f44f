package main

import (
	"iter"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// horizonDays is how far ahead a plan says what later days bring.
const horizonDays = 60

// later gives what is asked of a target on each of the coming days on which something
// changes, by either organisation, or on which the target does something before or after
// that: one day at a time, and of each only those whom it can concern.
func (p *planning) later(t target) iter.Seq2[plan.Later, error] {
	return func(yield func(plan.Later, error) bool) {
		planned := p.aheadOf(t, p.planned)
		approved := planned
		if p.approved != p.planned {
			approved = p.aheadOf(t, p.approved)
		}
		days := maps.Clone(planned.concerns)
		maps.Copy(days, approved.concerns)
		for _, day := range slices.Sorted(maps.Keys(days)) {
			later, err := laterOn(day, planned, approved)
			if !yield(later, err) {
				return
			}
		}
	}
}

// laterOn is what is asked for on a day. Where the two organisations are the same, so is what
// they ask for.
func laterOn(day org.Day, planned, approved *ahead) (plan.Later, error) {
	desired, err := planned.on(day)
	if err != nil {
		return plan.Later{Day: day}, err
	}
	base := desired
	if approved != planned {
		base, err = approved.on(day)
	}
	return plan.Later{Day: day, Desired: desired, Base: &base}, err
}

// ahead is what an organisation asks of a target on the coming days.
type ahead struct {
	concerns map[org.Day]org.Concern
	desired  func(org.Day, org.Concern) (plan.State, error)
}

func (p *planning) aheadOf(t target, o *org.Organisation) *ahead {
	return &ahead{concerns: o.Concerns(p.day, p.day.Add(horizonDays), t.margins), desired: t.ahead(o)}
}

// on is what is asked for on a day of those whom it concerns; of nobody, where nothing changes.
func (a *ahead) on(day org.Day) (plan.State, error) {
	concern, changes := a.concerns[day]
	if !changes {
		return plan.State{}, nil
	}
	return a.desired(day, concern)
}
