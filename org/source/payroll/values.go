package payroll

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// longest bounds a text that is taken, in characters. The longest name of a unit that is
// known of has 48.
const longest = 500

// open is how payroll systems write that something has no end.
const open = "9999-12-31"

// Text takes a text with single blanks. What is too long or was damaged in an earlier
// conversion is left out; a CPR number in it is masked.
func (n *Notes) Text(at source.Origin, what, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case utf8.RuneCountInString(text) > longest:
		n.Add(at, NoteText, "Teksten i feltet %s er over %d tegn og er ikke taget med.", what, longest)
		return ""
	case strings.ContainsRune(text, utf8.RuneError):
		n.Add(at, NoteText, "Teksten i feltet %s er ødelagt (tegn, der ikke kan læses) og er ikke taget med.", what)
		return ""
	case len(schema.FindCPR(text)) > 0:
		n.Add(at, NoteText, "Feltet %s indeholder noget, der ligner et CPR-nummer. Det er fjernet.", what)
		return schema.MaskCPR(text)
	}
	return text
}

// Day takes a day. An empty text and 9999-12-31 are the empty day; ok is false, and that is
// noted, where the text is no day.
func (n *Notes) Day(at source.Origin, what, text string) (day org.Day, ok bool) {
	if text = strings.TrimSpace(text); text == "" || text == open {
		return "", true
	}
	day, err := org.ParseDay(text)
	if err != nil {
		n.Add(at, NoteDay, "Datoen i feltet %s findes ikke i kalenderen.", what)
		return "", false
	}
	return day, true
}

// Period takes the first and last day of something; ok is false, and that is noted, where
// they are no period.
func (n *Notes) Period(at source.Origin, from, to string) (p org.Period, ok bool) {
	first, okFirst := n.Day(at, "startdato", from)
	last, okLast := n.Day(at, "slutdato", to)
	if okFirst && okLast && last != "" && first > last {
		n.Add(at, NoteDay, "Slutdatoen %s ligger før startdatoen %s.", last, first)
		return org.Period{}, false
	}
	return org.Period{From: first, To: last}, okFirst && okLast
}

// CPR takes a CPR number; the zero value, and a note, where there is none or it is no CPR number.
func (n *Notes) CPR(at source.Origin, text string) source.Number {
	digits := strings.TrimSpace(text)
	if strings.Trim(digits, "0-") == "" {
		n.Add(at, NoteCPR, "Der står intet CPR-nummer.")
		return source.Number{}
	}
	number, err := cpr.Parse(digits)
	if err != nil {
		n.Add(at, NoteCPR, "CPR-nummeret er ikke et gyldigt CPR-nummer og er ikke brugt.")
		return source.Number{}
	}
	return number
}

// Phone takes a phone number as the schema wants it, such as +4599980021.
func (n *Notes) Phone(at source.Origin, text string) string {
	if strings.Trim(text, "0 ") == "" {
		return ""
	}
	phone := propose.Phone(strings.TrimSpace(text))
	if !schema.IsPhone(phone) {
		n.Add(at, NotePhone, "Telefonnummeret kan ikke ringes op udefra (det er ikke otte cifre eller et nummer med landekode) og er ikke taget med.")
		return ""
	}
	return phone
}

// Mail takes a mail address.
func (n *Notes) Mail(at source.Origin, text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.EqualFold(text, "Empty@Empty") {
		return ""
	}
	name, domain, found := strings.Cut(text, "@")
	if !found || name == "" || !strings.Contains(domain, ".") || strings.ContainsAny(text, " \t\r\n<>,;\uFFFD") ||
		strings.Contains(domain, "@") || len(text) > 254 || len(schema.FindCPR(text)) > 0 {
		n.Add(at, NoteMail, "Mailadressen har ikke form som en mailadresse og er ikke taget med.")
		return ""
	}
	return text
}

// shapeOf is how many digits a unit's number has, and what stands where there is none.
func shapeOf(kind string) (digits int, none string) {
	switch kind {
	case "p":
		return 10, "0000000000"
	case "ean":
		return 13, "9999999999999"
	}
	return 8, "00000000" // cvr, se
}

// Number takes a number of a unit: p, ean, cvr or se, as the schema calls them.
func (n *Notes) Number(at source.Origin, kind, text string) string {
	text = strings.TrimSpace(text)
	digits, none := shapeOf(kind)
	if text == none || strings.Trim(text, "0") == "" {
		return ""
	}
	if len(text) != digits || strings.Trim(text, "0123456789") != "" || kind == "p" && !schema.IsPNumber(text) {
		n.Add(at, NoteNumber, "Nummeret i feltet %s har ikke den rigtige form (%d cifre) og er ikke taget med.", kind, digits)
		return ""
	}
	return text
}

// Protected reports whether a home address is protected (adressebeskyttelse). Nothing else of
// a home address is ever looked at.
func Protected(attribute, address string) bool {
	address = strings.ToUpper(strings.TrimSpace(address))
	return strings.EqualFold(attribute, "true") || strings.HasPrefix(address, "*B*") || strings.Contains(address, "ADRESSEBESKYT")
}

// Decimal takes a number that is not negative, with a comma or a full stop; ok is false where it is none.
func Decimal(text string) (number float64, ok bool) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if text == "" || len(text) > 20 || strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil
}

// Fraction rounds a part of full time to four decimals, as SD-Løn gives them.
func Fraction(part float64) float64 { return math.Round(part*10_000) / 10_000 }

// CompareNumbers orders employee numbers: 998 comes before 1001, whatever zeros stand before it.
func CompareNumbers(a, b string) int {
	short, other := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(short), len(other)), cmp.Compare(short, other), cmp.Compare(a, b))
}
