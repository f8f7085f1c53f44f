package xmlscan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// where says which rules hold for a piece of text.
type where int

const (
	inText where = iota
	inAttribute
	inCDATA
)

// misc skips what may stand outside the root element: white space and comments.
func (s *Scanner) misc() error {
	for {
		s.space()
		if s.at == len(s.text) {
			return nil
		}
		if s.text[s.at] != '<' {
			return s.errorf("there is text outside the root element")
		}
		found, err := s.comment()
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(s.text[s.at:], "<![CDATA["):
			return s.errorf("there is text outside the root element")
		case !found:
			return s.markup()
		}
	}
}

// content reads everything up to the next tag: text, CDATA sections and comments. The text of all of them is one.
func (s *Scanner) content() (string, error) {
	text, err := s.characters()
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(s.text[s.at:], "<!") {
		return text, s.markup()
	}
	var whole strings.Builder
	whole.WriteString(text)
	for more := true; more; {
		comment, err := s.comment()
		if err != nil {
			return "", err
		}
		section, cdata, err := s.cdata()
		if err != nil {
			return "", err
		}
		whole.WriteString(section)
		if text, err = s.characters(); err != nil {
			return "", err
		}
		whole.WriteString(text)
		more = comment || cdata
	}
	return whole.String(), s.markup()
}

// markup refuses what begins like a declaration or an instruction.
func (s *Scanner) markup() error {
	switch rest := s.text[s.at:]; {
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		return s.errorf("%w", ErrDoctype)
	case strings.HasPrefix(rest, "<!"):
		return s.errorf("this is no markup of a message")
	case strings.HasPrefix(rest, "<?"):
		return s.errorf("%w", ErrInstruction)
	}
	return nil
}

// characters reads text up to the next <, or to the end of the document.
func (s *Scanner) characters() (string, error) {
	length := strings.IndexByte(s.text[s.at:], '<')
	if length < 0 {
		length = len(s.text) - s.at
	}
	if length == 0 {
		return "", nil
	}
	raw := s.text[s.at : s.at+length]
	if strings.IndexByte(raw, '>') >= 0 && strings.Contains(raw, "]]>") {
		return "", s.errorf("there is ]]> in a text")
	}
	text, err := s.expand(raw, inText)
	s.at += length
	return text, err
}

// comment skips a comment, if one is next.
func (s *Scanner) comment() (bool, error) {
	if !s.take("<!--") {
		return false, nil
	}
	length := strings.Index(s.text[s.at:], "--")
	if length < 0 {
		return false, s.errorf("a comment has no end")
	}
	s.at += length
	if !s.take("-->") {
		return false, s.errorf("there is -- in a comment")
	}
	return true, nil
}

// cdata reads a CDATA section, if one is next.
func (s *Scanner) cdata() (string, bool, error) {
	if !s.take("<![CDATA[") {
		return "", false, nil
	}
	length := strings.Index(s.text[s.at:], "]]>")
	if length < 0 {
		return "", false, s.errorf("a CDATA section has no end")
	}
	text, err := s.expand(s.text[s.at:s.at+length], inCDATA)
	s.at += length + len("]]>")
	return text, true, err
}

// expand gives a piece of the document as text: with line ends as one line feed, with references replaced, and in an
// attribute with white space as spaces where it is not written as a reference.
func (s *Scanner) expand(raw string, in where) (string, error) {
	i := special(raw, in)
	if i < 0 {
		return raw, nil
	}
	out := make([]byte, 0, len(raw))
	for i >= 0 {
		out = append(out, raw[:i]...)
		size := 1
		switch c := raw[i]; {
		case c == '&':
			r, length, err := reference(raw[i:])
			if err != nil {
				return "", s.errorf("%w", err)
			}
			out, size = utf8.AppendRune(out, r), length
		default:
			if strings.HasPrefix(raw[i:], "\r\n") {
				size = 2
			}
			if c = '\n'; in == inAttribute {
				c = ' '
			}
			out = append(out, c)
		}
		raw = raw[i+size:]
		i = special(raw, in)
	}
	return string(append(out, raw...)), nil
}

// special finds the first byte that does not stand for itself.
func special(raw string, in where) int {
	for i := range len(raw) {
		switch raw[i] {
		case '\r':
			return i
		case '&':
			if in != inCDATA {
				return i
			}
		case '\t', '\n':
			if in == inAttribute {
				return i
			}
		}
	}
	return -1
}

// reference reads a character reference or a predefined entity at the beginning of a piece of text.
func reference(raw string) (r rune, length int, err error) {
	end := strings.IndexByte(raw, ';')
	if end < 0 {
		return 0, 0, errors.New("an & begins no reference")
	}
	name := raw[1:end]
	switch name {
	case "lt":
		return '<', end + 1, nil
	case "gt":
		return '>', end + 1, nil
	case "amp":
		return '&', end + 1, nil
	case "quot":
		return '"', end + 1, nil
	case "apos":
		return '\'', end + 1, nil
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, 0, errors.New("only the five predefined entities are accepted")
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	// ParseUint takes no sign and, with a base that is stated, neither a prefix nor underscores.
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || !isChar(rune(n)) {
		return 0, 0, errors.New("a character reference means no character of XML")
	}
	return rune(n), end + 1, nil
}

// isChar: Char of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

// legal checks that a document is UTF-8 and holds characters of XML alone, wherever they stand.
func legal(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("it is not UTF-8")
	}
	for i := range len(text) {
		if c := text[i]; c < 0x20 && !isSpace(c) {
			return fmt.Errorf("byte %d: this is no character of XML", i)
		}
	}
	for _, beyond := range []string{"\ufffe", "\uffff"} {
		if i := strings.Index(text, beyond); i >= 0 {
			return fmt.Errorf("byte %d: this is no character of XML", i)
		}
	}
	return nil
}
