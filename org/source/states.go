package source

import (
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
)

// Number is a CPR number that nothing prints.
type Number = cpr.Number

// dated is what a register says in a period.
type dated interface{ period() org.Period }

func (s UnitState) period() org.Period        { return s.Period }
func (s PersonState) period() org.Period      { return s.Period }
func (s EngagementState) period() org.Period  { return s.Period }
func (s AssociationState) period() org.Period { return s.Period }
func (s LeadershipState) period() org.Period  { return s.Period }

func periods[T dated](states []T) []org.Period {
	list := make([]org.Period, len(states))
	for i, s := range states {
		list[i] = s.period()
	}
	return list
}

// On gives the state of a day; ok is false when there is none.
func On[T dated](states []T, day org.Day) (state T, ok bool) {
	for _, s := range states {
		if s.period().Contains(day) {
			return s, true
		}
	}
	return state, false
}

// Near gives the state of a day, else the first that comes, else the last that was; ok is
// false when there are no states.
func Near[T dated](states []T, day org.Day) (state T, ok bool) {
	if state, ok = On(states, day); ok || len(states) == 0 {
		return state, ok
	}
	for _, s := range states {
		if s.period().Begins(day) {
			return s, true
		}
	}
	return states[len(states)-1], true
}

// Whole is the time from the first day of states to their last, gaps included.
func Whole[T dated](states []T) org.Period {
	if len(states) == 0 {
		return org.Period{}
	}
	return org.Period{From: states[0].period().From, To: states[len(states)-1].period().To}
}
