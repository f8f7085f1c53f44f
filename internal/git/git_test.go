package git

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/google/go-cmp/cmp"
)

var when = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func newRepository(t *testing.T, files map[string]string) *Repository {
	t.Helper()
	r, err := Init(t.TempDir(), "main")
	if err != nil {
		t.Fatal(err)
	}
	write(t, r, files)
	return r
}

func write(t *testing.T, r *Repository, files map[string]string) {
	t.Helper()
	for name, text := range files {
		at := filepath.Join(r.Root(), name)
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func commit(t *testing.T, r *Repository, message string) string {
	t.Helper()
	hash, err := r.CommitAll(Commit{Message: message, Author: Author{"Lone", "lone@korsbaek.example"}, When: when})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func checkout(t *testing.T, r *Repository, branch string) {
	t.Helper()
	if err := r.Checkout(branch); err != nil {
		t.Fatal(err)
	}
}

func TestTree(t *testing.T) {
	r := newRepository(t, map[string]string{
		"organisation.cue": "package org\n", "units/a.cue": "a", "units-2/b.cue": "b", "people/p7/p7k3f9q.cue": "Æ", "units.cue": "u",
	})
	first := commit(t, r, "begin")
	write(t, r, map[string]string{"units/a.cue": "changed"})
	commit(t, r, "change")

	files, hash, err := r.Tree("HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	if hash != first {
		t.Errorf("commit %s, want %s", hash, first)
	}
	if err := fstest.TestFS(files, "organisation.cue", "units/a.cue", "units-2/b.cue", "people/p7/p7k3f9q.cue"); err != nil {
		t.Error(err)
	}
	text, err := fs.ReadFile(files, "units/a.cue")
	if err != nil || string(text) != "a" {
		t.Errorf("units/a.cue: %q, %v", text, err)
	}
	if _, err := fs.Stat(files, "units/z.cue"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := fs.Stat(files, "nowhere/z.cue"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, _, err := r.Tree("no-such-branch"); err == nil {
		t.Error("a revision that is not there gives no error")
	}
}

func TestOpenFindsRepositoryAbove(t *testing.T) {
	r := newRepository(t, map[string]string{"org/units/a.cue": "a"})
	commit(t, r, "begin")
	inner, err := Open(filepath.Join(r.Root(), "org", "units"))
	if err != nil {
		t.Fatal(err)
	}
	if inner.Root() != r.Root() || inner.Folder() != "org/units" {
		t.Errorf("root %s, folder %s", inner.Root(), inner.Folder())
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoRepository) {
		t.Errorf("outside a repository: %v", err)
	}
}

func TestMergeBaseAndFastForward(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "1"})
	base := commit(t, r, "begin")
	if err := r.CreateBranch("forslag", "main"); err != nil {
		t.Fatal(err)
	}
	if err := r.CreateBranch("forslag", "main"); err == nil {
		t.Error("a branch can be made twice")
	}
	if err := r.CreateBranch("for slag", "main"); err == nil {
		t.Error("a branch may have a blank in its name")
	}
	checkout(t, r, "forslag")
	write(t, r, map[string]string{"b.cue": "1"})
	branch := commit(t, r, "propose")
	if got, err := r.Branch(); err != nil || got != "forslag" {
		t.Errorf("branch %q, %v", got, err)
	}
	if err := r.FastForward("main", "forslag"); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Resolve("main"); err != nil || got != branch {
		t.Errorf("main is at %s (%v), want %s", got, err, branch)
	}
	checkout(t, r, "main")
	write(t, r, map[string]string{"a.cue": "2"})
	main := commit(t, r, "main goes on")
	checkout(t, r, "forslag")
	write(t, r, map[string]string{"b.cue": "2"})
	commit(t, r, "propose more")

	got, err := r.MergeBase("forslag", "main")
	if err != nil || got != branch {
		t.Errorf("merge base %s (%v), want %s", got, err, branch)
	}
	if err := r.FastForward("main", "forslag"); err == nil {
		t.Error("main moved on to a commit that does not come after it")
	}
	if got, err := r.Resolve("main"); err != nil || got != main {
		t.Errorf("main is at %s (%v), want %s", got, err, main)
	}
	if got, err := r.MergeBase(base, "main"); err != nil || got != base {
		t.Errorf("merge base with an ancestor: %s (%v), want %s", got, err, base)
	}
}

// TestMergeBaseOfCrossed: where each of two branches has had the other merged into it there is no one commit from which they
// parted, and none is taken for it. Once the one is merged into the other there is.
func TestMergeBaseOfCrossed(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	base := commit(t, r, "first")
	one, other := compose(t, r, base, "b.cue", "b"), compose(t, r, base, "c.cue", "c")
	merge := func(into, from string) string {
		t.Helper()
		id, err := r.CommitFiles(from, map[string][]byte{"b.cue": []byte("b"), "c.cue": []byte("c")}, Commit{Message: into[:7], When: when, Follows: into})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	main, branch := merge(one, other), merge(other, one)
	if got, err := r.MergeBase(main, branch); !errors.Is(err, ErrCrossed) || got != "" {
		t.Errorf("they parted at %q, %v", got, err)
	}
	if got, err := r.MergeBase(main, merge(branch, main)); err != nil || got != main {
		t.Errorf("merged into the branch, they parted at %s, %v", got, err)
	}
}

func TestFastForwardMovesTheWorkTree(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "1", "gone.cue": "x"})
	commit(t, r, "begin")
	if err := r.CreateBranch("forslag", "main"); err != nil {
		t.Fatal(err)
	}
	checkout(t, r, "forslag")
	write(t, r, map[string]string{"a.cue": "2"})
	if err := os.Remove(filepath.Join(r.Root(), "gone.cue")); err != nil {
		t.Fatal(err)
	}
	commit(t, r, "propose")
	checkout(t, r, "main")

	write(t, r, map[string]string{"a.cue": "by hand"})
	if err := r.FastForward("main", "forslag"); err == nil {
		t.Error("a changed file was written over")
	}
	write(t, r, map[string]string{"a.cue": "1"})
	if err := r.FastForward("main", "forslag"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.Root(), "a.cue"))
	if err != nil || string(text) != "2" {
		t.Errorf("a.cue: %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(r.Root(), "gone.cue")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("gone.cue: %v", err)
	}
	if changed, err := r.Changed(); err != nil || len(changed) > 0 {
		t.Errorf("changed after a fast-forward: %v, %v", changed, err)
	}
}

func TestChanged(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "1", "units/b.cue": "2", "units/c.cue": "3", "README.md": "x"})
	if got, err := r.Changed(); err != nil || len(got) != 3 {
		t.Errorf("before the first commit: %v, %v", got, err)
	}
	commit(t, r, "begin")
	if got, err := r.Changed(); err != nil || len(got) != 0 {
		t.Errorf("after a commit: %v, %v", got, err)
	}
	write(t, r, map[string]string{"README.md": "y", "a.cue": "9", "units/new.cue": "n"})
	if err := os.Remove(filepath.Join(r.Root(), "units/b.cue")); err != nil {
		t.Fatal(err)
	}
	got, err := r.Changed()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.cue", "units/b.cue", "units/new.cue"}, got); diff != "" {
		t.Error(diff)
	}
	// Touching a file without changing it is no change.
	later := when.AddDate(1, 0, 0)
	if err := os.Chtimes(filepath.Join(r.Root(), "units/c.cue"), later, later); err != nil {
		t.Fatal(err)
	}
	if again, err := r.Changed(); err != nil || !cmp.Equal(again, got) {
		t.Errorf("after touching: %v, %v", again, err)
	}
	// A staged change counts, even when the file is put back.
	tree, err := r.repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.AddWithOptions(&gogit.AddOptions{Path: "a.cue"}); err != nil {
		t.Fatal(err)
	}
	write(t, r, map[string]string{"a.cue": "1"})
	if again, err := r.Changed(); err != nil || !cmp.Equal(again, got) {
		t.Errorf("after staging: %v, %v", again, err)
	}
}

// TestChangedFollowsNoLink: a link is what it says, not what it leads to, which may have
// no end.
func TestChangedFollowsNoLink(t *testing.T) {
	r := newRepository(t, map[string]string{"organisation.cue": "package org"})
	at := filepath.Join(r.Root(), "link.cue")
	endless, err := filepath.Rel(r.Root(), "/dev/zero")
	if err != nil {
		t.Skip("no such device here:", err)
	}
	if err := os.Symlink(endless, at); err != nil {
		t.Skip("no links here:", err)
	}
	commit(t, r, "begin")
	if err := errors.Join(os.Remove(at), os.Symlink(endless, at)); err != nil { // newer than the index says
		t.Fatal(err)
	}
	changed, err := r.Changed()
	if err != nil || len(changed) > 0 {
		t.Errorf("changed %v, error %v", changed, err)
	}
	if err := errors.Join(os.Remove(at), os.Symlink("organisation.cue", at)); err != nil {
		t.Fatal(err)
	}
	if changed, err = r.Changed(); err != nil || !slices.Equal(changed, []string{"link.cue"}) {
		t.Errorf("changed %v, error %v", changed, err)
	}
}

func TestMarkIsSwappedOnlyFromTheVersionRead(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "1"})
	commit(t, r, "begin")
	if data, version, err := r.Mark(); err != nil || data != nil || version != "" {
		t.Fatalf("no mark yet: %q %q %v", data, version, err)
	}
	one, err := r.SetMark([]byte(`{"one":1}`), "")
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(r.Root())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.SetMark([]byte(`{"late":1}`), ""); !errors.Is(err, ErrMarkMoved) {
		t.Errorf("a second first mark: %v", err)
	}
	two, err := other.SetMark([]byte(`{"two":2}`), one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SetMark([]byte(`{"late":1}`), one); !errors.Is(err, ErrMarkMoved) {
		t.Errorf("a mark from an old version: %v", err)
	}
	data, version, err := r.Mark()
	if err != nil || string(data) != `{"two":2}` || version != two {
		t.Errorf("mark %q at %q, %v; want the second", data, version, err)
	}
	if _, err := r.SetMark([]byte(`{"three":3}`), two); err != nil {
		t.Errorf("a refused mark left a lock behind: %v", err)
	}
}

func TestMarkIsLockedWhileAnotherRunWrites(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "1"})
	one, err := r.SetMark([]byte("1"), "")
	if err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(r.Root(), ".git", "refs", "orgit", "applied.lock")
	if err := os.WriteFile(lock, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SetMark([]byte("2"), one); !errors.Is(err, ErrMarkMoved) {
		t.Errorf("while another run writes: %v", err)
	}
	if _, err := os.Stat(lock); err != nil {
		t.Errorf("the other run's lock: %v", err)
	}
}
