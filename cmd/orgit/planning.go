package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// clock tells the time.
type clock = func() time.Time

// horizonDays is how far ahead a plan says what later days bring.
const horizonDays = 60

// planning is everything that a plan is made from, read and checked.
type planning struct {
	env        environment
	repo       *git.Repository
	day        org.Day
	planned    *org.Organisation
	approved   *org.Organisation // its settings judge the plan and say where the systems are
	provenance plan.Provenance
	mark       apply.Mark
	// markVersion is the version of the mark that was read, so that two runs do not
	// overwrite each other's.
	markVersion string
	targets     []target
	earlier     map[string]*org.Organisation // by commit
}

// preparePlanning reads what is proposed (the files in dir, merged with what is approved
// now), what is approved and what was applied last.
func preparePlanning(env environment, dir string) (*planning, error) {
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
	data, markVersion, err := repo.Mark()
	if err != nil {
		return nil, err
	}
	p.markVersion = markVersion
	if p.mark, err = apply.ParseMark(data); err != nil {
		return nil, err
	}
	p.provenance.Tool = version
	if p.provenance.Schema, err = schema.Digest(); err != nil {
		return nil, err
	}
	p.targets, err = connectedTargets(p.approved, env)
	return p, err
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
		return nil, errFaults
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
		return nil, errFaults
	}
	return o, nil
}

func (p *planning) check(files fs.FS) (*org.Organisation, error) {
	o, findings, err := checkedFiles(files, p.day)
	if err != nil {
		return nil, err
	}
	faults, lapsed := p.faults(findings)
	if len(faults) > 0 {
		printDiagnostics(p.env.stderr, faults)
		fmt.Fprintln(p.env.stderr, "orgit: the files have errors, so nothing can be planned; `orgit check` says more")
		return nil, errFaults
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
	in.Provenance.Read = p.env.now().UTC().Format(time.RFC3339)
	in.Changes = change.Compare(p.approved, p.planned)
	if err := p.readApplied(); err != nil {
		return nil, err
	}
	in.Targets = make([]plan.TargetInput, len(p.targets))
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range p.targets {
		group.Go(func() error {
			side, err := p.side(t)
			if err != nil {
				return err
			}
			side.Actual, err = readWhole(ctx, t, p.knowledge(&side.Desired, side.Base, side.Applied))
			in.Targets[i] = *side
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return plan.Compute(in)
}

// knowledge is what the states that are asked for tell a reader or writer.
func (p *planning) knowledge(states ...*plan.State) knowledge {
	k := knowledge{organisation: p.planned}
	for _, s := range states {
		if s != nil {
			k.stated = append(k.stated, s.Known)
		}
	}
	return k
}

// side is everything about a target but what it holds.
func (p *planning) side(t target) (*plan.TargetInput, error) {
	_, marked := p.mark.Targets[t.name]
	in := &plan.TargetInput{Mode: t.mode, Repair: t.repair, Unmarked: !marked}
	var err error
	if in.Desired, err = t.desired(p.planned, p.day); err != nil {
		return nil, fmt.Errorf("work out what %s is asked for: %w", t.name, err)
	}
	if in.Base, err = p.askedToo(t, &in.Desired, p.day); err != nil {
		return nil, err
	}
	if in.Applied, err = p.applied(t); err != nil {
		return nil, err
	}
	in.Coming, err = plan.Forecast(in.Desired, in.Base, p.later(t))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	return in, nil
}

// asked is what an organisation asks of a target on a day.
func (p *planning) asked(t target, o *org.Organisation, day org.Day) (*plan.State, error) {
	s, err := t.desired(o, day)
	if err != nil {
		return nil, fmt.Errorf("work out what %s is asked for on %s: %w", t.name, day, err)
	}
	return &s, nil
}

// askedToo is what the approved organisation asks of a target on a day, which is what the
// planned one does where the two are the same.
func (p *planning) askedToo(t target, planned *plan.State, day org.Day) (*plan.State, error) {
	if p.approved == p.planned {
		same := *planned
		return &same, nil
	}
	return p.asked(t, p.approved, day)
}

// applied is what the target was asked for when it was last written completely.
func (p *planning) applied(t target) (*plan.State, error) {
	mark := p.mark.Targets[t.name]
	if mark.Commit == "" {
		return nil, nil
	}
	return p.asked(t, p.earlier[mark.Commit], mark.Day)
}

// readApplied reads the organisations from which the targets were written last.
func (p *planning) readApplied() error {
	for _, t := range p.targets {
		mark := p.mark.Targets[t.name]
		if mark.Commit == "" || p.earlier[mark.Commit] != nil {
			continue
		}
		if mark.Commit == p.provenance.Base {
			p.earlier[mark.Commit] = p.approved
			continue
		}
		o, err := p.load(mark.Commit)
		if errors.Is(err, git.ErrNoRevision) {
			return withHint(fmt.Errorf("read what was applied last to %s: %w", t.name, err), "fetch the whole history (GIT_DEPTH: 0 in GitLab CI)")
		}
		if err != nil {
			return err
		}
		p.earlier[mark.Commit] = o
	}
	return nil
}

// later gives what is asked of a target on each of the coming days, one at a time.
func (p *planning) later(t target) iter.Seq2[plan.Later, error] {
	return func(yield func(plan.Later, error) bool) {
		for _, day := range p.laterDays(t) {
			later, err := plan.Later{Day: day}, error(nil)
			if later.Desired, err = t.desired(p.planned, day); err == nil {
				later.Base, err = p.askedToo(t, &later.Desired, day)
			}
			if !yield(later, err) {
				return
			}
		}
	}
}

// laterDays are the coming days on which something changes, by either organisation, and
// those on which the target does something before or after that.
func (p *planning) laterDays(t target) []org.Day {
	last := p.day.Add(horizonDays)
	var days []org.Day
	for _, o := range []*org.Organisation{p.planned, p.approved} {
		for _, d := range o.Days() {
			days = append(days, d)
			for _, shift := range t.shifts {
				days = append(days, d.Add(shift))
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	return slices.DeleteFunc(days, func(d org.Day) bool { return d <= p.day || d > last })
}
