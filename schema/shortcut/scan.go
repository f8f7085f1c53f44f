package shortcut

import (
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/schema/plain"
)

// deepest bounds how deep values may be nested.
const deepest = 40

// scanner reads text from left to right. Its methods report whether what they look for is
// there; after a no the scanner is of no use any more.
type scanner struct {
	text string
	at   int
	line int // from 1
	from int // where the line begins
	deep int
	// stack holds the parts of the structs and lists that are open.
	stack []plain.Part
	store *store // where values are kept; nil: only the form is looked at, and values have no parts
}

// peek gives the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) blanks() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

func (s *scanner) newline() bool {
	if !s.take('\n') {
		return false
	}
	s.line++
	s.from = s.at
	return true
}

// comment passes over a comment, but not over the end of its line.
func (s *scanner) comment() bool {
	if !strings.HasPrefix(s.text[s.at:], "//") {
		return false
	}
	end := strings.IndexByte(s.text[s.at:], '\n')
	if end < 0 {
		end = len(s.text) - s.at
	}
	text := s.text[s.at : s.at+end]
	s.at += end
	return harmless(text)
}

// space passes over blanks, ends of lines and comments. It reports false where a comment
// holds what CUE might not take.
func (s *scanner) space() bool {
	for {
		s.blanks()
		switch s.peek() {
		case '\n':
			s.newline()
		case '/':
			if !s.comment() {
				return false
			}
		default:
			return true
		}
	}
}

// separator passes over what stands between one element and the next: a comma, the end of
// the line, or both. Where close follows it need not stand.
func (s *scanner) separator(close byte) bool {
	s.blanks()
	switch s.peek() {
	case close:
		return true
	case ',':
		s.at++
		return s.space()
	case '\n', '/':
		return s.space()
	}
	return false
}

// word reads a name without quotes that may stand for a field. Names that begin with _ or
// # mean something else to CUE, and so do its keywords.
func (s *scanner) word() (string, bool) {
	start := s.at
	for s.at < len(s.text) && isLetter(s.text[s.at]) || s.at > start && isDigit(s.peek()) {
		s.at++
	}
	return s.text[start:s.at], s.at > start
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// label reads the name of a field and the colon after it.
func (s *scanner) label() (string, bool) {
	name, ok := "", false
	if s.peek() == '"' {
		name, ok = s.quoted()
		ok = ok && isASCII(name)
	} else if name, ok = s.word(); isKeyword(name) {
		ok = name == "for" && s.peek() == ':' // the one that the definitions have as a name
	}
	s.blanks()
	if !ok || !s.take(':') {
		return "", false
	}
	s.blanks()
	return name, true
}

// isKeyword reports whether CUE may read a word as something else than a field's name.
func isKeyword(word string) bool {
	switch word {
	case "package", "import", "for", "in", "if", "let", "true", "false", "null", "div", "mod", "quo", "rem",
		"func", "try", "otherwise", "fallback", "else", "self":
		return true
	}
	return false
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// quoted reads a text in quotes on one line.
func (s *scanner) quoted() (string, bool) {
	start := s.at + 1
	for i := start; i < len(s.text); i++ {
		switch s.text[i] {
		case '"':
			s.at = i + 1
			text := s.text[start:i]
			return text, (text != "" || s.peek() != '"') && harmless(text) // """ begins a text of several lines
		case '\\':
			return s.escaped(start, i)
		case '\n':
			return "", false
		}
	}
	return "", false
}

// escaped reads the rest of a text in quotes that has an escape at i.
func (s *scanner) escaped(start, i int) (string, bool) {
	var b strings.Builder
	b.WriteString(s.text[start:i])
	for ; i < len(s.text); i++ {
		switch c := s.text[i]; c {
		case '"':
			s.at = i + 1
			return b.String(), harmless(s.text[start:i])
		case '\\':
			i++
			if i == len(s.text) {
				return "", false
			}
			switch s.text[i] {
			case '"', '\\', '/':
				b.WriteByte(s.text[i])
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				return "", false
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// harmless reports whether a stretch of text is UTF-8 without control characters (a tab
// is none here), byte order marks and what stands for a broken character.
func harmless(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError || r == '\ufeff' {
			return false
		}
		i += size
	}
	return true
}

// mostDigits is how many digits a number may have before and after its point: as many as
// a float64 holds exactly, so that no rounding can decide whether it fits.
const mostDigits = 15

// number reads a decimal number.
func (s *scanner) number() (string, bool) {
	start := s.at
	s.take('-')
	whole := s.digits()
	if whole == 0 || s.text[s.at-whole] == '0' && whole > 1 {
		return "", false
	}
	after := 0
	if s.take('.') {
		if after = s.digits(); after == 0 {
			return "", false
		}
	}
	switch c := s.peek(); {
	case whole+after > mostDigits, isLetter(c), c == '_', c == '.':
		return "", false // 1K, 1_000, 1e3 and others
	}
	return s.text[start:s.at], true
}

func (s *scanner) digits() int {
	start := s.at
	for isDigit(s.peek()) {
		s.at++
	}
	return s.at - start
}
