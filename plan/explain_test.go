package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

func set(name string, r plan.Rule, values ...string) plan.Attr {
	return plan.Attr{Name: name, Rule: r, Set: true, Value: values}
}

// TestSetsUnderKeep: what orgit wrote before goes, what others wrote stays.
func TestSetsUnderKeep(t *testing.T) {
	for _, c := range []struct {
		name           string
		rule           plan.Rule
		applied, asked []string
		have, want     []string // want nil: no operation
	}{
		{"never written", plan.Keep, nil, []string{"b"}, []string{"a"}, []string{"a", "b"}},
		{"written before", plan.Keep, []string{"b"}, []string{"c"}, []string{"a", "b"}, []string{"a", "c"}},
		{"as it is", plan.Keep, []string{"c"}, []string{"c"}, []string{"a", "c"}, nil},
		{"somebody wrote the same", plan.Keep, nil, []string{"a"}, []string{"a", "b"}, nil},
		{"cleared", plan.Keep, []string{"b"}, nil, []string{"a", "b"}, []string{}},
		{"forced", plan.Force, []string{"b"}, []string{"c"}, []string{"a", "b"}, []string{"c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := found("user", "anna")
			f.Attrs["x"] = c.have
			in := plan.TargetInput{Mode: org.ModeFull, Desired: *state(user("anna", set("x", c.rule, c.asked...))), Actual: actual(f)}
			in.Applied = state(user("anna", set("x", c.rule, c.applied...)))
			p, err := plan.Compute(plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{in}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, op := range p.Operations {
				got = append([]string{}, op.Attr("x").New...)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestExplain follows each attribute to what becomes of it.
func TestExplain(t *testing.T) {
	want := user("anna", attr("same", "1"), attr("new", "2"), attr("drift", "3"), ruled(attr("kept", "4"), plan.Keep), ruled(attr("once", "5"), plan.Create))
	old := user("anna", attr("same", "1"), attr("new", "0"), attr("drift", "3"), ruled(attr("kept", "4"), plan.Keep), ruled(attr("once", "5"), plan.Create))
	f := found("user", "anna", "same", "1", "new", "0", "drift", "x", "kept", "x", "once", "x", "other", "x")
	in := plan.Input{Day: today, Org: organisation(t), Targets: []plan.TargetInput{{
		Mode: org.ModeFull, Desired: *state(want, user("bo", attr("new", "1"))), Base: state(old), Applied: state(old), Actual: actual(f),
	}}}
	p, err := plan.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	sources := map[plan.ID][]plan.Source{want.ID: {
		{Attribute: "new", Setting: "targets.x", Templates: []string{"{{.Person.Name}}"}}, {Attribute: "other", Rule: "ignore", Unmanaged: "left to others"},
	}}
	explained := in.Targets[0].Explain(p, `people."anna"`, sources)
	if len(explained) != 1 || explained[0].Name != "anna" {
		t.Fatalf("%+v", explained)
	}
	var got []string
	for _, x := range explained[0].Attrs {
		got = append(got, fmt.Sprintf("%s %s %s→%s %s%s", x.Attribute, x.Fate, strings.Join(x.Have, ","), strings.Join(x.Result, ","), strings.Join(x.Templates, ","), x.Unmanaged))
	}
	wanted := []string{
		"drift drift x→x ", "kept kept x→x ", "new written 0→2 {{.Person.Name}}", "once create x→x ", "other unmanaged x→x left to others", "same same 1→1 ",
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	part := in.Focus(p, `people."bo"`)
	if len(part.Operations) != 1 || part.Operations[0].Name != "bo" || len(part.Drift) != 0 || len(p.Operations) != 2 || len(p.Drift) != 1 {
		t.Errorf("of bo: %+v %+v", part.Operations, part.Drift)
	}
}
