package fkorg

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Afgraensning narrows a read to a window of validity: what is valid between Fra and Til or at some time in between.
// Without one an answer holds what is valid now.
type Afgraensning struct{ Fra, Til Tidspunkt }

// FraNu is the window "now and everything to come".
func FraNu(nu time.Time) *Afgraensning { return &Afgraensning{Fra: Instant(nu), Til: Ubegraenset()} }

// importInput is the message that brings an object in with the UUID that we gave it. registreret must not be later than
// the server's clock (status 45).
func importInput(o *Objekt, organisation string, registreret time.Time) *xmltree.Node {
	ns := o.Slags.Namespace()
	reg := xmltree.Element(ns, "Registrering",
		xmltree.Leaf(nsSagDok, "Tidspunkt", Instant(registreret.Truncate(time.Second)).Tekst()),
		xmltree.Leaf(nsSagDok, "LivscyklusKode", Importeret),
		Til(organisation).node("BrugerRef"))
	reg.Add(o.lister()...)
	return xmltree.Element(ns, "ImportInput", xmltree.Element(ns, o.Slags.element, uuidNode(o.UUID), reg))
}

// retInput replaces the object's three lists by these, all of them: a list that is left out would stay, a shorter one
// would lose entries.
func retInput(o *Objekt) *xmltree.Node {
	return xmltree.Element(o.Slags.Namespace(), "RetInput", uuidNode(o.UUID)).Add(o.lister()...)
}

// uuidInput is the message of the operations that need nothing but a UUID: passiver and slet.
func uuidInput(s *Slags, operation, uuid string) *xmltree.Node {
	return xmltree.Element(s.Namespace(), operation, uuidNode(uuid))
}

// laesInput reads one object (LaesInput) or several (ListInput).
func laesInput(s *Slags, operation string, uuids []string, a *Afgraensning) *xmltree.Node {
	n := xmltree.Element(s.Namespace(), operation)
	for _, u := range uuids {
		n.Add(uuidNode(u))
	}
	if a != nil {
		n.Add(a.Fra.node("VirkningFraFilter"), a.Til.node("VirkningTilFilter"))
	}
	return n
}

// Soegning is a search: all conditions must hold. The answer is UUIDs, a page at a time.
type Soegning struct {
	Status     string     // Aktiv or Inaktiv; any when empty
	Navn       string     // the object's name; any when empty
	Relationer []Relation // Navn, Ref and, to find what is to come, Virkning
}

func soegInput(s *Slags, q Soegning, side Side) *xmltree.Node {
	ns := s.Namespace()
	n := xmltree.Element(ns, "SoegInput").Add(side.nodes()...)
	attributter, tilstande := xmltree.Element(ns, "AttributListe"), xmltree.Element(ns, "TilstandListe")
	if q.Navn != "" {
		attributter.Add(s.egenskabNode(Egenskab{Navn: q.Navn}))
	}
	if q.Status != "" {
		tilstande.Add(xmltree.Element(nsFaelles, "Gyldighed", xmltree.Leaf(nsFaelles, "GyldighedStatusKode", q.Status)))
	}
	betingelser := (&Objekt{Slags: s, Relationer: q.Relationer}).lister()
	return n.Add(attributter, tilstande, betingelser[2])
}

// Side is a page of a search: how many to skip and how many to give.
type Side struct{ Fra, Antal int }

func (s Side) nodes() []*xmltree.Node {
	return []*xmltree.Node{
		xmltree.Leaf(nsSagDok, "FoersteResultatReference", strconv.Itoa(s.Fra)),
		xmltree.Leaf(nsSagDok, "MaksimalAntalKvantitet", strconv.Itoa(s.Antal)),
	}
}

const (
	hierarkiTjeneste = "organisationsystem"
	nsHierarki       = "http://stoettesystemerne.dk/organisation/organisationsystem/6/"
	// The action spells the service with a double s, unlike its URL (OrganisationSystem.wsdl).
	hierarkiAction = "http://kombit.dk/sts/organisation/organisationssystem/fremsoegobjekthierarki"
	// umuligtNavn is a name that no function has. A condition on it leaves a whole section out of the answer.
	umuligtNavn = "EXCLUDE!"
)

// hierarkiInput asks for a page of units and users. The functions are left out: they are many, and the search shows
// those of today only.
func hierarkiInput(side Side) *xmltree.Node {
	return xmltree.Element(nsHierarki, "FremsoegObjekthierarkiInput").Add(side.nodes()...).Add(
		xmltree.Element(nsHierarki, "OrganisationFunktionSoegEgenskab", xmltree.Leaf(nsSagDok, "FunktionNavn", umuligtNavn)))
}

func hierarkiPraefikser() xmltree.Prefixes {
	return xmltree.Prefixes{nsHierarki: "o", nsFaelles: "org", nsSagDok: "sd", nsSTS: "sts"}
}

func uuidNode(uuid string) *xmltree.Node { return xmltree.Leaf(nsSagDok, "UUIDIdentifikator", uuid) }

// svar is what every answer has.
type svar struct {
	body  *xmltree.Node
	kode  int
	tekst string
}

// errUforstaaelig is the error for an answer that does not say what became of the call.
var errUforstaaelig = errors.New("the answer is not understood")

// laesSvar reads StandardRetur before anything else: the rest of an answer may be missing when it is not 20.
func laesSvar(n *xmltree.Node, space, element string) (svar, error) {
	if !n.Is(space, element) {
		return svar{}, fmt.Errorf("%w: it is %s, not %s", errUforstaaelig, n.Name.Local, element)
	}
	retur := n.Child(nsSagDok, "StandardRetur")
	kode, err := strconv.Atoi(retur.Child(nsSagDok, "StatusKode").Content())
	if err != nil {
		return svar{}, fmt.Errorf("%w: it has no status code", errUforstaaelig)
	}
	return svar{body: n, kode: kode, tekst: retur.Child(nsSagDok, "FejlbeskedTekst").Content()}, nil
}

// oejebliksbilleder reads every object below n.
func oejebliksbilleder(s *Slags, space string, n *xmltree.Node) ([]*Objekt, error) {
	var out []*Objekt
	b := behold{}
	for _, c := range n.All(space, "FiltreretOejebliksbillede") {
		o, err := laesOejebliksbillede(s, c)
		if err != nil {
			return nil, err
		}
		b.objekt(o)
		out = append(out, o)
	}
	return out, nil
}

func idListe(n *xmltree.Node) []string {
	var out []string
	for _, c := range n.Child(nsSagDok, "IdListe").All(nsSagDok, "UUIDIdentifikator") {
		out = append(out, Til(c.Content()).UUID())
	}
	return out
}
