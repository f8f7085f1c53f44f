package schema

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/schema/plain"
	"orgit.dk/orgit/schema/shortcut"
)

// TestNothingIsOpaque: every definition of an entry is understood, so that whatever is plain
// takes the shortcut. A new construct in the definitions is to be taught to the rules.
func TestNothingIsOpaque(t *testing.T) {
	rules, err := entryRules()
	if err != nil {
		t.Fatal(err)
	}
	if names := rules.Opaque(); len(names) > 0 {
		t.Errorf("the rules do not understand the definitions of %s", strings.Join(names, ", "))
	}
}

// plainEntries take the shortcut; each is right by the definitions.
var plainEntries = []string{
	`units: {"vej": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10", name: "Vejafdelingen", parent: "teknik", type: "afdeling", from: "2019-01-01", to: "2026-12-31"
	successor: "vej-og-park" // whoever works here
	sources: opus: ["22"]
	numbers: {p: "1012345678", ean: "5798001234561", se: null}
	addresses: phone: "+4544332211"
	internal: ["phone",
		"email", // not shown
	]
	kle: {responsible: ["27", "27.12.04"], informed: []}, payoutUnit: null
	managers: {
		"a": {person: "p7k3f9q", from: "2019-01-01", to: "2026-10-31"}
		"b": {vacant: true, role: "konstitueret", responsibilities: ["Budget \"A\" \\ \/ B"], from: "2026-11-01", on: "2026-12-01": role: "leder"}
	}
	on: {"2026-06-01": {name: "Vej og Trafik", shortName: null, numbers: null}}
}}`,
	`people: {"p7k3f9q": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33"
	name: {given: "Ægir Åse", surname: "Jensen-Ødegård", called: "Ægir 木"}
	title: null, shielded: true
	engagements: {
		"a": {unit: "skole", title: "laerer", type: "maanedsloen", fraction: 0.6, primary: true, from: "2024-08-01"
			payroll: {system: "sd", institution: "XY", number: "11003"}
			covers: person: "p2"
			leaves: {"a": {from: "2026-12-01", to: "2027-10-01"}}}
		"b": {unit: "skole", title: "laerer", type: "t", fraction: 1, from: "2026-08-01", annulled: "2026-08-02", on: {"2026-09-01": {fraction: 0.99999999999999, primary: false, payroll: null}}}
	}
	associations: "x-1": {unit: "u", type: "t", sponsor: null, company: "A/S", from: "2020-01-01"}
	accounts: {
		"ad": {name: "annj", uuid: "5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60", existing: "none"}
		"adm": {system: "ad", name: "adm-annj", kind: "admin", for: ["b"], fk: false, ids: racf: "X"}
	}
}}`,
	`robots: "r": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "Robot", owner: "p", accounts: {}, on: {}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "Sag"},}`,
	`systems: {"s": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "Sag", identifier: "sag", owner: null, description: "Alle sager"
	constraints: {"omr": {name: "Område", kind: "choice", choices: {"nord 1": "Nord"}}, "enhed": {name: "Enhed", kind: "unit"}}
	roles: {"laes": {name: "Læs", constraints: {"omr": "required", "enhed": "optional"}}, "skriv": {name: "Skriv", weight: 20}}
	jobs: "a": {
		name: "A", sensitive: "extra", maxHolders: 3, requires: ["s/b"], personOnly: true, from: "2026-01-01"
		roles: {"laes": {constraints: {"omr": {values: ["nord 1"]}, "enhed": {inherit: "below", tasks: ["performing"]}}}, "skriv": {}}
		on: "2027-01-01": {roles: "laes": constraints: "omr": postponed: true, maxHolders: null}
	}
	on: "2027-01-01": owner: "p"
}}`,
	`roleGroups: {"g": {name: "Plejen", jobs: ["s/a", "t-1/b"], to: "2026-12-31", on: "2026-06-01": jobs: []}}`,
	`assignments: "a": {job: "s/a", unit: "u", below: true, titles: ["t"], functions: ["f"], except: {people: ["p"], titles: [], units: ["v"]}, from: "2026-01-01"}`,
	`assignments: "b": {group: "g", person: "p", post: "a", values: {"s/omr": ["nord 1"]}, case: "26/1", reason: "Projekt"}`,
	`assignments: {"c": {job: "s/a", unit: "u", leaders: true, deny: true}}`,
	`conflicts: {"c": {name: "To", one: ["s/a"], other: ["s/b"], exceptions: "x": {person: "p", from: "2026-01-01", to: "2026-02-01", reason: "Ferie", approvedBy: "q"}}}`,
	`allowances: {"x": {target: "ad", kind: "delete", number: 12, day: "2026-12-01", reason: "lukning"}}`,
}

// wrongEntries are plain and not right, each in one way.
var wrongEntries = []string{
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33"}}`,
	`systems: {"s": {uuid: "9D0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x"}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x "}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: ""}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", more: 1}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: 5}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: ["x"]}}`,
	`systems: {"s": null}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", identifier: "01234567890123456789012345678901234567890123456789012345678901234"}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", roles: "a": {name: "a", weight: 0}}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", jobs: "a": {name: "a", roles: {"r": null}}}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", jobs: "a": {name: "a", roles: "r": constraints: "k": inherit: "above"}}}`,
	`systems: {"s": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", jobs: "a": {name: "a", sensitive: "very"}}}`,
	`roleGroups: {"g": {name: "x"}}`,
	`roleGroups: {"g": {name: "x", jobs: ["a"]}}`,
	`assignments: {"a": {job: "s/a/b", unit: "u"}}`,
	`assignments: {"a": {job: "s/a", unit: "u", values: {"omr": ["x"]}}}`,
	`assignments: {"a": {job: "s/a", unit: "u", except: {leaders: true}}}`,
	`conflicts: {"c": {name: "x", one: ["s/a"]}}`,
	`conflicts: {"c": {name: "x", one: ["s/a"], other: ["s/b"], exceptions: "x": {person: "p", from: "2026-01-01", reason: "x", approvedBy: "q"}}}`,
	`allowances: {"x": {target: "ad", kind: "delete", number: 0, day: "2026-12-01", reason: "x"}}`,
	`allowances: {"x": {target: "ad", kind: "delete", number: 1.0, day: "2026-12-01", reason: "x"}}`,
	`people: {"p": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "a", surname: "b"}, engagements: {"A": {}}}}`,
	`people: {"p": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "a", surname: "b"}, on: {"2026-13-01": {}}}}`,
	`people: {"p": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "a", surname: "b"}, shielded: null}}`,
	`people: {"p": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "a", surname: "b"}, engagements: "a": {unit: "u", title: "t", type: "t", from: "2020-01-01", fraction: 1.00000000000001}}}`,
	`units: {"u": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: "x", type: "t", from: "2020-01-01", legalForm: "municipality"}}`,
}

// statedIn gives the entries of a text that is a file without its first line; ok is false
// where it is not plain.
func statedIn(text string) (entries []Entry, ok bool) {
	text = "package org\n" + text + "\n"
	list, ok := shortcut.Page(text, "org", EntryKinds())
	for _, e := range list {
		entries = append(entries, Entry{Kind: e.Kind, Key: e.Key, File: "a.cue", Line: e.Line, Column: e.Column, Text: text[e.Start:e.End]})
	}
	return entries, ok
}

func TestShortcut(t *testing.T) {
	rules, err := entryRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, accepted := range []bool{true, false} {
		texts := map[bool][]string{true: plainEntries, false: wrongEntries}[accepted]
		for _, text := range texts {
			entries, ok := statedIn(text)
			if !ok || len(entries) != 1 {
				t.Errorf("this is not taken for plain: %s", text)
				continue
			}
			if _, ok := shortcutTo(rules.Reader(), &entries[0]); ok != accepted {
				t.Errorf("accepted: %t, should be %t: %s", ok, accepted, text)
			}
			values, err := evaluated(t, nil, entries)
			if err != nil {
				t.Fatal(err)
			}
			if values[0].Stands() != accepted {
				t.Errorf("CUE accepts: %t: %s\n%v", values[0].Stands(), text, values[0].Diagnostics)
			}
		}
	}
}

// kept is a value that holds for longer, without what only the shortcut says of it.
func kept(v Value) Value {
	v.Plain, v.Verbatim, v.Alone = cloned(v.Plain), false, false
	return v
}

// holdVerbatim finds texts that do not stand in the entry or in the definitions.
func holdVerbatim(t *testing.T, text string, v plain.Value) {
	t.Helper()
	if !strings.Contains(text, v.Text) {
		t.Errorf("%q does not stand in the entry", v.Text)
	}
	for _, part := range v.Parts {
		holdVerbatim(t, text, part.Value)
	}
}

func cloned(v plain.Value) plain.Value {
	v.Parts = slices.Clone(v.Parts)
	for i := range v.Parts {
		v.Parts[i].Value = cloned(v.Parts[i].Value)
	}
	return v
}

// FuzzShortcut: what takes the shortcut has the value that CUE gives it.
func FuzzShortcut(f *testing.F) {
	for _, text := range append(plainEntries, wrongEntries...) {
		f.Add(text)
	}
	rules, err := entryRules()
	if err != nil {
		f.Fatal(err)
	}
	var bound string // the definitions, where defaults stand
	names, err := fs.Glob(definitions, "*.cue")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(definitions, name)
		if err != nil {
			f.Fatal(err)
		}
		bound += string(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, ok := statedIn(text)
		if !ok {
			return
		}
		var taken []Entry
		var fast []Value
		reader := rules.Reader()
		for _, e := range entries {
			if v, ok := shortcutTo(reader, &e); ok {
				if v.Verbatim {
					holdVerbatim(t, e.Text+bound, v.Plain)
				}
				taken, fast = append(taken, e), append(fast, kept(v))
			}
		}
		results := make([]made, len(taken))
		if err := evaluateBatch(nil, taken, results); err != nil {
			t.Fatal(err)
		}
		slow := make([]Value, len(taken))
		for i, m := range results {
			slow[i] = m.Value
		}
		if diff := cmp.Diff(slow, fast, anyOrder, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the shortcut gives another value than CUE (-CUE +shortcut):\n%s", diff)
		}
	})
}
