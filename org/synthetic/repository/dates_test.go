package repository_test

import (
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
)

// TestOnItsDayTheFilesSayWhatTheTownDoes: whatever was or will be otherwise, on its own day the organisation is the town.
func TestOnItsDayTheFilesSayWhatTheTownDoes(t *testing.T) {
	o := options(1500, 200, 4, 2)
	town, loaded := synthetic.Generate(o.Options), load(t, o, today)
	units, people := map[org.UUID]*org.Unit{}, map[org.UUID]*org.Person{}
	for _, u := range loaded.Units {
		units[u.UUID] = u
	}
	for _, p := range loaded.People {
		people[p.UUID] = p
	}
	for i, u := range town.Units {
		got := units[u.UUID].At(today)
		if got.Name != u.Name || i > 0 && got.Parent != units[town.Units[max(u.Parent, 0)].UUID].Key {
			t.Errorf("%s below %s, want %s below unit %d", got.Name, got.Parent, u.Name, u.Parent)
		}
		leader := ""
		for _, m := range units[u.UUID].Managers {
			if m.Contains(today) {
				leader = m.Person
			}
		}
		if u.Leader >= 0 && leader != people[town.People[u.Leader].UUID].Key || u.Leader < 0 && leader != "" {
			t.Errorf("%s is led by %q, want person %d", u.Name, leader, u.Leader)
		}
	}
	for i, p := range town.People {
		got := people[p.UUID]
		if name := got.At(today).Name; name.Given != p.Given || name.Surname != p.Surname || got.Shielded != p.Shielded {
			t.Errorf("person %d is %v, want %s %s", i, name, p.Given, p.Surname)
		}
		for k, job := range p.Jobs {
			e := got.Engagements[k].At(today)
			if e.Unit != units[town.Units[job.Unit].UUID].Key || e.Contains(today) != job.Contains(today) || e.To != job.To {
				t.Errorf("person %d: engagement %s is %+v, want %+v", i, e.Key, e.Period, job.Period)
			}
		}
	}
}

// TestTimeGoesOn counts what was and will be otherwise than on the town's day.
func TestTimeGoesOn(t *testing.T) {
	loaded := load(t, options(4000, 520, 3, 0), today)
	counts := map[string]int{}
	count := func(what string, day org.Day) {
		if day > today {
			counts["coming "+what]++
		} else {
			counts["past "+what]++
		}
	}
	for _, u := range loaded.Units {
		for _, v := range u.Versions {
			count(map[bool]string{true: "renaming", false: "move"}[v.State.Name != u.Name], v.From)
		}
		if u.To != "" {
			count("closing", u.To)
		}
		for i, m := range u.Managers {
			if i > 0 || m.Vacant {
				count(map[bool]string{true: "vacancy", false: "leader"}[m.Vacant], m.From)
			}
		}
	}
	for _, p := range loaded.People {
		for _, v := range p.Versions {
			count("surname", v.From)
		}
		for _, v := range p.Engagements[0].Versions {
			count(map[bool]string{true: "transfer", false: "hours"}[v.State.Unit != p.Engagements[0].Unit], v.From)
		}
	}
	for _, test := range []struct {
		what      string
		low, high int
	}{
		{"past renaming", 10, 40}, {"coming renaming", 5, 40}, {"past move", 4, 30}, {"coming move", 3, 30}, {"past closing", 2, 40}, {"coming closing", 1, 10},
		{"past vacancy", 15, 60}, {"coming leader", 5, 30}, {"past leader", 5, 60}, {"past transfer", 150, 400}, {"coming transfer", 20, 80},
		{"past hours", 150, 500}, {"coming hours", 20, 90}, {"past surname", 20, 80}, {"coming surname", 1, 15},
	} {
		t.Logf("%s: %d", test.what, counts[test.what])
		if n := counts[test.what]; n < test.low || n > test.high {
			t.Errorf("%s: %d, want %d-%d", test.what, n, test.low, test.high)
		}
	}
}
