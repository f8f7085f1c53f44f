package review_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// lines writes a classification for a golden comparison: the whole, then each item, then each area.
func lines(c review.Classification) []string {
	out := []string{fmt.Sprintf("%s %q %d", c.Approvers, c.Class, c.Approvals)}
	for _, i := range c.Items {
		line := fmt.Sprintf("%s %s: %s", i.Kind, i.Name, i.Approvers)
		if len(i.Marks) > 0 {
			line += " " + strings.Join(i.Marks, ",")
		}
		for _, p := range i.Passed {
			line += fmt.Sprintf(" (%s: %s)", p.Class, p.Reason)
		}
		out = append(out, line)
	}
	for _, a := range c.Areas {
		line := a.Name + ":"
		for _, l := range a.Leaders {
			line += " " + l.Name + " " + strings.Join(l.Logins, "/")
		}
		out = append(out, line)
	}
	return out
}

func TestClassify(t *testing.T) {
	hire := edit{"people/ny/ny.cue", "", `package org

people: {"ny": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c10"
	name: {given: "Ny", surname: "Nielsen"}
	engagements: "a": {unit: "skole", title: "laerer", type: "fast", from: "2026-12-15"}
	accounts: "ad": {name: "nyni"}
}}
`}
	hireAs := func(account string) edit {
		return edit{hire.file, "", strings.Replace(hire.new, `"ad": {name: "nyni"}`, account, 1)}
	}
	tests := []struct {
		name   string
		source string
		edits  []edit
		want   []string
	}{
		{"contact", "", []edit{annaPhone}, []string{
			`areaLeader "egen" 2`, "contact Anna Jensen: areaLeader", "Klubben: Sanne Lund SanL/sanne2 Dora Dam dora",
		}},
		{"a move asks the leaders of both places", "", []edit{annaMoves}, []string{
			`areaLeader "egen" 2`, "move Anna Jensen: areaLeader unit",
			"Klubben: Sanne Lund SanL/sanne2 Dora Dam dora", "Vejafdelingen: Viggo Vang viggo Dora Dam dora",
		}},
		{"the strictest class of all", "", []edit{annaPhone, boName}, []string{
			`group "navne" 2`, "name Bo Kjær Holm: group", "contact Anna Jensen: areaLeader",
		}},
		{"a class with one approval", "", []edit{boName}, []string{`group "navne" 1`, "name Bo Kjær Holm: group"}},
		{"what no class names is stricter still", "", []edit{boName, {"units/klub.cue", "Klubben", "Fritidsklubben"}}, []string{
			`group "" 2`, "name Bo Kjær Holm: group", "unit Fritidsklubben: group",
		}},
		{"payroll", "opus", []edit{annaTitle}, []string{`rule "loen" 2`, "title Anna Jensen: rule"}},
		{"payroll by hand", "", []edit{annaTitle}, []string{`group "" 2`, "title Anna Jensen: group (loen: source)"}},
		{"another source", "sd", []edit{annaTitle}, []string{`group "" 2`, "title Anna Jensen: group (loen: source)"}},
		{"by rule never for the shielded", "opus", []edit{sifTitle}, []string{`group "" 2`, "title Sif Holm: group shielded (loen: shielded)"}},
		{"by rule never for the safeguarded", "opus", []edit{{"people/ma/maks.cue", `from: "2020-08-01"}`, `from: "2020-08-01", to: "2026-12-15"}`}},
			[]string{`group "" 2`, "leave Maks Berg: group safeguarded (loen: shielded)"}},
		{"a rule that leaves leaders out", "opus", []edit{{"people/sa/sanne.cue", `from: "2019-01-01"}`, `from: "2019-01-01", to: "2027-01-31"}`}},
			[]string{`group "" 2`, "leave Sanne Lund: group manager (loen: never)"}},
		{"too long ago", "opus", []edit{{"people/an/anna.cue", `from: "2020-08-01"}`, `from: "2020-08-01", to: "2026-10-30"}`}},
			[]string{`group "" 2`, "leave Anna Jensen: group (loen: backdate)"}},
		{"it always was so", "opus", []edit{{"people/an/anna.cue", `"laerer"`, `"leder"`}},
			[]string{`group "" 2`, "title Anna Jensen: group (loen: backdate)"}},
		{"too many at a time", "opus", []edit{annaTitle, {"people/bo/bo.cue", "fraction: 1", `fraction: 1, on: "2026-12-15": {fraction: 0.5, title: "leder"}`}}, []string{
			`group "" 2`, "fraction Bo Kjær: group (loen: perRun)", "title Bo Kjær: group (loen: perRun)",
			"title Anna Jensen: group (loen: perRun)",
		}},
		{"a hire brings the account along", "opus", []edit{hire}, []string{`rule "loen" 2`, "hire Ny Nielsen: rule", "hire Ny Nielsen: rule"}},
		{"a hire that takes an account over", "opus", []edit{hireAs(`"ad": {name: "nyni", existing: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c99"}`)}, []string{
			`group "" 2`, "hire Ny Nielsen: rule", "account Ny Nielsen: group",
		}},
		{"a hire with an administrator's account", "opus", []edit{hireAs(`"ad": {name: "adm-ny", kind: "admin"}`)}, []string{
			`group "" 2`, "hire Ny Nielsen: rule", "sensitiveRole Ny Nielsen: group",
		}},
		{"another account by which a leader is known", "", []edit{{"people/vi/viggo.cue", `name: "viggo"`, `name: "evil"`}}, []string{
			`group "" 2`, "reviewLogin Viggo Vang: group manager",
		}},
		{"a leader is not asked about themselves", "", []edit{{"people/vi/viggo.cue", "addresses: email:", `addresses: phone: "+4511111112", addresses: email:`}}, []string{
			`areaLeader "egen" 2`, "contact Viggo Vang: areaLeader manager", "Vejafdelingen: Dora Dam dora",
		}},
		{"nor about who leads after them", "", []edit{{"units/vej.cue", `from: "2019-01-01"}`, `from: "2019-01-01", to: "2026-12-31"}, managers: "b": {person: "bo", from: "2027-01-01"}`}}, []string{
			`areaLeader "egen" 2`, "manager Vejafdelingen: areaLeader manager", "Vejafdelingen: Dora Dam dora",
		}},
		{"files that are no entries", "", []edit{annaPhone, {".gitlab-ci.yml", "", "plan: {}\n"}, {"templates.cue", "", "package org\n\n_x: {title: \"leder\"}\n"}}, []string{
			`group "" 2`, "contact Anna Jensen: areaLeader", "files .gitlab-ci.yml: group", "files templates.cue: group",
		}},
		{"a comment", "", []edit{{"people/an/anna.cue", "package org", "// Anna.\npackage org"}}, []string{`group "" 2`, "text people/an/anna.cue: group"}},
		{"nothing", "opus", nil, []string{`group "" 2`, "unknown : group"}},
		{"an IT system", "", []edit{{"systems/x.cue", "", `package org

systems: {"x": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a77", name: "X"}}
`}}, []string{`group "" 2`, "system Korsbæk Kommune: group"}},
		{"a person taken out of the files", "", []edit{{"people/bo/bo.cue", "*", ""}}, []string{`group "" 2`, "removed Bo Kjær: group"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := proposal(t, tt.edits...)
			p.Source = tt.source
			c := review.Classify(p)
			if diff := cmp.Diff(tt.want, lines(c)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, lang := range []string{change.Danish, change.English} {
				if s := c.Sentence(lang); !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") {
					t.Errorf("not a sentence: %q", s)
				}
			}
		})
	}
}

// TestClassifyConsequences: what the plan says counts as much as what the files say.
func TestClassifyConsequences(t *testing.T) {
	op := func(entry org.Path, action plan.Action, loss plan.Loss, origin plan.Origin) *plan.Plan {
		o := plan.Operation{Name: "X", Entry: entry, Action: action, Origin: origin, Effect: "2026-12-15"}
		if loss != plan.LossNone {
			o.Loss = []plan.Loss{loss}
			if action == plan.ActionUpdate {
				o.Attrs = []plan.AttrChange{{Name: "a", Loss: loss, Origin: origin}}
			}
		}
		return &plan.Plan{Operations: []plan.Operation{o}}
	}
	tests := []struct {
		name  string
		edit  edit
		plan  *plan.Plan
		extra []string // beside the change itself
	}{
		{"a leave closes the account", annaLeave, op(`people."anna".accounts."ad"`, plan.ActionRetire, plan.LossDisable, plan.FromChange), nil},
		{"a leave that closes somebody else's", annaLeave, op(`people."bo".accounts."ad"`, plan.ActionRetire, plan.LossDisable, plan.FromChange),
			[]string{"accountClosed X: group"}},
		{"a title that closes an account", annaTitle, op(`people."anna".accounts."ad"`, plan.ActionRetire, plan.LossDisable, plan.FromChange),
			[]string{"accountClosed X: group"}},
		{"a leave that deletes", annaLeave, op(`people."anna".accounts."ad"`, plan.ActionDelete, plan.LossDelete, plan.FromChange), []string{"deletion X: group"}},
		{"a name that renames the login", annaLeave, op(`people."anna".accounts."ad"`, plan.ActionUpdate, plan.LossRename, plan.FromChange), []string{"accountName X: group"}},
		{"a value cleared elsewhere", annaLeave, op(`people."bo"`, plan.ActionUpdate, plan.LossClear, plan.FromChange), []string{"cleared X: group"}},
		{"a unit is closed", annaLeave, op(`units."klub"`, plan.ActionRetire, plan.LossInactivate, plan.FromChange), []string{"unit X: group"}},
		{"an account is taken over", annaLeave, op(`people."anna".accounts."ad"`, plan.ActionAdopt, plan.LossNone, plan.FromChange), []string{"account X: group"}},
		{"a setting's doing", annaLeave, op("", plan.ActionRetire, plan.LossDisable, plan.FromChange), []string{"unknown X: group"}},
		{"approved before", annaLeave, op(`people."bo".accounts."ad"`, plan.ActionRetire, plan.LossDisable, plan.FromPending), nil},
		{"on a later day", annaLeave, &plan.Plan{Coming: []plan.Coming{{Name: "X", Entry: `people."bo"`, Action: plan.ActionRetire, Origin: plan.FromChange, Day: "2026-12-16"}}},
			[]string{"accountClosed X: group"}},
		{"on a later day, approved before", annaLeave, &plan.Plan{Coming: []plan.Coming{{Name: "X", Entry: `people."bo"`, Action: plan.ActionRetire, Origin: plan.FromPending}}}, nil},
		{"nobody knows", annaLeave, nil, []string{"unknown : group"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := proposal(t, tt.edit)
			p.Source, p.Plan = "opus", tt.plan
			c := review.Classify(p)
			want := org.ByRule
			if tt.extra != nil {
				want = org.ByGroup
			}
			if c.Approvers != want {
				t.Errorf("approved by %s, want %s", c.Approvers, want)
			}
			extra := append([]string(nil), lines(c)[2:len(c.Items)+1]...)
			if diff := cmp.Diff(tt.extra, extra); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestEveryKindIsExplained looks for each kind, in both languages, in the page about approvals.
func TestEveryKindIsExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/approval.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range org.ReviewKinds() {
		groupOnly := map[bool]string{true: "yes"}[k.GroupOnly]
		line := fmt.Sprintf("| `%s` | %s | %s | %s |\n", k.Name, k.Danish, k.English, groupOnly)
		if !strings.Contains(string(page), line) {
			t.Errorf("docs/approval.md lacks the line %s", line)
		}
	}
}

func TestNothingApprovedYet(t *testing.T) {
	p := proposal(t, annaPhone)
	p.Approved = nil
	if c := review.Classify(p); c.Approvers != org.ByGroup || len(c.Group) != 0 {
		t.Errorf("%s by %v", c.Approvers, c.Group)
	}
}
