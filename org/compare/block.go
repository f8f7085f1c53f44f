package compare

import "slices"

// What two records have to have in common to be compared.
const (
	byCPR = iota
	byIdentity
	byNumber
	byAccount
	byMail
	byPhone
	byNames    // sounds of a given name and a surname, in either order
	byHead     // sound of the given name, beginning of the surname
	byTail     // beginning of the given name, sound of the surname
	byInitial  // first letter of the given name, sound of the surname, where one side has only the letter
	byInitials // the same, where the other side has only the letter
	byNickname // line of nicknames, sound of the surname
	byUnit     // unit, sound of the given name
	byHouse    // unit, sound of the surname
	byNick     // unit, line of nicknames
)

// blockKey is a kind and two numbers, each below 2³⁰.
type blockKey uint64

func blocked(kind int, a, b int32) blockKey {
	return blockKey(kind)<<60 | blockKey(uint32(a))<<30 | blockKey(uint32(b))
}

// largestBlock is how many may have something in common that is still looked at. People of
// whom so many share all they have in common cannot be told apart by it.
const largestBlock = 1500

// largestPhone is the same of a phone: a switchboard tells nothing.
const largestPhone = 50

// blockKeys gives what a person can be found by. Units are those of the other extract,
// by way of to; nil: the person's own. asked is true of the one that is looked up, false of those that are found.
func (v *vocabulary) blockKeys(keys []blockKey, p *profile, to []int32, asked side) []blockKey {
	keys = keys[:0]
	if p.cpr >= 0 {
		keys = append(keys, blocked(byCPR, p.cpr, 0))
	}
	for kind, list := range [...][]int32{byIdentity: p.ids, byNumber: p.numbers, byAccount: p.accounts, byMail: p.mails, byPhone: p.phones} {
		for _, id := range list {
			keys = append(keys, blocked(kind, id, 0))
		}
	}
	keys = v.nameKeys(keys, p, asked)
	for _, unit := range p.units {
		if to != nil {
			unit = to[unit]
		}
		if unit >= 0 {
			keys = v.unitKeys(keys, p, unit)
		}
	}
	return keys
}

// side tells the one that is looked up from those that are found.
type side bool

const (
	asking side = true
	found  side = false
)

func (v *vocabulary) nameKeys(keys []blockKey, p *profile, asked side) []blockKey {
	if len(p.given) == 0 || len(p.family) == 0 {
		return keys
	}
	given, family := &v.words[p.given[0]], &v.words[last(p.family)]
	keys = append(keys, both(given.sound, family.sound), blocked(byHead, given.sound, family.head), blocked(byTail, given.head, family.sound))
	for _, w := range p.given[1:] { // called by the second name, or it is a surname in the other register
		keys = append(keys, both(v.words[w].sound, family.sound), both(given.sound, v.words[w].sound))
	}
	for _, w := range p.family[:len(p.family)-1] {
		keys = append(keys, both(given.sound, v.words[w].sound))
	}
	for _, line := range given.nicknames {
		keys = append(keys, blocked(byNickname, line, family.sound))
	}
	// Only those with an initial are found by the letter, and only by it do they find.
	if given.single || asked == asking {
		keys = append(keys, blocked(byInitial, given.initial, family.sound))
	}
	if given.single || asked == found {
		keys = append(keys, blocked(byInitials, given.initial, family.sound))
	}
	return keys
}

func (v *vocabulary) unitKeys(keys []blockKey, p *profile, unit int32) []blockKey {
	if len(p.given) > 0 {
		given := &v.words[p.given[0]]
		keys = append(keys, blocked(byUnit, unit, given.sound))
		for _, line := range given.nicknames {
			keys = append(keys, blocked(byNick, unit, line))
		}
	}
	if len(p.family) > 0 {
		keys = append(keys, blocked(byHouse, unit, v.words[last(p.family)].sound))
	}
	return keys
}

func both(a, b int32) blockKey { return blocked(byNames, min(a, b), max(a, b)) }

// index finds the people of an extract by what they can be found by.
type index struct {
	keys []blockKey // sorted
	who  []int32
}

type indexEntry struct {
	key blockKey
	who int32
}

func newIndex(v *vocabulary, people []profile) *index {
	var entries []indexEntry
	var keys []blockKey
	for i := range people {
		keys = v.blockKeys(keys, &people[i], nil, found)
		for _, key := range keys {
			entries = append(entries, indexEntry{key, int32(i)})
		}
	}
	slices.SortFunc(entries, func(a, b indexEntry) int {
		switch {
		case a.key != b.key && a.key < b.key, a.key == b.key && a.who < b.who:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	x := &index{keys: make([]blockKey, len(entries)), who: make([]int32, len(entries))}
	for i, e := range entries {
		x.keys[i], x.who[i] = e.key, e.who
	}
	return x
}

// find gives the people whom a key finds; none where it finds too many.
func (x *index) find(key blockKey) []int32 {
	from, ok := slices.BinarySearch(x.keys, key)
	if !ok {
		return nil
	}
	to, largest := from, largestBlock
	if key>>60 == byPhone {
		largest = largestPhone
	}
	for to < len(x.keys) && x.keys[to] == key {
		if to++; to-from > largest {
			return nil
		}
	}
	return x.who[from:to]
}
