package compare

import (
	"math"
	"slices"
	"strings"

	"orgit.dk/orgit/org/source"
)

// unitProfile is what is compared of a unit.
type unitProfile struct {
	name   int32 // plain
	sound  int32 // its words' sounds, in alphabetical order
	words  []int32
	code   int32  // -1: none
	id     int32  // -1: none
	parent int32  // -1: a root, or not known
	slips  []word // its words as they are written, to find slips of the fingers
	spelt  []int32
}

// unitMatcher finds out which unit is which: by identity, code and name, by what is above
// them, and by the people that sure keys find in both.
type unitMatcher struct {
	r        *register
	units    [2][]unitProfile
	names    *values
	sounds   *values
	words    *values // sounds of words
	spelt    *values // words
	codes    *values
	ids      *values
	below    [2][]int32 // how many units stand below each
	roots    [2]int32
	siblings map[[2]int32]int32 // the other extract's units with a name below a unit
	shared   map[[2]int32]int32 // people in both units
	counted  [2][]int32         // people in each unit whom a sure key finds in the other extract
	m        *model
	prior    float64 // bits: the odds that two units drawn blindly are one
	alike    float64 // how often two units below one share their name
	coded    bool    // both extracts have the same kind of codes
}

// enoughCodes is the share of the leading one's codes that have to be in the other extract
// before another code speaks against a unit.
const enoughCodes = 0.2

func newUnitMatcher(r *register, seeds [][2]int32) *unitMatcher {
	u := &unitMatcher{r: r, names: newValues(), sounds: newValues(), words: newValues(), spelt: newValues(), codes: newValues(), ids: newValues(),
		shared: map[[2]int32]int32{}, siblings: map[[2]int32]int32{}, m: unitDefaults()}
	for side, x := range r.extracts {
		u.units[side] = make([]unitProfile, len(x.Units))
		for i := range x.Units {
			u.units[side][i] = u.read(side, x, &x.Units[i])
		}
		u.below[side], u.counted[side] = make([]int32, len(x.Units)), make([]int32, len(x.Units))
		for i, parent := range parents(x, r.unitAt[side]) {
			u.units[side][i].parent = parent
			if parent >= 0 {
				u.below[side][parent]++
				if side == 1 {
					u.siblings[[2]int32{parent, u.units[side][i].name}]++
				}
			} else {
				u.roots[side]++
			}
		}
	}
	for _, seed := range seeds {
		u.people(&r.people[0][seed[0]], &r.people[1][seed[1]])
	}
	with, in := 0, 0
	for _, h := range u.codes.holders {
		if h[0] > 0 {
			with++
			if h[1] > 0 {
				in++
			}
		}
	}
	u.alike = u.siblingsAlike()
	u.coded = float64(in) >= enoughCodes*float64(with)
	return u
}

// siblingsAlike is how many of the pairs of units below one unit share their name. A few pairs beside those
// that there are keep a small tree from saying never or always.
func (u *unitMatcher) siblingsAlike() float64 {
	pairs, alike := 250.0, 0.5
	for _, n := range u.below[1] {
		pairs += float64(n) * float64(n-1) / 2
	}
	for _, n := range u.siblings {
		alike += float64(n) * float64(n-1) / 2
	}
	return alike / pairs
}

func (u *unitMatcher) read(side int, x *source.Extract, from *source.Unit) unitProfile {
	state, _ := source.Near(from.States, x.Day)
	text := plain(state.Name)
	heard := strings.Fields(text)
	p := unitProfile{name: u.names.add(text, side), code: -1, id: -1}
	for i, w := range heard {
		p.slips = append(p.slips, word{text: w, mask: mask(w)})
		p.spelt = append(p.spelt, u.spelt.add(w, side))
		heard[i] = sound(w)
		p.words = append(p.words, u.words.add(heard[i], side))
	}
	slices.Sort(heard)
	p.sound = u.sounds.add(strings.Join(heard, " "), side)
	if code := employeeNumber(state.Code); code != "" {
		p.code = u.codes.add(code, side)
	}
	if from.UUID != "" {
		p.id = u.ids.add(string(from.UUID), side)
	}
	return p
}

// people counts one person who is in both extracts.
func (u *unitMatcher) people(a, b *profile) {
	for _, unit := range a.units {
		u.counted[0][unit]++
		for _, other := range b.units {
			u.shared[[2]int32{unit, other}]++
		}
	}
	for _, other := range b.units {
		u.counted[1][other]++
	}
}

func unitDefaults() *model {
	m := &model{}
	m[Identity][Equal] = 0.9
	m[Code][Equal], m[Code][Differs] = 0.95, 0.05
	m[Name][Equal], m[Name][Spelling], m[Name][Part], m[Name][Typo], m[Name][Differs] = 0.8, 0.03, 0.08, 0.03, 0.06
	m[Parent][Equal], m[Parent][Near], m[Parent][Differs] = 0.85, 0.07, 0.08
	return m
}

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

// pair is one of each extract; pairs are in order of the leading one.
type pair uint64

func pairOf(a, b int32) pair { return pair(uint32(a))<<32 | pair(uint32(b)) }
func (p pair) a() int32      { return int32(p >> 32) }
func (p pair) b() int32      { return int32(uint32(p)) }

func sortedPairs(pairs []pair) []pair {
	slices.Sort(pairs)
	return slices.Compact(pairs)
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

// score weighs one pair of units.
func (u *unitMatcher) score(i, j int32, to []int32) tally {
	a, b := &u.units[0][i], &u.units[1][j]
	n := float64(len(u.units[0])+len(u.units[1])) / 2
	t := tally{bits: u.prior}
	if a.id >= 0 && a.id == b.id {
		t.add(u.m, Identity, Equal, wrongIdentity/n)
		t.keys++
	}
	switch {
	case a.code < 0 || b.code < 0:
	case a.code == b.code && u.codes.most(a.code) == 1:
		t.add(u.m, Code, Equal, wrongNumber/n)
		t.keys++
	case a.code == b.code:
		t.add(u.m, Code, Equal, float64(u.codes.most(a.code))/n)
	case u.coded:
		t.add(u.m, Code, Differs, different)
	}
	u.name(&t, a, b, n, a.parent >= 0 && b.parent >= 0 && to[a.parent] == b.parent)
	u.parent(&t, a, b, to, n)
	u.overlap(&t, i, j)
	if t.keys > 0 && t.level(Name) == Differs && t.level(Identity) == Differs && t.level(Parent) != Equal && t.of(People) <= 0 {
		t.doubt = OtherName
	}
	return t
}

// name weighs names. One among the names of the units beside it, where the ones above are
// the same: every institution has a kitchen, and hardly any has two.
func (u *unitMatcher) name(t *tally, a, b *unitProfile, n float64, beside bool) {
	if len(a.words) == 0 || len(b.words) == 0 {
		return
	}
	names, sounds := u.names.holders, u.sounds.holders
	switch {
	case a.name == b.name:
		f := among(others(names[a.name]), n)
		if beside {
			f = min(f, u.alike) + float64(u.siblings[[2]int32{b.parent, b.name}]-1)/float64(u.below[1][b.parent])
		}
		t.add(u.m, Name, Equal, f)
		return
	case a.sound == b.sound:
		t.add(u.m, Name, Spelling, among(others(sounds[a.sound]), n))
		return
	case u.isSlip(a, b):
		t.add(u.m, Name, Typo, 2*among(others(names[a.name])+others(names[b.name]), n))
		return
	}
	share := func(h [2]int32) float64 { return float64(h[0]+h[1]) / (2 * n) }
	rarest := 1.0
	for _, w := range a.words {
		if slices.Contains(b.words, w) {
			rarest = min(rarest, 2*share(u.words.holders[w]))
		}
	}
	if rarest < partOfName {
		t.add(u.m, Name, Part, rarest)
		return
	}
	t.add(u.m, Name, Differs, different)
}

// others is how many units have a value besides the two that are looked at. What no other
// has is half of somebody's.
func others(h [2]int32) float64 { return max(float64(h[0]+h[1]-2), 0.5) }

// among is a share of the units, n in each extract, and of some beside them: a small tree says
// little about how frequent names are.
func among(count, n float64) float64 { return (count + crowdUnits*crowdName) / (2*n + crowdUnits) }

const (
	crowdUnits = 200
	crowdName  = 0.0025
)

// isSlip reports whether two names differ by slips of the fingers, word by word. What tells units apart is
// none: Team A is no slip of Team B, and Område 10 none of Område 11; and neither is a word that other units
// have too: Østre is none of Vestre.
func (u *unitMatcher) isSlip(a, b *unitProfile) bool {
	if len(a.slips) != len(b.slips) {
		return false
	}
	for i := range a.slips {
		x, y := &a.slips[i], &b.slips[i]
		if x.text == y.text {
			continue
		}
		rare := min(u.spelt.all(a.spelt[i]), u.spelt.all(b.spelt[i]))
		if rare > 1 || strings.ContainsAny(x.text+y.text, "0123456789") || !isTypo(x, y) {
			return false
		}
	}
	return true
}

// partOfName is how frequent a word may be in names of units that still is one in common.
const partOfName = 0.08

func (u *unitMatcher) parent(t *tally, a, b *unitProfile, to []int32, n float64) {
	switch {
	case a.parent < 0 && b.parent < 0:
		t.add(u.m, Parent, Equal, float64(u.roots[1])/n)
		return
	case a.parent < 0 || b.parent < 0 || to[a.parent] < 0:
		return
	case to[a.parent] == b.parent:
		t.add(u.m, Parent, Equal, float64(u.below[1][b.parent])/n)
		return
	}
	// One register may have a level more than the other.
	grandA, grandB := u.units[0][a.parent].parent, u.units[1][b.parent].parent
	if grandA >= 0 && to[grandA] == b.parent || grandB >= 0 && to[a.parent] == grandB {
		t.add(u.m, Parent, Near, 0.1)
		return
	}
	t.add(u.m, Parent, Differs, different)
}

// How often a person is in the same unit in both registers, when it is the same, and when
// it is another. The bounds keep a reorganisation that one register has not heard of from deciding alone.
const (
	samePlace  = 0.8
	otherPlace = 0.03
	mostFor    = 20
	mostAgain  = -8
)

func (u *unitMatcher) overlap(t *tally, i, j int32) {
	n := min(u.counted[0][i], u.counted[1][j])
	if n == 0 {
		return
	}
	in := min(u.shared[[2]int32{i, j}], n)
	bits := float64(in)*math.Log2(samePlace/otherPlace) + float64(n-in)*math.Log2((1-samePlace)/(1-otherPlace))
	level := Differs
	if in > 0 {
		level = Equal
	}
	t.weigh(People, level, max(mostAgain, min(bits, mostFor)))
}
