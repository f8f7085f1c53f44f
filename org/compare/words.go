package compare

import "unicode/utf8"

// word is a word of names, with how many people of both extracts have it where.
type word struct {
	text      string // plain
	sound     int32
	head      int32 // the beginning of the sound
	initial   int32 // the first letter
	single    bool  // it is one letter, an initial
	mask      uint32
	nicknames []int32 // lines of the table of nicknames
	first     int32   // as the first given name
	last      int32   // as the last word of the surname
	any       int32   // anywhere
}

// vocabulary is every word of names in two extracts, as numbers.
type vocabulary struct {
	ids       map[string]int32
	words     []word
	sounds    map[string]int32 // sounds, their beginnings and joined given names
	first     []int32          // how many people's first given name has the sound
	last      []int32          // how many people's surname ends in the sound
	nicknames map[string][]int32
}

func newVocabulary() *vocabulary {
	return &vocabulary{ids: map[string]int32{}, sounds: map[string]int32{}, nicknames: nicknameLines()}
}

// headLength is how much of a sound has to be heard right to be looked at.
const headLength = 3

func (v *vocabulary) word(text string) int32 {
	id, ok := v.ids[text]
	if ok {
		return id
	}
	id = int32(len(v.words))
	v.ids[text] = id
	heard := sound(text)
	_, size := utf8.DecodeRuneInString(text)
	v.words = append(v.words, word{text: text, sound: v.sound(heard), head: v.sound(heard[:min(len(heard), headLength)] + "…"),
		initial: v.sound(text[:size] + "."), single: size == len(text), mask: mask(text), nicknames: v.nicknames[text]})
	return id
}

func (v *vocabulary) sound(text string) int32 {
	id, ok := v.sounds[text]
	if !ok {
		id = int32(len(v.sounds))
		v.sounds[text] = id
		v.first, v.last = append(v.first, 0), append(v.last, 0)
	}
	return id
}

// count takes the words of a person into the frequencies.
func (v *vocabulary) count(p *profile) {
	if len(p.given) > 0 {
		w := &v.words[p.given[0]]
		w.first++
		v.first[w.sound]++
	}
	if n := len(p.family); n > 0 {
		w := &v.words[p.family[n-1]]
		w.last++
		v.last[w.sound]++
	}
	for _, list := range [2][]int32{p.given, p.family} {
		for _, id := range list {
			v.words[id].any++
		}
	}
}

// values are the texts of one field in two extracts, as numbers, with how many have each.
type values struct {
	ids     map[string]int32
	holders [][2]int32
}

func newValues() *values { return &values{ids: map[string]int32{}} }

// add gives the number of a value that somebody of a side has.
func (v *values) add(text string, side int) int32 {
	id, ok := v.ids[text]
	if !ok {
		id = int32(len(v.holders))
		v.ids[text] = id
		v.holders = append(v.holders, [2]int32{})
	}
	v.holders[id][side]++
	return id
}

// most is how many of the side that has more of them have a value.
func (v *values) most(id int32) int32 { return max(v.holders[id][0], v.holders[id][1]) }

// all is how many of both sides have a value.
func (v *values) all(id int32) int32 { return v.holders[id][0] + v.holders[id][1] }

// alone reports whether nobody but one of each side has a value.
func (v *values) alone(id int32) bool { return v.holders[id] == [2]int32{1, 1} }
