package compare

import (
	"math"
	"slices"
	"strings"
)

// names weighs two names. Given and family names are weighed apart, and together once
// more: where a whole name occurs oftener than its parts make likely (a family in one
// house, names of one language), it weighs less.
func (s *scorer) names(t *tally, a, b *profile) {
	if len(a.given)+len(a.family) == 0 || len(b.given)+len(b.family) == 0 {
		return
	}
	if s.swapped(t, a, b) {
		return
	}
	given, givenU := s.given(a, b)
	family, familyU := s.family(a, b)
	if given == Equal && family == Equal && a.full == b.full {
		familyU = max(familyU, min(1, s.wholeName(a.full)/givenU))
	}
	if len(a.given) > 0 && len(b.given) > 0 {
		t.add(s.model, Given, given, givenU)
	}
	if len(a.family) > 0 && len(b.family) > 0 {
		t.add(s.model, Surname, family, familyU)
	}
	if given != Differs && family == Equal || given == Equal && family != Differs {
		s.middle(t, a, b)
	}
}

// wholeName is the frequency of a whole name among the others than these two.
func (s *scorer) wholeName(full int32) float64 {
	h := s.r.full.holders[full]
	return float64(h[0]+h[1]-2) / s.total
}

// swapped weighs names whose halves stand in each other's place.
func (s *scorer) swapped(t *tally, a, b *profile) bool {
	if len(a.given) == 0 || len(a.family) == 0 || len(b.given) == 0 || len(b.family) == 0 || a.given[0] == b.given[0] {
		return false
	}
	given, family := s.hears(b.family, a.given[0]), s.hears(b.given, last(a.family))
	if given == nil || family == nil {
		given, family = s.hears(a.family, b.given[0]), s.hears(a.given, last(b.family))
	}
	if given == nil || family == nil {
		return false
	}
	t.add(s.model, Given, Swapped, s.givenShare(float64(given.first)))
	t.weigh(Surname, Swapped, -math.Log2(s.familyShare(family, float64(family.last))))
	return true
}

// hears gives the word of which a list has the sound, nil where it has none.
func (s *scorer) hears(list []int32, id int32) *word {
	w := &s.r.words.words[id]
	for _, other := range list {
		if s.r.words.words[other].sound == w.sound {
			return w
		}
	}
	return nil
}

func last(list []int32) int32 { return list[len(list)-1] }

// given says how the given names agree, and how often two people's do.
func (s *scorer) given(a, b *profile) (Level, float64) {
	if len(a.given) == 0 || len(b.given) == 0 {
		return Differs, different
	}
	v := s.r.words
	x, y := &v.words[a.given[0]], &v.words[b.given[0]]
	switch {
	case x.single || y.single:
		return initial(x, y)
	case x == y:
		return Equal, s.givenShare(float64(x.first))
	case x.sound == y.sound, a.joined == b.joined:
		return Spelling, min(s.givenShare(float64(v.first[x.sound])), spellings*s.givenShare(rarer(x.first, y.first)))
	case share(x.nicknames, y.nicknames):
		return Nickname, 2 * s.givenShare(float64(x.first+y.first))
	case slices.Contains(b.given[1:], a.given[0]):
		return Part, s.anyShare(x)
	case slices.Contains(a.given[1:], b.given[0]):
		return Part, s.anyShare(y)
	case isTypo(x, y):
		return Typo, slips * s.givenShare(rarer(x.first, y.first))
	}
	return Differs, different
}

// A word may be misspelt in so many ways that are as likely as any, and slipped in so many.
// The rarer of two words is the one that came about so: that a stranger has it is as likely
// as it is frequent, and it is one of so many. So Hanesn is probably somebody's Hansen, but
// Jansen is probably Jansen.
const (
	spellings = 6
	slips     = 60
)

// rarer is how many people besides the one who is looked at have the rarer of two words. A
// word that nobody else has is half of somebody's.
func rarer(x, y int32) float64 { return max(float64(min(x, y))-1, 0.5) }

// A small register says little about how frequent names are in the country. So each is seen
// among a crowd beside it, in which a given name has one share, a surname another, and a
// surname in -sen a third. In a register of thousands the crowd hardly counts.
const (
	crowd       = 500
	crowdGiven  = 0.004
	crowdFamily = 0.001
	crowdSen    = 0.015
)

func (s *scorer) givenShare(n float64) float64 { return (n + crowd*crowdGiven) / (s.total + crowd) }

func (s *scorer) familyShare(w *word, n float64) float64 {
	if strings.HasSuffix(w.text, "sen") {
		return (n + crowd*crowdSen) / (s.total + crowd)
	}
	return (n + crowd*crowdFamily) / (s.total + crowd)
}

func (s *scorer) anyShare(w *word) float64 { return s.familyShare(w, float64(w.any)) }

// initial compares names of which one is a letter alone.
func initial(x, y *word) (Level, float64) {
	if x.initial == y.initial {
		return Initial, initialShare
	}
	return Differs, different
}

// initialShare is how often two people's given names begin with one letter.
const initialShare = 0.08

// family says how the surnames agree, and how often two people's do. The last word is the
// surname as such; words before it may stand with the given names in the other register.
func (s *scorer) family(a, b *profile) (Level, float64) {
	if len(a.family) == 0 || len(b.family) == 0 {
		return Differs, different
	}
	v := s.r.words
	x, y := &v.words[last(a.family)], &v.words[last(b.family)]
	switch {
	case x.single || y.single:
		return initial(x, y)
	case x == y:
		return Equal, s.familyShare(x, float64(x.last))
	case x.sound == y.sound:
		return Spelling, min(s.familyShare(x, float64(v.last[x.sound])), spellings*s.familyShare(x, rarer(x.last, y.last)))
	case isTypo(x, y):
		return Typo, slips * s.familyShare(x, rarer(x.last, y.last))
	}
	if u := s.part(a, b); u > 0 {
		return Part, u
	}
	return Differs, different
}

// part is the frequency of the rarest word that is in both names behind the first given
// one, 0 where there is none.
func (s *scorer) part(a, b *profile) float64 {
	best := 0.0
	for w := range rest(a) {
		if hasBehind(b, w) {
			if u := s.anyShare(&s.r.words.words[w]); best == 0 || u < best {
				best = u
			}
		}
	}
	return best
}

// rest gives the words of a name but the first given one.
func rest(p *profile) func(func(int32) bool) {
	return func(yield func(int32) bool) {
		for _, list := range [2][]int32{p.given[min(1, len(p.given)):], p.family} {
			for _, w := range list {
				if !yield(w) {
					return
				}
			}
		}
	}
}

func hasBehind(p *profile, w int32) bool {
	return slices.Contains(p.family, w) || isSecond(p, w)
}

// middle weighs what stands between first given name and surname where both have something
// there. That one of them leaves it out is common and says nothing.
func (s *scorer) middle(t *tally, a, b *profile) {
	if len(a.given)+len(a.family) <= 2 || len(b.given)+len(b.family) <= 2 {
		return
	}
	lastA, lastB := last(append(a.given[:len(a.given):len(a.given)], a.family...)), last(append(b.given[:len(b.given):len(b.given)], b.family...))
	best, some := 0.0, false
	for w := range rest(a) {
		if w == lastA {
			continue
		}
		some = true
		if w != lastB && hasBehind(b, w) {
			u := s.anyShare(&s.r.words.words[w])
			if isSecond(a, w) && isSecond(b, w) {
				u = max(u, secondShare)
			}
			if best == 0 || u < best {
				best = u
			}
		}
	}
	switch {
	case best > 0:
		t.add(s.model, Middle, Equal, best)
	case some:
		t.add(s.model, Middle, Differs, different)
	}
}

// secondShare is how often two people of one first given name have the same second one, at least: Mai Britt and
// Anne Marie are one name.
const secondShare = 0.1

func isSecond(p *profile, w int32) bool { return len(p.given) > 1 && slices.Contains(p.given[1:], w) }

// share reports whether two short lists have something in common.
func share(a, b []int32) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}
