package xmlscan

import "encoding/xml"

// Namespaces whose prefixes are bound by the specification.
const (
	NamespaceXML   = "http://www.w3.org/XML/1998/namespace"
	namespaceXMLNS = "http://www.w3.org/2000/xmlns/"
)

// Binding is what a prefix stands for; the default namespace has the prefix "".
type Binding struct{ Prefix, Space string }

// Lookup finds what a prefix stands for in a scope whose last entries are the innermost, and whether it stands for anything.
// The default namespace is always there: where nobody declares it, it is none.
func Lookup(scope []Binding, prefix string) (string, bool) {
	if prefix == "xml" {
		return NamespaceXML, true
	}
	for i := len(scope) - 1; i >= 0; i-- {
		if scope[i].Prefix == prefix {
			return scope[i].Space, true
		}
	}
	return "", prefix == ""
}

// resolve opens the element whose tag was read: its declarations come into force, and it and its attributes get their
// namespaces.
func (s *Scanner) resolve(prefix, local string) error {
	t, before := &s.token, len(s.scope)
	for _, a := range s.raw {
		b, ok := declaration(a)
		if !ok {
			continue
		}
		if err := s.declare(b, local); err != nil {
			return err
		}
	}
	space, err := s.namespace(prefix, local)
	if err != nil {
		return err
	}
	t.Name = xml.Name{Space: space, Local: local}
	if len(s.raw) > len(t.Declared) {
		if err := s.resolveAttributes(); err != nil {
			return err
		}
	}
	s.push(prefix, t.Name, before)
	return nil
}

// declaration tells a namespace declaration from an attribute.
func declaration(a rawAttr) (Binding, bool) {
	switch {
	case a.prefix == "xmlns":
		return Binding{Prefix: a.local, Space: a.value}, true
	case a.prefix == "" && a.local == "xmlns":
		return Binding{Space: a.value}, true
	}
	return Binding{}, false
}

// declare brings a declaration into force.
func (s *Scanner) declare(b Binding, local string) error {
	t := &s.token
	switch {
	case b.Prefix == "xmlns", b.Space == namespaceXMLNS, (b.Prefix == "xml") != (b.Space == NamespaceXML):
		return s.errorf("element %s: prefix %q may not name %q", local, b.Prefix, b.Space)
	case b.Space == "" && b.Prefix != "":
		return s.errorf("element %s: prefix %s names no namespace", local, b.Prefix)
	case len(s.scope) == MaxDeclarations:
		return s.errorf("more than %d prefixes are declared", MaxDeclarations)
	}
	for _, other := range t.Declared {
		if other.Prefix == b.Prefix {
			return s.errorf("element %s: prefix %q is declared twice", local, b.Prefix)
		}
	}
	t.Declared, s.scope = append(t.Declared, b), append(s.scope, b)
	return nil
}

// resolveAttributes gives the attributes their namespaces; one without a prefix is in none.
func (s *Scanner) resolveAttributes() error {
	t := &s.token
	for _, a := range s.raw {
		if _, ok := declaration(a); ok {
			continue
		}
		name := xml.Name{Local: a.local}
		if a.prefix != "" {
			var err error
			if name.Space, err = s.namespace(a.prefix, a.local); err != nil {
				return err
			}
		}
		for _, other := range t.Attrs {
			if other.Name == name {
				return s.errorf("element %s: attribute %s occurs twice", t.Name.Local, name.Local)
			}
		}
		t.Attrs = append(t.Attrs, Attr{Prefix: a.prefix, Name: name, Value: a.value})
	}
	return nil
}

func (s *Scanner) namespace(prefix, local string) (string, error) {
	space, ok := Lookup(s.scope, prefix)
	if !ok {
		return "", s.errorf("prefix %s of %s is not declared", prefix, local)
	}
	return space, nil
}
