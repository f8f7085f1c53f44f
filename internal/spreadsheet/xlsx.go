package spreadsheet

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// Sheet is the name of the sheet that is read where there is one; else it is the first.
const Sheet = "Ændringer"

func readXLSX(data []byte, form Form) (_ []Row, _ []Fault, err error) {
	f, err := openXLSX(data)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, nil, errors.New("it has no sheet")
	}
	sheet := sheets[0]
	if slices.Contains(sheets, form.Sheet) {
		sheet = form.Sheet
	}
	rows, err := f.GetRows(sheet)
	if err != nil {
		return nil, nil, err
	}
	t := table{most: form.Rows}
	if t.epoch, err = epochOf(f); err != nil {
		return nil, nil, err
	}
	for i, cells := range rows {
		if err := t.add(i+1, cells); err != nil {
			return nil, nil, err
		}
	}
	if err := t.formulas(f, sheet); err != nil {
		return nil, nil, err
	}
	return t.rows, t.faults, t.merged(f, sheet)
}

// openXLSX opens a workbook, but not one that claims to hold more than anybody fills in.
func openXLSX(data []byte) (*excelize.File, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: 10 * mostBytes, UnzipXMLSizeLimit: mostBytes,
	})
	if err != nil {
		return nil, errors.New("it is no .xlsx file, is damaged, or has a password")
	}
	return f, nil
}

// formulas notes the cells whose value a program has worked out.
func (t *table) formulas(f *excelize.File, sheet string) error {
	for _, row := range t.rows {
		for column := range row.Cells {
			text, err := f.GetCellFormula(sheet, CellName(row.Number, column))
			if err != nil {
				return err
			}
			if text != "" {
				t.faults = append(t.faults, Fault{Formula, row.Number, column})
			}
		}
	}
	return nil
}

// merged notes cells that are merged with others, in rows that are read.
func (t *table) merged(f *excelize.File, sheet string) error {
	cells, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return err
	}
	for _, c := range cells {
		column, row, err := excelize.CellNameToCoordinates(c.GetStartAxis())
		if err != nil {
			return err
		}
		t.faults = append(t.faults, Fault{Merged, row, column - 1})
	}
	return nil
}

// epoch is the day from which a workbook counts its days.
type epoch int

const (
	epoch1900 epoch = iota
	epoch1904
)

// epochOf reads from which day a workbook counts. Read with the wrong one, every day is four years and a day off.
func epochOf(f *excelize.File) (epoch, error) {
	props, err := f.GetWorkbookProps()
	if err != nil {
		return epoch1900, err
	}
	if props.Date1904 != nil && *props.Date1904 {
		return epoch1904, nil
	}
	return epoch1900, nil
}

// day reads the number of days that Excel keeps for a day: 46388 is 2027-01-01, or 44926 where the workbook counts from 1904.
// Only days of the years from first to 2099 count: a lower number is hardly one.
func (e epoch) day(text string, first int) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != math.Trunc(n) || n < 1 || n > lastDay {
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(n, e == epoch1904)
	return t, err == nil && t.Year() >= first && t.Year() < 2100
}

// lastDay is above the number of every day before 2100.
const lastDay = 100_000

// Day reads what Excel keeps for a day. What people propose is of this century.
func (r Row) Day(column int) (time.Time, bool) {
	if column < 0 || column >= len(r.Cells) {
		return time.Time{}, false
	}
	return r.epoch.day(r.Cells[column], 2000)
}
