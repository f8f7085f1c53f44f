package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// clock tells the time.
type clock = func() time.Time

// planning is everything that a plan is made from, read and checked.
type planning struct {
	env        environment
	repo       *git.Repository
	day        org.Day
	planned    *org.Organisation
	approved   *org.Organisation   // its settings judge the plan and say where the systems are
	findings   []schema.Diagnostic // about the planned files
	provenance plan.Provenance
	mark       apply.Mark // see readMark
	marks      marks
	approvals  []apply.Approval // why what is carried out counts as approved, for the evidence; only where a plan is carried out
	targets    []target
	earlier    map[string]*org.Organisation // by commit
	snapshot   *snapshotted                 // what the targets held; nil: they are read
	input      *plan.Input                  // what the last plan was computed from
	passwords  map[string]*ad.Passwords     // by target; only where a plan is carried out, and where passwords are given
	cpr        *fkorg.CPRJoin               // only where a plan is carried out; nil: no CPR numbers
}

// preparePlanning reads what is proposed (the files in dir, merged with what is approved
// now), what is approved and what was applied last, and how to reach the systems.
func preparePlanning(env environment, dir string) (*planning, error) {
	p, err := readPlanning(env, dir)
	if err != nil {
		return nil, err
	}
	p.targets, err = connectedTargets(p.approved, env)
	return p, err
}

// preparePlanningFrom is preparePlanning without a way to reach the systems, for a plan that
// is made from a snapshot file. Without a file it is preparePlanning.
func preparePlanningFrom(env environment, dir, file string) (*planning, error) {
	if file == "" {
		return preparePlanning(env, dir)
	}
	s, err := openSnapshot(env, file)
	if err != nil {
		return nil, err
	}
	p, err := readPlanning(env, dir)
	if err != nil {
		return nil, err
	}
	p.targets = statedTargets(p.approved)
	if err := p.useSnapshot(s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// readPlanning reads everything that a plan is made from but the systems.
func readPlanning(env environment, dir string) (*planning, error) {
	day, err := env.today()
	if err != nil {
		return nil, err
	}
	repo, err := openRepository(dir)
	if err != nil {
		return nil, err
	}
	p := &planning{env: env, repo: repo, day: day, earlier: map[string]*org.Organisation{}}
	if err := p.readVersions(dir); err != nil {
		return nil, err
	}
	if p.marks, err = marksFor(env, repo, dir); err != nil {
		return nil, err
	}
	p.provenance.Tool = version
	p.provenance.Schema, err = schema.Digest()
	return p, err
}

// readMark reads what was applied last. It is read once: a run goes on from what its plan was compared with.
func (p *planning) readMark(ctx context.Context) error {
	if p.mark.Targets != nil {
		return nil
	}
	data, err := p.marks.read(ctx)
	if err != nil {
		return err
	}
	p.mark, err = apply.ParseMark(data)
	return err
}

func openRepository(dir string) (*git.Repository, error) {
	if err := rootFolder(dir); err != nil {
		return nil, err
	}
	repo, err := git.Open(dir)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("open the repository: %w", err), "a plan needs a git repository: it compares with what is approved; `orgit init DIR` makes one")
	}
	return repo, nil
}

func (p *planning) readVersions(dir string) error {
	head, err := p.repo.Resolve("HEAD")
	if err != nil {
		return err
	}
	changed, err := p.repo.Changed()
	if err != nil {
		return err
	}
	main, err := p.repo.Approved(approvedBranch(p.env))
	if errors.Is(err, git.ErrNoRevision) || err != nil && p.env.getenv("ORGIT_BRANCH") != "" {
		// Without it the proposal's own settings would say where passwords are sent.
		return invalidInput(fmt.Errorf("find what is approved: %w", err),
			"fetch the branch main (GIT_DEPTH: 0 in GitLab CI), or name the approved branch with ORGIT_BRANCH")
	}
	if err != nil {
		return err
	}
	p.provenance.Base, p.provenance.Commit, p.provenance.Uncommitted = main, head, len(changed) > 0
	if head == main && len(changed) == 0 {
		p.planned, err = p.check(os.DirFS(dir))
		p.approved = p.planned
		return err
	}
	if p.approved, err = p.load(main); err != nil {
		return err
	}
	files, err := p.merged(os.DirFS(dir), head, main)
	if err != nil {
		return err
	}
	p.planned, err = p.check(files)
	return err
}

// tree gives the organisation's files at a commit: those of the opened folder.
func (p *planning) tree(commit string) (fs.FS, error) {
	files, _, err := p.repo.Tree(commit)
	if err != nil || p.repo.Folder() == "." {
		return files, err
	}
	return fs.Sub(files, p.repo.Folder())
}

// approvedBranch is the name of the branch that holds what is approved. It never comes
// from the files that are planned: a proposal must not choose who judges it.
func approvedBranch(env environment) string {
	if name := env.getenv("ORGIT_BRANCH"); name != "" {
		return name
	}
	return "main"
}

// merged gives the proposal as it would be after its merge: what it changes, entry by
// entry, on what is approved now.
func (p *planning) merged(files fs.FS, head, main string) (fs.FS, error) {
	if head == main {
		return files, nil
	}
	baseCommit, err := p.repo.MergeBase(head, main)
	if err != nil {
		return nil, err
	}
	if baseCommit == main {
		return files, nil
	}
	base, err := p.tree(baseCommit)
	if err != nil {
		return nil, err
	}
	approved, err := p.tree(main)
	if err != nil {
		return nil, err
	}
	result, conflicts, err := org.Merge(base, approved, files)
	if err != nil {
		return nil, fmt.Errorf("merge with what is approved: %w", err)
	}
	if len(conflicts) > 0 {
		printDiagnostics(p.env.stderr, conflicts)
		return nil, &faultsError{findings: conflicts, commit: head, organisations: []*org.Organisation{p.approved}}
	}
	return result, nil
}

func (p *planning) load(commit string) (*org.Organisation, error) {
	files, err := p.tree(commit)
	if err != nil {
		return nil, err
	}
	o, findings, err := org.Load(files)
	if err != nil {
		return nil, fmt.Errorf("read the organisation at %s: %w", commit, err)
	}
	if schema.HasErrors(findings) {
		printDiagnostics(p.env.stderr, errorsIn(findings))
		fmt.Fprintf(p.env.stderr, "orgit: the commit %s has errors\n", commit)
		return nil, &faultsError{findings: findings, approved: true, commit: p.provenance.Commit, organisations: []*org.Organisation{o}}
	}
	return o, nil
}

func (p *planning) check(files fs.FS) (*org.Organisation, error) {
	o, findings, err := checkedFiles(files, p.day)
	if err != nil {
		return nil, err
	}
	// A setting that is not understood would silently do nothing; what a value cannot be
	// is said in the plan itself.
	p.findings = findings
	all := slices.Concat(findings, ad.CheckSettings(o))
	faults, lapsed := p.faults(all)
	if len(faults) > 0 {
		printDiagnostics(p.env.stderr, faults)
		fmt.Fprintln(p.env.stderr, "orgit: the files have errors, so nothing can be planned; `orgit check` says more")
		return nil, &faultsError{findings: all, commit: p.provenance.Commit, organisations: []*org.Organisation{o, p.approved}}
	}
	if len(lapsed) > 0 {
		printDiagnostics(p.env.stderr, lapsed)
		fmt.Fprintf(p.env.stderr, "orgit: %s in what is approved came about by the passing of time; correct it, the plan goes on without\n", count(len(lapsed), "error", "errors"))
	}
	return o, nil
}

// faults are the errors that stop a plan. What time alone has made of approved files, such
// as a leader whose last job has ended, does not: one forgotten date must not keep
// everybody else's changes from the systems. A proposal that brings such a fault is
// stopped.
func (p *planning) faults(findings []schema.Diagnostic) (faults, lapsed []schema.Diagnostic) {
	var approved []schema.Diagnostic
	if p.approved != nil {
		approved = p.approved.Check(p.day)
	}
	for _, d := range errorsIn(findings) {
		known := p.approved == nil || slices.ContainsFunc(approved, func(a schema.Diagnostic) bool {
			return a.Code == d.Code && a.Path == d.Path && a.Message == d.Message
		})
		if known && org.ByTime(d) {
			lapsed = append(lapsed, d)
		} else {
			faults = append(faults, d)
		}
	}
	return faults, lapsed
}

// compute reads the targets and makes the plan.
func (p *planning) compute(ctx context.Context) (*plan.Plan, error) {
	if len(p.targets) == 0 {
		return nil, invalidInput(errors.New("no system is connected"), "connect one in targets of organisation.cue")
	}
	in := plan.Input{Day: p.day, Org: p.planned, Approved: p.approved, Provenance: p.provenance}
	if in.Provenance.Read == "" {
		in.Provenance.Read = p.env.now().UTC().Format(time.RFC3339)
	}
	in.Changes = change.Compare(p.approved, p.planned)
	if err := p.readMark(ctx); err != nil {
		return nil, err
	}
	if err := p.readApplied(); err != nil {
		return nil, err
	}
	in.Targets = make([]plan.TargetInput, len(p.targets))
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range p.targets {
		group.Go(func() (err error) {
			in.Targets[i], err = p.targetInput(ctx, t)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	p.noteUnseen(&in)
	p.input = &in
	return plan.Compute(in)
}

// targetInput is everything about a target: what it is asked for is worked out while it is read.
func (p *planning) targetInput(ctx context.Context, t target) (plan.TargetInput, error) {
	if p.snapshot != nil {
		return p.snapshotInput(t)
	}
	group, ctx := errgroup.WithContext(ctx)
	var side *plan.TargetInput
	asked := make(chan struct{}) // closed when side is there
	group.Go(func() (err error) {
		if side, err = p.side(t); err == nil {
			close(asked)
		}
		return err
	})
	var found plan.Actual
	group.Go(func() (err error) {
		k := p.knowledge()
		k.awaited = func(ctx context.Context) ([]map[plan.ID]bool, error) {
			select {
			case <-asked:
				return p.knowledge(&side.Desired, side.Base, side.Applied).stated, nil
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}
		if found, err = readWhole(ctx, t, t.read, k); err != nil {
			return &systemError{t.name, err}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return plan.TargetInput{}, err
	}
	side.Actual = found
	return *side, nil
}

// snapshotInput is everything about a target, as it was when the snapshot was made.
func (p *planning) snapshotInput(t target) (plan.TargetInput, error) {
	side, err := p.side(t)
	if err != nil {
		return plan.TargetInput{}, err
	}
	side.Actual, err = p.fromSnapshot(t, p.knowledge(&side.Desired, side.Base, side.Applied), side)
	return *side, err
}
