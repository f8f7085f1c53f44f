package spreadsheet

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostRegisterRows bounds the rows of a sheet that a register has written: several times the employees of
// the largest municipality.
const mostRegisterRows = 200_000

// mostSheets bounds the sheets of a workbook.
const mostSheets = 50

// TableSheet is a sheet of a file that a register has written. A .csv file is one without a name.
type TableSheet struct {
	Name   string
	Rows   []Row // those with something in them
	Faults []Fault

	from1904 bool
}

// Day reads the number of days that a cell of the sheet keeps for a day. Only days from 1950 to 2099 count: a
// lower number is hardly one.
func (s *TableSheet) Day(text string) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != math.Trunc(n) || n < 1 || n > 100_000 {
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(n, s.from1904)
	return t, err == nil && t.Year() >= 1950 && t.Year() < 2100
}

// ReadSheets reads the visible sheets of a file by the ending of its name, as [Read] reads one, with room for the
// rows of a whole register.
func ReadSheets(name string, data []byte) ([]TableSheet, error) {
	if len(data) > mostBytes {
		return nil, fmt.Errorf("%w: it has more than %d MB", ErrUnreadable, mostBytes>>20)
	}
	read := csvSheet
	switch ending := strings.ToLower(filepath.Ext(name)); {
	case ending == ".xlsx", (ending == ".csv" || ending == ".txt") && bytes.HasPrefix(data, []byte("PK\x03\x04")):
		read = xlsxSheets
	case ending == ".csv", ending == ".txt":
	default:
		return nil, fmt.Errorf("%w: its name must end in .xlsx or .csv", ErrUnreadable)
	}
	sheets, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return sheets, nil
}

func csvSheet(data []byte) ([]TableSheet, error) {
	var s TableSheet
	if err := eachCSV(data, s.add); err != nil {
		return nil, err
	}
	return []TableSheet{s}, nil
}

// add takes a row in as table.add does.
func (s *TableSheet) add(number int, cells []string) error {
	if len(s.Rows) == mostRegisterRows {
		return fmt.Errorf("it has more than %d rows", mostRegisterRows)
	}
	var one table
	if err := one.add(number, cells); err != nil {
		return err
	}
	s.Rows, s.Faults = append(s.Rows, one.rows...), append(s.Faults, one.faults...)
	return nil
}

func xlsxSheets(data []byte) (_ []TableSheet, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: 10 * mostBytes, UnzipXMLSizeLimit: mostBytes,
	})
	if err != nil {
		return nil, errors.New("it is no .xlsx file, is damaged, or has a password")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	names := f.GetSheetList()
	if len(names) > mostSheets {
		return nil, fmt.Errorf("it has more than %d sheets", mostSheets)
	}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, err
	}
	var sheets []TableSheet
	for _, name := range names {
		visible, err := f.GetSheetVisible(name)
		if err != nil {
			return nil, err
		}
		if !visible {
			continue
		}
		s := TableSheet{Name: name, from1904: props.Date1904 != nil && *props.Date1904}
		if err := s.read(f); err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// read reads a sheet of a workbook.
func (s *TableSheet) read(f *excelize.File) error {
	rows, err := f.Rows(s.Name)
	if err != nil {
		return err
	}
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return errors.Join(err, rows.Close())
		}
		if err := s.add(number, cells); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	if err := errors.Join(rows.Error(), rows.Close()); err != nil {
		return err
	}
	t := table{rows: s.Rows}
	if err := errors.Join(t.formulas(f, s.Name), t.merged(f, s.Name)); err != nil {
		return err
	}
	s.Faults = append(s.Faults, t.faults...)
	return nil
}
