package ledger

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
)

// TestMerges: a merge has the newest record of its own two parents, and what lies before the run before last is not looked at.
func TestMerges(t *testing.T) {
	merge := func(into, head, plan string) apply.Record {
		return apply.Record{Kind: apply.RecordMerge, Run: plan, Merge: &apply.MergeRecord{Into: into, Head: head, Plan: plan}}
	}
	applied := func(commit string) apply.Record {
		return apply.Record{Kind: apply.RecordApply, Run: "run of " + commit, Commit: commit}
	}
	lock := merge("c2", "h3", "forged")
	lock.Kind = apply.RecordLock
	w := newWorld(t)
	l, e := w.started(t)
	for _, r := range []apply.Record{
		merge("c1", "h2", "old"), applied("b1"), merge("c1", "h2", "tried"), merge("c1", "h2", "merged"), applied("b2"), merge("c1", "h9", "other"), lock,
	} {
		e = add(t, l, e, "", r)
	}
	wanted := []Merge{{"c1", "h2"}, {"c2", "h3"}}
	commits := []string{"c1", "c2", "c3"}
	plans := func() map[Merge]string {
		t.Helper()
		found, err := w.clone(t).Merges(context.Background(), wanted, commits)
		if err != nil {
			t.Fatal(err)
		}
		list := map[Merge]string{}
		for m, r := range found {
			list[m] = r.Plan
		}
		return list
	}
	if diff := cmp.Diff(map[Merge]string{{"c1", "h2"}: "merged"}, plans()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// A run of the commits themselves that was cut does not count.
	e = add(t, l, e, "", applied("c2"))
	add(t, l, e, "", merge("c2", "h3", "second"))
	if diff := cmp.Diff(map[Merge]string{{"c1", "h2"}: "merged", {"c2", "h3"}: "second"}, plans()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	commits = nil
	if diff := cmp.Diff(map[Merge]string{{"c2", "h3"}: "second"}, plans()); diff != "" {
		t.Errorf("after two runs of other commits (-want +got)\n%s", diff)
	}
}
