package xmltree

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"orgit.dk/orgit/internal/soap/xmlscan"
)

// Parse reads one document. The caller bounds the size.
func Parse(data []byte) (*Node, error) {
	s, err := xmlscan.New(data)
	if err != nil {
		return nil, fmt.Errorf("read XML: %w", err)
	}
	var b Builder
	for {
		t, err := s.Next()
		if errors.Is(err, io.EOF) {
			return b.Root(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		switch t.Kind {
		case xmlscan.Start:
			b.Start(t.Name, t.Attrs)
		case xmlscan.End:
			b.End()
		case xmlscan.Text:
			b.Text(t.Text)
		}
	}
}

// Builder makes a tree of what a reader meets in a document, in its order. The zero value is ready. White space beside child
// elements is left out.
type Builder struct {
	root    *Node
	open    []*Node
	waiting []*Node // children of open elements, until their number is known
	marks   []int   // where those of each open element begin
	nodes   []Node  // room for more
	links   []*Node // room for more lists of children
	made    int     // how often room was made
}

// room is how many nodes are made at a time when there are many: a page of FK Organisation has 300,000. Most messages are small.
const room, littleRoom = 512, 32

// roomFor is how much room is made when n more are needed.
func (b *Builder) roomFor(n int) int {
	if b.made++; b.made < 8 {
		return max(n, littleRoom)
	}
	return max(n, room)
}

func (b *Builder) node() *Node {
	if len(b.nodes) == 0 {
		b.nodes = make([]Node, b.roomFor(1))
	}
	n := &b.nodes[0]
	b.nodes = b.nodes[1:]
	return n
}

// Root is the tree; nil before anything has begun.
func (b *Builder) Root() *Node { return b.root }

// Start opens an element.
func (b *Builder) Start(name xml.Name, attrs []xmlscan.Attr) {
	n := b.node()
	n.Name = name
	if len(attrs) > 0 {
		n.Attr = make([]xml.Attr, len(attrs))
		for i, a := range attrs {
			n.Attr[i] = xml.Attr{Name: a.Name, Value: a.Value}
		}
	}
	if b.root == nil {
		b.root = n
	} else {
		b.waiting = append(b.waiting, n)
	}
	b.open, b.marks = append(b.open, n), append(b.marks, len(b.waiting))
}

// Text adds text to the open element. What stands together must come in one piece.
func (b *Builder) Text(text string) {
	n := b.node()
	n.Text = text
	b.waiting = append(b.waiting, n)
}

// End closes the open element.
func (b *Builder) End() {
	last := len(b.open) - 1
	n, from := b.open[last], b.marks[last]
	b.open, b.marks = b.open[:last], b.marks[:last]
	children := b.waiting[from:]
	if len(children) > 1 || len(children) == 1 && !children[0].IsText() {
		children = withoutBlank(children)
	}
	b.waiting = b.waiting[:from]
	if len(children) == 0 {
		return
	}
	if len(b.links) < len(children) {
		b.links = make([]*Node, b.roomFor(len(children)))
	}
	n.Children = b.links[:len(children):len(children)]
	b.links = b.links[len(children):]
	copy(n.Children, children)
}

// withoutBlank takes white space out of the children of an element that has elements.
func withoutBlank(children []*Node) []*Node {
	kept := children[:0]
	for _, c := range children {
		if !c.IsText() || strings.TrimSpace(c.Text) != "" {
			kept = append(kept, c)
		}
	}
	return kept
}
