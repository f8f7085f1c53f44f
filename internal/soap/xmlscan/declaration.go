package xmlscan

import "strings"

// declaration reads the XML declaration, if there is one: version 1.0, then perhaps the encoding, which must be UTF-8, then
// perhaps standalone (XML 1.0, 2.8).
func (s *Scanner) declaration() error {
	if !strings.HasPrefix(s.text[s.at:], "<?xml") || len(s.text) == s.at+len("<?xml") || !isSpace(s.text[s.at+len("<?xml")]) {
		return nil // another instruction is refused where it is met
	}
	s.at += len("<?xml")
	version, ok := s.pseudo("version")
	if !ok || version != "1.0" {
		return s.errorf("the XML declaration does not say version 1.0")
	}
	if encoding, ok := s.pseudo("encoding"); ok && !strings.EqualFold(encoding, "UTF-8") {
		return s.errorf("the encoding is not UTF-8")
	}
	if standalone, ok := s.pseudo("standalone"); ok && standalone != "yes" && standalone != "no" {
		return s.errorf("the XML declaration is not as it should be")
	}
	s.space()
	if !s.take("?>") {
		return s.errorf("the XML declaration is not as it should be")
	}
	return nil
}

// pseudo reads a part of the declaration, if it is what comes next.
func (s *Scanner) pseudo(name string) (string, bool) {
	from := s.at
	if s.space() && s.take(name) {
		s.space()
		if s.take("=") {
			s.space()
			if quote := s.peek(); quote == '"' || quote == '\'' {
				if value, _, found := strings.Cut(s.text[s.at+1:], string(quote)); found {
					s.at += len(value) + 2
					return value, true
				}
			}
		}
	}
	s.at = from
	return "", false
}
