package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// naming finds what people name on the command line.
type naming struct {
	env environment
	o   *org.Organisation
	day org.Day
}

// person is the key of the person that a text names.
func (n naming) person(text string) (string, error) {
	return n.one(text, "person", "list people", func(h hit) bool { return h.person != nil })
}

// unit is the key of the unit that a text names; of no text it is empty.
func (n naming) unit(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	return n.one(text, "unit", "list units", func(h hit) bool { return h.unit != nil })
}

func (n naming) one(text, kind, list string, is func(hit) bool) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", invalidInput(fmt.Errorf("no %s is named", kind), "`orgit "+list+"` lists them")
	}
	hits := slices.DeleteFunc(search(n.o, text), func(h hit) bool { return !is(h) })
	for _, h := range hits {
		if h.key() == text {
			return text, nil
		}
	}
	switch len(hits) {
	case 0:
		return "", invalidInput(fmt.Errorf("no %s fits %q", kind, text), "`orgit "+list+"` lists them")
	case 1:
		return hits[0].key(), nil
	}
	printHits(n.env.stderr, hits)
	return "", invalidInput(fmt.Errorf("%d fit %q", len(hits), text), "give the key")
}

// class is the key of a class that is named by its key or its name. Of no text it is empty.
func class(classes map[string]org.Class, flag, text string) (string, error) {
	if _, ok := classes[text]; ok || text == "" {
		return text, nil
	}
	var found []string
	for _, key := range slices.Sorted(maps.Keys(classes)) {
		if strings.EqualFold(classes[key].Name, text) {
			found = append(found, key)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", invalidInput(fmt.Errorf("--%s: classes.cue has nothing that fits %q", flag, text), "use a key or a name from there: "+some(org.ClassNames(classes)))
	}
	return "", invalidInput(fmt.Errorf("--%s: %d classes are called %q", flag, len(found), text), "give the key: "+strings.Join(found, ", "))
}

// needed refuses an empty flag.
func needed(flag, value string) error {
	if value == "" {
		return invalidInput(errors.New("--"+flag+" is missing"), "")
	}
	return nil
}

// some lists the first of many.
func some(names []string) string {
	const most = 12
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" … and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
