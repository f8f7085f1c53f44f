package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// shut asks for a closed account.
func shut() plan.Attr {
	a := lossy(attr("enabled", "no"), plan.LossDisable)
	a.Closes = true
	return a
}

// TestClosingWaitsForNothing: what closes is an operation that needs nothing, and what has
// to wait follows it.
func TestClosingWaitsForNothing(t *testing.T) {
	over := plan.Gone{Since: today}
	away := lossy(placed(attr("in", "q"), "ou", "q"), plan.LossQuarantine)
	tests := map[string]struct {
		in   plan.TargetInput
		want []string
	}{
		"a leaver, and the quarantine is made": {
			plan.TargetInput{
				Desired: *state(ou("q"), gone(user("anna", shut(), away, attr("note", "x")), over)),
				Actual:  actual(found("user", "anna", "enabled", "yes", "in", "x")),
			},
			[]string{
				"create ou/q (change)", "retire user/anna enabled:yes>no note:>x (change !disable !quarantine)",
				"retire user/anna/rest in:x>q (change) needs ou/q user/anna",
			},
		},
		"a leaver, and the quarantine is there": {
			plan.TargetInput{
				Desired: *state(ou("q"), gone(user("anna", shut(), away), over)),
				Actual:  actual(found("ou", "q"), found("user", "anna", "enabled", "yes", "in", "x")),
			},
			[]string{"retire user/anna enabled:yes>no in:x>q (change !disable !quarantine)"},
		},
		"one that is closed already": {
			plan.TargetInput{
				Desired: *state(ou("q"), gone(user("anna", shut(), away), over)),
				Actual:  actual(found("user", "anna", "enabled", "no", "in", "x")),
			},
			[]string{"create ou/q (change)", "retire user/anna in:x>q (change !quarantine) needs ou/q"},
		},
		"suspended, and moved to a new unit; another one gets the login name": {
			plan.TargetInput{
				Desired: unique(state(ou("new"), user("anna", shut(), placed(attr("in", "new"), "ou", "new"), lossy(attr("login", "aj2"), plan.LossRename)),
					user("bo", attr("login", "aj")))),
				Actual: actual(found("user", "anna", "enabled", "yes", "in", "x", "login", "aj"), found("user", "bo", "login", "b")),
			},
			[]string{
				"create ou/new (change)", "update user/anna enabled:yes>no (change !disable)",
				"update user/anna/rest in:x>new login:aj>aj2 (change !rename) needs ou/new user/anna",
				"update user/bo login:b>aj (change) needs user/anna user/anna/rest",
			},
		},
		"an OU is deleted when a closed one has left it": {
			plan.TargetInput{
				Mode:    org.ModeFull,
				Desired: *state(ou("q"), gone(ou("x"), plan.Gone{Since: today, Delete: true}), gone(user("anna", shut(), away), over)),
				Actual: actual(found("ou", "x"), func() plan.Found {
					f := found("user", "anna", "enabled", "yes", "in", "x")
					f.Uses = []plan.ID{{Kind: "ou", UUID: "x"}}
					return f
				}()),
			},
			[]string{
				"create ou/q (change)", "retire user/anna enabled:yes>no (change !disable !quarantine)",
				"retire user/anna/rest in:x>q (change) needs ou/q user/anna", "delete ou/x (pending !delete) needs user/anna user/anna/rest",
			},
		},
		"what no entry states any more": {
			plan.TargetInput{
				Mode: org.ModeFull,
				Desired: func() plan.State {
					s := *state(ou("q"), user("bo"))
					s.Orphan = func(f plan.Found) plan.Object {
						return gone(plan.Object{ID: f.ID, Name: f.Name, Attrs: []plan.Attr{shut(), away}}, over)
					}
					return s
				}(),
				Actual: actual(found("user", "anna", "enabled", "yes", "in", "x"), found("user", "bo")),
			},
			[]string{
				"create ou/q (change)", "retire user/anna enabled:yes>no (change !disable !quarantine)",
				"retire user/anna/rest in:x>q (change) needs ou/q user/anna",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			// Somebody stays, so that the files do not look empty.
			test.in.Desired.Objects = append(test.in.Desired.Objects, user("zoe"))
			test.in.Actual.Objects = append(test.in.Actual.Objects, found("user", "zoe"))
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{test.in}})
			if err != nil {
				t.Fatal(err)
			}
			got := lines(p)[:len(p.Operations)]
			for i, op := range p.Operations {
				if len(op.Needs) > 0 {
					got[i] += " needs " + strings.ReplaceAll(strings.Join(op.Needs, " "), "ad/", "")
				}
				if first := !strings.HasSuffix(op.ID, "/rest") && op.Action != plan.ActionCreate; first != (op.Digest != "") {
					t.Errorf("%s has the digest %q", op.ID, op.Digest)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// TestClosingCountsOnce: a closing in two operations, both of which take something away, is one
// loss.
func TestClosingCountsOnce(t *testing.T) {
	for limit, refused := range map[int]bool{3: false, 2: true} {
		in := plan.TargetInput{Mode: org.ModeFull, Desired: unique(state(ou("new")))}
		for i := range 3 {
			name := fmt.Sprintf("u%d", i)
			in.Desired.Objects = append(in.Desired.Objects, user(name, shut(), placed(attr("in", "new"), "ou", "new"), lossy(attr("login", name+"x"), plan.LossRename)))
			in.Actual.Objects = append(in.Actual.Objects, found("user", name, "enabled", "yes", "in", "x", "login", name))
		}
		o := org.New(org.Organisation{Settings: org.Settings{Limits: map[string]map[string]org.Limit{"ad": {"user": {Floor: limit}}}}}, nil)
		p, err := plan.Compute(plan.Input{Day: today, Org: o, Targets: []plan.TargetInput{in}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.Refusals) > 0; got != refused || len(p.Operations) != 7 || refused && p.Refusals[0].Count != 3 {
			t.Errorf("limit %d: %v", limit, lines(p))
		}
	}
}
