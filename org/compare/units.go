package compare

import (
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
