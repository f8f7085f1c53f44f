package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// merging is one run of the command.
type merging struct {
	*judging
	opts   mergeOptions
	login  git.Login
	judges bool   // what is on the approved branch has to be approved
	main   string // where the approved branch stands
	// unapproved is what the approved branch holds that nobody approved; nil when there is nothing. Then nothing is merged
	// but what takes it back: whatever else came on top would have to be taken back with it.
	unapproved *review.Coverage
	merged     bool // something was merged in this run
	records    *mergeRecorder
	notes      *noteKeeper
}

// all judges the merge requests, each after what came of the one before.
func (m *merging) all(ctx context.Context, open []gitlab.MergeRequest) ([]mergeOutcome, error) {
	outcomes := make([]mergeOutcome, 0, len(open))
	for _, mr := range open {
		o := m.one(ctx, mr.IID)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(o.err, errStaleSnapshot): // it is so for all of them
			return nil, o.err
		case errors.Is(o.err, git.ErrCut):
			return nil, withHint(o.err, wholeHistory)
		case o.err != nil:
			printError(m.env.stderr, fmt.Errorf("merge request !%d: %w", mr.IID, o.err))
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// lookAtMain fetches the approved branch, and looks whether everything on it is approved.
func (m *merging) lookAtMain(ctx context.Context) error {
	if err := m.repo.Fetch(ctx, m.login, m.terms.Target); err != nil {
		return err
	}
	at, err := m.repo.Approved(m.terms.Target)
	if err != nil || at == m.main {
		return err
	}
	m.main, m.unapproved = "", nil // until it is known: an answer that did not come must not look like approval
	if m.judges {
		covered, err := m.covered(ctx, at, markReader(m.env, m.repo, m.opts.dir))
		if err != nil {
			return err
		}
		if covered.Err() != nil {
			m.unapproved = covered
		}
		for _, c := range covered.Unapproved() {
			fmt.Fprintf(m.env.stderr, "orgit: not approved, and nothing is merged on top of it: %s\n", schema.MaskCPR(c.Sentence(change.English)))
		}
	}
	m.main = at
	return nil
}

// one judges one merge request on what is approved now, and merges it where it may be.
func (m *merging) one(ctx context.Context, iid int) mergeOutcome {
	o := mergeOutcome{Request: iid}
	var mr gitlab.MergeRequest
	err := m.lookAtMain(ctx)
	if err == nil {
		mr, err = m.server.MergeRequest(ctx, iid) // the list leaves fields out, and is older by now
	}
	if err != nil {
		return o.failed(err)
	}
	o.Head = mr.Head
	if says, err := m.fetch(ctx, mr); err != nil || says != "" {
		return o.unlessFailed(err, mergeWaits, says)
	}
	if m.unapproved != nil {
		return m.remind(ctx, mr, m.back(ctx, mr, o))
	}
	return m.remind(ctx, mr, m.judge(ctx, mr, o))
}

// judge holds the approvals against what apply will ask, and then against the plan: of a merge request that waits no system
// is read.
func (m *merging) judge(ctx context.Context, mr gitlab.MergeRequest, o mergeOutcome) mergeOutcome {
	p, says, err := m.planning(mr)
	if err != nil || says != "" {
		return m.unplanned(o, err, says)
	}
	facts, err := m.gather(ctx, mr, mr.Head, p)
	if err != nil {
		return o.failed(err)
	}
	c, v, err := m.byFiles(ctx, facts)
	if err != nil {
		return o.failed(err)
	}
	compute := func() (*plan.Plan, error) { return p.compute(ctx) }
	stands := &judgement{head: mr.Head, class: c, verdict: v, proposed: facts}
	if !v.Satisfied {
		m.restate(ctx, mr, stands, compute)
		return o.as(mergeWaits, c.Sentence(change.English)+" "+v.Sentence(change.English))
	}
	if both, err := m.changedOnBoth(mr.Head, p.provenance.Base); err != nil || both != "" {
		m.restate(ctx, mr, stands, compute)
		return o.unlessFailed(err, mergeRefused, both+" was changed on "+m.terms.Target+" too: bring the branch up to date")
	}
	made, err := compute()
	if err != nil {
		return o.failed(err)
	}
	return m.decide(ctx, mr, p, made, o)
}

// decide asks once more how the merge request stands, for to make the plan may have taken minutes in which somebody held it
// back, and merges it where it may be.
func (m *merging) decide(ctx context.Context, mr gitlab.MergeRequest, p *planning, made *plan.Plan, o mergeOutcome) mergeOutcome {
	mr, facts, err := m.again(ctx, mr, p)
	if err != nil {
		return o.failed(err)
	}
	if mr.Head != o.Head || mr.State != gitlab.Opened {
		return o.as(mergeWaits, "it has changed while it was judged")
	}
	c, v, err := m.byFiles(ctx, facts)
	if err != nil {
		return o.failed(err)
	}
	m.restate(ctx, mr, &judgement{head: mr.Head, class: c, verdict: v, proposed: facts}, func() (*plan.Plan, error) { return made, nil })
	if v.Satisfied {
		c, v = facts.byPlan(made)
	}
	if !v.Satisfied {
		return o.as(mergeWaits, c.Sentence(change.English)+" "+v.Sentence(change.English))
	}
	if len(made.Refusals) > 0 {
		return o.as(mergeRefused, count(len(made.Refusals), "limit or safeguard speaks", "limits and safeguards speak")+" against its plan; the note says which")
	}
	if err := m.records.record(ctx, mr, p, made, v); err != nil {
		return o.failed(err)
	}
	return m.carry(ctx, mr, o)
}

// unplanned is what becomes of a merge request that has no plan.
func (m *merging) unplanned(o mergeOutcome, err error, says string) mergeOutcome {
	if m.merged && errors.Is(err, errStaleSnapshot) {
		return o.as(mergeWaits, "the snapshot does not fit what was merged just now; the next one will")
	}
	return o.unlessFailed(err, mergeRefused, says)
}

// fetch brings the merge request's commits here. says is why it cannot be judged now.
func (m *merging) fetch(ctx context.Context, mr gitlab.MergeRequest) (says string, err error) {
	if mr.State != gitlab.Opened {
		return "it is not open any more", nil
	}
	if mr.SourceProject != mr.TargetProject {
		return "it comes from a fork", nil
	}
	err = m.repo.Fetch(ctx, m.login, mr.Source)
	if errors.Is(err, git.ErrNoRevision) {
		return "its branch is gone", nil
	}
	if err != nil {
		return "", err
	}
	at, err := m.repo.Approved(mr.Source) // as the server has it
	if err == nil && at != mr.Head {
		return "new commits came while it was judged", nil
	}
	return "", err
}

// back merges a merge request that takes back what nobody approved, where the working group has approved that.
func (m *merging) back(ctx context.Context, mr gitlab.MergeRequest, o mergeOutcome) mergeOutcome {
	approved := approvedUpTo(m.unapproved)
	takes, err := m.takesBack(mr.Head, m.main, approved)
	if err != nil {
		return o.failed(err)
	}
	if !takes {
		m.restateHeld(ctx, mr)
		return o.as(mergeWaits, "what nobody approved has to be taken back first")
	}
	c, v, err := m.takingBack(ctx, mr, mr.Head, approved)
	if err != nil {
		return o.failed(err)
	}
	m.restate(ctx, mr, &judgement{head: mr.Head, class: c, verdict: v}, nil)
	if !v.Satisfied {
		return o.as(mergeWaits, v.Sentence(change.English))
	}
	return m.carry(ctx, mr, o)
}

// carry merges exactly the commit that was judged.
func (m *merging) carry(ctx context.Context, mr gitlab.MergeRequest, o mergeOutcome) mergeOutcome {
	merged, err := m.server.Merge(ctx, mr.IID, mr.Head, mergeMessage(mr))
	switch {
	case errors.Is(err, gitlab.ErrMoved):
		return o.as(mergeWaits, "new commits came while it was judged")
	case errors.Is(err, gitlab.ErrMergeConflict), errors.Is(err, gitlab.ErrNotMergeable):
		return o.as(mergeRefused, err.Error())
	case err != nil:
		return o.failed(err)
	}
	m.merged = true
	o.Outcome, o.Merge = mergeDone, merged.MergeCommit
	return o
}

// mergeMessage names no person, and so not the branch: commit texts are for ever.
func mergeMessage(mr gitlab.MergeRequest) string {
	return fmt.Sprintf("Merge request !%d\n", mr.IID)
}

// planning reads what the plan of a merge request on what is approved now is made from. says is why it has none, in a
// sentence.
func (m *merging) planning(mr gitlab.MergeRequest) (p *planning, says string, err error) {
	p, err = preparePlanningOf(m.env, m.opts.dir, m.opts.snapshot, mr.Head)
	if faults := (*faultsError)(nil); errors.As(err, &faults) && !faults.approved {
		fmt.Fprintf(m.env.stderr, "orgit: the errors above are those of merge request !%d\n", mr.IID)
		return nil, "its files have errors, or do not go together with what is approved by now", nil
	}
	return p, "", err
}

func (o mergeOutcome) as(outcome, says string) mergeOutcome {
	o.Outcome, o.Says = outcome, says
	return o
}

func (o mergeOutcome) failed(err error) mergeOutcome {
	o.err = err
	return o.as(mergeFailed, schema.MaskCPR(err.Error()))
}

func (o mergeOutcome) unlessFailed(err error, outcome, says string) mergeOutcome {
	if err != nil {
		return o.failed(err)
	}
	return o.as(outcome, says)
}

// changedOnBoth names a file of no entries that main and the branch have both changed, in different ways. Git may well merge
// its lines; that nothing else came of it nobody could tell afterwards, so that apply would refuse the merge.
func (m *merging) changedOnBoth(head, main string) (string, error) {
	base, err := m.repo.MergeBase(main, head)
	if err != nil {
		return "", err
	}
	here, err := m.repo.ChangedFiles(base, main)
	if err != nil {
		return "", err
	}
	there, err := m.repo.ChangedFiles(base, head)
	if err != nil {
		return "", err
	}
	differ, err := m.repo.ChangedFiles(main, head)
	if err != nil {
		return "", err
	}
	for _, name := range there {
		if !org.IsDataFile(name) && slices.Contains(here, name) && slices.Contains(differ, name) {
			return name, nil
		}
	}
	return "", nil
}

// again asks once more what the server knows of a merge request.
func (m *merging) again(ctx context.Context, mr gitlab.MergeRequest, p *planning) (gitlab.MergeRequest, *proposed, error) {
	now, err := m.server.MergeRequest(ctx, mr.IID)
	if err != nil {
		return mr, nil, err
	}
	facts, err := m.gather(ctx, now, mr.Head, p)
	return now, facts, err
}
