package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/plan"
)

// TestStays: what was open before orgit is closed only where the files asked for it to be open, or
// where orgit itself had closed it and the settings say that such a thing is put right.
func TestStays(t *testing.T) {
	asked := func(value string) *plan.State {
		a := lossy(attr("enabled", value), plan.LossNone)
		if value == "no" {
			a = shut()
			a.Stays = true
		}
		return state(user("anna", a))
	}
	id := plan.ID{Kind: "user", UUID: "anna"}
	const closes, drift = "update user/anna enabled:yes>no", "drift user:anna enabled:yes>no"
	tests := map[string]struct {
		base, applied *plan.State
		open, closing bool
		overruled     bool
		repair        []string
		want          string
	}{
		"nothing was ever applied":                     {base: asked("no"), want: drift},
		"it was applied":                               {base: asked("no"), applied: asked("no"), want: drift},
		"it was applied, and something of it failed":   {base: asked("no"), applied: asked("no"), open: true, want: drift},
		"it was not asked for when that was applied":   {base: asked("no"), applied: state(), want: drift},
		"the proposal brings it":                       {base: state(), applied: state(), want: drift},
		"the proposal puts the first day off":          {base: asked("yes"), applied: asked("yes"), want: closes + " (change !disable)"},
		"the first day was put off":                    {base: asked("no"), applied: asked("yes"), want: closes + " (pending !disable)"},
		"it was put off, and the closing failed":       {base: asked("no"), applied: asked("no"), open: true, closing: true, want: closes + " (pending !disable)"},
		"what is there is put right":                   {base: asked("no"), applied: asked("no"), repair: []string{"enabled"}, want: drift},
		"somebody opened what orgit had closed":        {base: asked("no"), applied: asked("no"), overruled: true, want: drift},
		"somebody opened it, and that is put right":    {base: asked("no"), applied: asked("no"), overruled: true, repair: []string{"enabled"}, want: closes + " (drift !disable)"},
		"somebody opened it after a run that was cut":  {base: asked("no"), overruled: true, want: drift},
		"somebody opened it, and another one is fixed": {base: asked("no"), overruled: true, repair: []string{"title"}, want: drift},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			have := found("user", "anna", "enabled", "yes")
			have.Overruled = map[string]bool{"enabled": test.overruled}
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{{
				Desired: *asked("no"), Base: test.base, Applied: test.applied, Actual: actual(have), Repair: test.repair,
				Open: map[plan.ID]bool{id: test.open}, Closing: map[plan.ID]bool{id: test.closing},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, lines(p)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}
