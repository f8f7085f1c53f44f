package fkorgtest

import "slices"

// service is a type of object and its web service.
type service struct {
	name     string // in the URL and in the namespace
	element  string
	property *typ   // Egenskab
	title    string // the property that holds the name, as answers write it
	state    bool   // has Gyldighed
	owned    bool   // KOMBIT keeps it: nobody else writes
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
	{name: "adresse", element: "Adresse", title: "ns4:AdresseTekst",
		property: seq(virkning, key, may(sts, "AdresseTekst", text(upTo(200))))},
	{name: "person", element: "Person", title: "p:NavnTekst",
		property: seq(virkning, key, may(sts, "CPR-NummerTekst", text(pattern("[0-9]{10}"))),
			may(namespace("person"), "NavnTekst", text(upTo(100))))},
	{name: "bruger", element: "Bruger", title: "ns2:BrugerNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "BrugerNavn", text(upTo(200))), may(sd, "BrugerTypeTekst", text(upTo(50)))),
		relation: []part{many(sd, "Adresser", dynamic), n("BrugerTyper"), n("TilknyttedeOpgaver"), one("Tilhoerer"), n("TilknyttedeEnheder"),
			n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisationenhed", element: "OrganisationEnhed", title: "ns2:EnhedNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "EnhedNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), n("Ansatte"), one("Branche"), one("Enhedstype"), many(sd, "Opgaver", dynamic),
			one("Overordnet"), one("Produktionsenhed"), one("Skatteenhed"), one("Tilhoerer"), n("TilknyttedeBrugere"), n("TilknyttedeEnheder"),
			n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisationfunktion", element: "OrganisationFunktion", title: "ns2:FunktionNavn", state: true, attrExt: true,
		property: seq(virkning, key, may(sd, "FunktionNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), one("Funktionstype"), n("TilknyttedeOpgaver"), n("TilknyttedeBrugere"),
			n("TilknyttedeEnheder"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"),
			n("TilknyttedeItSystemer"), extension}},
	{name: "organisation", element: "Organisation", title: "ns2:OrganisationNavn", state: true, attrExt: true, owned: true,
		property: seq(virkning, key, may(sd, "OrganisationNavn", text(upTo(200)))),
		relation: []part{many(sd, "Adresser", dynamic), n("Ansatte"), one("Branche"), one("Organisationstype"), one("Myndighed"),
			one("Myndighedstype"), n("TilknyttedeOpgaver"), one("Overordnet"), one("Produktionsenhed"), one("Skatteenhed"), one("Tilhoerer"),
			n("TilknyttedeBrugere"), n("TilknyttedeEnheder"), n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"),
			n("TilknyttedeOrganisationer"), n("TilknyttedePersoner"), n("TilknyttedeItSystemer"), one("Virksomhed"), one("Virksomhedstype"),
			extension}},
	{name: "itsystem", element: "ItSystem", title: "ns2:ItSystemNavn", state: true, attrExt: true, owned: true,
		property: seq(virkning, key, may(sd, "ItSystemNavn", text(upTo(200))), may(sd, "ItSystemTypeTekst", text(upTo(50))),
			many(sd, "KonfigurationReference", text(upTo(1024)))),
		relation: []part{many(sd, "Adresser", dynamic), n("TilknyttedeOpgaver"), n("SystemTyper"), n("Tilhoerer"), n("TilknyttedeBrugere"),
			n("TilknyttedeEnheder"), n("TilknyttedeFunktioner"), n("TilknyttedeInteressefaellesskaber"), n("TilknyttedeOrganisationer"),
			n("TilknyttedePersoner"), n("TilknyttedeItSystemer"), extension}},
	{name: "virksomhed", element: "Virksomhed", title: "ns4:NavnTekst", owned: true,
		property: seq(virkning, key, may(sts, "CVR-NummerTekst", text(pattern("[0-9]{8}"))), may(sts, "SE-NummerTekst", text(pattern("[0-9]{8}"))),
			may(sts, "P-NummerTekst", text(pattern("[0-9]{10}"))), may(sts, "NavnTekst", text(upTo(200))))},
	{name: "myndighed", element: "Myndighed", title: "ns4:NavnTekst", owned: true,
		property: seq(virkning, key, may(sts, "CVR-NummerTekst", text(pattern("[0-9]{8}"))), may(sts, "NavnTekst", text(upTo(200))),
			may(sts, "MyndighedsKode", text(pattern("[0-9]{3}|[0-9]{4}"))))},
}

func serviceNamed(name string) *service {
	for _, s := range services {
		if s.name == name {
			return s
		}
	}
	return nil
}

// once reports whether a relation may occur once only.
func (s *service) once(local string) bool {
	return slices.ContainsFunc(s.relation, func(p part) bool { return p.local == local && p.max == 1 })
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
	case "opret":
		return "OpretInput", seq(append([]part{note}, s.lists(must)...)...)
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

// hierarchyInput is the type of fremsoegobjekthierarki's message. The condition on communities of interest, which the
// stand-in does not hold, is accepted as it is.
func hierarchyInput() *typ {
	parts := append([]part{}, searchHead...)
	add := func(local string, t *typ) { parts = append(parts, may(namespace(hierarchy), local, t)) }
	add("OrganisationSoegEgenskab", serviceNamed("organisation").property)
	add("OrganisationEnhedSoegEgenskab", serviceNamed("organisationenhed").property)
	add("OrganisationFunktionSoegEgenskab", serviceNamed("organisationfunktion").property)
	add("BrugerSoegEgenskab", serviceNamed("bruger").property)
	add("InteressefaellesskabSoegEgenskab", &typ{open: true})
	add("ItSystemSoegEgenskab", serviceNamed("itsystem").property)
	return seq(parts...)
}

// anonymiseInput is the type of anonymiser's message. Its elements are in the service's own namespace.
func anonymiseInput() *typ {
	return seq(choice(must(namespace(hierarchy), "PersonUUID", uuidText), must(namespace(hierarchy), "PersonCPR", text(pattern("[0-9]{10}")))))
}
