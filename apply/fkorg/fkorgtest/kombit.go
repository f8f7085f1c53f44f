package fkorgtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Owned are the objects of a municipality that KOMBIT keeps and a client only reads, but for the Organisation's
// Overordnet. What is empty is not made.
type Owned struct {
	Name         string
	CVR          string
	Organisation string // UUID of the Organisation object
	Root         string // UUID of the unit that its Overordnet refers to
	Virksomhed   string // UUID of the Virksomhed object, found by its CVR number
	Myndighed    string // UUID of the Myndighed object
	Code         string // the Myndighed's number, such as 0370
	ITSystems    []ITSystem
}

// ITSystem is an IT system that units may be said to use.
type ITSystem struct{ UUID, Name string }

// Seed registers the objects as KOMBIT's systems would: valid since ever, so that their FraTidspunkt is a
// GraenseIndikator. Objects that are there already get a new registration.
func (m *Municipality) Seed(o Owned) {
	r, unlock := m.lock()
	defer unlock()
	now := m.server.clock()
	put := func(service, uuid, key string, texts []*xmltree.Node, refs ...*xmltree.Node) {
		if uuid != "" {
			r.seed(serviceNamed(service), strings.ToLower(uuid), now, key, texts, refs...)
		}
	}
	put("virksomhed", o.Virksomhed, o.CVR, []*xmltree.Node{xmltree.Leaf(sts, "CVR-NummerTekst", o.CVR), xmltree.Leaf(sts, "NavnTekst", o.Name)})
	authority := []*xmltree.Node{xmltree.Leaf(sts, "CVR-NummerTekst", o.CVR), xmltree.Leaf(sts, "NavnTekst", o.Name)}
	if o.Code != "" {
		authority = append(authority, xmltree.Leaf(sts, "MyndighedsKode", o.Code))
	}
	put("myndighed", o.Myndighed, o.CVR, authority)
	put("organisation", o.Organisation, o.CVR, []*xmltree.Node{xmltree.Leaf(sd, "OrganisationNavn", o.Name)},
		reference("Myndighed", o.Myndighed), reference("Overordnet", o.Root), reference("Virksomhed", o.Virksomhed))
	for _, it := range o.ITSystems {
		put("itsystem", it.UUID, it.Name, []*xmltree.Node{xmltree.Leaf(sd, "ItSystemNavn", it.Name)}, reference("Tilhoerer", o.Organisation))
	}
}

// ever is the period without beginning and end.
func ever() *xmltree.Node {
	unbounded := func() *xmltree.Node { return xmltree.Leaf(sd, "GraenseIndikator", "true") }
	return xmltree.Element(sd, "Virkning", xmltree.Element(sd, "FraTidspunkt", unbounded()), xmltree.Element(sd, "TilTidspunkt", unbounded()))
}

func reference(relation, uuid string) *xmltree.Node {
	if uuid == "" {
		return nil
	}
	return xmltree.Element(sd, relation, ever(), xmltree.Element(sd, "ReferenceID", xmltree.Leaf(sd, "UUIDIdentifikator", strings.ToLower(uuid))))
}

func (r *register) seed(s *service, uuid string, now time.Time, key string, texts []*xmltree.Node, refs ...*xmltree.Node) {
	property := xmltree.Element(s.ns(), "Egenskab", ever(), xmltree.Leaf(sd, "BrugervendtNoegleTekst", key)).Add(texts...)
	l := lists{attributes: {r.entry(property)}}
	if s.state {
		l[states] = []entry{r.entry(xmltree.Element(faelles, "Gyldighed", ever(), xmltree.Leaf(faelles, "GyldighedStatusKode", "Aktiv")))}
	}
	for _, ref := range refs {
		if ref != nil {
			l[relations] = append(l[relations], r.entry(ref))
		}
	}
	r.shelves[s.name].add(uuid, registration{at: now, code: codeImported, lists: l})
}

// anonymise takes a person's name and CPR number out of every registration. What exactly the real service leaves is not
// documented: the name becomes a word that nobody is called.
func (r *register) anonymise(in *xmltree.Node, now time.Time) result {
	sh := r.shelves["person"]
	o := sh.objects[strings.ToLower(in.Child(namespace(hierarchy), "PersonUUID").Content())]
	if cpr := in.Child(namespace(hierarchy), "PersonCPR").Content(); cpr != "" {
		o = sh.withCPR(cpr)
	}
	if o == nil {
		return refuse(statusNotFound, "there is no such person")
	}
	// A copy: a read may be writing the old ones out.
	o.registrations = append(slices.Clone(o.registrations), registration{at: now, code: o.newest().code, lists: o.newest().lists})
	for i := range o.registrations {
		was := o.registrations[i].lists[attributes]
		names := make([]entry, 0, len(was))
		for _, e := range was {
			e.body = fmt.Sprintf("<ns2:BrugervendtNoegleTekst>%s</ns2:BrugervendtNoegleTekst><p:NavnTekst>Anonymiseret</p:NavnTekst>",
				escaper.Replace(e.text("ns2:BrugervendtNoegleTekst")))
			names = append(names, e)
		}
		o.registrations[i].lists[attributes] = names
	}
	sh.changes++
	return result{status: statusOK}
}

func (sh *shelf) withCPR(cpr string) *object {
	for _, o := range sh.all() {
		for _, e := range o.newest().lists[attributes] {
			if e.text("ns4:CPR-NummerTekst") == cpr {
				return o
			}
		}
	}
	return nil
}
