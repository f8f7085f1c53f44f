package ad

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// TestSeenProtects: login names are protected as a read protects them, by the approved
// settings and by the planned ones, and what the directory itself protects stays so.
func TestSeenProtects(t *testing.T) {
	with := func(logins ...string) *org.Organisation {
		return org.New(org.Organisation{Settings: org.Settings{Targets: org.Targets{AD: &org.ADSettings{Protected: logins}}}}, nil)
	}
	a := plan.Actual{Foreign: []plan.Foreign{{Ref: "group"}}}
	for _, c := range []struct {
		login string
		read  plan.Protection
	}{{"frits", ""}, {"Planlagt", plan.ProtectedAdmin}, {"godkendt", plan.ProtectedService}, {"godkendt", plan.ProtectedSystem}, {"alm", plan.ProtectedService}} {
		a.Objects = append(a.Objects, plan.Found{ID: plan.ID{Kind: KindUser}, Attrs: map[string][]string{attrLogin: {c.login}}, Protected: c.read})
		a.Foreign = append(a.Foreign, plan.Foreign{Candidate: &plan.Candidate{Signs: map[string][]string{signLogin: {fold(c.login)}}, Protected: c.read}})
	}
	a.Objects = append(a.Objects, plan.Found{ID: plan.ID{Kind: KindOU}, Attrs: map[string][]string{attrOU: {"godkendt"}}})
	seen := Domain{}.Seen(a, with("planlagt"), with("godkendt"))
	var owned, foreign []plan.Protection
	for _, f := range seen.Objects {
		owned = append(owned, f.Protected)
	}
	for _, f := range seen.Foreign[1:] {
		foreign = append(foreign, f.Candidate.Protected)
	}
	want := []plan.Protection{"", plan.ProtectedSetting, plan.ProtectedSetting, plan.ProtectedSystem, plan.ProtectedService}
	if diff := cmp.Diff(append(want, ""), owned); diff != "" {
		t.Errorf("orgit's own: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(want, foreign); diff != "" {
		t.Errorf("foreign: -want +got:\n%s", diff)
	}
	if attribute, value := seen.Mark(plan.ID{UUID: "u"}); attribute != "adminDescription" || value != ownerMark("u") || seen.Fold("Å") != fold("å") {
		t.Errorf("the mark is %s = %s", attribute, value)
	}
}
