package change_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

const twoUnits = `
settings: classes: titles: {laerer: name: "Lærer", leder: name: "Skoleleder"}
units: {
	top: {uuid: "u1", name: "Kommunen", from: "2000-01-01"}
	skole: {uuid: "u2", name: "Østre Skole", parent: "top", from: "2000-01-01"}
}
`

func TestCompareNothing(t *testing.T) {
	o := parseFile(t, "testdata/before.cue")
	if got := change.Compare(o, o); len(got) != 0 {
		t.Errorf("between an organisation and itself: %+v", got)
	}
}

// TestCompareOneFact looks at all that is known about a change, for facts of one line.
func TestCompareOneFact(t *testing.T) {
	const person = `people: p: {uuid: "u9", name: {given: "Anna", surname: "Jensen"}, engagements: a: {unit: "skole", title: "laerer", from: "2024-08-01"`
	anna := func(about string) change.Subject {
		return change.Subject{Kind: "person", Key: "p", UUID: "u9", Name: "Anna Jensen", About: about}
	}
	tests := []struct {
		name       string
		base, head string
		want       change.Change
	}{
		{"leave", person + `}}`, person + `, to: "2026-11-30"}}`, change.Change{
			Kind: change.Leave, Effect: "2026-11-30", Subject: anna("lærer, Østre Skole"), Unit: "skole", Field: "to",
			Path: `people."p".engagements."a".to`,
		}},
		{"leave earlier", person + `, to: "2026-12-31"}}`, person + `, to: "2026-11-30"}}`, change.Change{
			Kind: change.Leave, Effect: "2026-11-30", Was: "2026-12-31", Subject: anna("lærer, Østre Skole"), Unit: "skole", Field: "to",
			Path: `people."p".engagements."a".to`,
		}},
		{"stay longer", person + `, to: "2026-11-30"}}`, person + `, to: "2026-12-31"}}`, change.Change{
			Kind: change.Extend, Effect: "2026-12-31", Was: "2026-11-30", Subject: anna("lærer, Østre Skole"), Unit: "skole", Field: "to",
			Path: `people."p".engagements."a".to`,
		}},
		{"move on a day", person + `}}`, person + `, on: "2026-12-01": unit: "top"}}`, change.Change{
			Kind: change.Move, Effect: "2026-12-01", Subject: anna("lærer"), Unit: "top", Field: "unit",
			From: "Østre Skole", To: "Kommunen", Path: `people."p".engagements."a".on."2026-12-01".unit`,
		}},
		{"wrong unit put right", person + `}}`, strings.Replace(person, `unit: "skole"`, `unit: "top"`, 1) + `}}`, change.Change{
			Kind: change.Move, Correction: true, Subject: anna("lærer"), Unit: "top", Field: "unit",
			From: "Østre Skole", To: "Kommunen", Path: `people."p".engagements."a".unit`,
		}},
		{"title", person + `}}`, person + `, on: "2026-12-01": title: "leder"}}`, change.Change{
			Kind: change.Title, Effect: "2026-12-01", Subject: anna("Østre Skole"), Unit: "skole", Field: "title",
			From: "lærer", To: "skoleleder", Path: `people."p".engagements."a".on."2026-12-01".title`,
		}},
		{"hire", ``, person + `, to: "2025-07-31"}}`, change.Change{
			Kind: change.Hire, Effect: "2024-08-01", Until: "2025-07-31", Subject: anna("lærer, Østre Skole"), Unit: "skole",
			Path: `people."p".engagements."a"`,
		}},
		{"removed", person + `}}`, ``, change.Change{
			Kind: change.PersonRemoved, Correction: true, Subject: anna("lærer, Østre Skole"), Unit: "skole", Field: "removed",
			Path: `people."p"`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := change.Compare(parse(t, twoUnits+tt.base), parse(t, twoUnits+tt.head))
			if diff := cmp.Diff([]change.Change{tt.want}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestCompareFirstLoad: without a base every entry is new, and nothing is a correction.
func TestCompareFirstLoad(t *testing.T) {
	head := parseFile(t, "testdata/after.cue")
	changes := change.Compare(nil, head)
	subjects := map[string]bool{}
	for _, c := range changes {
		subjects[c.Subject.Kind+":"+c.Subject.Key] = true
		if c.Correction || c.Withdrawn {
			t.Errorf("not new: %+v", c)
		}
	}
	for _, u := range head.Units {
		if !subjects["unit:"+u.Key] {
			t.Errorf("unit %s goes unsaid", u.Key)
		}
	}
	for _, p := range head.People {
		if !subjects["person:"+p.Key] {
			t.Errorf("person %s goes unsaid", p.Key)
		}
	}
	for _, r := range head.Robots {
		if !subjects["robot:"+r.Key] {
			t.Errorf("robot %s goes unsaid", r.Key)
		}
	}
	if !subjects["settings:"] {
		t.Error("the settings go unsaid")
	}
}

// TestCompareOrder: units as the tree has them, each before those below it.
func TestCompareOrder(t *testing.T) {
	var units []string
	for _, c := range story(t) {
		if len(units) == 0 || units[len(units)-1] != c.Unit {
			units = append(units, c.Unit)
		}
	}
	want := []string{"", "kommune", "bibliotek", "arkiv", "drift-og-service", "kantine", "vej-og-park",
		"vejafdelingen", "gammel", "hjemmepleje", "museum", "park", "skov", "vestre-skole", "oestre-skole"}
	if diff := cmp.Diff(want, units); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCompareIsTheSameEveryTime reads the JSON of two runs.
func TestCompareIsTheSameEveryTime(t *testing.T) {
	first, err := json.Marshal(story(t))
	if err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(story(t))
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Error("two runs differ")
	}
}

// TestComparePositions: a change says where its fact stands in head.
func TestComparePositions(t *testing.T) {
	const fact = org.Path(`units."skole".on."2026-12-01".name`)
	parts := parse(t, twoUnits+`units: skole: on: "2026-12-01": name: "Østerskolen"`)
	head := org.New(*parts, func(p org.Path) schema.Position {
		if p == fact {
			return schema.Position{File: "units/skole.cue", Line: 7}
		}
		return schema.Position{}
	})
	got := change.Compare(parse(t, twoUnits), head)
	if len(got) != 1 || got[0].Path != fact || got[0].Position.Line != 7 {
		t.Errorf("got %+v", got)
	}
}

// TestMergeNamesAllUnits: a merge says which units become one.
func TestMergeNamesAllUnits(t *testing.T) {
	i := slices.IndexFunc(story(t), func(c change.Change) bool { return c.Kind == change.UnitMerge })
	if i < 0 {
		t.Fatal("no merge")
	}
	var keys []string
	for _, s := range story(t)[i].Others {
		keys = append(keys, s.Key)
	}
	if diff := cmp.Diff([]string{"park", "vejafdelingen"}, keys); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
