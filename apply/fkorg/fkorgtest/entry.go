package fkorgtest

import (
	"bytes"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// prefixes are those that answers declare on their root element. Entries are kept as text that uses them, so that an
// answer is put together by copying.
var prefixes = map[string]string{
	sd: "ns2", faelles: "ns3", sts: "ns4",
	namespace("adresse"): "a", namespace("bruger"): "b", namespace("organisationenhed"): "e", namespace("organisationfunktion"): "f",
	namespace("itsystem"): "i", namespace("myndighed"): "m", namespace("organisation"): "o", namespace("person"): "p",
	namespace(hierarchy): "s", namespace("virksomhed"): "v",
}

// tag is an element's name as answers write it.
func tag(space, local string) string { return prefixes[space] + ":" + local }

// entry is one element of a registration's three lists, kept small: a municipality of 50,000 people has two million.
// What many entries have in common is kept once.
type entry struct {
	tag    string  // shared
	period *period // shared; never nil
	kind   *kind   // shared; nil for all but dynamic relations
	ref    string  // value of ReferenceID as it was sent, "" when there is none
	urn    bool    // ReferenceID was wrapped as a URN
	body   string  // the other children, written out
}

// period is a Virkning.
type period struct {
	interval
	stated bool   // FraTidspunkt is there
	text   string // written out, with TilTidspunkt
}

// kind is the role and the type of a dynamic relation.
type kind struct {
	role string // normalised
	text string // written out, with the label that the service adds
}

func (e entry) local() string { return e.tag[strings.IndexByte(e.tag, ':')+1:] }

// refersTo is the reference in the form that references are compared in.
func (e entry) refersTo() string { return normal(e.ref) }

// normal makes references comparable: a UUID and a URN that say the same are the same.
func normal(ref string) string { return strings.TrimPrefix(strings.ToLower(ref), "urn:uuid:") }

// pool holds what entries have in common.
type pool struct {
	texts   map[string]string
	periods map[string]*period
	kinds   map[string]*kind
}

func newPool() pool {
	return pool{texts: map[string]string{}, periods: map[string]*period{}, kinds: map[string]*kind{}}
}

func (p pool) text(s string) string {
	if have, ok := p.texts[s]; ok {
		return have
	}
	p.texts[s] = s
	return s
}

// entries keeps the elements of a list as the service gives them back: an end that is not stated is spelled out, and
// roles get a label.
func (p pool) entries(list *xmltree.Node) []entry {
	elements := list.Elements()
	out := make([]entry, 0, len(elements))
	for _, e := range elements {
		out = append(out, p.entry(e))
	}
	return out
}

func (p pool) entry(n *xmltree.Node) entry {
	e := entry{tag: p.text(tag(n.Name.Space, n.Name.Local)), period: p.period(n.Child(sd, "Virkning"))}
	if n.Is(sd, "LokalUdvidelse") {
		e.body = inner(n.Children...)
		return e
	}
	var rest, dynamic []*xmltree.Node
	for _, c := range n.Elements() {
		switch {
		case c.Is(sd, "Virkning"):
		case c.Is(sd, "ReferenceID"):
			e.urn = c.Child(sd, "URNIdentifikator") != nil
			e.ref = strings.Clone(referenceText(c)) // not a piece of the request, which would be kept whole
		case c.Is(sd, "Rolle") || c.Is(sd, "Type"):
			dynamic = append(dynamic, c)
		default:
			rest = append(rest, c)
		}
	}
	e.body = inner(rest...)
	if n.Is(faelles, "Gyldighed") {
		e.body = p.text(e.body)
	}
	if len(dynamic) > 0 {
		e.kind = p.kind(n.Child(sd, "Rolle"), dynamic)
	}
	return e
}

func (p pool) period(v *xmltree.Node) *period {
	var text string
	if v != nil {
		children := v.Elements()
		if v.Child(sd, "TilTidspunkt") == nil {
			at := slices.IndexFunc(children, func(c *xmltree.Node) bool { return c.Is(sd, "FraTidspunkt") }) + 1
			children = slices.Insert(children, at, xmltree.Element(sd, "TilTidspunkt", xmltree.Leaf(sd, "GraenseIndikator", "true")))
		}
		text = inner(children...)
	}
	if have := p.periods[text]; have != nil {
		return have
	}
	from := v.Child(sd, "FraTidspunkt")
	made := &period{interval: interval{instant(from), instant(v.Child(sd, "TilTidspunkt"))}, stated: from != nil, text: text}
	p.periods[text] = made
	return made
}

// kind is shared by entries that were sent with the service's label and by those that were sent without.
func (p pool) kind(role *xmltree.Node, dynamic []*xmltree.Node) *kind {
	text, name := inner(dynamic...), normal(referenceText(role))
	if role.Child(sd, "Label") == nil {
		label := "<" + tag(sd, "Label") + ">Rolle " + name[:min(4, len(name))] + "</" + tag(sd, "Label") + ">"
		text = strings.Replace(text, "</"+tag(sd, "Rolle")+">", label+"</"+tag(sd, "Rolle")+">", 1)
	}
	if have := p.kinds[text]; have != nil {
		return have
	}
	made := &kind{role: strings.Clone(name), text: text}
	p.kinds[text] = made
	return made
}

// referenceText reads what a reference holds, whether it was wrapped as a UUID or as a URN.
func referenceText(n *xmltree.Node) string {
	return n.Child(sd, "UUIDIdentifikator").Content() + n.Child(sd, "URNIdentifikator").Content()
}

// inner writes elements with the prefixes of answers.
func inner(nodes ...*xmltree.Node) string {
	var b bytes.Buffer
	for _, n := range nodes {
		fragment(&b, n)
	}
	return b.String()
}

func fragment(b *bytes.Buffer, n *xmltree.Node) {
	if n.IsText() {
		b.WriteString(escaper.Replace(n.Text))
		return
	}
	prefix, known := prefixes[n.Name.Space]
	if !known || len(n.Attr) > 0 {
		b.Write(xmltree.Write(n, nil)) // somebody's own extension: it declares what it needs
		return
	}
	name := prefix + ":" + n.Name.Local
	b.WriteString("<" + name + ">")
	for _, c := range n.Children {
		fragment(b, c)
	}
	b.WriteString("</" + name + ">")
}

var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#xD;", "\r")
)

// write puts the entry into an answer.
func (e entry) write(b *bytes.Buffer) {
	b.WriteString("<" + e.tag + ">")
	if e.period.text != "" {
		b.WriteString("<ns2:Virkning>")
		b.WriteString(e.period.text)
		b.WriteString("</ns2:Virkning>")
	}
	if e.ref != "" {
		wrapper := "ns2:UUIDIdentifikator"
		if e.urn {
			wrapper = "ns2:URNIdentifikator"
		}
		b.WriteString("<ns2:ReferenceID><" + wrapper + ">")
		b.WriteString(escaper.Replace(e.ref))
		b.WriteString("</" + wrapper + "></ns2:ReferenceID>")
	}
	if e.kind != nil {
		b.WriteString(e.kind.text)
	}
	b.WriteString(e.body)
	b.WriteString("</" + e.tag + ">")
}

// text reads the text of a child, without white space around it.
func (e entry) text(tag string) string {
	_, rest, found := strings.Cut(e.body, "<"+tag+">")
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(rest, "<")
	return strings.TrimSpace(unescaper.Replace(text))
}

// extension: somebody's own elements, which have no period.
func (e entry) extension() bool { return e.tag == "ns2:LokalUdvidelse" }
