package git

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// texts gives the texts of files of a commit; missing ones as "-".
func texts(t *testing.T, r *Repository, revision string, names ...string) map[string]string {
	t.Helper()
	files, _, err := r.Tree(revision)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			text = []byte("-")
		}
		got[name] = string(text)
	}
	return got
}

// sound lets the git program look whether a repository is whole, where there is one.
func sound(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Log("there is no git program to look with")
		return
	}
	if out, err := exec.Command("git", "-C", dir, "fsck", "--strict", "--full").CombinedOutput(); err != nil {
		t.Errorf("git fsck: %v\n%s", err, out)
	}
}

// TestCommitFiles: the commit differs in the files that were named, and nobody notices it before it has a branch.
func TestCommitFiles(t *testing.T) {
	r := newRepository(t, map[string]string{"people/a/b.cue": "b", "people/c.cue": "c", "d.cue": "d", "units/x/y.cue": "y"})
	first := commit(t, r, "first")
	write(t, r, map[string]string{"d.cue": "changed in the work tree"})
	made, err := r.CommitFiles("main", map[string][]byte{
		"people/a/b.cue": []byte("new"), "people/aa.cue": []byte("aa"), "people-2/n/m.cue": []byte("m"), "units/x/y.cue": nil, "none/z.cue": nil,
	}, Commit{Message: "second", Author: Author{"Lone", "lone@korsbaek.example"}, When: when})
	if err != nil {
		t.Fatal(err)
	}
	if now, err := r.Resolve("main"); err != nil || now != first {
		t.Errorf("main is at %s, %v", now, err)
	}
	if err := r.CreateBranch("lock/x", made); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"people/a/b.cue": "new", "people/aa.cue": "aa", "people/c.cue": "c", "d.cue": "d", "people-2/n/m.cue": "m", "units/x/y.cue": "-", "units": "-", "none": "-"} {
		if got := texts(t, r, "lock/x", name)[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if text, err := os.ReadFile(filepath.Join(r.Root(), "d.cue")); err != nil || string(text) != "changed in the work tree" {
		t.Errorf("the work tree has %q, %v", text, err)
	}
	if base, err := r.MergeBase("main", "lock/x"); err != nil || base != first {
		t.Errorf("they parted at %s, %v", base, err)
	}
	sound(t, r.Root())
}

// TestCommitFilesAlone: without a revision there is nothing before the commit.
func TestCommitFilesAlone(t *testing.T) {
	r := newRepository(t, map[string]string{"a.cue": "a"})
	commit(t, r, "first")
	made, err := r.CommitFiles("", map[string][]byte{"mark.json": []byte("{}")}, Commit{Message: "alone", Author: Author{"orgit", "orgit@korsbaek.example"}, When: when})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(t, r, made, "mark.json", "a.cue"); got["mark.json"] != "{}" || got["a.cue"] != "-" {
		t.Errorf("it has %v", got)
	}
	sound(t, r.Root())
}

// TestCommitFilesRefuses: what git or an operating system would take for something else is no file of a commit.
func TestCommitFilesRefuses(t *testing.T) {
	r := newRepository(t, map[string]string{"people/a.cue": "a"})
	commit(t, r, "first")
	for _, name := range []string{"../a.cue", "/a.cue", "", ".", "a//b.cue", ".git/config", "people/.GIT/x", "people/a.cue/b.cue", "people"} {
		if _, err := r.CommitFiles("main", map[string][]byte{name: []byte("x")}, Commit{}); err == nil {
			t.Errorf("%q was committed", name)
		}
	}
}

// TestCommitState: the commit follows the one and has the files of the other, links and all.
func TestCommitState(t *testing.T) {
	r := newRepository(t, map[string]string{"people/a.cue": "a", "b.cue": "b"})
	first := commit(t, r, "first")
	write(t, r, map[string]string{"b.cue": "changed", "units/new.cue": "new"})
	if err := os.Symlink("b.cue", filepath.Join(r.root, "link.cue")); err != nil {
		t.Fatal(err)
	}
	second := commit(t, r, "second")
	made, err := r.CommitState(second, first, Commit{Message: "back", Author: Author{"Lone", "lone@korsbaek.example"}, When: when})
	if err != nil {
		t.Fatal(err)
	}
	if differing, err := r.Differing(first, made); err != nil || len(differing) > 0 {
		t.Errorf("differs in %v, %v", differing, err)
	}
	if parents, err := r.Parents(made); err != nil || len(parents) != 1 || parents[0] != second {
		t.Errorf("follows %v, %v", parents, err)
	}
	if differing, err := r.Differing(second, made); err != nil || len(differing) != 3 {
		t.Errorf("takes back %v, %v", differing, err)
	}
	var ids []string
	for range 2 { // without a time, in the time of what it takes its files from
		id, err := r.CommitState(second, first, Commit{Message: "back", Author: Author{"Lone", "lone@korsbaek.example"}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	was, errWas := r.SignedCommit(first)
	is, errIs := r.SignedCommit(ids[0])
	if errWas != nil || errIs != nil || ids[0] != ids[1] || !is.When.Equal(was.When) {
		t.Errorf("made without a time: %v, at %v, which is not %v (%v, %v)", ids, is.When, was.When, errWas, errIs)
	}
}
