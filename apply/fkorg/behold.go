package fkorg

import (
	"encoding/xml"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// behold (to keep) makes copies of texts, one of each. The texts of an answer are pieces of it: an object that kept one of
// them would keep six megabytes in memory, and a municipality has a hundred thousand objects.
type behold map[string]string

func (b behold) tekst(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := b[s]; ok {
		return have
	}
	s = strings.Clone(s)
	b[s] = s
	return s
}

// objekt frees an object from the answer that it was read from.
func (b behold) objekt(o *Objekt) {
	o.UUID, o.Livscyklus = b.tekst(o.UUID), b.tekst(o.Livscyklus)
	for i := range o.Egenskaber {
		e := &o.Egenskaber[i]
		b.virkning(&e.Virkning)
		e.BrugervendtNoegle, e.Navn = b.tekst(e.BrugervendtNoegle), b.tekst(e.Navn)
		b.elementer(e.foer)
		b.elementer(e.efter)
	}
	for i := range o.Tilstande {
		b.virkning(&o.Tilstande[i].Virkning)
		o.Tilstande[i].Status = b.tekst(o.Tilstande[i].Status)
	}
	for i := range o.Relationer {
		r := &o.Relationer[i]
		b.virkning(&r.Virkning)
		r.Navn, r.Indeks = b.tekst(r.Navn), b.tekst(r.Indeks)
		b.reference(&r.Ref)
		b.reference(&r.Rolle)
		b.reference(&r.Type)
	}
	b.elementer(o.restAttribut)
	b.elementer(o.restTilstand)
	b.elementer(o.restRelation)
}

func (b behold) virkning(v *Virkning) {
	v.Fra.tekst, v.Til.tekst = b.tekst(v.Fra.tekst), b.tekst(v.Til.tekst)
	b.reference(&v.Aktoer)
	v.AktoerType, v.Note = b.tekst(v.AktoerType), b.tekst(v.Note)
}

func (b behold) reference(r *Reference) { r.Vaerdi, r.Label = b.tekst(r.Vaerdi), b.tekst(r.Label) }

// elementer replaces elements by copies.
func (b behold) elementer(elementer []*xmltree.Node) {
	for i, n := range elementer {
		elementer[i] = b.element(n)
	}
}

func (b behold) element(n *xmltree.Node) *xmltree.Node {
	navn := func(x xml.Name) xml.Name { return xml.Name{Space: b.tekst(x.Space), Local: b.tekst(x.Local)} }
	c := &xmltree.Node{Name: navn(n.Name), Text: b.tekst(n.Text)}
	for _, a := range n.Attr {
		c.Attr = append(c.Attr, xml.Attr{Name: navn(a.Name), Value: b.tekst(a.Value)})
	}
	for _, child := range n.Children {
		c.Children = append(c.Children, b.element(child))
	}
	return c
}
