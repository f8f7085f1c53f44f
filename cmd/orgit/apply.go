package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/plan"
)

const applyHelp = `Carry out a plan in the connected systems: the plan file PLAN, or, without one, a plan
that is made now. It must have been made from the commit that is approved (the branch
main), and no limit or safeguard may speak against it.

Each object is read again just before it is written, and left alone when somebody has
changed it since the plan was made. What fails holds back only what depends on it;
run the command again to finish the rest.

With ORGIT_EVIDENCE=branch only one run at a time, in whatever clone, holds the lock on
the server (orgit unlock), and each leaves signed records there; nothing is written before
the server has taken the first. See orgit evidence --help.

The plan is held against the records that orgit merge left of what was merged since the
last run, operation by operation: less is fine, and so is what waits from before;
anything more is refused (6). A merge without a record is carried out as it was approved,
and said; with ORGIT_MERGE_RECORDS=required it is refused (4). With --approved the plan
is held against plan files instead.

Where targets.fkOrganisation.cpr is "join", FK Organisation's persons are made with their
CPR number from the CPR store; see orgit help cpr.

Exit codes: 0 everything done, 8 done in part, 4 not approved or not authorised,
5 refused, 6 stale, 7 a system does not answer, 130 interrupted.`

type applyOptions struct {
	dir      string
	file     string
	approved []string
	yes      bool
}

func newApplyCmd(env environment) *cobra.Command {
	var opts applyOptions
	cmd := &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Carry out an approved plan",
		Long:  applyHelp,
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.file = args[0]
			}
			if opts.file != "" && len(opts.approved) > 0 {
				return invalidInput(errBothPlans, "leave one of them out")
			}
			return runApply(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringArrayVar(&opts.approved, "approved", nil, "refuse what goes beyond the plan in `FILE`, which was approved, instead of the records of the merges; may be given for each merge since the last run")
	cmd.Flags().BoolVar(&opts.yes, "yes", false, "do not ask; needed when the input is no terminal")
	return cmd
}

func runApply(ctx context.Context, env environment, opts applyOptions) (err error) {
	ctx, turn, err := takeTurn(ctx, env, opts.dir)
	if err != nil {
		return err
	}
	defer func() {
		if endErr := turn.end(); err == nil {
			err = endErr
		}
	}()
	p, err := prepareRun(ctx, env, opts)
	if errors.Is(err, errFaults) {
		return coverFaulty(ctx, env, opts.dir, err)
	}
	if err != nil {
		return err
	}
	if err := p.cover(ctx); err != nil {
		return err
	}
	made, err := thePlan(ctx, p, opts)
	if err != nil {
		return err
	}
	if err := showPlan(env, p, made, planOptions{format: "text"}); err != nil {
		return err
	}
	pass, err := apply.Gate(made, apply.Facts{Approved: p.provenance.Base, Today: p.day, Applied: p.mark.Day()})
	if err != nil {
		return err
	}
	if err := p.withinApproved(ctx, made, opts); err != nil {
		return err
	}
	run := newRecordedRun(p, made)
	p.planned = p.approved // what the plan was made from, whatever is checked out beside a plan file
	if made.Empty() {
		return p.advanceMark(ctx, made, nil, run)
	}
	if p.cpr, err = openCPRJoin(env, p.approved); err != nil {
		return err
	}
	if p.passwords, err = openPasswords(p); err != nil {
		return err
	}
	if err := confirm(env, opts, made); err != nil {
		return err
	}
	private, err := privateFolder(opts.dir)
	if err != nil {
		return err
	}
	return carryOut(ctx, p, made, pass, run, filepath.Join(private, "journal.jsonl"))
}

// prepareRun reads everything that a run is made from, in the order in which it must be: what earlier runs could not record comes before
// what was applied, and that before what may be applied now.
func prepareRun(ctx context.Context, env environment, opts applyOptions) (*planning, error) {
	p, err := preparePlanning(env, opts.dir)
	if err != nil {
		return nil, err
	}
	if opts.file == "" {
		if err := p.checkHead(); err != nil {
			return nil, err
		}
	}
	if err := p.marks.catchUp(ctx); err != nil {
		return nil, err
	}
	if err := p.readMark(ctx); err != nil {
		return nil, err
	}
	return p, p.checkOrder()
}

// privateFolder is where orgit keeps what belongs to a repository and to no commit of it.
func privateFolder(dir string) (string, error) {
	repo, err := openRepository(dir)
	if err != nil {
		return "", err
	}
	private, err := repo.PrivateDir()
	return filepath.Join(private, "orgit"), err
}

// thePlan is the plan file that is given, or a plan that is made now.
func thePlan(ctx context.Context, p *planning, opts applyOptions) (*plan.Plan, error) {
	if opts.file == "" {
		return p.compute(ctx)
	}
	return readPlan(opts.file)
}

// readPlan reads a plan file.
func readPlan(file string) (*plan.Plan, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("open the plan file: %w", err), "orgit plan --out FILE makes one")
	}
	made, err := plan.ReadFile(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return made, nil
}

// confirm asks before anything is written. Without a terminal there is nobody to ask, and
// only --yes says so.
func confirm(env environment, opts applyOptions, made *plan.Plan) error {
	if opts.yes {
		return nil
	}
	if !env.stdinTerminal {
		return invalidInput(errors.New("nobody can be asked whether to go on"), "give --yes when the input is no terminal")
	}
	fmt.Fprintf(env.stderr, "\nCarry out %s? Type yes: ", count(len(made.Operations), "operation", "operations"))
	line, err := bufio.NewReader(env.stdin).ReadString('\n')
	if err != nil && line == "" {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(line) != "yes" {
		return invalidInput(errors.New("nothing was written: the answer was not yes"), "")
	}
	return nil
}

// carryOut writes the plan, says what became of it, and moves the mark of what is applied
// for every target that is complete.
func carryOut(ctx context.Context, p *planning, made *plan.Plan, pass apply.Pass, run *recordedRun, journalFile string) (err error) {
	if err := p.readApplied(); err != nil {
		return err
	}
	writers := map[string]apply.Writer{}
	for _, t := range p.targets {
		asked, err := t.desired(p.planned, p.day)
		if err != nil {
			return fmt.Errorf("work out what %s is asked for: %w", t.name, err)
		}
		// A writer sees what the plan's reader saw: what was stated before and is not any more is orgit's as well.
		applied, err := p.applied(t)
		if err != nil {
			return err
		}
		w, err := t.write(ctx, p.knowledge(&asked, applied), pass)
		if err != nil {
			return fmt.Errorf("connect to %s: %w", t.name, err)
		}
		defer closeInto(w, &err)
		writers[t.name] = w
	}
	log, err := openJournal(journalFile)
	if err != nil {
		return err
	}
	defer closeInto(log, &err)
	if err := p.beginMark(ctx, made, run); err != nil {
		return err
	}
	journal := apply.NewJournal(log, made, p.env.now)
	progress := newProgress(p.env)
	interrupted := context.AfterFunc(ctx, func() {
		fmt.Fprintln(p.env.stderr, "orgit: stopping when the operations under way are through; interrupt again to stop at once")
	})
	report, err := apply.Run(ctx, pass, writers, apply.Observers{journal, run.recorder, progress})
	interrupted()
	if err != nil {
		return err
	}
	progress.finish()
	printReport(p.env.stdout, report)
	printCPR(p.env.stdout, p, report)
	printPasswords(p.env.stdout, p, report)
	err = errors.Join(p.advanceMark(ctx, made, report, run), journal.Err())
	if err != nil {
		return err
	}
	return reportVerdict(report)
}

func openJournal(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	return f, nil
}

// recordedRun is what a run leaves evidence of.
type recordedRun struct {
	recorder *apply.Recorder
	begun    apply.Record
}

func newRecordedRun(p *planning, made *plan.Plan) *recordedRun {
	return &recordedRun{apply.NewRecorder(p.env.now), apply.BeginRecord(made, string(newUUID()), approvalsOf(p.covered))}
}

// beginMark notes that a run begins, and of targets that it is the first one, so that what it leaves undone when it is cut is known to
// wait.
func (p *planning) beginMark(ctx context.Context, made *plan.Plan, run *recordedRun) error {
	for _, t := range made.Targets {
		if _, ok := p.mark.Targets[t.Name]; !ok {
			p.mark.Targets[t.Name] = apply.TargetMark{Day: made.Day, Tool: version}
		}
	}
	data, err := p.mark.Bytes()
	if err != nil {
		return err
	}
	return p.marks.begin(ctx, data, run.begun)
}

// advanceMark notes, for every target that was written (all of them when there was nothing
// to do), from which commit and on which day, and what of it did not succeed: that still
// waits, while a difference anywhere else is somebody else's doing from now on.
func (p *planning) advanceMark(ctx context.Context, made *plan.Plan, report *apply.Report, run *recordedRun) error {
	before, err := p.mark.Bytes()
	if err != nil {
		return err
	}
	for _, t := range made.Targets {
		mark := apply.TargetMark{Commit: made.Provenance.Commit, Day: made.Day, Tool: version}
		if report != nil {
			mark.Open, mark.Closing = report.Open(t.Name), report.Closing(t.Name)
			if len(mark.Open) > 0 && !report.Wrote(t.Name) {
				continue // nothing of it was written
			}
		}
		mark.Open = stillOpen(mark.Open, t.Undecided)
		p.mark.Targets[t.Name] = mark
	}
	after, err := p.mark.Bytes()
	if err != nil || report == nil && string(before) == string(after) {
		return err
	}
	return p.marks.end(ctx, after, run.recorder.Ended(run.begun, report))
}

// stillOpen joins what failed with what waits for somebody's decision: neither was written,
// so neither may be taken for what somebody changed in the target.
func stillOpen(failed, undecided []plan.ID) []plan.ID {
	open := append(slices.Clone(failed), undecided...)
	slices.SortFunc(open, plan.ID.Compare)
	return slices.Compact(open)
}

// reportVerdict is how a run ends.
func reportVerdict(r *apply.Report) error {
	good := r.Count(apply.Done, apply.Already)
	switch {
	case r.Interrupted:
		return context.Canceled
	case good == len(r.Results):
		return nil
	case good > 0:
		return errPartly
	}
	for _, res := range r.Results {
		if res.Err != nil {
			return fmt.Errorf("nothing was written: %s: %w", res.Operation.Name, res.Err)
		}
	}
	return fmt.Errorf("nothing was written: %w", apply.ErrPlanStale)
}
