package fkorg

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Codes of an object's life cycle (LivscyklusKode).
const (
	Opstaaet   = "Opstaaet"
	Importeret = "Importeret"
	Passiveret = "Passiveret"
	Slettet    = "Slettet"
)

// Codes of GyldighedStatusKode.
const (
	Aktiv   = "Aktiv"
	Inaktiv = "Inaktiv"
)

// Egenskab is the attributes of an object for a period.
type Egenskab struct {
	Virkning          Virkning
	BrugervendtNoegle string
	Navn              string // the unit's, user's, function's or person's name, or the address's text

	// foer and efter are further properties, kept as they were read. A person's CPR number is among them: it goes
	// back to where it came from. Only CPRJoin looks at it, and puts one there.
	foer, efter []*xmltree.Node
}

// Gyldighed is the state of an object for a period.
type Gyldighed struct {
	Virkning Virkning
	Status   string
}

// Objekt is an object with one registration: what a call sends, or the newest that an answer holds.
type Objekt struct {
	Slags      *Slags
	UUID       string
	Tidspunkt  time.Time // of the registration
	Livscyklus string
	Egenskaber []Egenskab
	Tilstande  []Gyldighed
	Relationer []Relation

	// What the schema allows in a list and this package does not read (LokalUdvidelse), by list.
	restAttribut, restTilstand, restRelation []*xmltree.Node
}

// Levende reports whether the object can be changed by ret. One that is passive or deleted comes back to life by
// importer only.
func (o *Objekt) Levende() bool { return o.Livscyklus != Passiveret && o.Livscyklus != Slettet }

// Navn is the name or text that is valid at the instant, or the first to come.
func (o *Objekt) Navn(ved time.Time) string { return o.egenskab(ved).Navn }

// Noegle is the user-facing key that is valid at the instant, or the first to come.
func (o *Objekt) Noegle(ved time.Time) string { return o.egenskab(ved).BrugervendtNoegle }

func (o *Objekt) egenskab(ved time.Time) Egenskab {
	var later *Egenskab
	for i, e := range o.Egenskaber {
		if e.Virkning.Gaelder(ved) {
			return e
		}
		if e.Virkning.SlutterEfter(ved) && later == nil {
			later = &o.Egenskaber[i]
		}
	}
	if later != nil {
		return *later
	}
	return Egenskab{}
}

// nyEgenskab makes e the object's attributes from its first instant on. The register keeps the past in older
// registrations; where changes send ended entries too, those that e replaces are ended and stay.
func (o *Objekt) nyEgenskab(e Egenskab, h Historik) {
	if h == HistorikGaeldende {
		o.Egenskaber = []Egenskab{e}
		return
	}
	for i := range o.Egenskaber {
		if v := &o.Egenskaber[i].Virkning; v.SlutterEfter(e.Virkning.Fra.Tid) {
			*v = v.Afsluttet(e.Virkning.Fra)
		}
	}
	o.Egenskaber = append(o.Egenskaber, e)
}

// Status is the state that is valid at the instant, "" when none is.
func (o *Objekt) Status(ved time.Time) string {
	for _, g := range o.Tilstande {
		if g.Virkning.Gaelder(ved) {
			return g.Status
		}
	}
	return ""
}

// Gaeldende gives the relations with the name that are valid at the instant or will be.
func (o *Objekt) Gaeldende(navn string, ved time.Time) []Relation {
	var out []Relation
	for _, r := range o.Relationer {
		if r.Navn == navn && r.Virkning.SlutterEfter(ved) {
			out = append(out, r)
		}
	}
	return out
}

// Klon makes a copy whose lists can be changed. Entries that were read and not understood are shared: nobody changes
// them.
func (o *Objekt) Klon() *Objekt {
	c := *o
	c.Egenskaber = slices.Clone(o.Egenskaber)
	c.Tilstande = slices.Clone(o.Tilstande)
	c.Relationer = slices.Clone(o.Relationer)
	return &c
}

// lister gives the three lists in the order of the schema.
func (o *Objekt) lister() []*xmltree.Node {
	ns := o.Slags.Namespace()
	attributter := xmltree.Element(ns, "AttributListe")
	for _, e := range o.Egenskaber {
		attributter.Add(o.Slags.egenskabNode(e))
	}
	tilstande := xmltree.Element(ns, "TilstandListe")
	for _, g := range o.Tilstande {
		tilstande.Add(xmltree.Element(nsFaelles, "Gyldighed").Add(g.Virkning.node(), xmltree.Leaf(nsFaelles, "GyldighedStatusKode", g.Status)))
	}
	relationer := xmltree.Element(ns, "RelationListe")
	ordnet := slices.Clone(o.Relationer)
	slices.SortStableFunc(ordnet, func(a, b Relation) int { return cmp.Compare(o.Slags.plads(a.Navn), o.Slags.plads(b.Navn)) })
	for _, r := range ordnet {
		relationer.Add(r.node())
	}
	return []*xmltree.Node{attributter.Add(o.restAttribut...), tilstande.Add(o.restTilstand...), relationer.Add(o.restRelation...)}
}

func (s *Slags) egenskabNode(e Egenskab) *xmltree.Node {
	n := xmltree.Element(s.Namespace(), "Egenskab").Add(e.Virkning.node(), valgfri("BrugervendtNoegleTekst", e.BrugervendtNoegle))
	n.Add(e.foer...)
	if e.Navn != "" {
		n.Add(xmltree.Leaf(s.navneSpace(), s.navn, e.Navn))
	}
	return n.Add(e.efter...)
}

// laesLister fills the three lists from the element that holds them.
func (o *Objekt) laesLister(n *xmltree.Node) error {
	ns := o.Slags.Namespace()
	var errs []error
	for _, c := range n.Child(ns, "AttributListe").Elements() {
		if !c.Is(ns, "Egenskab") {
			o.restAttribut = append(o.restAttribut, c)
			continue
		}
		e, err := o.Slags.laesEgenskab(c)
		o.Egenskaber, errs = append(o.Egenskaber, e), append(errs, err)
	}
	for _, c := range n.Child(ns, "TilstandListe").Elements() {
		if !c.Is(nsFaelles, "Gyldighed") {
			o.restTilstand = append(o.restTilstand, c)
			continue
		}
		v, err := laesVirkning(c.Child(nsSagDok, "Virkning"))
		g := Gyldighed{Virkning: v, Status: c.Child(nsFaelles, "GyldighedStatusKode").Content()}
		o.Tilstande, errs = append(o.Tilstande, g), append(errs, err)
	}
	for _, c := range n.Child(ns, "RelationListe").Elements() {
		if c.Name.Space != nsSagDok || o.Slags.plads(c.Name.Local) == len(o.Slags.relationer) {
			o.restRelation = append(o.restRelation, c)
			continue
		}
		r, err := laesRelation(c)
		o.Relationer, errs = append(o.Relationer, r), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s %s: %w", o.Slags, o.UUID, err)
	}
	return nil
}

func (s *Slags) laesEgenskab(n *xmltree.Node) (Egenskab, error) {
	v, err := laesVirkning(n.Child(nsSagDok, "Virkning"))
	e := Egenskab{Virkning: v}
	for _, c := range n.Elements() {
		switch {
		case c.Is(nsSagDok, "Virkning"):
		case c.Is(nsSagDok, "BrugervendtNoegleTekst"):
			e.BrugervendtNoegle = c.RawContent()
		case c.Is(s.navneSpace(), s.navn):
			e.Navn = c.RawContent()
		case slices.Contains(s.andre, navnet{c.Name.Space, c.Name.Local, true}):
			e.foer = append(e.foer, c)
		default:
			e.efter = append(e.efter, c)
		}
	}
	return e, err
}

// laesRegistrering reads the head of a registration and its lists.
func (o *Objekt) laesRegistrering(n *xmltree.Node) error {
	if t := n.Child(nsSagDok, "Tidspunkt").Content(); t != "" {
		tid, err := laesTid(t)
		if err != nil {
			return fmt.Errorf("%s %s: registration: %w", o.Slags, o.UUID, err)
		}
		o.Tidspunkt = tid
	}
	o.Livscyklus = n.Child(nsSagDok, "LivscyklusKode").Content()
	return o.laesLister(n)
}

// laesOejebliksbillede reads an object from an answer. An answer with a window may hold several registrations; the
// newest is what is known now.
func laesOejebliksbillede(s *Slags, n *xmltree.Node) (*Objekt, error) {
	ns := s.Namespace()
	uuid := Til(n.Child(ns, "ObjektType").Child(nsSagDok, "UUIDIdentifikator").Content()).UUID()
	if uuid == "" {
		return nil, fmt.Errorf("%s: an object without UUID", s)
	}
	var newest *Objekt
	for _, reg := range n.All(ns, "Registrering") {
		o := &Objekt{Slags: s, UUID: uuid}
		if err := o.laesRegistrering(reg); err != nil {
			return nil, err
		}
		if newest == nil || !o.Tidspunkt.Before(newest.Tidspunkt) {
			newest = o
		}
	}
	if newest == nil {
		return &Objekt{Slags: s, UUID: uuid}, nil
	}
	return newest, nil
}
