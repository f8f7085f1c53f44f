package apply_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// crowd is a target that takes several operations at a time and notes when each begins and ends.
type crowd struct {
	workers int
	fail    func(plan.Operation) error

	mutex   sync.Mutex
	under   map[plan.ID]int // operations under way, by object
	most    int             // the most that were under way at a time
	twice   []plan.ID       // objects that two operations had at a time
	began   map[string]int  // by operation: its turn
	ended   map[string]int
	turns   int
	waiting chan struct{} // when set, an operation waits here for another one
}

func newCrowd(workers int) *crowd {
	return &crowd{workers: workers, under: map[plan.ID]int{}, began: map[string]int{}, ended: map[string]int{}}
}

// Workers is as many as the test says.
func (c *crowd) Workers() int { return c.workers }

// Reread finds nothing: all operations of these tests make objects, or do not look.
func (c *crowd) Reread(_ context.Context, op plan.Operation) (*plan.Found, error) {
	if op.Action == plan.ActionCreate {
		return nil, nil
	}
	return &plan.Found{ID: op.Object, Attrs: map[string][]string{"x": {"old"}}}, nil
}

// Write notes the operation.
func (c *crowd) Write(_ context.Context, op plan.Operation, _ *plan.Found) error {
	c.mutex.Lock()
	c.turns++
	c.began[op.ID] = c.turns
	if c.under[op.Object]++; c.under[op.Object] > 1 {
		c.twice = append(c.twice, op.Object)
	}
	c.most = max(c.most, len(c.under))
	c.mutex.Unlock()
	if c.waiting != nil {
		select {
		case c.waiting <- struct{}{}:
		case <-c.waiting:
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.turns++
	c.ended[op.ID] = c.turns
	if c.under[op.Object]--; c.under[op.Object] == 0 {
		delete(c.under, op.Object)
	}
	if c.fail != nil {
		return c.fail(op)
	}
	return nil
}

// TestRunWritesSeveralAtATime: two operations that wait for each other inside the target can only end when both are
// under way.
func TestRunWritesSeveralAtATime(t *testing.T) {
	c := newCrowd(2)
	c.waiting = make(chan struct{})
	ops := []plan.Operation{operation(plan.ActionCreate, object("a"), "x", "", "1"), operation(plan.ActionCreate, object("b"), "x", "", "1")}
	report, err := apply.Run(t.Context(), passed(t, ops), map[string]apply.Writer{"ad": c}, apply.Observers{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Count(apply.Done) != 2 || c.most != 2 {
		t.Errorf("%v, at most %d at a time", outcomes(report), c.most)
	}
}

// randomPlan makes a plan in which operations need earlier ones, some act on an object that an earlier one acts on, and
// some are removals.
func randomPlan(r *rand.Rand, n int) []plan.Operation {
	ops := make([]plan.Operation, 0, n)
	for i := range n {
		was := object(fmt.Sprintf("o%03d", i), "x", "old")
		var op plan.Operation
		switch r.IntN(4) {
		case 0:
			op = operation(plan.ActionRetire, was, "x", "old", "new")
		case 1:
			op = operation(plan.ActionUpdate, was, "x", "old", "new")
		default:
			op = operation(plan.ActionCreate, was, "x", "", "new")
		}
		for range r.IntN(3) {
			if i > 0 {
				op.Needs = append(op.Needs, ops[r.IntN(i)].ID)
			}
		}
		if i > 0 && r.IntN(5) == 0 { // a second pass on an object
			first := ops[r.IntN(i)]
			op.Object, op.Digest, op.Action = first.Object, "", plan.ActionUpdate
			op.ID, op.Needs = first.ID+"/link", []string{first.ID}
			op.Attrs = []plan.AttrChange{{Name: "x", Old: []string{"old"}, New: []string{"newer"}}}
		}
		ops = append(ops, op)
	}
	seen := map[string]bool{}
	kept := ops[:0]
	for _, op := range ops { // two passes on one object at most
		if !seen[op.ID] {
			kept = append(kept, op)
		}
		seen[op.ID] = true
	}
	return kept
}

// TestRunKeepsItsPromises runs random plans with several workers: what is needed comes before, removals come after the
// changes before them, no object has two operations at a time, and what a failure holds back is not written.
func TestRunKeepsItsPromises(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		ops := randomPlan(r, 60)
		c := newCrowd(4)
		bad := ops[r.IntN(len(ops))].ID
		c.fail = func(op plan.Operation) error {
			if op.ID == bad {
				return errors.New("no")
			}
			return nil
		}
		report, err := apply.Run(t.Context(), passed(t, ops), map[string]apply.Writer{"ad": c}, apply.Observers{})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.twice) > 0 {
			t.Errorf("seed %d: two operations at a time on %v", seed, c.twice)
		}
		good := map[string]bool{}
		for i, res := range report.Results {
			op := res.Operation
			good[op.ID] = res.Good()
			for _, need := range op.Needs {
				if began := c.began[op.ID]; began > 0 && (!good[need] || c.ended[need] > began) {
					t.Errorf("seed %d: %s began before %s was done", seed, op.ID, need)
				}
			}
			for _, before := range ops[:i] {
				if op.Action == plan.ActionRetire && before.Action != plan.ActionRetire && c.began[op.ID] > 0 && c.ended[before.ID] > c.began[op.ID] {
					t.Errorf("seed %d: the removal %s began before %s was through", seed, op.ID, before.ID)
				}
			}
		}
		if report.Count(apply.Failed) != 1 || report.Count(apply.Done)+report.Count(apply.Skipped) != len(ops)-1 {
			t.Errorf("seed %d: %v", seed, outcomes(report))
		}
	}
}

// TestRunStopsATargetThatIsGone: after the first sign that a target is not there, only what is under way is finished.
func TestRunStopsATargetThatIsGone(t *testing.T) {
	c := newCrowd(4)
	c.fail = func(op plan.Operation) error { return fmt.Errorf("fk: %w", apply.ErrUnreachable) }
	var ops []plan.Operation
	for i := range 100 {
		ops = append(ops, operation(plan.ActionCreate, object(fmt.Sprintf("o%03d", i)), "x", "", "1"))
	}
	report, err := apply.Run(t.Context(), passed(t, ops), map[string]apply.Writer{"ad": c}, apply.Observers{})
	if err != nil {
		t.Fatal(err)
	}
	if tried := report.Count(apply.Failed); tried == 0 || tried > c.workers || report.Count(apply.NotReached) != len(ops)-tried {
		t.Errorf("%d tried, %d not reached", tried, report.Count(apply.NotReached))
	}
}
