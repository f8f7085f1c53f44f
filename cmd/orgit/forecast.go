package main

import (
	"iter"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// horizonDays is how far ahead a plan says what later days bring.
const horizonDays = 60

// later gives what is asked of a target on each of the coming days, one at a time.
func (p *planning) later(t target) iter.Seq2[plan.Later, error] {
	return func(yield func(plan.Later, error) bool) {
		for _, day := range p.laterDays(t) {
			later, err := plan.Later{Day: day}, error(nil)
			if later.Desired, err = t.desired(p.planned, day); err == nil {
				later.Base, err = p.askedToo(t, &later.Desired, day)
			}
			if !yield(later, err) {
				return
			}
		}
	}
}

// laterDays are the coming days on which something changes, by either organisation, and
// those on which the target does something before or after that.
func (p *planning) laterDays(t target) []org.Day {
	last := p.day.Add(horizonDays)
	var days []org.Day
	for _, o := range []*org.Organisation{p.planned, p.approved} {
		for _, d := range o.Days() {
			days = append(days, d)
			for _, shift := range t.shifts {
				days = append(days, d.Add(shift))
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	return slices.DeleteFunc(days, func(d org.Day) bool { return d <= p.day || d > last })
}
