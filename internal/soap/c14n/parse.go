package c14n

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Namespaces whose prefixes are bound by the specification.
const (
	namespaceXML   = "http://www.w3.org/XML/1998/namespace"
	namespaceXMLNS = "http://www.w3.org/2000/xmlns/"
)

// errInstruction is the answer to a processing instruction: SOAP 1.2 forbids them.
var errInstruction = errors.New("processing instructions are not accepted")

// Document is a message with its bytes.
type Document struct {
	Root *Element
	data []byte
}

// parser builds a document from the decoder's raw tokens. Those keep prefixes, but check little, so it checks the rest.
type parser struct {
	data  []byte
	d     *xml.Decoder
	root  *Element
	open  []*Element
	scope []binding
	marks []int // length of scope before each open element
}

// Parse reads one document. The caller bounds the size, and must not change data as long as the document is used.
func Parse(data []byte) (*Document, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := &parser{data: data, d: xml.NewDecoder(bytes.NewReader(data))}
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("read XML: %w", err)
	}
	return &Document{Root: p.root, data: data}, nil
}

func (p *parser) run() error {
	for {
		start := int(p.d.InputOffset())
		tok, err := p.d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.token(tok, start)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case len(p.open) > 0:
		return fmt.Errorf("element %s is not closed", p.open[len(p.open)-1].Name.Local)
	case p.root == nil:
		return errors.New("no element at all")
	}
	return nil
}

func (p *parser) token(tok xml.Token, start int) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return p.start(t, start)
	case xml.EndElement:
		return p.end(t, start)
	case xml.CharData:
		return p.text(t)
	case xml.Directive:
		return xmltree.ErrDoctype
	case xml.ProcInst:
		if t.Target != "xml" || start != 0 {
			return errInstruction
		}
	}
	return nil
}

func (p *parser) text(t xml.CharData) error {
	if len(p.open) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return errors.New("text outside the root element")
		}
		return nil
	}
	in := p.open[len(p.open)-1]
	// A comment or a CDATA section may have split one text.
	if k := len(in.Children); k > 0 && in.Children[k-1].Element == nil {
		in.Children[k-1].Text += string(t)
		return nil
	}
	in.Children = append(in.Children, Child{Text: string(t)})
	return nil
}

func (p *parser) end(t xml.EndElement, start int) error {
	if len(p.open) == 0 {
		return fmt.Errorf("</%s> closes nothing", t.Name.Local)
	}
	e := p.open[len(p.open)-1]
	if t.Name.Space != e.Prefix || t.Name.Local != e.Name.Local {
		return fmt.Errorf("</%s> closes <%s>", t.Name.Local, e.Name.Local)
	}
	e.close, e.end = start, int(p.d.InputOffset())
	p.scope = p.scope[:p.marks[len(p.marks)-1]]
	p.open, p.marks = p.open[:len(p.open)-1], p.marks[:len(p.marks)-1]
	return nil
}

func (p *parser) start(t xml.StartElement, start int) error {
	switch {
	case len(p.open) == 0 && p.root != nil:
		return errors.New("more than one root element")
	case len(p.open) >= xmltree.MaxDepth:
		return fmt.Errorf("more than %d elements inside each other", xmltree.MaxDepth)
	}
	t, err := p.normalized(t, start)
	if err != nil {
		return err
	}
	e := &Element{Prefix: t.Name.Space, start: start, inside: int(p.d.InputOffset())}
	p.marks = append(p.marks, len(p.scope))
	if err := p.declare(e, t); err != nil {
		return err
	}
	if err := p.resolve(e, t); err != nil {
		return err
	}
	if len(p.open) > 0 {
		e.Parent = p.open[len(p.open)-1]
		e.Parent.Children = append(e.Parent.Children, Child{Element: e})
	} else {
		p.root = e
	}
	p.open = append(p.open, e)
	return nil
}

// normalized reads a start tag again whose attributes hold white space other than spaces: where it stands as such, and not
// as a character reference, it is a space (XML 1.0, 3.3.3). encoding/xml leaves that out. Between attributes it does not
// matter what white space it is.
func (p *parser) normalized(t xml.StartElement, start int) (xml.StartElement, error) {
	odd := func(a xml.Attr) bool { return strings.ContainsAny(a.Value, "\t\n\r") }
	for _, a := range t.Attr {
		if !odd(a) {
			continue
		}
		tag := bytes.ReplaceAll(p.data[start:p.d.InputOffset()], []byte("\r\n"), []byte(" "))
		tag = bytes.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' {
				return ' '
			}
			return r
		}, tag)
		again, err := xml.NewDecoder(bytes.NewReader(tag)).RawToken()
		s, ok := again.(xml.StartElement)
		if err != nil || !ok {
			return t, fmt.Errorf("element %s cannot be read: %w", t.Name.Local, err)
		}
		return s, nil
	}
	return t, nil
}

// declare takes the namespace declarations of a start tag into the scope.
func (p *parser) declare(e *Element, t xml.StartElement) error {
	for _, a := range t.Attr {
		b, ok := declaration(a)
		if !ok {
			continue
		}
		switch {
		case b.prefix == "xmlns", b.space == namespaceXMLNS, (b.prefix == "xml") != (b.space == namespaceXML):
			return fmt.Errorf("element %s: prefix %q may not name %q", t.Name.Local, b.prefix, b.space)
		case b.space == "" && b.prefix != "":
			return fmt.Errorf("element %s: prefix %s names no namespace", t.Name.Local, b.prefix)
		}
		for _, other := range e.declared {
			if other.prefix == b.prefix {
				return fmt.Errorf("element %s: prefix %q is declared twice", t.Name.Local, b.prefix)
			}
		}
		e.declared = append(e.declared, b)
	}
	p.scope = append(p.scope, e.declared...)
	return nil
}

// declaration tells a namespace declaration from an attribute.
func declaration(a xml.Attr) (binding, bool) {
	switch {
	case a.Name.Space == "xmlns":
		return binding{prefix: a.Name.Local, space: a.Value}, true
	case a.Name.Space == "" && a.Name.Local == "xmlns":
		return binding{space: a.Value}, true
	}
	return binding{}, false
}

// resolve gives the element and its attributes their namespaces.
func (p *parser) resolve(e *Element, t xml.StartElement) error {
	var err error
	if e.Name, err = p.name(t.Name, true); err != nil {
		return err
	}
	if n := len(t.Attr) - len(e.declared); n > 0 {
		e.Attrs = make([]Attr, 0, n)
	}
	for _, a := range t.Attr {
		if _, ok := declaration(a); ok {
			continue
		}
		name, err := p.name(a.Name, false)
		if err != nil {
			return fmt.Errorf("element %s: %w", t.Name.Local, err)
		}
		for _, other := range e.Attrs {
			if other.Name == name {
				return fmt.Errorf("element %s: attribute %s occurs twice", t.Name.Local, name.Local)
			}
		}
		e.Attrs = append(e.Attrs, Attr{Prefix: a.Name.Space, Name: name, Value: a.Value})
	}
	return nil
}

// name resolves a prefix; without one, an element is in the default namespace and an attribute in none.
func (p *parser) name(raw xml.Name, element bool) (xml.Name, error) {
	if strings.Contains(raw.Local, ":") || raw.Space == "xmlns" {
		return raw, fmt.Errorf("%q is no name in a namespace", raw.Local)
	}
	if raw.Space == "" && !element {
		return raw, nil
	}
	space, ok := lookup(p.scope, raw.Space)
	if !ok {
		return raw, fmt.Errorf("prefix %s of %s is not declared", raw.Space, raw.Local)
	}
	return xml.Name{Space: space, Local: raw.Local}, nil
}
