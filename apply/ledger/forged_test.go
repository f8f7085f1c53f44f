package ledger

import (
	"context"
	"errors"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sshsig"
)

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
