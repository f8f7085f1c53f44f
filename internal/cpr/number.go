package cpr

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unique"
)

// Number is a CPR number. Whatever prints, formats or marshals it gets a mask; Digits alone
// gives the number, to the system that it is meant for. Two numbers are equal (==) when
// their digits are. The zero value is no number.
type Number struct {
	// A handle, and no text: printing a struct that holds a Number in a field of its own
	// reaches the field without asking the methods below, and shows an address.
	digits unique.Handle[string]
}

const mask = "XXXXXX-XXXX"

// Why a text is no CPR number. None quotes the text.
var (
	errEmpty    = errors.New("there is no CPR number")
	errShort    = errors.New("a digit is missing in the CPR number: has a spreadsheet taken the zero in front?")
	errShape    = errors.New("a CPR number is ten digits, with or without a hyphen before the last four")
	errCalendar = errors.New("the CPR number does not begin with a day of the calendar")
)

// Parse reads a CPR number: ten digits, with or without a hyphen or blank before the last
// four. They must begin with the day of birth, in the century that the seventh digit tells;
// in a substitute number (erstatningspersonnummer) the day is 60 higher. The check digit
// decides nothing: since 2007 there are numbers without one (CPR-kontoret, "Personnummeret
// i CPR"). The error never holds the text or a part of it.
func Parse(text string) (Number, error) {
	digits, err := tenDigits(text)
	if err != nil {
		return Number{}, err
	}
	if !beginsWithBirth(digits) {
		return Number{}, errCalendar
	}
	return Number{unique.Make(digits)}, nil
}

func tenDigits(text string) (string, error) {
	text = strings.TrimFunc(text, unicode.IsSpace)
	if text == "" {
		return "", errEmpty
	}
	digits := text
	if n := len(text) - 4; n > 0 {
		digits = strings.TrimRightFunc(text[:n], isSeparator) + text[n:]
	}
	switch {
	case strings.Trim(digits, "0123456789") != "":
		return "", errShape
	case len(digits) == 9:
		return "", errShort
	case len(digits) != 10:
		return "", errShape
	}
	return digits, nil
}

// isSeparator reports whether a character may stand before the last four digits.
func isSeparator(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '\u2212'
}

// beginsWithBirth reports whether ten digits begin with a day (ddmmyy) of the calendar.
func beginsWithBirth(digits string) bool {
	two := func(at int) int { return int(digits[at]-'0')*10 + int(digits[at+1]-'0') }
	day, month, year := two(0), two(2), two(4)
	if day > 60 {
		day -= 60
	}
	year += century(int(digits[6]-'0'), year)
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t.Day() == day && t.Month() == time.Month(month)
}

// century is the century of birth by the seventh digit and the two digits of the year.
func century(seventh, year int) int {
	switch {
	case seventh <= 3:
		return 1900
	case seventh == 4 || seventh == 9:
		if year <= 36 {
			return 2000
		}
		return 1900
	case year <= 57:
		return 2000
	}
	return 1800
}

// Digits gives the ten digits, "" for the zero value. Nothing that is shown, logged or
// stored outside the CPR store may be made of them.
func (n Number) Digits() string {
	if n == (Number{}) {
		return ""
	}
	return n.digits.Value()
}

// HasCheckDigit reports whether the last digit is the check digit (modulus 11) of the
// others. A substitute number has none, and neither have some numbers given since 2007.
func (n Number) HasCheckDigit() bool {
	digits := n.Digits()
	if digits == "" {
		return false
	}
	sum := 0
	for i, weight := range [10]int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(digits[i]-'0')
	}
	return sum%11 == 0
}

// IsSubstitute reports whether it is a substitute number, whose day is 60 higher.
func (n Number) IsSubstitute() bool { return n.Digits() > "6" }

// String gives a mask.
func (n Number) String() string { return mask }

// GoString gives a mask.
func (n Number) GoString() string { return mask }

// Format writes a mask, whatever the verb.
func (n Number) Format(f fmt.State, _ rune) { io.WriteString(f, mask) } //nolint:errcheck // fmt.State keeps no error

// MarshalText gives a mask, also in JSON and XML.
func (n Number) MarshalText() ([]byte, error) { return []byte(mask), nil }

// MarshalJSON gives a mask.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// LogValue gives a mask.
func (n Number) LogValue() slog.Value { return slog.StringValue(mask) }
