package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
)

// fakeProposals is a server that keeps each merge request as a file SOURCE.json in a folder, so that scripts can read them.
type fakeProposals struct{ dir string }

func (g fakeProposals) Propose(_ context.Context, p gitlab.Proposal) (gitlab.MergeRequest, bool, error) {
	if _, err := os.Stat(filepath.Join(g.dir, "down")); err == nil {
		return gitlab.MergeRequest{}, false, fmt.Errorf("the server answers with status 503")
	}
	file := filepath.Join(g.dir, strings.ReplaceAll(p.Source, "/", "-")+".md")
	_, err := os.Stat(file)
	created := os.IsNotExist(err)
	text := fmt.Sprintf("%s → %s\nlabels: %s\nreviewers: %s\n# %s\n\n%s", p.Source, p.Target, strings.Join(p.Labels, ", "), strings.Join(p.Reviewers, ", "), p.Title, p.Description)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return gitlab.MergeRequest{}, false, err
	}
	return gitlab.MergeRequest{IID: 7, URL: "https://gitlab.korsbaek.example/korsbaek/organisation/-/merge_requests/7"}, created, nil
}
