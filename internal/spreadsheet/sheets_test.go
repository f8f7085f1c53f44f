package spreadsheet_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/internal/spreadsheet"
)

// TestReadSheets: every sheet that people see, with what cannot be trusted in it, and days as the workbook counts them.
func TestReadSheets(t *testing.T) {
	mac := true
	data := workbook(t, func(f *excelize.File) error {
		_, one := f.NewSheet("Enheder")
		_, other := f.NewSheet("Skjult")
		return errors.Join(one, other, f.SetSheetRow("Sheet1", "A2", &[]any{"Fornavn", 44926}), f.SetSheetRow("Enheder", "A1", &[]any{"Kode"}),
			f.SetCellFormula("Enheder", "A2", "1+1"), f.SetCellStr("Enheder", "B2", "x"), f.SetSheetVisible("Skjult", false),
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &mac}))
	})
	sheets, err := spreadsheet.ReadSheets("x.xlsx", data)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]spreadsheet.Row{}
	for _, s := range sheets {
		got[s.Name] = s.Rows
	}
	want := map[string][]spreadsheet.Row{"Sheet1": {{Number: 2, Cells: []string{"Fornavn", "44926"}}}, "Enheder": {{Number: 1, Cells: []string{"Kode"}}, {Number: 2, Cells: []string{"", "x"}}}}
	if diff := cmp.Diff(want, got, cmp.Comparer(sameRow)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]spreadsheet.Fault{{Kind: spreadsheet.Formula, Row: 2, Column: 0}}, sheets[1].Faults); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if day, ok := sheets[0].Day("44926"); !ok || day.Format("2006-01-02") != "2027-01-01" {
		t.Errorf("44926 is %s, %v", day, ok)
	}
	for _, text := range []string{"", "x", "44926.5", "17", "11003", "1e9"} {
		if day, ok := sheets[0].Day(text); ok {
			t.Errorf("%q is %s", text, day)
		}
	}
}

// sameRow compares what people see of rows.
func sameRow(a, b spreadsheet.Row) bool { return a.Number == b.Number && cmp.Equal(a.Cells, b.Cells) }

// TestReadSheetsCSV: one sheet, and more rows than people fill in by hand.
func TestReadSheetsCSV(t *testing.T) {
	text := []byte("Navn\r\n")
	for range 6000 {
		text = append(text, "x\n"...)
	}
	sheets, err := spreadsheet.ReadSheets("x.csv", text)
	if err != nil || len(sheets) != 1 || len(sheets[0].Rows) != 6001 {
		t.Errorf("%d sheets, %v", len(sheets), err)
	}
	for name, data := range map[string]string{"x.xlsx": "PK", "x.pdf": "a", "y.csv": "a;\"b"} {
		if _, err := spreadsheet.ReadSheets(name, []byte(data)); !errors.Is(err, spreadsheet.ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
