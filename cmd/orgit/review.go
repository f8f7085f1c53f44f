package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

const reviewHelp = `For the pipeline of a merge request: make the plan of what it proposes and say it in
the one note that orgit has there. The note is rewritten, never followed by a second
one, and left alone when it would say the same. Nothing is written to any other system.

With --plan the plan is taken from a file that orgit plan --out made of the same commit;
then no system is read and no password for one is needed. The same holds with --snapshot,
which makes the plan from what orgit snapshot has read on the approved branch.

Which merge request: --merge-request, or CI_MERGE_REQUEST_IID, which GitLab sets. Where
no GitLab is configured, or there is no merge request, the note is printed. When the
merge request has newer commits than those at hand, its note is left to their pipeline.

For GitLab's own widgets:
  --terraform DIR     how much is created, changed and taken out of use: a file for each
                      system (DIR/ad.json), and DIR/all.json for all together. GitLab
                      keeps one file of each job
  --junit FILE        what is wrong in the files, and why the plan is refused
  --codequality FILE  what is wrong in the files. GitLab compares it with that of the
                      default branch, where orgit check writes it
  --text FILE         the whole plan as text; a note that had to be cut links to it

Exit codes are those of orgit plan: 5 when a limit or a safeguard refuses the plan, 3
when the files have errors, which the note then says; 2 with --detailed-exitcode when
there is something to do.`

type reviewOptions struct {
	dir          string
	plan         string
	snapshot     string
	out          string
	text         string
	terraform    string
	reports      reportFiles
	mergeRequest int
	detailed     bool
	timings      bool
}

func newReviewCmd(env environment) *cobra.Command {
	var opts reviewOptions
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Say the plan in the merge request's note and in GitLab's reports",
		Long:  reviewHelp,
		Example: `  orgit review --out plan.json --text plan.txt --junit junit.xml
  orgit review --plan plan.json --terraform reports`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReview(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&opts.plan, "plan", "", "take the plan from `FILE` instead of making it")
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "plan from the snapshot in `FILE`, and open no connection to a system")
	cmd.Flags().StringVar(&opts.out, "out", "", "write the plan to `FILE`, for orgit apply")
	cmd.Flags().StringVar(&opts.text, "text", "", "write the whole plan as text to `FILE`")
	cmd.Flags().StringVar(&opts.terraform, "terraform", "", "write the counts for GitLab's Terraform widget into `DIR`")
	cmd.Flags().StringVar(&opts.reports.junit, "junit", "", "write a JUnit report to `FILE`")
	cmd.Flags().StringVar(&opts.reports.codequality, "codequality", "", "write a Code Quality report to `FILE`")
	cmd.Flags().IntVar(&opts.mergeRequest, "merge-request", 0, "the `NUMBER` (IID) of the merge request; CI_MERGE_REQUEST_IID when not given")
	cmd.Flags().BoolVar(&opts.timings, "timings", false, timingsUsage)
	cmd.Flags().BoolVar(&opts.detailed, "detailed-exitcode", false, "exit with 2 when there is something to do")
	return cmd
}

func runReview(ctx context.Context, env environment, opts reviewOptions) error {
	if opts.mergeRequest < 0 {
		return invalidInput(fmt.Errorf("%d is no number of a merge request", opts.mergeRequest), "")
	}
	if opts.plan != "" && opts.snapshot != "" {
		return invalidInput(errors.New("--plan and --snapshot do not go together: a plan that is made needs no snapshot"), "leave one of them out")
	}
	env, end := env.staged(opts.timings)
	defer end()
	r := reviewRun{env: env, opts: opts}
	verdict := r.judge(ctx)
	var faults *faultsError
	if errors.As(verdict, &faults) {
		r.commit = faults.commit
	}
	if r.commit == "" || errors.Is(verdict, context.Canceled) {
		return verdict // there is nothing that a note could be about
	}
	if r.note == "" {
		if err := r.sayFaults(verdict); err != nil {
			return err
		}
	}
	if err := r.post(ctx); err != nil {
		printError(env.stderr, verdict)
		return err
	}
	return verdict
}

// reviewRun is one run of the command.
type reviewRun struct {
	env    environment
	opts   reviewOptions
	commit string // what is planned; empty while that is not known
	note   string // what is to be said; empty while nothing is
}

// judge makes the plan, the reports and the note, and says how the command ends. Without a note there is no plan, and the
// error is the reason.
func (r *reviewRun) judge(ctx context.Context) error {
	p, err := readPlanning(r.env, r.opts.dir)
	if err != nil {
		return err
	}
	r.commit = p.provenance.Commit
	made, err := r.thePlan(ctx, p)
	if err != nil {
		return err
	}
	if err := r.write(p, made); err != nil {
		return err
	}
	if err := r.sayPlan(ctx, p, made); err != nil {
		return err
	}
	return planVerdict(made, planOptions{detailed: r.opts.detailed})
}

// thePlan is the plan file that is given, if it is of what is at hand, or a plan that is made now.
func (r *reviewRun) thePlan(ctx context.Context, p *planning) (*plan.Plan, error) {
	if r.opts.plan != "" {
		made, err := readPlan(r.opts.plan)
		if err != nil {
			return nil, err
		}
		if made.Provenance.Commit != p.provenance.Commit || made.Provenance.Uncommitted != p.provenance.Uncommitted {
			return nil, fmt.Errorf("%w: %s was made of %s, and %s is at hand", apply.ErrPlanStale, r.opts.plan,
				planned(made.Provenance), planned(p.provenance))
		}
		return made, nil
	}
	if r.opts.snapshot == "" {
		// What nobody approved must not say which systems are asked with the passwords that this job has.
		if err := p.readMark(ctx); err != nil {
			return nil, err
		}
		if err := p.cover(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.connect(r.opts.snapshot); err != nil {
		return nil, err
	}
	return p.compute(ctx)
}

// planned names what a plan was made of.
func planned(p plan.Provenance) string {
	if p.Uncommitted {
		return "files that are not committed"
	}
	return "commit " + p.Commit
}

// sayPlan makes the note of a plan.
func (r *reviewRun) sayPlan(ctx context.Context, p *planning, made *plan.Plan) error {
	standing, err := r.standing(ctx, p, made)
	if err != nil {
		return err
	}
	var text strings.Builder
	err = view.Note(&text, made, view.NewLookup(p.planned, made.Day), view.NoteOptions{
		Standing: standing,
		Approved: p.approved, Planned: p.planned, Warnings: r.brought(p), Whole: r.address(), Now: r.env.now(),
	})
	r.note = text.String()
	return err
}

// brought are the warnings that what is approved does not have.
func (r *reviewRun) brought(p *planning) []schema.Diagnostic {
	known := map[[3]string]bool{}
	same := func(d schema.Diagnostic) [3]string { return [3]string{d.Code, d.Path, d.Message} }
	for _, d := range checkedAgain(p.approved, p.day) {
		known[same(d)] = true
	}
	return slices.DeleteFunc(slices.Clone(p.findings), func(d schema.Diagnostic) bool {
		return d.Severity != schema.Warning || known[same(d)]
	})
}

// sayFaults makes the note, and the reports, of what has no plan.
func (r *reviewRun) sayFaults(err error) error {
	f := view.Faults{Commit: r.commit, Job: r.env.getenv("CI_JOB_URL")}
	var faults *faultsError
	var system *systemError
	switch {
	case errors.As(err, &faults):
		f.Findings, f.Approved = faults.findings, faults.approved
		f.Language, f.Organisations = faults.language(), faults.organisations
		if err := r.opts.reports.write("orgit review", faults.findings, nil); err != nil {
			return err
		}
	case errors.As(err, &system) && (errors.Is(err, apply.ErrUnreachable) || errors.Is(err, apply.ErrNotAuthorised)):
		f.System = system.target
	}
	var text strings.Builder
	err = view.FaultsNote(&text, f)
	r.note = text.String()
	return err
}

// language is that of the organisation the findings are about, as far as it could be read.
func (e *faultsError) language() string {
	for _, o := range e.organisations {
		if o != nil && o.Settings.Language != "" {
			return o.Settings.Language
		}
	}
	return ""
}
