package view_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema/plain"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 12, 1, 5, 34, 20, 0, time.UTC)

func plans() map[string]*plan.Plan {
	english := mixed()
	english.Language = "en"
	taken := takenOver()
	taken.Language = "en"
	return map[string]*plan.Plan{
		"taken": takenOver(), "taken.english": taken,
		"mixed": mixed(), "english": english, "first": firstLoad(), "empty": empty(), "later": later(), "approved": approved(),
		"refused": refused(), "shielded": shielded(),
	}
}

func TestGolden(t *testing.T) {
	for name, p := range plans() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", text(t, p, view.TextOptions{Now: now}))
			golden(t, name+".md", markdown(t, p))
			if name != "first" && name != "refused" && name != "english" && name != "approved" && name != "taken.english" {
				golden(t, name+".json", jsonOf(t, p))
			}
		})
	}
	golden(t, "mixed.verbose.txt", text(t, mixed(), view.TextOptions{Verbose: true}))
	golden(t, "mixed.colour.txt", text(t, mixed(), view.TextOptions{Colour: true, Width: 60}))
}

func TestTextFitsTheTerminal(t *testing.T) {
	for name, p := range plans() {
		for _, width := range []int{60, 80, 120} {
			for i, line := range strings.Split(text(t, p, view.TextOptions{Verbose: true, Width: width}), "\n") {
				if n := utf8.RuneCountInString(line); n > width && len(strings.Fields(line)) > 1 {
					t.Errorf("%s at %d: line %d has %d characters: %q", name, width, i+1, n, line)
				}
			}
		}
	}
}

func TestVerboseShowsEverything(t *testing.T) {
	p := refused()
	short, whole := text(t, p, view.TextOptions{}), text(t, p, view.TextOptions{Verbose: true})
	if !strings.Contains(short, "… og 35 flere; se hele planen med --verbose") {
		t.Errorf("the list that is cut does not say so:\n%s", short)
	}
	for i := range p.Operations {
		if !strings.Contains(whole, p.Operations[i].Name) {
			t.Errorf("%s is missing", p.Operations[i].Name)
		}
	}
	if strings.Contains(whole, "flere") {
		t.Error("something is left out")
	}
	if first := text(t, firstLoad(), view.TextOptions{Verbose: true}); !strings.Contains(first, "Person 399") {
		t.Error("the first load is not shown")
	}
}

// TestSameEveryTime: a note that says the same need not be written again.
func TestSameEveryTime(t *testing.T) {
	for name, p := range plans() {
		for kind, render := range map[string]func(*testing.T, *plan.Plan) string{"markdown": markdown, "JSON": jsonOf} {
			first, second := render(t, p), render(t, p)
			if first != second {
				t.Errorf("%s: two runs differ as %s", name, kind)
			}
		}
		again := *p
		again.Provenance.Read = "2026-12-01T09:00:00Z"
		a, b := strings.Split(markdown(t, p), "\n"), strings.Split(markdown(t, &again), "\n")
		if diff := cmp.Diff(a[:len(a)-2], b[:len(b)-2]); diff != "" {
			t.Errorf("%s: more than the last line says when the systems were read:\n%s", name, diff)
		}
	}
}

func TestShieldedPeopleAreNotShown(t *testing.T) {
	p := shielded()
	for name, out := range map[string]string{
		"text": text(t, p, view.TextOptions{Verbose: true}), "markdown": markdown(t, p), "json": jsonOf(t, p),
	} {
		if strings.Contains(out, "+45") || strings.Contains(out, "33333") {
			t.Errorf("%s shows a phone number or room:\n%s", name, out)
		}
		if !strings.Contains(out, "Kim Østergård") {
			t.Errorf("%s does not say whom it is about", name)
		}
	}
	if got := p.Operations[0].Attrs[0].Old[0]; got != "+4533333333" {
		t.Errorf("the plan itself was changed: %q", got)
	}
}

// TestNamesAreOnlyText gives people and units names that mean something to a terminal, to
// Markdown, to HTML or to GitLab.
func TestNamesAreOnlyText(t *testing.T) {
	const evil = "</summary><img src=x> [a](http://x) `b` **c** @all #1 !2 ~bug $3 &4 \x1b[31m\r\nny linje | _d_ \u202e"
	p := base(adTarget())
	p.Municipality = evil
	p.Changes = []change.Change{{Kind: change.Hire, Subject: person("p", evil, evil), Unit: "ukendt"}}
	op := operation("ad", "user", "u", evil, plan.ActionCreate)
	op.Attrs = []plan.AttrChange{attr(evil, evil, evil, org.Fact{Path: org.Path(evil), Value: evil})}
	p.Operations = []plan.Operation{op}
	p.Targets[0].Foreign = []plan.Foreign{{Ref: evil}}

	if out := text(t, p, view.TextOptions{Verbose: true}); strings.ContainsAny(out, "\x1b\r\u202e") {
		t.Errorf("the text has control characters: %q", out)
	}
	out := markdown(t, p)
	for _, bad := range []string{"<img", "</summary><", "[a]", " `b`", "**c", " @all", " #1", " !2", " ~bug", " $3", " &4", " _d_", "\nny linje"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q is not escaped in\n%s", bad, out)
		}
	}
	var back map[string]any
	if err := json.Unmarshal([]byte(jsonOf(t, p)), &back); err != nil {
		t.Errorf("the JSON cannot be read: %v", err)
	}
}

// TestNoteStaysSmall: GitLab takes notes of up to a million characters.
func TestNoteStaysSmall(t *testing.T) {
	p := base(adTarget(), fkTarget())
	for i := range 5000 {
		for _, target := range []string{"ad", "fkOrganisation"} {
			op := operation(target, "user", strings.Repeat("u", 36), strings.Repeat("Navn ", 8), plan.ActionUpdate)
			for range 20 {
				op.Attrs = append(op.Attrs, attr("title", strings.Repeat("x", 64), strings.Repeat("y", 64), annaMoves))
			}
			op.Loss = []plan.Loss{plan.LossClear}
			p.Operations = append(p.Operations, op)
			p.Drift = append(p.Drift, plan.Drift{Target: target, Object: op.Object, Name: op.Name, Attrs: op.Attrs})
		}
		p.Changes = append(p.Changes, change.Change{Kind: change.Hire, Subject: person("p", "Anna Jensen", "lærer"), Unit: string(rune('a' + i%26))})
		p.Attention = append(p.Attention, plan.Attention{Code: plan.AttentionHeld, Detail: strings.Repeat("d", 200)})
		p.Refusals = append(p.Refusals, plan.Refusal{Code: plan.RefusedVanished, Name: "Anna Jensen", Path: "people.x"})
		p.Targets[0].Foreign = append(p.Targets[0].Foreign, plan.Foreign{Ref: strings.Repeat("f", 200)})
	}
	if n := utf8.RuneCountInString(markdown(t, p)); n > 1_000_000 {
		t.Errorf("the note has %d characters", n)
	}
}

func TestErrorsOfTheWriterAreReported(t *testing.T) {
	full := errors.New("the disk is full")
	w := writerFunc(func([]byte) (int, error) { return 0, full })
	if err := view.Text(w, mixed(), lookup{}, view.TextOptions{}); !errors.Is(err, full) {
		t.Errorf("Text: %v", err)
	}
	if err := view.Markdown(w, mixed(), lookup{}); !errors.Is(err, full) {
		t.Errorf("Markdown: %v", err)
	}
	if err := view.JSON(w, mixed(), lookup{}); !errors.Is(err, full) {
		t.Errorf("JSON: %v", err)
	}
}

func TestNewLookup(t *testing.T) {
	var parts org.Organisation
	err := plain.DecodeJSON([]byte(`{
		"units": {
			"k": {"uuid": "1", "name": "Kommunen"},
			"b": {"uuid": "2", "name": "Børn", "parent": "k", "on": {"2026-01-01": {"name": "Børn og Unge"}}},
			"s": {"uuid": "3", "name": "Østre Skole", "parent": "b"},
			"x": {"uuid": "4", "name": "X", "parent": "y"}, "y": {"uuid": "5", "name": "Y", "parent": "x"}},
		"people": {
			"a": {"uuid": "6", "name": {"given": "A", "surname": "A"}},
			"b": {"uuid": "7", "name": {"given": "B", "surname": "B"}, "on": {"2027-01-01": {"shielded": true}}}}}`), &parts)
	if err != nil {
		t.Fatal(err)
	}
	look := view.NewLookup(org.New(parts, nil), "2026-12-01")
	for unit, want := range map[string][]string{
		"s": {"Børn og Unge", "Østre Skole"}, "k": {"Kommunen"}, "": nil, "ukendt": nil,
	} {
		if diff := cmp.Diff(want, look.Trail(unit)); diff != "" {
			t.Errorf("Trail(%q) (-want +got)\n%s", unit, diff)
		}
	}
	if got := look.Trail("x"); len(got) == 0 {
		t.Error("units in a circle have no trail")
	}
	for path, want := range map[org.Path]bool{
		`people."b".accounts."ad"`: true, `people."b"`: true, `people."a"`: false, `people."c"`: false, `units."b"`: false, ``: false,
	} {
		if got := look.Shielded(path); got != want {
			t.Errorf("Shielded(%s) = %v", path, got)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func text(t *testing.T, p *plan.Plan, opts view.TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.Text(&b, p, lookup{}, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdown(t *testing.T, p *plan.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.Markdown(&b, p, lookup{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func jsonOf(t *testing.T, p *plan.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.JSON(&b, p, lookup{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", file, diff)
	}
}
