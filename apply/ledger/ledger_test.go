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

// TestForged: what anybody else could push to the branch is believed by nobody, in a clone that has seen the true one before and, where
// it can be told at all, in one that has not.
func TestForged(t *testing.T) {
	bad := func(t *testing.T, w *world, change func(l *Ledger, head *Entry)) {
		t.Helper()
		l := w.clone(t)
		head, err := l.Head(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		change(l, head)
	}
	// written makes the next commit as a thief of the branch, but not of the key, would, or with a part of it wrong.
	written := func(t *testing.T, w *world, key *sshsig.Key, alter func(r *apply.Record, parent *string, at *time.Time)) {
		t.Helper()
		bad(t, w, func(l *Ledger, head *Entry) {
			r := apply.Record{Kind: apply.RecordApply, Run: "x", Sequence: head.Record.Sequence + 1, Previous: head.digest}
			parent, at := head.Commit, when.Add(time.Hour)
			alter(&r, &parent, &at)
			data, err := r.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			c := git.Commit{Message: "forged", When: at}
			if key != nil {
				c.Signer = key
			}
			made, err := l.Repository.CommitFiles(parent, map[string][]byte{recordFile: data, markFile: []byte("forged\n")}, c)
			if err == nil {
				err = l.Repository.Push(context.Background(), git.Login{}, git.Update{Ref: branchRef, Old: head.Commit, New: made})
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	as := func(*apply.Record, *string, *time.Time) {}
	tests := map[string]struct {
		forge func(t *testing.T, w *world)
		seen  bool // it can be told only by a clone that has seen the true one
	}{
		"nobody has signed it": {func(t *testing.T, w *world) { written(t, w, nil, as) }, false},
		"somebody else has":    {func(t *testing.T, w *world) { key, _ := newKey(t); written(t, w, key, as) }, false},
		"a number is left out": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(r *apply.Record, _ *string, _ *time.Time) { r.Sequence++ })
		}, false},
		"a number comes twice": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(r *apply.Record, _ *string, _ *time.Time) { r.Sequence-- })
		}, false},
		"it names another record": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(r *apply.Record, _ *string, _ *time.Time) { r.Previous = "0" })
		}, false},
		"it begins anew": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(r *apply.Record, p *string, _ *time.Time) { *p = "" })
		}, false},
		"it is older": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(_ *apply.Record, _ *string, at *time.Time) { *at = when.Add(-time.Hour) })
		}, false},
		"a start in the middle": {func(t *testing.T, w *world) {
			written(t, w, w.key, func(r *apply.Record, _ *string, _ *time.Time) { r.Kind = apply.RecordStart })
		}, false},
		"a mark without a record": {func(t *testing.T, w *world) {
			tree := w.program(t, "rev-parse", "main^{tree}")
			w.program(t, "update-ref", branchRef, w.program(t, "commit-tree", "-p", "applied", "-m", "x", tree))
		}, false},
		"it is main":                {func(t *testing.T, w *world) { w.program(t, "update-ref", branchRef, "main") }, false},
		"the branch is gone":        {func(t *testing.T, w *world) { w.program(t, "update-ref", "-d", branchRef) }, true},
		"the branch is set back":    {func(t *testing.T, w *world) { w.program(t, "update-ref", branchRef, "applied~1") }, true},
		"set back to the beginning": {func(t *testing.T, w *world) { w.program(t, "update-ref", branchRef, "applied~2") }, true},
		"set back and gone on from": {func(t *testing.T, w *world) {
			w.program(t, "update-ref", branchRef, "applied~1")
			bad(t, w, func(l *Ledger, head *Entry) { add(t, l, add(t, l, head, "other\n", ran("b")), "other\n", ran("c")) })
		}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l, e := w.started(t)
			e = add(t, l, e, "mark 0\n", apply.Record{Kind: apply.RecordBegin, Run: "a"})
			e = add(t, l, e, "mark 1\n", ran("a"))
			tt.forge(t, w)
			if head, err := l.Head(context.Background()); !errors.Is(err, ErrForged) {
				t.Errorf("a clone that has seen the true one reads %+v, %v", head, err)
			}
			if _, err := w.clone(t).Head(context.Background()); !tt.seen && !errors.Is(err, ErrForged) {
				t.Errorf("a fresh clone: %v", err)
			}
			if _, err := l.Append(context.Background(), e, nil, ran("z")); err == nil {
				t.Error("a record was put on top of it")
			}
			// Put back, all is well again.
			w.program(t, "fetch", l.Folder+"/../..", e.Commit)
			w.program(t, "update-ref", branchRef, e.Commit)
			if _, err := l.Head(context.Background()); err != nil {
				t.Errorf("put back: %v", err)
			}
		})
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

// TestKept: what the server does not take is kept, brought there later with its own mark, and lost by nobody.
func TestKept(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile func(t *testing.T, w *world, begun *Entry)
		want      []string
	}{
		"nothing else": {func(*testing.T, *world, *Entry) {}, []string{"3 apply a mark a"}},
		"another run": {func(t *testing.T, w *world, begun *Entry) {
			other := w.clone(t)
			if _, err := other.Head(context.Background()); err != nil {
				t.Fatal(err)
			}
			add(t, other, begun, "mark b\n", ran("b"))
		},
			[]string{"4 apply a mark b overtaken", "3 apply b mark b"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l, e := w.started(t)
			begun := add(t, l, e, "mark 0\n", apply.Record{Kind: apply.RecordBegin, Run: "a"})
			hook := filepath.Join(w.bare, "hooks", "pre-receive")
			if err := errors.Join(os.MkdirAll(filepath.Dir(hook), 0o755), os.WriteFile(hook, []byte("#!/bin/sh\nexit 1\n"), 0o755)); err != nil {
				t.Fatal(err)
			}
			_, err := l.Keep(context.Background(), begun, []byte("mark a\n"), ran("a"))
			if !errors.Is(err, ErrNotKept) || !errors.Is(err, git.ErrRejected) {
				t.Fatalf("the server refuses: %v", err)
			}
			if _, err := l.CatchUp(context.Background()); !errors.Is(err, git.ErrRejected) {
				t.Errorf("it refuses still: %v", err)
			}
			if err := os.Remove(hook); err != nil {
				t.Fatal(err)
			}
			tt.meanwhile(t, w, begun)
			l.head = nil
			for _, want := range []int{1, 0} {
				if n, err := l.CatchUp(context.Background()); err != nil || n != want {
					t.Errorf("caught up %d, %v", n, err)
				}
			}
			if diff := cmp.Diff(tt.want, w.records(t)[:len(tt.want)]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLostAnswer: a record that reached the server though nobody was told is not written twice.
func TestLostAnswer(t *testing.T) {
	w := newWorld(t)
	l, e := w.started(t)
	begun := add(t, l, e, "mark 0\n", apply.Record{Kind: apply.RecordBegin, Run: "a"})
	r := ran("a")
	r.Time = when.Format(time.RFC3339)
	add(t, l, begun, "mark a\n", r)
	if _, err := l.putAside(kept{Base: begun.Commit, Mark: []byte("mark a\n"), Record: r}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := w.records(t); len(got) != 3 || got[0] != "3 apply a mark a" {
		t.Errorf("the branch has %v", got)
	}
}

// TestNoKey: without a key one can read, and what would be written is kept.
func TestNoKey(t *testing.T) {
	w := newWorld(t)
	w.started(t)
	w.key = nil
	l := w.clone(t)
	if _, err := l.Keep(context.Background(), nil, nil, apply.Record{Kind: apply.RecordLock}); !errors.Is(err, ErrNotKept) || !errors.Is(err, ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := l.Head(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestKeptIsProven: a kept record that was altered, or that nobody signed, is not signed later as if orgit had written it.
func TestKeptIsProven(t *testing.T) {
	for name, tt := range map[string]struct {
		kind  apply.RecordKind
		alter func(k *kept)
		good  bool
	}{
		"as it was":         {apply.RecordApply, func(*kept) {}, true},
		"another mark":      {apply.RecordApply, func(k *kept) { k.Mark = []byte("forged\n") }, false},
		"another record":    {apply.RecordApply, func(k *kept) { k.Record.Commit = "c0ffee" }, false},
		"no signature":      {apply.RecordApply, func(k *kept) { k.Signature = "" }, false},
		"an unsigned lock":  {apply.RecordLock, func(k *kept) { k.Signature = "" }, true},
		"an altered lock":   {apply.RecordLock, func(k *kept) { k.Record.By = "x" }, false},
		"a lock made a run": {apply.RecordLock, func(k *kept) { k.Signature, k.Record.Kind = "", apply.RecordApply }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l, e := w.started(t)
			k := kept{Base: e.Commit, Mark: []byte("mark a\n"), Record: apply.Record{Kind: tt.kind, Run: "a", Time: when.Format(time.RFC3339)}}
			if err := l.sign(&k); err != nil {
				t.Fatal(err)
			}
			tt.alter(&k)
			if err := writeFile(filepath.Join(l.Folder, "kept-000001.json"), k, os.Link); err != nil {
				t.Fatal(err)
			}
			n, err := l.CatchUp(context.Background())
			if good := n == 1 && err == nil; good != tt.good || !good && !errors.Is(err, ErrForged) {
				t.Errorf("caught up %d, %v", n, err)
			}
			if got := w.records(t); len(got) != 1+n {
				t.Errorf("the branch has %v", got)
			}
		})
	}
}
