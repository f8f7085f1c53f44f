package c14n

import (
	"bytes"
	"encoding/xml"
	"strings"

	"orgit.dk/orgit/internal/soap/xmlscan"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// Element is an element of a document.
type Element struct {
	Name     xml.Name // with its namespace
	Prefix   string
	Attrs    []Attr // without namespace declarations
	Parent   *Element
	Children []Child

	declared []binding
	// Offsets in the document: of '<', of the end tag (equal to end for <x/>), behind the end tag.
	start, close, end int
}

// Attr is an attribute.
type Attr = xmlscan.Attr

// Child is an element, or text where Element is nil.
type Child struct {
	Element *Element
	Text    string
}

// binding is what a prefix stands for.
type binding = xmlscan.Binding

// Is reports whether e is the element with this name.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Name.Space == space && e.Name.Local == local
}

// Elements returns the child elements in document order. A nil element has none.
func (e *Element) Elements() []*Element {
	if e == nil {
		return nil
	}
	var out []*Element
	for _, c := range e.Children {
		if c.Element != nil {
			out = append(out, c.Element)
		}
	}
	return out
}

// All returns the child elements with this name.
func (e *Element) All(space, local string) []*Element {
	var out []*Element
	for _, c := range e.Elements() {
		if c.Is(space, local) {
			out = append(out, c)
		}
	}
	return out
}

// Only returns the child element with this name where there is exactly one, else nil.
func (e *Element) Only(space, local string) *Element {
	if all := e.All(space, local); len(all) == 1 {
		return all[0]
	}
	return nil
}

// Attr gives an attribute's value, "" where there is none.
func (e *Element) Attr(space, local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attrs {
		if a.Name.Space == space && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// Text gives the text of an element that holds nothing else, without white space around it; "" for a nil element and for
// one with elements in it.
func (e *Element) Text() string {
	if e == nil || len(e.Children) != 1 || e.Children[0].Element != nil {
		return ""
	}
	return strings.TrimSpace(e.Children[0].Text)
}

// Walk calls f for e and everything below it in document order.
func (e *Element) Walk(f func(*Element)) {
	f(e)
	for _, c := range e.Children {
		if c.Element != nil {
			c.Element.Walk(f)
		}
	}
}

// inScope gives the declarations that hold at e, its own included, outermost first.
func (e *Element) inScope() []binding {
	if e == nil {
		return nil
	}
	return append(e.Parent.inScope(), e.declared...)
}

// Namespace gives what a prefix stands for at e, and whether it stands for anything.
func (e *Element) Namespace(prefix string) (string, bool) { return xmlscan.Lookup(e.inScope(), prefix) }

// Tree gives the element as package xmltree reads it: without prefixes, declarations and indentation.
func (e *Element) Tree() *xmltree.Node {
	var b xmltree.Builder
	e.build(&b)
	return b.Root()
}

func (e *Element) build(b *xmltree.Builder) {
	b.Start(e.Name, e.Attrs)
	for _, c := range e.Children {
		if c.Element != nil {
			c.Element.build(b)
		} else {
			b.Text(c.Text)
		}
	}
	b.End()
}

// Cut gives an element of the document as it stands in the bytes, as a document of its own: declarations that it inherits
// are added to its start tag, everything else is untouched.
func (d *Document) Cut(e *Element) []byte {
	raw := d.data[e.start:e.end]
	at := tagName(raw)
	b := append([]byte{}, raw[:at]...)
	scope := e.Parent.inScope()
	for i, s := range scope {
		if _, repeated := lookupOnly(scope[i+1:], s.Prefix); repeated {
			continue
		}
		if _, own := lookupOnly(e.declared, s.Prefix); own || s.Prefix == "" && s.Space == "" {
			continue
		}
		b = appendDeclaration(b, s)
	}
	return append(b, raw[at:]...)
}

// tagName gives the offset behind the name in a start tag.
func tagName(tag []byte) int { return bytes.IndexAny(tag, " \t\r\n/>") }

func lookupOnly(declared []binding, prefix string) (string, bool) {
	for _, b := range declared {
		if b.Prefix == prefix {
			return b.Space, true
		}
	}
	return "", false
}

// Offsets of an element in the document's bytes, for who adds to a message without touching the rest: behind the name in
// its start tag, and where its end tag begins. ok is false for an empty element tag, which has no end tag.
func (d *Document) Offsets(e *Element) (name, end int, ok bool) {
	return e.start + tagName(d.data[e.start:]), e.close, e.close != e.end
}

// End is the offset behind an element in the document's bytes.
func (d *Document) End(e *Element) int { return e.end }

// Size is the number of bytes of the document.
func (d *Document) Size() int { return len(d.data) }
