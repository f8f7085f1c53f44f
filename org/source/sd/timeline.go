package sd

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
)

// span is what is so in a period.
type span[T any] struct {
	org.Period
	value T
}

// overlay puts spans over others: on each day the upper ones count where they say something.
// Among the upper ones a later one goes before an earlier one. The result is in order.
func overlay[T any](below, above []span[T]) []span[T] {
	all := slices.Clone(below)
	for _, s := range above {
		all = append(without(all, s.Period), s)
	}
	slices.SortStableFunc(all, func(a, b span[T]) int { return cmp.Compare(a.From, b.From) })
	return all
}

// without cuts a period out of spans.
func without[T any](list []span[T], cut org.Period) []span[T] {
	var left []span[T]
	for _, s := range list {
		if _, both := s.Overlap(cut); !both {
			left = append(left, s)
			continue
		}
		if s.From < cut.From {
			left = append(left, span[T]{org.Period{From: s.From, To: cut.From.Add(-1)}, s.value})
		}
		if cut.To != "" && (s.To == "" || s.To > cut.To) {
			left = append(left, span[T]{org.Period{From: cut.To.Add(1), To: s.To}, s.value})
		}
	}
	return left
}

// on gives what is so on a day.
func on[T any](list []span[T], day org.Day) (value T) {
	for _, s := range list {
		if s.Contains(day) {
			return s.value
		}
	}
	return value
}

// changes gives the days within a period on which one of the spans begins, or another day
// after one ends; the period's own first day comes first.
func changes[T any](days []org.Day, list []span[T], within org.Period) []org.Day {
	add := func(day org.Day) {
		if day > within.From && within.Contains(day) {
			days = append(days, day)
		}
	}
	for _, s := range list {
		add(s.From)
		if s.To != "" {
			add(s.To.Add(1))
		}
	}
	return days
}

// runs joins periods that follow each other without a gap.
func runs(list []org.Period) []org.Period {
	var joined []org.Period
	for _, p := range list {
		if n := len(joined); n > 0 && joined[n-1].To.Add(1) == p.From {
			joined[n-1].To = p.To
			continue
		}
		joined = append(joined, p)
	}
	return joined
}
