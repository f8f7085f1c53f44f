package intake_test

import (
	"slices"
	"strings"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// small is a register with a unit and somebody in it, for a test to spoil.
func small() *source.Extract {
	return &source.Extract{
		Source: "os2mo", Name: "OS2mo", Day: today, Says: source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true, Associations: true, History: true},
		Units: []source.Unit{
			{ID: "1", States: []source.UnitState{{Name: "Korsbæk Kommune"}}},
			{ID: "2", States: []source.UnitState{{Name: "Skolen", Parent: "1"}}},
			{ID: "3", States: []source.UnitState{{Name: "Huset", Parent: "1"}}},
		},
		People: []source.Person{{ID: "a", States: []source.PersonState{{Given: "Anna", Surname: "Holm"}}, Engagements: []source.Engagement{{
			ID: "e", Number: "7", States: []source.EngagementState{{Period: org.Period{From: "2020-01-01"}, Unit: "2", Title: "Lærer", Type: "Fast"}},
		}}}},
	}
}

// TestFit: what does not fit is said and left out, and what is written has no errors.
func TestFit(t *testing.T) {
	long := strings.Repeat("lang ", 60)
	tests := []struct {
		name  string
		spoil func(x *source.Extract)
		code  string // of the finding; empty: none
	}{
		{"nothing", func(*source.Extract) {}, ""},
		{"an EAN number with a wrong last digit", func(x *source.Extract) { x.Units[1].States[0].Numbers = map[string]string{"ean": "5798001234561"} }, intake.BadValue},
		{"a P-number that is none", func(x *source.Extract) { x.Units[1].States[0].Numbers = map[string]string{"p": "12"} }, intake.BadValue},
		{"a phone that is none", func(x *source.Extract) { x.People[0].States[0].Addresses = map[string]string{"phone": "lokal 12"} }, intake.BadValue},
		{"an address that is none", func(x *source.Extract) {
			x.Units[1].States[0].Addresses = map[string]string{"email": "skolen", "web": "www.skolen.example"}
		}, intake.BadValue},
		{"a task that is none", func(x *source.Extract) { x.Units[1].States[0].Tasks = map[string][]string{"responsible": {"forkert"}} }, intake.BadValue},
		{"a name that is too long", func(x *source.Extract) { x.Units[1].States[0].Name = long }, intake.BadValue},
		{"a title that is too long", func(x *source.Extract) { x.People[0].Engagements[0].States[0].Title = long }, intake.BadValue},
		{"a title that gives no key", func(x *source.Extract) { x.People[0].Engagements[0].States[0].Title = "???" }, ""},
		{"a title with marks in it", func(x *source.Extract) { x.People[0].Engagements[0].States[0].Title = "Lærer\x00\n\u200b \"1\" \\(x)" }, ""},
		{"a class code with a number or marks in it", func(x *source.Extract) {
			x.People[0].Engagements[0].States[0].TitleCode, x.People[0].Engagements[0].States[0].Type = "0101800001", "a\x00\u200bb"
		}, ""},
		{"a login name that is none", func(x *source.Extract) {
			x.People[0].Accounts = []source.Account{{ID: "l", System: "ad", Name: "anna holm"}}
		}, intake.BadValue},
		{"a number in a name", func(x *source.Extract) { x.Units[1].States[0].Name = "Sag 010180-0001" }, intake.BadValue},
		{"units above each other", func(x *source.Extract) { x.Units[1].States[0].Parent, x.Units[2].States[0].Parent = "3", "2" }, intake.Circle},
		{"a job in no unit", func(x *source.Extract) { x.People[0].Engagements[0].States[0].Unit = "" }, intake.NoUnit},
		{"two leaders", func(x *source.Extract) {
			x.People = append(x.People, source.Person{ID: "b", States: []source.PersonState{{Given: "Bo", Surname: "Bach"}}, Engagements: []source.Engagement{{
				ID: "f", States: []source.EngagementState{{Period: org.Period{From: "2020-01-01"}, Unit: "2", Title: "Lærer", Type: "Fast"}}}}})
			for _, who := range []string{"a", "b"} {
				x.Leaders = append(x.Leaders, source.Leadership{ID: who, States: []source.LeadershipState{{Period: org.Period{From: "2021-01-01"}, Unit: "2", Person: who, Role: "Chef"}}})
			}
		}, intake.SeveralLeaders},
		{"what was before the municipality", func(x *source.Extract) {
			x.Units[1].States = []source.UnitState{
				{Period: org.Period{From: "1990-01-01", To: "1999-12-31"}, Name: "Gammel", Parent: "1"}, {Period: org.Period{From: "2000-01-01"}, Name: "Skolen", Parent: "1"}}
		}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := small()
			test.spoil(x)
			x.Sort()
			result, _, findings := first(t, newRepository(t, `sources: os2mo: {kind: "os2mo", name: "OS2mo"}`), alone(x), "1900-01-01")
			for _, d := range findings {
				if d.Severity == schema.Error {
					t.Errorf("%s", d)
				}
			}
			if got := slices.ContainsFunc(result.Findings, func(f intake.Finding) bool { return f.Code == test.code }); got != (test.code != "") {
				t.Errorf("findings are %v, want one of code %q", result.Findings, test.code)
			}
			if test.code == "" && len(result.Findings) > 0 {
				t.Errorf("findings are %v, want none", result.Findings)
			}
		})
	}
}

// TestHistory: ties and units change over time, and what a register does not know of the time before its day is as after it.
func TestHistory(t *testing.T) {
	x := small()
	x.Units[2].States = []source.UnitState{
		{Period: org.Period{From: "2010-01-01", To: "2019-12-31"}, Name: "Huset", Parent: "2"}, {Period: org.Period{From: "2020-01-01"}, Name: "Huset", Parent: "1"}}
	x.People[0].Engagements[0].States = []source.EngagementState{
		{Period: org.Period{From: "2020-01-01", To: "2020-12-31"}}, {Period: org.Period{From: "2021-01-01"}, Unit: "2", Title: "Lærer", Type: "Fast"}}
	x.People[0].Associations = []source.Association{{ID: "t", UUID: "5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60", States: []source.AssociationState{
		{Period: org.Period{From: "2020-01-01", To: "2020-12-31"}, Unit: "2", Type: "MED"},
		{Period: org.Period{From: "2021-01-01", To: "2021-12-31"}, Unit: "3", Type: "MED"},
		{Period: org.Period{From: "2023-01-01"}, Unit: "3", Type: "Råd"},
	}}}
	x.People[0].Accounts = []source.Account{{ID: "l", System: "ad", Name: "annh", Associations: []string{"t"}}}
	_, made, findings := first(t, newRepository(t, `sources: os2mo: {kind: "os2mo", name: "OS2mo"}`), alone(x), "1900-01-01")
	if schema.HasErrors(findings) {
		t.Fatal(findings)
	}
	if was, is := made.Unit("huset").At("2015-01-01").Parent, made.Unit("huset").At(today).Parent; was != "skolen" || is == "skolen" {
		t.Errorf("the house was below %s and is below %s", was, is)
	}
	p := made.People[0]
	if e := p.Engagements[0]; e.Unit != "skolen" || e.Title != "laerer" || len(e.Versions) != 0 {
		t.Errorf("the engagement is %+v", e)
	}
	if n := len(p.Associations); n != 2 {
		t.Fatalf("%d associations, want 2: there is a gap", n)
	}
	a := p.Associations[0]
	if a.At("2020-06-01").Unit != "skolen" || a.At("2021-06-01").Unit != "huset" || a.To != "2021-12-31" {
		t.Errorf("the association is %+v", a)
	}
	if got := p.Accounts[0].For; len(got) != 2 {
		t.Errorf("the account is for %v, want both associations", got)
	}
}
