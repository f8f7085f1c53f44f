package cpr

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// What is encrypted is text: a line with the form's name and version, a line for each
// recipient beside the key's own, and a line for each person, in order:
//
//	orgit-cpr 1
//	also age1…
//	9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33 0101800000
const formHeader = "orgit-cpr 1"

var (
	uuidShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	tenShape  = regexp.MustCompile(`^[0-9]{10}$`)
)

// entries is the content of a store.
type entries struct {
	also    []string // recipients beside the key's own, in order
	numbers map[org.UUID]Number
}

func (e entries) text() []byte {
	var b strings.Builder
	b.WriteString(formHeader + "\n")
	for _, recipient := range e.also {
		b.WriteString("also " + recipient + "\n")
	}
	for _, person := range slices.Sorted(maps.Keys(e.numbers)) {
		b.WriteString(string(person) + " " + e.numbers[person].Digits() + "\n")
	}
	return []byte(b.String())
}

// readEntries takes exactly what text writes. Its errors name a line and never quote it.
func readEntries(text []byte) (entries, error) {
	e := entries{numbers: map[org.UUID]Number{}}
	rest, ok := strings.CutPrefix(string(text), formHeader+"\n")
	if !ok {
		return entries{}, errors.New("what is in it begins otherwise than this version of orgit writes it")
	}
	n, last := 1, ""
	for line := range strings.Lines(rest) {
		n++
		line, whole := strings.CutSuffix(line, "\n")
		first, second, _ := strings.Cut(line, " ")
		switch {
		case !whole:
			return entries{}, fmt.Errorf("line %d of what is in it is cut", n)
		case first == "also" && last == "" && isRecipient(second) && (len(e.also) == 0 || e.also[len(e.also)-1] < second):
			e.also = append(e.also, second)
		case uuidShape.MatchString(first) && first > last && tenShape.MatchString(second):
			number, err := Parse(second)
			if err != nil {
				return entries{}, fmt.Errorf("line %d of what is in it: %w", n, err)
			}
			e.numbers[org.UUID(first)], last = number, first
		default:
			return entries{}, fmt.Errorf("line %d of what is in it is no entry", n)
		}
	}
	return e, nil
}
