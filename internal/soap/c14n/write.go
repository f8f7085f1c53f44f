package c14n

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/soap/xmlscan"
)

// Options of canonicalization.
type Options struct {
	// Inclusive are the prefixes of an InclusiveNamespaces PrefixList, "#default" among them.
	Inclusive []string
	// Without is left out with all that is in it: an enveloped signature.
	Without *Element
}

// Write writes e as exclusive canonical XML without comments. Errors are the writer's.
func Write(w io.Writer, e *Element, o Options) error {
	c := newCanonicalizer(e, o)
	c.to = w
	c.element(e)
	c.flush()
	return c.err
}

// Bytes gives e as exclusive canonical XML.
func Bytes(e *Element, o Options) []byte {
	c := newCanonicalizer(e, o)
	c.element(e)
	return c.out
}

// piece is how much is collected before it is written.
const piece = 8 << 10

type canonicalizer struct {
	to        io.Writer // nil: everything stays in out
	out       []byte
	err       error // the writer's first
	inclusive []string
	without   *Element
	scope     []binding // declared in the document, down to the element at hand; kept for the inclusive list alone
	rendered  []binding // declared in the output, down to the element at hand
	now       []binding // scratch
	attrs     []Attr    // scratch
}

func newCanonicalizer(e *Element, o Options) *canonicalizer {
	c := &canonicalizer{without: o.Without}
	for _, p := range o.Inclusive {
		if p == "#default" {
			p = ""
		}
		c.inclusive = append(c.inclusive, p)
	}
	if len(c.inclusive) > 0 {
		c.scope = e.Parent.inScope()
	}
	return c
}

func (c *canonicalizer) flush() {
	if c.err == nil && len(c.out) > 0 {
		_, c.err = c.to.Write(c.out)
	}
	c.out = c.out[:0]
}

func (c *canonicalizer) element(e *Element) {
	if e == c.without {
		return
	}
	scope, rendered := len(c.scope), len(c.rendered)
	if len(c.inclusive) > 0 {
		c.scope = append(c.scope, e.declared...)
	}
	c.out = appendName(append(c.out, '<'), e.Prefix, e.Name.Local)
	c.declarations(e)
	c.attributes(e)
	c.out = append(c.out, '>')
	for i := range e.Children {
		if ch := &e.Children[i]; ch.Element != nil {
			c.element(ch.Element)
		} else {
			c.out = xmlscan.AppendText(c.out, ch.Text)
		}
	}
	c.out = append(appendName(append(c.out, "</"...), e.Prefix, e.Name.Local), '>')
	c.scope, c.rendered = c.scope[:scope], c.rendered[:rendered]
	if c.to != nil && len(c.out) >= piece {
		c.flush()
	}
}

// declarations writes the prefixes that e and its attributes use, and those of the inclusive list that are in scope,
// where the output does not have them with the same meaning already.
func (c *canonicalizer) declarations(e *Element) {
	c.now = c.now[:0]
	c.use(e.Prefix, e.Name.Space)
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Prefix != "" {
			c.use(a.Prefix, a.Name.Space)
		}
	}
	for _, p := range c.inclusive {
		if space, ok := xmlscan.Lookup(c.scope, p); ok {
			c.use(p, space)
		}
	}
	if len(c.now) == 0 {
		return
	}
	if len(c.now) > 1 {
		slices.SortFunc(c.now, func(a, b binding) int { return cmp.Compare(a.Prefix, b.Prefix) })
	}
	for _, b := range c.now {
		c.out = appendDeclaration(c.out, b)
	}
	c.rendered = append(c.rendered, c.now...)
}

func (c *canonicalizer) use(prefix, space string) {
	if prefix == "xml" {
		return
	}
	if was, _ := xmlscan.Lookup(c.rendered, prefix); was == space {
		return
	}
	if _, twice := lookupOnly(c.now, prefix); !twice {
		c.now = append(c.now, binding{Prefix: prefix, Space: space})
	}
}

func (c *canonicalizer) attributes(e *Element) {
	attrs := e.Attrs
	if len(attrs) > 1 {
		c.attrs = append(c.attrs[:0], attrs...)
		attrs = c.attrs
		slices.SortFunc(attrs, func(a, b Attr) int {
			return cmp.Or(strings.Compare(a.Name.Space, b.Name.Space), strings.Compare(a.Name.Local, b.Name.Local))
		})
	}
	for _, a := range attrs {
		c.out = append(appendName(append(c.out, ' '), a.Prefix, a.Name.Local), `="`...)
		c.out = append(xmlscan.AppendValue(c.out, a.Value), '"')
	}
}

func appendName(b []byte, prefix, local string) []byte {
	if prefix != "" {
		b = append(append(b, prefix...), ':')
	}
	return append(b, local...)
}

func appendDeclaration(b []byte, d binding) []byte {
	b = append(b, " xmlns"...)
	if d.Prefix != "" {
		b = append(append(b, ':'), d.Prefix...)
	}
	return append(xmlscan.AppendValue(append(b, `="`...), d.Space), '"')
}
