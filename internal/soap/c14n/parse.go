package c14n

import (
	"errors"
	"fmt"
	"io"

	"orgit.dk/orgit/internal/soap/xmlscan"
)

// Document is a message with its bytes.
type Document struct {
	Root *Element
	data []byte
}

// Parse reads one document. The caller bounds the size, and must not change data as long as the document is used.
func Parse(data []byte) (*Document, error) {
	s, err := xmlscan.New(data)
	if err != nil {
		return nil, fmt.Errorf("read XML: %w", err)
	}
	b := builder{}
	for {
		t, err := s.Next()
		if errors.Is(err, io.EOF) {
			return &Document{Root: b.root, data: data}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		switch t.Kind {
		case xmlscan.Start:
			b.start(t)
		case xmlscan.End:
			b.end(t)
		case xmlscan.Text:
			b.add(Child{Text: t.Text})
		}
	}
}

// builder makes a tree of tokens. The children of open elements wait on one stack until their number is known.
type builder struct {
	root     *Element
	open     *Element
	waiting  []Child
	marks    []int // where the children of each open element begin
	elements slab[Element]
	children slab[Child]
	attrs    slab[Attr]
	declared slab[binding]
}

func (b *builder) start(t *xmlscan.Token) {
	e := &b.elements.take(1)[0]
	e.Name, e.Prefix, e.Parent, e.start = t.Name, t.Prefix, b.open, t.From
	e.Attrs, e.declared = b.attrs.copy(t.Attrs), b.declared.copy(t.Declared)
	if b.open == nil {
		b.root = e
	} else {
		b.add(Child{Element: e})
	}
	b.open, b.marks = e, append(b.marks, len(b.waiting))
}

func (b *builder) add(c Child) { b.waiting = append(b.waiting, c) }

func (b *builder) end(t *xmlscan.Token) {
	e, from := b.open, b.marks[len(b.marks)-1]
	e.Children = b.children.copy(b.waiting[from:])
	e.close, e.end = t.From, t.To
	b.waiting, b.marks, b.open = b.waiting[:from], b.marks[:len(b.marks)-1], e.Parent
}

// slab gives out pieces of larger pieces of memory: a message has a hundred thousand elements, and they are forgotten
// together.
type slab[T any] struct {
	free []T
	size int
}

// slabSize is how many things a slab has room for at most; the first one is small, because most messages are.
const slabSize = 1024

func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.size = max(16, min(2*s.size, slabSize))
		s.free = make([]T, max(n, s.size))
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// copy keeps the items; nil for none.
func (s *slab[T]) copy(items []T) []T {
	if len(items) == 0 {
		return nil
	}
	out := s.take(len(items))
	copy(out, items)
	return out
}
