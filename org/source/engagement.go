package source

import "orgit.dk/orgit/org"

// Engagement is a paid job as a register knows it.
type Engagement struct {
	ID          string // unique among all engagements of the register
	UUID        org.UUID
	Institution string // within which Number is unique; empty where the register is one
	Number      string // employee number (tjenestenummer, løbenummer)
	Origin      Origin
	Annulled    bool // the register says that it never happened
	States      []EngagementState
	Leaves      []Leave
}

// EndsOnly reports whether a register says nothing of an engagement but that it is over, as
// the rows in which payroll files name those who have left. The day is that of the file, and
// each later file says it again: an end that is known already, and is earlier, stands.
func (e Engagement) EndsOnly() bool {
	return len(e.States) == 1 && e.States[0].From == "" && e.States[0].To != "" && e.States[0].Unit == "" && e.States[0].Title == ""
}

// EngagementState is what a register says of an engagement in a period in which it is in force.
type EngagementState struct {
	org.Period
	Origin    Origin
	Unit      string // ID of a unit of the register
	Title     string // as it is shown
	TitleCode string // ID of a class of kind title; empty where the register has texts alone
	Type      string // ID of a class of kind engagementType, or the text as it stands
	Fraction  float64
	Primary   bool
}

// Leave is a time away from an engagement.
type Leave struct {
	org.Period
	Origin Origin
	UUID   org.UUID
	// KeepsAccounts: the register says that accounts stay open meanwhile. Payroll does not say it.
	KeepsAccounts bool
}

// Association is an unpaid tie to a unit.
type Association struct {
	ID     string
	UUID   org.UUID
	Origin Origin
	States []AssociationState
}

// AssociationState is what a register says of an association in a period.
type AssociationState struct {
	org.Period
	Origin Origin
	Unit   string
	Type   string
	Title  string
}

// Account is a login as a register knows it.
type Account struct {
	ID          string
	System      string // key or name of the IT system; "ad" for the directory
	Name        string // login name
	UUID        org.UUID
	Mark        org.UUID // the account's UUID in orgit's files, where orgit has marked it in the system; empty when it has not
	Origin      Origin
	UPN         string
	Mail        string
	Number      string // the employee number that stands on the account
	Disabled    bool
	Kind        string   // personal, admin or service, where it is known
	Engagements []string // IDs of the engagements it is for; none: of the person
	// IDs of the associations it is for, beside the engagements.
	Associations []string
	Former       []string // login names that it had before, oldest first
	org.Period
}
