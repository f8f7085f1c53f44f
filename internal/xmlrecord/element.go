package xmlrecord

import (
	"iter"
	"strings"
)

// Element is an element with all that is in it. A nil Element has nothing.
type Element struct {
	Name       string // without a namespace
	Line       int    // of its start tag, from 1
	Text       string // its own text, without blanks around it
	attributes []attribute
	children   []*Element
}

type attribute struct{ name, value string }

// Attribute gives the value of an attribute without blanks around it, empty when there is none.
func (e *Element) Attribute(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attributes {
		if a.name == name {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// First gives the first child of a name, nil when there is none.
func (e *Element) First(name string) *Element {
	for child := range e.All(name) {
		return child
	}
	return nil
}

// Value gives the text of the first child of a name, empty when there is none.
func (e *Element) Value(name string) string {
	if child := e.First(name); child != nil {
		return child.Text
	}
	return ""
}

// All gives the children of a name, in their order.
func (e *Element) All(name string) iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		if e == nil {
			return
		}
		for _, child := range e.children {
			if child.Name == name && !yield(child) {
				return
			}
		}
	}
}
