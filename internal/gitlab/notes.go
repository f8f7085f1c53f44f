package gitlab

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	gl "github.com/xanzy/go-gitlab"
)

// NoteMax is how many characters a note or description may have.
const NoteMax = 1_000_000

// Notes lists those of a merge request, oldest first, the server's own (System) among them. Anybody who sees the project
// may write notes with any text: believe one by its Author, never by its words.
func (c *Client) Notes(ctx context.Context, iid int) ([]Note, error) {
	did := fmt.Sprintf("list the notes of merge request !%d", iid)
	opts := &gl.ListMergeRequestNotesOptions{OrderBy: gl.Ptr("created_at"), Sort: gl.Ptr("asc")}
	l := list[gl.Note]{did: did, id: func(n *gl.Note) string { return strconv.Itoa(n.ID) },
		ask: func(page gl.RequestOptionFunc) ([]*gl.Note, *gl.Response, error) {
			return c.api.Notes.ListMergeRequestNotes(c.project, iid, opts, gl.WithContext(ctx), page)
		}}
	all, err := l.all(ctx, c)
	if err != nil {
		return nil, err
	}
	notes := make([]Note, 0, len(all))
	for _, n := range all {
		note, err := noteOf(did, n)
		if err != nil {
			return nil, err
		}
		notes = append(notes, note)
	}
	return notes, nil
}

// CreateNote writes one. After ErrUnreachable it may be there.
func (c *Client) CreateNote(ctx context.Context, iid int, body string) (Note, error) {
	did := fmt.Sprintf("write a note on merge request !%d", iid)
	if err := checkNote(did, body); err != nil {
		return Note{}, err
	}
	n, resp, err := c.api.Notes.CreateMergeRequestNote(c.project, iid, &gl.CreateMergeRequestNoteOptions{Body: &body}, gl.WithContext(ctx))
	if err != nil {
		return Note{}, c.explain(did, resp, err)
	}
	return noteOf(did, n)
}

// UpdateNote rewrites one of one's own.
func (c *Client) UpdateNote(ctx context.Context, iid, id int, body string) (Note, error) {
	did := fmt.Sprintf("rewrite note %d on merge request !%d", id, iid)
	if err := checkNote(did, body); err != nil {
		return Note{}, err
	}
	n, resp, err := c.api.Notes.UpdateMergeRequestNote(c.project, iid, id, &gl.UpdateMergeRequestNoteOptions{Body: &body}, gl.WithContext(ctx))
	if err != nil {
		return Note{}, c.explain(did, resp, err)
	}
	return noteOf(did, n)
}

// DeleteNote takes one away. One that is gone already is no error.
func (c *Client) DeleteNote(ctx context.Context, iid, id int) error {
	did := fmt.Sprintf("delete note %d on merge request !%d", id, iid)
	resp, err := c.api.Notes.DeleteMergeRequestNote(c.project, iid, id, gl.WithContext(ctx))
	if err = c.explain(did, resp, err); !errors.Is(err, ErrNotFound) {
		return err
	}
	// GitLab also says so of a merge request that is not there.
	_, err = c.MergeRequest(ctx, iid)
	return err
}

func noteOf(did string, n *gl.Note) (Note, error) {
	if n.ID == 0 || n.Author.ID == 0 || n.Author.Username == "" {
		return Note{}, incomplete(did, "a note has no id or no author")
	}
	return Note{
		ID: n.ID, Author: user(n.Author.ID, n.Author.Username, n.Author.Name), Body: n.Body, System: n.System, Created: at(n.CreatedAt),
	}, nil
}

func checkNote(did, body string) error {
	if strings.TrimSpace(body) == "" {
		return invalid(did, "it is empty")
	}
	return checkText(did, body)
}

// checkText refuses what GitLab would carry out instead of showing it, and what is too long.
func checkText(did, text string) error {
	if n := utf8.RuneCountInString(text); n > NoteMax {
		return invalid(did, "the text has %d characters, and GitLab takes %d", n, NoteMax)
	}
	number := 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		number++
		if strings.HasPrefix(strings.TrimSpace(line), "/") {
			return invalid(did, `line %d of the text begins with "/", which GitLab would carry out as a command`, number)
		}
	}
	return nil
}
