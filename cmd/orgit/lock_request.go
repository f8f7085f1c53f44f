package main

import (
	"context"
	"errors"
	"fmt"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

// propose opens the merge request of a lock's record where a GitLab is configured. What fails is said, and undoes nothing: the
// lock holds without it.
func (e *emergency) propose(ctx context.Context, r *lockRecord) {
	if e.env.proposals == nil || r.State != recordMade && r.State != recordAlready {
		return
	}
	server, err := e.env.proposals(ctx)
	if err == nil && server == nil {
		return
	}
	if err == nil {
		err = e.push(ctx, r)
	}
	if err == nil {
		r.MergeRequest, err = e.request(ctx, server, r)
	}
	if err != nil {
		r.Error = schema.MaskCPR(err.Error())
	}
}

// push brings the branch to the server. One that is there already is left as it is where it holds the record; anybody can
// work out the name, so where it holds something else the record goes beside it, under a name that only the record gives:
// locking again finds it there.
func (e *emergency) push(ctx context.Context, r *lockRecord) error {
	login, err := serverLogin(e.env)
	if err != nil {
		return err
	}
	name := r.Branch
	for _, r.Branch = range []string{name, name + "-" + r.Commit[:8]} {
		err := e.repo.Push(ctx, login, git.Update{Ref: "refs/heads/" + r.Branch, New: r.Commit})
		if !errors.Is(err, git.ErrMoved) {
			return err
		}
		if err := e.repo.Fetch(ctx, login, r.Branch); err != nil {
			return err
		}
		there, err := e.repo.Approved(r.Branch) // as the server has it
		if err != nil {
			return err
		}
		if holds, err := e.repo.Contains(there, r.Commit); err != nil || holds {
			return err
		}
	}
	return fmt.Errorf("push %s: %w", r.Branch, git.ErrMoved)
}

// request says nothing that only those on call should know: no name, and no reason, for none was asked for.
func (e *emergency) request(ctx context.Context, server proposalServer, r *lockRecord) (*openedRequest, error) {
	title, says := "Ændring for "+e.person.Key, "De konti, det handler om, er lukket allerede. Godkend, når det skal stå i filerne. En afvisning åbner ingen konto: det gør kun de, der har vagten.\n"
	if e.approved.Settings.Language == change.English {
		title, says = "Change for "+e.person.Key, "The accounts that it is about are closed already. Approve when the files are to say so. To reject it opens no account: only those on call do.\n"
	}
	mr, created, err := server.Propose(ctx, gitlab.Proposal{
		Source: r.Branch, Target: approvedBranch(e.env), Title: title, Description: says, Reviewers: e.approved.Settings.Review.Group,
	})
	if err != nil {
		return nil, fmt.Errorf("open the merge request: %w", err)
	}
	return &openedRequest{IID: mr.IID, URL: mr.URL, Created: created}, nil
}
