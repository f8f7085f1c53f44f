package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/review"
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
	loader     org.Loader // of every version that is read
	day        org.Day
	planned    *org.Organisation
	approved   *org.Organisation   // its settings judge the plan and say where the systems are
	findings   []schema.Diagnostic // about the planned files
	provenance plan.Provenance
	mark       apply.Mark // see readMark
	marks      marks
	covered    *review.Coverage // why what is carried out counts as approved; nil where nobody is asked
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
	return preparePlanningOf(env, dir, "", "")
}

// preparePlanningFrom is preparePlanning without a way to reach the systems, for a plan that
// is made from a snapshot file. Without a file it is preparePlanning.
func preparePlanningFrom(env environment, dir, file string) (*planning, error) {
	return preparePlanningOf(env, dir, file, "")
}

// preparePlanningOf is preparePlanningFrom for what a commit proposes; without one, for what the files in dir do.
func preparePlanningOf(env environment, dir, file, commit string) (*planning, error) {
	p, err := readPlanningOf(env, dir, commit)
	if err != nil {
		return nil, err
	}
	return p, p.connect(file)
}

// connect says how to reach the systems: a snapshot of them in a file, or, without one, themselves.
func (p *planning) connect(file string) (err error) {
	if file == "" {
		p.targets, err = connectedTargets(p.approved, p.env)
		return err
	}
	defer p.env.stages.Stage("open the snapshot")()
	s, err := openSnapshot(p.env, file)
	if err != nil {
		return err
	}
	p.targets = statedTargets(p.approved)
	if err := p.useSnapshot(s); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readPlanning reads everything that a plan is made from but the systems.
func readPlanning(env environment, dir string) (*planning, error) {
	return readPlanningOf(env, dir, "")
}

func readPlanningOf(env environment, dir, commit string) (*planning, error) {
	day, err := env.today()
	if err != nil {
		return nil, err
	}
	repo, err := openRepository(dir)
	if err != nil {
		return nil, err
	}
	p := &planning{env: env, repo: repo, day: day, loader: org.Loader{Stage: env.stages.Stage, Memory: env.memory}, earlier: map[string]*org.Organisation{}}
	if err := p.readVersions(dir, commit); err != nil {
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

// compute reads the targets and makes the plan.
func (p *planning) compute(ctx context.Context) (*plan.Plan, error) {
	if len(p.targets) == 0 {
		return nil, invalidInput(errors.New("no system is connected"), "connect one in targets of organisation.cue")
	}
	in := plan.Input{Day: p.day, Org: p.planned, Approved: p.approved, Provenance: p.provenance}
	if in.Provenance.Read == "" {
		in.Provenance.Read = p.env.now().UTC().Format(time.RFC3339)
	}
	end := p.env.stages.Stage("say in words what changes")
	in.Changes = change.Compare(p.approved, p.planned)
	end()
	end = p.env.stages.Stage("read what was applied last")
	err := p.readMark(ctx)
	end()
	if err != nil {
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
	defer p.env.stages.Stage("compare")()
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
		if side, err = p.timedSide(t); err == nil {
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
		defer p.env.stages.Stage(t.name + ": read")()
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

// timedSide is side, with the stages that are its parts.
func (p *planning) timedSide(t target) (*plan.TargetInput, error) {
	defer p.env.stages.Stage(t.name + ": what is asked for")()
	desired := t.desired
	t.desired = func(o *org.Organisation, day org.Day) (plan.State, error) {
		defer p.env.stages.Stage(t.name + ": what is asked for, one version")()
		return desired(o, day)
	}
	return p.side(t)
}

// snapshotInput is everything about a target, as it was when the snapshot was made.
func (p *planning) snapshotInput(t target) (plan.TargetInput, error) {
	side, err := p.timedSide(t)
	if err != nil {
		return plan.TargetInput{}, err
	}
	defer p.env.stages.Stage(t.name + ": take from the snapshot")()
	side.Actual, err = p.fromSnapshot(t, p.knowledge(&side.Desired, side.Base, side.Applied), side)
	return *side, err
}
