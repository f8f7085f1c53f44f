package schema

import (
	"regexp"
	"strconv"
	"strings"
)

// cprShape is what a CPR number is written like: six digits, perhaps a blank or a dash or
// both, four digits.
var cprShape = regexp.MustCompile(`[0-9]{6}[ \x{a0}\t]?[-\x{2010}-\x{2015}\x{2212}]?[ \x{a0}\t]?[0-9]{4}`)

// uuidShape is a UUID; its digits may look like anything.
var uuidShape = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

const cprMask = "XXXXXX-XXXX"

// FindCPR returns where a text holds something that looks like a CPR number: ten digits
// that begin with a date (ddmmyy), with or without a blank or dash before the last four,
// and that no other digit touches. Digits within a UUID do not count. Each span is the
// offset of its first byte and of the byte after its last.
func FindCPR(text string) [][2]int {
	var found [][2]int
	var uuids [][]int
	for from := 0; from < len(text); {
		loc := cprShape.FindStringIndex(text[from:])
		if loc == nil {
			break
		}
		start, end := from+loc[0], from+loc[1]
		from = start + 1
		if touchesDigit(text, start, end) || !beginsWithDate(text[start:]) {
			continue
		}
		if uuids == nil {
			uuids = append(uuidShape.FindAllStringIndex(text, -1), []int{len(text), len(text)})
		}
		if !within(uuids, start, end) {
			found = append(found, [2]int{start, end})
			from = end
		}
	}
	return found
}

func touchesDigit(text string, start, end int) bool {
	return start > 0 && isDigit(text[start-1]) || end < len(text) && isDigit(text[end])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func within(spans [][]int, start, end int) bool {
	for _, s := range spans {
		if s[0] < end && start < s[1] {
			return true
		}
	}
	return false
}

// beginsWithDate reports whether the first six digits are a day of a month (ddmmyy). The
// century is not known, so 29 February counts in every year that divides by four.
func beginsWithDate(digits string) bool {
	day, errDay := strconv.Atoi(digits[0:2])
	month, errMonth := strconv.Atoi(digits[2:4])
	year, errYear := strconv.Atoi(digits[4:6])
	if errDay != nil || errMonth != nil || errYear != nil || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 {
		days = 29
	}
	return day <= days
}

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
