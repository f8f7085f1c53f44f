package git

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// CommitBeside makes a commit that follows a revision and differs from it in the text of
// one file, which must be there. Neither the work tree nor any branch is touched; give the
// commit to CreateBranch to keep it. name is relative to the root of the work tree.
func (r *Repository) CommitBeside(revision, name string, text []byte, c Commit) (string, error) {
	parent, err := r.commit(revision)
	if err != nil {
		return "", err
	}
	root, err := parent.Tree()
	if err != nil {
		return "", fmt.Errorf("read the files of %s: %w", revision, err)
	}
	blob, err := r.storeBlob(text)
	if err != nil {
		return "", fmt.Errorf("commit %s: %w", name, err)
	}
	tree, err := r.withFile(root, strings.Split(path.Clean(name), "/"), blob)
	if err != nil {
		return "", fmt.Errorf("commit %s: %w", name, err)
	}
	by := object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: c.When}
	made := &object.Commit{Author: by, Committer: by, Message: c.Message, TreeHash: tree, ParentHashes: []plumbing.Hash{parent.Hash}}
	stored := r.repo.Storer.NewEncodedObject()
	if err := made.Encode(stored); err != nil {
		return "", fmt.Errorf("commit %s: %w", name, err)
	}
	hash, err := r.repo.Storer.SetEncodedObject(stored)
	if err != nil {
		return "", fmt.Errorf("commit %s: %w", name, err)
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

// withFile stores a tree like the given one, but for the text of one file in it.
func (r *Repository) withFile(tree *object.Tree, steps []string, blob plumbing.Hash) (plumbing.Hash, error) {
	entries := slices.Clone(tree.Entries)
	i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == steps[0] })
	switch {
	case i < 0:
		return plumbing.ZeroHash, object.ErrEntryNotFound
	case len(steps) > 1:
		below, err := tree.Tree(steps[0])
		if err != nil {
			return plumbing.ZeroHash, err
		}
		if entries[i].Hash, err = r.withFile(below, steps[1:], blob); err != nil {
			return plumbing.ZeroHash, err
		}
	case entries[i].Mode != filemode.Regular && entries[i].Mode != filemode.Executable && entries[i].Mode != filemode.Deprecated:
		return plumbing.ZeroHash, errors.New("it is no ordinary file")
	default:
		entries[i].Hash = blob
	}
	stored := r.repo.Storer.NewEncodedObject()
	if err := (&object.Tree{Entries: entries}).Encode(stored); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.repo.Storer.SetEncodedObject(stored)
}
