package shortcut

import (
	"slices"

	"orgit.dk/orgit/schema/plain"
)

// Stated is an entry in a file of plain entries. Offsets count bytes from the beginning of
// the file.
type Stated struct {
	Kind, Key    string
	Start, End   int // of "key": {…}
	Line, Column int // of the key, from 1; Column in bytes
	// CutStart and CutEnd hold what has to go for the entry to go: kind: "key": {…} as a
	// whole, where the entry stands without braces of the kind around it.
	CutStart, CutEnd int
}

// Page reads a file that begins with `package <name>` and holds nothing but plain entries
// of the kinds. ok is false where it holds, or may hold, anything else.
func Page(text, name string, kinds []string) (entries []Stated, ok bool) {
	s := &scanner{text: text, line: 1}
	if !s.space() || !s.packageLine(name) || !s.space() {
		return nil, false
	}
	for s.at < len(text) {
		start := s.at
		kind, ok := s.label()
		if !ok || !slices.Contains(kinds, kind) {
			return nil, false
		}
		if entries, ok = s.entries(entries, kind, start); !ok {
			return nil, false
		}
		s.blanks()
		if c := s.peek(); s.at < len(text) && c != '\n' && c != '/' || !s.space() {
			return nil, false
		}
	}
	return entries, true
}

func (s *scanner) packageLine(name string) bool {
	word, ok := s.word()
	if !ok || word != "package" || s.peek() != ' ' {
		return false
	}
	s.blanks()
	if word, ok = s.word(); !ok || word != name {
		return false
	}
	s.blanks()
	return (s.peek() != '/' || s.comment()) && s.newline()
}

// entries reads what stands after `kind:`, which began at start.
func (s *scanner) entries(list []Stated, kind string, start int) ([]Stated, bool) {
	if !s.take('{') {
		e, ok := s.stated(kind)
		e.CutStart, e.CutEnd = start, e.End
		return append(list, e), ok
	}
	if !s.space() {
		return nil, false
	}
	for !s.take('}') {
		e, ok := s.stated(kind)
		e.CutStart, e.CutEnd = e.Start, e.End
		if !ok || !s.separator('}') {
			return nil, false
		}
		list = append(list, e)
	}
	return list, true
}

// stated reads one entry with its key.
func (s *scanner) stated(kind string) (Stated, bool) {
	e := Stated{Kind: kind, Start: s.at, Line: s.line, Column: s.at - s.from + 1}
	if s.peek() != '"' {
		return e, false
	}
	var ok bool
	if e.Key, ok = s.label(); !ok || !isKey(e.Key) || s.text[e.Start:e.Start+len(e.Key)+2] != `"`+e.Key+`"` {
		return e, false
	}
	_, ok = s.value()
	e.End = s.at
	return e, ok
}

// isKey reports whether a text is a key in the narrowest sense, whatever the definitions
// allow besides.
func isKey(text string) bool {
	for i := range len(text) {
		if c := text[i]; !('a' <= c && c <= 'z' || isDigit(c) || c == '-' && i > 0 && i < len(text)-1) {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

// value reads a value.
func (s *scanner) value() (plain.Value, bool) {
	s.deep++
	defer func() { s.deep-- }()
	if s.deep > deepest {
		return plain.Value{}, false
	}
	switch c := s.peek(); {
	case c == '{':
		s.at++
		return s.fields()
	case c == '[':
		s.at++
		return s.elements()
	case c == '"':
		return s.textOrField()
	case c == '-', isDigit(c):
		text, ok := s.number()
		return plain.Value{Kind: plain.Number, Text: text}, ok
	}
	return s.wordOrField()
}

// textOrField reads a text, or the one field of a struct without braces.
func (s *scanner) textOrField() (plain.Value, bool) {
	start := s.at
	text, ok := s.quoted()
	if !ok {
		return plain.Value{}, false
	}
	end := s.at
	if s.blanks(); s.peek() == ':' {
		s.at = start
		return s.chain()
	}
	s.at = end
	return plain.Value{Kind: plain.Text, Text: text}, true
}

func (s *scanner) wordOrField() (plain.Value, bool) {
	start := s.at
	word, ok := s.word()
	if !ok || word == "for" {
		return plain.Value{}, false
	}
	end := s.at
	if s.blanks(); s.peek() == ':' {
		s.at = start
		return s.chain()
	}
	s.at = end
	switch c := s.peek(); {
	case c == '_', c == '$', c == '#':
		return plain.Value{}, false
	case word == "true", word == "false":
		return plain.Value{Kind: plain.Bool, Text: word}, true
	case word == "null":
		return plain.Value{}, true
	}
	return plain.Value{}, false
}

// chain reads the field of a struct that has one and no braces: a: b: 1.
func (s *scanner) chain() (plain.Value, bool) {
	name, ok := s.label()
	if !ok {
		return plain.Value{}, false
	}
	bottom := len(s.stack)
	v, ok := s.value()
	s.push(name, v)
	return plain.Value{Kind: plain.Struct, Parts: s.pop(bottom)}, ok
}

// fields reads what stands in braces, after the first one.
func (s *scanner) fields() (plain.Value, bool) {
	bottom := len(s.stack)
	if !s.space() {
		return plain.Value{}, false
	}
	for !s.take('}') {
		name, ok := s.label()
		if !ok {
			return plain.Value{}, false
		}
		v, ok := s.value()
		if !ok || !s.separator('}') {
			return plain.Value{}, false
		}
		s.push(name, v)
	}
	parts := s.pop(bottom)
	return plain.Value{Kind: plain.Struct, Parts: parts}, distinct(parts)
}

// elements reads what stands in brackets, after the first one.
func (s *scanner) elements() (plain.Value, bool) {
	bottom := len(s.stack)
	if !s.space() {
		return plain.Value{}, false
	}
	for !s.take(']') {
		braces := s.peek() == '{'
		v, ok := s.value()
		if !ok || v.Kind == plain.Struct && !braces { // a: b needs braces here
			return plain.Value{}, false
		}
		s.blanks()
		comma := s.peek() == ','
		if !s.separator(']') || !comma && s.peek() != ']' { // the end of a line alone parts no elements before CUE 0.17
			return plain.Value{}, false
		}
		s.push("", v)
	}
	return plain.Value{Kind: plain.List, Parts: s.pop(bottom)}, true
}

// push puts a part of what is open on the stack.
func (s *scanner) push(name string, v plain.Value) {
	if s.store != nil {
		s.stack = append(s.stack, plain.Part{Name: name, Value: v})
	}
}

// pop takes what was put on the stack since it was that high.
func (s *scanner) pop(bottom int) []plain.Part {
	if s.store == nil {
		return nil
	}
	parts := s.store.copy(s.stack[bottom:])
	s.stack = s.stack[:bottom]
	return parts
}

// few is how many fields are compared with each other without a table.
const few = 12

// distinct reports whether no name occurs twice. CUE would unify the two.
func distinct(parts []plain.Part) bool {
	if len(parts) > few {
		names := make(map[string]bool, len(parts))
		for i := range parts {
			names[parts[i].Name] = true
		}
		return len(names) == len(parts)
	}
	for i := range parts {
		for j := range i {
			if parts[i].Name == parts[j].Name {
				return false
			}
		}
	}
	return true
}
