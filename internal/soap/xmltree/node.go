package xmltree

import (
	"encoding/xml"
	"strings"
)

// Node is an element or, when Name.Local is empty, a piece of text.
type Node struct {
	Name     xml.Name
	Attr     []xml.Attr // without namespace declarations
	Children []*Node
	Text     string // of a text node only
}

// Element makes an element with children.
func Element(space, local string, children ...*Node) *Node {
	return &Node{Name: xml.Name{Space: space, Local: local}, Children: children}
}

// Leaf makes an element that holds text and nothing else.
func Leaf(space, local, text string) *Node {
	n := Element(space, local)
	if text != "" {
		n.Children = []*Node{{Text: text}}
	}
	return n
}

// IsText tells a piece of text from an element.
func (n *Node) IsText() bool { return n.Name.Local == "" }

// Is reports whether n is the element with this name.
func (n *Node) Is(space, local string) bool {
	return n.Name.Space == space && n.Name.Local == local && local != ""
}

// Add appends those of the children that are not nil and returns n.
func (n *Node) Add(children ...*Node) *Node {
	for _, c := range children {
		if c != nil {
			n.Children = append(n.Children, c)
		}
	}
	return n
}

// Elements returns the child elements in document order.
func (n *Node) Elements() []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if !c.IsText() {
			out = append(out, c)
		}
	}
	return out
}

// Child returns the first child element with this name, nil when there is none. A nil node has no children, so
// that paths can be followed without a check at each step.
func (n *Node) Child(space, local string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Is(space, local) {
			return c
		}
	}
	return nil
}

// All returns every child element with this name.
func (n *Node) All(space, local string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if c.Is(space, local) {
			out = append(out, c)
		}
	}
	return out
}

// Content returns the text directly inside n, without leading and trailing white space, "" for a nil node.
func (n *Node) Content() string { return strings.TrimSpace(n.RawContent()) }

// RawContent returns the text directly inside n as it stands.
func (n *Node) RawContent() string {
	if n == nil {
		return ""
	}
	if len(n.Children) == 1 && n.Children[0].IsText() {
		return n.Children[0].Text
	}
	var b strings.Builder
	for _, c := range n.Children {
		if c.IsText() {
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

// Clone makes a deep copy.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	c := &Node{Name: n.Name, Text: n.Text}
	c.Attr = append(c.Attr, n.Attr...)
	for _, child := range n.Children {
		c.Children = append(c.Children, child.Clone())
	}
	return c
}
