package org

import (
	"maps"
	"slices"
)

// Days returns, in order, every day on which something in the organisation changes: the
// first day of each period, the day after its last, and the day of each amendment.
func (o *Organisation) Days() []Day {
	days := map[Day]bool{}
	for _, u := range o.Units {
		addPeriod(days, u.Period)
		addVersions(days, u.Versions)
		for _, m := range u.Managers {
			addPeriod(days, m.Period)
			addVersions(days, m.Versions)
		}
	}
	for _, p := range o.People {
		addPersonDays(days, p)
	}
	for _, r := range o.Robots {
		addPeriod(days, r.Period)
		addVersions(days, r.Versions)
	}
	for _, a := range o.Accounts {
		addPeriod(days, a.Period)
		addVersions(days, a.Versions)
	}
	return sortedDays(days)
}

func sortedDays(days map[Day]bool) []Day {
	delete(days, "")
	return slices.Sorted(maps.Keys(days))
}

func addPersonDays(days map[Day]bool, p *Person) {
	addVersions(days, p.Versions)
	for _, e := range p.Engagements {
		if e.Annulled != "" {
			continue
		}
		addPeriod(days, e.Period)
		addVersions(days, e.Versions)
		for _, l := range e.Leaves {
			addPeriod(days, l.Period)
		}
	}
	for _, a := range p.Associations {
		if a.Annulled == "" {
			addPeriod(days, a.Period)
			addVersions(days, a.Versions)
		}
	}
}

func addPeriod(days map[Day]bool, p Period) {
	days[p.From] = true
	days[p.To.Add(1)] = true
}

func addVersions[T any](days map[Day]bool, versions []Version[T]) {
	for _, v := range versions {
		days[v.From] = true
	}
}

// ChangesOn reports whether the files say something new about the person from the day on:
// about themselves, an engagement, an association or an account.
func (p *Person) ChangesOn(day Day) bool {
	days := map[Day]bool{}
	addPersonDays(days, p)
	for _, a := range p.Accounts {
		addPeriod(days, a.Period)
		addVersions(days, a.Versions)
	}
	return days[day]
}

// ChangesOn reports whether the files say something new about the unit itself from the day
// on.
func (u *Unit) ChangesOn(day Day) bool {
	days := map[Day]bool{}
	addPeriod(days, u.Period)
	addVersions(days, u.Versions)
	return days[day]
}
