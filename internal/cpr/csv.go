package cpr

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Row is a line of a CSV file: a person and their number.
type Row struct {
	Line   int    // from 1
	Person string // a key or a UUID, as it stands; not to be shown unless there is such a person
	Number Number
}

// Fault is what is wrong with a line. Its reason quotes nothing of the line.
type Fault struct {
	Line   int
	Reason string
}

// largestCSV bounds what is read of a CSV file, in bytes.
const largestCSV = 64 << 20

// ReadCSV reads lines of two columns, person and CPR number, separated by semicolons or
// commas, in UTF-8 or Windows-1252. A first line of headings is passed over. What is wrong
// with a line is among the faults; the error is for a file that cannot be read as such.
// Neither quotes anything of the file.
func ReadCSV(r io.Reader) ([]Row, []Fault, error) {
	text, err := csvText(r)
	if err != nil {
		return nil, nil, err
	}
	var rows []Row
	var faults []Fault
	var comma rune
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		first := comma == 0
		if first {
			comma = commaOf(line)
			if strings.HasPrefix(strings.ToLower(line), "sep=") { // a spreadsheet's own
				continue
			}
		}
		cells, err := cellsOf(line, comma)
		if first && err == nil && isHeading(cells) {
			continue
		}
		row, err := rowOf(cells, err)
		if err != nil {
			faults = append(faults, Fault{Line: n, Reason: err.Error()})
			continue
		}
		row.Line = n
		rows = append(rows, row)
	}
	if len(rows) == 0 && len(faults) == 0 {
		return nil, nil, errors.New("the file holds no line with a person and a CPR number")
	}
	return rows, faults, nil
}

// csvText reads the file as text, with lines that end with \n.
func csvText(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, largestCSV+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read the file: %w", cause(err))
	case len(text) > largestCSV:
		return "", errors.New("the file is too large to be a list of persons and CPR numbers")
	case bytes.IndexByte(text, 0) >= 0:
		return "", errors.New("the file is no CSV file in UTF-8; in a spreadsheet, save it as \"CSV UTF-8\"")
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if !utf8.Valid(text) {
		if text, err = charmap.Windows1252.NewDecoder().Bytes(text); err != nil {
			return "", errors.New("the file is neither UTF-8 nor Windows text")
		}
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text)), nil
}

func commaOf(line string) rune {
	if strings.Contains(line, ";") {
		return ';'
	}
	return ','
}

// Why a line cannot be used. None quotes the line.
var (
	errQuotes    = errors.New("the quotation marks in the line are not in order")
	errColumns   = errors.New("the line must have two columns, the person and the CPR number")
	errSwapped   = errors.New("the first column holds a CPR number; the person comes first")
	errNoPerson  = errors.New("there is no person in the first column")
	errPersonKey = errors.New("the first column holds neither the key nor the UUID of a person")
)

// cellsOf takes a line apart. Blanks around the cells and empty cells at the end go.
func cellsOf(line string, comma rune) ([]string, error) {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.TrimLeadingSpace = comma, true
	cells, err := r.Read()
	if err != nil {
		return nil, errQuotes // the reader's own error may quote the line one day
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 2 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells, nil
}

// isHeading reports whether a first line says what the columns hold.
func isHeading(cells []string) bool {
	if len(cells) < 2 || strings.ContainsAny(cells[1], "0123456789") {
		return false
	}
	what := strings.ToLower(cells[1])
	return strings.Contains(what, "cpr") || strings.Contains(what, "nummer") || strings.Contains(what, "number")
}

func rowOf(cells []string, err error) (Row, error) {
	switch {
	case err != nil:
		return Row{}, err
	case len(cells) != 2:
		return Row{}, errColumns
	case cells[0] == "":
		return Row{}, errNoPerson
	}
	if _, err := Parse(cells[0]); err == nil {
		return Row{}, errSwapped
	}
	number, err := Parse(cells[1])
	if err != nil {
		return Row{}, err
	}
	if strings.Trim(strings.ToLower(cells[0]), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return Row{}, errPersonKey
	}
	return Row{Person: cells[0], Number: number}, nil
}
