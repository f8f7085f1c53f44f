package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/username"
	"orgit.dk/orgit/schema"
)

// Bounds of what is read to find the login names that open proposals have. Beyond them it is said that more is there.
const (
	mostProposals     = 300      // branches, the newest first
	mostProposedFiles = 20000    // different texts
	mostProposedText  = 16 << 20 // bytes of one
)

// proposalBranches are what the branches of proposals begin with.
func proposalBranches() []string { return []string{"forslag/", "import/"} }

// giveLogin gives somebody who is hired as new their login name, or refuses the one that is given.
func (p *proposal) giveLogin(ctx context.Context, c propose.Change) (propose.Change, error) {
	if !propose.NewLogins(p.approved.Settings.Usernames).Wanted(c) {
		return c, nil
	}
	if err := p.readLogins(); err != nil {
		return c, err
	}
	if err := p.readProposed(ctx); err != nil {
		return c, err
	}
	return p.logins.Give(c)
}

// loginAgain exchanges the login name of a change that is carried out again and cannot have it any more. What other proposals have counts
// only for a new one.
func (a *again) loginAgain(ctx context.Context, c propose.Change) (propose.Change, error) {
	if !a.hasLogin(c) {
		return c, nil
	}
	if err := a.keepLogins(); err != nil || a.kept[c.Person] {
		return c, err
	}
	if c.LoginByRule {
		if err := a.readProposed(ctx); err != nil {
			return c, err
		}
	}
	was := c.Login
	c, err := a.logins.Exchange(c)
	if err == nil && c.Login != was {
		fmt.Fprintf(a.env.stderr, "orgit: the login name %s has been taken since; %s gets %s\n", was, c.Person, c.Login)
	}
	return c, err
}

// hasLogin reports whether a change makes an account. Whoever is approved already is none of them; their hire itself is
// refused then.
func (a *again) hasLogin(c propose.Change) bool {
	return c.Do == propose.DoHire && c.New != "" && c.Login != "" && a.approved.Person(c.Person) == nil
}

// keepLogins finds out, once, whose login name is still to be had.
func (a *again) keepLogins() error {
	if a.kept != nil {
		return nil
	}
	if err := a.readLogins(); err != nil {
		return err
	}
	a.kept = map[string]bool{}
	for _, c := range a.changes {
		if a.hasLogin(c) && a.logins.Keep(c) {
			a.kept[c.Person] = true
		}
	}
	return nil
}

// readLogins finds out which login names are taken by what is approved, and by the branch that is added to.
func (p *proposal) readLogins() error {
	if p.logins != nil {
		return nil
	}
	l := propose.NewLogins(p.approved.Settings.Usernames)
	l.TakenByAccounts(username.TakenIn(p.approved))
	if p.before != p.approved { // a branch is added to
		l.TakenByAccounts(username.TakenIn(p.before))
	}
	used, _, err := username.Used(p.approve) // what is wrong with the list, the check of what is approved says
	if err != nil {
		return err
	}
	before := &username.Taken{}
	before.Add(used...)
	l.TakenBefore(before)
	p.logins = l
	return nil
}

// readProposed finds out, once, which login names open proposals have. That a server does not say it stops nothing: two that
// take the same name are told apart when they are checked.
func (p *proposal) readProposed(ctx context.Context) error {
	if p.looked {
		return nil
	}
	p.looked = true
	list, err := p.openProposals(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, b := range list[:min(len(list), mostProposals)] {
		names, err := p.proposedNames(b, seen)
		if err != nil {
			p.unsure("the open proposal " + b.Name + " could not be read (" + err.Error() + ")")
			continue
		}
		p.logins.TakenByProposal(b.Name, names)
	}
	if len(list) > mostProposals || len(seen) >= mostProposedFiles {
		p.unsure(fmt.Sprintf("not all that the %d open proposals change was looked at, only the newest of them", len(list)))
	}
	return ctx.Err()
}

// unsure says what was not looked at.
func (p *proposal) unsure(why string) {
	fmt.Fprintf(p.env.stderr, "orgit: %s: another proposal may have taken the same login name. If so, the one that is merged last has to be carried out again\n", schema.MaskCPR(why))
}

// proposedNames are the login names in what a branch has and the approved files have not. seen are the texts that have been
// read; branches that began together have most in common.
func (p *proposal) proposedNames(b git.Branch, seen map[string]bool) (*username.Taken, error) {
	blobs, err := p.repo.Brought(p.provenance.Base, b.Commit)
	if err != nil {
		return nil, err
	}
	names := &username.Taken{}
	for _, blob := range blobs {
		if seen[blob.ID] || len(seen) >= mostProposedFiles {
			continue
		}
		seen[blob.ID] = true
		text, ok, err := p.repo.Text(blob, mostProposedText)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fmt.Errorf("the file %s is too large", blob.File)
		}
		names.Add(username.Stated(blob.File, text)...)
	}
	return names, nil
}

// openProposals gives the branches of proposals, but the one that is carried out again: those that the server has, and those
// that are here alone.
func (p *proposal) openProposals(ctx context.Context) ([]git.Branch, error) {
	onServer := func(git.Branch) bool { return true }
	if p.server {
		refs, err := p.fetchProposals(ctx)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			p.unsure("the open proposals on the server could not be looked at (" + err.Error() + ")")
		default:
			onServer = func(b git.Branch) bool { return !b.Server || refs["refs/heads/"+b.Name] == b.Commit }
		}
	} else if p.opts.local {
		p.unsure("no server was asked for open proposals (--local)")
	}
	list, err := p.repo.Branches(proposalBranches()...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(b git.Branch) bool { return b.Name == p.opts.again || !onServer(b) }), nil
}

// fetchProposals brings the branches of open proposals here that are not, and says what the server has.
func (p *proposal) fetchProposals(ctx context.Context) (map[string]string, error) {
	refs, err := p.repo.ServerRefs(ctx, p.login)
	if err != nil {
		return nil, err
	}
	known, err := p.repo.Branches(proposalBranches()...)
	if err != nil {
		return nil, err
	}
	here := map[string]string{}
	for _, b := range known {
		if b.Server {
			here[b.Name] = b.Commit
		}
	}
	var missing []string
	for _, name := range proposalsOf(refs) {
		if here[name] != refs["refs/heads/"+name] {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return refs, nil
	}
	return refs, p.repo.Fetch(ctx, p.login, missing...)
}

// proposalsOf are the branches of proposals among a server's references, in order.
func proposalsOf(refs map[string]string) (names []string) {
	for ref := range refs {
		name, isBranch := strings.CutPrefix(ref, "refs/heads/")
		if isBranch && slices.ContainsFunc(proposalBranches(), func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
