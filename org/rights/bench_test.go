package rights_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
)

// municipality is an organisation of a size: units in a tree of eight below each, everybody
// with one or two engagements, systems with four jobs each, and assignments of which one in
// twenty is for a whole branch of the tree.
func municipality(b *testing.B, people, units, systems, assignments int) *org.Organisation {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	all := fields{"units": fields{}, "people": fields{}, "systems": fields{}, "assignments": fields{}, "roleGroups": fields{}}
	for i := range units {
		u := fields{"name": fmt.Sprintf("U%d", i), "managers": fields{"a": fields{"person": m.key("p", people)}}}
		if i > 0 {
			u["parent"] = fmt.Sprintf("u%d", (i-1)/8)
		}
		all["units"].(fields)[fmt.Sprintf("u%d", i)] = u
	}
	for i := range people {
		engagements := fields{}
		for k := range 1 + m.IntN(10)/9 {
			engagements[fmt.Sprintf("e%d", k)] = fields{"unit": m.key("u", units), "title": m.key("t", 150)}
		}
		all["people"].(fields)[fmt.Sprintf("p%d", i)] = fields{"engagements": engagements}
	}
	for i := range systems {
		jobs := fields{}
		for k := range 4 {
			jobs[fmt.Sprintf("j%d", k)] = fields{"roles": fields{"r0": fields{"constraints": fields{"enhed": fields{"inherit": "unit"}}}, "r1": fields{}}}
		}
		all["systems"].(fields)[fmt.Sprintf("s%d", i)] = fields{
			"constraints": fields{"enhed": fields{"kind": "unit"}}, "roles": fields{"r0": fields{}, "r1": fields{"weight": 2}}, "jobs": jobs,
		}
	}
	for i := range 100 {
		var refs []string
		for range 5 {
			refs = append(refs, m.key("s", systems)+"/"+m.key("j", 4))
		}
		all["roleGroups"].(fields)[fmt.Sprintf("g%d", i)] = fields{"jobs": refs}
	}
	for i := range assignments {
		a := fields{"job": m.key("s", systems) + "/" + m.key("j", 4), "unit": m.key("u", units)}
		switch {
		case i%20 == 0:
			a["unit"], a["below"] = m.key("u", 40), true
			a["titles"] = []string{m.key("t", 150), m.key("t", 150), m.key("t", 150)}
		case i%300 == 1:
			a["unit"], a["below"] = "u0", true // everybody
		case i%10 == 2:
			delete(a, "job")
			a["group"] = m.key("g", 100)
		case i%5 == 3:
			delete(a, "unit")
			a["person"] = m.key("p", people)
		}
		all["assignments"].(fields)[fmt.Sprintf("a%d", i)] = a
	}
	return decode(b, all)
}

// BenchmarkOn is the rights of everybody in a large municipality: 50,000 people, 3,000
// units, 300 systems, 3,000 assignments.
func BenchmarkOn(b *testing.B) {
	o := municipality(b, 50000, 3000, 300, 3000)
	b.Run("rights", func(b *testing.B) {
		view := o.On("2026-12-01")
		view.Staff()
		b.ReportAllocs()
		b.ResetTimer()
		held := 0
		for range b.N {
			held = 0
			for _, h := range rights.On(view).Holders {
				held += len(h.Jobs)
			}
		}
		b.ReportMetric(float64(held), "jobs-held")
	})
	b.Run("view and rights", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			rights.On(o.On("2026-12-01"))
		}
	})
}
