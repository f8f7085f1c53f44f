// Package note keeps the one note that orgit has on a merge request: it is written when there is none and rewritten when
// it says something else, never followed by a second one.
//
// # Whose note it is
//
// A note is orgit's when it begins as orgit's do, was written by the account that orgit itself uses, and is not one of the
// server's own. Anybody can write the first line of a plan; such a forged note is left alone, and changes nothing.
//
// # Two jobs at once
//
// The server has no "create unless there is one", so two pipelines can each create a note. Whoever sees several of orgit's
// keeps the oldest (the lowest number) and deletes the rest, and after creating one each looks again: so both end with
// the same one. A pipeline that lets one job of a merge request run at a time (resource_group) never comes there.
package note

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/gitlab"
)

// Server is what the package needs of GitLab.
type Server interface {
	// Notes gives all notes of a merge request.
	Notes(ctx context.Context, iid int) ([]gitlab.Note, error)
	CreateNote(ctx context.Context, iid int, body string) (gitlab.Note, error)
	UpdateNote(ctx context.Context, iid, id int, body string) (gitlab.Note, error)
	DeleteNote(ctx context.Context, iid, id int) error
}

// Outcome is what became of the note.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Rewritten Outcome = "rewritten"
	Untouched Outcome = "untouched" // it says the same already
	Absent    Outcome = "absent"    // there is none
)

// Keeper keeps the note.
type Keeper struct {
	Server Server
	Me     gitlab.User                // the account that Server uses
	IsNote func(body string) bool     // whether a text begins as orgit's notes do
	Same   func(old, new string) bool // whether a note need not be written again
}

// ErrNobody: it is not known which account is orgit's own, so no note can be told to be its.
var ErrNobody = errors.New("the server does not say which account orgit has")

// Keep makes body the one note of the merge request.
func (k Keeper) Keep(ctx context.Context, iid int, body string) (Outcome, error) {
	if k.Me.ID == 0 {
		return "", ErrNobody
	}
	if !k.IsNote(body) {
		return "", errors.New("the note does not begin as orgit's notes do, so it would not be found again")
	}
	own, err := k.own(ctx, iid)
	if err != nil {
		return "", err
	}
	if len(own) > 0 {
		return k.settle(ctx, iid, own, body)
	}
	created, err := k.Server.CreateNote(ctx, iid, body)
	if err != nil {
		return "", fmt.Errorf("write a note on merge request !%d: %w", iid, err)
	}
	if own, err = k.own(ctx, iid); err != nil {
		return "", err
	}
	if len(own) > 0 && own[0].ID != created.ID {
		return k.settle(ctx, iid, own, body) // another job was faster
	}
	return Created, k.deleteRest(ctx, iid, own)
}

// Amend has a part of the merge request's note said anew, if there is a note. amend is given its text and gives another one, or
// false where it is to stay as it is; it is not asked where there is no note. The server cannot be asked to change a note only
// if it is as it was read, so amend should be quick: a job that writes the note meanwhile would be overwritten.
func (k Keeper) Amend(ctx context.Context, iid int, amend func(body string) (string, bool, error)) (Outcome, error) {
	if k.Me.ID == 0 {
		return "", ErrNobody
	}
	own, err := k.own(ctx, iid)
	if err != nil || len(own) == 0 {
		return Absent, err
	}
	body, another, err := amend(own[0].Body)
	if err != nil || !another || k.Same(own[0].Body, body) {
		return Untouched, err
	}
	if _, err := k.Server.UpdateNote(ctx, iid, own[0].ID, body); err != nil {
		return "", fmt.Errorf("rewrite note %d on merge request !%d: %w", own[0].ID, iid, err)
	}
	return Rewritten, nil
}

// settle makes the oldest of orgit's notes say body and deletes the rest.
func (k Keeper) settle(ctx context.Context, iid int, own []gitlab.Note, body string) (Outcome, error) {
	outcome := Untouched
	if !k.Same(own[0].Body, body) {
		if _, err := k.Server.UpdateNote(ctx, iid, own[0].ID, body); err != nil {
			return "", fmt.Errorf("rewrite note %d on merge request !%d: %w", own[0].ID, iid, err)
		}
		outcome = Rewritten
	}
	return outcome, k.deleteRest(ctx, iid, own)
}

// deleteRest deletes all but the first. One that is gone meanwhile was deleted by another job, which is as well.
func (k Keeper) deleteRest(ctx context.Context, iid int, own []gitlab.Note) error {
	for _, n := range own[min(1, len(own)):] {
		err := k.Server.DeleteNote(ctx, iid, n.ID)
		if err == nil {
			continue
		}
		left, listErr := k.own(ctx, iid)
		if listErr != nil || slices.ContainsFunc(left, func(l gitlab.Note) bool { return l.ID == n.ID }) {
			return fmt.Errorf("delete the superfluous note %d on merge request !%d: %w", n.ID, iid, err)
		}
	}
	return nil
}

// own gives orgit's notes, the oldest first.
func (k Keeper) own(ctx context.Context, iid int) ([]gitlab.Note, error) {
	notes, err := k.Server.Notes(ctx, iid)
	if err != nil {
		return nil, fmt.Errorf("read the notes of merge request !%d: %w", iid, err)
	}
	own := slices.DeleteFunc(slices.Clone(notes), func(n gitlab.Note) bool {
		return n.System || n.Author.ID != k.Me.ID || !k.IsNote(n.Body)
	})
	slices.SortFunc(own, func(a, b gitlab.Note) int { return cmp.Compare(a.ID, b.ID) })
	return own, nil
}
