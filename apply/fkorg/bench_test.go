package fkorg

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// benchSize is the municipality that the benchmarks are about. .ci/bench-fk sets it to 5,000 units and 50,000 people with 50 ms a
// call; without it a small one shows that they work.
type benchSize struct {
	units, people int
	latency       time.Duration
	workers       int
}

func sizeFrom(b testing.TB) benchSize {
	b.Helper()
	number := func(name string, otherwise int) int {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		return n
	}
	return benchSize{
		units: number("ORGIT_BENCH_UNITS", 50), people: number("ORGIT_BENCH_PEOPLE", 500),
		latency: time.Duration(number("ORGIT_BENCH_LATENCY_MS", 10)) * time.Millisecond, workers: number("ORGIT_BENCH_WORKERS", 4),
	}
}

// benchClock goes on from noon: tokens and timestamps are made as they are in earnest.
func benchClock(begun time.Time) func() time.Time {
	return func() time.Time { return noon(dagen).Add(time.Since(begun)) }
}

// bench is a secured stand-in with a client of it, on a day.
type bench struct {
	size   benchSize
	day    org.Day
	srv    *simulator
	config Config
}

// newBench starts a stand-in and, where it is to be filled, puts the synthetic municipality into it.
func newBench(b *testing.B, filled bool) *bench {
	b.Helper()
	begun := time.Now() // the two clocks may differ by what a start takes
	e := &bench{size: sizeFrom(b), day: dagen, srv: startSimulator(b, filled)}
	told := e.srv.told
	settings := &org.Settings{CVR: korsbaekCVR, Targets: org.Targets{FKOrganisation: &org.FKSettings{
		Organisation: testOrg, EntityID: fkorgtest.EntityID, Workers: e.size.workers,
		STS: org.FKTokenService{Issuer: told.Issuer, LifetimeMinutes: 120, RenewBeforeMinutes: 5},
	}}}
	var err error
	if e.config, err = ConfigFrom(settings, func(name string) string { return told.Environment[name] }, benchClock(begun)); err != nil {
		b.Fatal(err)
	}
	return e
}

func (e *bench) calls(b *testing.B) int { return e.srv.counts(b).Calls }

// report gives the number of calls, and the time beside the floor: what the calls would take if nothing but their latency
// did, with as many under way as may be.
func (e *bench) report(b *testing.B, calls int, took time.Duration) {
	floor := time.Duration(calls) * e.size.latency / time.Duration(e.size.workers)
	b.ReportMetric(float64(calls), "calls")
	b.ReportMetric(floor.Seconds(), "floor-s")
	b.ReportMetric(took.Seconds()/floor.Seconds(), "of-floor")
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took.Seconds(), "s")
}

// asksFor is what is asked for; before is what was applied the day before, nil for the first load.
func (e *bench) asksFor(b *testing.B, o, before *org.Organisation) plan.TargetInput {
	in := plan.TargetInput{Mode: org.ModeFull}
	var err error
	if in.Desired, err = Desired(o, e.day); err != nil {
		b.Error(err)
	}
	if before == nil {
		return in
	}
	was, err := Desired(before, e.day.Add(-1))
	if err != nil {
		b.Error(err)
	}
	in.Base, in.Applied = &was, &was
	return in
}

// compare compares what is asked for with what is there.
func (e *bench) compare(b *testing.B, o, before *org.Organisation, in plan.TargetInput) *plan.Plan {
	b.Helper()
	p, err := plan.Compute(plan.Input{Day: e.day, Org: o, Approved: before, Targets: []plan.TargetInput{in}, Provenance: plan.Provenance{Commit: "c"}})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// plan reads what is there and compares it with what is asked for.
func (e *bench) plan(b *testing.B, o, before *org.Organisation) (*Reader, *plan.Plan) {
	b.Helper()
	in := e.asksFor(b, o, before)
	r := NewReader(Open(e.config), o, in.Desired.Known)
	in.Actual = e.read(b, r)
	return r, e.compare(b, o, before, in)
}

// run carries a plan out and demands that all of it is done.
func (e *bench) run(b *testing.B, reader *Reader, p *plan.Plan) {
	b.Helper()
	pass, err := apply.Gate(p, apply.Facts{Approved: "c", Today: e.day})
	if err != nil {
		b.Fatal(err)
	}
	w, err := NewWriter(pass, reader, tilfaeldigUUID)
	if err != nil {
		b.Fatal(err)
	}
	report, err := apply.Run(context.Background(), pass, map[string]apply.Writer{Target: w}, apply.Observers{})
	if err != nil {
		b.Fatal(err)
	}
	if done := report.Count(apply.Done); done != len(p.Operations) {
		b.Fatalf("%d of %d operations done", done, len(p.Operations))
	}
}

func (e *bench) read(b *testing.B, r *Reader) plan.Actual {
	b.Helper()
	actual, err := r.Actual(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return actual
}

// BenchmarkFullRead reads the whole municipality. What is asked for is computed before: it is no part of the read.
func BenchmarkFullRead(b *testing.B) {
	e := newBench(b, true)
	o := synthetic(b, e.size.units, e.size.people, 1)
	for b.Loop() {
		r := NewReader(Open(e.config), o, e.asksFor(b, o, nil).Desired.Known)
		before, begun := e.calls(b), time.Now()
		if _, err := r.Actual(context.Background()); err != nil {
			b.Fatal(err)
		}
		e.report(b, e.calls(b)-before, time.Since(begun))
	}
}

// BenchmarkNoChange is a night on which nothing has changed: read, plan, and no call that writes. What is asked for, and was
// the day before, is worked out while the service is read, as in a plan.
func BenchmarkNoChange(b *testing.B) {
	e := newBench(b, true)
	o := synthetic(b, e.size.units, e.size.people, 1)
	for b.Loop() {
		before, begun := e.calls(b), time.Now()
		asked := make(chan plan.TargetInput, 1)
		go func() { asked <- e.asksFor(b, o, o) }()
		var in plan.TargetInput
		r := NewReader(Open(e.config), o).Awaiting(func(context.Context) ([]map[plan.ID]bool, error) {
			in = <-asked
			return []map[plan.ID]bool{in.Desired.Known, in.Applied.Known}, nil
		})
		in.Actual = e.read(b, r)
		p := e.compare(b, o, o, in)
		if n := len(p.Operations) + len(p.Drift) + e.srv.counts(b).Writes; n > 0 {
			b.Fatalf("%d operations, differences and writes where nothing has changed", n)
		}
		e.report(b, e.calls(b)-before, time.Since(begun))
	}
}

// BenchmarkHundredChanges carries out a hundred changes of people and units: names, phones, places and ends.
func BenchmarkHundredChanges(b *testing.B) {
	e := newBench(b, true)
	o := synthetic(b, e.size.units, e.size.people, 1)
	for b.Loop() {
		after := changed(b, e.size, 1)
		r, p := e.plan(b, after, o)
		before, begun := e.calls(b), time.Now()
		e.run(b, r, p)
		e.report(b, e.calls(b)-before, time.Since(begun))
		b.ReportMetric(float64(len(p.Operations)), "operations")
	}
}

// changed is the synthetic municipality with a hundred changes.
func changed(b *testing.B, size benchSize, seed uint64) *org.Organisation {
	o := synthetic(b, size.units, size.people, seed)
	for i := range 100 {
		p := o.People[i*len(o.People)/100]
		switch i % 4 {
		case 0:
			p.Name.Surname = "Holm"
		case 1:
			p.Addresses["phone"] = fmt.Sprintf("+4530%06d", i)
		case 2:
			p.Engagements[0].Unit = unitName(i % size.units)
		case 3:
			p.Engagements[0].To = dagen.Add(40)
		}
	}
	return o
}

// BenchmarkFirstLoad brings the whole municipality in.
func BenchmarkFirstLoad(b *testing.B) {
	e := newBench(b, false)
	o := synthetic(b, e.size.units, e.size.people, 1)
	for b.Loop() {
		r, p := e.plan(b, o, nil)
		before, begun := e.calls(b), time.Now()
		e.run(b, r, p)
		e.report(b, e.calls(b)-before, time.Since(begun))
		b.ReportMetric(float64(len(p.Operations)), "operations")
	}
}
