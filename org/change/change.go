// Package change is the vocabulary in which people speak of an organisation's changes:
// somebody is hired, leaves, moves; a unit is renamed, closed, merged; a leader is
// appointed. Compare says in these words what lies between two organisations.
//
// A value that is edited where it stands is a correction (rettelse): it was always so. A
// new amendment or a new period is a change (ændring): it is so from its day on.
package change

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Kind is a kind of change in HR's words.
type Kind string

// The kinds of changes.
const (
	Hire          Kind = "hire"        // a person gets their first engagement, or a further one
	Rehire        Kind = "rehire"      // a new engagement for somebody who had left
	Leave         Kind = "leave"       // an engagement ends (fratræder)
	Extend        Kind = "extend"      // an engagement ends later, or no longer ends
	Annul         Kind = "annul"       // an engagement never happened
	Move          Kind = "move"        // an engagement moves to another unit
	Title         Kind = "title"       // an engagement's title changes
	Fraction      Kind = "fraction"    // an engagement's part of full time changes
	Engagement    Kind = "engagement"  // something else about an engagement
	Absence       Kind = "absence"     // a leave of absence begins, changes or ends (orlov)
	Associate     Kind = "associate"   // a person is tied to a unit without pay
	Dissociate    Kind = "dissociate"  // such a tie ends
	Association   Kind = "association" // something else about such a tie
	Rename        Kind = "rename"      // a person's name changes
	Contact       Kind = "contact"     // phone, mail, room of a person; addresses of a unit
	Protect       Kind = "protect"     // a person becomes shielded, or no longer is
	Suspend       Kind = "suspend"     // a person's accounts are closed or opened again
	Person        Kind = "person"      // something else about a person
	PersonRemoved Kind = "person-removed"
	Account       Kind = "account"      // an account comes, goes or changes
	AccountRename Kind = "account-name" // a login name changes
	UnitCreate    Kind = "unit-create"
	UnitClose     Kind = "unit-close"  // with its successor
	UnitMerge     Kind = "unit-merge"  // several units close into one
	UnitMove      Kind = "unit-move"   // a unit gets another unit above
	UnitRename    Kind = "unit-rename" //
	Unit          Kind = "unit"        // something else about a unit
	UnitRemoved   Kind = "unit-removed"
	Appoint       Kind = "appoint"     // a leader is appointed
	AppointActing Kind = "acting"      // an acting leader is appointed (konstitueret)
	Vacate        Kind = "vacate"      // a unit is left without a leader
	LeaderChange  Kind = "leader"      // one leader follows another
	LeaderCorrect Kind = "leader-edit" // something else about a leadership
	Robot         Kind = "robot"
	Settings      Kind = "settings" // the root files: rules, targets, classes
)

// Subject is what a change is about.
type Subject struct {
	Kind string   `json:"kind"` // person, unit, robot or settings
	Key  string   `json:"key,omitempty"`
	UUID org.UUID `json:"uuid,omitempty"`
	Name string   `json:"name"`
	// About tells people of the same name apart: title, unit, payroll number.
	About string `json:"about,omitempty"`
}

// Change is one thing that happens, as HR would say it.
type Change struct {
	Kind       Kind            `json:"kind"`
	Correction bool            `json:"correction,omitempty"`
	Effect     org.Day         `json:"effect,omitempty"` // the first day on which it is so; for a departure the last day of work
	Subject    Subject         `json:"subject"`
	Unit       string          `json:"unit,omitempty"` // key of the unit under which it is shown
	Field      string          `json:"field,omitempty"`
	From       string          `json:"from,omitempty"` // the old value as people read it
	To         string          `json:"to,omitempty"`   // the new one
	Path       org.Path        `json:"path"`
	Position   schema.Position `json:"position"`
}
