package main

import (
	"bytes"
	"context"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// What became of the plan.
const (
	planMade    = "made"
	planSkipped = "skipped" // nobody wanted one, or no system is connected
	planMissing = "missing" // a system could not be asked: the pipeline plans
)

// planFor shows what the proposal does in the connected systems. That one of them does not answer stops nothing: the
// pipeline of the branch plans in any case.
func (p *proposal) planFor(ctx context.Context, o *proposeOutcome) {
	o.Plan.State = planSkipped
	if p.opts.noPlan {
		return
	}
	made, err := p.makePlan(ctx)
	if err != nil {
		o.Plan.State, o.Plan.Why = planMissing, schema.MaskCPR(err.Error())
		return
	}
	if made == nil {
		return
	}
	var text bytes.Buffer
	if err := view.Text(&text, made, view.NewLookup(p.planned, made.Day), textOptions(p.env, false)); err != nil {
		o.Plan.State, o.Plan.Why = planMissing, schema.MaskCPR(err.Error())
		return
	}
	o.Plan.State, o.Plan.text, o.Plan.Operations, o.Plan.Refused = planMade, text.String(), len(made.Operations), len(made.Refusals) > 0
}

// makePlan makes the plan; nil where no system is connected.
func (p *proposal) makePlan(ctx context.Context) (*plan.Plan, error) {
	var err error
	if p.targets, err = connectedTargets(p.approved, p.env); err != nil || len(p.targets) == 0 {
		return nil, err
	}
	if p.marks, err = marksFor(p.env, p.repo, p.opts.dir); err != nil {
		return nil, err
	}
	p.provenance.Commit, p.provenance.Uncommitted, p.provenance.Tool = p.parent, true, version
	if p.provenance.Schema, err = schema.Digest(); err != nil {
		return nil, err
	}
	return p.compute(ctx)
}
