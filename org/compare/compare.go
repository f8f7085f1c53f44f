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
// order of the answers. Extracts are in the order of [source.Extract.Sort]. What was decided stands.
func Compare(lead, other *source.Extract, said ...Decision) *Comparison {
	r := newRegister(lead, other)
	r.decided = decided(said, false, r.person[0], r.person[1])
	r.decidedUnits = decided(said, true, r.unitAt[0], r.unitAt[1])
	w := r.weigh(r.seeds())
	if len(w.seeds) < min(len(lead.People), len(other.People))/2 {
		// Few sure keys: what was found without them teaches as well.
		w = r.weigh(w.found())
	}
	return &Comparison{Lead: lead, Other: other,
		People: assemble(w.people, personIDs(lead), personIDs(other), func(i, j int32) []Reason {
			return r.decided.reason(i, j, w.scorer.explain(i, j))
		}),
		Units: assemble(w.units, unitIDs(lead), unitIDs(other), func(i, j int32) []Reason {
			return r.decidedUnits.reason(i, j, w.matcher.explain(i, j, w.scorer.units.to))
		})}
}

// weighed are all pairs with their chances.
type weighed struct {
	seeds         [][2]int32
	matcher       *unitMatcher
	scorer        *scorer
	units, people []edge
}

// weigh finds first the units that are the same and then the people. Seeds are pairs of people who
// probably are: on them it is counted how often things agree.
func (r *register) weigh(seeds [][2]int32) *weighed {
	w := &weighed{seeds: seeds, matcher: newUnitMatcher(r, seeds)}
	w.units = w.matcher.match()
	lead, others := len(r.people[0]), len(r.people[1])
	s := newScorer(r, found1to1(w.units, len(r.extracts[0].Units), likely))
	s.learn(seeds)
	s.manager = s.sure(seeds)
	w.people = r.settlePeople(r.decided.apply(s.scan()))
	s.manager = found1to1(w.people, lead, SameFrom)
	s.prior = prior(s.manager, others)
	w.people = r.settlePeople(r.decided.apply(s.again(w.people)))
	w.scorer = s
	return w
}

// found are the pairs of people that are the same.
func (w *weighed) found() [][2]int32 {
	var pairs [][2]int32
	for _, e := range w.people {
		if e.answer() == Same {
			pairs = append(pairs, [2]int32{e.a, e.b})
		}
	}
	return pairs
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
	partner := make([]int32, len(r.people[0]))
	for i := range partner {
		partner[i] = nobody
	}
	taken := make([]int32, len(r.people[1]))
	for _, key := range r.sureKeys() {
		at := make([]int32, len(key.in.holders))
		for i := range r.people[1] {
			for _, id := range key.list(&r.people[1][i]) {
				at[id] = int32(i)
			}
		}
		for i := range r.people[0] {
			for _, id := range key.list(&r.people[0][i]) {
				switch {
				case !key.in.alone(id) || partner[i] == at[id] || r.people[0][i].gone || r.people[1][at[id]].gone:
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

// sureKey is a field of which nobody has another's.
type sureKey struct {
	in   *values
	list func(*profile) []int32
}

func (r *register) sureKeys() []sureKey {
	return []sureKey{
		{r.cprs, func(p *profile) []int32 { return p.cpr1() }},
		{r.ids, func(p *profile) []int32 { return p.ids }},
		{r.numbers, func(p *profile) []int32 { return p.numbers }},
		{r.accounts, func(p *profile) []int32 { return p.accounts }},
		{r.mails, func(p *profile) []int32 { return p.mails }},
	}
}

const (
	nobody  = -1
	several = -2
)

// cpr1 is the CPR number as a list of one, or none.
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
