package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/plan"
)

// TestNoteOfAnOperation: what an object says about an action goes with that action only, and not with the pass that sets
// references.
func TestNoteOfAnOperation(t *testing.T) {
	note := func(o plan.Object) plan.Object {
		o.Notes = map[plan.Action]string{plan.ActionCreate: "made so", plan.ActionUpdate: "changed so"}
		return o
	}
	want := []plan.Object{
		note(user("anna", attr("title", "a"), linked(attr("manager", "user:bo"), "user", "bo"))),
		note(user("bo", attr("title", "b"), linked(attr("manager", "user:anna"), "user", "anna"))),
		note(user("carl", attr("title", "c"))),
		note(user("dorte", attr("title", "d"))),
		note(gone(user("eva", attr("enabled", "no")), plan.Gone{Since: today, Loss: plan.LossDisable})),
	}
	p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{{
		Mode: "full", Desired: *state(want...), Base: state(want...),
		Actual: actual(found("user", "carl", "title", "x"), found("user", "dorte", "title", "d"), found("user", "eva", "enabled", "yes")),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, op := range p.Operations {
		got[op.ID] = op.Note
	}
	wanted := map[string]string{
		"ad/user/anna": "made so", "ad/user/bo": "made so", "ad/user/carl": "changed so",
		"ad/user/anna/link": "", "ad/user/bo/link": "", "ad/user/eva": "",
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("notes by operation (-want +got):\n%s", diff)
	}
}
