package payroll_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

var at = source.Origin{Document: "file.xml", Line: 3, Record: "employee 1001"}

// TestValues: what is taken of a value, and whether something is noted.
func TestValues(t *testing.T) {
	n := &payroll.Notes{}
	tests := []struct {
		kind  string
		take  func(string) string
		text  string
		want  string
		noted bool
	}{
		{"phone", func(s string) string { return n.Phone(at, s) }, "99 98 00 21", "+4599980021", false},
		{"phone", func(s string) string { return n.Phone(at, s) }, "9998 0021", "+4599980021", false},
		{"phone", func(s string) string { return n.Phone(at, s) }, "0046 8 123 456", "+468123456", false},
		{"phone", func(s string) string { return n.Phone(at, s) }, "00000000", "", false},
		{"phone", func(s string) string { return n.Phone(at, s) }, "", "", false},
		{"phone", func(s string) string { return n.Phone(at, s) }, "1234", "", true},
		{"phone", func(s string) string { return n.Phone(at, s) }, cprtest.Invented(1), "", true},
		{"mail", func(s string) string { return n.Mail(at, s) }, " a.b@korsbaek.example ", "a.b@korsbaek.example", false},
		{"mail", func(s string) string { return n.Mail(at, s) }, "empty@empty", "", false},
		{"mail", func(s string) string { return n.Mail(at, s) }, "a@b@c.example", "", true},
		{"mail", func(s string) string { return n.Mail(at, s) }, "@korsbaek.example", "", true},
		{"mail", func(s string) string { return n.Mail(at, s) }, cprtest.Invented(1) + "@korsbaek.example", "", true},
		{"text", func(s string) string { return n.Text(at, "felt", s) }, " Vej \n og\tPark ", "Vej og Park", false},
		{"text", func(s string) string { return n.Text(at, "felt", s) }, strings.Repeat("æ", 500), strings.Repeat("æ", 500), false},
		{"text", func(s string) string { return n.Text(at, "felt", s) }, strings.Repeat("æ", 501), "", true},
		{"text", func(s string) string { return n.Text(at, "felt", s) }, "S\uFFFDren", "", true},
		{"text", func(s string) string { return n.Text(at, "felt", s) }, "Vikar for " + cprtest.Hyphened(1), "Vikar for XXXXXX-XXXX", true},
		{"p", func(s string) string { return n.Number(at, "p", s) }, "1000000021", "1000000021", false},
		{"p", func(s string) string { return n.Number(at, "p", s) }, "0000000000", "", false},
		{"p", func(s string) string { return n.Number(at, "p", s) }, "0100000021", "", true},
		{"ean", func(s string) string { return n.Number(at, "ean", s) }, "5790000000001", "5790000000001", false},
		{"ean", func(s string) string { return n.Number(at, "ean", s) }, "9999999999999", "", false},
		{"cvr", func(s string) string { return n.Number(at, "cvr", s) }, "29190000", "29190000", false},
		{"cvr", func(s string) string { return n.Number(at, "cvr", s) }, "DK291900", "", true},
		{"cpr", func(s string) string { return n.CPR(at, s).Digits() }, cprtest.Hyphened(1), cprtest.Invented(1), false},
		{"cpr", func(s string) string { return n.CPR(at, s).Digits() }, "000000-0000", "", true},
		{"cpr", func(s string) string { return n.CPR(at, s).Digits() }, "3102800000", "", true},
	}
	for _, test := range tests {
		before := len(n.List())
		if got := test.take(test.text); got != test.want || (len(n.List()) > before) != test.noted {
			t.Errorf("%s of %q: got %q and %d notes, want %q", test.kind, test.text, got, len(n.List())-before, test.want)
		}
	}
	if shown := fmt.Sprint(n.List()); strings.Contains(shown, cprtest.Invented(1)) || strings.Contains(shown, cprtest.Hyphened(1)) {
		t.Errorf("a note shows a CPR number: %s", shown)
	}
}

func TestPeriod(t *testing.T) {
	tests := []struct {
		from, to string
		want     org.Period
		ok       bool
	}{
		{"2026-09-01", "9999-12-31", org.Period{From: "2026-09-01"}, true},
		{"2026-09-01", "2026-09-01", org.Period{From: "2026-09-01", To: "2026-09-01"}, true},
		{"", "", org.Period{}, true},
		{"2026-09-01", "2026-08-31", org.Period{}, false},
		{"2026-02-31", "", org.Period{}, false},
	}
	for _, test := range tests {
		n := &payroll.Notes{}
		if got, ok := n.Period(at, test.from, test.to); got != test.want || ok != test.ok || (len(n.List()) == 0) != test.ok {
			t.Errorf("%s to %s: got %v, %v and the notes %v", test.from, test.to, got, ok, n.List())
		}
	}
}

func TestProtected(t *testing.T) {
	for text, want := range map[string]bool{"Egevej 1": false, "": false, "*B*Egevej 1": true, "**ADRESSEBESKYTTET**": true, "Adressebeskyttet": true} {
		if got := payroll.Protected("", text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if !payroll.Protected("true", "Egevej 1") || payroll.Protected("false", "Egevej 1") {
		t.Error("the attribute does not decide")
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		text string
		want float64
		ok   bool
	}{{"37.00 ", 37, true}, {"37,5", 37.5, true}, {"", 0, false}, {"-1", 0, false}, {"1e9", 0, false}, {"NaN", 0, false}, {".", 0, false}, {"1.2.3", 0, false}}
	for _, test := range tests {
		if got, ok := payroll.Decimal(test.text); got != test.want || ok != test.ok {
			t.Errorf("%q: got %v, %v", test.text, got, ok)
		}
	}
}

func TestTree(t *testing.T) {
	unit := func(id, parent string, from, to org.Day) source.Unit {
		return source.Unit{ID: id, Origin: source.Origin{Record: "unit " + id}, States: []source.UnitState{{Period: org.Period{From: from, To: to}, Name: "Enhed", Parent: parent}}}
	}
	tests := []struct {
		name  string
		units []source.Unit
		notes []string
		opens string // the unit whose parent is taken away
	}{
		{"a tree", []source.Unit{unit("1", "", "2018-01-01", ""), unit("2", "1", "2018-01-01", "")}, nil, ""},
		{"a root that is over, and one to come", []source.Unit{unit("1", "", "2018-01-01", ""), unit("2", "", "", "2026-08-31"), unit("3", "", "2026-09-02", "")}, nil, ""},
		{"two roots", []source.Unit{unit("1", "", "2018-01-01", ""), unit("2", "", "", "2026-09-01")}, []string{" roots"}, ""},
		{"an unknown unit above", []source.Unit{unit("1", "", "2018-01-01", ""), unit("2", "9", "", "")}, []string{"unit 2 unknown-unit"}, ""},
		{"itself above", []source.Unit{unit("1", "1", "2018-01-01", "")}, []string{"unit 1 circle"}, "1"},
		{"a circle with a unit below it", []source.Unit{unit("1", "3", "", ""), unit("2", "4", "", ""), unit("3", "2", "", ""), unit("4", "3", "", "")}, []string{"unit 2 circle"}, "2"},
	}
	for _, test := range tests {
		n := &payroll.Notes{}
		x := &source.Extract{Day: "2026-09-01", Units: test.units}
		n.Tree(x)
		var got []string
		for _, note := range n.List() {
			got = append(got, note.Record+" "+note.Code)
		}
		if diff := cmp.Diff(test.notes, got); diff != "" {
			t.Errorf("%s: notes (-want +got):\n%s", test.name, diff)
		}
		for _, u := range x.Units {
			if u.ID == test.opens && u.States[0].Parent != "" {
				t.Errorf("%s: unit %s still lies under %s", test.name, u.ID, u.States[0].Parent)
			}
		}
	}
}

func TestCompareNumbers(t *testing.T) {
	order := []string{"998", "0999", "1001", "01002", "A1001"}
	for i := range order[1:] {
		if payroll.CompareNumbers(order[i], order[i+1]) >= 0 || payroll.CompareNumbers(order[i+1], order[i]) <= 0 {
			t.Errorf("%s does not come before %s", order[i], order[i+1])
		}
	}
}
