package xmlscan

import "unicode/utf8"

// The characters below 128 that may stand in a name, the colon apart: letters, digits, '-', '.', '_'. One bit for each.
const (
	namesLow  = 0x03ff<<'0' | 1<<'-' | 1<<'.'
	namesHigh = 0x07fffffe | 0x07fffffe<<32 | 1<<('_'-64)
)

func isNameByte(c byte) bool {
	if c < 64 {
		return uint64(namesLow)>>c&1 != 0
	}
	return c < utf8.RuneSelf && uint64(namesHigh)>>(c-64)&1 != 0
}

// name reads a qualified name: one or two names without a colon, with a colon between them (Namespaces in XML 1.0, 4).
func (s *Scanner) name() (prefix, local string, err error) {
	first, err := s.ncname()
	if err != nil {
		return "", "", err
	}
	if s.peek() != ':' {
		return "", first, nil
	}
	s.at++
	if local, err = s.ncname(); err != nil {
		return "", "", err
	}
	if s.peek() == ':' {
		return "", "", s.errorf("this is no name in a namespace")
	}
	return first, local, nil
}

// ncname reads a name without a colon.
func (s *Scanner) ncname() (string, error) {
	from := s.at
	for s.at < len(s.text) {
		c := s.text[s.at]
		if isNameByte(c) {
			s.at++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if !isNameStart(r) && !isNameLater(r) {
			break
		}
		s.at += size
	}
	name := s.text[from:s.at]
	if name == "" {
		return "", s.errorf("this is no name in a namespace")
	}
	switch c := name[0]; {
	case c == '-' || c == '.' || c >= '0' && c <= '9':
		return "", s.errorf("this is no name in a namespace")
	case c >= utf8.RuneSelf:
		if r, _ := utf8.DecodeRuneInString(name); !isNameStart(r) {
			return "", s.errorf("this is no name in a namespace")
		}
	}
	return name, nil
}

// isNameStart: NameStartChar of XML 1.0, fifth edition, beyond ASCII.
func isNameStart(r rune) bool {
	switch {
	case r >= 0xc0 && r <= 0x2ff:
		return r != 0xd7 && r != 0xf7
	case r >= 0x370 && r <= 0x1fff:
		return r != 0x37e
	case r >= 0x2070 && r <= 0x218f, r == 0x200c, r == 0x200d, r >= 0x2c00 && r <= 0x2fef, r >= 0x3001 && r <= 0xd7ff,
		r >= 0xf900 && r <= 0xfdcf, r >= 0xfdf0 && r <= 0xfffd, r >= 0x10000 && r <= 0xeffff:
		return true
	}
	return false
}

// isNameLater: what NameChar adds beyond ASCII.
func isNameLater(r rune) bool {
	return r == 0xb7 || r >= 0x300 && r <= 0x36f || r == 0x203f || r == 0x2040
}
