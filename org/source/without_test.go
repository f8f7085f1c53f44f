package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/source"
)

func TestWithoutUnits(t *testing.T) {
	unit := func(id, parent string) source.Unit {
		return source.Unit{ID: id, States: []source.UnitState{{Parent: parent}}}
	}
	person := func(id string, units ...string) source.Person {
		p := source.Person{ID: id}
		for _, u := range units {
			p.Engagements = append(p.Engagements, source.Engagement{ID: id + u, States: []source.EngagementState{{Unit: u}}})
		}
		return p
	}
	x := &source.Extract{
		Units:   []source.Unit{unit("c", "b"), unit("b", "a"), unit("a", ""), unit("d", "a")},
		People:  []source.Person{person("in-c", "c"), person("in-both", "c", "d"), person("nowhere"), person("in-d", "d")},
		Leaders: []source.Leadership{{ID: "of-c", States: []source.LeadershipState{{Unit: "c"}}}, {ID: "of-d", States: []source.LeadershipState{{Unit: "d"}}}},
	}
	source.WithoutUnits(x, func(u source.Unit) bool { return u.ID == "b" })
	var got []string
	for _, u := range x.Units {
		got = append(got, u.ID)
	}
	for _, p := range x.People {
		got = append(got, p.ID)
		for _, e := range p.Engagements {
			got = append(got, e.ID)
		}
	}
	for _, l := range x.Leaders {
		got = append(got, l.ID)
	}
	if diff := cmp.Diff([]string{"a", "d", "in-both", "in-bothd", "nowhere", "in-d", "in-dd", "of-d"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
