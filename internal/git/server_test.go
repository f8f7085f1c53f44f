package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
)

// served makes a repository with a commit on main, and a server that has it.
func served(t *testing.T) (r *Repository, bare string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("a server on a disk needs the git program")
	}
	bare = filepath.Join(t.TempDir(), "server.git")
	if _, err := gogit.PlainInit(bare, true); err != nil {
		t.Fatal(err)
	}
	r = newRepository(t, map[string]string{"people/a.cue": "a", "units/b.cue": "b"})
	commit(t, r, "first")
	connect(t, r, "file://"+bare)
	push(t, r, Update{Ref: "refs/heads/main", New: resolve(t, r, "main")})
	return r, bare
}

func connect(t *testing.T, r *Repository, address string) {
	t.Helper()
	if _, err := r.repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{address}}); err != nil {
		t.Fatal(err)
	}
}

func resolve(t *testing.T, r *Repository, revision string) string {
	t.Helper()
	hash, err := r.Resolve(revision)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func push(t *testing.T, r *Repository, updates ...Update) {
	t.Helper()
	if err := r.Push(context.Background(), Login{}, updates...); err != nil {
		t.Fatal(err)
	}
}

// another clones the server.
func another(t *testing.T, bare string) *Repository {
	t.Helper()
	dir := t.TempDir()
	if _, err := gogit.PlainClone(dir, false, &gogit.CloneOptions{URL: "file://" + bare, ReferenceName: "refs/heads/main"}); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compose(t *testing.T, r *Repository, on, name, text string) string {
	t.Helper()
	hash, err := r.CommitFiles(on, map[string][]byte{name: []byte(text)}, Commit{Message: name, Author: Author{"Lone", "lone@korsbaek.example"}, When: when})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// TestPush: a commit that no branch holds goes to the server, and another clone sees it there.
func TestPush(t *testing.T) {
	r, bare := served(t)
	made := compose(t, r, compose(t, r, "main", "people/n/m.cue", "m"), "people/n/m.cue", "changed")
	push(t, r, Update{Ref: "refs/heads/forslag/x", New: made})
	sound(t, bare)
	other := another(t, bare)
	if err := other.Fetch(context.Background(), Login{}, "forslag/x"); err != nil {
		t.Fatal(err)
	}
	if at, err := other.Approved("forslag/x"); err != nil || at != made {
		t.Errorf("it is at %s, %v", at, err)
	}
	if got := texts(t, other, made, "people/n/m.cue", "people/a.cue"); got["people/n/m.cue"] != "changed" || got["people/a.cue"] != "a" {
		t.Errorf("it has %v", got)
	}
	push(t, r, Update{Ref: "refs/heads/forslag/x", Old: made})
	refs, err := r.ServerRefs(context.Background(), Login{})
	if err != nil || refs["refs/heads/forslag/x"] != "" || refs["refs/heads/main"] == "" {
		t.Errorf("the server has %v, %v", refs, err)
	}
}

// TestPushSendsLittle: what the server has is not sent again, also when its main has moved on to what is not known here.
func TestPushSendsLittle(t *testing.T) {
	r, bare := served(t)
	other := another(t, bare)
	push(t, other, Update{Ref: "refs/heads/main", Old: resolve(t, other, "main"), New: compose(t, other, "main", "units/c.cue", "c")})
	if err := r.Fetch(context.Background(), Login{}, "main"); err != nil {
		t.Fatal(err)
	}
	made := compose(t, r, "main", "people/x.cue", "x")
	refs, err := r.ServerRefs(context.Background(), Login{})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]plumbing.Hash{}
	for name, hash := range refs {
		there[name] = plumbing.NewHash(hash)
	}
	request, err := updateRequest(there, capability.NewList(), []Update{{Ref: "refs/heads/x", New: made}})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := r.unknownTo(there, request.Commands)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) != 4 { // the commit, two folders, a file
		t.Errorf("%d objects are sent", len(objects))
	}
}

// TestPushMoved: nothing is overwritten that the caller has not seen, whichever way it moved.
func TestPushMoved(t *testing.T) {
	r, bare := served(t)
	first := resolve(t, r, "main")
	next := compose(t, r, "main", "a.cue", "next")
	push(t, r, Update{Ref: "refs/heads/main", Old: first, New: next})
	beyond := compose(t, r, next, "a.cue", "beyond")
	for name, u := range map[string]Update{
		"was there before":      {Ref: "refs/heads/main", New: beyond},
		"was moved on":          {Ref: "refs/heads/main", Old: first, New: beyond},
		"is not there":          {Ref: "refs/heads/none", Old: first, New: beyond},
		"was moved, taken away": {Ref: "refs/heads/main", Old: first},
	} {
		if err := r.Push(context.Background(), Login{}, u); !errors.Is(err, ErrMoved) {
			t.Errorf("%s: %v", name, err)
		}
		// One of several that does not fit keeps all of them back.
		if err := r.Push(context.Background(), Login{}, Update{Ref: "refs/heads/free", New: beyond}, u); !errors.Is(err, ErrMoved) {
			t.Errorf("%s, among others: %v", name, err)
		}
	}
	sound(t, bare)
	refs, err := r.ServerRefs(context.Background(), Login{})
	if err != nil || refs["refs/heads/main"] != next || refs["refs/heads/free"] != "" {
		t.Errorf("the server has %v, %v", refs, err)
	}
}

// TestPushRace: of many who make the same reference at once one does, and everybody else is told.
func TestPushRace(t *testing.T) {
	_, bare := served(t)
	results := make([]error, 6)
	var group sync.WaitGroup
	for i := range results {
		r := another(t, bare)
		made := compose(t, r, "main", "who.cue", string(rune('a'+i)))
		group.Go(func() {
			results[i] = r.Push(context.Background(), Login{}, Update{Ref: "refs/orgit/lock", New: made})
		})
	}
	group.Wait()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, ErrMoved):
			t.Errorf("one was told %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d made it", won)
	}
	sound(t, bare)
}

// TestPushRejected: what a server's own rule says reaches the user.
func TestPushRejected(t *testing.T) {
	r, bare := served(t)
	hook := "#!/bin/sh\nwhile read old new ref; do [ $ref = refs/heads/main ] && exit 1; done; exit 0\n"
	if err := os.MkdirAll(filepath.Join(bare, "hooks"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bare, "hooks", "pre-receive"), []byte(hook), 0o777); err != nil {
		t.Fatal(err)
	}
	made := compose(t, r, "main", "a.cue", "next")
	err := r.Push(context.Background(), Login{}, Update{Ref: "refs/heads/main", Old: resolve(t, r, "main"), New: made})
	if !errors.Is(err, ErrRejected) || !strings.Contains(err.Error(), "hook") {
		t.Errorf("it says %v", err)
	}
}

// TestNoServer: the three cases of a server that is not there are told apart.
func TestNoServer(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	commit(t, r, "first")
	if err := r.Fetch(context.Background(), Login{}, "main"); !errors.Is(err, ErrNoServer) {
		t.Errorf("without an origin: %v", err)
	}
	connect(t, r, "http://somebody:geheim@127.0.0.1:1/x.git")
	_, err := r.ServerRefs(context.Background(), Login{})
	if !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("where nobody listens: %v", err)
	}
	if err := r.Push(context.Background(), Login{}, Update{Ref: "refs/heads/x", New: resolve(t, r, "main")}); !errors.Is(err, ErrUnreachable) {
		t.Errorf("where nobody listens: %v", err)
	}
	served, _ := served(t)
	if err := served.Fetch(context.Background(), Login{}, "none"); !errors.Is(err, ErrNoRevision) {
		t.Errorf("a branch that is not there: %v", err)
	}
}
