// Package apply makes an approved plan real. Each operation is checked against the
// target just before it is written: an object that somebody changed since the plan was
// made is refused, not overwritten. What fails holds back only what depends on it, and
// running the same plan, or a fresh one, again finishes the rest.
//
// The targets are below: apply/ad and apply/fkorg. Each reads (Desired, Actual) for the
// plan and writes (Reread, Write) for this package.
package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"orgit.dk/orgit/plan"
)

// Outcome is what became of an operation.
type Outcome string

// The outcomes.
const (
	Done       Outcome = "done"
	Already    Outcome = "already"     // it was so before: an earlier run was cut after writing it
	Failed     Outcome = "failed"      // the target refused or did not answer
	Stale      Outcome = "stale"       // the object has changed since the plan was made
	Skipped    Outcome = "skipped"     // something it depends on did not succeed
	NotReached Outcome = "not-reached" // the run stopped before it
)

// Result is the outcome of one operation.
type Result struct {
	Operation *plan.Operation
	Outcome   Outcome
	Err       error  // for Failed and NotReached
	Reason    string // for Stale and Skipped: what stands in the way
}

// Good reports whether the target now is as the operation wants it.
func (r Result) Good() bool { return r.Outcome == Done || r.Outcome == Already }

// Report is what a run did, in the order of the plan.
type Report struct {
	Results     []Result
	Interrupted bool
}

// Count returns how many operations had one of the outcomes.
func (r *Report) Count(outcomes ...Outcome) int {
	n := 0
	for _, res := range r.Results {
		if slices.Contains(outcomes, res.Outcome) {
			n++
		}
	}
	return n
}

// Wrote reports whether any operation of the target succeeded.
func (r *Report) Wrote(target string) bool {
	return slices.ContainsFunc(r.Results, func(res Result) bool {
		return res.Operation.Target == target && res.Good()
	})
}

// Open are the objects of the target with an operation that did not succeed, in order,
// each once.
func (r *Report) Open(target string) []plan.ID {
	var open []plan.ID
	for _, res := range r.Results {
		if res.Operation.Target == target && !res.Good() {
			open = append(open, res.Operation.Object)
		}
	}
	slices.SortFunc(open, plan.ID.Compare)
	return slices.Compact(open)
}

// Observer is told what happens, as it happens, one thing at a time.
type Observer interface {
	Begin(op *plan.Operation)
	// End is told how many of the plan's operations are through, this one included.
	End(r Result, through, of int)
}

// Run carries out the operations of a plan that has passed the gate. Those of one target
// are carried out in their order; targets go side by side, and an operation waits for
// those that it needs, in whatever target. Run returns an error only when the plan may
// not be carried out at all; what became of each operation is in the report. When ctx
// ends, the operation under way is finished, within the writer's own time limits, and the
// rest are not reached.
func Run(ctx context.Context, granted Pass, writers map[string]Writer, watch Observer) (*Report, error) {
	if granted == nil {
		return nil, fmt.Errorf("%w: it has not passed the gate", ErrNotApproved)
	}
	p := granted.passed()
	r := &run{
		results: make([]Result, len(p.Operations)), through: make([]chan struct{}, len(p.Operations)),
		byID: make(map[string]int, len(p.Operations)), watch: watch,
	}
	lanes := map[string][]int{}
	for i := range p.Operations {
		op := &p.Operations[i]
		if writers[op.Target] == nil {
			return nil, fmt.Errorf("apply the plan: no connection to the target %s", op.Target)
		}
		r.results[i].Operation, r.through[i], r.byID[op.ID] = op, make(chan struct{}), i
		lanes[op.Target] = append(lanes[op.Target], i)
	}
	var group sync.WaitGroup
	for target, operations := range lanes {
		group.Go(func() {
			l := &lane{run: r, writer: writers[target], wrote: map[plan.ID]bool{}}
			for _, i := range operations {
				l.carryOut(ctx, i)
			}
		})
	}
	group.Wait()
	return &Report{Results: r.results, Interrupted: ctx.Err() != nil}, nil
}

// run is what the lanes share. A result may be read when its channel is closed.
type run struct {
	results []Result
	through []chan struct{}
	byID    map[string]int // operation by its ID

	mutex    sync.Mutex // guards what follows
	watch    Observer
	finished int
}

func (r *run) begin(op *plan.Operation) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.watch.Begin(op)
}

func (r *run) end(i int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.finished++
	r.watch.End(r.results[i], r.finished, len(r.results))
	close(r.through[i])
}

// lane carries out the operations of one target, one after the other.
type lane struct {
	run     *run
	writer  Writer
	wrote   map[plan.ID]bool // objects that this run has written
	stopped error            // set when nothing more is sent to the target
}

func (l *lane) carryOut(ctx context.Context, i int) {
	res := &l.run.results[i]
	l.run.begin(res.Operation)
	defer l.run.end(i)
	if missing := l.missing(res.Operation); missing != "" {
		res.Outcome, res.Reason = Skipped, missing
	}
	if err := cmp.Or(ctx.Err(), l.stopped); err != nil {
		res.Outcome, res.Reason, res.Err = NotReached, "", err
	}
	if res.Outcome != "" {
		return
	}
	// An operation can be several requests; cut between them it would leave half an object.
	res.Outcome, res.Reason, res.Err = l.write(context.WithoutCancel(ctx), res.Operation)
	if errors.Is(res.Err, ErrUnreachable) || errors.Is(res.Err, ErrNotAuthorised) {
		l.stopped = res.Err
	}
}

// missing waits for the operations that are needed and names the first that did not
// succeed. It cannot wait for ever: what an operation needs stands before it in the plan.
func (l *lane) missing(op *plan.Operation) string {
	for _, need := range op.Needs {
		i, ok := l.run.byID[need]
		if !ok {
			return need
		}
		<-l.run.through[i]
		if !l.run.results[i].Good() {
			return need
		}
	}
	return ""
}

func (l *lane) write(ctx context.Context, op *plan.Operation) (Outcome, string, error) {
	now, err := l.writer.Reread(ctx, op.Object)
	if err != nil {
		return Failed, "", fmt.Errorf("read %s again: %w", op.Name, err)
	}
	if isDone(op, now) {
		return Already, "", nil
	}
	if reason := moved(op, now, l.wrote[op.Object]); reason != "" {
		return Stale, reason, nil
	}
	l.wrote[op.Object] = true
	switch err := l.writer.Write(ctx, *op, now); {
	case errors.Is(err, ErrStale):
		return Stale, err.Error(), nil
	case err != nil:
		return Failed, "", err
	}
	return Done, "", nil
}
