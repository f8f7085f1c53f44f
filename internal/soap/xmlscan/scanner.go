package xmlscan

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of what a message may hold. FK Organisation's messages are 10 deep; a tag of theirs has some 20 attributes and
// declarations at most.
const (
	MaxDepth        = 100 // elements inside each other
	MaxAttributes   = 200 // attributes and declarations of one tag
	MaxDeclarations = 500 // declarations in force at one element
)

// ErrDoctype is the answer to a document type declaration: it is the way to entities, which no message needs.
var ErrDoctype = errors.New("document type declarations are not accepted")

// ErrInstruction is the answer to a processing instruction: SOAP 1.2 forbids them.
var ErrInstruction = errors.New("processing instructions are not accepted")

// Kind is what a token is.
type Kind int

const (
	Start Kind = iota // of an element, with its attributes
	End               // of an element; an empty-element tag is a Start and an End
	Text              // all the text between two tags; never empty
)

// Token is a part of a document.
type Token struct {
	Kind   Kind
	Prefix string   // of the element's name, as written
	Name   xml.Name // of the element, with its namespace
	// Attrs are the attributes without declarations, Declared the declarations, both in the order of the document. Both are
	// of a Start alone.
	Attrs    []Attr
	Declared []Binding
	Text     string
	// From and To are where the tag stands in the document's bytes. The End of an empty-element tag is empty and stands behind it.
	From, To int
}

// Attr is an attribute.
type Attr struct {
	Prefix string
	Name   xml.Name
	Value  string
}

// Scanner reads one document. It must be made by New.
type Scanner struct {
	text  string
	at    int
	root  bool // has begun
	empty bool // the last tag was an empty-element tag, whose End is still to come
	open  []element
	scope []Binding
	token Token
	raw   []rawAttr // of the tag at hand
}

// element is one that is open.
type element struct {
	prefix string
	name   xml.Name
	before int // declarations in force outside it
}

// New begins to read a document. The caller bounds its size. A byte order mark is accepted; offsets count it.
func New(data []byte) (*Scanner, error) {
	s := &Scanner{text: string(data)}
	if err := legal(s.text); err != nil {
		return nil, err
	}
	if strings.HasPrefix(s.text, "\ufeff") {
		s.at = len("\ufeff")
	}
	if err := s.declaration(); err != nil {
		return nil, err
	}
	return s, nil
}

// Next gives the next token, io.EOF behind the last one. The token and its slices are good until Next is called again; the
// strings in it are good for ever. After an error there is nothing more to read.
func (s *Scanner) Next() (*Token, error) {
	if s.empty {
		s.empty = false
		s.close(s.at, s.at)
		return &s.token, nil
	}
	if len(s.open) == 0 {
		if err := s.misc(); err != nil {
			return nil, err
		}
	} else {
		text, err := s.content()
		if err != nil {
			return nil, err
		}
		if text != "" {
			s.token = Token{Kind: Text, Text: text}
			return &s.token, nil
		}
	}
	if s.at == len(s.text) {
		return nil, s.end()
	}
	if strings.HasPrefix(s.text[s.at:], "</") {
		return &s.token, s.endTag()
	}
	return &s.token, s.startTag()
}

// end judges what the document is when it is over.
func (s *Scanner) end() error {
	switch {
	case len(s.open) > 0:
		return s.errorf("element %s is not closed", s.open[len(s.open)-1].name.Local)
	case !s.root:
		return s.errorf("there is no element at all")
	}
	return io.EOF
}

// Offset is how far the document has been read, in bytes.
func (s *Scanner) Offset() int { return s.at }

// errorf makes an error about the place that the scanner is at. It must not quote text: texts hold names and CPR numbers.
func (s *Scanner) errorf(format string, args ...any) error {
	return fmt.Errorf("byte %d: %w", s.at, fmt.Errorf(format, args...))
}

// peek gives the next byte, 0 at the end: a document holds no such byte.
func (s *Scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// space skips white space and tells whether there was any.
func (s *Scanner) space() bool {
	from := s.at
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
	return s.at > from
}

// take skips a text if it is what comes next.
func (s *Scanner) take(text string) bool {
	if !strings.HasPrefix(s.text[s.at:], text) {
		return false
	}
	s.at += len(text)
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
