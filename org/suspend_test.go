package org_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

func TestSuspendIn(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"on a line of its own",
			"package org\n\npeople: {\"p1\": {\n\tuuid: \"x\" // æ\n\n\tname:   {given: \"A\"}\n}}\n",
			"package org\n\npeople: {\"p1\": {\n\tuuid: \"x\" // æ\n\n\tname:   {given: \"A\"}\n\ton: \"2026-12-01\": suspended: true\n}}\n"},
		{"with the line endings of the file", "people: \"p1\": {\r\n\ta: 1\r\n}\r\n", "people: \"p1\": {\r\n\ta: 1\r\n\ton: \"2026-12-01\": suspended: true\r\n}\r\n"},
		{"in one line", `people: {"p1": {a: 1}, "p2": {a: 2}}`, `people: {"p1": {a: 1, on: "2026-12-01": suspended: true}, "p2": {a: 2}}`},
		{"in an empty struct", `people: {"p1": {}}`, `people: {"p1": {on: "2026-12-01": suspended: true}}`},
		{"after a comma", `people: {"p1": {a: 1, }}`, `people: {"p1": {a: 1, on: "2026-12-01": suspended: true}}`},
		{"beside other amendments", `people: p1: {on: {"2026-11-01": {title: "x"}}}`, `people: p1: {on: {"2026-11-01": {title: "x"}, "2026-12-01": suspended: true}}`},
		{"in that of the day", `people: p1: {on: "2026-12-01": {title: "x"}}`, `people: p1: {on: "2026-12-01": {title: "x", suspended: true}}`},
		{"beside one without braces", `people: p1: {on: "2026-11-01": title: "x"}`, `people: p1: {on: "2026-11-01": title: "x", on: "2026-12-01": suspended: true}`},
		{"instead of the contrary", `people: p1: {on: "2026-12-01": suspended: false // no}
}`, `people: p1: {on: "2026-12-01": suspended: true // no}
}`},
		{"with a template", `people: p1: _t & {a: 1}`, `people: p1: _t & {a: 1, on: "2026-12-01": suspended: true}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := org.SuspendIn("f.cue", []byte(c.text), "p1", "2026-12-01")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSuspendInRefuses(t *testing.T) {
	for _, text := range []string{"people: p1: a: 1", "people: p2: {a: 1}", "people: p1: _t", "people: p1: {a: 1} | {a: 2}", "units: p1: {}"} {
		if got, err := org.SuspendIn("f.cue", []byte(text), "p1", "2026-12-01"); !errors.Is(err, org.ErrNotEditable) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := org.SuspendIn("f.cue", []byte("people: p1: {"), "p1", "2026-12-01"); err == nil {
		t.Error("a file that cannot be read is edited")
	}
}

// FuzzSuspendIn: what comes out holds all that went in, and can be read.
func FuzzSuspendIn(f *testing.F) {
	f.Add("people: {\"p1\": {\n\ta: 1\n}}\n")
	f.Add(`people: p1: {on: {"2026-11-01": {title: "x"}}}`)
	f.Add(`people: p1: _t & {a: 1, // c
}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := org.SuspendIn("f.cue", []byte(text), "p1", "2026-12-01")
		if err != nil {
			return
		}
		if !strings.Contains(string(got), "true") {
			t.Errorf("%q became %q", text, got)
		}
		if _, err := org.SuspendIn("f.cue", got, "p1", "2026-12-01"); err != nil {
			t.Errorf("%q became %q, which cannot be read: %v", text, got, err)
		}
	})
}
