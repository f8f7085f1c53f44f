// Package change is the vocabulary in which people speak of an organisation's changes:
// somebody is hired, leaves, moves; a unit is renamed, closed, merged; a leader is
// appointed. Compare says in these words what lies between two organisations; Sentence
// writes one of them in Danish or English.
//
// # Corrections and changes
//
// A value that is edited where it stands is a correction (rettelse): it was always so. The
// same holds for the first day of a thing, and for an amendment that is edited, given
// another day or taken out. A new amendment or a new period is a change (ændring): it is
// so from its day on. To give a thing a last day, or another one, is a change too: that is
// how somebody leaves and a unit closes. So is a value that is stated for the first time, and
// a yes or no that is turned.
//
// # Nothing goes unsaid
//
// What no word covers is said with the kind of the thing and the name of the field (kind
// Unit, Person, Engagement …). An entry that is new or gone is said as such, without its
// single values.
package change

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Kind is a kind of change in HR's words.
type Kind string

// The kinds of changes.
const (
	Hire          Kind = "hire"           // a person gets their first engagement, or a further one
	Rehire        Kind = "rehire"         // a new engagement for somebody who had left
	Leave         Kind = "leave"          // an engagement ends (fratræder)
	Extend        Kind = "extend"         // an engagement ends later, or no longer ends
	Annul         Kind = "annul"          // an engagement never happened
	Move          Kind = "move"           // an engagement moves to another unit
	Title         Kind = "title"          // an engagement's title changes, or the one a person is shown with
	Fraction      Kind = "fraction"       // an engagement's part of full time changes
	Engagement    Kind = "engagement"     // something else about an engagement
	Absence       Kind = "absence"        // a leave of absence begins, changes or ends (orlov)
	Associate     Kind = "associate"      // a person is tied to a unit without pay
	Dissociate    Kind = "dissociate"     // such a tie ends
	Association   Kind = "association"    // something else about such a tie
	Rename        Kind = "rename"         // a person's name changes
	Contact       Kind = "contact"        // phone, mail, room of a person; addresses of a unit
	Protect       Kind = "protect"        // a person becomes shielded, or no longer is
	Suspend       Kind = "suspend"        // a person's accounts are closed or opened again
	Person        Kind = "person"         // something else about a person
	PersonRemoved Kind = "person-removed" // a person vanishes from the files
	Account       Kind = "account"        // an account comes, goes or changes
	AccountRename Kind = "account-name"   // a login name changes
	UnitCreate    Kind = "unit-create"    //
	UnitClose     Kind = "unit-close"     // with its successor
	UnitMerge     Kind = "unit-merge"     // several units close into one on one day
	UnitMove      Kind = "unit-move"      // a unit gets another unit above
	UnitRename    Kind = "unit-rename"    //
	Unit          Kind = "unit"           // something else about a unit
	UnitRemoved   Kind = "unit-removed"   // a unit vanishes from the files
	Appoint       Kind = "appoint"        // a leader is appointed
	AppointActing Kind = "acting"         // an acting leader is appointed (konstitueret)
	Vacate        Kind = "vacate"         // a unit is left without a leader
	LeaderChange  Kind = "leader"         // one leader follows another
	LeaderCorrect Kind = "leader-edit"    // something else about a leadership
	Robot         Kind = "robot"
	Settings      Kind = "settings" // the root files: rules, targets, classes; systems, their roles and who is given them, and allowances
)

// Kinds of subjects.
const (
	SubjectPerson   = "person"
	SubjectUnit     = "unit"
	SubjectRobot    = "robot"
	SubjectSettings = "settings"
)

// Values of Change.Field that name no field of an entry.
const (
	FieldNew     = "new"     // the thing is new
	FieldRemoved = "removed" // the thing is gone from the files
	FieldFurther = "further" // a hire: the person has or had another engagement
	FieldOn      = "on"      // an amendment came or went that changes nothing
)

// ActingRole is the key in the classes' managerRoles of those who lead for the time being
// (konstitueret).
const ActingRole = "konstitueret"

// Subject is what a change is about.
type Subject struct {
	Kind string   `json:"kind"` // person, unit, robot or settings
	Key  string   `json:"key,omitempty"`
	UUID org.UUID `json:"uuid,omitempty"`
	Name string   `json:"name"`
	// About tells people of the same name apart: title, unit.
	About string `json:"about,omitempty"`
	// Number is the payroll number, given only where somebody else has the same name.
	Number string `json:"number,omitempty"`
}

// Change is one thing that happens, as HR would say it.
type Change struct {
	Kind       Kind `json:"kind"`
	Correction bool `json:"correction,omitempty"`
	// Withdrawn says that a dated change was taken out of the files: on Effect it would
	// have become From, and it stays To.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Effect is the first day on which it is so; for a departure and for a unit that closes
	// the last day; empty when it always was so.
	Effect  org.Day `json:"effect,omitempty"`
	Was     org.Day `json:"was,omitempty"`   // the day that stood before, where another day is stated now
	Until   org.Day `json:"until,omitempty"` // the last day of what begins, when it is known
	Subject Subject `json:"subject"`
	Unit    string  `json:"unit,omitempty"` // key of the unit under which it is shown
	// Role is what a leader leads as where that is not the ordinary leader: ActingRole, or the name of the role.
	Role  string `json:"role,omitempty"`
	Field string `json:"field,omitempty"`
	From  string `json:"from,omitempty"` // the old value as people read it
	To    string `json:"to,omitempty"`   // the new one
	// Clears says that the value is to be taken away in the systems too (null), not only
	// left to others.
	Clears bool `json:"clears,omitempty"`
	// Hidden says that the values are left out because the person is shielded.
	Hidden bool `json:"hidden,omitempty"`
	// Others are the units that close into the subject of a merge.
	Others   []Subject       `json:"others,omitempty"`
	Path     org.Path        `json:"path"`
	Position schema.Position `json:"position"`
}
