package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue/ast"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/schema/plain"
)

func TestFindCPR(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"0101801234", []string{"0101801234"}},
		{"010180-1234", []string{"010180-1234"}},
		{"010180 1234", []string{"010180 1234"}},
		{"010180 - 1234", []string{"010180 - 1234"}},
		{"010180\u00a01234 og 311299–9876", []string{"010180\u00a01234", "311299–9876"}},
		{"cpr0101801234x", []string{"0101801234"}},
		{"290200-1234 290204-1234", []string{"290200-1234", "290204-1234"}},
		{"6101801234 910180-1234 6902001234", []string{"6101801234", "910180-1234", "6902001234"}},
		{"890200-1234 690300-1234", []string{"890200-1234", "690300-1234"}},
		{"600180-1234 920180-1234 910480-1234 890201-1234 611380-1234 6101801", nil},
		{"010180/1234 010180.1234 010180_1234 610180 / 1234", []string{"010180/1234", "010180.1234", "010180_1234", "610180 / 1234"}},
		{"010180\u00ad1234 010180\u202f1234", []string{"010180\u00ad1234", "010180\u202f1234"}},
		{"den 010180. 1234 mennesker 010180, 1234 010180:1234 010180 . 1234 010180./1234", nil},
		{"+4561018012 61018012 +45 61 01 80 12 004561018012", nil},
		{"290201-1234 310480-1234 000180-1234 011380-1234 320180-1234", nil},
		{"00101801234 01018012345", nil},
		{"5798001234566", nil},
		{"+4544332211", nil},
		{"2026-12-01 12:00", nil},
		{"01018-01234 010180\n1234", nil},
		{"9d0c5a3e-2f0b-4d7e-8a51-010180123433", nil},
		{"01018012-0101-4101-8101-010180123401", nil},
		{"3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10 0101801234", []string{"0101801234"}},
		{`"digest": "2c9e94a8a988da8a8aa9c2376fd9692eb1336b0face6604788886aa931d3af66"`, nil},
		{"commit 3adb0101801234ab3adb0101801234ab3adb0101", nil},
		{"3adb0101801234ab 3adb0101801234ab3adb0101801234", []string{"0101801234", "0101801234", "0101801234"}},
		{"", nil},
	}
	for _, test := range tests {
		var got []string
		for _, span := range FindCPR(test.text) {
			got = append(got, test.text[span[0]:span[1]])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

func FuzzMaskCPR(f *testing.F) {
	for _, text := range []string{"010180-1234", "610180/1234", "010180.1234", "a0101801234 b", "0101800101801234", "01018001018012340", "9d0c5a3e-2f0b-4d7e-8a51-010180123433"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		masked := MaskCPR(text)
		if found := FindCPR(masked); len(found) > 0 {
			t.Errorf("%q masked is %q, which still holds one", text, masked)
		}
		if len(FindCPR(text)) == 0 && masked != text {
			t.Errorf("%q became %q without reason", text, masked)
		}
	})
}

func TestPath(t *testing.T) {
	tests := []struct {
		names []string
		want  string
	}{
		{[]string{"people", "p7k3f9q", "engagements", "a", "on", "2026-01-01", "covers", "person"}, `people."p7k3f9q".engagements."a".on."2026-01-01".covers.person`},
		{[]string{"units", "vej", "sources", "2", "0"}, `units."vej".sources."2"[0]`},
		{[]string{"units", "on", "managers", "leaves", "on", "2026-01-01", "person"}, `units."on".managers."leaves".on."2026-01-01".person`},
		{[]string{"units", "vej", "contactUnits", "1"}, `units."vej".contactUnits[1]`},
		{[]string{"classes", "titles", "sosu-hjaelper", "name"}, `classes.titles."sosu-hjaelper".name`},
		{[]string{"review", "substitutes", "0", "from"}, `review.substitutes[0].from`},
		{[]string{"name"}, "name"},
		{[]string{"systems", "s", "jobs", "a", "roles", "r", "constraints", "27", "values", "0"}, `systems."s".jobs."a".roles."r".constraints."27".values[0]`},
		{[]string{"roleGroups", "g", "jobs", "0"}, `roleGroups."g".jobs[0]`},
		{[]string{"assignments", "a", "values", "s/omr", "0"}, `assignments."a".values."s/omr"[0]`},
		{[]string{"conflicts", "c", "exceptions", "x", "to"}, `conflicts."c".exceptions."x".to`},
	}
	for _, test := range tests {
		got := JoinPath(test.names...)
		if got != test.want {
			t.Errorf("%v: %s, want %s", test.names, got, test.want)
		}
		if diff := cmp.Diff(test.names, SplitPath(got)); diff != "" {
			t.Errorf("%s does not come apart again (-want +got):\n%s", got, diff)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"units", "people", "robots", "systems", "name", "cvr"}
	for name, want := range map[string]string{"untis": "units", "unit": "units", "peolpe": "people", "navn": "name", "x": "", "organisation": ""} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestBindingNamesEverything(t *testing.T) {
	for _, name := range append(SettingNames(), EntryKinds()...) {
		if !strings.HasPrefix(BindingLine(name), name+": ") {
			t.Errorf("no line binds %s", name)
		}
	}
	if got := strings.Count(Binding, "\n"); got != len(SettingNames())+len(EntryKinds()) {
		t.Errorf("the binding has %d lines", got)
	}
}

// entriesOf takes a data file apart.
func entriesOf(t *testing.T, name, text string) []Entry {
	t.Helper()
	file, err := Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var entries []Entry
	for _, decl := range file.Decls {
		kind, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		kindName, _ := LabelName(kind.Label)
		for _, element := range kind.Value.(*ast.StructLit).Elts {
			f := element.(*ast.Field)
			key, _ := LabelName(f.Label)
			pos := f.Pos().Position()
			entries = append(entries, Entry{
				Kind: kindName, Key: key, File: name, Line: pos.Line, Column: pos.Column,
				Text: text[pos.Offset:f.End().Offset()],
			})
		}
	}
	return entries
}

func TestEvaluateFillsInDefaults(t *testing.T) {
	roots := []File{{"templates.cue", []byte("package org\n\nimport \"strings\"\n\nlet big = \"PARK\"\n_t: {type: \"afdeling\", shortName: strings.ToLower(big)}\nname: \"not a template\"\n")}}
	values, err := evaluated(t, roots, entriesOf(t, "a.cue", `package org
units: {"park": _t & {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10", name: "Park", from: "2020-01-01", managers: a: {person: "p", from: "2020-01-01"}}}
people: {"p": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "Å", surname: "Ø"}, addresses: phone: null, accounts: ad: name: "å"}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"type":"afdeling","shortName":"park","uuid":"3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10","name":"Park","from":"2020-01-01","managers":{"a":{"person":"p","role":"leder","from":"2020-01-01"}}}`,
		`{"uuid":"9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33","name":{"given":"Å","surname":"Ø"},"addresses":{"phone":null},"shielded":false,"suspended":false,"accounts":{"ad":{"system":"ad","name":"å","kind":"personal","fk":true,"suspended":false}}}`,
	}
	for i, v := range values {
		for _, d := range v.Diagnostics {
			t.Errorf("%v", d)
		}
		stated, err := plain.FromJSON([]byte(want[i]))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stated, v.Plain, anyOrder); diff != "" {
			t.Errorf("entry %d (-want +got):\n%s", i, diff)
		}
	}
}

// anyOrder makes the order of fields no difference.
var anyOrder = cmp.Transformer("sorted", func(v plain.Value) []string {
	lines := linesOf(v, "")
	slices.Sort(lines)
	return lines
})

func linesOf(v plain.Value, path string) []string {
	lines := []string{fmt.Sprintf("%s: %s %q", path, v.Kind, v.Text)}
	for i, part := range v.Parts {
		at := fmt.Sprintf("%s.%q", path, part.Name)
		if v.Kind == plain.List {
			at = fmt.Sprintf("%s[%d]", path, i)
		}
		lines = append(lines, linesOf(part.Value, at)...)
	}
	return lines
}

// evaluated is what the entries come to, with the shortcut and without: both have to say
// the same.
func evaluated(t testing.TB, roots []File, entries []Entry) ([]Value, error) {
	t.Helper()
	values, slow := make([]Value, len(entries)), make([]Value, len(entries))
	err := Evaluate(roots, entries, func(i int, v Value) { values[i] = kept(v) })
	places := make([]int, len(entries))
	for i := range places {
		places[i] = i
	}
	sources, slowErr := WithTemplates(roots)
	if slowErr == nil {
		slowErr = evaluate(sources, entries, places, nil, func(i int, v Value) { slow[i] = v })
	}
	if (err == nil) != (slowErr == nil) {
		t.Fatalf("with the shortcut: %v, without: %v", err, slowErr)
	}
	if diff := cmp.Diff(slow, values, anyOrder, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the shortcut changes the result (-without +with):\n%s", diff)
	}
	return values, err
}

// TestEvaluateRefusesWhatATerminalObeys: texts are shown as they stand, so they hold no
// control characters.
func TestEvaluateRefusesWhatATerminalObeys(t *testing.T) {
	for _, field := range []string{
		`name: {given: "Å\u001b[2J", surname: "Ø"}`,
		`name: {given: "Å", surname: "Ø"}, accounts: ad: name: "a\u001b[2J"`,
		`name: {given: "Å", surname: "Ø"}, addresses: email: "a\u001b[2J@korsbaek.example"`,
	} {
		values, err := evaluated(t, nil, entriesOf(t, "a.cue", "package org\npeople: {\"p\": {uuid: \"9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33\", "+field+"}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if len(values[0].Diagnostics) != 1 || values[0].Diagnostics[0].Code != "bad-value" {
			t.Errorf("%s: %+v", field, values[0])
		}
	}
}

// TestEvaluateAlone: whatever is wrong with one entry, its neighbours in the same batch
// have their values, and each finding stands at its own entry.
func TestEvaluateAlone(t *testing.T) {
	const bad = 5
	var text strings.Builder
	text.WriteString("package org\nunits: {\n")
	for i := range 3 * batchSize {
		rest := ""
		if i == bad {
			rest = ", shortName: nowhere"
		}
		fmt.Fprintf(&text, "\t\"u%d\": {uuid: \"3f1c0a52-6d0e-4c55-9d7e-0f4b%08d\", name: \"U\", type: \"x\", from: \"2020-01-01\"%s}\n", i, i, rest)
	}
	text.WriteString("}\n")
	entries := entriesOf(t, "units/many.cue", text.String())
	values, err := evaluated(t, nil, entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		if v.Stands() == (i == bad) {
			t.Errorf("entry %d: value %v, findings %v", i, v.Plain, v.Diagnostics)
		}
	}
	want := []Diagnostic{{
		Severity: Error, Code: "bad-value", Path: `units."u5".shortName`, Message: `reference "nowhere" not found`,
		Position: Position{File: "units/many.cue", Line: bad + 3, Column: strings.Index(entries[bad].Text, "shortName") + entries[bad].Column},
	}}
	if diff := cmp.Diff(want, values[bad].Diagnostics); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestHermetic: neither the environment nor a copy on disk has a say.
func TestHermetic(t *testing.T) {
	t.Setenv("CUE_DEBUG", "opendef=1")
	values, err := evaluated(t, nil, entriesOf(t, "a.cue", `package org
systems: {"x": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a10", name: "X", more: 1}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if values[0].Stands() {
		t.Errorf("a field that is not allowed came through: %v", values[0].Plain)
	}
}

func TestNoFindingShowsACPRNumber(t *testing.T) {
	values, err := evaluated(t, nil, entriesOf(t, "010180-1234.cue", `package org
people: {"0101801234": {uuid: "010180-1234", name: 3101801234, "0101801234": 1, title: "010180" + 1234}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range values[0].Diagnostics {
		if len(FindCPR(fmt.Sprint(d))) > 0 {
			t.Error("a finding shows what looks like a CPR number")
		}
	}
}
