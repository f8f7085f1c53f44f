package main

import (
	"context"
	"errors"
	"fmt"
	"path"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

// errStands says that a proposal stands against what has been approved meanwhile.
var errStands = errors.New("it stands against what is approved now")

// publish commits what was edited, on a branch that others can see where there is a server.
func (p *proposal) publish(ctx context.Context, o *proposeOutcome) error {
	message, err := propose.Message(subject(o.Typed), o.Typed)
	if err != nil {
		return err
	}
	commit, err := p.commit(p.parent, message, "")
	if err != nil {
		return err
	}
	o.Branch, o.Commit = p.opts.branch, commit
	old := p.parent
	if o.Branch == "" {
		o.Branch, old = "forslag/"+p.env.ids().hex(4), ""
	}
	return p.move(ctx, o, old)
}

// commit makes a commit of what was edited. follows is the head of a branch that it brings up to date.
func (p *proposal) commit(on, message, follows string) (string, error) {
	c := git.Commit{Message: message, Author: author(p.env), When: p.env.now(), Follows: follows}
	p.by.sign(&c)
	if len(schema.FindCPR(c.Message)) > 0 {
		return "", errors.New("the commit's message holds something that looks like a CPR number; nothing was committed")
	}
	files := map[string][]byte{}
	for name, text := range p.edited {
		files[path.Join(p.repo.Folder(), name)] = text
	}
	return p.repo.CommitFiles(on, files, c)
}

// move lets the branch point to the commit, unless somebody else has moved it meanwhile. A new branch has no old commit.
func (p *proposal) move(ctx context.Context, o *proposeOutcome, old string) error {
	if p.server {
		err := p.repo.Push(ctx, p.login, git.Update{Ref: "refs/heads/" + o.Branch, Old: old, New: o.Commit})
		switch {
		case err == nil:
			o.Pushed = true
			return nil
		case errors.Is(err, git.ErrMoved):
			return withHint(err, "somebody else has added to the branch; do it again")
		case !errors.Is(err, git.ErrNotAuthorised) || p.login.Password != "" || old != "":
			return err
		}
		fmt.Fprintln(p.env.stderr, "orgit: the server takes no push without a login, and ORGIT_PUSH_TOKEN gives none: the branch stays here")
	}
	if old == "" {
		return p.repo.CreateBranch(o.Branch, o.Commit)
	}
	return p.repo.MoveBranch(o.Branch, old, o.Commit)
}

// subject is the first line of a commit: it names nobody.
func subject(changes []propose.Change) string {
	if len(changes) != 1 {
		return fmt.Sprintf("%d ændringer", len(changes))
	}
	c := changes[0]
	for _, key := range []string{c.Key, c.Person, c.Unit} {
		if key != "" {
			return "Ændring for " + key
		}
	}
	return "Ændring"
}
