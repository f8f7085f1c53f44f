package compare

import (
	"math"
	"slices"
	"strings"
)

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

// otherRoot is how often units of two names at the top of two registers are two: a directory has a domain or an OU
// of its own above everything, and what stands at the top elsewhere stands below that.
const otherRoot = 0.1

func (u *unitMatcher) parent(t *tally, a, b *unitProfile, to []int32, n float64) {
	switch {
	case a.parent < 0 && b.parent < 0:
		alike := float64(u.roots[1]) / n
		if a.name != b.name {
			alike = max(alike, otherRoot)
		}
		t.add(u.m, Parent, Equal, alike)
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
