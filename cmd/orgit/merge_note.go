package main

import (
	"context"
	"fmt"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/note"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

// noteKeeper says anew, in the notes that the pipelines of merge requests have written, how each stands with approval: an
// approval starts no pipeline.
type noteKeeper struct {
	env    environment
	target string
	keeper *note.Keeper // nil until it is needed
}

// asReviewer is the environment in which the pipeline of a merge request writes its note. Where that has a token of its own,
// the notes are that account's.
func asReviewer(env environment) environment {
	file := env.getenv("ORGIT_REVIEW_TOKEN_FILE")
	if file == "" {
		return env
	}
	getenv := env.getenv
	env.getenv = func(name string) string {
		switch name {
		case "ORGIT_GITLAB_TOKEN":
			return ""
		case "ORGIT_GITLAB_TOKEN_FILE":
			return file
		}
		return getenv(name)
	}
	return env
}

func (n *noteKeeper) open(ctx context.Context) error {
	if n.keeper != nil {
		return nil
	}
	server, err := openGitLab(asReviewer(n.env))
	if err != nil {
		return err
	}
	me, err := server.Me(ctx)
	if err != nil {
		return fmt.Errorf("ask GitLab which account writes the notes: %w", err)
	}
	n.keeper = &note.Keeper{Server: server, Me: me, IsNote: view.IsNote, Same: view.SameNote}
	return nil
}

// restate keeps what the note says of approval current. The note is read, and written only where its merge request stands
// otherwise than it says; one of another commit is left to the pipeline of the newest. made is the plan where there is one:
// else it is made where the note says that nobody can tell without it. What goes wrong with a note is said, and stops nothing.
func (n *noteKeeper) restate(ctx context.Context, mr gitlab.MergeRequest, now func() (*judgement, error), made func() (*plan.Plan, error)) {
	err := n.open(ctx)
	if err == nil {
		_, err = n.keeper.Amend(ctx, mr.IID, func(body string) (string, bool, error) { return n.said(body, mr, now, made) })
	}
	if err != nil && ctx.Err() == nil {
		printError(n.env.stderr, fmt.Errorf("the note on merge request !%d: %w", mr.IID, err))
	}
}

func (n *noteKeeper) said(body string, mr gitlab.MergeRequest, now func() (*judgement, error), made func() (*plan.Plan, error)) (string, bool, error) {
	mark, ok := view.MarkOf(body)
	if !ok || mark.Head != mr.Head {
		return "", false, nil
	}
	s, err := now()
	if err != nil || s == nil {
		return "", false, err
	}
	said := s.said(nil, n.target, mark.Language)
	if said.Mark.Files == mark.Files {
		return "", false, nil
	}
	if mark.ByPlan && s.proposed != nil {
		p, err := made()
		if err != nil {
			return "", false, err
		}
		said = s.said(p, n.target, mark.Language)
	}
	text, ok := view.Restate(body, said)
	return text, ok, nil
}

// restate keeps the note of a merge request that was judged.
func (m *merging) restate(ctx context.Context, mr gitlab.MergeRequest, s *judgement, made func() (*plan.Plan, error)) {
	m.notes.restate(ctx, mr, func() (*judgement, error) { return s, nil }, made)
}

// restateHeld keeps the note of one that has to wait until what nobody approved is taken back.
func (m *merging) restateHeld(ctx context.Context, mr gitlab.MergeRequest) {
	var p *planning
	m.notes.restate(ctx, mr, func() (*judgement, error) {
		var says string
		var err error
		if p, says, err = m.planning(mr); err != nil || says != "" {
			return nil, err
		}
		return m.standing(ctx, mr, mr.Head, p, m.unapproved)
	}, func() (*plan.Plan, error) { return p.compute(ctx) })
}
