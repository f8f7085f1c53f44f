package agenda_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/comparetest"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
)

func planted(seed uint64) *comparetest.Planted {
	town := synthetic.Generate(synthetic.Options{People: 300, Units: 40, Seed: seed, Day: "2026-12-01"})
	return comparetest.Plant(town, comparetest.Usual(), seed)
}

// TestStable: what has happened to others changes no ID and no version.
func TestStable(t *testing.T) {
	p := planted(1)
	before := agenda.New([]*compare.Comparison{compare.Compare(p.Payroll, p.Directory)}, "da")
	english := agenda.New([]*compare.Comparison{compare.Compare(p.Payroll, p.Directory)}, "en")
	if diff := cmp.Diff(names(before), names(english)); diff != "" {
		t.Errorf("another language has other items (-da +en):\n%s", diff)
	}
	p.Payroll.People = slices.Insert(p.Payroll.People, 0, source.Person{ID: "0", States: []source.PersonState{{Given: "Xanthippe", Surname: "Qvortrup"}}})
	after := names(agenda.New([]*compare.Comparison{compare.Compare(p.Payroll, p.Directory)}, "da"))
	missing := 0
	for _, name := range names(before) {
		if !slices.Contains(after, name) {
			missing++
		}
	}
	// Chances move a little with everybody who is added; an item in a hundred may come or go.
	if len(before.Items) < 100 || missing > len(before.Items)/100 {
		t.Errorf("of %d items %d are another because of one new person", len(before.Items), missing)
	}
	seen := map[string]bool{}
	for _, item := range before.Items {
		if seen[item.ID] {
			t.Errorf("two items have the ID %s", item.ID)
		}
		seen[item.ID] = true
	}
}

func names(a *agenda.Agenda) []string {
	var list []string
	for _, item := range a.Items {
		list = append(list, item.ID+"-"+item.Version+" "+item.Name)
	}
	slices.Sort(list)
	return list
}

// TestSeveralRegisters: each is held against the leading one, and what is about the leading one alone is there once.
func TestSeveralRegisters(t *testing.T) {
	p := planted(2)
	twice := p.Payroll.People[5]
	twice.ID, twice.CPR, twice.Engagements = "zz", source.Number{}, slices.Clone(twice.Engagements)
	for i := range twice.Engagements {
		twice.Engagements[i].ID += "z"
	}
	p.Payroll.People = append(p.Payroll.People, twice)
	third := *p.Directory
	third.Source, third.Name = "fk", "FK Organisation"
	a := agenda.New(compare.All(p.Payroll, p.Directory, &third), "da")
	if len(a.Registers) != 3 || len(a.Found) != 2 || a.Found[0].People == 0 {
		t.Fatalf("%+v %+v", a.Registers, a.Found)
	}
	doubled := 0
	for _, item := range a.Of(compare.Doubled) {
		if item.Lead.Key.ID == twice.ID || item.Other.Key.ID == twice.ID {
			doubled++
		}
	}
	if doubled != 1 {
		t.Errorf("somebody who is in the leading register twice is there %d times", doubled)
	}
	by := map[string]int{}
	for _, item := range a.Of(compare.PersonPhone) {
		by[item.Other.Register]++
	}
	if by["AD"] == 0 || by["AD"] != by["FK Organisation"] {
		t.Errorf("differences by register: %v", by)
	}
}

// TestOrder: by kind, and within one by unit.
func TestOrder(t *testing.T) {
	p := planted(3)
	a := agenda.New([]*compare.Comparison{compare.Compare(p.Payroll, p.Directory)}, "da")
	kinds := agenda.Kinds()
	if !slices.IsSortedFunc(a.Items, func(x, y agenda.Item) int { return slices.Index(kinds, x.Kind) - slices.Index(kinds, y.Kind) }) {
		t.Error("items are not in the order of their kinds")
	}
	sum := 0
	for _, kind := range kinds {
		if sum += a.Count(kind); a.Count(kind) != len(a.Of(kind)) {
			t.Errorf("%s: %d and %d", kind, a.Count(kind), len(a.Of(kind)))
		}
	}
	if sum != len(a.Items) {
		t.Errorf("%d items are of a known kind, of %d", sum, len(a.Items))
	}
	for _, item := range a.Items {
		if strings.TrimSpace(item.Name) == "" || item.Lead.Text == "" || item.Other.Text == "" {
			t.Errorf("%+v says nothing", item)
		}
	}
}
