package shortcut

import "orgit.dk/orgit/schema/plain"

// Reader reads entries one after another and holds them against rules. A goroutine needs
// one of its own.
type Reader struct {
	rules *Rules
	scan  scanner
	store store
}

// Reader makes a reader.
func (r *Rules) Reader() *Reader { return &Reader{rules: r} }

// Entry reads an entry of a kind as it is written, "key": {…}, and gives it with the defaults
// filled in. ok is false where CUE has to say: it is, or may be, anything else than plain
// data, or not certainly right.
//
// The parts of the value hold only until the next entry is read; its texts stay.
func (r *Reader) Entry(kind, text string) (v plain.Value, ok bool) {
	of := r.rules.kinds[kind]
	if of == nil {
		return plain.Value{}, false
	}
	r.store.used = 0
	r.scan = scanner{text: text, line: 1, stack: r.scan.stack[:0], store: &r.store}
	s := &r.scan
	if s.peek() != '"' {
		return plain.Value{}, false
	}
	if _, ok = s.label(); !ok {
		return plain.Value{}, false
	}
	if v, ok = s.value(); !ok || s.at != len(text) {
		return plain.Value{}, false
	}
	return of.accept(v)
}

// store is memory for the parts of values, used again for each entry: most of the time that
// reading would take goes into asking for memory and giving it back.
type store struct {
	parts []plain.Part
	used  int
}

// spare is for how many defaults there is room behind the fields of a struct.
const spare = 4

// copy keeps parts, with some room behind them.
func (s *store) copy(parts []plain.Part) []plain.Part {
	need := len(parts) + spare
	if s.used+need > len(s.parts) {
		s.parts, s.used = make([]plain.Part, max(2*len(s.parts), need, 128)), 0 // what was given out stays where it is
	}
	kept := s.parts[s.used : s.used+len(parts) : s.used+need]
	s.used += need
	copy(kept, parts)
	return kept
}
