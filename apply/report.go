package apply

import (
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

// Wrote reports whether any operation of the target succeeded.
func (r *Report) Wrote(target string) bool {
	return slices.ContainsFunc(r.Results, func(res Result) bool {
		return res.Operation.Target == target && res.Good()
	})
}

// Open are the objects of the target with an operation that did not succeed, in order,
// each once.
func (r *Report) Open(target string) []plan.ID {
	return r.failed(target, func(*plan.Operation) bool { return true })
}

// Closing are those of Open of which an operation failed that closes an account.
func (r *Report) Closing(target string) []plan.ID {
	return r.failed(target, func(op *plan.Operation) bool { return slices.Contains(op.Loss, plan.LossDisable) })
}

func (r *Report) failed(target string, which func(*plan.Operation) bool) []plan.ID {
	var objects []plan.ID
	for _, res := range r.Results {
		if res.Operation.Target == target && !res.Good() && which(res.Operation) {
			objects = append(objects, res.Operation.Object)
		}
	}
	slices.SortFunc(objects, plan.ID.Compare)
	return slices.Compact(objects)
}
