package edit_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/edit"
)

// TestSuspension: that a person is suspended from a day on is added to whatever form the entry is written in; it must not
// fail on a file that people have laid out in their own way, because it is what records that somebody was locked out.
func TestSuspension(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"on a line of its own",
			"package org\n\npeople: {\"p1\": {\n\tuuid: \"x\" // æ\n\n\tname:   {given: \"A\"}\n}}\n",
			"package org\n\npeople: {\"p1\": {\n\tuuid: \"x\" // æ\n\n\tname:   {given: \"A\"}\n\ton:     {\"2026-12-01\": {suspended: true}}\n}}\n"},
		{"in one line", `people: {"p1": {a: 1}, "p2": {a: 2}}`, `people: {"p1": {a: 1, on: {"2026-12-01": {suspended: true}}}, "p2": {a: 2}}`},
		{"in an empty struct", `people: {"p1": {}}`, `people: {"p1": {on: {"2026-12-01": {suspended: true}}}}`},
		{"beside other amendments", `people: p1: {on: {"2026-11-01": {title: "x"}}}`, `people: p1: {on: {"2026-11-01": {title: "x"}, "2026-12-01": {suspended: true}}}`},
		{"in that of the day", `people: p1: {on: "2026-12-01": {title: "x"}}`, `people: p1: {on: "2026-12-01": {title: "x", suspended: true}}`},
		{"beside one without braces", `people: p1: {on: "2026-11-01": title: "x"}`, `people: p1: {on: {"2026-11-01": title: "x", "2026-12-01": {suspended: true}}}`},
		{"instead of the contrary", "people: p1: {on: \"2026-12-01\": suspended: false // no}\n}", "people: p1: {on: \"2026-12-01\": suspended: true // no}\n}"},
		{"with a template", `people: p1: _t & {a: 1}`, `people: p1: _t & {a: 1, on: {"2026-12-01": {suspended: true}}}`},
		{"a template alone", `people: p1: _t`, `people: p1: _t & {on: {"2026-12-01": {suspended: true}}}`},
		{"without braces", `people: p1: a: 1`, `people: p1: {a: 1, on: {"2026-12-01": {suspended: true}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := open(t, c.text)
			if err := f.Set(true, "people", "p1", "on", "2026-12-01", "suspended"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(f.Changed()[file])); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for _, text := range []string{"people: p2: {a: 1}", "people: p1: {a: 1} | {a: 2}", "units: p1: {}", "people: p1: {"} {
		f := open(t, text)
		err := f.Set(true, "people", "p1", "on", "2026-12-01", "suspended")
		if !errors.Is(err, edit.ErrNoEntry) && !errors.Is(err, edit.ErrNotPlain) {
			t.Errorf("%q: %q, %v", text, f.Changed()[file], err)
		}
	}
}

// TestWas: what a field was when the files were opened is known after it was changed, and so is what was changed.
func TestWas(t *testing.T) {
	f := open(t, "people: {\"p1\": {name: {given: \"A\", surname: \"B\"} // x\n\ttitle: \"t\"\n}}\n")
	for _, set := range []struct{ field, value string }{{"given", "C"}, {"surname", "B"}} {
		if err := f.Set(set.value, "people", "p1", "name", set.field); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Add("people", "p2", edit.Struct{{Name: "uuid", Value: "u"}}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[[3]string]string{
		{"p1", "name", "given"}: `"A"`, {"p1", "title", ""}: `"t"`, {"p1", "on", ""}: "", {"p2", "uuid", ""}: "", {"p3", "uuid", ""}: "",
	} {
		steps := []string{"people", path[0], path[1]}
		if path[2] != "" {
			steps = append(steps, path[2])
		}
		if got := f.Was(steps...); got != want {
			t.Errorf("%v was %q, want %q", path, got, want)
		}
	}
	want := [][]string{{"people", "p1", "name", "given"}, {"people", "p2"}}
	if diff := cmp.Diff(want, f.Edits()); diff != "" {
		t.Errorf("edits (-want +got)\n%s", diff)
	}
}
