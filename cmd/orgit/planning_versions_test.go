package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
)

// TestTreesTellIdentities: a commit's files tell a Loader which of them are the same, also where the organisation's folder
// is not the root of the repository.
func TestTreesTellIdentities(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "organisation")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "organisation.cue"), []byte("package org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := git.Init(root, "main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.CommitAll(git.Commit{Message: "Begynd", Author: git.Author{Name: "Test", Email: "test@korsbaek.example"}, When: time.Now()}); err != nil {
		t.Fatal(err)
	}
	for at, name := range map[string]string{root: "organisation/organisation.cue", dir: "organisation.cue"} {
		repo, err := git.Open(at)
		if err != nil {
			t.Fatal(err)
		}
		files, err := (&planning{repo: repo}).tree("main")
		if err != nil {
			t.Fatal(err)
		}
		if known, ok := files.(org.Identifier); !ok || known.Identity(name) == "" {
			t.Errorf("nothing identifies %s below %s", name, repo.Folder())
		}
	}
}
