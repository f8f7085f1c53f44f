package git_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/git"
)

// forest is a repository in which commits are made with the parents that a test wants.
type forest struct {
	t   *testing.T
	dir string
	git *gogit.Repository
}

func newForest(t *testing.T) *forest {
	f := &forest{t: t, dir: t.TempDir()}
	if _, err := git.Init(f.dir, "main"); err != nil {
		t.Fatal(err)
	}
	var err error
	if f.git, err = gogit.PlainOpen(f.dir); err != nil {
		t.Fatal(err)
	}
	return f
}

// commit writes a file and commits everything on the checked out branch, with further parents than the branch's own.
func (f *forest) commit(file, text string, parents ...string) string {
	f.t.Helper()
	path := filepath.Join(f.dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		f.t.Fatal(err)
	}
	tree, err := f.git.Worktree()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := tree.AddWithOptions(&gogit.AddOptions{All: true}); err != nil {
		f.t.Fatal(err)
	}
	by := &object.Signature{Name: "t", Email: "t@example", When: time.Unix(1_700_000_000, 0)}
	opts := &gogit.CommitOptions{Author: by, Committer: by, AllowEmptyCommits: true}
	for _, p := range parents {
		opts.Parents = append(opts.Parents, plumbing.NewHash(p))
	}
	hash, err := tree.Commit("c", opts)
	if err != nil {
		f.t.Fatal(err)
	}
	return hash.String()
}

func (f *forest) open(folder string) *git.Repository {
	f.t.Helper()
	repo, err := git.Open(filepath.Join(f.dir, folder))
	if err != nil {
		f.t.Fatal(err)
	}
	return repo
}

func TestHistory(t *testing.T) {
	f := newForest(t)
	first := f.commit("org/a", "1")
	second := f.commit("org/b", "1")
	side := f.commit("org/c", "1", first)
	merge := f.commit("beside", "1", second, side)
	last := f.commit("org/a", "2")
	repo := f.open("org")

	commits, reached, err := repo.FirstParents(first, last)
	if diff := cmp.Diff([]string{second, merge, last}, commits); err != nil || !reached || diff != "" {
		t.Errorf("first parents: %v %v\n%s", reached, err, diff)
	}
	if commits, reached, err := repo.FirstParents(last, last); err != nil || !reached || len(commits) != 0 {
		t.Errorf("from a commit to itself: %v %v %v", commits, reached, err)
	}
	for _, since := range []string{side, last} {
		if commits, reached, err := repo.FirstParents(since, merge); err != nil || reached || commits != nil {
			t.Errorf("from %s, which is not on the way: %v %v %v", since, commits, reached, err)
		}
	}
	if _, _, err := repo.FirstParents("0123456789012345678901234567890123456789", last); !errors.Is(err, git.ErrNoRevision) {
		t.Errorf("from a commit that is not here: %v", err)
	}
	parents, err := repo.Parents(merge)
	if diff := cmp.Diff([]string{second, side}, parents); err != nil || diff != "" {
		t.Errorf("parents: %v\n%s", err, diff)
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{{first, last, true}, {side, last, true}, {last, last, true}, {last, first, false}, {side, second, false}} {
		if is, err := repo.IsAncestor(tt.a, tt.b); is != tt.want || err != nil {
			t.Errorf("%s before %s: %v, %v", tt.a, tt.b, is, err)
		}
	}
}

func TestChangedFiles(t *testing.T) {
	f := newForest(t)
	first := f.commit("org/people/a.cue", "1")
	f.commit("org/people/b.cue", "1")
	f.commit("outside/x", "1")
	if err := os.Remove(filepath.Join(f.dir, "org", "people", "a.cue")); err != nil {
		t.Fatal(err)
	}
	last := f.commit(".gitlab-ci.yml", "1")
	for folder, want := range map[string][]string{
		".":   {".gitlab-ci.yml", "org/people/a.cue", "org/people/b.cue", "outside/x"},
		"org": {"../.gitlab-ci.yml", "../outside/x", "people/a.cue", "people/b.cue"},
	} {
		got, err := f.open(folder).ChangedFiles(first, last)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", folder, err, diff)
		}
	}
	if got, err := f.open(".").ChangedFiles(last, last); err != nil || len(got) != 0 {
		t.Errorf("a commit and itself: %v, %v", got, err)
	}
}

// TestHistoryThatIsCutOff: a shallow clone does not read as one in which the beginning was never there.
func TestHistoryThatIsCutOff(t *testing.T) {
	f := newForest(t)
	first := f.commit("a", "1")
	f.commit("a", "2")
	f.commit("a", "3")
	dir := t.TempDir()
	if _, err := gogit.PlainClone(dir, false, &gogit.CloneOptions{URL: f.dir, Depth: 1, ReferenceName: "refs/heads/main"}); err != nil {
		t.Fatal(err)
	}
	repo, err := git.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := repo.FirstParents(first, "HEAD"); !errors.Is(err, git.ErrNoRevision) {
		t.Errorf("from a commit that was not fetched: %v", err)
	}
}

// TestSince: every way back counts, and each commit is given once.
func TestSince(t *testing.T) {
	f := newForest(t)
	first := f.commit("a", "1")
	second := f.commit("a", "2")
	side := f.commit("a", "3", first)
	merge := f.commit("a", "4", second, side)
	made := time.Unix(1_700_000_000, 0) // all of them
	for _, test := range []struct {
		since time.Time
		want  []string
	}{{made, []string{merge, side, second, first}}, {made.Add(time.Second), nil}} {
		list, err := f.open(".").Since(test.since, merge, side)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, past := range list {
			got = append(got, past.Hash)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("since %s (-want +got)\n%s", test.since, diff)
		}
	}
	if _, err := f.open(".").Since(made, "nowhere"); !errors.Is(err, git.ErrNoRevision) {
		t.Errorf("the error is %v", err)
	}
}
