package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/gitlab"
)

const mergeHelp = `Merge what is approved: every open merge request for the approved branch is judged by the
rules that stand there, and those that satisfy them are merged, one at a time, oldest
first. Before each the plan is made again on what is approved by then; one that a limit
or a safeguard refuses is not merged. While the approved branch holds what nobody
approved, nothing is merged but what takes it back. Nothing is written to any other
system: apply does that, from the approved branch.

On the merge request of a lock (orgit lock) that has waited for longer than
review.emergency.expiresHours it reminds the working group, once, with a note and a label.
The accounts stay closed.

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
	m := merging{judging: j, opts: opts, notes: &noteKeeper{env: env, target: j.terms.Target}}
	if m.login, err = serverLogin(env); err != nil {
		return err
	}
	if m.judges, err = judgesApproval(env); err != nil {
		return err
	}
	if m.records, err = newMergeRecorder(env, opts.dir); err != nil {
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
