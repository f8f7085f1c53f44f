package org

// Margins are how long before the first day of a period, and after its last, it counts
// somewhere: an account is made before somebody's first day, and closes some days after the
// last. They are in days.
type Margins struct{ Before, After int }

// period gives the first day of a period and the day after its last, and those with the
// margins. A day may come more than once, and the empty one too.
func (m Margins) period(p Period, see func(Day)) {
	see(p.From)
	see(p.To.Add(1))
	if m.Before != 0 {
		see(p.From.Add(-m.Before))
	}
	if m.After != 0 {
		see(p.To.Add(1 + m.After))
	}
}

// eachDay gives the days of the person themselves, their engagements, associations and
// accounts.
func (p *Person) eachDay(m Margins, see func(Day)) {
	eachVersionDay(p.Versions, see)
	for _, e := range p.Engagements {
		if e.Annulled != "" {
			continue
		}
		m.period(e.Period, see)
		eachVersionDay(e.Versions, see)
		for _, l := range e.Leaves {
			Margins{}.period(l.Period, see)
		}
	}
	for _, a := range p.Associations {
		if a.Annulled == "" {
			m.period(a.Period, see)
			eachVersionDay(a.Versions, see)
		}
	}
	for _, a := range p.Accounts {
		a.eachDay(m, see)
	}
}

func (u *Unit) eachDay(m Margins, see func(Day)) {
	m.period(u.Period, see)
	eachVersionDay(u.Versions, see)
}

func (m *Manager) eachDay(see func(Day)) {
	Margins{}.period(m.Period, see)
	eachVersionDay(m.Versions, see)
}

// eachDay gives the days of the robot and its accounts.
func (r *Robot) eachDay(m Margins, see func(Day)) {
	m.period(r.Period, see)
	eachVersionDay(r.Versions, see)
	for _, a := range r.Accounts {
		a.eachDay(m, see)
	}
}

func (a *Account) eachDay(m Margins, see func(Day)) {
	m.period(a.Period, see)
	eachVersionDay(a.Versions, see)
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
// day; with margins, also the days on which a period counts before it begins and after it
// has ended.
func (o *Organisation) Changes(after, last Day, m Margins) map[Day]Changing {
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
		p.eachDay(m, func(day Day) { within(day, func(c *Changing) { c.People = once(c.People, p) }) })
	}
	for _, u := range o.Units {
		u.eachDay(m, func(day Day) { within(day, func(c *Changing) { c.Units = once(c.Units, u) }) })
		for _, lead := range u.Managers {
			lead.eachDay(func(day Day) { within(day, func(c *Changing) { c.Led = once(c.Led, u) }) })
		}
	}
	for _, r := range o.Robots {
		r.eachDay(m, func(day Day) { within(day, func(c *Changing) { c.Robots = once(c.Robots, r) }) })
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
