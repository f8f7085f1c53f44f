package xmltree

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"

	"orgit.dk/orgit/internal/soap/xmlscan"
)

// Prefixes says which prefix a namespace is written with. Namespaces that it does not name get n1, n2 … in the order
// in which they occur, so the output depends on the tree alone.
type Prefixes map[string]string

// Write gives the tree as exclusive canonical XML without an XML declaration.
func Write(n *Node, p Prefixes) []byte {
	w := writer{prefixes: p}
	w.node(n)
	return w.out
}

type writer struct {
	out      []byte
	prefixes Prefixes
	known    []xmlscan.Binding // the prefixes of the namespaces that have occurred
	declared []string          // prefixes that are declared around the node at hand; each names one namespace only
}

// node writes n.
func (w *writer) node(n *Node) {
	if n.IsText() {
		w.out = xmlscan.AppendText(w.out, n.Text)
		return
	}
	attrs := n.Attr
	if len(attrs) > 1 {
		attrs = slices.Clone(attrs)
		slices.SortStableFunc(attrs, func(a, b xml.Attr) int {
			return cmp.Or(cmp.Compare(a.Name.Space, b.Name.Space), cmp.Compare(a.Name.Local, b.Name.Local))
		})
	}
	around := len(w.declared)
	w.out = append(w.out, '<')
	w.name(n.Name)
	w.declare(n, attrs)
	for _, a := range attrs {
		w.out = append(w.out, ' ')
		w.name(a.Name)
		w.out = append(xmlscan.AppendValue(append(w.out, `="`...), a.Value), '"')
	}
	w.out = append(w.out, '>')
	for _, c := range n.Children {
		w.node(c)
	}
	w.out = append(w.out, "</"...)
	w.name(n.Name)
	w.out = append(w.out, '>')
	w.declared = w.declared[:around]
}

// declare writes the declarations of the prefixes that n itself uses and no ancestor has declared, sorted.
func (w *writer) declare(n *Node, attrs []xml.Attr) {
	around := len(w.declared)
	w.use(n.Name.Space)
	for _, a := range attrs {
		w.use(a.Name.Space)
	}
	slices.Sort(w.declared[around:])
	for _, p := range w.declared[around:] {
		at := slices.IndexFunc(w.known, func(b xmlscan.Binding) bool { return b.Prefix == p })
		w.out = append(append(append(w.out, " xmlns:"...), p...), `="`...)
		w.out = append(xmlscan.AppendValue(w.out, w.known[at].Space), '"')
	}
}

// use notes that a namespace's prefix must be declared.
func (w *writer) use(space string) {
	if space == "" || space == xmlscan.NamespaceXML {
		return
	}
	if p := w.prefix(space); !slices.Contains(w.declared, p) {
		w.declared = append(w.declared, p)
	}
}

func (w *writer) name(name xml.Name) {
	switch name.Space {
	case "":
	case xmlscan.NamespaceXML:
		w.out = append(w.out, "xml:"...)
	default:
		w.out = append(append(w.out, w.prefix(name.Space)...), ':')
	}
	w.out = append(w.out, name.Local...)
}

func (w *writer) prefix(space string) string {
	made := 0
	for _, b := range w.known {
		if b.Space == space {
			return b.Prefix
		}
		if _, named := w.prefixes[b.Space]; !named {
			made++
		}
	}
	p, ok := w.prefixes[space]
	if !ok {
		p = "n" + strconv.Itoa(made+1)
	}
	w.known = append(w.known, xmlscan.Binding{Prefix: p, Space: space})
	return p
}
