package fkorg

import (
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Target is the target's name in plans, limits and settings.
const Target = "fkOrganisation"

// The kinds of objects. The last four are functions of four types.
const (
	KindOrganisation plan.Kind = "organisation" // the municipality's own object, which is KOMBIT's: only its root is written
	KindEnhed        plan.Kind = "enhed"
	KindPerson       plan.Kind = "person"
	KindBruger       plan.Kind = "bruger"
	KindUdbetaling   plan.Kind = "udbetaling"  // the function of a unit that pays out for others
	KindHenvendelse  plan.Kind = "henvendelse" // the function of a unit that citizens turn to
	KindPosition     plan.Kind = "position"
	KindLeder        plan.Kind = "leder"
)

// Names of attributes. An address is attrAdresse and the name of its role.
const (
	attrNoegle      = "brugervendtnoegle"
	attrNavn        = "navn"
	attrOverordnet  = "overordnet"
	attrEnhedstype  = "enhedstype"
	attrGyldighed   = "gyldighed"
	attrBrugernavn  = "brugernavn"
	attrBrugertype  = "brugertype"
	attrPerson      = "person"
	attrBruger      = "bruger"
	attrEnhed       = "enhed"
	attrFra         = "fra"
	attrTil         = "til"
	attrAdresse     = "adresse."
	attrRod         = "rod"
	attrUdbetaling  = "udbetalingsenhed"
	attrHenvendelse = "henvendelsessteder"
	attrItSystemer  = "itsystemer"
	attrOpgaver     = "opgaver" // of a contact place; of a unit with a dot and the aspect
)

// attrAspekt is the attribute of a unit's tasks in one aspect.
func attrAspekt(aspekt string) string { return attrOpgaver + "." + aspekt }

// aabenSlut is the value of the attribute til where a function has no last day. It is a value, so that an extension is
// a change and not the loss of one.
const aabenSlut = "uendelig"

// kinds describes the kinds in the order in which they are made: what others refer to comes first.
func kinds() []plan.KindInfo {
	return []plan.KindInfo{
		{Kind: KindEnhed, Singular: "FK-enhed", Plural: "FK-enheder", English: "FK unit", Englishs: "FK units"},
		{Kind: KindOrganisation, Singular: "FK-organisation", Plural: "FK-organisationer", English: "FK organisation", Englishs: "FK organisations"},
		{Kind: KindPerson, Singular: "FK-person", Plural: "FK-personer", English: "FK person", Englishs: "FK persons"},
		{Kind: KindBruger, Singular: "FK-bruger", Plural: "FK-brugere", English: "FK user", Englishs: "FK users"},
		{Kind: KindUdbetaling, Singular: "FK-udbetalingsenhed", Plural: "FK-udbetalingsenheder", English: "FK payout function", Englishs: "FK payout functions", Few: true},
		{Kind: KindHenvendelse, Singular: "FK-henvendelsessted", Plural: "FK-henvendelsessteder", English: "FK contact place", Englishs: "FK contact places", Few: true},
		{Kind: KindPosition, Singular: "FK-stilling", Plural: "FK-stillinger", English: "FK position", Englishs: "FK positions"},
		{Kind: KindLeder, Singular: "FK-lederfunktion", Plural: "FK-lederfunktioner", English: "FK manager function", Englishs: "FK manager functions"},
	}
}

// slagsAf is the type of object that a kind is kept as.
func slagsAf(k plan.Kind) *Slags {
	switch k {
	case KindOrganisation:
		return Organisation
	case KindEnhed:
		return Enhed
	case KindPerson:
		return Person
	case KindBruger:
		return Bruger
	case KindUdbetaling, KindHenvendelse, KindPosition, KindLeder:
		return Funktion
	}
	return nil
}

// funktionstype is the class that tells the kinds of functions apart; empty for what is no function.
func funktionstype(k plan.Kind) string {
	switch k {
	case KindPosition:
		return funktionStilling
	case KindLeder:
		return funktionLeder
	case KindUdbetaling:
		return funktionUdbetaling
	case KindHenvendelse:
		return funktionHenvendelse
	}
	return ""
}

// funktionUUID is the identity of the function by which a unit is a payout unit or contact place: one for each unit and
// kind, the same for ever.
func funktionUUID(enhed org.UUID, k plan.Kind) org.UUID {
	return org.DeriveUUID(enhed, "fk-"+string(k))
}

// indslag is the identity of one entry of a list that others write to as well, such as a system that a unit uses. It
// stands in State.Known beside the objects: what orgit has never stated is somebody else's.
func indslag(ejer org.UUID, attr string, ref org.UUID) plan.ID {
	return plan.ID{Kind: plan.Kind(attr + "@" + string(ejer)), UUID: ref}
}

// delvis marks in State.Known that orgit knows a part only of what an attribute's list should hold, because classes are
// missing in the table of KLE numbers. What it did not state itself then stays.
func delvis(ejer org.UUID, attr string) plan.ID {
	return plan.ID{Kind: plan.Kind(attr + "@?"), UUID: ejer}
}

// adresserolle is the role that an attribute is about; ok is false for an attribute that is no address.
func adresserolle(attr string) (navn string, ok bool) { return strings.CutPrefix(attr, attrAdresse) }

// adresseUUID is the identity of an address that orgit makes: the same for the same owner and role for ever, so that a
// run that was cut off finds what it had made.
func adresseUUID(ejer org.UUID, rolle string) string {
	return string(org.DeriveUUID(ejer, "fk-adresse", rolle))
}
