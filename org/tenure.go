package org

import (
	"cmp"
	"slices"
)

// Tenure is an unbroken time during which an account is to be open, with the facts that
// open and close it.
type Tenure struct {
	Period
	Opens, Closes Fact
}

// Tenures returns the times during which the holder's engagements and associations (those
// the account is for, or all) and the account's own period want it open, in date order.
// Times that overlap or follow each other without a day between are one. An account
// of a robot follows the robot's period and its own.
func (h Holder) Tenures(a *Account) []Tenure {
	var spans []Tenure
	for _, s := range h.spans(a) {
		shared, ok := s.Overlap(a.Period)
		if !ok {
			continue
		}
		if shared.From != s.From {
			s.Opens = Fact{Path: a.Path("from"), Value: string(a.From), Day: a.From}
		}
		if shared.To != s.To {
			s.Closes = Fact{Path: a.Path("to"), Value: string(a.To), Day: a.To}
		}
		s.Period = shared
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(x, y Tenure) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.Opens.Path, y.Opens.Path))
	})
	return joinTenures(spans)
}

func joinTenures(spans []Tenure) []Tenure {
	var joined []Tenure
	for _, s := range spans {
		last := len(joined) - 1
		if last < 0 || (joined[last].To != "" && joined[last].To.Add(1) < s.From) {
			joined = append(joined, s)
			continue
		}
		if end := joined[last].To; end != "" && (s.To == "" || s.To > end) {
			joined[last].To, joined[last].Closes = s.To, s.Closes
		}
	}
	return joined
}

func (h Holder) spans(a *Account) []Tenure {
	if h.Robot != nil {
		r := h.Robot
		return []Tenure{tenureOf(r.Period, r.Path)}
	}
	var spans []Tenure
	for _, e := range h.Person.Engagements {
		if e.Annulled == "" && a.isFor(e.Key) {
			spans = append(spans, tenureOf(e.Period, e.Path))
		}
	}
	for _, s := range h.Person.Associations {
		if s.Annulled == "" && a.isFor(s.Key) {
			spans = append(spans, tenureOf(s.Period, s.Path))
		}
	}
	return spans
}

func tenureOf(p Period, path func(...string) Path) Tenure {
	return Tenure{
		Period: p,
		Opens:  Fact{Path: path("from"), Value: string(p.From), Day: p.From},
		Closes: Fact{Path: path("to"), Value: string(p.To), Day: p.To},
	}
}

func (a *Account) isFor(key string) bool {
	return len(a.For) == 0 || slices.Contains(a.For, key)
}

// TenureOn returns the tenure that decides about the account on the day: the one that
// contains it; else the next to come if it begins within ahead days; else the last that
// has ended; else the next to come. ok is false when the account was never to be open.
func (h Holder) TenureOn(a *Account, day Day, ahead int) (t Tenure, ok bool) {
	var ended, next Tenure
	var hasEnded, hasNext bool
	for _, t := range h.Tenures(a) {
		switch {
		case t.Contains(day):
			return t, true
		case t.Ended(day):
			ended, hasEnded = t, true
		case !hasNext:
			next, hasNext = t, true
		}
	}
	switch {
	case hasNext && (next.From <= day.Add(ahead) || !hasEnded):
		return next, true
	case hasEnded:
		return ended, true
	}
	return Tenure{}, false
}

// ClosedByLeave reports whether every engagement that keeps the account open on the day
// is on a leave that closes accounts; the fact is the first such leave.
func (h Holder) ClosedByLeave(a *Account, day Day) (Fact, bool) {
	if h.Person == nil {
		return Fact{}, false
	}
	var why Fact
	for _, e := range h.Person.Engagements {
		if !e.ActiveOn(day) || !a.isFor(e.Key) {
			continue
		}
		fact, closed := e.closingLeave(day)
		if !closed {
			return Fact{}, false
		}
		why = fact
	}
	for _, s := range h.Person.Associations {
		if s.ActiveOn(day) && a.isFor(s.Key) {
			return Fact{}, false
		}
	}
	return why, why.Path != ""
}

func (e *Engagement) closingLeave(day Day) (Fact, bool) {
	for _, l := range e.Leaves {
		if l.ClosesAccounts && l.Contains(day) {
			return Fact{Path: e.Path("leaves", l.Key), Day: l.From}, true
		}
	}
	return Fact{}, false
}
