package table

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// The sheets of the template.
const (
	peopleSheet = "Medarbejdere"
	unitsSheet  = "Enheder"
	guideSheet  = "Vejledning"
)

// Template writes a workbook for HR to fill in: a sheet of people, one of units, and a page about both. columns are the
// settings' headings, by orgit's name of the column.
func Template(columns map[string]string) (_ []byte, err error) {
	m, err := mappingOf(columns)
	if err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	t := &template{f: f, headings: m}
	if err := errors.Join(t.form(peopleSheet, peopleHeadings()), t.form(unitsSheet, unitHeadings()), t.guide(), f.DeleteSheet("Sheet1")); err != nil {
		return nil, fmt.Errorf("write the spreadsheet: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write the spreadsheet: %w", err)
	}
	return b.Bytes(), nil
}

type template struct {
	f        *excelize.File
	headings mapping
}

// styles of the cells.
type styles struct{ heading, day, text int }

func (t *template) styles() (s styles, err error) {
	var errs [3]error
	s.heading, errs[0] = t.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	date := "dd-mm-yyyy"
	s.day, errs[1] = t.f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	s.text, errs[2] = t.f.NewStyle(&excelize.Style{NumFmt: 49}) // text: a number keeps its zeros, a phone number its plus
	return s, errors.Join(errs[:]...)
}

// form is a sheet to fill in.
func (t *template) form(sheet string, list []heading) error {
	if _, err := t.f.NewSheet(sheet); err != nil {
		return err
	}
	s, err := t.styles()
	if err != nil {
		return err
	}
	for i, h := range list {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style := s.text
		switch h.column {
		case colFrom, colTo, colUnitFrom, colUnitTo:
			style = s.day
		}
		err = errors.Join(t.f.SetColWidth(sheet, name, name, 18), t.f.SetColStyle(sheet, name, style),
			t.f.SetCellStr(sheet, name+"1", t.headings[h.column]), t.f.SetCellStyle(sheet, name+"1", name+"1", s.heading),
			t.f.AddComment(sheet, excelize.Comment{Cell: name + "1", Author: "orgit", Paragraph: []excelize.RichTextRun{{Text: h.note}}}))
		if err != nil {
			return err
		}
	}
	return t.f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// guide says what belongs in the columns.
func (t *template) guide() error {
	if _, err := t.f.NewSheet(guideSheet); err != nil {
		return err
	}
	rows := [][]string{
		{"Medarbejdere: én række for hver ansættelse. Enheder: én række for hver enhed. Arket Enheder må være tomt eller slettet."},
		{"Skal udfyldes: navn og medarbejdernummer, personnøgle eller brugernavn; enhed, hvor der er et medarbejdernummer."},
		{"Datoer: dag-måned-år, for eksempel 31-12-2026. \"" + t.headings[colTo] + "\" er den sidste dag."},
		{"CPR-numre må kun stå i kolonnen " + t.headings[colCPR] + ". Formler og flettede celler kan ikke bruges."}, {},
		{"Ark", "Kolonne", "Hvad der skal stå"},
	}
	for _, part := range []struct {
		sheet string
		list  []heading
	}{{peopleSheet, peopleHeadings()}, {unitsSheet, unitHeadings()}} {
		for _, h := range part.list {
			rows = append(rows, []string{part.sheet, t.headings[h.column], h.note})
		}
	}
	for i, row := range rows {
		if err := t.f.SetSheetRow(guideSheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	return errors.Join(t.f.SetColWidth(guideSheet, "A", "B", 22), t.f.SetColWidth(guideSheet, "C", "C", 90))
}
