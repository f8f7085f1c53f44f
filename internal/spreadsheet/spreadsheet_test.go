package spreadsheet_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"orgit.dk/orgit/internal/spreadsheet"
)

func encoded(t *testing.T, text, as string) []byte {
	t.Helper()
	var data []byte
	var err error
	switch as {
	case "utf-8":
		return []byte(text)
	case "utf-8 with bom":
		return []byte("\ufeff" + text)
	case "windows-1252":
		data, err = charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	case "utf-16le":
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	case "utf-16be":
		data, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	case "utf-16le without bom":
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCSV: the same rows, however a program writes them.
func TestCSV(t *testing.T) {
	want := []spreadsheet.Row{{Number: 1, Cells: []string{"Ændring", "Enhed"}}, {Number: 3, Cells: []string{"Flytning", "Vej, Park; og Å"}}}
	for _, as := range []string{"utf-8", "utf-8 with bom", "windows-1252", "utf-16le", "utf-16be", "utf-16le without bom"} {
		for _, separator := range []string{";", ",", "\t"} {
			text := "Ændring" + separator + "Enhed\r\n" + separator + "\r\n\u00a0Flytning " + separator + "\"Vej, Park; og Å\"\r\n"
			rows, faults, err := spreadsheet.Read("x.CSV", encoded(t, text, as))
			if err != nil || len(faults) > 0 {
				t.Errorf("%s, %q: %v, %v", as, separator, faults, err)
			}
			if diff := cmp.Diff(want, rows, cmpopts.IgnoreUnexported(spreadsheet.Row{})); diff != "" {
				t.Errorf("%s, %q (-want +got)\n%s", as, separator, diff)
			}
		}
	}
}

func workbook(t *testing.T, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestXLSX: numbers and days as they are kept; formulas and merged cells are faults; empty rows are left out.
func TestXLSX(t *testing.T) {
	data := workbook(t, func(f *excelize.File) error {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		return errors.Join(err, f.SetSheetRow("Sheet1", "A1", &[]any{"Ændring", "Fra dato", "Grad"}),
			f.SetSheetRow("Sheet1", "A4", &[]any{" Flytning", 46388, 0.8}), f.SetCellStyle("Sheet1", "B4", "B4", style),
			f.SetCellFormula("Sheet1", "C5", "1+1"), f.SetCellStr("Sheet1", "A5", "Orlov"), f.SetCellStr("Sheet1", "A7", "=x"),
			f.MergeCell("Sheet1", "A8", "A9"))
	})
	rows, faults, err := spreadsheet.Read("x.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	want := []spreadsheet.Row{
		{Number: 1, Cells: []string{"Ændring", "Fra dato", "Grad"}}, {Number: 4, Cells: []string{"Flytning", "46388", "0.8"}},
		{Number: 5, Cells: []string{"Orlov", "", ""}}, {Number: 7, Cells: []string{"=x"}},
	}
	if diff := cmp.Diff(want, rows, cmpopts.IgnoreUnexported(spreadsheet.Row{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantFaults := []spreadsheet.Fault{{spreadsheet.Formula, 7, 0}, {spreadsheet.Formula, 5, 2}, {spreadsheet.Merged, 8, 0}}
	if diff := cmp.Diff(wantFaults, faults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDay: a workbook says from which day it counts, and that decides which day a number is.
func TestDay(t *testing.T) {
	for _, c := range []struct {
		since1904 bool
		cell      any
		want      string
	}{
		{false, 46388, "2027-01-01"}, {true, 44926, "2027-01-01"}, {true, 46388, "2031-01-02"}, {false, 44926, "2022-12-31"},
		{false, 36526, "2000-01-01"}, {true, 35064, "2000-01-01"}, {false, 36525, ""}, {true, 35063, ""}, {false, 73051, ""}, {true, 71589, ""},
		{false, 46388.5, ""}, {true, "i morgen", ""}, {true, 1e300, ""}, {true, -5, ""},
	} {
		rows, _, err := spreadsheet.Read("x.xlsx", workbook(t, func(f *excelize.File) error {
			return errors.Join(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &c.since1904}), f.SetCellValue("Sheet1", "A1", c.cell))
		}))
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		got := ""
		if day, ok := rows[0].Day(0); ok {
			got = day.Format("2006-01-02")
		}
		if got != c.want {
			t.Errorf("%v (from 1904: %v) is %q, want %q", c.cell, c.since1904, got, c.want)
		}
	}
}

// TestUnreadable: what is no table is told, not guessed at.
func TestUnreadable(t *testing.T) {
	for name, data := range map[string]string{"x.xlsx": "PK", "x.pdf": "a;b", "y.csv": "a;\"b\nc;d", "z.csv": "a\x00b;c\x00"} {
		if rows, _, err := spreadsheet.Read(name, []byte(data)); !errors.Is(err, spreadsheet.ErrUnreadable) {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
}

// FuzzRead: any bytes at all are rows or an error, with a text in every cell that CellName can name.
func FuzzRead(f *testing.F) {
	f.Add("x.csv", []byte("Ændring;Person\nFlytning;lisfr\n"))
	f.Add("x.csv", []byte("\xff\xfea\x00;\x00b\x00"))
	f.Add("x.csv", []byte("\xc6ndring,\"a\n"))
	f.Add("x.xlsx", []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		rows, faults, err := spreadsheet.Read(name, data)
		if err != nil {
			return
		}
		last := 0
		for _, row := range rows {
			if row.Number <= last {
				t.Fatalf("row %d follows row %d", row.Number, last)
			}
			last = row.Number
		}
		for _, fault := range faults {
			if spreadsheet.CellName(fault.Row, fault.Column) == "" {
				t.Fatalf("%+v", fault)
			}
		}
	})
}
