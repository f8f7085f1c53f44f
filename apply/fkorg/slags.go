package fkorg

import (
	"slices"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Namespaces of the schemas (xsd/6.0.STS-0). An object's own lists are in the namespace of its service; relations and
// everything in them in SagDok's.
const (
	nsSagDok  = "urn:oio:sagdok:3.0.0"
	nsFaelles = "http://stoettesystemerne.dk/organisation/6/"
	nsSTS     = "urn:oio:sts:6"
)

// elementCPR holds a person's CPR number, before the name (Person.xsd).
const elementCPR = "CPR-NummerTekst"

// Slags is a type of object. Each has a web service of its own with the same operations.
type Slags struct {
	tjeneste   string // name of the service in URLs, actions and namespace
	element    string // name of the object's element
	navn       string // local name of the element that holds the object's name or text
	navnSpace  string // its namespace when that is not SagDok's
	andre      []navnet
	relationer []string // in the order of the schema
}

// navnet is a property beside key and name, and whether it comes before or after the name in the schema.
type navnet struct {
	space, local string
	foer         bool
}

// The types that orgit reads and writes.
var (
	Enhed = &Slags{tjeneste: "organisationenhed", element: "OrganisationEnhed", navn: "EnhedNavn", relationer: []string{
		"Adresser", "Ansatte", "Branche", "Enhedstype", "Opgaver", "Overordnet", "Produktionsenhed", "Skatteenhed", "Tilhoerer",
		"TilknyttedeBrugere", "TilknyttedeEnheder", "TilknyttedeFunktioner", "TilknyttedeInteressefaellesskaber",
		"TilknyttedeOrganisationer", "TilknyttedePersoner", "TilknyttedeItSystemer"}}
	Bruger = &Slags{tjeneste: "bruger", element: "Bruger", navn: "BrugerNavn", andre: []navnet{{nsSagDok, "BrugerTypeTekst", false}}, relationer: []string{
		"Adresser", "BrugerTyper", "TilknyttedeOpgaver", "Tilhoerer", "TilknyttedeEnheder", "TilknyttedeFunktioner",
		"TilknyttedeInteressefaellesskaber", "TilknyttedeOrganisationer", "TilknyttedePersoner", "TilknyttedeItSystemer"}}
	Funktion = &Slags{tjeneste: "organisationfunktion", element: "OrganisationFunktion", navn: "FunktionNavn", relationer: []string{
		"Adresser", "Funktionstype", "TilknyttedeOpgaver", "TilknyttedeBrugere", "TilknyttedeEnheder",
		"TilknyttedeInteressefaellesskaber", "TilknyttedeOrganisationer", "TilknyttedePersoner", "TilknyttedeItSystemer"}}
	Organisation = &Slags{tjeneste: "organisation", element: "Organisation", navn: "OrganisationNavn", relationer: []string{
		"Adresser", "Ansatte", "Branche", "Organisationstype", "Myndighed", "Myndighedstype", "TilknyttedeOpgaver", "Overordnet",
		"Produktionsenhed", "Skatteenhed", "Tilhoerer", "TilknyttedeBrugere", "TilknyttedeEnheder", "TilknyttedeFunktioner",
		"TilknyttedeInteressefaellesskaber", "TilknyttedeOrganisationer", "TilknyttedePersoner", "TilknyttedeItSystemer",
		"Virksomhed", "Virksomhedstype"}}
	Adresse = &Slags{tjeneste: "adresse", element: "Adresse", navn: "AdresseTekst", navnSpace: nsSTS}
	Person  = &Slags{tjeneste: "person", element: "Person", navn: "NavnTekst",
		navnSpace: "http://stoettesystemerne.dk/organisation/person/6/", andre: []navnet{{nsSTS, elementCPR, true}}}
)

// String is the element's name, as it stands in messages and logs.
func (s *Slags) String() string { return s.element }

// Tjeneste is the name of the type's web service, as it stands in its URL.
func (s *Slags) Tjeneste() string { return s.tjeneste }

// Namespace is the namespace of the service.
func (s *Slags) Namespace() string {
	return "http://stoettesystemerne.dk/organisation/" + s.tjeneste + "/6/"
}

func (s *Slags) action(operation string) string {
	return "http://kombit.dk/sts/organisation/" + s.tjeneste + "/" + operation
}

func (s *Slags) navneSpace() string {
	if s.navnSpace != "" {
		return s.navnSpace
	}
	return nsSagDok
}

// plads is the place of a relation in the schema's sequence; what the schema does not know comes last.
func (s *Slags) plads(relation string) int {
	if i := slices.Index(s.relationer, relation); i >= 0 {
		return i
	}
	return len(s.relationer)
}

// enkelt reports whether the schema lets a relation occur once only. Such a relation is overwritten, not ended and added.
func enkelt(relation string) bool {
	switch relation {
	case "Branche", "Enhedstype", "Overordnet", "Produktionsenhed", "Skatteenhed", "Tilhoerer", "Funktionstype",
		"Organisationstype", "Myndighed", "Myndighedstype", "Virksomhed", "Virksomhedstype":
		return true
	}
	return false
}

// dynamisk reports whether a relation has a role, a type and an index beside its reference.
func dynamisk(relation string) bool { return relation == "Adresser" || relation == "Opgaver" }

// praefikser are the prefixes that messages are written with; o is the object's own namespace.
func (s *Slags) praefikser() xmltree.Prefixes {
	return xmltree.Prefixes{s.Namespace(): "o", nsFaelles: "org", nsSagDok: "sd", nsSTS: "sts"}
}
