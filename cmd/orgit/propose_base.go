package main

import (
	"context"
	"errors"
	"fmt"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// proposal is a change on its way from what is approved to a branch.
type proposal struct {
	*planning
	opts     proposeOptions
	login    git.Login
	by       *proposer // nil: nobody is named
	server   bool      // origin is asked, and gets the branch
	main     string    // the name of the approved branch
	approve  org.Texts
	known    []schema.Diagnostic // what the approved files are found to have
	parent   string              // the commit that the proposal follows: main's, or the head of the branch that it adds to
	before   *org.Organisation   // what parent holds
	session  *propose.Session
	logins   *propose.Logins     // nil until somebody needs a login name
	looked   bool                // at open proposals, for the login names that they have
	warnings []schema.Diagnostic // that the proposal brings
	edited   map[string][]byte
}

// startProposal reads what is approved now, and the branch that is added to.
func startProposal(ctx context.Context, env environment, opts proposeOptions) (*proposal, error) {
	p, err := openProposal(ctx, env, opts)
	if err != nil {
		return nil, err
	}
	texts := p.approve
	p.parent, p.before = p.provenance.Base, p.approved
	if opts.branch != "" {
		if texts, err = p.readBranch(ctx); err != nil {
			return nil, err
		}
	}
	p.session, err = propose.NewSession(texts, p.before, p.day, env.ids())
	return p, err
}

// openProposal fetches and reads what is approved.
func openProposal(ctx context.Context, env environment, opts proposeOptions) (*proposal, error) {
	day, err := env.today()
	if err != nil {
		return nil, err
	}
	repo, err := openRepository(opts.dir)
	if err != nil {
		return nil, err
	}
	p := &proposal{planning: &planning{env: env, repo: repo, day: day, earlier: map[string]*org.Organisation{}}, opts: opts, main: approvedBranch(env)}
	if opts.branch == p.main || opts.again == p.main {
		return nil, invalidInput(fmt.Errorf("%s is what is approved, and is changed by merge requests alone", p.main), "name another branch")
	}
	if p.by, err = newProposer(env); err != nil {
		return nil, err
	}
	if err := p.fetch(ctx, p.main); err != nil {
		return nil, err
	}
	if p.provenance.Base, err = repo.Approved(p.main); err != nil {
		return nil, invalidInput(fmt.Errorf("find what is approved: %w", err), "fetch the branch main, or name the approved branch with ORGIT_BRANCH")
	}
	if p.approve, err = p.textsAt(p.provenance.Base); err != nil {
		return nil, err
	}
	p.approved, p.known, err = checkedFiles(p.approve, day)
	if err != nil {
		return nil, err
	}
	p.known, err = withTargets(p.env.stages, p.approved, day, p.known)
	return p, err
}

// textsAt reads the organisation's files at a commit.
func (p *proposal) textsAt(commit string) (org.Texts, error) {
	files, err := p.tree(commit)
	if err != nil {
		return org.Texts{}, err
	}
	return org.ReadTexts(files)
}

// fetch brings branches of the server here. Where there is none it says nothing. A server that wants a login which nobody
// gave is not asked again.
func (p *proposal) fetch(ctx context.Context, branches ...string) error {
	if p.opts.local {
		return nil
	}
	var err error
	if p.login, err = serverLogin(p.env); err != nil {
		return err
	}
	switch err := p.repo.Fetch(ctx, p.login, branches...); {
	case errors.Is(err, git.ErrNoServer):
		return nil
	case errors.Is(err, git.ErrNotAuthorised) && p.login.Password == "":
		fmt.Fprintln(p.env.stderr, "orgit: the server gives nothing without a login, and ORGIT_PUSH_TOKEN gives none: this works on what was fetched last, and the branch stays here")
		return nil
	case err != nil:
		return withHint(err, "--local works on what was fetched last, and asks no server")
	}
	p.server = true
	return nil
}

// readBranch reads the proposal that is added to.
func (p *proposal) readBranch(ctx context.Context) (org.Texts, error) {
	var err error
	if p.parent, err = p.head(ctx, p.opts.branch); err != nil {
		return org.Texts{}, err
	}
	texts, err := p.textsAt(p.parent)
	if err != nil {
		return org.Texts{}, err
	}
	p.before, _, err = org.Load(texts)
	return texts, err
}

// head is the commit of a proposal's branch: the server's where it is asked, else the local one.
func (p *proposal) head(ctx context.Context, branch string) (string, error) {
	revision := "refs/heads/" + branch
	if p.server {
		revision = "refs/remotes/origin/" + branch
		if err := p.fetch(ctx, branch); err != nil && !errors.Is(err, git.ErrNoRevision) {
			return "", err
		}
	}
	commit, err := p.repo.Resolve(revision)
	if errors.Is(err, git.ErrNoRevision) {
		return "", invalidInput(fmt.Errorf("there is no branch %s", branch), "`git branch --all` lists those that were fetched")
	}
	return commit, err
}
