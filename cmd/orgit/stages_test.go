package main

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// watched is an environment whose clock the test sets and whose stderr it reads.
type watched struct {
	environment
	mu  sync.Mutex
	at  time.Time
	err bytes.Buffer
}

func newWatched() *watched {
	w := &watched{at: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)}
	w.environment = environment{stderr: &w.err, now: func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.at
	}}
	return w
}

func (w *watched) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func TestTimings(t *testing.T) {
	w := newWatched()
	env, end := w.staged(true)
	during := func(name string, d time.Duration) {
		defer env.stages.Stage(name)()
		w.pass(d)
	}
	during("read the files", 1500*time.Millisecond)
	during("check", 20*time.Millisecond)
	during("read the files", 500*time.Millisecond)
	during("fkOrganisation: read", time.Minute)
	outer := env.stages.Stage("ad: what is asked for")
	during("ad: a stage inside, æ", time.Second)
	outer()
	w.pass(time.Second)
	fmt.Fprintln(env.stderr, "orgit: something")
	end()
	want := `orgit: something

Where the time went:
  read the files            2.000 s  2 times
  check                     0.020 s
  ad: a stage inside, æ     1.000 s
  ad: what is asked for     1.000 s
  fkOrganisation: read     60.000 s
  the whole                64.020 s
`
	if diff := cmp.Diff(want, w.err.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStagesOnATerminal: the line says what is under way after a second, and gives way to
// everything else.
func TestStagesOnATerminal(t *testing.T) {
	w := newWatched()
	env, end := w.staged(false)
	first := env.stages.Stage("first")
	w.pass(900 * time.Millisecond)
	env.stages.show() // too early
	w.pass(1200 * time.Millisecond)
	env.stages.show()
	second := env.stages.Stage("second")
	env.stages.show()
	second()
	fmt.Fprintln(env.stderr, "a finding")
	env.stages.show()
	first()
	env.stages.show() // nothing is under way
	end()
	const clear = "\r\x1b[K"
	want := clear + "first (2 s)" + clear + "second (2 s)" + clear + "a finding\n" + clear + "first (2 s)" + clear
	if diff := cmp.Diff(want, w.err.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStagesSideBySide: goroutines have stages at the same time, and may end them in any order.
func TestStagesSideBySide(t *testing.T) {
	w := newWatched()
	w.stderrTerminal = true
	env, end := w.staged(false)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 50 {
				one := env.stages.Stage(fmt.Sprint("stage ", i%3))
				other := env.stages.Stage("inside")
				fmt.Fprintln(env.stderr, "x")
				one()
				other()
			}
		})
	}
	group.Wait()
	end()
	if n := env.stages.all["inside"].times; n != 400 || len(env.stages.open) != 0 {
		t.Errorf("the stage was there %d times, and %d are still open", n, len(env.stages.open))
	}
}

// TestNoStages: nobody asks, and nothing happens.
func TestNoStages(t *testing.T) {
	var env environment
	env.stages.Stage("nothing")()
}
