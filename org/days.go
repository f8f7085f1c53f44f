package org

import (
	"maps"
	"slices"
	"strings"
)

// Days returns, in order, every day on which something in the organisation changes: the
// first day of each period, the day after its last, and the day of each amendment.
func (o *Organisation) Days() []Day {
	days := map[Day]bool{}
	see := func(day Day) { days[day] = true }
	for _, u := range o.Units {
		u.eachDay(see)
		for _, m := range u.Managers {
			m.eachDay(see)
		}
	}
	for _, p := range o.People {
		p.eachDay(see)
	}
	for _, r := range o.Robots {
		r.eachDay(see)
	}
	return sortedDays(days)
}

func sortedDays(days map[Day]bool) []Day {
	delete(days, "")
	return slices.Sorted(maps.Keys(days))
}

// eachDay gives the days of the person themselves, their engagements, associations and
// accounts. A day may come more than once, and the empty one too.
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
	for _, a := range p.Accounts {
		a.eachDay(see)
	}
}

func (u *Unit) eachDay(see func(Day)) {
	eachPeriodDay(u.Period, see)
	eachVersionDay(u.Versions, see)
}

func (m *Manager) eachDay(see func(Day)) {
	eachPeriodDay(m.Period, see)
	eachVersionDay(m.Versions, see)
}

// eachDay gives the days of the robot and its accounts.
func (r *Robot) eachDay(see func(Day)) {
	eachPeriodDay(r.Period, see)
	eachVersionDay(r.Versions, see)
	for _, a := range r.Accounts {
		a.eachDay(see)
	}
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
	Led    []*Unit   // who leads it; in key order
	Robots []*Robot  // themselves or an account; in key order
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
		p.eachDay(func(day Day) { within(day, func(c *Changing) { c.People = once(c.People, p) }) })
	}
	for _, u := range o.Units {
		u.eachDay(func(day Day) { within(day, func(c *Changing) { c.Units = once(c.Units, u) }) })
		for _, m := range u.Managers {
			m.eachDay(func(day Day) { within(day, func(c *Changing) { c.Led = once(c.Led, u) }) })
		}
	}
	for _, r := range o.Robots {
		r.eachDay(func(day Day) { within(day, func(c *Changing) { c.Robots = once(c.Robots, r) }) })
	}
	return changes
}

// once adds an entry unless it was the last that was added.
func once[T comparable](list []T, entry T) []T {
	if n := len(list); n > 0 && list[n-1] == entry {
		return list
	}
	return append(list, entry)
}

// and puts the changes of two days together, each entry once.
func (c Changing) and(d Changing) Changing {
	return Changing{
		People: inOrder(c.People, d.People, func(p *Person) string { return p.Key }),
		Units:  inOrder(c.Units, d.Units, func(u *Unit) string { return u.Key }),
		Led:    inOrder(c.Led, d.Led, func(u *Unit) string { return u.Key }),
		Robots: inOrder(c.Robots, d.Robots, func(r *Robot) string { return r.Key }),
	}
}

func inOrder[T comparable](a, b []T, key func(T) string) []T {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y T) int { return strings.Compare(key(x), key(y)) })
	return slices.Compact(all)
}
