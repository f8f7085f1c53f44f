package ad

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// suspendedOn reports whether the files say on the day that the person or the account is
// suspended, with the fact that says so.
func suspendedOn(a *account, day org.Day) (org.Fact, bool) {
	if person := a.holder.Person; person.At(day).Suspended {
		return personFact(person, day, "suspended", func(p *org.Person) string { return yes(p.Suspended) }), true
	}
	if a.base.At(day).Suspended {
		return accountFact(a.base, day, "suspended", func(a *org.Account) string { return yes(a.Suspended) }), true
	}
	return org.Fact{}, false
}

// suspension states whether the account is suspended. It is orgit's own note in the
// directory: an account that is closed while it has it does not open by itself when its
// holder comes back. Who is suspended is so at once, whatever day the values are of.
func (d *desired) suspension(a *account) plan.Attr {
	attr := plan.Attr{Name: attrSuspended, Rule: plan.Force, Own: true}
	if why, suspended := suspendedOn(a, d.day); suspended {
		attr.Value, attr.Why = []string{"true"}, []org.Fact{why}
		return attr
	}
	attr.Why = []org.Fact{personFact(a.holder.Person, d.day, "suspended", func(p *org.Person) string { return yes(p.Suspended) })}
	return attr
}

// liftedOn is the last day, up to the given one, from which the files say in so many words
// that a suspension is over; empty when they never do. A line that was taken out of the
// files says no such thing: it is how a suspension gets lost.
func liftedOn(a *account, day org.Day) org.Day {
	person := a.holder.Person
	lifted := lastEnd(person.Suspended, person.Versions, day, func(p *org.Person) bool { return p.Suspended })
	return max(lifted, lastEnd(a.base.Suspended, a.base.Versions, day, func(a *org.Account) bool { return a.Suspended }))
}

func lastEnd[T any](suspended bool, versions []org.Version[T], day org.Day, is func(*T) bool) (end org.Day) {
	for _, v := range versions {
		if v.From > day {
			break
		}
		now := is(v.State)
		if suspended && !now {
			end = v.From
		}
		suspended = now
	}
	return end
}
