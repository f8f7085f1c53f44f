// Package spreadsheet reads the rows of a spreadsheet that people have filled in: .xlsx, and .csv as the programs of different
// countries and decades write it. It knows nothing of what the cells mean.
//
// A cell is its text as it was typed; of a day in an .xlsx file that is the number of days that Excel keeps, which Row.Day
// reads: some workbooks count them from 1904 (the habit of old Macs), the others from 1900. What cannot be trusted to be what its author sees (formulas, whose value another program has worked out; merged
// cells, which are empty but for one) is a fault with its cell.
package spreadsheet

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Bounds of what is read: nobody fills in more by hand, and a file that claims more is an attack or a mistake.
const (
	mostBytes = 20 << 20
	mostRows  = 5000 // of a file that was filled in from nothing
	mostCells = 200  // of a row
	mostText  = 1000
)

// ErrUnreadable: the file is no table that can be read.
var ErrUnreadable = errors.New("the file cannot be read as a table")

// Row is a row with something in it.
type Row struct {
	Number int      // as people see it, from 1
	Cells  []string // without blanks around them
	epoch  epoch    // of the workbook that it stands in
}

// Kinds of faults.
const (
	Formula = "formula"
	Merged  = "merged"
	TooLong = "long"
)

// Fault is a cell that cannot be trusted.
type Fault struct {
	Kind   string
	Row    int
	Column int // from 0
}

// Form is what is expected of a file.
type Form struct {
	Sheet string // the name of the sheet that is read where there is one; else it is the first
	Rows  int    // how many rows there are at most
}

// Read reads a file that people have filled in from nothing, by the ending of its name. Rows without anything are left out.
func Read(name string, data []byte) ([]Row, []Fault, error) {
	return ReadForm(name, data, Form{Sheet: Sheet, Rows: mostRows})
}

// ReadForm reads a file of another form in the same way.
func ReadForm(name string, data []byte, form Form) ([]Row, []Fault, error) {
	if len(data) > mostBytes {
		return nil, nil, fmt.Errorf("%w: it has more than %d MB", ErrUnreadable, mostBytes>>20)
	}
	read := readCSV
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".xlsx":
		read = readXLSX
	case ".csv", ".txt":
		if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			read = readXLSX
		}
	default:
		return nil, nil, fmt.Errorf("%w: its name must end in .xlsx or .csv", ErrUnreadable)
	}
	rows, faults, err := read(data, form)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return rows, faults, nil
}

// table gathers rows and faults.
type table struct {
	most   int
	epoch  epoch
	rows   []Row
	faults []Fault
}

// add takes a row in, unless it is empty.
func (t *table) add(number int, cells []string) error {
	if len(cells) > mostCells {
		return fmt.Errorf("row %d has more than %d cells", number, mostCells)
	}
	row := Row{Number: number, Cells: make([]string, len(cells)), epoch: t.epoch}
	some := false
	for i, text := range cells {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
		switch {
		case len(text) > mostText:
			t.faults = append(t.faults, Fault{TooLong, number, i})
			text = ""
		case strings.HasPrefix(text, "=") && len(text) > 1:
			t.faults = append(t.faults, Fault{Formula, number, i})
		}
		row.Cells[i] = text
		some = some || text != ""
	}
	if !some {
		return nil
	}
	if len(t.rows) == t.most {
		return fmt.Errorf("it has more than %d rows", t.most)
	}
	t.rows = append(t.rows, row)
	return nil
}

// CellName is what people call a cell: C5. The column counts from 0, the row from 1.
func CellName(row, column int) string {
	name := ""
	for n := column; n >= 0; n = n/26 - 1 {
		name = string(rune('A'+n%26)) + name
	}
	return fmt.Sprintf("%s%d", name, row)
}
