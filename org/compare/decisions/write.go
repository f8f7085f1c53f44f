package decisions

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org/compare/agenda"
)

// Names of the sheets.
const (
	sheetItems = "Sammenhold"
	sheetHelp  = "Vejledning"
)

// Headings of the columns that are read back. The others are for people alone.
const (
	columnID       = "ID"
	columnDecision = "Beslutning"
	columnWith     = "Samme som (ID)"
	columnRemark   = "Bemærkning"
)

// column is one of the sheet's: its heading, its width in characters, and what stands in it.
type column struct {
	heading string
	width   float64
	text    func(agenda.Item) string
}

func columns(a *agenda.Agenda, d *Decisions) []column {
	other := "Andet register"
	if len(a.Registers) == 2 {
		other = a.Registers[1].Name
	}
	decision := map[string]Decision{}
	for _, one := range d.List {
		decision[one.Item.ID] = one
	}
	return []column{
		{columnID, 18, func(i agenda.Item) string { return i.ID + "-" + i.Version }},
		{"Emne", 26, func(i agenda.Item) string { return agenda.Heading(i.Kind, "da") }},
		{"Enhed", 24, func(i agenda.Item) string { return strings.Join(i.Units, ", ") }},
		{"Navn", 24, func(i agenda.Item) string { return i.Name }},
		{a.Registers[0].Name, 32, func(i agenda.Item) string { return sideText(i.Lead, a) }},
		{other, 32, func(i agenda.Item) string { return sideText(i.Other, a) }},
		{"Forklaring", 48, func(i agenda.Item) string { return strings.Join(i.Why, "\n") }},
		{columnDecision, 18, func(i agenda.Item) string { return decision[i.ID].text(a) }},
		{columnWith, 18, func(i agenda.Item) string { return decision[i.ID].With.ID }},
		{columnRemark, 32, func(i agenda.Item) string { return d.Remarks[i.ID] }},
	}
}

// text is a decision as it is written in the spreadsheet.
func (d Decision) text(a *agenda.Agenda) string {
	if d.Word != UseSource {
		return string(d.Word)
	}
	for _, r := range a.Registers {
		if r.Source == d.Source {
			return use(r.Name)
		}
	}
	return ""
}

// sideText is what a register says, and which it is where the heading does not say it.
func sideText(s agenda.Side, a *agenda.Agenda) string {
	if len(a.Registers) > 2 && s.Register != a.Registers[0].Name {
		return s.Register + ": " + s.Text
	}
	return s.Text
}

// Write writes the spreadsheet of an agenda, which is in Danish, with what has been decided so far; d may be nil.
func Write(to io.Writer, a *agenda.Agenda, d *Decisions) (err error) {
	if d == nil {
		d = &Decisions{}
	}
	f := excelize.NewFile()
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	w := &writer{f: f, a: a, columns: columns(a, d)}
	for _, step := range []func() error{w.styles, w.items, w.look, w.choices, w.help} {
		if err := step(); err != nil {
			return fmt.Errorf("make the spreadsheet: %w", err)
		}
	}
	if err := f.Write(to); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	return nil
}

type writer struct {
	f                     *excelize.File
	a                     *agenda.Agenda
	columns               []column
	head, plain, answered int // styles
}

func (w *writer) styles() (err error) {
	border := []excelize.Border{{Type: "bottom", Color: "C9D0D8", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	styles := []struct {
		at    *int
		style excelize.Style
	}{
		{&w.head, excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0B5394"}}, Alignment: top}},
		{&w.plain, excelize.Style{Alignment: top, Border: border}},
		{&w.answered, excelize.Style{Alignment: top, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF8DC"}}}},
	}
	for _, s := range styles {
		if *s.at, err = w.f.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return nil
}

// items writes the rows. Every cell is a text: nothing that a register says is a formula.
func (w *writer) items() error {
	if err := w.f.SetSheetName("Sheet1", sheetItems); err != nil {
		return err
	}
	for c, column := range w.columns {
		if err := w.f.SetCellStr(sheetItems, spreadsheet.CellName(1, c), column.heading); err != nil {
			return err
		}
		for r, item := range w.a.Items {
			if err := w.f.SetCellStr(sheetItems, spreadsheet.CellName(r+2, c), column.text(item)); err != nil {
				return err
			}
		}
	}
	return nil
}

// look freezes the headings and the first column, sets widths and styles, and adds filters.
func (w *writer) look() error {
	last := len(w.a.Items) + 1
	for c, column := range w.columns {
		name := strings.TrimRight(spreadsheet.CellName(1, c), "1")
		if err := w.f.SetColWidth(sheetItems, name, name, column.width); err != nil {
			return err
		}
		style := w.plain
		if column.heading == columnDecision || column.heading == columnWith || column.heading == columnRemark {
			style = w.answered
		}
		if err := w.f.SetCellStyle(sheetItems, name+"1", name+"1", w.head); err != nil {
			return err
		}
		if last > 1 {
			if err := w.f.SetCellStyle(sheetItems, name+"2", spreadsheet.CellName(last, c), style); err != nil {
				return err
			}
		}
	}
	if err := w.f.SetPanes(sheetItems, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := w.f.AutoFilter(sheetItems, "A1:"+spreadsheet.CellName(last, len(w.columns)-1), nil); err != nil {
		return err
	}
	return w.f.SetPageLayout(sheetItems, &excelize.PageLayoutOptions{Orientation: ptr("landscape"), FitToWidth: ptr(1), FitToHeight: ptr(0)})
}

func ptr[T any](v T) *T { return &v }

// choices makes the drop-down of the decision column. It offers every word: which of them fits a row,
// the reader says. Excel takes a list of at most 255 characters, so it stands on the other sheet.
func (w *writer) choices() error {
	if _, err := w.f.NewSheet(sheetHelp); err != nil {
		return err
	}
	words := allWords(w.a)
	for i, word := range words {
		if err := w.f.SetCellStr(sheetHelp, spreadsheet.CellName(i+2, 0), word); err != nil {
			return err
		}
	}
	v := excelize.NewDataValidation(true)
	column := strings.TrimRight(spreadsheet.CellName(1, w.decisionColumn()), "1")
	v.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, max(len(w.a.Items)+1, 2)))
	v.SetSqrefDropList(fmt.Sprintf("%s!$A$2:$A$%d", sheetHelp, len(words)+1))
	v.SetError(excelize.DataValidationErrorStyleStop, "Beslutning", "Vælg en af beslutningerne på listen. De er forklaret på arket Vejledning.")
	return w.f.AddDataValidation(sheetItems, v)
}

func (w *writer) decisionColumn() int {
	for c, column := range w.columns {
		if column.heading == columnDecision {
			return c
		}
	}
	return 0
}

// help explains the words on a sheet of its own.
func (w *writer) help() error {
	rows := [][2]string{{"Beslutning", "Betyder"}}
	for _, word := range allWords(w.a) {
		rows = append(rows, [2]string{word, meaning(word)})
	}
	rows = append(rows, [2]string{}, [2]string{"ID", "Lad ID stå, som det er: det er det, orgit kender rækken på. Rækkerne må gerne sorteres, filtreres og slettes."},
		[2]string{"Bemærkning", "Fri tekst til jer selv. Skriv aldrig CPR-numre, sygdom eller andet fortroligt."})
	for r, row := range rows {
		for c, text := range row {
			if err := w.f.SetCellStr(sheetHelp, spreadsheet.CellName(r+1, c), text); err != nil {
				return err
			}
		}
	}
	if err := w.f.SetColWidth(sheetHelp, "A", "A", 20); err != nil {
		return err
	}
	if err := w.f.SetColWidth(sheetHelp, "B", "B", 90); err != nil {
		return err
	}
	if err := w.f.SetCellStyle(sheetHelp, "A2", spreadsheet.CellName(len(rows), 1), w.plain); err != nil {
		return err
	}
	return w.f.SetCellStyle(sheetHelp, "A1", "B1", w.head)
}

// meaning explains a word of the drop-down.
func meaning(word string) string {
	switch Word(word) {
	case Same:
		return "De to er den samme person eller enhed. Findes den ene kun i ét register, så skriv ID på den række, den er den samme som, i kolonnen \"Samme som (ID)\"."
	case Different:
		return "Det er to forskellige personer eller enheder."
	case Include:
		return "Personen eller enheden skal med, selv om kun det ene register har den."
	case LeaveOut:
		return "Personen eller enheden skal ikke med. Det, der ligger i en enhed, som udelades, hører til enheden over."
	case AtSource:
		return "Et af registrene er forkert og bliver rettet der. Punktet kommer ikke igen, når det er rettet."
	}
	return "Værdien fra dette register er den rigtige."
}
