package git

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/google/go-cmp/cmp"
)

// loseObject takes a blob out of the object store, so that its text can only come from the
// work tree.
func loseObject(t *testing.T, r *Repository, text string) {
	t.Helper()
	dir, err := r.PrivateDir()
	if err != nil {
		t.Fatal(err)
	}
	hash := plumbing.ComputeHash(plumbing.BlobObject, []byte(text)).String()
	if err := os.Remove(filepath.Join(dir, "objects", hash[:2], hash[2:])); err != nil {
		t.Fatal(err)
	}
}

// TestTreeReadsTheWorkTree: what the work tree has in the same place comes from there, and
// nothing else does, whatever length, time or kind it has.
func TestTreeReadsTheWorkTree(t *testing.T) {
	texts := map[string]string{
		"same.cue": "same", "edited.cue": "before", "long.cue": "long", "gone.cue": "gone", "link.cue": "link", "folder.cue": "folder",
		"inside/same.cue": "inside", "empty.cue": "",
	}
	r := newRepository(t, texts)
	commit(t, r, "begin")
	at := func(name string) string { return filepath.Join(r.Root(), name) }
	info, err := os.Stat(at("edited.cue"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, r, map[string]string{"edited.cue": "behind", "long.cue": "longer"})
	for _, name := range []string{"gone.cue", "link.cue", "folder.cue"} {
		if err := os.Remove(at(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(at("edited.cue"), info.ModTime(), info.ModTime()); err != nil { // as old and as long as before
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", at("link.cue")); err != nil {
		t.Skip("no links here:", err)
	}
	if err := os.Mkdir(at("folder.cue"), 0o777); err != nil {
		t.Fatal(err)
	}
	loseObject(t, r, "same")
	loseObject(t, r, "inside")

	files, _, err := r.Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range texts {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = string(text)
		if info, err := fs.Stat(files, name); err != nil || info.Size() != int64(len(text)) {
			t.Errorf("%s: %v, %v, want %d bytes", name, info, err, len(text))
		}
	}
	if diff := cmp.Diff(texts, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	below, err := fs.Sub(files, "inside")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(below, "same.cue"); err != nil || string(text) != "inside" {
		t.Errorf("below a folder: %q, %v", text, err)
	}
	if nowhere, err := fs.Sub(files, "nowhere"); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	} else if _, err := fs.ReadFile(nowhere, "same.cue"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file in a folder that is not there: %v", err)
	}
	if err := os.Remove(at("same.cue")); err != nil {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(files, "same.cue"); err == nil {
		t.Errorf("a file that is nowhere any more: %q", text)
	}
}

// TestTreeWithoutWorkTree reads everything from git's objects.
func TestTreeWithoutWorkTree(t *testing.T) {
	r := newRepository(t, map[string]string{"units/a.cue": "a", "empty.cue": "", "long.txt": strings.Repeat("lang ", 10_000)})
	commit(t, r, "begin")
	for _, name := range []string{"units", "empty.cue", "long.txt"} {
		if err := os.RemoveAll(filepath.Join(r.Root(), name)); err != nil {
			t.Fatal(err)
		}
	}
	files, _, err := r.Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(files, "units/a.cue", "empty.cue", "long.txt"); err != nil {
		t.Error(err)
	}
}

// TestTreeIdentity: the same text has the same identity in every commit and folder.
func TestTreeIdentity(t *testing.T) {
	r := newRepository(t, map[string]string{"units/a.cue": "a", "units/b.cue": "b"})
	commit(t, r, "begin")
	write(t, r, map[string]string{"units/b.cue": "changed"})
	commit(t, r, "change")
	identity := func(revision, folder, name string) string {
		files, _, err := r.Tree(revision)
		if err == nil {
			files, err = fs.Sub(files, folder)
		}
		if err != nil {
			t.Fatal(err)
		}
		return files.(interface{ Identity(string) string }).Identity(name)
	}
	a, b := identity("HEAD", ".", "units/a.cue"), identity("HEAD", ".", "units/b.cue")
	if a == "" || b == "" || a == b {
		t.Errorf("two files have the identities %q and %q", a, b)
	}
	if was := identity("HEAD~1", "units", "a.cue"); was != a {
		t.Errorf("a file that is the same was %q and is %q", was, a)
	}
	if was := identity("HEAD~1", ".", "units/b.cue"); was == b {
		t.Error("a file that has changed has the same identity")
	}
	for _, name := range []string{"units", "none.cue", "units/a.cue/x", "../x"} {
		if got := identity("HEAD", ".", name); got != "" {
			t.Errorf("%s, which is no file, has the identity %s", name, got)
		}
	}
}
