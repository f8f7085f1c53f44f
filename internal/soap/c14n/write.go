package c14n

import (
	"bufio"
	"bytes"
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
	c := canonicalizer{out: bufio.NewWriterSize(w, 16<<10), without: o.Without, scope: e.Parent.inScope()}
	for _, p := range o.Inclusive {
		if p == "#default" {
			p = ""
		}
		c.inclusive = append(c.inclusive, p)
	}
	c.element(e)
	return c.out.Flush()
}

// Bytes gives e as exclusive canonical XML.
func Bytes(e *Element, o Options) []byte {
	var b bytes.Buffer
	// A bytes.Buffer takes everything.
	_ = Write(&b, e, o)
	return b.Bytes()
}

// sink is what canonical text is written to; errors come with the last Flush of a bufio.Writer.
type sink interface {
	WriteString(string) (int, error)
	WriteByte(byte) error
}

type canonicalizer struct {
	out       *bufio.Writer
	inclusive []string
	without   *Element
	scope     []binding // declared in the document, down to the element at hand
	rendered  []binding // declared in the output, down to the element at hand
	now       []binding // scratch
	attrs     []Attr    // scratch
}

func (c *canonicalizer) element(e *Element) {
	if e == c.without {
		return
	}
	scope, rendered := len(c.scope), len(c.rendered)
	c.scope = append(c.scope, e.declared...)
	c.out.WriteByte('<')
	writeName(c.out, e.Prefix, e.Name.Local)
	c.declarations(e)
	c.attributes(e)
	c.out.WriteByte('>')
	for _, ch := range e.Children {
		if ch.Element != nil {
			c.element(ch.Element)
		} else {
			writeText(c.out, ch.Text)
		}
	}
	c.out.WriteString("</")
	writeName(c.out, e.Prefix, e.Name.Local)
	c.out.WriteByte('>')
	c.scope, c.rendered = c.scope[:scope], c.rendered[:rendered]
}

// declarations writes the prefixes that e and its attributes use, and those of the inclusive list that are in scope,
// where the output does not have them with the same meaning already.
func (c *canonicalizer) declarations(e *Element) {
	c.now = c.now[:0]
	c.use(e.Prefix)
	for _, a := range e.Attrs {
		if a.Prefix != "" {
			c.use(a.Prefix)
		}
	}
	for _, p := range c.inclusive {
		c.use(p)
	}
	if len(c.now) == 0 {
		return
	}
	slices.SortFunc(c.now, func(a, b binding) int { return cmp.Compare(a.Prefix, b.Prefix) })
	for _, b := range c.now {
		writeDeclaration(c.out, b)
	}
	c.rendered = append(c.rendered, c.now...)
}

func (c *canonicalizer) use(prefix string) {
	if prefix == "xml" {
		return
	}
	space, ok := xmlscan.Lookup(c.scope, prefix)
	if !ok {
		return // of the inclusive list, and not in scope
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
		c.out.WriteByte(' ')
		writeName(c.out, a.Prefix, a.Name.Local)
		c.out.WriteString(`="`)
		writeValue(c.out, a.Value)
		c.out.WriteByte('"')
	}
}

func writeName(w sink, prefix, local string) {
	if prefix != "" {
		w.WriteString(prefix)
		w.WriteByte(':')
	}
	w.WriteString(local)
}

func writeDeclaration(w sink, b binding) {
	w.WriteString(" xmlns")
	if b.Prefix != "" {
		w.WriteByte(':')
		w.WriteString(b.Prefix)
	}
	w.WriteString(`="`)
	writeValue(w, b.Space)
	w.WriteByte('"')
}

// The escapes of canonical XML 1.0, section 2.3.
func writeText(w sink, s string)  { escape(w, s, "&<>\r") }
func writeValue(w sink, s string) { escape(w, s, "&<\"\t\n\r") }

func escape(w sink, s, special string) {
	for {
		i := strings.IndexAny(s, special)
		if i < 0 {
			w.WriteString(s)
			return
		}
		w.WriteString(s[:i])
		switch s[i] {
		case '&':
			w.WriteString("&amp;")
		case '<':
			w.WriteString("&lt;")
		case '>':
			w.WriteString("&gt;")
		case '"':
			w.WriteString("&quot;")
		case '\t':
			w.WriteString("&#x9;")
		case '\n':
			w.WriteString("&#xA;")
		case '\r':
			w.WriteString("&#xD;")
		}
		s = s[i+1:]
	}
}
