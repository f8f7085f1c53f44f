package plan_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// TestComputeRefusesWhenMostIsLost: a read that finds a small part of what orgit has written
// is no reason to make the rest again.
func TestComputeRefusesWhenMostIsLost(t *testing.T) {
	for _, c := range []struct {
		name           string
		written, there int
		open, repair   bool
		want           []string
	}{
		{name: "all is there", written: 20, there: 20},
		{name: "half is there", written: 20, there: 10},
		{name: "less than half is there", written: 20, there: 9, repair: true,
			want: []string{"refused empty user  9/0 of 20 actual"}},
		{name: "few were written", written: 6, there: 1},
		{name: "the rest was never carried out", written: 20, there: 9, open: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, in := state(), plan.TargetInput{Mode: org.ModeFull, Actual: actual(), Open: map[plan.ID]bool{}}
			for i := range c.written {
				u := user(fmt.Sprintf("u%03d", i), attr("title", "Lærer"))
				want.Objects = append(want.Objects, u)
				if i < c.there {
					in.Actual.Objects = append(in.Actual.Objects, found("user", u.Name, "title", "Lærer"))
				} else if c.open {
					in.Open[u.ID] = true
				}
			}
			in.Desired, in.Base, in.Applied = *want, want, want
			if c.repair {
				in.Repair = []string{plan.RepairMissing}
			}
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
			if err != nil {
				t.Fatal(err)
			}
			var refused []string
			for _, line := range lines(p) {
				if len(p.Refusals) > 0 {
					refused = append(refused, line)
				}
			}
			if diff := cmp.Diff(c.want, refused); diff != "" {
				t.Errorf("refusals (-want +got):\n%s", diff)
			}
		})
	}
}
