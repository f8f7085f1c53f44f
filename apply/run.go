// Package apply makes an approved plan real. Each operation is checked against the
// target just before it is written: an object that somebody changed since the plan was
// made is refused, not overwritten. What fails holds back only what depends on it, and
// running the same plan, or a fresh one, again finishes the rest.
//
// The targets are below: apply/ad and apply/fkorg. Each reads (Desired, Actual) for the
// plan and writes (Reread, Write) for this package.
package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

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

// Complete reports whether every operation of the target succeeded.
func (r *Report) Complete(target string) bool {
	return !slices.ContainsFunc(r.Results, func(res Result) bool {
		return res.Operation.Target == target && !res.Good()
	})
}

// Observer is told what happens, as it happens.
type Observer interface {
	Begin(op *plan.Operation, number, of int)
	End(r Result)
}

// Run carries out the operations of a plan that has passed the gate, in their order. It
// returns an error only when
// the plan may not be carried out at all; what became of each operation is in the report.
// When ctx ends, the operation under way is finished or given up by its writer, and the
// rest are not reached.
func Run(ctx context.Context, granted Pass, writers map[string]Writer, watch Observer) (*Report, error) {
	if granted == nil {
		return nil, fmt.Errorf("%w: it has not passed the gate", ErrNotApproved)
	}
	p := granted.passed()
	for _, op := range p.Operations {
		if writers[op.Target] == nil {
			return nil, fmt.Errorf("apply the plan: no connection to the target %s", op.Target)
		}
	}
	r := &run{
		writers: writers, good: map[string]bool{}, wrote: map[string]bool{}, stopped: map[string]error{},
	}
	report := &Report{Results: make([]Result, 0, len(p.Operations))}
	for i := range p.Operations {
		op := &p.Operations[i]
		watch.Begin(op, i+1, len(p.Operations))
		res := r.carryOut(ctx, op)
		r.good[op.ID] = res.Good()
		watch.End(res)
		report.Results = append(report.Results, res)
	}
	report.Interrupted = ctx.Err() != nil
	return report, nil
}

type run struct {
	writers map[string]Writer
	good    map[string]bool  // operations that succeeded
	wrote   map[string]bool  // objects that this run has written, by target and identity
	stopped map[string]error // targets to which nothing more is sent
}

func (r *run) carryOut(ctx context.Context, op *plan.Operation) Result {
	res := Result{Operation: op}
	if err := ctx.Err(); err != nil {
		res.Outcome, res.Err = NotReached, err
		return res
	}
	if err := r.stopped[op.Target]; err != nil {
		res.Outcome, res.Err = NotReached, err
		return res
	}
	for _, need := range op.Needs {
		if !r.good[need] {
			res.Outcome, res.Reason = Skipped, need
			return res
		}
	}
	res.Outcome, res.Reason, res.Err = r.write(ctx, op)
	if errors.Is(res.Err, ErrUnreachable) || errors.Is(res.Err, ErrNotAuthorised) {
		r.stopped[op.Target] = res.Err
	}
	return res
}

func (r *run) write(ctx context.Context, op *plan.Operation) (Outcome, string, error) {
	w := r.writers[op.Target]
	now, err := w.Reread(ctx, op.Object)
	if err != nil {
		return Failed, "", fmt.Errorf("read %s again: %w", op.Name, err)
	}
	if isDone(op, now) {
		return Already, "", nil
	}
	object := op.Target + "/" + op.Object.String()
	if reason := moved(op, now, r.wrote[object]); reason != "" {
		return Stale, reason, nil
	}
	r.wrote[object] = true
	switch err := w.Write(ctx, *op, now); {
	case errors.Is(err, ErrStale):
		return Stale, err.Error(), nil
	case err != nil:
		return Failed, "", err
	}
	return Done, "", nil
}
