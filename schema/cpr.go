package schema

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nameShape is a UUID, or a digest in hexadecimal (SHA-1 or SHA-256, as git and plans
// write them); their digits may look like anything.
var nameShape = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b`)

const cprMask = "XXXXXX-XXXX"

var (
	pNumberShape = regexp.MustCompile(`^[1-9][0-9]{9}$`)
	phoneShape   = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// IsPNumber reports whether a text has the form of a P-number, whose ten digits may look
// like a CPR number.
func IsPNumber(text string) bool { return pNumberShape.MatchString(text) }

// IsPhone reports whether a text has the form of a phone number with its country code,
// whose digits may look like a CPR number.
func IsPhone(text string) bool { return phoneShape.MatchString(text) }

// FindCPR returns where a text holds something that looks like a CPR number: ten digits
// that begin with a date (ddmmyy, in a substitute number 60 days later), and that no other
// digit touches. A blank, dash, slash, full stop or underscore may stand before the last
// four. Digits within a UUID or a digest do not count. Each span is the offset of its first
// byte and of the byte after its last.
func FindCPR(text string) [][2]int {
	var found [][2]int
	var names [][]int
	for at := 0; at < len(text); {
		if !isDigit(text[at]) {
			at++
			continue
		}
		run := digits(text[at:])
		end := at + run
		if run == 6 {
			if gap := separator(text[end:]); digits(text[end+gap:]) == 4 {
				end += gap + 4
			}
		}
		if (run == 10 || end > at+run) && beginsWithDate(text[at:]) {
			if names == nil {
				names = append(nameShape.FindAllStringIndex(text, -1), []int{len(text), len(text)})
			}
			if !within(names, at, end) {
				found = append(found, [2]int{at, end})
				at = end
				continue
			}
		}
		at += run
	}
	return found
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits counts the digits that a text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// separator measures what may stand before the last four digits: a blank, a dash or other
// mark, or a mark between blanks. A full stop counts only where it stands alone: with a
// blank after it it ends a sentence.
func separator(text string) int {
	if strings.HasPrefix(text, ".") {
		return 1
	}
	at := 0
	one := func(set string) {
		if r, size := utf8.DecodeRuneInString(text[at:]); size > 0 && strings.ContainsRune(set, r) {
			at += size
		}
	}
	one(blanks)
	one(marks)
	one(blanks)
	return at
}

const (
	blanks = " \t\u00a0\u2007\u2009\u202f"
	marks  = "-/_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
)

func within(spans [][]int, start, end int) bool {
	for _, s := range spans {
		if s[0] < end && start < s[1] {
			return true
		}
	}
	return false
}

// beginsWithDate reports whether the first six digits are a day of a month (ddmmyy), also
// with 60 more for the day as in substitute numbers (erstatningspersonnumre). The century
// is not known, so 29 February counts in every year that divides by four.
func beginsWithDate(digits string) bool {
	day, errDay := strconv.Atoi(digits[0:2])
	month, errMonth := strconv.Atoi(digits[2:4])
	year, errYear := strconv.Atoi(digits[4:6])
	if day > 60 {
		day -= 60
	}
	if errDay != nil || errMonth != nil || errYear != nil || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 {
		days = 29
	}
	return day <= days
}

// IsMasked reports whether something was replaced in a text by MaskCPR.
func IsMasked(text string) bool { return strings.Contains(text, cprMask) }

// MaskCPR replaces everything in a text that looks like a CPR number.
func MaskCPR(text string) string {
	found := FindCPR(text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	last := 0
	for _, span := range found {
		b.WriteString(text[last:span[0]] + cprMask)
		last = span[1]
	}
	return b.String() + text[last:]
}

// Masked returns the finding with everything that looks like a CPR number replaced.
func (d Diagnostic) Masked() Diagnostic {
	d.Position.File = MaskCPR(d.Position.File)
	d.Path = MaskCPR(d.Path)
	d.Message = MaskCPR(d.Message)
	d.Hint = MaskCPR(d.Hint)
	return d
}
