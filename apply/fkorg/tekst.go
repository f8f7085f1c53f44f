package fkorg

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Longest texts that the schemas allow, in characters (SagDokObjekt.xsd, GenerelleDefinitioner.xsd, Person.xsd). A text
// that is longer is a problem of the desired state, seen by whoever wrote it: it is never cut in silence.
const (
	MaxBrugervendtNoegle = 50
	MaxEnhedNavn         = 200
	MaxBrugerNavn        = 200
	MaxFunktionNavn      = 200
	MaxAdresseTekst      = 200
	MaxPersonNavn        = 100
	MaxNote              = 1024
)

// Rens makes a text fit for XML and comparable: characters that XML forbids go, line breaks become spaces, letters are
// composed (NFC: å is one character, not a and a ring), and white space around it goes.
func Rens(tekst string) string {
	tekst = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < 0x20 || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError:
			return -1
		}
		return r
	}, tekst)
	return strings.TrimSpace(norm.NFC.String(tekst))
}

// ForLang tells by how many characters a text is too long for a place that holds max; 0 when it fits.
func ForLang(tekst string, max int) int {
	if n := utf8.RuneCountInString(tekst); n > max {
		return n - max
	}
	return 0
}
