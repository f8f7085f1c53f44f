package fkorg

import (
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Target is the target's name in plans, limits and settings.
const Target = "fkOrganisation"

// The kinds of objects. Positions and managers are functions of two types.
const (
	KindEnhed    plan.Kind = "enhed"
	KindPerson   plan.Kind = "person"
	KindBruger   plan.Kind = "bruger"
	KindPosition plan.Kind = "position"
	KindLeder    plan.Kind = "leder"
)

// Names of attributes. An address is attrAdresse and the name of its role.
const (
	attrNoegle     = "brugervendtnoegle"
	attrNavn       = "navn"
	attrOverordnet = "overordnet"
	attrEnhedstype = "enhedstype"
	attrGyldighed  = "gyldighed"
	attrBrugernavn = "brugernavn"
	attrBrugertype = "brugertype"
	attrPerson     = "person"
	attrBruger     = "bruger"
	attrEnhed      = "enhed"
	attrFra        = "fra"
	attrTil        = "til"
	attrAdresse    = "adresse."
)

// aabenSlut is the value of the attribute til where a function has no last day. It is a value, so that an extension is
// a change and not the loss of one.
const aabenSlut = "uendelig"

// kinds describes the kinds in the order in which they are made: what others refer to comes first.
func kinds() []plan.KindInfo {
	return []plan.KindInfo{
		{Kind: KindEnhed, Singular: "FK-enhed", Plural: "FK-enheder", English: "FK unit", Englishs: "FK units"},
		{Kind: KindPerson, Singular: "FK-person", Plural: "FK-personer", English: "FK person", Englishs: "FK persons"},
		{Kind: KindBruger, Singular: "FK-bruger", Plural: "FK-brugere", English: "FK user", Englishs: "FK users"},
		{Kind: KindPosition, Singular: "FK-stilling", Plural: "FK-stillinger", English: "FK position", Englishs: "FK positions"},
		{Kind: KindLeder, Singular: "FK-lederfunktion", Plural: "FK-lederfunktioner", English: "FK manager function", Englishs: "FK manager functions"},
	}
}

// slagsAf is the type of object that a kind is kept as.
func slagsAf(k plan.Kind) *Slags {
	switch k {
	case KindEnhed:
		return Enhed
	case KindPerson:
		return Person
	case KindBruger:
		return Bruger
	case KindPosition, KindLeder:
		return Funktion
	}
	return nil
}

// funktionstype is the class that tells the two kinds of functions apart.
func funktionstype(k plan.Kind) string {
	if k == KindLeder {
		return funktionLeder
	}
	return funktionStilling
}

// adresserolle is the role that an attribute is about; ok is false for an attribute that is no address.
func adresserolle(attr string) (navn string, ok bool) { return strings.CutPrefix(attr, attrAdresse) }

// adresseUUID is the identity of an address that orgit makes: the same for the same owner and role for ever, so that a
// run that was cut off finds what it had made.
func adresseUUID(ejer org.UUID, rolle string) string {
	return string(org.DeriveUUID(ejer, "fk-adresse", rolle))
}
