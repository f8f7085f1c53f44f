package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// TestEffects: what a change does, without knowing what is there.
func TestEffects(t *testing.T) {
	user := func(uuid org.UUID, name string, attrs ...plan.Attr) plan.Object {
		return plan.Object{ID: plan.ID{Kind: "user", UUID: uuid}, Name: name, Entry: org.PathOf("people", string(uuid)), Attrs: attrs}
	}
	attr := func(name string, values ...string) plan.Attr {
		return plan.Attr{Name: name, Value: values, Rule: plan.Force}
	}
	login := func(name string) plan.Attr {
		a := attr("login", name)
		a.Loss = plan.LossRename
		return a
	}
	state := func(objects ...plan.Object) plan.State {
		return plan.State{Target: "ad", Kinds: []plan.KindInfo{{Kind: "user"}}, Objects: objects}
	}
	gone := user("c", "Carl", attr("enabled", "false"))
	gone.Gone = &plan.Gone{Since: "2026-12-01", Loss: plan.LossDisable}
	before := state(user("a", "Anna", login("annj"), attr("phone", "1")), user("b", "Bo", login("bo")), user("c", "Carl", attr("enabled", "true")))
	after := state(user("a", "Anna", login("anna"), attr("phone")), user("b", "Bo", login("bo")), gone, user("d", "Dorte", login("dd")))
	o := org.New(org.Organisation{}, nil)
	p, err := plan.Effects("2026-12-01", o, o, []plan.Effect{{Before: before, After: after}})
	if err != nil {
		t.Fatal(err)
	}
	type does struct {
		Name   string
		Action plan.Action
		Origin plan.Origin
		Loss   []plan.Loss
	}
	var got []does
	for _, op := range p.Operations {
		got = append(got, does{op.Name, op.Action, op.Origin, op.Loss})
	}
	want := []does{
		{"Anna", plan.ActionUpdate, plan.FromChange, []plan.Loss{plan.LossClear, plan.LossRename}},
		{"Dorte", plan.ActionCreate, plan.FromChange, nil},
		{"Carl", plan.ActionRetire, plan.FromChange, []plan.Loss{plan.LossDisable}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p, err := plan.Effects("2026-12-01", o, o, []plan.Effect{{Before: before, After: before}}); err != nil || !p.Empty() || len(p.Drift) > 0 {
		t.Errorf("nothing changes: %+v, %v", p.Operations, err)
	}
}
