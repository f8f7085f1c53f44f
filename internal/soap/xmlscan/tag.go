package xmlscan

import (
	"encoding/xml"
	"strings"
)

// rawAttr is an attribute or a declaration as it is written, with its value normalised.
type rawAttr struct{ prefix, local, value string }

// startTag reads a start tag or an empty-element tag.
func (s *Scanner) startTag() error {
	from := s.at
	switch {
	case len(s.open) == 0 && s.root:
		return s.errorf("there is more than one root element")
	case len(s.open) >= MaxDepth:
		return s.errorf("more than %d elements are inside each other", MaxDepth)
	}
	s.at++ // '<'
	prefix, local, err := s.name()
	if err != nil {
		return err
	}
	if err := s.attributes(); err != nil {
		return err
	}
	if s.empty = s.take("/>"); !s.empty && !s.take(">") {
		return s.errorf("the start tag of %s is not closed", local)
	}
	s.root = true
	s.token = Token{Kind: Start, Prefix: prefix, Attrs: s.token.Attrs[:0], Declared: s.token.Declared[:0], From: from, To: s.at}
	return s.resolve(prefix, local)
}

// attributes reads what is in a start tag behind its name.
func (s *Scanner) attributes() error {
	s.raw = s.raw[:0]
	for {
		space := s.space()
		switch c := s.peek(); {
		case c == '>' || c == '/':
			return nil
		case c == 0:
			return s.errorf("the document ends inside a tag")
		case !space:
			return s.errorf("there is no white space before an attribute")
		case len(s.raw) == MaxAttributes:
			return s.errorf("a tag has more than %d attributes", MaxAttributes)
		}
		prefix, local, err := s.name()
		if err != nil {
			return err
		}
		s.space()
		if !s.take("=") {
			return s.errorf("attribute %s has no value", local)
		}
		s.space()
		value, err := s.value()
		if err != nil {
			return err
		}
		s.raw = append(s.raw, rawAttr{prefix, local, value})
	}
}

// value reads an attribute's value in its quotes.
func (s *Scanner) value() (string, error) {
	quote := s.peek()
	if quote != '"' && quote != '\'' {
		return "", s.errorf("an attribute's value is not quoted")
	}
	s.at++
	length := strings.IndexByte(s.text[s.at:], quote)
	if length < 0 {
		return "", s.errorf("an attribute's value has no end")
	}
	raw := s.text[s.at : s.at+length]
	if strings.IndexByte(raw, '<') >= 0 {
		return "", s.errorf("there is a < in an attribute's value")
	}
	value, err := s.expand(raw, inAttribute)
	s.at += length + 1
	return value, err
}

// endTag reads an end tag, which must be the one of the innermost open element.
func (s *Scanner) endTag() error {
	from := s.at
	s.at += len("</")
	prefix, local, err := s.name()
	if err != nil {
		return err
	}
	s.space()
	if !s.take(">") {
		return s.errorf("the end tag of %s is not closed", local)
	}
	if len(s.open) == 0 {
		return s.errorf("</%s> closes nothing", local)
	}
	if e := &s.open[len(s.open)-1]; e.prefix != prefix || e.name.Local != local {
		return s.errorf("</%s> closes <%s>", local, e.name.Local)
	}
	s.close(from, s.at)
	return nil
}

// close ends the innermost open element.
func (s *Scanner) close(from, to int) {
	e := s.open[len(s.open)-1]
	s.open, s.scope = s.open[:len(s.open)-1], s.scope[:e.before]
	s.token = Token{Kind: End, Prefix: e.prefix, Name: e.name, Attrs: s.token.Attrs[:0], Declared: s.token.Declared[:0], From: from, To: to}
}

// push opens an element.
func (s *Scanner) push(prefix string, name xml.Name, before int) {
	s.open = append(s.open, element{prefix: prefix, name: name, before: before})
}
