package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func readCSV(data []byte) ([]Row, []Fault, error) {
	var t table
	if err := eachCSV(data, t.add); err != nil {
		return nil, nil, err
	}
	return t.rows, t.faults, nil
}

// eachCSV gives each line's number and cells to add, until it refuses one. It must not keep the cells.
func eachCSV(data []byte, add func(line int, cells []string) error) error {
	text, err := decoded(data)
	if err != nil {
		return err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator(text), -1, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return fmt.Errorf("line %d: %w", wrong.Line, wrong.Err) // its text may hold anything
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if err := add(line, cells); err != nil {
			return err
		}
	}
}

// decoded gives the text of a file in UTF-8, UTF-16 (with a byte order mark, or recognised by its zeros) or Windows-1252,
// which is what Excel writes in Denmark when it is asked for CSV.
func decoded(data []byte) (string, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), len(data) > 3 && data[0] != 0 && data[1] == 0 && data[3] == 0:
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), len(data) > 3 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case !utf8.Valid(data):
		from = charmap.Windows1252
	}
	if from != nil {
		var err error
		if data, err = from.NewDecoder().Bytes(data); err != nil {
			return "", errors.New("its characters are in no encoding that is known")
		}
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", errors.New("its characters are in no encoding that is known")
	}
	return string(data), nil
}

// separator is what stands most often between the headings, outside of quotes.
func separator(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n \t"), "\n")
	count := map[rune]int{}
	quoted := false
	for _, r := range line {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			count[r]++
		}
	}
	best := ';'
	for _, r := range []rune{',', '\t'} {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}
