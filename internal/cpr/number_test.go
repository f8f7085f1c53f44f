package cpr_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
)

func TestParse(t *testing.T) {
	tests := []struct{ text, want string }{
		{"0101800000", "0101800000"},
		{"010180-0000", "0101800000"},
		{" 010180 0000 ", "0101800000"},
		{"010180 - 0000", "0101800000"},
		{"010180\u00a00000", "0101800000"},
		{"311299\u20130000", "3112990000"},
		// Substitute numbers: the day is 60 higher.
		{"6101800000", "6101800000"},
		{"9112990000", "9112990000"},
		// 29 February: 1900 was no leap year, 2000 and 1904 were, 1937 and 2037 are not.
		{"2902000000", ""}, {"2902004000", "2902004000"}, {"2902005000", "2902005000"}, {"2902040000", "2902040000"},
		{"2902370000", ""}, {"2902364000", "2902364000"}, {"2902374000", ""},
		// The seventh digit 5 to 8: until 57 this century, from 58 the one before the last.
		{"2902575000", ""}, {"2902565000", "2902565000"}, {"2902605000", "2902605000"}, {"2902968000", "2902968000"}, {"2902588000", ""},
	}
	for _, test := range tests {
		got, err := cpr.Parse(test.text)
		if got.Digits() != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: got digits %q and the error %v, want %q", test.text, got.Digits(), err, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "there is no CPR number"}, {"  ", "there is no CPR number"},
		{"101800000", "a digit is missing"}, {"10180-0000", "a digit is missing"},
		{"01018000000", "ten digits"}, {"01018-00000", "ten digits"}, {"010180/0000", "ten digits"}, {"010180000O", "ten digits"},
		{"p7k3f9q", "ten digits"}, {"1.0180E+08", "ten digits"}, {"٠١٠١٨٠٠٠٠٠", "ten digits"}, {"010180000\xff", "ten digits"},
		{"0001800000", "calendar"}, {"3201800000", "calendar"}, {"0113800000", "calendar"}, {"0100800000", "calendar"},
		{"6001800000", "calendar"}, {"9201800000", "calendar"}, {"3104800000", "calendar"}, {"4101800000", "calendar"},
	}
	for _, test := range tests {
		n, err := cpr.Parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) || n.Digits() != "" {
			t.Errorf("%q: %v, want an error about %q", test.text, err, test.want)
		} else if strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%q: the error shows digits: %v", test.text, err)
		}
	}
}

func TestCheckDigit(t *testing.T) {
	tests := []struct {
		text                 string
		checkDigit, replaced bool
	}{
		{"070761-4285", true, false}, // CPR-kontoret's own example, "Personnummeret i CPR"
		{"070761-4286", false, false},
		{"670761-4285", false, true},
		{cprtest.Invented(3), false, false},
	}
	for _, test := range tests {
		n, err := cpr.Parse(test.text)
		if err != nil || n.HasCheckDigit() != test.checkDigit || n.IsSubstitute() != test.replaced {
			t.Errorf("%s: check digit %v, substitute %v, error %v", test.text, n.HasCheckDigit(), n.IsSubstitute(), err)
		}
	}
	if n := (cpr.Number{}); n.HasCheckDigit() || n.IsSubstitute() || n.Digits() != "" {
		t.Error("the zero value passes for a number")
	}
}

// TestNumberIsNeverShown: whatever a program does to print a number gives a mask.
func TestNumberIsNeverShown(t *testing.T) {
	digits := cprtest.Invented(17)
	n, err := cpr.Parse(digits)
	if err != nil {
		t.Fatal(err)
	}
	type open struct{ Number cpr.Number }
	type closed struct{ number cpr.Number }
	values := []any{
		n, &n, open{n}, &open{n}, closed{n}, &closed{n}, []cpr.Number{n}, map[string]cpr.Number{"a": n}, map[cpr.Number]int{n: 1},
		[]closed{{n}}, map[string]*closed{"a": {n}}, errors.Join(fmt.Errorf("read %v", n)), func() (x struct{ any }) { x.any = n; return }(),
	}
	var shown bytes.Buffer
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%p", "%T", "%c", "%U", "%10s", "%t"} {
			fmt.Fprintf(&shown, verb+"\n", v)
		}
		fmt.Fprintln(&shown, v)
		json.NewEncoder(&shown).Encode(v) //nolint:errcheck // what is written counts
		xml.NewEncoder(&shown).Encode(v)  //nolint:errcheck // what is written counts
		gob.NewEncoder(&shown).Encode(v)  //nolint:errcheck // what is written counts
		slog.New(slog.NewTextHandler(&shown, nil)).Info("a", "b", v)
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("a", "b", v)
	}
	if text := shown.String(); strings.Contains(text, digits) || strings.Contains(text, digits[6:]) || strings.Contains(text, fmt.Sprintf("%x", digits)) {
		t.Errorf("a number is shown:\n%s", text)
	}
	if !strings.Contains(shown.String(), "XXXXXX-XXXX") {
		t.Error("no mask is shown where a number is printed")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"0101800000", "010180-0000", "61018 0000", "", "a", "2902000000", "010180\u20130000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := cpr.Parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "0123456789") {
				t.Errorf("the error shows digits: %v", err)
			}
			return
		}
		again, err := cpr.Parse(n.Digits())
		if err != nil || again != n {
			t.Errorf("%q: its digits do not give it again: %v", text, err)
		}
		var only strings.Builder
		for _, r := range text {
			if '0' <= r && r <= '9' {
				only.WriteRune(r)
			}
		}
		if only.String() != n.Digits() {
			t.Errorf("%q gives %q", text, n.Digits())
		}
	})
}
