package edit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStated(t *testing.T) {
	const text = `package org

people: {"p": {
	uuid: "u"
	name: {given: "Anna", surname: "Jensen"} // as in the register
	engagements: {"a": _maanedsloen & {unit: "x", fraction: 0.5
		on: {"2026-01-01": {fraction: 0.6, unit: "y"}, "2027-01-01": {fraction: 0.7}}}}
	on: {"2026-12-05": {name: {given: "Anna", surname: "Holm"}}}
}}
`
	tests := []struct {
		path  string
		want  []string
		entry bool
	}{
		{"people p name", []string{`{given: "Anna", surname: "Jensen"}`, `2026-12-05 {given: "Anna", surname: "Holm"}`}, true},
		{"people p engagements a fraction", []string{"0.5", "2026-01-01 0.6", "2027-01-01 0.7"}, true},
		{"people p engagements a unit", []string{`"x"`, `2026-01-01 "y"`}, true},
		{"people p engagements a to", nil, true},
		{"people p addresses phone", nil, true},
		{"people q name", nil, false},
		{"units p name", nil, false},
	}
	for _, test := range tests {
		got, entry := Stated("p.cue", []byte(text), strings.Fields(test.path))
		if diff := cmp.Diff(test.want, got); diff != "" || entry != test.entry {
			t.Errorf("%s: entry %t (-want +got):\n%s", test.path, entry, diff)
		}
	}
	if got, entry := Stated("p.cue", []byte("people: {"), []string{"people", "p", "name"}); got != nil || entry {
		t.Errorf("a text that is no CUE states %v", got)
	}
}
