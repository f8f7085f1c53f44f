package compare

import (
	"math"
	"slices"
)

// edge is a pair that may be the same.
type edge struct {
	a, b   int32
	bits   float64 // log2 of its odds, by itself
	chance float64 // all others considered
	key    bool    // a sure key agrees
	doubt  Doubt
}

// pair is one of each extract; pairs are in order of the leading one.
type pair uint64

func pairOf(a, b int32) pair { return pair(uint32(a))<<32 | pair(uint32(b)) }
func (p pair) a() int32      { return int32(p >> 32) }
func (p pair) b() int32      { return int32(uint32(p)) }

func sortedPairs(pairs []pair) []pair {
	slices.Sort(pairs)
	return slices.Compact(pairs)
}

// settle gives every pair its chance: its odds over the odds of all that either of the two
// could be, nobody among them. So no one has more than one chance in all. Then once more: who is
// somebody else's already is hardly a rival.
func settle(edges []edge, leading, others int) {
	free := make([]float64, len(edges))
	for i := range free {
		free[i] = 1
	}
	chances(edges, free, leading, others)
	taken := [2][]float64{make([]float64, leading), make([]float64, others)}
	for _, e := range edges {
		taken[0][e.a] += e.chance
		taken[1][e.b] += e.chance
	}
	for i, e := range edges {
		free[i] = max(0, 1-max(taken[0][e.a], taken[1][e.b])+e.chance)
	}
	chances(edges, free, leading, others)
}

// chances are those of pairs of which each is free for the other to a part.
func chances(edges []edge, free []float64, leading, others int) {
	sums := [2][]float64{make([]float64, leading), make([]float64, others)}
	for i, e := range edges {
		o := odds(e.bits) * free[i]
		sums[0][e.a] += o
		sums[1][e.b] += o
	}
	for i := range edges {
		e := &edges[i]
		e.chance = odds(e.bits) * free[i] / (1 + max(sums[0][e.a], sums[1][e.b]))
	}
}

// answer is what is to be said of a pair.
func (e *edge) answer() Answer {
	switch {
	case e.chance >= SameFrom && e.doubt == "":
		return Same
	case e.chance >= AskFrom || e.key:
		return Ask
	}
	return Different
}

// Of those in one extract at least half and at most so many are taken to be in the other too, before
// it is known how many are.
const (
	leastBoth = 0.5
	mostBoth  = 0.9
)

// prior is the odds, in bits, that two drawn blindly are the same: somebody has a counterpart as
// often as was found so far, and it is one of all the others.
func prior(to []int32, others int) float64 {
	n := 0
	for _, j := range to {
		if j >= 0 {
			n++
		}
	}
	both := max(leastBoth, min(float64(n)/float64(max(1, min(len(to), others))), mostBoth))
	return math.Log2(both/(1-both)) - math.Log2(float64(max(len(to), others, 1)))
}
