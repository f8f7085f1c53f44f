package compare

import (
	"math"

	"orgit.dk/orgit/org/source"
)

// Comparison is what was found out about two extracts.
type Comparison struct {
	Lead, Other *source.Extract
	// People has every person of both: first those of the leading extract in its order, then
	// those of the other one who are no Same and no candidate of an Ask.
	People []Match
	// Units has every unit of both in the same way.
	Units []Match
}

// Compare finds out who and what of two extracts is the same. The order of the two makes the
// order of the answers. Extracts are in the order of [source.Extract.Sort].
func Compare(lead, other *source.Extract) *Comparison {
	r := newRegister(lead, other)
	seeds := r.seeds()
	u := newUnitMatcher(r, seeds)
	unitEdges := u.match()
	to := found1to1(unitEdges, len(lead.Units), likely)

	s := newScorer(r, to)
	s.learn(seeds)
	s.manager = s.sure(seeds)
	edges := s.scan()
	settle(edges, len(lead.People), len(other.People))
	s.manager = found1to1(edges, len(lead.People), SameFrom)
	edges = s.again(edges)
	settle(edges, len(lead.People), len(other.People))

	return &Comparison{Lead: lead, Other: other,
		People: assemble(edges, personIDs(lead), personIDs(other), s.explain),
		Units: assemble(unitEdges, unitIDs(lead), unitIDs(other), func(i, j int32) []Reason {
			return u.explain(i, j, to)
		})}
}

// All compares each of several extracts with the leading one.
func All(lead *source.Extract, others ...*source.Extract) []*Comparison {
	list := make([]*Comparison, len(others))
	for i, other := range others {
		list[i] = Compare(lead, other)
	}
	return list
}

func newScorer(r *register, to []int32) *scorer {
	lead, others := len(r.people[0]), len(r.people[1])
	return &scorer{r: r, model: defaults(), total: max(r.count(), 1), n: max(r.count()/2, 1), alone: 1,
		prior: -math.Log2(float64(max(lead, others, 1))), side: 1, units: newUnitPairs(r, 1, to)}
}

// seeds are the pairs whom a sure key joins that nobody else has. Where two keys
// join somebody with two, neither counts.
func (r *register) seeds() [][2]int32 {
	holder := func(list []int32, in *values, to []int32, i int) {
		for _, id := range list {
			if in.alone(id) {
				to[id] = int32(i)
			}
		}
	}
	partner := make([]int32, len(r.people[0]))
	for i := range partner {
		partner[i] = nobody
	}
	taken := make([]int32, len(r.people[1]))
	for _, key := range []struct {
		in   *values
		list func(*profile) []int32
	}{
		{r.cprs, func(p *profile) []int32 { return p.cpr1() }},
		{r.ids, func(p *profile) []int32 { return p.ids }},
		{r.numbers, func(p *profile) []int32 { return p.numbers }},
		{r.accounts, func(p *profile) []int32 { return p.accounts }},
		{r.mails, func(p *profile) []int32 { return p.mails }},
	} {
		at := make([]int32, len(key.in.holders))
		for i := range r.people[1] {
			holder(key.list(&r.people[1][i]), key.in, at, i)
		}
		for i := range r.people[0] {
			for _, id := range key.list(&r.people[0][i]) {
				switch {
				case !key.in.alone(id) || partner[i] == at[id]:
				case partner[i] == nobody:
					partner[i] = at[id]
					taken[at[id]]++
				default:
					partner[i] = several
				}
			}
		}
	}
	var seeds [][2]int32
	for i, j := range partner {
		if j >= 0 && taken[j] == 1 {
			seeds = append(seeds, [2]int32{int32(i), j})
		}
	}
	return seeds
}

const (
	nobody  = -1
	several = -2
)

func (p *profile) cpr1() []int32 {
	if p.cpr < 0 {
		return nil
	}
	return []int32{p.cpr}
}

func personIDs(x *source.Extract) []string {
	list := make([]string, len(x.People))
	for i, p := range x.People {
		list[i] = p.ID
	}
	return list
}

func unitIDs(x *source.Extract) []string {
	list := make([]string, len(x.Units))
	for i, u := range x.Units {
		list[i] = u.ID
	}
	return list
}
