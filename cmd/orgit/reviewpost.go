package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/note"
	"orgit.dk/orgit/plan/view"
)

// reviewServer is what the command needs of GitLab.
type reviewServer interface {
	note.Server
	// Me is the account that orgit itself has.
	Me(ctx context.Context) (gitlab.User, error)
	MergeRequest(ctx context.Context, iid int) (gitlab.MergeRequest, error)
}

// post keeps the merge request's note, or prints it where there is none to keep.
func (r *reviewRun) post(ctx context.Context) error {
	iid, err := r.mergeRequest()
	if err != nil {
		return err
	}
	server, err := r.server(ctx)
	if err != nil {
		return err
	}
	if server == nil || iid == 0 {
		if r.opts.mergeRequest != 0 {
			return invalidInput(errors.New("no GitLab is configured, so no note can be written"), "")
		}
		_, err := fmt.Fprint(r.env.stdout, r.note)
		return err
	}
	mr, err := server.MergeRequest(ctx, iid)
	if err != nil {
		return fmt.Errorf("read merge request !%d: %w", iid, err)
	}
	if mr.Head != "" && mr.Head != r.proposed() {
		fmt.Fprintf(r.env.stderr, "orgit: merge request !%d has newer commits; its note is left to their pipeline\n", iid)
		return nil
	}
	me, err := server.Me(ctx)
	if err != nil {
		return fmt.Errorf("ask GitLab which account orgit has: %w", err)
	}
	outcome, err := note.Keeper{Server: server, Me: me, IsNote: view.IsNote, Same: view.SameNote}.Keep(ctx, iid, r.note)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.env.stdout, "The note on merge request !%d: %s.\n", iid, outcome)
	return nil
}

// server is the configured GitLab; nil when there is none.
func (r *reviewRun) server(ctx context.Context) (reviewServer, error) {
	if r.env.gitlab == nil {
		return nil, nil
	}
	server, err := r.env.gitlab(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to GitLab: %w", err)
	}
	return server, nil
}

// mergeRequest is the number of the merge request; 0 when there is none.
func (r *reviewRun) mergeRequest() (int, error) {
	text := r.env.getenv("CI_MERGE_REQUEST_IID")
	if r.opts.mergeRequest != 0 || text == "" {
		return r.opts.mergeRequest, nil
	}
	iid, err := strconv.Atoi(text)
	if err != nil || iid <= 0 {
		return 0, invalidInput(fmt.Errorf("CI_MERGE_REQUEST_IID is %q, which is no number of a merge request", text), "")
	}
	return iid, nil
}

// proposed is the commit of the merge request's branch that this run is about. In a pipeline of merged results another one
// is checked out, and GitLab names the branch's beside it.
func (r *reviewRun) proposed() string {
	if sha := r.env.getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"); sha != "" {
		return sha
	}
	return r.commit
}
