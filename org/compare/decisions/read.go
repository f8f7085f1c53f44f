package decisions

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/schema"
)

// mostRows is how many rows a spreadsheet of decisions has at most: an Excel sheet has a million.
const mostRows = 200_000

// Fault is what is wrong with a cell. Its row is no decision.
type Fault struct {
	Cell string // H12
	Code string
	Text string // one Danish sentence
}

// Codes of faults.
const (
	NoColumn     = "no-column"     // the sheet has not the columns by which it is read
	UnknownID    = "unknown-id"    // no item ever had it: it was mistyped or cut
	Older        = "older"         // of an older comparison: the item is gone, or registers say something else now
	UnknownWord  = "unknown-word"  // no decision, or none about such an item
	Contradicts  = "contradicts"   // another row decides otherwise
	WrongPartner = "wrong-partner" // what it is said to be the same as cannot be that
	NotTrusted   = "not-trusted"   // a formula, merged cells, too long a text
)

// Read reads what was decided about an agenda. name says by its ending what kind of file data is.
// The error is of a file that is no such spreadsheet at all.
func Read(name string, data []byte, a *agenda.Agenda) (*Decisions, []Fault, error) {
	rows, untrusted, err := spreadsheet.ReadForm(name, data, spreadsheet.Form{Sheet: sheetItems, Rows: mostRows})
	if err != nil {
		return nil, nil, fmt.Errorf("read the decisions: %w", err)
	}
	r := newReader(a, untrusted)
	if len(rows) == 0 || !r.headings(rows[0]) {
		return &Decisions{}, []Fault{{"A1", NoColumn, "Kolonnerne ID og Beslutning mangler i første række. Brug det regneark, som orgit compare --xlsx har lavet."}}, nil
	}
	for _, row := range rows[1:] {
		r.row(row)
	}
	r.contradictions()
	return &r.found, r.faults, nil
}

type reader struct {
	agenda    *agenda.Agenda
	items     map[string]agenda.Item
	untrusted map[[2]int]bool
	column    map[string]int
	found     Decisions
	faults    []Fault
}

func newReader(a *agenda.Agenda, untrusted []spreadsheet.Fault) *reader {
	r := &reader{agenda: a, items: map[string]agenda.Item{}, untrusted: map[[2]int]bool{}, column: map[string]int{}, found: Decisions{Remarks: map[string]string{}}}
	for _, item := range a.Items {
		r.items[item.ID] = item
	}
	for _, fault := range untrusted {
		r.untrusted[[2]int{fault.Row, fault.Column}] = true
	}
	return r
}

// headings finds the columns, wherever they have been moved.
func (r *reader) headings(row spreadsheet.Row) bool {
	for i, text := range row.Cells {
		for _, heading := range []string{columnID, columnDecision, columnWith, columnRemark} {
			if _, twice := r.column[heading]; !twice && strings.EqualFold(text, heading) {
				r.column[heading] = i
			}
		}
	}
	_, id := r.column[columnID]
	_, decision := r.column[columnDecision]
	return id && decision
}

func (r *reader) text(row spreadsheet.Row, heading string) string {
	at, ok := r.column[heading]
	if !ok || at >= len(row.Cells) {
		return ""
	}
	return row.Cells[at]
}

func (r *reader) cell(row spreadsheet.Row, heading string) string {
	return spreadsheet.CellName(row.Number, r.column[heading])
}

func (r *reader) fault(cell, code, format string, args ...any) {
	r.faults = append(r.faults, Fault{cell, code, schema.MaskCPR(fmt.Sprintf(format, args...))})
}

// row reads one row. Rows in which nobody has written anything are passed over, older ones too.
func (r *reader) row(row spreadsheet.Row) {
	decision, remark := r.text(row, columnDecision), schema.MaskCPR(r.text(row, columnRemark))
	if decision == "" && remark == "" && r.text(row, columnWith) == "" {
		return
	}
	for _, heading := range []string{columnID, columnDecision, columnWith} {
		if at, ok := r.column[heading]; ok && r.untrusted[[2]int{row.Number, at}] {
			r.fault(r.cell(row, heading), NotTrusted, "Cellen er en formel, er flettet med andre celler eller er for lang. Skriv teksten i cellen selv.")
			return
		}
	}
	item, ok := r.item(row)
	if !ok {
		return
	}
	if remark != "" {
		r.found.Remarks[item.ID] = remark
	}
	if decision == "" {
		if r.text(row, columnWith) != "" {
			r.fault(r.cell(row, columnWith), WrongPartner, "Der står et ID her, men ingen beslutning. Skriv samme i kolonnen %s.", columnDecision)
		}
		return
	}
	d := Decision{Item: item, Remark: remark, Cell: r.cell(row, columnDecision)}
	if r.word(&d, decision) && r.with(&d, row) {
		r.found.List = append(r.found.List, d)
	}
}

// item finds what a row is about, as it is today.
func (r *reader) item(row spreadsheet.Row) (agenda.Item, bool) {
	cell, text := r.cell(row, columnID), r.text(row, columnID)
	id, version, _ := strings.Cut(strings.ToUpper(text), "-")
	item, ok := r.items[id]
	switch {
	case text == "":
		r.fault(cell, UnknownID, "Rækken har en beslutning, men intet ID. Find rækken i et nyt regneark.")
	case !ok && agenda.WellFormed(id):
		r.fault(cell, Older, "Rækken er fra et ældre sammenhold: punktet findes ikke mere. Beslutningen er ikke taget med.")
	case !ok:
		r.fault(cell, UnknownID, "ID'et %s findes ikke. Er det blevet ændret? Find rækken i et nyt regneark.", text)
	case version != item.Version:
		r.fault(cell, Older, "Rækken er fra et ældre sammenhold. Nu siger %s: %s, og %s: %s. Tag stilling igen i et nyt regneark.",
			item.Lead.Register, item.Lead.Text, item.Other.Register, item.Other.Text)
		ok = false
	}
	return item, ok
}

// word understands what was decided.
func (r *reader) word(d *Decision, text string) bool {
	choices := Choices(d.Item)
	choice, ok := understood(text, choices)
	if !ok {
		if _, elsewhere := understood(text, allWords(r.agenda)); elsewhere {
			r.fault(d.Cell, UnknownWord, "Beslutningen %q passer ikke til emnet. Her kan I vælge: %s.", text, strings.Join(choices, ", "))
		} else {
			r.fault(d.Cell, UnknownWord, "Beslutningen %q kendes ikke. Her kan I vælge: %s.", text, strings.Join(choices, ", "))
		}
		return false
	}
	if !strings.HasPrefix(choice, string(UseSource)+" ") {
		d.Word = Word(choice)
		return true
	}
	d.Word, d.Source = UseSource, d.Item.Lead.Key.Source
	if choice != use(d.Item.Lead.Register) {
		d.Source = d.Item.Other.Key.Source
	}
	return true
}

// with finds what something that only one register has is said to be.
func (r *reader) with(d *Decision, row spreadsheet.Row) bool {
	text, cell := r.text(row, columnWith), r.cell(row, columnWith)
	alone := d.Item.Lead.Key.ID == "" || d.Item.Other.Key.ID == ""
	switch {
	case d.Word != Same && text != "":
		r.fault(cell, WrongPartner, "Der står et ID her, men beslutningen er %q. Kolonnen bruges kun sammen med samme.", d.Word)
		return false
	case !alone && text != "":
		r.fault(cell, WrongPartner, "Rækken nævner allerede begge. Lad kolonnen stå tom.")
		return false
	case d.Word != Same || !alone:
		return true
	case text == "":
		r.fault(d.Cell, WrongPartner, "Samme som hvem? Skriv ID på den anden række i kolonnen %s.", columnWith)
		return false
	}
	id, _, _ := strings.Cut(strings.ToUpper(text), "-")
	partner, ok := r.items[id]
	if !ok || !fits(d.Item, partner) {
		r.fault(cell, WrongPartner, "%s kan ikke være den samme som denne: det skal være en række, som kun det andet register har.", text)
		return false
	}
	d.With = partner
	return true
}

// fits reports whether two items are each of one register alone, of a unit both or of a person both.
func fits(a, b agenda.Item) bool {
	sameKind := agenda.OfUnits(a.Kind) == agenda.OfUnits(b.Kind)
	sameRegisters := a.Lead.Key.Source == b.Lead.Key.Source && a.Other.Key.Source == b.Other.Key.Source
	turned := a.Lead.Key.ID == "" && b.Other.Key.ID == "" || a.Other.Key.ID == "" && b.Lead.Key.ID == ""
	alone := slices.Contains(Choices(b), string(Same)) && (b.Lead.Key.ID == "") != (b.Other.Key.ID == "")
	return sameKind && sameRegisters && turned && alone
}
