package apply

import (
	"errors"
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Errors of Gate, by which the exit code is chosen.
var (
	// ErrRefused: a rule speaks against the plan; see its Refusals.
	ErrRefused = errors.New("the plan is refused")
	// ErrNotApproved: what the plan was made from is not approved.
	ErrNotApproved = errors.New("the plan is not approved")
	// ErrPlanStale: what is approved has moved since the plan was made.
	ErrPlanStale = errors.New("the plan is stale")
)

// Facts are what the gate holds a plan against.
type Facts struct {
	Approved string  // the commit that the approved branch points to now
	Today    org.Day // in Copenhagen
	Applied  org.Day // the planning day of what was last carried out; empty when nothing was
}

// Pass is what Gate gives for a plan that may be carried out. Targets ask for it before
// they make a Writer, so that no command can write without having passed the gate: that
// the plan command writes nothing is a fact of the types, not of a flag.
type Pass interface{ passed() *plan.Plan }

// Recognised are the foreign objects of a target that the plan takes for some that are asked
// for, by their handles, for a Writer that has to read references to them as the plan did.
func Recognised(granted Pass, target string) map[string]plan.ID {
	for _, t := range granted.passed().Targets {
		if t.Name == target {
			return t.Recognised
		}
	}
	return nil
}

type pass struct{ plan *plan.Plan }

func (p pass) passed() *plan.Plan { return p.plan }

// Gate lets a plan through, or says why it may not be carried out. A plan must have been
// made from the very commit that is approved now, by this day or an earlier one, but not
// by one before a day that has been carried out: what closed since must not open again.
func Gate(p *plan.Plan, f Facts) (Pass, error) {
	if err := refusal(p, f); err != nil {
		return nil, err
	}
	return pass{p}, nil
}

func refusal(p *plan.Plan, f Facts) error {
	switch {
	case len(p.Refusals) > 0:
		return fmt.Errorf("%w, for the reasons that it gives (%d)", ErrRefused, len(p.Refusals))
	case p.Provenance.Uncommitted || p.Provenance.Commit == "":
		return fmt.Errorf("%w: it was made from files that are not committed; commit them, have them approved, and plan again", ErrNotApproved)
	case p.Provenance.Commit != f.Approved && p.Provenance.Base == f.Approved:
		return fmt.Errorf("%w: it was made from the proposal %s, which is not merged into the approved branch (%s)",
			ErrNotApproved, short(p.Provenance.Commit), short(f.Approved))
	case p.Provenance.Commit != f.Approved:
		return fmt.Errorf("%w: it was made from %s, and %s is approved now; plan again",
			ErrPlanStale, short(p.Provenance.Commit), short(f.Approved))
	case p.Provenance.Snapshot != nil:
		return fmt.Errorf("%w: it was made from a snapshot, and only a plan for which the systems were read is carried out; leave the plan file out, or make one without --snapshot", ErrPlanStale)
	case p.Day > f.Today:
		return fmt.Errorf("%w: it is a plan for %s, and today is %s", ErrNotApproved, p.Day, f.Today)
	case f.Applied > f.Today:
		return fmt.Errorf("%w: a run for %s is carried out already, and today is %s: this machine's clock or that of that run is wrong",
			ErrPlanStale, f.Applied, f.Today)
	case p.Day < f.Applied:
		return fmt.Errorf("%w: it is a plan for %s, and that for %s is carried out; plan again", ErrPlanStale, p.Day, f.Applied)
	}
	return nil
}

func short(commit string) string { return commit[:min(len(commit), 10)] }
