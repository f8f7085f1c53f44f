package sheet

import "orgit.dk/orgit/org/propose"

// The headings.
const (
	headDo         = "Ændring"
	headPerson     = "Person"
	headEngagement = "Ansættelsesnøgle"
	headGiven      = "Fornavn"
	headSurname    = "Efternavn"
	headCalled     = "Kaldenavn"
	headLogin      = "Brugernavn"
	headUnit       = "Enhed"
	headParent     = "Overordnet enhed"
	headSuccessor  = "Afløser"
	headUnitName   = "Enhedens navn"
	headUnitType   = "Enhedstype"
	headTitle      = "Titel"
	headType       = "Ansættelsesform"
	headFraction   = "Beskæftigelsesgrad"
	headPrimary    = "Hovedansættelse"
	headFrom       = "Fra dato"
	headUntil      = "Til og med"
	headCloses     = "Luk konti"
	headPhone      = "Telefon"
	headMobile     = "Mobil"
	headLandline   = "Fastnet"
	headEmail      = "E-mail"
	headRoom       = "Lokale"
	headCorrect    = "Rettelse"
)

// Headings are all headings, in the order of the template.
func Headings() []string {
	return []string{
		headDo, headPerson, headEngagement, headFrom, headUntil, headUnit, headTitle, headType, headFraction, headPrimary,
		headGiven, headSurname, headCalled, headLogin, headParent, headSuccessor, headUnitName, headUnitType,
		headPhone, headMobile, headLandline, headEmail, headRoom, headCloses, headCorrect,
	}
}

// kind is a kind of change as the spreadsheet calls it, with the columns that it needs and those that it may have.
type kind struct {
	name       string
	do         propose.Kind
	needs, may []string
}

// noAccount in the column Brugernavn says that somebody new gets no account.
const noAccount = "ingen"

// newUnit is the kind of row that makes a unit.
const newUnit = "Ny enhed"

// kinds are all of them, in the order of the drop-down.
func kinds() []kind {
	contact := []string{headPhone, headMobile, headLandline, headEmail, headRoom}
	of := headEngagement
	return []kind{
		{"Ansættelse", propose.DoHire, []string{headUnit, headTitle, headType, headFrom},
			[]string{headPerson, headGiven, headSurname, headCalled, headLogin, headFraction, headPrimary, headUntil}},
		{"Fratrædelse", propose.DoLeave, []string{headPerson, headUntil}, []string{of}},
		{"Forlængelse", propose.DoExtend, []string{headPerson, headUntil}, []string{of}},
		{"Annullering", propose.DoAnnul, []string{headPerson}, []string{of}},
		{"Flytning", propose.DoMove, []string{headPerson, headUnit, headFrom}, []string{of, headCorrect}},
		{"Ny titel", propose.DoTitle, []string{headPerson, headTitle, headFrom}, []string{of, headCorrect}},
		{"Ny beskæftigelsesgrad", propose.DoFraction, []string{headPerson, headFraction, headFrom}, []string{of, headCorrect}},
		{"Orlov", propose.DoAbsence, []string{headPerson, headFrom}, []string{of, headUntil, headCloses}},
		{"Tilbage fra orlov", propose.DoReturn, []string{headPerson, headFrom}, []string{of}},
		{"Nyt navn", propose.DoName, []string{headPerson, headGiven, headSurname, headFrom}, []string{headCalled, headCorrect}},
		{"Kontaktoplysninger", propose.DoContact, []string{headPerson}, append(contact, headFrom, headCorrect)},
		{newUnit, propose.DoCreateUnit, []string{headUnitName, headParent, headUnitType, headFrom}, nil},
		{"Enhed skifter navn", propose.DoRenameUnit, []string{headUnit, headUnitName, headFrom}, []string{headCorrect}},
		{"Enhed flyttes", propose.DoMoveUnit, []string{headUnit, headParent, headFrom}, []string{headCorrect}},
		{"Enhed lukker", propose.DoCloseUnit, []string{headUnit, headUntil}, []string{headSuccessor}},
		{"Enhedens kontaktoplysninger", propose.DoUnitContact, []string{headUnit}, []string{headPhone, headLandline, headEmail, headFrom, headCorrect}},
		{"Ny leder", propose.DoAppoint, []string{headUnit, headPerson, headFrom}, []string{headUntil}},
		{"Konstitueret leder", propose.DoActing, []string{headUnit, headPerson, headFrom}, []string{headUntil}},
		{"Ledig lederstilling", propose.DoVacate, []string{headUnit, headFrom}, nil},
	}
}
