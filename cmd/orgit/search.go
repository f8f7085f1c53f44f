package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// mostHits is how many of those that a text fits are listed.
const mostHits = 20

func printHits(w io.Writer, hits []hit) {
	width := 0
	for _, h := range hits {
		width = max(width, len(h.key()))
	}
	for i, h := range hits {
		if i == mostHits && len(hits) > mostHits+1 {
			fmt.Fprintf(w, "  … and %d more\n", len(hits)-i)
			return
		}
		fmt.Fprintf(w, "  %-*s  %s\n", width, h.key(), h.name())
	}
}

// hit is a unit, person or robot that a text fits; just one of the fields is set.
type hit struct {
	unit   *org.Unit
	person *org.Person
	robot  *org.Robot
}

func (h hit) key() string {
	switch {
	case h.unit != nil:
		return h.unit.Key
	case h.person != nil:
		return h.person.Key
	}
	return h.robot.Key
}

func (h hit) name() string {
	switch {
	case h.unit != nil:
		return h.unit.Name
	case h.person != nil:
		return h.person.Name.Full()
	}
	return h.robot.Name
}

// search finds what a text fits: exactly by key, UUID or login name, else as a part of a
// name, whatever the case.
func search(o *org.Organisation, text string) []hit {
	var exact, part []hit
	low := strings.ToLower(text)
	sort := func(h hit, uuid org.UUID, accounts org.Keyed[*org.Account], names ...string) {
		logs := slices.ContainsFunc(accounts, func(a *org.Account) bool { return strings.EqualFold(a.Name, text) })
		switch {
		case h.key() == text || strings.EqualFold(string(uuid), text) || logs:
			exact = append(exact, h)
		case slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(n), low) }):
			part = append(part, h)
		}
	}
	for _, u := range o.Units {
		names := []string{u.Name}
		for _, v := range u.Versions {
			names = append(names, v.State.Name)
		}
		sort(hit{unit: u}, u.UUID, nil, names...)
	}
	for _, p := range o.People {
		names := []string{p.Name.Given + " " + p.Name.Surname, p.Name.Called}
		for _, v := range p.Versions {
			names = append(names, v.State.Name.Given+" "+v.State.Name.Surname)
		}
		sort(hit{person: p}, p.UUID, p.Accounts, names...)
	}
	for _, r := range o.Robots {
		sort(hit{robot: r}, r.UUID, r.Accounts, r.Name)
	}
	if len(exact) > 0 {
		return exact
	}
	return part
}
