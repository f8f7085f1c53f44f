package xmltree

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// Prefixes says which prefix a namespace is written with. Namespaces that it does not name get n1, n2 … in the order
// in which they occur, so the output depends on the tree alone.
type Prefixes map[string]string

// Write gives the tree as exclusive canonical XML without an XML declaration.
func Write(n *Node, p Prefixes) []byte {
	w := writer{prefixes: p, made: map[string]string{}}
	w.node(n, nil)
	return w.out.Bytes()
}

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

type writer struct {
	out      bytes.Buffer
	prefixes Prefixes
	made     map[string]string
}

// node writes n; declared holds the prefixes that an ancestor has declared (each names one namespace only).
func (w *writer) node(n *Node, declared []string) {
	if n.IsText() {
		w.out.WriteString(textEscaper.Replace(n.Text))
		return
	}
	name := w.qualified(n.Name)
	attrs := slices.Clone(n.Attr)
	slices.SortStableFunc(attrs, func(a, b xml.Attr) int {
		if c := strings.Compare(a.Name.Space, b.Name.Space); c != 0 {
			return c
		}
		return strings.Compare(a.Name.Local, b.Name.Local)
	})
	w.out.WriteString("<" + name)
	declared = w.declare(n, attrs, declared)
	for _, a := range attrs {
		w.out.WriteString(" " + w.qualified(a.Name) + `="` + attrEscaper.Replace(a.Value) + `"`)
	}
	w.out.WriteByte('>')
	for _, c := range n.Children {
		w.node(c, declared)
	}
	w.out.WriteString("</" + name + ">")
}

// declare writes the declarations of the prefixes that n itself uses and no ancestor has declared, sorted.
func (w *writer) declare(n *Node, attrs []xml.Attr, declared []string) []string {
	spaces := map[string]string{}
	use := func(space string) {
		if space == "" || space == xmlSpace {
			return
		}
		if p := w.prefix(space); !slices.Contains(declared, p) {
			spaces[p] = space
		}
	}
	use(n.Name.Space)
	for _, a := range attrs {
		use(a.Name.Space)
	}
	if len(spaces) == 0 {
		return declared
	}
	now := slices.Clone(declared)
	added := make([]string, 0, len(spaces))
	for p := range spaces {
		added = append(added, p)
	}
	slices.Sort(added)
	for _, p := range added {
		w.out.WriteString(` xmlns:` + p + `="` + attrEscaper.Replace(spaces[p]) + `"`)
	}
	return append(now, added...)
}

func (w *writer) qualified(name xml.Name) string {
	switch name.Space {
	case "":
		return name.Local
	case xmlSpace:
		return "xml:" + name.Local
	}
	return w.prefix(name.Space) + ":" + name.Local
}

func (w *writer) prefix(space string) string {
	if p, ok := w.prefixes[space]; ok {
		return p
	}
	p, ok := w.made[space]
	if !ok {
		p = "n" + strconv.Itoa(len(w.made)+1)
		w.made[space] = p
	}
	return p
}

// The escapes of canonical XML 1.0, section 2.3.
var (
	textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attrEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)
