package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// progress says on stderr how far a run is: one line that is rewritten on a terminal, a
// line now and then elsewhere. A run of less than a second says nothing.
type progress struct {
	out      io.Writer
	now      clock
	terminal bool
	begun    time.Time
	said     time.Time
	shown    bool
}

func newProgress(env environment) *progress {
	now := env.now()
	return &progress{out: env.stderr, now: env.now, terminal: env.stderrTerminal, begun: now, said: now}
}

// Begin says nothing: an operation is told of when it is through.
func (p *progress) Begin(*plan.Operation) {}

// End says how far the run is, when it is time to.
func (p *progress) End(r apply.Result, through, of int) {
	p.say(func() string { return fmt.Sprintf("%d/%d %s %s", through, of, r.Operation.Target, r.Operation.Name) })
}

// say says a line, when it is time to.
func (p *progress) say(line func() string) {
	every := 10 * time.Second
	if p.terminal {
		every = 200 * time.Millisecond
	}
	now := p.now()
	if now.Sub(p.begun) < time.Second || now.Sub(p.said) < every {
		return
	}
	p.said, p.shown = now, true
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", line())
		return
	}
	fmt.Fprintln(p.out, line())
}

// finish leaves the terminal's line.
func (p *progress) finish() {
	if p.shown && p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// printReport says what was done, and one line for each operation that was not.
func printReport(w io.Writer, r *apply.Report) {
	var parts []string
	for _, group := range []struct {
		outcome apply.Outcome
		word    string
	}{
		{apply.Done, "done"}, {apply.Already, "already so"}, {apply.Failed, "failed"}, {apply.Stale, "stale"},
		{apply.Skipped, "skipped"}, {apply.NotReached, "not reached"},
	} {
		if n := r.Count(group.outcome); n > 0 || group.outcome == apply.Done {
			parts = append(parts, fmt.Sprintf("%d %s", n, group.word))
		}
	}
	fmt.Fprintf(w, "\nApplied: %s.\n", strings.Join(parts, ", "))
	for _, res := range r.Results {
		op := res.Operation
		switch res.Outcome {
		case apply.Failed:
			fmt.Fprintf(w, "  failed   %s %s (%s): %s\n", op.Target, op.Name, op.Object, schema.MaskCPR(res.Err.Error()))
		case apply.Stale:
			fmt.Fprintf(w, "  stale    %s %s (%s): %s; plan again\n", op.Target, op.Name, op.Object, schema.MaskCPR(res.Reason))
		case apply.Skipped:
			fmt.Fprintf(w, "  skipped  %s %s (%s): waits for %s\n", op.Target, op.Name, op.Object, res.Reason)
		}
	}
	if n := r.Count(apply.NotReached); n > 0 {
		fmt.Fprintf(w, "  %s not reached: the run stopped before; run orgit apply again\n", count(n, "operation was", "operations were"))
	}
}
