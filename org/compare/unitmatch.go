package compare

import "slices"

// unitRounds is how often units are weighed: what is known of the units above spreads downwards.
const unitRounds = 8

// likely is the chance from which a unit counts as found while those below it are weighed.
const likely = 0.8

// match gives the pairs of units with their chances.
func (u *unitMatcher) match() []edge {
	pairs := u.candidates()
	to := make([]int32, len(u.units[0]))
	for i := range to {
		to[i] = -1
	}
	u.prior = prior(to, len(u.units[1]))
	var edges []edge
	for range unitRounds {
		edges = edges[:0]
		for _, p := range u.withSiblings(pairs, to) {
			if t := u.score(p.a(), p.b(), to); t.bits >= leastBits || t.keys > 0 {
				edges = append(edges, edge{a: p.a(), b: p.b(), bits: t.bits, key: t.keys > 0, doubt: t.doubt})
			}
		}
		edges = u.r.decidedUnits.apply(edges)
		settle(edges, len(u.units[0]), len(u.units[1]))
		next := found1to1(edges, len(to), likely)
		if slices.Equal(next, to) {
			break
		}
		to = next
		u.prior = prior(to, len(u.units[1]))
	}
	return edges
}

// found1to1 is whom each of the leading ones is with at least a chance (above one half, so one).
func found1to1(edges []edge, n int, chance float64) []int32 {
	to := make([]int32, n)
	for i := range to {
		to[i] = -1
	}
	for _, e := range edges {
		if e.chance >= chance && e.doubt == "" {
			to[e.a] = e.b
		}
	}
	return to
}

// usualWord is how many units may have a word in their name before it finds no others.
const usualWord = 30

// candidates are pairs of units that have something in common, in order.
func (u *unitMatcher) candidates() []pair {
	byKey := map[[2]int32][]int32{}
	keysOf := func(side int, p *unitProfile) [][2]int32 {
		keys := [][2]int32{{0, p.name}, {1, p.sound}}
		if p.code >= 0 {
			keys = append(keys, [2]int32{2, p.code})
		}
		if p.id >= 0 {
			keys = append(keys, [2]int32{3, p.id})
		}
		for _, w := range p.words {
			if u.words.holders[w][side] <= usualWord {
				keys = append(keys, [2]int32{4, w})
			}
		}
		return keys
	}
	for i := range u.units[1] {
		for _, key := range keysOf(1, &u.units[1][i]) {
			byKey[key] = append(byKey[key], int32(i))
		}
	}
	pairs := make([]pair, 0, len(u.shared))
	for p := range u.shared {
		pairs = append(pairs, pairOf(p[0], p[1]))
	}
	for i := range u.units[0] {
		for _, key := range keysOf(0, &u.units[0][i]) {
			for _, other := range byKey[key] {
				pairs = append(pairs, pairOf(int32(i), other))
			}
		}
	}
	return sortedPairs(pairs)
}

// mostSiblings bounds the pairs that are looked at only because the units above are the same.
const mostSiblings = 40

// withSiblings adds the units below units that are the same: one may have been renamed.
func (u *unitMatcher) withSiblings(pairs []pair, to []int32) []pair {
	children := map[int32][]int32{}
	for i, p := range u.units[1] {
		if p.parent >= 0 && u.below[1][p.parent] <= mostSiblings {
			children[p.parent] = append(children[p.parent], int32(i))
		}
	}
	more := slices.Clone(pairs)
	for i, p := range u.units[0] {
		if p.parent >= 0 && to[p.parent] >= 0 && u.below[0][p.parent] <= mostSiblings {
			for _, other := range children[to[p.parent]] {
				more = append(more, pairOf(int32(i), other))
			}
		}
	}
	return sortedPairs(more)
}
