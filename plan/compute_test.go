package plan_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

const today = org.Day("2026-12-01")

// The test's target has units ("ou") that hold users.
func state(objects ...plan.Object) *plan.State {
	return &plan.State{
		Target:  "ad",
		Objects: objects,
		Kinds:   []plan.KindInfo{{Kind: "ou"}, {Kind: "user"}},
		Orphan: func(f plan.Found) plan.Object {
			return plan.Object{ID: f.ID, Name: f.Name, Gone: &plan.Gone{Since: today, Loss: plan.LossDisable},
				Attrs: []plan.Attr{attr("enabled", "no")}}
		},
	}
}

// unique gives a state in which no two objects have one login name, or one name in one place.
func unique(s *plan.State) plan.State {
	s.Unique = [][]string{{"cn", "in"}, {"login"}}
	return *s
}

func user(name string, attrs ...plan.Attr) plan.Object {
	return plan.Object{ID: plan.ID{Kind: "user", UUID: org.UUID(name)}, Name: name, Attrs: attrs,
		Entry: org.PathOf("people", name)}
}

func ou(name string, attrs ...plan.Attr) plan.Object {
	return plan.Object{ID: plan.ID{Kind: "ou", UUID: org.UUID(name)}, Name: name, Attrs: attrs}
}

func gone(o plan.Object, g plan.Gone) plan.Object { o.Gone = &g; return o }

func attr(name, value string) plan.Attr {
	a := plan.Attr{Name: name, Rule: plan.Force}
	if value != "" {
		a.Value = []string{value}
	}
	return a
}

func ruled(a plan.Attr, r plan.Rule) plan.Attr { a.Rule = r; return a }

func lossy(a plan.Attr, l plan.Loss) plan.Attr { a.Loss = l; return a }

func linked(a plan.Attr, kind plan.Kind, to string) plan.Attr {
	a.Link, a.Refs = true, []plan.ID{{Kind: kind, UUID: org.UUID(to)}}
	return a
}

func placed(a plan.Attr, kind plan.Kind, to string) plan.Attr {
	a.Refs = []plan.ID{{Kind: kind, UUID: org.UUID(to)}}
	return a
}

func found(kind plan.Kind, name string, pairs ...string) plan.Found {
	f := plan.Found{ID: plan.ID{Kind: kind, UUID: org.UUID(name)}, Name: name, Ref: "CN=" + name, Attrs: map[string][]string{}}
	for i := 0; i < len(pairs); i += 2 {
		f.Attrs[pairs[i]] = []string{pairs[i+1]}
	}
	return f
}

func actual(objects ...plan.Found) plan.Actual { return plan.Actual{Target: "ad", Objects: objects} }

func organisation(t *testing.T) *org.Organisation {
	t.Helper()
	return org.New(org.Organisation{Settings: org.Settings{Name: "Korsbæk Kommune", CVR: "29189999", Language: "da"}}, nil)
}

// lines tells a plan in short, one finding a line.
func lines(p *plan.Plan) []string {
	var out []string
	for _, op := range p.Operations {
		line := fmt.Sprintf("%s %s", op.Action, strings.TrimPrefix(op.ID, "ad/"))
		for _, a := range op.Attrs {
			line += fmt.Sprintf(" %s:%s>%s", a.Name, strings.Join(a.Old, ","), strings.Join(a.New, ","))
		}
		line += " (" + string(op.Origin)
		for _, l := range op.Loss {
			line += " !" + string(l)
		}
		out = append(out, line+")")
	}
	for _, d := range p.Drift {
		line := "drift " + d.Object.String()
		if d.Missing {
			line += " missing"
		}
		for _, a := range d.Attrs {
			line += fmt.Sprintf(" %s:%s>%s", a.Name, strings.Join(a.Old, ","), strings.Join(a.New, ","))
		}
		out = append(out, line)
	}
	for _, a := range p.Attention {
		out = append(out, fmt.Sprintf("attention %s %s %s", a.Code, a.Object, a.Detail))
	}
	for _, r := range p.Refusals {
		out = append(out, fmt.Sprintf("refused %s %s %s %d/%d of %d %s", r.Code, r.Kind, r.Name, r.Count, r.Allowed, r.Of, r.Detail))
	}
	for _, c := range p.Coming {
		out = append(out, fmt.Sprintf("coming %s %s %s (%s)", c.Day, c.Action, c.Object, c.Origin))
	}
	return out
}

func TestCompute(t *testing.T) {
	anna := user("anna", attr("title", "Lærer"))
	annaFound := found("user", "anna", "title", "Lærer")
	held := found("user", "anna", "enabled", "no")
	held.Held = map[string]string{"enabled": "spærret uden for orgit"}
	out := found("user", "anna", "enabled", "no")
	out.Out, out.OutSince = true, "2026-09-02"
	pinned := found("ou", "b")
	pinned.Pinned = "2 objects that orgit does not own"

	login := user("anna", attr("login", "annj"), placed(attr("container", "ou:b"), "ou", "b"), attr("cn", "Anna"))
	beside := func(holds ...map[string]string) plan.Actual {
		return plan.Actual{Target: "ad", Objects: []plan.Found{found("ou", "b")},
			Foreign: []plan.Foreign{{Ref: "CN=old", Holds: holds}}}
	}
	const created = "create user/anna cn:>Anna container:>ou:b login:>annj (pending)"

	tests := map[string]struct {
		in   plan.TargetInput
		want []string
	}{
		"a login name that a foreign account has": {
			plan.TargetInput{Desired: *state(ou("b"), login), Base: state(ou("b"), login), Actual: beside(map[string]string{"login": "AnnJ"})},
			[]string{created, "attention taken user:anna CN=old"},
		},
		"a name that a foreign object has in the same place": {
			plan.TargetInput{Desired: *state(ou("b"), login), Base: state(ou("b"), login), Actual: beside(map[string]string{"container": "ou:b", "cn": "Anna"})},
			[]string{created, "attention taken user:anna CN=old"},
		},
		"a name that a foreign object has elsewhere": {
			plan.TargetInput{Desired: *state(ou("b"), login), Base: state(ou("b"), login), Actual: beside(map[string]string{"container": "ou:c", "cn": "Anna"})},
			[]string{created},
		},
		"a first login name takes nothing away": {
			plan.TargetInput{Desired: *state(user("anna", lossy(attr("login", "annj"), plan.LossRename))), Base: state(), Actual: actual(found("user", "anna"))},
			[]string{"update user/anna login:>annj (change)"},
		},
		"nothing differs": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Applied: state(anna), Actual: actual(annaFound)}, nil,
		},
		"a new person of the proposal": {
			plan.TargetInput{Desired: *state(anna), Base: state(), Applied: state(), Actual: actual()},
			[]string{"create user/anna title:>Lærer (change)"},
		},
		"a person approved and not made yet": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Applied: state(), Actual: actual()},
			[]string{"create user/anna title:>Lærer (pending)"},
		},
		"a person whom somebody deleted in the target": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Applied: state(anna, user("bo")), Actual: actual(found("user", "bo"))},
			[]string{"drift user:anna missing"},
		},
		"missing objects are made again where the settings say so": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Applied: state(anna, user("bo")), Actual: actual(found("user", "bo")), Repair: []string{"missing"}},
			[]string{"create user/anna title:>Lærer (drift)", "drift user:anna missing"},
		},
		"a value of the proposal": {
			plan.TargetInput{Desired: *state(anna), Base: state(user("anna", attr("title", "Vikar"))), Applied: state(user("anna", attr("title", "Vikar"))), Actual: actual(found("user", "anna", "title", "Vikar"))},
			[]string{"update user/anna title:Vikar>Lærer (change)"},
		},
		"a value changed by hand is drift, not part of the proposal": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Applied: state(anna), Actual: actual(found("user", "anna", "title", "Rektor"))},
			[]string{"drift user:anna title:Rektor>Lærer"},
		},
		"drift is repaired where the settings say so": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Applied: state(anna), Actual: actual(found("user", "anna", "title", "Rektor")), Repair: []string{"title"}},
			[]string{"update user/anna title:Rektor>Lærer (drift)"},
		},
		"without the mark of what was written, nothing is overwritten": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Unmarked: true, Actual: actual(found("user", "anna", "title", "Rektor"))},
			[]string{"create user/bo (pending)", "drift user:anna title:Rektor>Lærer", "attention unmarked : "},
		},
		"without the mark, the proposal's own changes are made": {
			plan.TargetInput{Desired: *state(anna), Base: state(user("anna", attr("title", "Vikar"))), Unmarked: true, Actual: actual(found("user", "anna", "title", "Vikar"))},
			[]string{"update user/anna title:Vikar>Lærer (change)", "attention unmarked : "},
		},
		"a first run that was cut is finished": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Actual: actual(found("user", "anna"))},
			[]string{"update user/anna title:>Lærer (pending)"},
		},
		"what failed in the last run waits still; elsewhere a difference is drift": {
			plan.TargetInput{
				Desired: *state(anna, user("bo", attr("title", "Leder"))), Base: state(anna, user("bo", attr("title", "Leder"))),
				Applied: state(anna, user("bo", attr("title", "Leder"))), Open: map[plan.ID]bool{anna.ID: true},
				Actual: actual(found("user", "anna", "title", "Vikar"), found("user", "bo", "title", "Rektor")),
			},
			[]string{"update user/anna title:Vikar>Lærer (pending)", "drift user:bo title:Rektor>Leder"},
		},
		"nobody found where a cut run had not come to": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Applied: state(anna, user("bo")),
				Open: map[plan.ID]bool{anna.ID: true, {Kind: "user", UUID: "bo"}: true}, Actual: actual(), Mode: org.ModeFull},
			[]string{"create user/anna title:>Lærer (pending)", "create user/bo (pending)"},
		},
		"what failed to be made waits still": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Applied: state(anna, user("bo")),
				Open: map[plan.ID]bool{anna.ID: true}, Actual: actual(found("user", "bo"))},
			[]string{"create user/anna title:>Lærer (pending)"},
		},
		"what is not stated is left alone": {
			plan.TargetInput{Desired: *state(anna), Base: state(anna), Applied: state(anna), Actual: actual(found("user", "anna", "title", "Lærer", "room", "12"))}, nil,
		},
		"null clears, and clearing is a loss": {
			plan.TargetInput{Desired: *state(user("anna", attr("phone", ""))), Base: state(user("anna")), Applied: state(user("anna")), Actual: actual(found("user", "anna", "phone", "+45"))},
			[]string{"update user/anna phone:+45> (change !clear)"},
		},
		"keep if set: somebody else's value stays": {
			plan.TargetInput{Desired: *state(user("anna", ruled(attr("phone", "+1"), plan.Keep))), Base: state(), Actual: actual(found("user", "anna", "phone", "+9"))},
			[]string{"drift user:anna phone:+9>+1"},
		},
		"keep if set: what orgit wrote before follows the files": {
			plan.TargetInput{Desired: *state(user("anna", ruled(attr("phone", "+2"), plan.Keep))), Base: state(user("anna", ruled(attr("phone", "+1"), plan.Keep))),
				Applied: state(user("anna", ruled(attr("phone", "+1"), plan.Keep))), Actual: actual(found("user", "anna", "phone", "+1"))},
			[]string{"update user/anna phone:+1>+2 (change)"},
		},
		"keep if set: an empty value is filled": {
			plan.TargetInput{Desired: *state(user("anna", ruled(attr("phone", "+1"), plan.Keep))), Base: state(), Actual: actual(found("user", "anna"))},
			[]string{"update user/anna phone:>+1 (change)"},
		},
		"only at creation": {
			plan.TargetInput{Desired: *state(user("anna", ruled(attr("info", "x"), plan.Create))), Base: state(), Actual: actual(found("user", "anna", "info", "y"))}, nil,
		},
		"an account that somebody closed is never opened": {
			plan.TargetInput{Desired: *state(user("anna", attr("enabled", "yes"))), Base: state(), Actual: actual(held), Repair: []string{"enabled"}},
			[]string{"attention held user:anna spærret uden for orgit"},
		},
		"a leaver is taken out of use": {
			plan.TargetInput{
				Desired: *state(user("bo"), gone(user("anna", lossy(attr("enabled", "no"), plan.LossDisable)), plan.Gone{Since: today})),
				Base:    state(user("bo"), user("anna", attr("enabled", "yes"))), Applied: state(user("bo"), user("anna", attr("enabled", "yes"))),
				Actual: actual(found("user", "anna", "enabled", "yes"), found("user", "bo")),
			},
			[]string{"retire user/anna enabled:yes>no (change !disable)"},
		},
		"a leaver whom somebody opened again is closed again": {
			plan.TargetInput{
				Desired: *state(user("bo"), gone(user("anna", lossy(attr("enabled", "no"), plan.LossDisable)), plan.Gone{Since: today})),
				Base:    state(user("bo"), gone(user("anna", attr("enabled", "no")), plan.Gone{Since: today})), Applied: state(user("bo"), gone(user("anna", attr("enabled", "no")), plan.Gone{Since: today})),
				Actual: actual(found("user", "anna", "enabled", "yes"), found("user", "bo")),
			},
			[]string{"retire user/anna enabled:yes>no (drift !disable)"},
		},
		"deleted when the time in quarantine is over": {
			plan.TargetInput{
				Desired: *state(user("bo"), gone(user("anna", attr("enabled", "no")), plan.Gone{Since: "2026-09-01", Delete: true, AfterDays: 90})),
				Actual:  actual(out, found("user", "bo")), Mode: org.ModeFull,
			},
			[]string{"delete user/anna (pending !delete)"},
		},
		"not deleted before": {
			plan.TargetInput{
				Desired: *state(user("bo"), gone(user("anna", attr("enabled", "no")), plan.Gone{Since: "2026-01-01", Delete: true, AfterDays: 91})),
				Actual:  actual(out, found("user", "bo")), Mode: org.ModeFull,
			}, nil,
		},
		"a target in adopt mode loses nothing": {
			plan.TargetInput{Desired: *state(user("bo")), Actual: actual(found("user", "anna", "enabled", "yes"), found("user", "bo")), Mode: org.ModeAdopt},
			[]string{"attention adopt user:anna CN=anna"},
		},
		"an orphan is taken out of use": {
			plan.TargetInput{Desired: *state(user("bo")), Applied: state(user("bo")), Actual: actual(found("user", "anna", "enabled", "yes"), found("user", "bo")), Mode: org.ModeFull},
			[]string{"retire user/anna enabled:yes>no (change !disable)"},
		},
		"a unit with foreign objects in it is not deleted": {
			plan.TargetInput{Desired: *state(ou("a"), gone(ou("b"), plan.Gone{Since: today, Delete: true})), Actual: actual(found("ou", "a"), pinned), Mode: org.ModeFull},
			[]string{"attention pinned ou:b 2 objects that orgit does not own"},
		},
		"nobody asked for while people are there": {
			plan.TargetInput{Desired: *state(ou("a")), Actual: actual(found("ou", "a"), annaFound), Mode: org.ModeFull},
			[]string{"refused empty user  0/0 of 1 desired"},
		},
		"nobody found where orgit wrote before": {
			plan.TargetInput{Desired: *state(anna, user("bo")), Base: state(anna, user("bo")), Applied: state(anna, user("bo")), Actual: actual(), Mode: org.ModeFull},
			[]string{"refused empty user  0/0 of 2 actual"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{test.in}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(p)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForecast(t *testing.T) {
	anna, bo := user("anna", attr("title", "Lærer")), user("bo")
	left := gone(user("anna", attr("enabled", "no")), plan.Gone{Since: "2027-02-01"})
	days := []plan.Later{
		{Day: "2027-01-01", Desired: *state(anna, bo), Base: state(anna)},
		{Day: "2027-01-15", Desired: *state(user("anna", attr("title", "Leder")), bo), Base: state(anna)},
		{Day: "2027-02-01", Desired: *state(left, bo), Base: state(left)},
	}
	coming, err := plan.Forecast(*state(anna), state(anna), func(yield func(plan.Later, error) bool) {
		for _, later := range days {
			if !yield(later, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"coming 2027-01-01 create user:bo (change)",
		"coming 2027-01-15 update user:anna (change)",
		"coming 2027-02-01 retire user:anna (pending)",
	}
	if diff := cmp.Diff(want, lines(&plan.Plan{Coming: coming})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	broken := errors.New("no view of that day")
	if _, err := plan.Forecast(*state(anna), nil, func(yield func(plan.Later, error) bool) {
		yield(plan.Later{Day: "2027-01-01"}, broken)
	}); !errors.Is(err, broken) {
		t.Errorf("error %v, want the one of the day", err)
	}
}

func TestComputeOrder(t *testing.T) {
	inUnit := func(f plan.Found, unit string) plan.Found {
		f.Uses = []plan.ID{{Kind: "ou", UUID: org.UUID(unit)}}
		return f
	}
	delete := plan.Gone{Since: today, Delete: true}
	tests := map[string]struct {
		in   plan.TargetInput
		want []string
	}{
		"parents first, and two leaders who refer to each other": {
			plan.TargetInput{
				Desired: *state(
					ou("child", placed(attr("in", "parent"), "ou", "parent")), ou("parent"),
					user("anna", placed(attr("in", "child"), "ou", "child"), linked(attr("manager", "bo"), "user", "bo")),
					user("bo", placed(attr("in", "parent"), "ou", "parent"), linked(attr("manager", "anna"), "user", "anna")),
				),
				Actual: actual(),
			},
			[]string{
				"create ou/parent (change)", "create ou/child in:>parent (change)",
				"create user/anna in:>child (change)", "create user/bo in:>parent (change)",
				"update user/anna/link manager:>bo (change)", "update user/bo/link manager:>anna (change)",
			},
		},
		"a unit is deleted after its people have moved and its children are gone": {
			plan.TargetInput{
				Mode: org.ModeFull,
				Desired: *state(
					ou("new"), gone(ou("old"), delete), gone(ou("sub"), delete),
					user("anna", placed(attr("in", "new"), "ou", "new")),
				),
				Actual: actual(found("ou", "old"), inUnit(found("ou", "sub"), "old"), inUnit(found("user", "anna", "in", "sub"), "sub")),
			},
			[]string{
				"create ou/new (change)", "update user/anna in:sub>new (change)",
				"delete ou/sub (pending !delete)", "delete ou/old (pending !delete)",
			},
		},
		"a unit moves below one that has to move first": {
			plan.TargetInput{
				Desired: *state(
					ou("a", placed(attr("in", "b"), "ou", "b")), ou("b", attr("in", "")),
				),
				Actual: actual(found("ou", "a"), inUnit(found("ou", "b", "in", "a"), "a")),
			},
			[]string{"update ou/b in:a> (change !clear)", "update ou/a in:>b (change)"},
		},
		"a name is free before somebody else gets it": {
			plan.TargetInput{
				Desired: unique(state(user("anna", attr("cn", "Bo Dam"), attr("in", "x")), user("bo", attr("cn", "Bo Holm"), attr("in", "x")),
					user("carl", attr("cn", "bo holm"), attr("in", "y")))),
				Actual: actual(found("user", "anna", "cn", "Bo Dam (2)", "in", "x"), found("user", "bo", "cn", "bo dam", "in", "x"),
					found("user", "carl", "cn", "Carl", "in", "y")),
			},
			[]string{
				"update user/bo cn:bo dam>Bo Holm (change)", "update user/anna cn:Bo Dam (2)>Bo Dam (change)",
				"update user/carl cn:Carl>bo holm (change)",
			},
		},
		"a login name is free when its account is deleted": {
			plan.TargetInput{
				Mode:    org.ModeFull,
				Desired: unique(state(user("anna", attr("login", "bodam")), gone(user("bo"), delete))),
				Actual:  actual(found("user", "bo", "login", "bodam")),
			},
			[]string{"delete user/bo (pending !delete)", "create user/anna login:>bodam (change)"},
		},
		"two who want each other's names do not wait for each other": {
			plan.TargetInput{
				Desired: unique(state(user("anna", attr("login", "b")), user("bo", attr("login", "a")))),
				Actual:  actual(found("user", "anna", "login", "a"), found("user", "bo", "login", "b")),
			},
			[]string{"update user/bo login:b>a (change)", "update user/anna login:a>b (change)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{test.in}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(p)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// closing is a target of n users of whom the first k are closed.
func closing(n, k int) plan.TargetInput {
	in := plan.TargetInput{Desired: *state(), Mode: org.ModeFull}
	for i := range n {
		name := fmt.Sprintf("u%03d", i)
		o := user(name, lossy(attr("enabled", "yes"), plan.LossNone))
		if i < k {
			o = gone(user(name, lossy(attr("enabled", "no"), plan.LossDisable)), plan.Gone{Since: today})
		}
		in.Desired.Objects = append(in.Desired.Objects, o)
		in.Actual.Objects = append(in.Actual.Objects, found("user", name, "enabled", "yes"))
	}
	return in
}

func TestComputeLimits(t *testing.T) {
	limits := map[string]map[string]org.Limit{"ad": {"user": {Percent: 10, Floor: 2}}}
	tests := map[string]struct {
		users, closed int
		allowance     *org.Allowance
		refused       bool
	}{
		"within the percentage":               {100, 10, nil, false},
		"over the percentage":                 {100, 11, nil, true},
		"a small population has the floor":    {3, 2, nil, false},
		"over the floor":                      {4, 3, nil, true},
		"lifted by an allowance":              {100, 15, &org.Allowance{Target: "ad", Kind: "user", Number: 5, Day: today}, false},
		"an allowance of too small a number":  {100, 16, &org.Allowance{Target: "ad", Kind: "user", Number: 5, Day: today}, true},
		"an allowance for another day":        {100, 15, &org.Allowance{Target: "ad", Kind: "user", Number: 5, Day: "2026-12-24"}, true},
		"an allowance for another kind":       {100, 15, &org.Allowance{Target: "ad", Kind: "ou", Number: 5, Day: today}, true},
		"an allowance for a different system": {100, 15, &org.Allowance{Target: "fkOrganisation", Kind: "user", Number: 5, Day: today}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			parts := org.Organisation{Settings: org.Settings{Limits: limits}}
			if test.allowance != nil {
				parts.Allowances = append(parts.Allowances, test.allowance)
			}
			p, err := plan.Compute(plan.Input{Day: today, Org: org.New(parts, nil), Targets: []plan.TargetInput{closing(test.users, test.closed)}})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(p.Refusals) > 0; got != test.refused {
				t.Errorf("refused: %v, want %v: %+v", got, test.refused, p.Refusals)
			}
		})
	}
}

func TestComputeTakesRulesFromWhatIsApproved(t *testing.T) {
	lax := org.New(org.Organisation{Settings: org.Settings{Limits: map[string]map[string]org.Limit{"ad": {"user": {Percent: 100, Floor: 1000}}}}}, nil)
	strict := org.New(org.Organisation{Settings: org.Settings{Limits: map[string]map[string]org.Limit{"ad": {"user": {Percent: 1, Floor: 1}}}}}, nil)
	p, err := plan.Compute(plan.Input{Day: today, Org: lax, Approved: strict, Targets: []plan.TargetInput{closing(10, 5)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Refusals) != 1 || p.Refusals[0].Code != plan.RefusedLimit {
		t.Errorf("a branch lifted its own limit: refusals %+v", p.Refusals)
	}
}

// TestComputeSafeguardedLogins: a login name is safeguarded however it is spelt, under
// every name that the account ever has, and when no entry states the account any more.
func TestComputeSafeguardedLogins(t *testing.T) {
	renamed := &org.Account{Key: "a", StatedUUID: "renamed", System: "ad", Name: "old",
		Versions: []org.Version[org.Account]{{From: "2026-01-01", State: &org.Account{Name: "VAGT2"}}}}
	o := org.New(org.Organisation{
		Settings: org.Settings{
			Safeguarded: org.Safeguarded{Accounts: []string{"Vagt1", "vagt2", "vagt3"}},
			Limits:      map[string]map[string]org.Limit{"ad": {"*": {Percent: 100, Floor: 100}}},
		},
		People: org.Keyed[*org.Person]{{Key: "p", Accounts: org.Keyed[*org.Account]{
			{Key: "b", StatedUUID: "spelt", System: "ad", Name: "vagt1"}, renamed,
		}}},
	}, nil)
	closes := func(name string) plan.Object {
		return gone(user(name, attr("enabled", "no")), plan.Gone{Since: today, Loss: plan.LossDisable})
	}
	open := func(name, login string) plan.Found {
		return found("user", name, "enabled", "yes", "login", login)
	}
	p, err := plan.Compute(plan.Input{Day: today, Org: o, Targets: []plan.TargetInput{{
		Mode:    org.ModeFull,
		Desired: *state(user("stays"), closes("spelt"), closes("renamed"), closes("other")),
		Actual:  actual(open("stays", "x"), open("spelt", "x"), open("renamed", "x"), open("other", "x"), open("orphan", "VAGT3")),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Refusals {
		got = append(got, string(r.Code)+" "+string(r.Object.UUID))
	}
	if diff := cmp.Diff([]string{"safeguarded orphan", "safeguarded renamed", "safeguarded spelt"}, got); diff != "" {
		t.Errorf("safeguarded (-want +got):\n%s", diff)
	}
}

func TestComputeSafeguards(t *testing.T) {
	parts := org.Organisation{
		Settings: org.Settings{Safeguarded: org.Safeguarded{Units: []string{"named"}, UUIDs: []org.UUID{"u000"}},
			Limits: map[string]map[string]org.Limit{"ad": {"*": {Percent: 100}}}},
		Units: org.Keyed[*org.Unit]{{Key: "root", UUID: "root"}, {Key: "named", UUID: "named", Parent: "root"}, {Key: "other", UUID: "other", Parent: "root"}},
	}
	in := closing(3, 2)
	for _, key := range []string{"root", "named", "other"} {
		in.Desired.Objects = append(in.Desired.Objects, gone(ou(key), plan.Gone{Since: today, Delete: true}))
		in.Actual.Objects = append(in.Actual.Objects, found("ou", key))
	}
	in.Desired.Objects = append(in.Desired.Objects, ou("live"))
	p, err := plan.Compute(plan.Input{Day: today, Org: org.New(parts, nil), Targets: []plan.TargetInput{in}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range p.Refusals {
		if r.Code == plan.RefusedSafeguard {
			names = append(names, r.Name)
		}
	}
	if diff := cmp.Diff([]string{"named", "root", "u000"}, names); diff != "" {
		t.Errorf("safeguarded (-want +got):\n%s", diff)
	}
}

func TestComputeRefusesEntriesThatVanish(t *testing.T) {
	approved := org.New(org.Organisation{
		Units:  org.Keyed[*org.Unit]{{Key: "vej", Name: "Vejafdelingen"}},
		People: org.Keyed[*org.Person]{{Key: "p1", Name: org.Name{Given: "Åse", Surname: "Kjær"}}},
	}, nil)
	p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Approved: approved})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"refused vanished  Åse Kjær 0/0 of 0 ", "refused vanished  Vejafdelingen 0/0 of 0 "}
	if diff := cmp.Diff(want, lines(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestComputeReportsWhatItDoesNotKnowAsForeign(t *testing.T) {
	in := plan.TargetInput{Desired: *state(user("bo")), Actual: actual(found("user", "bo"), found("user", "stranger"))}
	in.Desired.Known = map[plan.ID]bool{{Kind: "user", UUID: "bo"}: true}
	p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Empty() || len(p.Targets[0].Foreign) != 1 || p.Targets[0].Foreign[0].Name != "stranger" {
		t.Errorf("operations %v, foreign %v; want none, and the stranger", lines(p), p.Targets[0].Foreign)
	}
}

func TestPlanFile(t *testing.T) {
	in := closing(20, 3)
	p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in},
		Provenance: plan.Provenance{Commit: "abc", Tool: "test", Read: "2026-12-01T06:00:00Z"}})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := plan.WriteFile(&file, p); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	back, err := plan.ReadFile(strings.NewReader(text))
	if err != nil {
		t.Fatalf("read the plan back: %v", err)
	}
	if diff := cmp.Diff(lines(p), lines(back)); diff != "" {
		t.Errorf("the plan read back differs (-want +got):\n%s", diff)
	}
	damaged := map[string]struct {
		text string
		want error
	}{
		"edited":         {strings.Replace(text, "u001", "u099", 1), plan.ErrDamaged},
		"cut":            {text[:len(text)/2], plan.ErrDamaged},
		"empty":          {"", plan.ErrDamaged},
		"another format": {strings.Replace(text, `"version": 1`, `"version": 99`, 1), plan.ErrVersion},
		"blank plan":     {`{"version": 1}`, plan.ErrDamaged},
		"unknown field":  {strings.Replace(text, `"version": 1,`, `"version": 1, "force": true,`, 1), plan.ErrDamaged},
		"more after it":  {text + "{}", plan.ErrDamaged},
	}
	for name, test := range damaged {
		t.Run(name, func(t *testing.T) {
			if _, err := plan.ReadFile(strings.NewReader(test.text)); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte(`{"version":1,"digest":""}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := plan.ReadFile(bytes.NewReader(data))
		if err == nil && p.Version != plan.FileVersion {
			t.Errorf("a plan of version %d was accepted", p.Version)
		}
	})
}
