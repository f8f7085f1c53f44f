package cpr

import (
	"strings"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
)

const (
	person1   = "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33"
	person2   = "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c40"
	recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
)

func TestReadEntries(t *testing.T) {
	one, two := person1+" "+cprtest.Invented(1)+"\n", person2+" "+cprtest.Invented(2)+"\n"
	tests := []struct{ name, text, says string }{
		{"empty store", formHeader + "\n", ""},
		{"two", formHeader + "\n" + one + two, ""},
		{"a recipient", formHeader + "\nalso " + recipient + "\n" + one, ""},
		{"nothing", "", "begins otherwise"},
		{"another version", "orgit-cpr 2\n" + one, "begins otherwise"},
		{"out of order", formHeader + "\n" + two + one, "line 3"},
		{"twice", formHeader + "\n" + one + one, "line 3"},
		{"cut", formHeader + "\n" + one + person2 + " 0101", "line 3 of what is in it is cut"},
		{"recipient too late", formHeader + "\n" + one + "also " + recipient + "\n", "line 3"},
		{"no recipient", formHeader + "\nalso me\n", "line 2"},
		{"no calendar day", formHeader + "\n" + person1 + " 3201800000\n", "line 2"},
		{"a hyphen", formHeader + "\n" + person1 + " " + cprtest.Hyphened(1) + "\n", "line 2"},
		{"a UUID in capitals", formHeader + "\n" + strings.ToUpper(one), "line 2"},
		{"an empty line", formHeader + "\n\n", "line 2"},
	}
	for _, test := range tests {
		e, err := readEntries([]byte(test.text))
		switch {
		case test.says == "" && (err != nil || string(e.text()) != test.text):
			t.Errorf("%s: %v; it is written as\n%s", test.name, err, e.text())
		case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.says)
		}
	}
}

// FuzzReadEntries: what is accepted is exactly what is written, and no error quotes it.
func FuzzReadEntries(f *testing.F) {
	f.Add([]byte(formHeader + "\n" + person1 + " " + cprtest.Invented(1) + "\n" + person2 + " " + cprtest.Invented(2) + "\n"))
	f.Add([]byte(formHeader + "\nalso " + recipient + "\n"))
	f.Add([]byte(formHeader + "\n" + person1 + " 0101800000"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := readEntries(text)
		if err == nil && string(e.text()) != string(text) {
			t.Errorf("%q is read, and written as %q", text, e.text())
		}
		if err != nil && tenDigitsIn(err.Error()) {
			t.Errorf("the error shows ten digits: %v", err)
		}
	})
}

func tenDigitsIn(text string) bool {
	run := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			run = 0
		} else if run++; run == 10 {
			return true
		}
	}
	return false
}
