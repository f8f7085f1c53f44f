package compare

import (
	"math"
	"slices"

	"orgit.dk/orgit/org/source"
)

// doubledShare is how many of a register's people are taken to be there twice before anything speaks for it.
const doubledShare = 0.002

// doubledFrom is the chance from which somebody is shown as doubled.
const doubledFrom = 0.9

// doubles are those of both extracts. Two who are two others in the other extract, and are not doubled
// there, are two: they only have one name.
func (d *differ) doubles() []Difference {
	lists := [2][]Difference{doubled(d.extracts[0]), doubled(d.extracts[1])}
	var counterpart [2]map[string]string
	counterpart[0], counterpart[1] = d.one, map[string]string{}
	for lead, other := range d.one {
		counterpart[1][other] = lead
	}
	var twice [2]map[[2]string]bool
	for side, list := range lists {
		twice[side] = map[[2]string]bool{}
		for _, one := range list {
			twice[side][[2]string{one.Lead.ID, one.Other.ID}], twice[side][[2]string{one.Other.ID, one.Lead.ID}] = true, true
		}
	}
	var kept []Difference
	for side, list := range lists {
		for _, one := range list {
			x, okX := counterpart[side][one.Lead.ID]
			y, okY := counterpart[side][one.Other.ID]
			if !okX || !okY || twice[1-side][[2]string{x, y}] {
				kept = append(kept, one)
			}
		}
	}
	return kept
}

// doubled are the people whom an extract probably has twice. People with other CPR numbers are two.
func doubled(x *source.Extract) []Difference {
	r := newRegister(x, &source.Extract{})
	to := make([]int32, len(x.Units))
	for i := range to {
		to[i] = int32(i)
	}
	n := math.Max(float64(len(x.People)), 1)
	s := &scorer{r: r, model: defaults(), total: n, n: n, alone: 2, prior: math.Log2(doubledShare / n), side: 0,
		units: newUnitPairs(r, 0, to), unnumbered: hasInstitutions(x)}
	var list []Difference
	for _, e := range s.scan() {
		odds := math.Exp2(e.bits)
		if chance := odds / (1 + odds); chance >= doubledFrom && e.doubt == "" {
			a, b := &x.People[e.a], &x.People[e.b]
			list = append(list, Difference{Kind: Doubled, Chance: chance, Lead: personSide(x, a, given(numbers(a))...), Other: personSide(x, b, given(numbers(b))...)})
		}
	}
	return list
}

// hasInstitutions reports whether employee numbers mean something only together with an institution.
func hasInstitutions(x *source.Extract) bool {
	return slices.ContainsFunc(x.People, func(p source.Person) bool {
		return slices.ContainsFunc(p.Engagements, func(e source.Engagement) bool { return e.Institution != "" })
	})
}
