package ledger

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sshsig"
)

var when = time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)

// world is a server, and who may write evidence on it.
type world struct {
	bare    string
	key     *sshsig.Key
	signers *sshsig.AllowedSigners
	now     time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("skipped: a server on a disk needs the git program")
	}
	w := &world{bare: filepath.Join(t.TempDir(), "server.git"), now: when}
	if _, err := gogit.PlainInit(w.bare, true); err != nil {
		t.Fatal(err)
	}
	var line string
	w.key, line = newKey(t)
	var err error
	if w.signers, err = sshsig.ParseAllowedSigners([]byte(line), time.UTC); err != nil {
		t.Fatal(err)
	}
	first := w.clone(t)
	commit, err := first.Repository.CommitFiles("", map[string][]byte{"organisation.cue": []byte("package org\n")}, git.Commit{Message: "first", When: when})
	if err == nil {
		err = first.Repository.Push(context.Background(), git.Login{}, git.Update{Ref: "refs/heads/main", New: commit})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func newKey(t *testing.T) (*sshsig.Key, string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	key, err := sshsig.ParseKey(pem.EncodeToMemory(block), nil, sshsig.Git, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key, "orgit " + string(ssh.MarshalAuthorizedKey(wrapped))
}

// clone is a clone of its own, with a ledger.
func (w *world) clone(t *testing.T) *Ledger {
	t.Helper()
	dir := t.TempDir()
	repo, err := gogit.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{"file://" + w.bare}}); err != nil {
		t.Fatal(err)
	}
	opened, err := git.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Open(Config{Repository: opened, Signers: w.signers, Key: w.key, Folder: filepath.Join(dir, ".git", "evidence"),
		Author: git.Author{Name: "orgit", Email: "orgit@korsbaek.example"}, Now: func() time.Time { return w.now }, Tool: "test"})
}

func (w *world) started(t *testing.T) (*Ledger, *Entry) {
	t.Helper()
	l := w.clone(t)
	e, err := l.Start(context.Background(), []byte("mark 0\n"), "lone")
	if err != nil {
		t.Fatal(err)
	}
	return l, e
}

func ran(run string) apply.Record { return apply.Record{Kind: apply.RecordApply, Run: run} }

func add(t *testing.T, l *Ledger, base *Entry, mark string, r apply.Record) *Entry {
	t.Helper()
	e, err := l.Append(context.Background(), base, []byte(mark), r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// records are what a fresh clone verifies: sequence, kind, run, mark, newest first.
func (w *world) records(t *testing.T) []string {
	t.Helper()
	var list []string
	err := w.clone(t).VerifyAll(context.Background(), func(e *Entry) bool {
		line := fmt.Sprintf("%d %s %s %s", e.Record.Sequence, e.Record.Kind, e.Record.Run, strings.TrimSpace(string(e.Mark)))
		if e.Record.Overtaken {
			line += " overtaken"
		}
		list = append(list, line)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (w *world) program(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = w.bare
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@y", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@y")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestChain(t *testing.T) {
	w := newWorld(t)
	fresh := w.clone(t)
	if _, err := fresh.Head(context.Background()); !errors.Is(err, ErrNotStarted) {
		t.Fatalf("before the start: %v", err)
	}
	l, e := w.started(t)
	if _, err := fresh.Start(context.Background(), nil, ""); !errors.Is(err, ErrStarted) {
		t.Errorf("a second start: %v", err)
	}
	e = add(t, l, e, "mark 0\n", apply.Record{Kind: apply.RecordBegin, Run: "a"})
	w.now = w.now.Add(-time.Hour) // another machine's clock is behind
	add(t, l, e, "mark 1\n", ran("a"))
	want := []string{"3 apply a mark 1", "2 begin a mark 0", "1 start  mark 0"}
	if diff := cmp.Diff(want, w.records(t)); diff != "" {
		t.Error(diff)
	}
	if got := w.program(t, "ls-tree", "--name-only", "applied"); got != "mark.json\nrecord.json" {
		t.Errorf("the branch holds %s", got)
	}
	if got := w.program(t, "merge-base", "--is-ancestor", "applied~2", "applied"); got != "" {
		t.Error(got)
	}
}

// TestMeanwhile: what is done beside runs moves a record on, another run does not lose its mark, and no second run begins.
func TestMeanwhile(t *testing.T) {
	w := newWorld(t)
	a, e := w.started(t)
	b := w.clone(t)
	begun := add(t, a, e, "mark 0\n", apply.Record{Kind: apply.RecordBegin, Run: "a"})
	if _, err := b.Keep(context.Background(), nil, nil, apply.Record{Kind: apply.RecordLock, Run: "lock", By: "vagt"}); err != nil {
		t.Fatal(err)
	}
	add(t, a, begun, "mark a\n", ran("a"))
	head, err := b.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	one := add(t, a, head, "mark a\n", apply.Record{Kind: apply.RecordBegin, Run: "b"})
	if _, err := b.Append(context.Background(), head, nil, apply.Record{Kind: apply.RecordBegin, Run: "c"}); !errors.Is(err, apply.ErrLocked) {
		t.Errorf("a second run began: %v", err)
	}
	add(t, b, add(t, b, one, "mark c\n", apply.Record{Kind: apply.RecordBegin, Run: "c"}), "mark c\n", ran("c"))
	add(t, a, one, "mark b\n", ran("b"))
	want := []string{
		"8 apply b mark c overtaken", "7 apply c mark c", "6 begin c mark c", "5 begin b mark a",
		"4 apply a mark a", "3 lock lock mark 0", "2 begin a mark 0", "1 start  mark 0",
	}
	if diff := cmp.Diff(want, w.records(t)); diff != "" {
		t.Error(diff)
	}
}

// TestOpenRun: a run that began and has no end is found, also behind a lock.
func TestOpenRun(t *testing.T) {
	w := newWorld(t)
	l, e := w.started(t)
	for _, step := range []struct {
		kind apply.RecordKind
		open string
	}{{apply.RecordApply, ""}, {apply.RecordBegin, "2"}, {apply.RecordLock, "2"}, {apply.RecordApply, ""}} {
		e = add(t, l, e, "mark\n", apply.Record{Kind: step.kind, Run: fmt.Sprint(e.Record.Sequence)})
		open, err := l.OpenRun(e)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if open != nil {
			got = open.Record.Run
		}
		if got != step.open {
			t.Errorf("after %s: the open run is %q, want %q", step.kind, got, step.open)
		}
	}
}
