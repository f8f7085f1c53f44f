package username

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStated(t *testing.T) {
	const people = `package org

people: {"p1": {
	name: {given: "Anna", surname: "Jensen"}
	accounts: {
		"ad":  {name: "annj", on: "2027-01-01": {name: "annh"}}
		"adm": _admin & {system: "ad", "name": "adm-annj"}
	}
}}
people: p2: accounts: ad: name: "bool"
robots: "r": {name: "Robot", accounts: "ad": {name: "robot1"}}
units: "x": name: "accounts"
`
	for _, test := range []struct {
		name, file, text string
		want             []string
	}{
		{"entries", "people/p1.cue", people, []string{"adm-annj", "annh", "annj", "bool", "robot1"}},
		{"a file with a fault", "people/p1.cue", "package org\npeople: p2: accounts: ad: name: \"bool\"\npeople: {{\n", []string{"bool"}},
		{"no login name", "people/p1.cue", `people: p2: accounts: ad: {name: "bo ol", name: 7}`, nil},
		{"the list", "usernames/an.txt", "anna\nannj\n", []string{"anna", "annj"}},
		{"another text", "docs/an.txt", "anna\n", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Join(test.want, " "), strings.Join(Stated(test.file, []byte(test.text)), " ")); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzStated: a branch may hold anything.
func FuzzStated(f *testing.F) {
	f.Add(`people: p2: accounts: ad: name: "bool" & _x.y`)
	f.Add(`accounts: [for x in y {name: "\(x)"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range Stated("people/p1.cue", []byte(text)) {
			if !loginShape.MatchString(name) {
				t.Errorf("%q is no login name", name)
			}
		}
	})
}
