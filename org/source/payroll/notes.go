package payroll

import (
	"fmt"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// Codes of notes that several payroll readers write.
const (
	NoteText         = "text"          // a text that is too long, damaged or holds a CPR number
	NoteDay          = "day"           // no day of the calendar, or an end before its beginning
	NoteCPR          = "cpr"           // no CPR number, or none that can be one
	NotePhone        = "phone"         // no phone number that can be called from outside
	NoteMail         = "mail"          // no mail address
	NoteNumber       = "number"        // a unit's number without the right form
	NoteName         = "name"          // a person without a name, or with two
	NoteDouble       = "double"        // a record that occurs twice
	NoteUnknownUnit  = "unknown-unit"  // a reference to a unit that the register does not have
	NoteUnitDays     = "unit-days"     // an employment in a unit on days on which that does not exist
	NoteRoots        = "roots"         // several units without a unit above
	NoteCircle       = "circle"        // units above each other in a circle
	NoteUnusedRecord = "unused-record" // a kind of record that is not known
)

// Notes collects what was read and could not be used.
type Notes struct{ list []source.Note }

// Add notes something: where, of what kind, and a Danish sentence for HR.
func (n *Notes) Add(at source.Origin, code, format string, args ...any) {
	n.list = append(n.list, source.Note{Origin: at, Code: code, Text: schema.MaskCPR(fmt.Sprintf(format, args...))})
}

// List gives the notes in the order in which they were added.
func (n *Notes) List() []source.Note { return n.list }
