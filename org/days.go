package org

import (
	"maps"
	"slices"
)

// Days returns, in order, every day on which something in the organisation changes: the
// first day of each period, the day after its last, and the day of each amendment.
func (o *Organisation) Days() []Day {
	days := map[Day]bool{}
	see := func(day Day) { days[day] = true }
	for _, u := range o.Units {
		u.eachDay(see)
		for _, m := range u.Managers {
			eachPeriodDay(m.Period, see)
			eachVersionDay(m.Versions, see)
		}
	}
	for _, p := range o.People {
		p.eachDay(see)
	}
	for _, r := range o.Robots {
		eachPeriodDay(r.Period, see)
		eachVersionDay(r.Versions, see)
	}
	for _, a := range o.Accounts {
		a.eachDay(see)
	}
	return sortedDays(days)
}

func sortedDays(days map[Day]bool) []Day {
	delete(days, "")
	return slices.Sorted(maps.Keys(days))
}

// eachDay gives the days of the person themselves, their engagements and associations. A day
// may come more than once, and the empty one too.
func (p *Person) eachDay(see func(Day)) {
	eachVersionDay(p.Versions, see)
	for _, e := range p.Engagements {
		if e.Annulled != "" {
			continue
		}
		eachPeriodDay(e.Period, see)
		eachVersionDay(e.Versions, see)
		for _, l := range e.Leaves {
			eachPeriodDay(l.Period, see)
		}
	}
	for _, a := range p.Associations {
		if a.Annulled == "" {
			eachPeriodDay(a.Period, see)
			eachVersionDay(a.Versions, see)
		}
	}
}

func (u *Unit) eachDay(see func(Day)) {
	eachPeriodDay(u.Period, see)
	eachVersionDay(u.Versions, see)
}

func (a *Account) eachDay(see func(Day)) {
	eachPeriodDay(a.Period, see)
	eachVersionDay(a.Versions, see)
}

func eachPeriodDay(p Period, see func(Day)) {
	see(p.From)
	see(p.To.Add(1))
}

func eachVersionDay[T any](versions []Version[T], see func(Day)) {
	for _, v := range versions {
		see(v.From)
	}
}

// Changing is what the files say something new about from one day on.
type Changing struct {
	People []*Person // themselves, an engagement, an association or an account; in key order
	Units  []*Unit   // the unit itself; in key order
}

// Changes gives what changes on the days after one day and up to and including another, by
// day.
func (o *Organisation) Changes(after, last Day) map[Day]Changing {
	changes := map[Day]Changing{}
	within := func(day Day, add func(*Changing)) {
		if day <= after || day > last {
			return
		}
		c := changes[day]
		add(&c)
		changes[day] = c
	}
	for _, p := range o.People {
		see := func(day Day) {
			within(day, func(c *Changing) {
				if n := len(c.People); n == 0 || c.People[n-1] != p {
					c.People = append(c.People, p)
				}
			})
		}
		p.eachDay(see)
		for _, a := range p.Accounts {
			a.eachDay(see)
		}
	}
	for _, u := range o.Units {
		u.eachDay(func(day Day) {
			within(day, func(c *Changing) {
				if n := len(c.Units); n == 0 || c.Units[n-1] != u {
					c.Units = append(c.Units, u)
				}
			})
		})
	}
	return changes
}
