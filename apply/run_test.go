package apply_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// memory is a target that keeps objects in memory.
type memory struct {
	objects map[plan.ID]*plan.Found
	fail    map[string]error // by name of object
	before  func(op plan.Operation)
}

func newMemory(objects ...plan.Found) *memory {
	m := &memory{objects: map[plan.ID]*plan.Found{}, fail: map[string]error{}}
	for _, o := range objects {
		o.Attrs = maps.Clone(o.Attrs)
		m.objects[o.ID] = &o
	}
	return m
}

// Workers is one: the tests expect the plan's order.
func (m *memory) Workers() int { return 1 }

// Reread returns a copy of the object.
func (m *memory) Reread(_ context.Context, op plan.Operation) (*plan.Found, error) {
	o, ok := m.objects[op.Object]
	if !ok {
		return nil, nil
	}
	c := *o
	c.Attrs = maps.Clone(o.Attrs)
	return &c, nil
}

// Write sets the attributes one by one, so that a test can cut it between two of them.
func (m *memory) Write(ctx context.Context, op plan.Operation, now *plan.Found) error {
	if m.before != nil {
		m.before(op)
	}
	if err := m.fail[op.Name]; err != nil {
		return err
	}
	if op.Action == plan.ActionDelete {
		delete(m.objects, op.Object)
		return nil
	}
	if now == nil {
		m.objects[op.Object] = &plan.Found{ID: op.Object, Name: op.Name, Attrs: map[string][]string{}}
	}
	o := m.objects[op.Object]
	for _, a := range op.Attrs {
		if err := ctx.Err(); err != nil {
			return err
		}
		o.Attrs[a.Name] = a.New
		if len(a.New) == 0 {
			delete(o.Attrs, a.Name)
		}
		if m.fail[op.Name+"."+a.Name] != nil {
			return m.fail[op.Name+"."+a.Name]
		}
	}
	o.Out = op.Action == plan.ActionRetire
	return nil
}

func (m *memory) lines() []string {
	var out []string
	for _, id := range []string{"a", "b", "c"} {
		if o := m.objects[plan.ID{Kind: "user", UUID: org.UUID(id)}]; o != nil {
			out = append(out, fmt.Sprint(id, " ", o.Attrs, " ", o.Out))
		}
	}
	return out
}

func object(name string, pairs ...string) plan.Found {
	f := plan.Found{ID: plan.ID{Kind: "user", UUID: org.UUID(name)}, Name: name, Attrs: map[string][]string{}}
	for i := 0; i < len(pairs); i += 2 {
		f.Attrs[pairs[i]] = []string{pairs[i+1]}
	}
	return f
}

// operation changes attributes of the object as it was read; triples of name, old, new.
func operation(action plan.Action, was plan.Found, triples ...string) plan.Operation {
	op := plan.Operation{ID: "ad/user/" + string(was.UUID), Target: "ad", Object: was.ID, Name: was.Name, Action: action}
	if action != plan.ActionCreate {
		op.Digest = was.Digest()
	}
	for i := 0; i < len(triples); i += 3 {
		c := plan.AttrChange{Name: triples[i]}
		if triples[i+1] != "" {
			c.Old = []string{triples[i+1]}
		}
		if triples[i+2] != "" {
			c.New = []string{triples[i+2]}
		}
		op.Attrs = append(op.Attrs, c)
	}
	return op
}

func needing(op plan.Operation, needs ...string) plan.Operation { op.Needs = needs; return op }

// passed lets a plan of the operations through the gate.
func passed(t *testing.T, ops []plan.Operation) apply.Pass {
	t.Helper()
	p := &plan.Plan{Day: "2026-12-01", Provenance: plan.Provenance{Commit: "aaaa", Base: "aaaa"}, Operations: ops}
	pass, err := apply.Gate(p, apply.Facts{Approved: "aaaa", Today: "2026-12-01"})
	if err != nil {
		t.Fatal(err)
	}
	return pass
}

func outcomes(r *apply.Report) []string {
	var out []string
	for _, res := range r.Results {
		line := res.Operation.Name + " " + string(res.Outcome)
		if res.Reason != "" {
			line += ": " + res.Reason
		}
		out = append(out, line)
	}
	return out
}

func TestRun(t *testing.T) {
	link := operation(plan.ActionUpdate, object("a"), "manager", "", "b")
	link.ID, link.Digest, link.Needs = "ad/user/a/link", "", []string{"ad/user/a"}
	tests := map[string]struct {
		target *memory
		ops    []plan.Operation
		want   []string
		end    []string
	}{
		"creates, changes, closes and deletes": {
			newMemory(object("b", "title", "Vikar"), object("c")),
			[]plan.Operation{
				operation(plan.ActionCreate, object("a"), "title", "", "Lærer"),
				operation(plan.ActionRetire, object("b", "title", "Vikar"), "title", "Vikar", ""),
				operation(plan.ActionDelete, object("c")),
			},
			[]string{"a done", "b done", "c done"},
			[]string{"a map[title:[Lærer]] false", "b map[] true"},
		},
		"what was done before is not done again": {
			newMemory(object("a", "title", "Lærer"), object("b", "title", "Lærer")),
			[]plan.Operation{
				operation(plan.ActionCreate, object("a"), "title", "", "Lærer"),
				operation(plan.ActionUpdate, object("b", "title", "Vikar"), "title", "Vikar", "Lærer"),
				operation(plan.ActionDelete, object("c")),
			},
			[]string{"a already", "b already", "c already"},
			[]string{"a map[title:[Lærer]] false", "b map[title:[Lærer]] false"},
		},
		"an object that has moved is refused": {
			newMemory(object("a", "title", "Rektor"), object("b", "title", "Vikar", "phone", "+9")),
			[]plan.Operation{
				operation(plan.ActionUpdate, object("a", "title", "Vikar"), "title", "Vikar", "Lærer"),
				operation(plan.ActionUpdate, object("b", "title", "Vikar", "phone", "+1"), "title", "Vikar", "Lærer"),
				operation(plan.ActionUpdate, object("c", "title", "Vikar"), "title", "Vikar", "Lærer"),
			},
			[]string{
				`a stale: title is "Rektor", the plan read "Vikar"`,
				"b stale: another attribute of it has changed since the plan was made",
				"c stale: it is no longer there",
			},
			[]string{"a map[title:[Rektor]] false", "b map[phone:[+9] title:[Vikar]] false"},
		},
		"an object that has changed is not deleted": {
			newMemory(object("a", "title", "Rektor")),
			[]plan.Operation{operation(plan.ActionDelete, object("a", "title", "Vikar"))},
			[]string{"a stale: it has changed since the plan was made"},
			[]string{"a map[title:[Rektor]] false"},
		},
		"an object of ours with other values is not taken over by a creation": {
			newMemory(object("a", "title", "Rektor")),
			[]plan.Operation{operation(plan.ActionCreate, object("a"), "title", "", "Lærer")},
			[]string{`a stale: title is "Rektor", the plan read not set`},
			[]string{"a map[title:[Rektor]] false"},
		},
		"half of an operation is finished": {
			newMemory(object("a", "title", "Lærer"), object("b", "title", "Lærer", "phone", "+1")),
			[]plan.Operation{
				operation(plan.ActionCreate, object("a"), "phone", "", "+2", "title", "", "Lærer"),
				operation(plan.ActionUpdate, object("b", "title", "Vikar", "phone", "+1"), "phone", "+1", "+2", "title", "Vikar", "Lærer"),
			},
			[]string{"a done", "b done"},
			[]string{"a map[phone:[+2] title:[Lærer]] false", "b map[phone:[+2] title:[Lærer]] false"},
		},
		"a second pass on an object that this run made": {
			newMemory(),
			[]plan.Operation{operation(plan.ActionCreate, object("a"), "title", "", "Lærer"), link},
			[]string{"a done", "a done"},
			[]string{"a map[manager:[b] title:[Lærer]] false"},
		},
		"a failure holds back what depends on it, and nothing else": {
			&memory{objects: map[plan.ID]*plan.Found{}, fail: map[string]error{"a": errors.New("no")}},
			[]plan.Operation{
				operation(plan.ActionCreate, object("a"), "title", "", "x"),
				needing(operation(plan.ActionCreate, object("b"), "title", "", "x"), "ad/user/a"),
				operation(plan.ActionCreate, object("c"), "title", "", "x"),
			},
			[]string{"a failed", "b skipped: ad/user/a", "c done"},
			[]string{"c map[title:[x]] false"},
		},
		"a target that does not answer is left alone": {
			&memory{objects: map[plan.ID]*plan.Found{}, fail: map[string]error{"a": fmt.Errorf("ad: %w", apply.ErrUnreachable)}},
			[]plan.Operation{
				operation(plan.ActionCreate, object("a"), "title", "", "x"),
				operation(plan.ActionCreate, object("c"), "title", "", "x"),
			},
			[]string{"a failed", "c not-reached"}, nil,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report, err := apply.Run(t.Context(), passed(t, test.ops), map[string]apply.Writer{"ad": test.target}, apply.Observers{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, outcomes(report)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.end, test.target.lines()); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRunCutAnywhere cuts a run before and in the middle of every operation and runs the
// plan again: the end is that of one whole run.
func TestRunCutAnywhere(t *testing.T) {
	was := object("b", "title", "Vikar", "phone", "+1")
	ops := func() []plan.Operation {
		return []plan.Operation{
			operation(plan.ActionCreate, object("a"), "phone", "", "+2", "title", "", "Lærer"),
			operation(plan.ActionUpdate, was, "phone", "+1", "+3", "title", "Vikar", "Lærer"),
			operation(plan.ActionRetire, object("c", "enabled", "yes"), "enabled", "yes", "no"),
		}
	}
	whole := newMemory(was, object("c", "enabled", "yes"))
	run(t, t.Context(), whole, ops())
	for _, cut := range []string{"a", "a.phone", "a.title", "b", "b.phone", "b.title", "c", "c.enabled"} {
		t.Run(cut, func(t *testing.T) {
			target := newMemory(object("b", "title", "Vikar", "phone", "+1"), object("c", "enabled", "yes"))
			target.fail[cut] = apply.ErrUnreachable
			run(t, t.Context(), target, ops())
			delete(target.fail, cut)
			report := run(t, t.Context(), target, ops())
			if len(report.Open("ad")) > 0 {
				t.Errorf("the second run is not complete: %v", outcomes(report))
			}
			if diff := cmp.Diff(whole.lines(), target.lines()); diff != "" {
				t.Errorf("after a cut and a second run (-whole +got):\n%s", diff)
			}
		})
	}
}

func run(t *testing.T, ctx context.Context, target *memory, ops []plan.Operation) *apply.Report {
	t.Helper()
	report, err := apply.Run(ctx, passed(t, ops), map[string]apply.Writer{"ad": target}, apply.Observers{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestRunTargetsSideBySide runs two targets whose operations wait for each other's.
func TestRunTargetsSideBySide(t *testing.T) {
	fk := func(op plan.Operation) plan.Operation {
		op.Target, op.ID = "fk", "fk/user/"+string(op.Object.UUID)
		return op
	}
	create := func(name string) plan.Operation {
		return operation(plan.ActionCreate, object(name), "title", "", "x")
	}
	directory, register := newMemory(), newMemory()
	register.fail["b"] = errors.New("no")
	report, err := apply.Run(t.Context(), passed(t, []plan.Operation{
		create("a"), fk(needing(create("a"), "ad/user/a")), fk(create("b")),
		needing(create("b"), "fk/user/a"), needing(create("c"), "fk/user/b"),
	}), map[string]apply.Writer{"ad": directory, "fk": register}, apply.Observers{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a done", "a done", "b failed", "b done", "c skipped: fk/user/b"}
	if diff := cmp.Diff(want, outcomes(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	open := map[string][]plan.ID{"ad": report.Open("ad"), "fk": report.Open("fk")}
	if diff := cmp.Diff(map[string][]plan.ID{"ad": {object("c").ID}, "fk": {object("b").ID}}, open); diff != "" {
		t.Errorf("open objects (-want +got):\n%s", diff)
	}
}

func TestRunStopsWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	target := newMemory()
	target.before = func(op plan.Operation) {
		if op.Name == "b" {
			cancel()
		}
	}
	report := run(t, ctx, target, []plan.Operation{
		operation(plan.ActionCreate, object("a"), "title", "", "x"),
		operation(plan.ActionCreate, object("b"), "title", "", "x"),
		operation(plan.ActionCreate, object("c"), "title", "", "x"),
	})
	if diff := cmp.Diff([]string{"a done", "b done", "c not-reached"}, outcomes(report)); diff != "" || !report.Interrupted {
		t.Errorf("interrupted %v, outcomes (-want +got):\n%s", report.Interrupted, diff)
	}
}

func TestRunRefusesATargetWithoutConnection(t *testing.T) {
	pass := passed(t, []plan.Operation{operation(plan.ActionCreate, object("a"))})
	if _, err := apply.Run(t.Context(), pass, nil, apply.Observers{}); err == nil {
		t.Error("a plan for a target without a connection was run")
	}
}

func TestGate(t *testing.T) {
	good := func() *plan.Plan {
		return &plan.Plan{Day: "2026-12-01", Provenance: plan.Provenance{Commit: "aaaa", Base: "aaaa"}}
	}
	tests := map[string]struct {
		change func(*plan.Plan)
		want   error
	}{
		"approved":             {func(*plan.Plan) {}, nil},
		"of yesterday":         {func(p *plan.Plan) { p.Day = "2026-11-30" }, nil},
		"of a day before that": {func(p *plan.Plan) { p.Day = "2026-11-29" }, apply.ErrPlanStale},
		"of tomorrow":          {func(p *plan.Plan) { p.Day = "2026-12-02" }, apply.ErrNotApproved},
		"refused":              {func(p *plan.Plan) { p.Refusals = []plan.Refusal{{Code: plan.RefusedLimit}} }, apply.ErrRefused},
		"of uncommitted files": {func(p *plan.Plan) { p.Provenance.Uncommitted = true }, apply.ErrNotApproved},
		"of no commit":         {func(p *plan.Plan) { p.Provenance.Commit = "" }, apply.ErrNotApproved},
		"of a proposal":        {func(p *plan.Plan) { p.Provenance.Commit = "bbbb" }, apply.ErrNotApproved},
		"of a snapshot":        {func(p *plan.Plan) { p.Provenance.Snapshot = &plan.SnapshotSource{} }, apply.ErrPlanStale},
		"of an older approval": {func(p *plan.Plan) { p.Provenance = plan.Provenance{Commit: "bbbb", Base: "bbbb"} }, apply.ErrPlanStale},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := good()
			test.change(p)
			pass, err := apply.Gate(p, apply.Facts{Approved: "aaaa", Today: "2026-12-01", Applied: "2026-11-30"})
			if !errors.Is(err, test.want) || (pass != nil) != (test.want == nil) {
				t.Errorf("pass %v, error %v, want %v", pass != nil, err, test.want)
			}
		})
	}
}

func TestGateSaysWhenAClockIsWrong(t *testing.T) {
	p := &plan.Plan{Day: "2026-12-01", Provenance: plan.Provenance{Commit: "aaaa", Base: "aaaa"}}
	pass, err := apply.Gate(p, apply.Facts{Approved: "aaaa", Today: "2026-12-01", Applied: "2036-12-01"})
	if pass != nil || !errors.Is(err, apply.ErrPlanStale) || !strings.Contains(err.Error(), "clock") {
		t.Errorf("pass %v, error %v; want a stale plan and a word about clocks", pass != nil, err)
	}
}

func TestJournalNotesEveryOperation(t *testing.T) {
	var out bytes.Buffer
	p := &plan.Plan{Digest: "d1", Operations: []plan.Operation{operation(plan.ActionCreate, object("a"), "phone", "", "+4512345678")}}
	journal := apply.NewJournal(&out, p, func() time.Time { return time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC) })
	if _, err := apply.Run(t.Context(), passed(t, p.Operations), map[string]apply.Writer{"ad": newMemory()}, journal); err != nil {
		t.Fatal(err)
	}
	want := `{"time":"2026-12-01T06:00:00Z","plan":"d1","operation":"ad/user/a","action":"create"}
{"time":"2026-12-01T06:00:00Z","plan":"d1","operation":"ad/user/a","action":"create","outcome":"done"}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
	if strings.Contains(out.String(), "+45") {
		t.Error("the journal holds a value")
	}
}

func TestLockIsHeldByOne(t *testing.T) {
	dir := t.TempDir()
	release, err := apply.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := apply.Lock(dir); !errors.Is(err, apply.ErrLocked) {
		t.Errorf("a second lock: %v, want ErrLocked", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := apply.Lock(dir)
	if err != nil {
		t.Fatalf("the lock after its release: %v", err)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
}
