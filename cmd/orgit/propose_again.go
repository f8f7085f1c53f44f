package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

// again is a proposal that is carried out once more, on what is approved now.
type again struct {
	*proposal
	head     string       // of the branch
	parted   string       // where branch and main parted
	commits  []git.Logged // of the branch
	changes  []propose.Change
	proposed org.Texts         // at head
	texts    org.Texts         // at parted
	was      *org.Organisation // at parted
	is       *org.Organisation // at head
	made     *propose.Session  // the changes as they were made at parted
	kept     map[string]bool   // who keeps their login name, by the person's key; nil until it is looked up
}

// runProposeAgain brings a branch up to date: not by merging lines of text, but by carrying its typed changes out again. The
// new commit follows both the branch and main, so nothing of what was reviewed is lost, and nothing is forced.
func runProposeAgain(ctx context.Context, env environment, opts proposeOptions) error {
	p, err := openProposal(ctx, env, opts)
	if err != nil {
		return err
	}
	p.before = p.approved
	a := &again{proposal: p}
	if err := a.read(ctx); err != nil {
		return err
	}
	o := &proposeOutcome{DryRun: opts.dryRun, Base: p.provenance.Base, Branch: opts.again, Commit: a.head}
	if a.parted == p.provenance.Base {
		o.Again = againCurrent
		return printProposal(env, o, opts)
	}
	if err := a.faithful(); err != nil {
		return err
	}
	if o.Stands, err = a.carryOut(ctx); err != nil {
		return err
	}
	if len(o.Stands) > 0 {
		if opts.json {
			err = writeJSON(env.stdout, o)
		} else {
			printStanding(env.stderr, o.Stands, p.approved.Settings.Language)
		}
		return errors.Join(err, withHint(errStands, "agree on one of them; then propose it anew, or close the merge request"))
	}
	if len(p.session.Changed()) == 0 {
		o.Again = againApproved
		return printProposal(env, o, opts)
	}
	o.Again = againDone
	return a.finish(ctx, o)
}

// What became of a proposal that was carried out again.
const (
	againCurrent  = "current"  // it follows what is approved now
	againApproved = "approved" // what is approved now says all of it already
	againDone     = "again"
)

// read finds out what the branch proposes.
func (a *again) read(ctx context.Context) (err error) {
	if a.head, err = a.proposal.head(ctx, a.opts.again); err != nil {
		return err
	}
	if a.parted, err = a.repo.MergeBase(a.head, a.provenance.Base); err != nil {
		return err
	}
	if a.commits, err = a.repo.Between(a.provenance.Base, a.head); err != nil {
		return err
	}
	if a.texts, err = a.textsAt(a.parted); err != nil {
		return err
	}
	if a.was, _, err = org.Load(a.texts); err != nil {
		return err
	}
	for _, c := range a.commits {
		changes, err := propose.ReadMessage(c.Message)
		if err != nil {
			return fmt.Errorf("read the commit %.10s: %w", c.ID, err)
		}
		if changes, err = a.withTexts(c.ID, changes); err != nil {
			return fmt.Errorf("read the commit %.10s: %w", c.ID, err)
		}
		a.changes = append(a.changes, changes...)
	}
	if a.proposed, err = a.textsAt(a.head); err != nil {
		return err
	}
	if a.is, _, err = org.Load(a.proposed); err != nil {
		return err
	}
	for i, c := range a.changes {
		a.changes[i] = c.WithLogin(a.is)
	}
	return nil
}

// withTexts gives changes the texts that the commit's files have.
func (a *again) withTexts(commit string, changes []propose.Change) ([]propose.Change, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	texts, err := a.textsAt(commit)
	if err != nil {
		return nil, err
	}
	o, _, err := org.Load(texts)
	if err != nil {
		return nil, err
	}
	for i := range changes {
		if changes[i], err = changes[i].WithTexts(o); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// faithful makes sure that the typed changes are all that the branch changes: what somebody edited by hand would be lost.
func (a *again) faithful() error {
	var err error
	if a.made, err = propose.NewSession(a.texts, a.was, a.day, a.env.ids()); err != nil {
		return err
	}
	for _, c := range a.changes {
		if _, err := a.made.Do(c); err != nil {
			return fmt.Errorf("the branch %s says of itself what cannot have been: %w", a.opts.again, err)
		}
	}
	differ, err := differing(a.made.Texts(), a.proposed)
	if err != nil || len(differ) == 0 {
		return err
	}
	return invalidInput(fmt.Errorf("the branch %s changes more than its commits say, in %s, so it cannot be carried out again", a.opts.again, some(differ)),
		"somebody has edited it by hand: merge main into the branch with git")
}

// differing names the files in which two sets of files differ.
func differing(a, b org.Texts) ([]string, error) {
	all := map[string]bool{}
	one, other := a.All(), b.All()
	for name := range one {
		all[name] = true
	}
	for name := range other {
		all[name] = true
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		x, inA := one[name]
		y, inB := other[name]
		if inA != inB || !bytes.Equal(x, y) {
			names = append(names, name)
		}
	}
	return names, nil
}

// carryOut makes the changes on what is approved now, and gives those that stand against it.
func (a *again) carryOut(ctx context.Context) (stands []standing, err error) {
	if a.session, err = propose.NewSession(a.approve, a.approved, a.day, a.env.ids()); err != nil {
		return nil, err
	}
	for _, c := range a.changes {
		c, err := a.loginAgain(ctx, c)
		if err == nil {
			_, err = a.session.Do(c)
		}
		if errors.Is(err, propose.ErrProposal) {
			s, err := a.stands(c, strings.TrimPrefix(err.Error(), propose.ErrProposal.Error()+": "), c.Entries())
			if err != nil {
				return nil, err
			}
			stands = append(stands, s)
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	if len(stands) > 0 {
		return stands, nil
	}
	for _, clash := range a.session.Clashes(a.made) {
		s, err := a.stands(clash.Change, "both change "+clash.Field(), [][2]string{{clash.Path[0], clash.Path[1]}})
		if err != nil {
			return nil, err
		}
		stands = append(stands, s)
	}
	return stands, nil
}

// finish checks, shows and publishes what came of it.
func (a *again) finish(ctx context.Context, o *proposeOutcome) error {
	if err := a.checkResult(); err != nil {
		return err
	}
	a.parent = a.provenance.Base
	if err := a.describe(o); err != nil {
		return err
	}
	a.planFor(ctx, o)
	if err := ctx.Err(); err != nil {
		return err
	}
	if a.opts.dryRun {
		return printProposal(a.env, o, a.opts)
	}
	commit, err := a.commit(a.provenance.Base, "Bragt ajour med det godkendte\n", a.head)
	if err != nil {
		return err
	}
	o.Commit = commit
	if err := a.move(ctx, o, a.head); err != nil {
		return err
	}
	if err := a.request(ctx, o); err != nil {
		return errors.Join(err, printProposal(a.env, o, a.opts))
	}
	return printProposal(a.env, o, a.opts)
}
