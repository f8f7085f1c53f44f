package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
)

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
	for range 2 { // the second is a try after an answer that was lost
		add(t, l, begun, "mark a\n", r)
	}
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
		"an unsigned merge": {apply.RecordMerge, func(k *kept) { k.Signature = "" }, false},
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
