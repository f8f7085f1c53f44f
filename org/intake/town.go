package intake

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// Town is what registers say together.
type Town struct {
	Extracts []*source.Extract // the leading one first
	Units    []Cluster         // each unit once
	People   []Cluster         // each person once
	// What people have said they want, whichever register has it. Else what neither the leading register has nor one that
	// decides about units (owns unitName or unitPlace), or about who is employed (owns hire), is left out.
	WantedUnits, WantedPeople map[Record]bool
}

// Cluster are the records that are one unit or person: at most one of each extract.
type Cluster []Record

// Record is a unit or person of an extract.
type Record struct {
	Extract int // which of Town.Extracts
	Index   int // which of its units or people
}

// Options are what registers do not say.
type Options struct {
	Day   org.Day // the day of the first load
	Since org.Day // what ended before it is not taken; empty: all is taken
}

// Result is what a first load makes.
type Result struct {
	Files    map[string][]byte // by name in the repository; nothing else changes
	Numbers  map[org.UUID]cpr.Number
	Findings []Finding // in order of Code, Record
}

// Finding is something that people have to decide or to know.
type Finding struct {
	Code   string
	Origin source.Origin
	About  string // the unit's or person's name, number and unit, for a reader
	Text   string // one Danish sentence
}

// Codes of findings.
const (
	SeveralRoots   = "several-roots"   // units without one above them: they were put below the root
	OnlyThere      = "only-there"      // a unit that only a register has that does not decide about units
	NoUnit         = "no-unit"         // an engagement in a unit that no register knows
	NoName         = "no-name"         // a person or unit that no register has a name for
	SharedLogin    = "shared-login"    // two people with the same login name
	ClosedAccount  = "closed-account"  // an account that is closed in the directory and belongs to somebody who works here
	NoPost         = "no-post"         // a person with an account and without a job
	NoLeaderPerson = "no-leader"       // a leader whom no register knows as a person
	SeveralLeaders = "several-leaders" // a unit for which registers name several leaders
	ForeignSystem  = "foreign-system"  // accounts in an IT system that the files do not have
	Earlier        = "earlier"         // a unit in which somebody worked before it began
	BadValue       = "bad-value"       // a value that the files have no room for: left out, or cut
	Circle         = "circle"          // units that are above each other
	Gap            = "gap"             // a time in which a unit does not exist between two in which it does
)

// finding notes something about a record.
func (l *load) finding(code string, at source.Origin, about, text string) {
	l.findings = append(l.findings, Finding{Code: code, Origin: at, About: about, Text: text})
}

func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Origin.Document, b.Origin.Document), cmp.Compare(a.Origin.Line, b.Origin.Line), cmp.Compare(a.Origin.Record, b.Origin.Record), cmp.Compare(a.About, b.About))
	})
}
