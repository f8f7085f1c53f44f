package compare

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// gone reports whether a register says nothing of somebody but that they have left. Payroll files name
// so for months whoever was employed once, by number alone: somebody with two jobs is there twice, and
// somebody who left one of two is there beside themselves.
func gone(p *source.Person) bool {
	return len(p.Engagements) > 0 && p.CPR == (source.Number{}) && len(p.States) == 0 &&
		!slices.ContainsFunc(p.Engagements, func(e source.Engagement) bool { return !e.EndsOnly() })
}

// settlePeople gives pairs their chances. Those who are gone take nobody's: they are who they are by their number
// where nobody else is, and they are never asked about.
func (r *register) settlePeople(edges []edge) []edge {
	var left []edge
	known := edges[:0]
	for _, e := range edges {
		if r.people[0][e.a].gone || r.people[1][e.b].gone {
			left = append(left, e)
		} else {
			known = append(known, e)
		}
	}
	settle(known, len(r.people[0]), len(r.people[1]))
	taken := [2]map[int32]bool{{}, {}}
	for _, e := range known {
		if e.answer() != Different {
			taken[0][e.a], taken[1][e.b] = true, true
		}
	}
	for _, e := range left {
		e.chance = odds(e.bits) / (1 + odds(e.bits))
		if e.answer() == Same && !taken[0][e.a] && !taken[1][e.b] {
			taken[0][e.a], taken[1][e.b] = true, true
			known = append(known, e)
		}
	}
	return known
}

// hasLeft reports whether a register says that somebody has been here and is not any more.
func (d *differ) hasLeft(side int, p *source.Person) bool {
	times := periodsOf(p)
	return len(times) > 0 && (gone(p) || !slices.ContainsFunc(times, func(t org.Period) bool { return !t.Ended(d.extracts[side].Day) }))
}

// isHere reports whether a register says that somebody is here today. In one that knows people by their accounts, those
// are who can log in.
func (d *differ) isHere(side int, p *source.Person) bool {
	x := d.extracts[side]
	if gone(p) || !slices.ContainsFunc(periodsOf(p), func(t org.Period) bool { return t.Contains(x.Day) }) {
		return false
	}
	return !ofAccounts(x.Says) || len(p.Accounts) == 0 ||
		slices.ContainsFunc(p.Accounts, func(a source.Account) bool { return !a.Disabled && a.Contains(x.Day) })
}

// isClosed reports whether somebody cannot log in with any of their own accounts. Only one that knows people by
// their accounts says so: what other registers tell of accounts is who has which.
func (d *differ) isClosed(side int, p *source.Person) bool {
	x, some := d.extracts[side], false
	if !ofAccounts(x.Says) {
		return false
	}
	for _, a := range p.Accounts {
		if a.Kind != "" && a.Kind != org.AccountPersonal {
			continue
		}
		if !a.Disabled && a.Contains(x.Day) {
			return false
		}
		some = true
	}
	return some
}

// shouldBeOpen reports whether a register says that somebody works here today and nothing for which their accounts would be
// closed: that they are away from all they do, or that they are suspended.
func (d *differ) shouldBeOpen(side int, p *source.Person) bool {
	x := d.extracts[side]
	if ofAccounts(x.Says) || gone(p) {
		return false
	}
	if len(p.Accounts) > 0 && !slices.ContainsFunc(p.Accounts, func(a source.Account) bool { return !a.Disabled && a.Contains(x.Day) }) {
		return false
	}
	return slices.ContainsFunc(p.Engagements, func(e source.Engagement) bool {
		_, now := source.On(e.States, x.Day)
		return now && !e.Annulled && !slices.ContainsFunc(e.Leaves, func(l source.Leave) bool { return !l.KeepsAccounts && l.Contains(x.Day) })
	})
}
