package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
)

// errNoNote is how the fake answers about a note that is not there.
var errNoNote = errors.New("404 Not found")

// fakeGitLab is a merge request of which each note is a file in a folder, NUMBER-AUTHOR.md, so that scripts can read and
// write them. The file head, where there is one, names the head of the merge request's branch.
type fakeGitLab struct{ dir string }

// fakeBot is orgit's account there; whoever else writes a note has another one.
var fakeBot = gitlab.User{ID: 1, Username: "orgit", Bot: true}

func (g fakeGitLab) Me(context.Context) (gitlab.User, error) { return fakeBot, nil }

func (g fakeGitLab) MergeRequest(_ context.Context, iid int) (gitlab.MergeRequest, error) {
	head, err := os.ReadFile(filepath.Join(g.dir, "head"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return gitlab.MergeRequest{}, err
	}
	return gitlab.MergeRequest{IID: iid, Head: strings.TrimSpace(string(head))}, nil
}

func (g fakeGitLab) Notes(context.Context, int) ([]gitlab.Note, error) {
	files, err := filepath.Glob(filepath.Join(g.dir, "*-*.md"))
	if err != nil {
		return nil, err
	}
	var notes []gitlab.Note
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		number, author, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".md"), "-")
		id, err := strconv.Atoi(number)
		if err != nil {
			return nil, err
		}
		user := gitlab.User{ID: 2, Username: author}
		if author == fakeBot.Username {
			user = fakeBot
		}
		// GitLab keeps no blanks at the end.
		notes = append(notes, gitlab.Note{ID: id, Author: user, Body: strings.TrimRight(string(body), " \n")})
	}
	return notes, nil
}

func (g fakeGitLab) CreateNote(ctx context.Context, iid int, body string) (gitlab.Note, error) {
	notes, err := g.Notes(ctx, iid)
	if err != nil {
		return gitlab.Note{}, err
	}
	id := 1
	for _, n := range notes {
		id = max(id, n.ID+1)
	}
	return gitlab.Note{ID: id, Author: fakeBot, Body: body}, os.WriteFile(g.file(id), []byte(body), 0o600)
}

func (g fakeGitLab) UpdateNote(_ context.Context, _, id int, body string) (gitlab.Note, error) {
	if _, err := os.Stat(g.file(id)); err != nil {
		return gitlab.Note{}, errNoNote
	}
	return gitlab.Note{ID: id, Author: fakeBot, Body: body}, os.WriteFile(g.file(id), []byte(body), 0o600)
}

func (g fakeGitLab) DeleteNote(_ context.Context, _, id int) error { return os.Remove(g.file(id)) }

// file is where a note of orgit's stands.
func (g fakeGitLab) file(id int) string {
	return filepath.Join(g.dir, fmt.Sprintf("%d-%s.md", id, fakeBot.Username))
}
