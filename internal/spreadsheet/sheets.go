package spreadsheet

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
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

	epoch epoch
}

// Day reads what Excel keeps for a day in a cell of the sheet. Registers know of jobs that began long ago.
func (s *TableSheet) Day(text string) (time.Time, bool) { return s.epoch.day(text, 1950) }

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
	one := table{most: 1}
	if err := one.add(number, cells); err != nil {
		return err
	}
	s.Rows, s.Faults = append(s.Rows, one.rows...), append(s.Faults, one.faults...)
	return nil
}

func xlsxSheets(data []byte) (_ []TableSheet, err error) {
	f, err := openXLSX(data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	names := f.GetSheetList()
	if len(names) > mostSheets {
		return nil, fmt.Errorf("it has more than %d sheets", mostSheets)
	}
	counts, err := epochOf(f)
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
		s := TableSheet{Name: name, epoch: counts}
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
	t := table{most: mostRegisterRows, rows: s.Rows}
	if err := errors.Join(t.formulas(f, s.Name), t.merged(f, s.Name)); err != nil {
		return err
	}
	s.Faults = append(s.Faults, t.faults...)
	return nil
}
