package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose/sheet"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

// Codes of notes of this reader's own; it writes some of package payroll's too.
const (
	NoteColumn  = "unknown-column"  // a column that is not read
	NoteSheet   = "unknown-sheet"   // a sheet that is not read
	NoteManager = "unknown-manager" // a manager who has no row
	NoteDiffers = "differs"         // rows of one person that say different things of them
)

// Options say what an extract is called and how the columns are headed.
type Options struct {
	Source  string // key of the source; empty: "table"
	Name    string // what people call it; empty: the file's name
	Day     org.Day
	System  string            // of the accounts; empty: "ad"
	Columns map[string]string // the settings' headings, by orgit's name of the column
}

// Fault is something that is wrong with a cell, or with a row or sheet as a whole.
type Fault struct {
	Sheet   string `json:"sheet,omitempty"`
	Row     int    `json:"row"`
	Cell    string `json:"cell,omitempty"`    // such as C5; empty: the row
	Heading string `json:"heading,omitempty"` // of the cell's column
	Text    string `json:"text"`              // in Danish
}

// String is the fault as people read it.
func (f Fault) String() string {
	at := fmt.Sprintf("Række %d", f.Row)
	if f.Cell != "" {
		at = "Celle " + f.Cell
	}
	if f.Heading != "" {
		at += " (" + f.Heading + ")"
	}
	if f.Sheet != "" {
		at = "Arket " + f.Sheet + ", " + strings.ToLower(at[:1]) + at[1:]
	}
	return at + ": " + f.Text
}

// FaultError is the error for a spreadsheet with faults.
type FaultError struct{ Faults []Fault }

// Error says how many there are, and which is the first.
func (e *FaultError) Error() string {
	return fmt.Sprintf("the spreadsheet has %d faults, the first of them: %s", len(e.Faults), e.Faults[0])
}

// mostFaults bounds how many faults are told: a wrong column has one in every row.
const mostFaults = 500

// Read reads a spreadsheet by the ending of its name. The error is a [FaultError] where cells are wrong.
func Read(name string, data []byte, o Options) (*source.Extract, error) {
	for _, d := range []struct {
		value    *string
		standard string
	}{{&o.Source, "table"}, {&o.Name, name}, {&o.System, "ad"}} {
		if *d.value == "" {
			*d.value = d.standard
		}
	}
	if _, err := org.ParseDay(string(o.Day)); err != nil {
		return nil, fmt.Errorf("the day of the extract: %w", err)
	}
	headings, err := mappingOf(o.Columns)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	sheets, err := spreadsheet.ReadSheets(name, data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	r := newReader(name, o, headings)
	x, err := r.read(sheets)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return x, nil
}

// reader is what has been read so far.
type reader struct {
	file     string
	o        Options
	headings mapping
	notes    payroll.Notes
	faults   []Fault

	units  unitsRead
	people peopleRead
}

func newReader(file string, o Options, headings mapping) *reader {
	return &reader{file: file, o: o, headings: headings, units: newUnitsRead(), people: newPeopleRead()}
}

func (r *reader) read(sheets []spreadsheet.TableSheet) (*source.Extract, error) {
	people, units, err := r.find(sheets)
	if err != nil {
		return nil, err
	}
	for _, s := range []*grid{people, units} {
		if s != nil {
			r.misplacedCPR(s)
		}
	}
	if len(r.faults) > 0 {
		return nil, r.told() // whatever else a fault said might quote one
	}
	x := &source.Extract{Source: r.o.Source, Name: r.o.Name, Day: r.o.Day}
	if units != nil {
		r.untrusted(units)
		r.readUnits(units)
		x.Says.Tree, x.Says.Leaders = units.has(colParent), units.has(colLeader)
	}
	r.untrusted(people)
	r.readPeople(people)
	r.join()
	if len(r.faults) > 0 {
		return nil, r.told()
	}
	x.Says.Numbers, x.Says.Engagements = people.has(colNumber), people.has(colNumber) || people.has(colUnit)
	x.Says.Accounts, x.Says.CPR, x.Says.Future = people.has(colLogin), people.has(colCPR), people.has(colFrom) || people.has(colTo)
	x.Units, x.People, x.Leaders = r.units.list, r.people.list, r.units.leaders
	if x.Says.Tree {
		r.notes.Tree(x)
	}
	x.Notes = r.notes.List()
	x.Sort()
	return x, x.Check()
}

// told is the error with what is wrong, the first fault of each cell.
func (r *reader) told() error {
	seen := map[[2]string]bool{}
	kept := slices.DeleteFunc(r.faults, func(f Fault) bool {
		at := [2]string{f.Sheet, f.Cell}
		twice := f.Cell != "" && seen[at]
		seen[at] = true
		return twice
	})
	return &FaultError{kept[:min(len(kept), mostFaults)]}
}

// find tells the sheets apart by their headings.
func (r *reader) find(sheets []spreadsheet.TableSheet) (people, units *grid, err error) {
	for i := range sheets {
		s := &sheets[i]
		if len(s.Rows) == 0 {
			continue
		}
		asPeople, asUnits := r.grid(s, peopleHeadings()), r.grid(s, unitHeadings())
		place := &people
		g := asPeople
		switch {
		case asPeople.has(colGiven) || asPeople.has(colSurname):
		case asUnits.has(colUnitCode) && asUnits.has(colUnitName):
			if place, g = &units, asUnits; len(s.Rows) == 1 {
				continue // the template's, which was not used
			}
		case s.Name == guideSheet:
			continue
		default:
			r.notes.Add(source.Origin{Document: r.file}, NoteSheet, "Arket %s har ikke overskrifter for medarbejdere eller enheder og er ikke læst.", s.Name)
			continue
		}
		if *place != nil {
			return nil, nil, fmt.Errorf("the sheets %q and %q have the same headings; put their rows into one", (*place).Name, s.Name)
		}
		*place = g
	}
	if people == nil {
		return nil, nil, fmt.Errorf("no sheet has the headings %q and %q; the first row must be the headings, and the settings of the source (columns) may say what they are called",
			r.headings[colGiven], r.headings[colSurname])
	}
	for _, g := range []*grid{people, units} {
		if g != nil {
			if err := r.checkHeadings(g); err != nil {
				return nil, nil, err
			}
		}
	}
	return people, units, nil
}

// checkHeadings refuses a heading that stands twice, and notes those that are not known.
func (r *reader) checkHeadings(g *grid) error {
	if len(g.Rows) == 1 {
		return errors.New("there are no rows below the headings")
	}
	if g.twice != "" {
		return fmt.Errorf("the heading %q stands twice", g.twice)
	}
	for i, c := range g.columns {
		if text := g.Rows[0].Cells[i]; c == "" && text != "" {
			at := r.origin(g, g.Rows[0])
			r.notes.Add(at, NoteColumn, "Kolonnen %s kendes ikke og er ikke læst.", r.notes.Text(at, "overskrift", text))
		}
	}
	return nil
}

// origin is where a row stands.
func (r *reader) origin(g *grid, row spreadsheet.Row) source.Origin {
	at := source.Origin{Document: r.file, Line: row.Number}
	if g.Name != "" {
		at.Record = "sheet " + schema.MaskCPR(g.Name)
	}
	return at
}

// misplacedCPR finds cells that look like CPR numbers outside their column, of the columns that are read.
func (r *reader) misplacedCPR(g *grid) {
	for _, row := range g.Rows {
		for i, text := range row.Cells {
			if i >= len(g.columns) || g.columns[i] == "" || g.columns[i] == colCPR || g.columns[i] == colP && schema.IsPNumber(text) {
				continue
			}
			if sheet.LooksLikeCPR(text) {
				c := cells{r: r, g: g, row: row}
				c.fault(g.columns[i], "ligner et CPR-nummer. CPR-numre må kun stå i kolonnen %s", r.headings[colCPR])
			}
		}
	}
}

// untrusted are the cells that are no plain text, of the columns that are read.
func (r *reader) untrusted(g *grid) {
	texts := map[string]string{
		spreadsheet.Formula: "er en formel; skriv værdien selv (kopiér, og indsæt værdier)",
		spreadsheet.Merged:  "er flettet med andre celler; ophæv fletningen, og udfyld hver celle",
		spreadsheet.TooLong: "er for lang",
	}
	for _, f := range g.Faults {
		if f.Column < len(g.columns) && g.columns[f.Column] != "" {
			c := cells{r: r, g: g, row: spreadsheet.Row{Number: f.Row}}
			c.fault(g.columns[f.Column], "%s", texts[f.Kind])
		}
	}
}
