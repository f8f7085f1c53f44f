package apply_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

var anna = plan.ID{Kind: "user", UUID: "u-anna"}

// said makes the change of an attribute that a proposal asks for, from a day on.
func said(name, value string, day org.Day) plan.AttrChange {
	a := plan.AttrChange{Name: name, Origin: plan.FromChange, Why: []org.Fact{{Path: "people.anna", Day: day}}}
	if value != "" {
		a.New = []string{value}
	} else {
		a.Loss = plan.LossClear
	}
	return a
}

func annaOp(action plan.Action, attrs ...plan.AttrChange) plan.Operation {
	op := plan.Operation{
		ID: "ad/user/u-anna", Target: "ad", Object: anna, Name: "Anna", Action: action, Attrs: attrs,
		Origin: plan.FromChange, Effect: "2026-12-01",
	}
	for _, a := range attrs {
		if a.Loss != plan.LossNone {
			op.Loss = append(op.Loss, a.Loss)
		}
	}
	if action == plan.ActionRetire {
		op.Loss = append(op.Loss, plan.LossDisable)
	}
	return op
}

func planOf(ops ...plan.Operation) *plan.Plan {
	return &plan.Plan{Day: "2026-12-01", Provenance: plan.Provenance{Commit: "new", Base: "old"}, Operations: ops}
}

func TestWithin(t *testing.T) {
	title := said("title", "Leder", "2026-12-01")
	with := func(op plan.Operation, change func(*plan.Operation)) plan.Operation {
		change(&op)
		return op
	}
	adopt := func(handle string) plan.Operation {
		return with(annaOp(plan.ActionAdopt, title), func(op *plan.Operation) { op.Handle = handle })
	}
	pending := func(op plan.Operation) plan.Operation {
		op.Origin = plan.FromPending
		op.Attrs = []plan.AttrChange{{Name: "mail", New: []string{"a@b"}, Origin: plan.FromPending}}
		return op
	}
	foreseen := &plan.Plan{Day: "2026-11-20", Coming: []plan.Coming{
		{Day: "2026-12-01", Target: "ad", Object: anna, Action: plan.ActionRetire, Origin: plan.FromChange},
	}}
	tests := []struct {
		name     string
		approved []*plan.Plan
		fresh    *plan.Plan
		want     []apply.SurplusReason
	}{
		{"the same", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))}, planOf(annaOp(plan.ActionUpdate, title)), nil},
		{"fewer operations", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))}, planOf(), nil},
		{"fewer attributes", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title, said("phone", "1", "")))},
			planOf(annaOp(plan.ActionUpdate, title)), nil},
		{"split in two passes", []*plan.Plan{planOf(annaOp(plan.ActionCreate, title, said("manager", "x", "")))},
			planOf(annaOp(plan.ActionCreate, title), with(annaOp(plan.ActionUpdate, said("manager", "x", "")), func(op *plan.Operation) { op.ID += "/link" })), nil},
		{"in either of two plans", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title)), planOf(annaOp(plan.ActionUpdate, said("phone", "1", "")))},
			planOf(annaOp(plan.ActionUpdate, title, said("phone", "1", ""))), nil},
		{"caught up", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))}, planOf(pending(annaOp(plan.ActionUpdate))), nil},
		{"caught up beside the change", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionUpdate, title, plan.AttrChange{Name: "mail", New: []string{"a@b"}, Origin: plan.FromPending})), nil},
		{"a night without merges", nil, planOf(pending(annaOp(plan.ActionUpdate))), nil},
		{"repair", []*plan.Plan{planOf()}, planOf(with(annaOp(plan.ActionUpdate), func(op *plan.Operation) { op.Origin = plan.FromDrift })), nil},
		{"made meanwhile", []*plan.Plan{planOf(annaOp(plan.ActionCreate, title))}, planOf(annaOp(plan.ActionUpdate, title)), nil},
		{"later", []*plan.Plan{planOf(annaOp(plan.ActionRetire))},
			planOf(with(annaOp(plan.ActionRetire), func(op *plan.Operation) { op.Effect = "2026-12-15" })), nil},
		{"its day has come", []*plan.Plan{foreseen}, planOf(annaOp(plan.ActionRetire, said("enabled", "false", ""))), nil},

		{"another operation", []*plan.Plan{planOf()}, planOf(annaOp(plan.ActionUpdate, title)), []apply.SurplusReason{apply.MoreOperation}},
		{"an operation of tonight that nobody approved", nil, planOf(annaOp(plan.ActionUpdate, title)), []apply.SurplusReason{apply.MoreOperation}},
		{"another attribute", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionUpdate, title, said("phone", "1", ""))), []apply.SurplusReason{apply.MoreAttribute}},
		{"another value", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionUpdate, said("title", "Chef", "2026-12-01"))), []apply.SurplusReason{apply.MoreValue}},
		{"a cleared value", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionUpdate, said("title", "", "2026-12-01"))), []apply.SurplusReason{apply.MoreLoss, apply.MoreValue}},
		{"the value from an earlier day", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionUpdate, said("title", "Leder", "2026-11-01"))), []apply.SurplusReason{apply.MoreEarlier}},
		{"closed from an earlier day", []*plan.Plan{planOf(annaOp(plan.ActionRetire))},
			planOf(with(annaOp(plan.ActionRetire), func(op *plan.Operation) { op.Effect = "2026-11-01" })), []apply.SurplusReason{apply.MoreEarlier}},
		{"closed instead of changed", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(annaOp(plan.ActionRetire, title)), []apply.SurplusReason{apply.MoreAction}},
		{"deleted instead of closed", []*plan.Plan{planOf(annaOp(plan.ActionRetire))}, planOf(annaOp(plan.ActionDelete)), []apply.SurplusReason{apply.MoreAction}},
		{"taken over instead of made", []*plan.Plan{planOf(annaOp(plan.ActionCreate, title))}, planOf(adopt("h1")), []apply.SurplusReason{apply.MoreAction}},
		{"another one taken over", []*plan.Plan{planOf(adopt("h1"))}, planOf(adopt("h2")), []apply.SurplusReason{apply.MoreHandle}},
		{"its day has not come", []*plan.Plan{{Coming: []plan.Coming{{Day: "2026-12-02", Target: "ad", Object: anna, Action: plan.ActionRetire}}}},
			planOf(annaOp(plan.ActionRetire)), []apply.SurplusReason{apply.MoreOperation}},
		{"foreseen was the end, and it is something else", []*plan.Plan{foreseen}, planOf(annaOp(plan.ActionUpdate, title)),
			[]apply.SurplusReason{apply.MoreAttribute}},
		{"in another system", []*plan.Plan{planOf(annaOp(plan.ActionUpdate, title))},
			planOf(with(annaOp(plan.ActionUpdate, title), func(op *plan.Operation) { op.Target = "ad:skole" })), []apply.SurplusReason{apply.MoreOperation}},
	}
	within := map[string]func(fresh *plan.Plan, approved ...*plan.Plan) error{
		"the plans": apply.Within,
		"outlines of them": func(fresh *plan.Plan, approved ...*plan.Plan) error {
			return apply.WithinOutlines(fresh, outlines(t, approved, apply.OutlineAll)...)
		},
		"outlines of what they bring": func(fresh *plan.Plan, approved ...*plan.Plan) error {
			return apply.WithinOutlines(fresh, outlines(t, approved, func(p *plan.Plan, salt string) apply.Outline {
				return apply.OutlineChanges(p, salt, nothing)
			})...)
		},
	}
	for _, tt := range tests {
		for held, against := range within {
			t.Run(tt.name+"/"+held, func(t *testing.T) { saysSurplus(t, against(tt.fresh, tt.approved...), tt.want) })
		}
	}
}

// nothing is a proposal that gives no attribute of a waiting operation another value.
func nothing(string, plan.ID, string) bool { return false }

// outlines are those of plans, after they were written and read.
func outlines(t *testing.T, plans []*plan.Plan, of func(p *plan.Plan, salt string) apply.Outline) []apply.Outline {
	t.Helper()
	var list []apply.Outline
	for i, p := range plans {
		data, err := apply.Record{Kind: apply.RecordMerge, Merge: &apply.MergeRecord{Outline: of(p, fmt.Sprint("salt ", i))}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		r, err := apply.ParseRecord(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range []string{"Anna", "Leder", "Chef"} {
			if strings.Contains(string(data), value) {
				t.Errorf("the record holds %s: %s", value, data)
			}
		}
		list = append(list, r.Merge.Outline)
	}
	return list
}

// saysSurplus holds what Within gave against the reasons that it should give.
func saysSurplus(t *testing.T, err error, want []apply.SurplusReason) {
	t.Helper()
	var more *apply.MoreError
	var got []apply.SurplusReason
	if errors.As(err, &more) {
		for _, s := range more.Surplus {
			got = append(got, s.Reason)
		}
		if !errors.Is(err, apply.ErrMore) || !strings.Contains(err.Error(), "Anna") {
			t.Errorf("the error does not say what it is: %v", err)
		}
	} else if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s\n%v", diff, err)
	}
}

// TestOutlineOfWhatWaits: who approves a proposal has approved what it brings, and of what waits only what it changes.
func TestOutlineOfWhatWaits(t *testing.T) {
	title := said("title", "Leder", "")
	mail := plan.AttrChange{Name: "mail", New: []string{"a@b"}, Origin: plan.FromPending}
	waits := annaOp(plan.ActionCreate, mail, plan.AttrChange{Name: "title", New: []string{"Leder"}, Origin: plan.FromPending})
	waits.Origin = plan.FromPending
	change := func(attrs ...plan.AttrChange) *plan.Plan { return planOf(annaOp(plan.ActionCreate, attrs...)) }
	asChange := mail
	asChange.Origin = plan.FromChange
	titled := func(_ string, id plan.ID, attribute string) bool { return id == anna && attribute == "title" }
	first := apply.OutlineChanges(change(said("title", "Chef", ""), asChange), "1", nothing)
	tests := map[string]struct {
		fresh    *plan.Plan
		approved []apply.Outline
		want     []apply.SurplusReason
	}{
		"nothing of it":         {change(asChange), []apply.Outline{apply.OutlineChanges(planOf(waits), "2", nothing)}, []apply.SurplusReason{apply.MoreOperation}},
		"an attribute of it":    {change(title), []apply.Outline{apply.OutlineChanges(planOf(waits), "2", titled)}, []apply.SurplusReason{apply.MoreAction}},
		"beside the first":      {change(title, asChange), []apply.Outline{first, apply.OutlineChanges(planOf(waits), "2", titled)}, nil},
		"the first alone":       {change(title, asChange), []apply.Outline{first}, []apply.SurplusReason{apply.MoreValue}},
		"all of it":             {change(title, asChange), []apply.Outline{apply.OutlineAll(planOf(waits), "2")}, nil},
		"another salt, altered": {change(title, asChange), []apply.Outline{salted(first)}, []apply.SurplusReason{apply.MoreValue, apply.MoreValue}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { saysSurplus(t, apply.WithinOutlines(tt.fresh, tt.approved...), tt.want) })
	}
}

// salted is an outline with another salt: then it knows no value.
func salted(o apply.Outline) apply.Outline {
	o.Salt = "another"
	return o
}

// TestWithinNeedsABase: in a plan that was compared with its own commit everything waits, and nothing would be more.
func TestWithinNeedsABase(t *testing.T) {
	for _, base := range []string{"", "new"} {
		fresh := planOf(annaOp(plan.ActionUpdate, said("title", "Leder", "")))
		fresh.Provenance.Base = base
		if err := apply.Within(fresh, planOf()); !errors.Is(err, apply.ErrNoBase) {
			t.Errorf("base %q: %v", base, err)
		}
	}
}
