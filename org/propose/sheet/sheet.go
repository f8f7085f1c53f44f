// Package sheet reads proposals that HR has written in a spreadsheet: one change a row, with Danish headings. Template writes
// the spreadsheet to fill in.
//
// Nothing is guessed: a cell that the row's change has no use for is a fault, a name that fits several is one, and so is a
// date that could be read in two ways. All faults are found in one reading, each with its row and cell and in Danish words.
// No fault repeats what looks like a CPR number; where any cell does, nothing else is said of the file.
package sheet

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// Fault is something that is wrong with a cell, or with a row as a whole.
type Fault struct {
	Row     int    `json:"row"`
	Cell    string `json:"cell,omitempty"`    // such as C5; empty: the row
	Heading string `json:"heading,omitempty"` // of the cell's column
	Text    string `json:"text"`              // in Danish
}

// String is the fault as people read it.
func (f Fault) String() string {
	switch {
	case f.Cell == "":
		return fmt.Sprintf("Række %d: %s", f.Row, f.Text)
	case f.Heading == "":
		return fmt.Sprintf("Celle %s: %s", f.Cell, f.Text)
	}
	return fmt.Sprintf("Celle %s (%s): %s", f.Cell, f.Heading, f.Text)
}

// Item is what a row proposes.
type Item struct {
	Row    int
	Change propose.Change
}

// Read turns rows into typed changes, new units first, so that other rows may name them. The first row holds the headings.
// Rows with faults are not among the items. Who is a former employee is told on today.
func Read(rows []spreadsheet.Row, cells []spreadsheet.Fault, o *org.Organisation, today org.Day) ([]Item, []Fault) {
	if faults := numbers(rows); len(faults) > 0 {
		return nil, faults
	}
	if len(rows) == 0 {
		return nil, []Fault{{Row: 1, Text: "arket er tomt"}}
	}
	faults := untrusted(cells)
	columns, wrong := headings(rows[0])
	faults = append(faults, wrong...)
	if len(wrong) > 0 {
		return nil, faults
	}
	if len(rows) == 1 {
		return nil, append(faults, Fault{Row: rows[0].Number + 1, Text: "der er ingen rækker under overskrifterne"})
	}
	r := &reader{o: o, today: today, made: map[string]string{}}
	for _, row := range rows[1:] {
		r.announce(row, columns)
	}
	var items, units []Item
	for _, row := range rows[1:] {
		c, wrong := r.row(row, columns)
		switch {
		case len(wrong) > 0:
			faults = append(faults, wrong...)
		case c.Do == propose.DoCreateUnit:
			units = append(units, Item{row.Number, c})
		default:
			items = append(items, Item{row.Number, c})
		}
	}
	return append(units, items...), first(faults)
}

// first keeps the first fault of each cell: the others follow from it.
func first(faults []Fault) (kept []Fault) {
	for _, f := range faults {
		if f.Cell == "" || !slices.ContainsFunc(kept, func(k Fault) bool { return k.Cell == f.Cell }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// numbers finds the cells that look like CPR numbers, also those of which a spreadsheet has eaten the zero in front.
func numbers(rows []spreadsheet.Row) (faults []Fault) {
	for _, row := range rows {
		for i, text := range row.Cells {
			if LooksLikeCPR(text) {
				faults = append(faults, Fault{Row: row.Number, Cell: spreadsheet.CellName(row.Number, i), Text: "ligner et CPR-nummer. CPR-numre må ikke stå i arket; brug personens nøgle eller brugernavn"})
			}
		}
	}
	return faults
}

// LooksLikeCPR reports whether a cell holds what looks like a CPR number.
func LooksLikeCPR(text string) bool {
	if schema.IsPhone(text) {
		return false
	}
	if len(text) == 9 && strings.Trim(text, "0123456789") == "" {
		text = "0" + text
	}
	return len(schema.FindCPR(text)) > 0
}

func untrusted(cells []spreadsheet.Fault) (faults []Fault) {
	texts := map[string]string{
		spreadsheet.Formula: "er en formel; skriv værdien selv (kopiér, og indsæt værdier)",
		spreadsheet.Merged:  "er flettet med andre celler; ophæv fletningen, og udfyld hver celle",
		spreadsheet.TooLong: "er for lang",
	}
	for _, c := range cells {
		faults = append(faults, Fault{Row: c.Row, Cell: spreadsheet.CellName(c.Row, c.Column), Text: texts[c.Kind]})
	}
	return faults
}

// headings finds which column is which.
func headings(row spreadsheet.Row) (names []string, faults []Fault) {
	known := Headings()
	for i, text := range row.Cells {
		name := ""
		for _, h := range known {
			if strings.EqualFold(h, text) {
				name = h
			}
		}
		switch {
		case text == "":
		case name == "":
			hint := ""
			if near := schema.Nearest(text, known); near != "" {
				hint = "; mente du " + near + "?"
			}
			faults = append(faults, Fault{Row: row.Number, Cell: spreadsheet.CellName(row.Number, i), Text: fmt.Sprintf("overskriften %q kendes ikke%s", text, hint)})
		case slices.Contains(names, name):
			faults = append(faults, Fault{Row: row.Number, Cell: spreadsheet.CellName(row.Number, i), Text: fmt.Sprintf("overskriften %q står der to gange", name)})
		}
		names = append(names, name)
	}
	if len(faults) == 0 && !slices.Contains(names, headDo) {
		faults = append(faults, Fault{Row: row.Number, Text: fmt.Sprintf("den første række skal være overskrifterne, og %q mangler; `orgit propose template FIL` laver et ark med dem", headDo)})
	}
	return names, faults
}
