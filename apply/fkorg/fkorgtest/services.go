package fkorgtest

// service is a type of object and its web service.
type service struct {
	name     string // in the URL and in the namespace
	element  string
	property *typ   // Egenskab
	nameTag  string // local name of the property that holds the name
	state    bool   // has Gyldighed
	relation []part // nil: the list is empty
	attrExt  bool   // LokalUdvidelse is allowed in the attribute list
}

func namespace(name string) string { return "http://stoettesystemerne.dk/organisation/" + name + "/6/" }

func (s *service) ns() string { return namespace(s.name) }

func one(local string) part { return may(sd, local, plain) }
func n(local string) part   { return many(sd, local, plain) }

var key = may(sd, "BrugervendtNoegleTekst", text(upTo(50)))

// services are the types that the stand-in keeps.
var services = []*service{
	{name: "adresse", element: "Adresse", nameTag: "AdresseTekst",
		property: seq(virkning, key, may(sts, "AdresseTekst", text(upTo(200))))},
	{name: "person", element: "Person", nameTag: "NavnTekst",
		property: seq(virkning, key, may(sts, "CPR-NummerTekst", text(pattern("[0-9]{10}"))),
			may(namespace("person"), "NavnTekst", text(upTo(100))))},
	{name: "bruger", element: "Bruger", nameTag: "BrugerNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "BrugerNavn", text(upTo(200))), may(sd, "BrugerTypeTekst", text(upTo(50)))),
		relation: []part{many(sd, "Adresser", dynamic), n("BrugerTyper"), n("TilknyttedeOpgaver"), one("Tilhoerer"), n("TilknyttedeEnheder"),
			n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisationenhed", element: "OrganisationEnhed", nameTag: "EnhedNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "EnhedNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), n("Ansatte"), one("Branche"), one("Enhedstype"), many(sd, "Opgaver", dynamic),
			one("Overordnet"), one("Produktionsenhed"), one("Skatteenhed"), one("Tilhoerer"), n("TilknyttedeBrugere"), n("TilknyttedeEnheder"),
			n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisationfunktion", element: "OrganisationFunktion", nameTag: "FunktionNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "FunktionNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), one("Funktionstype"), n("TilknyttedeOpgaver"), n("TilknyttedeBrugere"),
			n("TilknyttedeEnheder"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisation", element: "Organisation", nameTag: "OrganisationNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "OrganisationNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), n("Ansatte"), one("Branche"), one("Organisationstype"), one("Myndighed"),
			one("Myndighedstype"), n("TilknyttedeOpgaver"), one("Overordnet"), one("Produktionsenhed"), one("Skatteenhed"), one("Tilhoerer"),
			n("TilknyttedeBrugere"), n("TilknyttedeEnheder"), n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"),
			n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"), n("TilknyttedeItSystemer"), one("Virksomhed"), one("Virksomhedstype"),
			extension}},
}

func serviceNamed(name string) *service {
	for _, s := range services {
		if s.name == name {
			return s
		}
	}
	return nil
}

// lists are the types of the three lists, each wrapped by how often it must occur.
func (s *service) lists(wrap func(space, local string, t *typ) part) []part {
	attributes := seq(many(s.ns(), "Egenskab", s.property))
	if s.attrExt {
		attributes.children = append(attributes.children, extension)
	}
	states := seq()
	if s.state {
		states = seq(many(faelles, "Gyldighed", seq(virkning, must(faelles, "GyldighedStatusKode", text(oneOf("Aktiv", "Inaktiv"))))), extension)
	}
	return []part{wrap(s.ns(), "AttributListe", attributes), wrap(s.ns(), "TilstandListe", states),
		wrap(s.ns(), "RelationListe", seq(s.relation...))}
}

// input is the type of an operation's message.
func (s *service) input(operation string) (element string, t *typ) {
	id := must(sd, "UUIDIdentifikator", uuidText)
	switch operation {
	case "importer":
		registration := seq(append([]part{note, may(sd, "Tidspunkt", text(dateTime)), may(sd, "LivscyklusKode", text(lifecycle)),
			may(sd, "BrugerRef", idType)}, s.lists(must)...)...)
		return "ImportInput", seq(must(s.ns(), s.element, seq(id, part{s.ns(), "Registrering", 1, -1, registration, nil})))
	case "ret":
		return "RetInput", seq(append([]part{id, note}, s.lists(may)...)...)
	case "passiver":
		return "PassiverInput", seq(id, note)
	case "slet":
		return "SletInput", seq(id, note)
	case "laes":
		return "LaesInput", seq(append([]part{id}, filters...)...)
	case "list":
		return "ListInput", seq(append([]part{{sd, "UUIDIdentifikator", 1, -1, uuidText, nil}}, filters...)...)
	case "soeg":
		return "SoegInput", seq(append(append([]part{}, searchHead...), s.lists(must)...)...)
	}
	return "", nil
}

const hierarchy = "organisationsystem"

// hierarchyInput is the type of fremsoegobjekthierarki's message. The conditions on sections that the stand-in does not
// hold are accepted as they are.
func hierarchyInput() *typ {
	parts := append([]part{}, searchHead...)
	add := func(local string, t *typ) { parts = append(parts, may(namespace(hierarchy), local, t)) }
	anything := &typ{open: true}
	add("OrganisationSoegEgenskab", anything)
	add("OrganisationEnhedSoegEgenskab", serviceNamed("organisationenhed").property)
	add("OrganisationFunktionSoegEgenskab", serviceNamed("organisationfunktion").property)
	add("BrugerSoegEgenskab", serviceNamed("bruger").property)
	add("InteressefaellesskabSoegEgenskab", anything)
	add("ItSystemSoegEgenskab", anything)
	return seq(parts...)
}
