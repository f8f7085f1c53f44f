package fkorgtest

import (
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Owned are the objects of a municipality that KOMBIT keeps and a client only reads, but for the Organisation's
// Overordnet. What is empty is not made.
type Owned struct {
	Name         string
	CVR          string
	Organisation string // UUID of the Organisation object
	Root         string // UUID of the unit that its Overordnet refers to
}

// Seed registers the objects as KOMBIT's systems would: valid since ever, so that their FraTidspunkt is a
// GraenseIndikator. Objects that are there already get a new registration.
func (s *Server) Seed(o Owned) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ns := namespace("organisation")
	property := xmltree.Element(ns, "Egenskab", ever(), xmltree.Leaf(sd, "BrugervendtNoegleTekst", o.CVR), xmltree.Leaf(sd, "OrganisationNavn", o.Name))
	state := xmltree.Element(faelles, "Gyldighed", ever(), xmltree.Leaf(faelles, "GyldighedStatusKode", "Aktiv"))
	relations := xmltree.Element(ns, "RelationListe")
	if o.Root != "" {
		relations.Add(xmltree.Element(sd, "Overordnet", ever(), xmltree.Element(sd, "ReferenceID", xmltree.Leaf(sd, "UUIDIdentifikator", o.Root))))
	}
	s.store.add(id{"organisation", strings.ToLower(o.Organisation)}, registration{at: s.clock(), code: "Importeret", Lists: Lists{
		xmltree.Element(ns, "AttributListe", property), xmltree.Element(ns, "TilstandListe", state), relations}})
}

// ever is the period without beginning and end.
func ever() *xmltree.Node {
	unbounded := func() *xmltree.Node { return xmltree.Leaf(sd, "GraenseIndikator", "true") }
	return xmltree.Element(sd, "Virkning", xmltree.Element(sd, "FraTidspunkt", unbounded()), xmltree.Element(sd, "TilTidspunkt", unbounded()))
}
