package git

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBetween: the commits of a branch, also when main was merged into it.
func TestBetween(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	base := commit(t, r, "first")
	one := compose(t, r, base, "b.cue", "b")
	main := compose(t, r, base, "c.cue", "c")
	merge, err := r.CommitFiles(main, map[string][]byte{"b.cue": []byte("b")}, Commit{Message: "merge", When: when, Follows: one})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		base, head string
		want       []string
	}{{base, one, []string{one}}, {main, merge, []string{one, merge}}, {merge, one, nil}, {base, base, nil}} {
		commits, err := r.Between(c.base, c.head)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range commits {
			got = append(got, l.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if parted, err := r.MergeBase(merge, main); err != nil || parted != main {
		t.Errorf("they parted at %s, %v", parted, err)
	}
	if got := texts(t, r, merge, "a.cue", "b.cue", "c.cue"); got["b.cue"] != "b" || got["c.cue"] != "c" || got["a.cue"] != "a" {
		t.Errorf("the merge has %v", got)
	}
	sound(t, r.Root())
}

// TestMoveBranch: a branch is moved from where it was seen, and from nowhere else.
func TestMoveBranch(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	base := commit(t, r, "first")
	one := compose(t, r, base, "b.cue", "b")
	if err := r.CreateBranch("forslag/x", base); err != nil {
		t.Fatal(err)
	}
	if err := r.MoveBranch("forslag/x", base, one); err != nil {
		t.Fatal(err)
	}
	if got := resolve(t, r, "forslag/x"); got != one {
		t.Errorf("it is at %s", got)
	}
	if err := r.MoveBranch("forslag/x", base, one); !errors.Is(err, ErrMoved) {
		t.Errorf("moved from elsewhere: %v", err)
	}
	if err := r.MoveBranch("none", base, one); !errors.Is(err, ErrMoved) {
		t.Errorf("moved what is not there: %v", err)
	}
	if err := r.MoveBranch("main", base, one); err == nil {
		t.Error("the branch that is checked out was moved")
	}
}
