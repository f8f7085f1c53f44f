package org_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// reachTown is a tree of three levels: its root is led by lone, the school below it by nobody
// at first and by per from February on, and the class below that takes in those of the
// kindergarten when that has closed.
func reachTown() *org.Organisation {
	unit := func(key, parent string) *org.Unit { return &org.Unit{Key: key, Parent: parent} }
	led := func(u *org.Unit, m *org.Manager) *org.Unit {
		m.Unit, u.Managers = u, append(u.Managers, m)
		return u
	}
	works := func(key, unit string, p org.Period) *org.Person {
		person := &org.Person{Key: key}
		person.Engagements = append(person.Engagements, &org.Engagement{Key: "a", Person: person, Unit: unit, Period: p})
		return person
	}
	garden := unit("garden", "root")
	garden.Successor, garden.To = "class", "2027-01-31"
	return org.New(org.Organisation{
		Units: []*org.Unit{
			led(unit("root", ""), &org.Manager{Key: "a", Person: "lone"}),
			led(unit("school", "root"), &org.Manager{Key: "a", Person: "per", Period: org.Period{From: "2027-02-10"}}),
			unit("class", "school"), garden,
		},
		People: []*org.Person{
			works("lone", "root", org.Period{To: "2027-03-31"}), works("per", "root", org.Period{}),
			works("ida", "class", org.Period{}), works("bo", "garden", org.Period{From: "2027-01-15"}),
		},
	}, nil)
}

func TestConcerns(t *testing.T) {
	tests := map[string]struct {
		after, last org.Day
		margins     org.Margins
		want        map[org.Day][]string // people, then units
	}{
		"by day": {
			after: "2027-01-01", last: "2027-02-28",
			want: map[org.Day][]string{
				"2027-01-15": {"bo"},
				"2027-02-01": {"bo", "+garden"},
				"2027-02-10": {"bo", "ida", "+class", "+garden", "+school"}, // the class may stand for the kindergarten
			},
		},
		"margins are of periods alone": {
			after: "2027-01-01", last: "2027-02-28", margins: org.Margins{Before: 10, After: 3},
			want: map[org.Day][]string{
				"2027-01-05": {"bo"},
				"2027-01-15": {"bo"},
				"2027-02-01": {"bo", "+garden"},
				"2027-02-04": {"bo", "+garden"},
				"2027-02-10": {"bo", "ida", "+class", "+garden", "+school"},
			},
		},
		"who leads the root concerns everybody": {
			after: "2027-03-31", last: "2027-04-01",
			want: map[org.Day][]string{"2027-04-01": {"bo", "ida", "lone", "per", "+class", "+garden", "+root", "+school"}},
		},
		"the first day does not count, the last does": {after: "2027-01-15", last: "2027-01-31", want: map[org.Day][]string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[org.Day][]string{}
			for day, c := range reachTown().Concerns(test.after, test.last, test.margins) {
				got[day] = slices.Sorted(maps.Keys(c.People))
				for _, u := range slices.Sorted(maps.Keys(c.Units)) {
					got[day] = append(got[day], "+"+u)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
