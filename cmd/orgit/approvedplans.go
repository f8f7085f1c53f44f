package main

import (
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

// within holds a plan against the plans that people approved for what has been merged since the last run: less is fine, and so
// is what waits from before; more is refused. The files were made by orgit plan or review of the heads that were merged; that
// they are theirs is for whoever brings them here to see to.
func (p *planning) within(made *plan.Plan, files []string) error {
	if len(files) == 0 || made.Empty() {
		return nil
	}
	var approved []*plan.Plan
	for _, file := range files {
		one, err := readPlan(file)
		if err != nil {
			return err
		}
		if one.CVR != made.CVR {
			return invalidInput(fmt.Errorf("%s is a plan of another municipality", file), "")
		}
		approved = append(approved, one)
	}
	fresh, err := p.sinceApplied()
	if err != nil {
		return err
	}
	if err := apply.Within(fresh, approved...); err != nil {
		return withHint(err, "plan again, and have the merge request approved that brings it")
	}
	return nil
}

// sinceApplied is the plan once more, with what was applied last in the place of what is approved, so that what the merges
// since then bring is told from what waits.
func (p *planning) sinceApplied() (*plan.Plan, error) {
	in := *p.input
	in.Targets = slices.Clone(p.input.Targets)
	in.Provenance.Base = "nothing"
	for i, t := range p.targets {
		in.Targets[i].Base = nil
		mark := p.mark.Targets[t.name]
		if mark.Commit == "" {
			continue
		}
		base, err := p.asked(t, p.earlier[mark.Commit], p.day)
		if err != nil {
			return nil, err
		}
		in.Targets[i].Base = base
		if mark.Commit != in.Provenance.Commit {
			in.Provenance.Base = mark.Commit
		}
	}
	return plan.Compute(in)
}

// errBothPlans: a plan that is given is carried out as it is.
var errBothPlans = errors.New("a plan file and --approved do not go together: the plan that is held against others is made now")
