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
	"sync"

	"orgit.dk/orgit/plan"
)

// Observer is told what happens, as it happens, one thing at a time.
type Observer interface {
	Begin(op *plan.Operation)
	// End is told how many of the plan's operations are through, this one included.
	End(r Result, through, of int)
}

// Run carries out the operations of a plan that has passed the gate. Those of one target
// begin in their order, as many at a time as its writer allows; targets go side by side,
// and an operation waits for those that it needs, in whatever target. Run returns an error only when the plan may
// not be carried out at all; what became of each operation is in the report. When ctx
// ends, the operations under way are finished, within the writer's own time limits, and the
// rest are not reached.
func Run(ctx context.Context, granted Pass, writers map[string]Writer, watch Observer) (*Report, error) {
	if granted == nil {
		return nil, fmt.Errorf("%w: it has not passed the gate", ErrNotApproved)
	}
	p := granted.passed()
	for i := range p.Operations {
		if op := &p.Operations[i]; writers[op.Target] == nil {
			return nil, fmt.Errorf("apply the plan: no connection to the target %s", op.Target)
		}
	}
	r := &run{schedule: newSchedule(p.Operations), results: make([]Result, len(p.Operations)), watch: watch, lanes: map[string]*lane{}}
	for i := range p.Operations {
		op := &p.Operations[i]
		r.results[i].Operation = op
		if r.lanes[op.Target] == nil {
			r.lanes[op.Target] = &lane{writer: writers[op.Target], wrote: map[plan.ID]bool{}}
		}
	}
	var group sync.WaitGroup
	for target, l := range r.lanes {
		for range max(1, l.writer.Workers()) {
			group.Go(func() {
				for {
					i, ok := r.schedule.next(target)
					if !ok {
						return
					}
					r.carryOut(ctx, l, i)
				}
			})
		}
	}
	group.Wait()
	return &Report{Results: r.results, Interrupted: ctx.Err() != nil}, nil
}

// run is what the workers share. A result is written by the worker that has its operation, and may be read by others
// when the schedule says that the operation is through.
type run struct {
	schedule *schedule
	results  []Result
	lanes    map[string]*lane

	mutex    sync.Mutex // guards what follows, and the lanes
	watch    Observer
	finished int
}

// lane is one target.
type lane struct {
	writer  Writer
	wrote   map[plan.ID]bool // objects that this run has written
	stopped error            // set when nothing more is sent to the target
}

func (r *run) begin(op *plan.Operation) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.watch.Begin(op)
}

func (r *run) end(i int) {
	r.mutex.Lock()
	r.finished++
	r.watch.End(r.results[i], r.finished, len(r.results))
	r.mutex.Unlock()
	r.schedule.through(i)
}

// carryOut carries out an operation, and with it the one that sets the references of what it makes, where
// the target can do that at once and all that they refer to is there.
func (r *run) carryOut(ctx context.Context, l *lane, i int) {
	r.begin(r.results[i].Operation)
	linker, can := l.writer.(Linker)
	link, free := 0, false
	if can {
		link, free = r.schedule.claimLink(i)
	}
	if !free {
		r.alone(ctx, l, i)
		return
	}
	r.begin(r.results[link].Operation)
	if r.together(ctx, l, linker, i, link) {
		r.end(i)
	} else {
		r.alone(ctx, l, i)
	}
	if r.results[link].Outcome != "" {
		r.end(link)
	} else {
		r.alone(ctx, l, link)
	}
}

// together makes an object with its references, and reports whether that has settled what becomes of the creation. Where
// the object is there already, or the target does not take both, each is carried out by itself: a reference that is
// refused must keep nobody's account from being made.
func (r *run) together(ctx context.Context, l *lane, linker Linker, i, link int) bool {
	create, references := r.results[i].Operation, r.results[link].Operation
	if r.missing(create) != "" || r.stop(ctx, l) != nil {
		return false
	}
	for _, need := range references.Needs {
		if at, ok := r.schedule.byID[need]; !ok || at != i && !r.results[at].Good() {
			return false
		}
	}
	ctx = context.WithoutCancel(ctx)
	if now, err := linker.Reread(ctx, *create); err != nil || now != nil {
		return false
	}
	r.writes(l, create.Object)
	err := linker.WriteLinked(ctx, *create, *references)
	switch {
	case err == nil:
		r.results[i].Outcome, r.results[link].Outcome = Done, Done
	case errors.Is(err, ErrUnreachable):
		r.results[i].Outcome, r.results[i].Err = Failed, err
		r.halt(l, err)
	default:
		return false
	}
	return true
}

// alone carries out one operation that has begun.
func (r *run) alone(ctx context.Context, l *lane, i int) {
	res := &r.results[i]
	defer r.end(i)
	if missing := r.missing(res.Operation); missing != "" {
		res.Outcome, res.Reason = Skipped, missing
	}
	if err := r.stop(ctx, l); err != nil {
		res.Outcome, res.Reason, res.Err = NotReached, "", err
	}
	if res.Outcome != "" {
		return
	}
	// An operation can be several requests; cut between them it would leave half an object.
	res.Outcome, res.Reason, res.Err = r.write(context.WithoutCancel(ctx), l, res.Operation)
	if errors.Is(res.Err, ErrUnreachable) || errors.Is(res.Err, ErrNotAuthorised) {
		r.halt(l, res.Err)
	}
}

// halt has nothing more sent to the target. The first reason is kept.
func (r *run) halt(l *lane, why error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if l.stopped == nil {
		l.stopped = why
	}
}

// stop is why nothing more is sent to the target; nil when something may be.
func (r *run) stop(ctx context.Context, l *lane) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return l.stopped
}

// missing names the first of the operations that are needed that did not succeed. All of them are through.
func (r *run) missing(op *plan.Operation) string {
	for _, need := range op.Needs {
		if i, ok := r.schedule.byID[need]; !ok || !r.results[i].Good() {
			return need
		}
	}
	return ""
}

// hasWritten reports whether this run has written the object.
func (r *run) hasWritten(l *lane, id plan.ID) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return l.wrote[id]
}

// writes notes that this run writes the object.
func (r *run) writes(l *lane, id plan.ID) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	l.wrote[id] = true
}

func (r *run) write(ctx context.Context, l *lane, op *plan.Operation) (Outcome, string, error) {
	now, err := l.writer.Reread(ctx, *op)
	if errors.Is(err, ErrStale) {
		return Stale, err.Error(), nil
	}
	if err != nil {
		return Failed, "", fmt.Errorf("read %s again: %w", op.Name, err)
	}
	if isDone(op, now) {
		return Already, "", nil
	}
	if reason := moved(op, now, r.hasWritten(l, op.Object)); reason != "" {
		return Stale, reason, nil
	}
	r.writes(l, op.Object)
	switch err := l.writer.Write(ctx, *op, now); {
	case errors.Is(err, ErrStale):
		return Stale, err.Error(), nil
	case err != nil:
		return Failed, "", err
	}
	return Done, "", nil
}
