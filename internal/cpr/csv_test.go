package cpr_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
)

// read writes the rows of a file as "line person digits".
func read(text string) (rows, faults []string, err error) {
	r, f, err := cpr.ReadCSV(strings.NewReader(text))
	for _, row := range r {
		rows = append(rows, fmt.Sprintf("%d %s %s", row.Line, row.Person, row.Number.Digits()))
	}
	for _, fault := range f {
		faults = append(faults, fmt.Sprintf("%d %s", fault.Line, fault.Reason))
	}
	return rows, faults, err
}

func TestReadCSV(t *testing.T) {
	n, h := cprtest.Invented(1), cprtest.Hyphened(1)
	m := cprtest.Invented(2)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"semicolons", "p1;" + n + "\np2;" + m + "\n", []string{"1 p1 " + n, "2 p2 " + m}},
		{"commas, no end of line", "p1," + h, []string{"1 p1 " + n}},
		{"headings", "person;cpr\np1;" + n + "\n", []string{"2 p1 " + n}},
		{"headings in Danish and Windows-1252", "N\xf8gle;Personnummer\r\np1;" + n + "\r\n", []string{"2 p1 " + n}},
		{"BOM", "\uFEFFperson;CPR-nummer\r\n9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33;" + n, []string{"2 9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33 " + n}},
		{"quotes", `"p1";"` + h + `"`, []string{"1 p1 " + n}},
		{"quotes around what the other separator stands in", `"p1","` + h + `"`, []string{"1 p1 " + n}},
		{"blanks and empty lines", "\n  p1 ;  " + h + " \n\n\np2;" + m, []string{"2 p1 " + n, "5 p2 " + m}},
		{"empty cells at the end", "p1;" + n + ";;\np2;" + m + ";", []string{"1 p1 " + n, "2 p2 " + m}},
		{"old Mac lines", "p1;" + n + "\rp2;" + m + "\r", []string{"1 p1 " + n, "2 p2 " + m}},
		{"a spreadsheet's separator line", "sep=;\np1;" + n, []string{"2 p1 " + n}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, faults, err := read(test.text)
			if err != nil || len(faults) > 0 {
				t.Errorf("faults %v, error %v", faults, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReadCSVFaults: every fault has its line and reason, and no digit of the file but in
// the number of the line.
func TestReadCSVFaults(t *testing.T) {
	n := cprtest.Invented(1)
	tests := []struct{ name, text, want string }{
		{"the other order", n + ";p1", "1 the first column holds a CPR number; the person comes first"},
		{"no number", "p1;", "1 there is no CPR number"},
		{"one column", "p1", "1 the line must have two columns, the person and the CPR number"},
		{"the other separator", "p1;" + n + "\np2," + n, "2 the line must have two columns, the person and the CPR number"},
		{"three columns", "p1;Anna;" + n, "1 the line must have two columns, the person and the CPR number"},
		{"no person", ";" + n, "1 there is no person in the first column"},
		{"a name", "Anna Jensen;" + n, "1 the first column holds neither the key nor the UUID of a person"},
		{"a zero lost", "p1;" + n[1:], "1 a digit is missing in the CPR number: has a spreadsheet taken the zero in front?"},
		{"no day", "p1;3201800000", "1 the CPR number does not begin with a day of the calendar"},
		{"garbage", "p1;%&#" + n, "1 a CPR number is ten digits, with or without a hyphen before the last four"},
		{"quotes", `p1;"` + n, "1 the quotation marks in the line are not in order"},
		{"headings in the middle", "p1;" + n + "\nperson;cpr", "2 a CPR number is ten digits, with or without a hyphen before the last four"},
		{"headings that name no number", "person;id", "1 a CPR number is ten digits, with or without a hyphen before the last four"},
		{"a cell over two lines", "p1;\"0101\n800000\"", "1 the quotation marks in the line are not in order|2 the quotation marks in the line are not in order"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, faults, err := read(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.Join(faults, "|")); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "headings only": "person;cpr\n", "UTF-16": "\xff\xfep\x001\x00;\x00", "a zip": "PK\x03\x04\x00",
	} {
		if rows, faults, err := cpr.ReadCSV(strings.NewReader(text)); err == nil || len(rows)+len(faults) > 0 {
			t.Errorf("%s: %d rows, %d faults, error %v", name, len(rows), len(faults), err)
		}
	}
	if _, _, err := cpr.ReadCSV(bytes.NewReader(bytes.Repeat([]byte("\n"), 64<<20+1))); err == nil {
		t.Error("a file beyond the limit is read")
	}
}

// FuzzReadCSV: no fault and no error shows a digit of the file, and what is accepted is a
// number.
func FuzzReadCSV(f *testing.F) {
	n := cprtest.Invented(1)
	for _, text := range []string{"person;cpr\np1;" + n, n + ",p1", "p1;\"" + n, "\uFEFFp1;" + n, "\xf8;" + n, "sep=,\np1," + n} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, faults, err := cpr.ReadCSV(bytes.NewReader(text))
		if err != nil && strings.ContainsAny(strings.ReplaceAll(err.Error(), "UTF-8", ""), "0123456789") {
			t.Errorf("the error shows digits: %v", err)
		}
		for _, fault := range faults {
			if strings.ContainsAny(fault.Reason, "0123456789") {
				t.Errorf("a fault shows digits: %s", fault.Reason)
			}
		}
		for _, row := range rows {
			if len(row.Number.Digits()) != 10 || row.Person == "" {
				t.Errorf("line %d has the person %q and %d digits", row.Line, row.Person, len(row.Number.Digits()))
			}
		}
	})
}
