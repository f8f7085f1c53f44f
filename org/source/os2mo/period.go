package os2mo

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"orgit.dk/orgit/org"
)

// span is what an object says in a period of whole days.
type span[T any] struct {
	org.Period
	Value T
}

// spans turns validities into periods of days in Copenhagen, in order and without overlap.
// A validity is [from, to): one that ends at midnight has the day before as its last. One
// that begins or ends within a day has that whole day; where two share a day it is the
// later one's. uneven says that this happened, or that a validity has no length.
func spans[T dated](zone *time.Location, list []T) (out []span[T], uneven bool) {
	ordered := slices.SortedStableFunc(slices.Values(list), func(a, b T) int {
		return cmp.Compare(instantOf(a.period().From), instantOf(b.period().From))
	})
	for _, v := range ordered {
		p, whole := days(zone, *v.period())
		if p == nil {
			uneven = true
			continue
		}
		uneven = uneven || !whole
		for len(out) > 0 {
			last := &out[len(out)-1]
			if last.To != "" && last.To < p.From {
				break
			}
			uneven = true
			if last.From < p.From {
				last.To = p.From.Add(-1)
				break
			}
			out = out[:len(out)-1]
		}
		out = append(out, span[T]{*p, v})
	}
	return out, uneven
}

const (
	firstYear = 1800 // what is before it has no beginning that anybody meant
	lastYear  = 9999 // it stands for an open end
)

func instantOf(i instant) int64 {
	if i.IsZero() || i.Year() < firstYear {
		return -1 << 62
	}
	return i.Unix()
}

// days gives the days of a validity; nil when it has no length. whole says that it begins and
// ends at midnight.
func days(zone *time.Location, v validity) (p *org.Period, whole bool) {
	from, to := v.From.In(zone), v.To.In(zone)
	openFrom := v.From.IsZero() || from.Year() < firstYear
	openTo := v.To.IsZero() || to.Year() >= lastYear
	if !openTo && (to.Year() < firstYear || !openFrom && !from.Before(to)) {
		return nil, false
	}
	if !openFrom && from.Year() >= lastYear {
		return nil, false
	}
	p, whole = &org.Period{}, true
	if !openFrom {
		p.From = org.Day(from.Format(time.DateOnly))
		whole = midnight(from)
	}
	if !openTo {
		p.To = org.Day(to.Add(-time.Nanosecond).Format(time.DateOnly))
		whole = whole && midnight(to)
	}
	return p, whole
}

func midnight(t time.Time) bool {
	return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0
}

// near gives what an object says on a day, else what it says first after it, else what it
// said last.
func near[T any](list []span[T], day org.Day) (T, bool) {
	for _, s := range list {
		if s.Contains(day) || s.Begins(day) {
			return s.Value, true
		}
	}
	if len(list) == 0 {
		var none T
		return none, false
	}
	return list[len(list)-1].Value, true
}

// overlay is a statement of another object about a state, such as an address about a unit.
type overlay[S any] struct {
	org.Period
	put func(*S)
}

// lay cuts states at the days on which what overlays say begins and ends, and lets each
// overlay say it in its period. Where several say something they do so in their order.
func lay[S any](states []S, period func(*S) *org.Period, overlays []overlay[S]) []S {
	if len(overlays) == 0 {
		return states
	}
	var out []S
	for _, base := range states {
		whole := *period(&base)
		var starts []org.Day
		starts = append(starts, whole.From)
		for _, o := range overlays {
			for _, day := range []org.Day{o.From, o.To.Add(1)} {
				if day != "" && day > whole.From && whole.Contains(day) {
					starts = append(starts, day)
				}
			}
		}
		slices.Sort(starts)
		starts = slices.Compact(starts)
		for i, start := range starts {
			piece := base
			p := period(&piece)
			p.From, p.To = start, whole.To
			if i+1 < len(starts) {
				p.To = starts[i+1].Add(-1)
			}
			at := *p
			for _, o := range overlays {
				if _, ok := o.Overlap(at); ok {
					o.put(&piece)
				}
			}
			out = append(out, piece)
		}
	}
	return out
}

// join makes one of states that follow each other and say the same.
func join[S any](states []S, period func(*S) *org.Period) []S {
	var out []S
	for _, s := range states {
		if n := len(out); n > 0 {
			a, b := out[n-1], s
			before, after := *period(&a), *period(&b)
			*period(&a), *period(&b) = org.Period{}, org.Period{}
			if before.To != "" && before.To.Add(1) == after.From && reflect.DeepEqual(a, b) {
				period(&out[n-1]).To = after.To
				continue
			}
		}
		out = append(out, s)
	}
	return out
}
