package git

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Signer signs commits. The text that it gives is what git keeps in the commit's header, armour included.
type Signer interface {
	Sign(commit []byte) (signature string, err error)
}

// CommitFiles makes a commit that follows a revision and differs from it in the texts of some files; a nil text takes a
// file away. Without a revision the commit has no parent and no other files. Neither the work tree nor any branch is
// touched; give the commit to CreateBranch or Push to keep it. Names are relative to the root of the work tree.
func (r *Repository) CommitFiles(revision string, files map[string][]byte, c Commit) (string, error) {
	made := &object.Commit{Message: c.Message}
	made.Author = object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: c.When}
	made.Committer = made.Author
	root := &object.Tree{}
	if revision != "" {
		parent, err := r.commit(revision)
		if err != nil {
			return "", err
		}
		made.ParentHashes = []plumbing.Hash{parent.Hash}
		if c.Follows != "" {
			branch, err := r.commit(c.Follows)
			if err != nil {
				return "", err
			}
			made.ParentHashes = []plumbing.Hash{branch.Hash, parent.Hash}
		}
		if root, err = parent.Tree(); err != nil {
			return "", fmt.Errorf("read the files of %s: %w", revision, err)
		}
	}
	below := newFolder()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := below.add(name, files[name]); err != nil {
			return "", fmt.Errorf("commit %s: %w", name, err)
		}
	}
	var err error
	if made.TreeHash, err = r.storeTree(root, below); err != nil {
		return "", fmt.Errorf("commit: %w", err)
	}
	if err := sign(made, c.Signer); err != nil {
		return "", fmt.Errorf("sign the commit: %w", err)
	}
	return r.store(made)
}

// CommitState makes a commit that follows a revision and has exactly the files of another one, whatever they are. Without a
// time it has that of the other one's committer, so that it is the same commit whenever it is made. Neither the work tree nor
// any branch is touched.
func (r *Repository) CommitState(revision, state string, c Commit) (string, error) {
	parent, err := r.commit(revision)
	if err != nil {
		return "", err
	}
	files, err := r.commit(state)
	if err != nil {
		return "", err
	}
	if c.When.IsZero() {
		c.When = files.Committer.When
	}
	made := &object.Commit{Message: c.Message, TreeHash: files.TreeHash, ParentHashes: []plumbing.Hash{parent.Hash}}
	made.Author = object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: c.When}
	made.Committer = made.Author
	if err := sign(made, c.Signer); err != nil {
		return "", fmt.Errorf("sign the commit: %w", err)
	}
	return r.store(made)
}

func sign(made *object.Commit, signer Signer) error {
	if signer == nil {
		return nil
	}
	text, err := unsigned(made)
	if err != nil {
		return err
	}
	made.PGPSignature, err = signer.Sign(text)
	return err
}

// unsigned is what a signature of a commit covers.
func unsigned(c *object.Commit) ([]byte, error) {
	plain := &plumbing.MemoryObject{}
	if err := c.EncodeWithoutSignature(plain); err != nil {
		return nil, err
	}
	reader, err := plain.Reader()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	_, err = text.ReadFrom(reader)
	return text.Bytes(), errors.Join(err, reader.Close())
}

func (r *Repository) store(o object.Object) (string, error) {
	stored := r.repo.Storer.NewEncodedObject()
	if err := o.Encode(stored); err != nil {
		return "", fmt.Errorf("commit: %w", err)
	}
	hash, err := r.repo.Storer.SetEncodedObject(stored)
	if err != nil {
		return "", fmt.Errorf("commit: %w", err)
	}
	return hash.String(), nil
}

func (r *Repository) storeBlob(text []byte) (plumbing.Hash, error) {
	blob := r.repo.Storer.NewEncodedObject()
	blob.SetType(plumbing.BlobObject)
	w, err := blob.Writer()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	_, err = w.Write(text)
	if err = errors.Join(err, w.Close()); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.repo.Storer.SetEncodedObject(blob)
}

// folder is what changes below a folder of a commit.
type folder struct {
	files   map[string][]byte // nil: taken away
	folders map[string]*folder
}

func newFolder() *folder { return &folder{map[string][]byte{}, map[string]*folder{}} }

func (f *folder) add(name string, text []byte) error {
	if !fs.ValidPath(name) || name == "." {
		return errors.New("it is no name of a file below the root")
	}
	steps := strings.Split(name, "/")
	if slices.ContainsFunc(steps, func(s string) bool { return strings.EqualFold(s, ".git") }) {
		return errors.New("git keeps what is its own there")
	}
	for _, step := range steps[:len(steps)-1] {
		if f.folders[step] == nil {
			f.folders[step] = newFolder()
		}
		f = f.folders[step]
	}
	f.files[steps[len(steps)-1]] = text
	return nil
}

// storeTree stores a tree like the given one, but for what changes below it; a folder in which nothing is left is taken
// away.
func (r *Repository) storeTree(tree *object.Tree, f *folder) (plumbing.Hash, error) {
	entries := map[string]object.TreeEntry{}
	for _, e := range tree.Entries {
		entries[e.Name] = e
	}
	for name, text := range f.files {
		if err := r.putFile(entries, name, text); err != nil {
			return plumbing.ZeroHash, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, below := range f.folders {
		if err := r.putFolder(tree, entries, name, below); err != nil {
			return plumbing.ZeroHash, fmt.Errorf("%s: %w", name, err)
		}
	}
	list := slices.Collect(maps.Values(entries))
	slices.SortFunc(list, func(a, b object.TreeEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	stored := r.repo.Storer.NewEncodedObject()
	if err := (&object.Tree{Entries: list}).Encode(stored); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.repo.Storer.SetEncodedObject(stored)
}

func (r *Repository) putFile(entries map[string]object.TreeEntry, name string, text []byte) (err error) {
	before, there := entries[name]
	if there && before.Mode != filemode.Regular && before.Mode != filemode.Executable && before.Mode != filemode.Deprecated {
		return errors.New("it is no ordinary file")
	}
	if text == nil {
		delete(entries, name)
		return nil
	}
	entry := object.TreeEntry{Name: name, Mode: filemode.Regular}
	if there {
		entry.Mode = before.Mode
	}
	entry.Hash, err = r.storeBlob(text)
	entries[name] = entry
	return err
}

func (r *Repository) putFolder(tree *object.Tree, entries map[string]object.TreeEntry, name string, below *folder) (err error) {
	was := &object.Tree{}
	if before, there := entries[name]; there {
		if before.Mode != filemode.Dir {
			return errors.New("it is no folder")
		}
		if was, err = tree.Tree(name); err != nil {
			return err
		}
	}
	hash, err := r.storeTree(was, below)
	if err != nil {
		return err
	}
	stored, err := r.repo.TreeObject(hash)
	if err != nil {
		return err
	}
	if len(stored.Entries) == 0 {
		delete(entries, name)
		return nil
	}
	entries[name] = object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash}
	return nil
}

// sortName is by what git orders the entries of a tree: a folder as if a slash followed its name.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}
