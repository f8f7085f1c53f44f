package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

const mergeHelp = `Merge what is approved: every open merge request for the approved branch is judged by the
rules that stand there, and those that satisfy them are merged, one at a time, oldest
first. Before each the plan is made again on what is approved by then; one that a limit
or a safeguard refuses is not merged. While the approved branch holds what nobody
approved, nothing is merged but what takes it back. Nothing is written to any other
system: apply does that, from the approved branch.

It is meant for a schedule, as the only one who may merge. See docs/approval.md for the
rules, and docs/gitlab.md for setting it up.

With --snapshot the plans are made from a snapshot, and no system is read.

Exit codes: 0 also when nothing could be merged; 3, 4 and 7 when GitLab or git cannot be
asked; 6 when the snapshot is stale; 8 when some merge request could not be judged and
others were.`

// What became of a merge request.
const (
	mergeDone    = "merged"
	mergeWaits   = "waits"   // for approval, or it is held back
	mergeRefused = "refused" // by its plan, or because it cannot be merged
	mergeFailed  = "failed"  // it could not be judged
)

type mergeOptions struct {
	dir      string
	snapshot string
	json     bool
}

func newMergeCmd(env environment) *cobra.Command {
	var opts mergeOptions
	cmd := &cobra.Command{
		Use:   "merge",
		Short: "Merge the merge requests that are approved",
		Long:  mergeHelp,
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runMerge(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "make the plans from the snapshot in `FILE`")
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

// mergeOutcome is what became of one merge request.
type mergeOutcome struct {
	Request int    `json:"request"`
	Head    string `json:"head,omitempty"`
	Outcome string `json:"outcome"`
	Merge   string `json:"merge,omitempty"` // the merge commit
	Says    string `json:"says,omitempty"`
	err     error
}

func runMerge(ctx context.Context, env environment, opts mergeOptions) error {
	repo, err := openRepository(opts.dir)
	if err != nil {
		return err
	}
	j, err := newJudging(env, repo)
	if err != nil {
		return err
	}
	if j == nil {
		return invalidInput(errors.New("no GitLab is configured, so there are no merge requests"), "set ORGIT_GITLAB_URL, ORGIT_GITLAB_PROJECT and ORGIT_GITLAB_TOKEN_FILE")
	}
	m := merging{judging: j, opts: opts}
	if m.login, err = serverLogin(env); err != nil {
		return err
	}
	if m.judges, err = judgesApproval(env); err != nil {
		return err
	}
	if err := m.lookAtMain(ctx); err != nil {
		return err
	}
	open, err := j.server.MergeRequests(ctx, gitlab.Filter{State: gitlab.Opened, Target: j.terms.Target})
	if err != nil {
		return fmt.Errorf("list the merge requests: %w", err)
	}
	outcomes, err := m.all(ctx, open)
	if err != nil {
		return err
	}
	if err := printMerges(env, opts, outcomes); err != nil {
		return err
	}
	return mergeVerdict(outcomes)
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

// mergeVerdict is how the command ends.
func mergeVerdict(outcomes []mergeOutcome) error {
	failed := 0
	for _, o := range outcomes {
		if o.err != nil {
			failed++
		}
	}
	switch {
	case failed == 0:
		return nil
	case failed == len(outcomes):
		return &shownError{outcomes[0].err}
	}
	return errPartly
}

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
	m.main, m.unapproved = at, nil
	if !m.judges {
		return nil
	}
	covered, err := m.covered(ctx, at, markReader(m.env, m.repo, m.opts.dir))
	if err != nil {
		return err
	}
	if covered.Err() != nil {
		m.unapproved = covered
		for _, c := range covered.Unapproved() {
			fmt.Fprintf(m.env.stderr, "orgit: not approved, and nothing is merged on top of it: %s\n", c.Sentence(change.English))
		}
	}
	return nil
}

// one judges one merge request on what is approved now, and merges it where it may be.
func (m *merging) one(ctx context.Context, iid int) mergeOutcome {
	o := mergeOutcome{Request: iid}
	var mr gitlab.MergeRequest
	err := m.lookAtMain(ctx)
	if err == nil {
		mr, err = m.server.Settled(ctx, iid) // the list leaves fields out, and is older by now
	}
	if err != nil {
		return o.failed(err)
	}
	o.Head = mr.Head
	if says, err := m.fetch(ctx, mr); err != nil || says != "" {
		return o.unlessFailed(err, mergeWaits, says)
	}
	if m.unapproved != nil {
		return m.back(ctx, mr, o)
	}
	p, made, says, err := m.plan(ctx, mr)
	switch {
	case err != nil && m.merged && errors.Is(err, errStaleSnapshot):
		return o.as(mergeWaits, "the snapshot does not fit what was merged just now; the next one will")
	case err != nil || says != "":
		return o.unlessFailed(err, mergeRefused, says)
	}
	c, v, err := m.proposal(ctx, mr, mr.Head, p, made)
	switch {
	case err != nil:
		return o.failed(err)
	case !v.Satisfied:
		return o.as(mergeWaits, c.Sentence(change.English)+" "+v.Sentence(change.English))
	case len(made.Refusals) > 0:
		return o.as(mergeRefused, count(len(made.Refusals), "limit or safeguard speaks", "limits and safeguards speak")+" against its plan; the note says which")
	}
	return m.carry(ctx, mr, o)
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
		return o.as(mergeWaits, "what nobody approved has to be taken back first")
	}
	_, v, err := m.takingBack(ctx, mr, mr.Head, approved)
	switch {
	case err != nil:
		return o.failed(err)
	case !v.Satisfied:
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

// plan makes the plan of a merge request on what is approved now. says is why it has none, in a sentence.
func (m *merging) plan(ctx context.Context, mr gitlab.MergeRequest) (p *planning, made *plan.Plan, says string, err error) {
	p, err = preparePlanningOf(m.env, m.opts.dir, m.opts.snapshot, mr.Head)
	if faults := (*faultsError)(nil); errors.As(err, &faults) && !faults.approved {
		fmt.Fprintf(m.env.stderr, "orgit: the errors above are those of merge request !%d\n", mr.IID)
		return nil, nil, "its files have errors, or do not go together with what is approved by now", nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	made, err = p.compute(ctx)
	return p, made, "", err
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

func printMerges(env environment, opts mergeOptions, outcomes []mergeOutcome) error {
	if opts.json {
		return writeLine(env.stdout, map[string]any{"mergeRequests": outcomes})
	}
	for _, o := range outcomes {
		line := fmt.Sprintf("!%d %s", o.Request, o.Outcome)
		if o.Merge != "" {
			line += " as " + short(o.Merge)
		}
		if o.Says != "" {
			line += ": " + strings.TrimSuffix(o.Says, ".")
		}
		if _, err := fmt.Fprintln(env.stdout, line); err != nil {
			return err
		}
	}
	if len(outcomes) == 0 {
		_, err := fmt.Fprintln(env.stdout, "No merge request is open.")
		return err
	}
	return nil
}
