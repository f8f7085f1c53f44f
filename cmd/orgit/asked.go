package main

import (
	"errors"
	"fmt"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// knowledge is what the states that are asked for tell a reader or writer.
func (p *planning) knowledge(states ...*plan.State) knowledge {
	k := knowledge{organisation: p.planned, cpr: p.cpr, passwords: p.passwords}
	for _, s := range states {
		if s != nil {
			k.stated = append(k.stated, s.Known)
		}
	}
	return k
}

// side is everything about a target but what it holds.
func (p *planning) side(t target) (*plan.TargetInput, error) {
	mark, marked := p.mark.Targets[t.name]
	in := &plan.TargetInput{Mode: t.mode, Repair: t.repair, Unmarked: !marked, Open: setOf(mark.Open), Closing: setOf(mark.Closing)}
	var err error
	if in.Desired, err = t.desired(p.planned, p.day); err != nil {
		return nil, fmt.Errorf("work out what %s is asked for: %w", t.name, err)
	}
	if in.Base, err = p.askedToo(t, &in.Desired, p.day); err != nil {
		return nil, err
	}
	if in.Applied, err = p.appliedBeside(t, in); err != nil {
		return nil, err
	}
	end := p.env.stages.Stage(t.name + ": what later days bring")
	in.Coming, err = plan.Forecast(in.Desired, in.Base, p.later(t))
	end()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	return in, nil
}

func setOf(ids []plan.ID) map[plan.ID]bool {
	set := map[plan.ID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
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

// appliedBeside is applied, which is what was worked out already where nothing was approved
// since, and no day has passed.
func (p *planning) appliedBeside(t target, in *plan.TargetInput) (*plan.State, error) {
	mark := p.mark.Targets[t.name]
	if mark.Commit == "" || mark.Day != p.day {
		return p.applied(t)
	}
	same := &in.Desired
	switch p.earlier[mark.Commit] {
	case p.planned:
	case p.approved:
		same = in.Base
	default:
		return p.applied(t)
	}
	state := *same
	return &state, nil
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
