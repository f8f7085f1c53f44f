package git

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// ErrCut says that the history that is here ends before what was asked for: the clone is shallow.
var ErrCut = errors.New("the history that is here is cut off (a shallow clone)")

// Parents gives the parents of a commit, the one that it continues first.
func (r *Repository) Parents(revision string) ([]string, error) {
	commit, err := r.commit(revision)
	if err != nil {
		return nil, err
	}
	var parents []string
	for _, hash := range commit.ParentHashes {
		parents = append(parents, hash.String())
	}
	return parents, nil
}

// FirstParents gives the commits that lie on the way from one commit to another along first parents: what was done on a
// branch itself, each merge as one step. They come oldest first, without the first and with the last. reached is false
// where the way does not lead past since.
func (r *Repository) FirstParents(since, to string) (commits []string, reached bool, err error) {
	from, err := r.commit(since)
	if err != nil {
		return nil, false, err
	}
	at, err := r.commit(to)
	if err != nil {
		return nil, false, err
	}
	for at.Hash != from.Hash {
		commits = append(commits, at.Hash.String())
		if len(at.ParentHashes) == 0 {
			return nil, false, nil
		}
		parent := at.ParentHashes[0]
		at, err = r.repo.CommitObject(parent)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			return nil, false, fmt.Errorf("read the commit %s: %w", parent, ErrCut)
		}
		if err != nil {
			return nil, false, fmt.Errorf("read the commit %s: %w", parent, err)
		}
	}
	slices.Reverse(commits)
	return commits, true, nil
}

// IsAncestor reports whether one commit leads to the other, or is the same.
func (r *Repository) IsAncestor(ancestor, of string) (bool, error) {
	a, err := r.commit(ancestor)
	if err != nil {
		return false, err
	}
	b, err := r.commit(of)
	if err != nil {
		return false, err
	}
	is, err := a.IsAncestor(b)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return false, fmt.Errorf("see whether %s comes before %s: %w", ancestor, of, ErrCut)
	}
	if err != nil {
		return false, fmt.Errorf("see whether %s comes before %s: %w", ancestor, of, err)
	}
	return is, nil
}

// ChangedFiles gives the names of all files that differ between two commits in any way, from the opened folder, with slashes and in
// order. Those that lie outside it begin with ../.
func (r *Repository) ChangedFiles(before, after string) ([]string, error) {
	changes, err := r.difference(before, after)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range changes {
		for _, name := range []string{c.From.Name, c.To.Name} {
			if name != "" {
				names = append(names, r.fromFolder(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// difference compares the files of two commits.
func (r *Repository) difference(before, after string) (object.Changes, error) {
	var trees [2]*object.Tree
	for i, revision := range []string{before, after} {
		commit, err := r.commit(revision)
		if err != nil {
			return nil, err
		}
		if trees[i], err = commit.Tree(); err != nil {
			return nil, fmt.Errorf("read the files of %s: %w", revision, err)
		}
	}
	changes, err := object.DiffTree(trees[0], trees[1])
	if err != nil {
		return nil, fmt.Errorf("compare the files of %s and %s: %w", before, after, err)
	}
	return changes, nil
}

// fromFolder names a file as it is seen from the opened folder.
func (r *Repository) fromFolder(name string) string {
	if r.folder == "." {
		return name
	}
	if within, ok := strings.CutPrefix(name, r.folder+"/"); ok {
		return within
	}
	return "../" + name
}
