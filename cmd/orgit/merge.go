package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/plan"
)

const mergeHelp = `Merge what is approved: every open merge request for the approved branch is judged by the
rules that stand there, and those that satisfy them are merged, one at a time, oldest
first. Before each the plan is made again on what is approved by then; one that a limit
or a safeguard refuses is not merged. Nothing is written to any other system: apply does
that, from the approved branch.

It is meant for a schedule, as the only one who may merge. See docs/approval.md for the
rules, and docs/gitlab.md for setting it up.

With --snapshot the plans are made from a snapshot, and no system is read.

Exit codes: 0 also when nothing could be merged; 3, 4 and 7 when GitLab or git cannot be
asked; 8 when some merge request could not be judged and others were.`

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
	open, err := j.server.MergeRequests(ctx, gitlab.Filter{State: gitlab.Opened, Target: j.terms.Target})
	if err != nil {
		return fmt.Errorf("list the merge requests: %w", err)
	}
	var outcomes []mergeOutcome
	failed := 0
	for _, mr := range open {
		o := j.merge(ctx, opts, mr)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if o.err != nil {
			failed++
			printError(env.stderr, o.err)
		}
		outcomes = append(outcomes, o)
	}
	if err := printMerges(env, opts, outcomes); err != nil {
		return err
	}
	if failed > 0 && failed == len(outcomes) {
		return &shownError{outcomes[0].err}
	}
	if failed > 0 {
		return errPartly
	}
	return nil
}

// merge judges one merge request on what is approved now, and merges it where it may be.
func (j *judging) merge(ctx context.Context, opts mergeOptions, mr gitlab.MergeRequest) mergeOutcome {
	o := mergeOutcome{Request: mr.IID, Head: mr.Head}
	fail := func(err error) mergeOutcome {
		o.Outcome, o.err, o.Says = mergeFailed, fmt.Errorf("merge request !%d: %w", mr.IID, err), err.Error()
		return o
	}
	p, made, faults, err := j.replan(ctx, opts, mr)
	if err != nil {
		return fail(err)
	}
	if faults != "" {
		o.Outcome, o.Says = mergeRefused, faults
		return o
	}
	c, v, err := j.proposal(ctx, mr, mr.Head, p, made)
	switch {
	case err != nil:
		return fail(err)
	case !v.Satisfied:
		o.Outcome, o.Says = mergeWaits, c.Sentence("en")+" "+v.Sentence("en")
		return o
	case len(made.Refusals) > 0:
		o.Outcome, o.Says = mergeRefused, count(len(made.Refusals), "limit or safeguard speaks", "limits and safeguards speak")+" against its plan; the note says which"
		return o
	}
	return j.carryMerge(ctx, mr, o)
}

// carryMerge merges exactly the commit that was judged.
func (j *judging) carryMerge(ctx context.Context, mr gitlab.MergeRequest, o mergeOutcome) mergeOutcome {
	if settled, err := j.server.Settled(ctx, mr.IID); err != nil {
		o.Outcome, o.err = mergeFailed, fmt.Errorf("merge request !%d: %w", mr.IID, err)
		return o
	} else if settled.Head != mr.Head {
		o.Outcome, o.Says = mergeWaits, "new commits came while it was judged"
		return o
	}
	merged, err := j.server.Merge(ctx, mr.IID, mr.Head, mergeMessage(mr))
	switch {
	case errors.Is(err, gitlab.ErrMoved):
		o.Outcome, o.Says = mergeWaits, "new commits came while it was judged"
	case errors.Is(err, gitlab.ErrMergeConflict), errors.Is(err, gitlab.ErrNotMergeable):
		o.Outcome, o.Says = mergeRefused, err.Error()
	case err != nil:
		o.Outcome, o.err = mergeFailed, fmt.Errorf("merge request !%d: %w", mr.IID, err)
	default:
		o.Outcome, o.Merge = mergeDone, merged.MergeCommit
	}
	return o
}

// mergeMessage names no person: commit texts are for ever.
func mergeMessage(mr gitlab.MergeRequest) string {
	return fmt.Sprintf("Merge branch '%s'\n\nSee merge request !%d\n", mr.Source, mr.IID)
}

// replan makes the plan of a merge request on what is approved now. faults say why it has none, in a sentence.
func (j *judging) replan(ctx context.Context, opts mergeOptions, mr gitlab.MergeRequest) (p *planning, made *plan.Plan, faults string, err error) {
	login, err := serverLogin(j.env)
	if err != nil {
		return nil, nil, "", err
	}
	if mr.SourceProject != mr.TargetProject {
		return nil, nil, "it comes from a fork", nil
	}
	if err := j.repo.Fetch(ctx, login, j.terms.Target, mr.Source); err != nil {
		return nil, nil, "", err
	}
	at, err := j.repo.Approved(mr.Source)
	if err != nil {
		return nil, nil, "", err
	}
	if at != mr.Head {
		return nil, nil, "new commits came while it was judged", nil
	}
	if p, err = j.planningOf(opts, mr.Head); errors.Is(err, errFaults) {
		return nil, nil, "its files have errors, or do not go together with what is approved by now", nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	made, err = p.compute(ctx)
	return p, made, "", err
}

// planningOf reads what a plan of a commit is made from; nothing is checked out.
func (j *judging) planningOf(opts mergeOptions, head string) (*planning, error) {
	return preparePlanningOf(j.env, opts.dir, opts.snapshot, head)
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
