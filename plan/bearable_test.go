package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/plan"
)

// TestBearableProblem: what a target cannot hold in part refuses no plan, also when the proposal brings it.
func TestBearableProblem(t *testing.T) {
	for bearable, want := range map[bool][2]int{false: {1, 0}, true: {0, 1}} {
		s := state(user("anna"))
		s.Problems = []plan.Problem{{Object: s.Objects[0].ID, Path: `people."anna"`, Message: "no room", Bearable: bearable}}
		p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{{Desired: *s, Actual: actual()}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(p.Refusals), len(p.Attention)}; got != want {
			t.Errorf("bearable %t: refusals and attention %v, want %v", bearable, got, want)
		}
	}
}

// TestFewOfAKind: that none of a kind is asked for any more is no empty side where there may come to be none.
func TestFewOfAKind(t *testing.T) {
	for few, want := range map[bool]int{false: 1, true: 0} {
		s := state(user("anna"), gone(ou("last", attr("enabled", "no")), plan.Gone{Since: today}))
		s.Kinds[0].Few = few
		p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{{
			Desired: *s, Actual: actual(found("ou", "last", "enabled", "yes"), found("user", "anna"))}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Refusals) != want {
			t.Errorf("few %t: %d refusals, want %d", few, len(p.Refusals), want)
		}
	}
}

// TestForecastOfWhatBeginsToBeStated: a value that nothing was said about before its day is told too; that it is to be
// cleared is not, since nobody knows whether there is anything to clear.
func TestForecastOfWhatBeginsToBeStated(t *testing.T) {
	coming, err := plan.Forecast(*state(user("anna")), nil, func(yield func(plan.Later, error) bool) {
		yield(plan.Later{Day: "2027-01-01", Desired: *state(user("anna", attr("room", ""), attr("title", "Leder")))}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.AttrChange{{Name: "title", New: []string{"Leder"}}}
	if len(coming) != 1 {
		t.Fatalf("%d things come", len(coming))
	}
	if diff := cmp.Diff(want, coming[0].Attrs); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
