package view_test

import (
	"bytes"
	"strings"
	"testing"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

// TestNotes: what an operation does beside its attributes stands in every form of a plan, also where a first load is told
// in numbers.
func TestNotes(t *testing.T) {
	withNotes := func(p *plan.Plan) *plan.Plan {
		p.Targets[1].Kinds = append(p.Targets[1].Kinds, plan.KindInfo{Kind: "person", Singular: "FK-person", Plural: "FK-personer"})
		for _, name := range []string{"Anna Holm", "Bo Kjær"} {
			op := operation("fkOrganisation", "person", "p-"+name, name, plan.ActionCreate)
			op.Note = "med CPR-nummer"
			p.Operations = append(p.Operations, op)
		}
		return p
	}
	oneLine := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	first := text(t, withNotes(firstLoad()), view.TextOptions{})
	if !strings.Contains(oneLine(first), "2 FK-personer oprettes med CPR-nummer.") {
		t.Errorf("a first load does not say it:\n%s", first)
	}
	short := text(t, withNotes(mixed()), view.TextOptions{})
	if !strings.Contains(oneLine(short), "FK-person Anna Holm oprettes med CPR-nummer, følger af dette forslag") {
		t.Errorf("the text does not say it:\n%s", short)
	}
	var markdown, json bytes.Buffer
	if err := view.Markdown(&markdown, withNotes(mixed()), lookup{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(markdown.String(), "Bo Kjær oprettes med CPR-nummer") {
		t.Errorf("Markdown does not say it:\n%s", markdown.String())
	}
	if err := view.JSON(&json, withNotes(mixed()), lookup{}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(json.String(), `"note": "med CPR-nummer"`) != 2 {
		t.Error("JSON does not say it of both")
	}
}
