package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// errBothPlans: a plan that is given is carried out as it is.
var errBothPlans = errors.New("a plan file and --approved do not go together: the plan that is held against others is made now")

// withinApproved holds a plan against what people approved for what was merged since the last run: less is fine, and so is what
// waits from before; more is refused. What they approved stands in the files that were given, or else in the records that orgit
// merge left of the merges.
func (p *planning) withinApproved(ctx context.Context, made *plan.Plan, opts applyOptions) error {
	required, err := recordsRequired(p.env)
	if err != nil || made.Empty() {
		return err
	}
	switch {
	case len(opts.approved) > 0:
		return p.withinFiles(made, opts.approved)
	case opts.file == "":
		return p.withinRecords(ctx, required)
	case required:
		return withHint(fmt.Errorf("%w: a plan file is carried out as it is, and held against nothing (ORGIT_MERGE_RECORDS is required)", apply.ErrNotRecorded),
			"leave the plan file out: then the plan is made now")
	}
	return nil
}

// recordsRequired reports whether a merge that has no record stops a run. The environment decides, never the files.
func recordsRequired(env environment) (bool, error) {
	switch how := env.getenv("ORGIT_MERGE_RECORDS"); how {
	case "":
		return false, nil
	case "required":
		return true, nil
	default:
		return false, invalidInput(fmt.Errorf("ORGIT_MERGE_RECORDS is %q", how),
			"required refuses to carry out a merge of which orgit merge left no record; without it such a merge is carried out as it was approved, and said")
	}
}

// withinFiles holds a plan against plan files. They were made by orgit plan or review of the heads that were merged; that they
// are theirs is for whoever brings them here to see to.
func (p *planning) withinFiles(made *plan.Plan, files []string) error {
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

// withinRecords holds the plan that was computed last against the records of the merges since the last run.
func (p *planning) withinRecords(ctx context.Context, required bool) error {
	if p.covered == nil {
		if required {
			return invalidInput(errors.New("ORGIT_MERGE_RECORDS is required, and who approved what is not asked (ORGIT_APPROVAL)"), "set ORGIT_APPROVAL=gitlab")
		}
		return nil
	}
	seen, err := p.mergesSeen(ctx)
	if err != nil {
		return err
	}
	if len(seen.unrecorded) > 0 {
		if required {
			return withHint(fmt.Errorf("%w: %s", apply.ErrNotRecorded, strings.Join(seen.unrecorded, ", ")),
				"orgit merge leaves the record; a merge by hand has none. Take it back and have orgit merge it, or name its commit in ORGIT_TRUSTED_COMMIT when people have looked through it")
		}
		fmt.Fprintf(p.env.stderr, "orgit: no record says what was to happen with %s: it is carried out as it was approved, and what it does now is held against nothing\n",
			strings.Join(seen.unrecorded, ", "))
	}
	if len(seen.outlines) == 0 {
		return nil // nothing has come, or nothing that could be told from what waits
	}
	fresh, err := p.sinceCommit(seen.since)
	if err != nil {
		return err
	}
	if err := apply.WithinOutlines(fresh, seen.outlines...); err != nil {
		return withHint(err, "orgit plan shows it; the working group lets it through by approving any merge request whose plan shows it, or it is taken back")
	}
	return nil
}

// mergesSeen is what people have seen of the merges since the last run.
type mergesSeen struct {
	since      string // the commit after which every merge has an outline
	outlines   []apply.Outline
	unrecorded []string // merges that have none, in words
}

// mergesSeen looks for the record of each merge since the last run. What a merge without one brings cannot be told from what
// came before it: both then wait.
func (p *planning) mergesSeen(ctx context.Context) (*mergesSeen, error) {
	records, err := p.mergeRecords(ctx)
	if err != nil {
		return nil, err
	}
	seen := &mergesSeen{since: p.covered.Since}
	for _, step := range p.covered.Commits {
		differing, err := p.repo.Differing(step.Rules, step.Commit)
		if err != nil {
			return nil, err
		}
		record := records[ledger.Merge{Into: step.Rules, Head: step.Head}]
		switch {
		case len(differing) == 0: // nothing came of it; so it is where something was taken back
		case record != nil:
			seen.outlines = append(seen.outlines, record.Outline)
		default:
			seen.since, seen.outlines = step.Commit, nil
			seen.unrecorded = append(seen.unrecorded, fmt.Sprintf("!%d (%s)", step.Request, short(step.Commit)))
		}
	}
	return seen, nil
}

// mergeRecords reads the records of what has come since the last run; none where evidence is kept in the clone only.
func (p *planning) mergeRecords(ctx context.Context) (map[ledger.Merge]*apply.MergeRecord, error) {
	onServer, ok := p.marks.(*serverMarks)
	if !ok || len(p.covered.Commits) == 0 {
		return nil, nil
	}
	var merges []ledger.Merge
	commits := []string{p.covered.Since}
	for _, step := range p.covered.Commits {
		merges = append(merges, ledger.Merge{Into: step.Rules, Head: step.Head})
		commits = append(commits, step.Rules, step.Commit)
	}
	records, err := onServer.ledger.Merges(ctx, merges, commits)
	return records, evidenceHint(err)
}

// sinceCommit is the plan once more, with a commit of the approved branch in the place of what is approved. A target that was
// never written has its first load before it, which no single merge brings.
func (p *planning) sinceCommit(commit string) (*plan.Plan, error) {
	before, err := p.organisationAt(commit)
	if err != nil {
		return nil, err
	}
	in := *p.input
	in.Targets = slices.Clone(p.input.Targets)
	in.Provenance.Base = commit
	for i, t := range p.targets {
		if p.mark.Targets[t.name].Commit == "" {
			continue
		}
		if in.Targets[i].Base, err = p.asked(t, before, p.day); err != nil {
			return nil, err
		}
	}
	return plan.Compute(in)
}

// organisationAt is what the files of a commit of the approved branch state.
func (p *planning) organisationAt(commit string) (*org.Organisation, error) {
	if o := p.earlier[commit]; o != nil {
		return o, nil
	}
	return p.load(commit)
}
