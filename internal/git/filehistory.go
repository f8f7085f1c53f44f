package git

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Past is a commit as a history shows it.
type Past struct {
	Hash    string
	Parents []string
	When    time.Time // of the committer
	Author  Author
	Message string
}

func pastOf(c *object.Commit) Past {
	p := Past{Hash: c.Hash.String(), When: c.Committer.When, Author: Author{c.Author.Name, c.Author.Email}, Message: c.Message}
	for _, parent := range c.ParentHashes {
		p.Parents = append(p.Parents, parent.String())
	}
	return p
}

// Since gives the commits that revisions lead back to, themselves included, on whichever way, down to those that were made before a
// time, which are not among them. Where the history that is here ends, so does the way.
func (r *Repository) Since(when time.Time, revisions ...string) ([]Past, error) {
	var list []Past
	var open []*object.Commit
	for _, revision := range revisions {
		c, err := r.commit(revision)
		if err != nil {
			return nil, err
		}
		open = append(open, c)
	}
	seen := map[plumbing.Hash]bool{}
	for ; len(open) > 0; open = open[1:] {
		at := open[0]
		if seen[at.Hash] || at.Committer.When.Before(when) {
			continue
		}
		seen[at.Hash] = true
		list = append(list, pastOf(at))
		for _, hash := range at.ParentHashes {
			parent, err := r.repo.CommitObject(hash)
			if errors.Is(err, plumbing.ErrObjectNotFound) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("read the commit %s: %w", hash, err)
			}
			open = append(open, parent)
		}
	}
	return list, nil
}

// FileHistory is the way back through a branch's own commits (first parents) with an eye on one file.
type FileHistory struct {
	repository *Repository
	steps      []string // of the file's name
	seen       []plumbing.Hash
	blob       plumbing.Hash
}

// FileHistory looks at a file, named from the root of the work tree.
func (r *Repository) FileHistory(name string) *FileHistory {
	return &FileHistory{repository: r, steps: strings.Split(name, "/")}
}

// Last goes back from a commit to the newest that changed the file against its first parent, itself included, and gives it. A commit without a
// parent changes what it has. ErrNoRevision says that there is none, or that the history that is here ends before it.
func (h *FileHistory) Last(commit string) (Past, error) {
	at, err := h.repository.commit(commit)
	if err != nil {
		return Past{}, err
	}
	blob, err := h.at(at)
	if err != nil {
		return Past{}, err
	}
	for {
		if len(at.ParentHashes) == 0 {
			if blob.IsZero() {
				return Past{}, fmt.Errorf("look for the file in the history: %w", ErrNoRevision)
			}
			return pastOf(at), nil
		}
		parent, err := h.repository.commit(at.ParentHashes[0].String())
		if err != nil {
			return Past{}, err
		}
		before, err := h.at(parent)
		if err != nil {
			return Past{}, err
		}
		if before != blob {
			return pastOf(at), nil
		}
		at, blob = parent, before
	}
}

// at gives the file's blob in a commit; zero where it is not there. Folders that are the same as in the commit before are not opened.
func (h *FileHistory) at(c *object.Commit) (plumbing.Hash, error) {
	tree, err := c.Tree()
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read the files of %s: %w", c.Hash, err)
	}
	for i, step := range h.steps {
		entry, err := tree.FindEntry(step)
		if errors.Is(err, object.ErrEntryNotFound) || err == nil && (i == len(h.steps)-1) != entry.Mode.IsFile() {
			h.seen = nil
			return plumbing.ZeroHash, nil
		}
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("read the files of %s: %w", c.Hash, err)
		}
		if i < len(h.seen) && h.seen[i] == entry.Hash {
			return h.blob, nil
		}
		h.seen = append(h.seen[:min(i, len(h.seen))], entry.Hash)
		if i == len(h.steps)-1 {
			h.blob = entry.Hash
			return h.blob, nil
		}
		if tree, err = object.GetTree(h.repository.repo.Storer, entry.Hash); err != nil {
			h.seen = nil
			return plumbing.ZeroHash, fmt.Errorf("read the files of %s: %w", c.Hash, err)
		}
	}
	return plumbing.ZeroHash, nil
}

// mostMerged bounds how many commits of a merged branch are looked at.
const mostMerged = 500

// Merged are the commits that a merge brought in (its second parent's line, newest first); none for an ordinary commit.
func (r *Repository) Merged(merge Past) ([]Past, error) {
	if len(merge.Parents) != 2 {
		return nil, nil
	}
	base, err := r.MergeBase(merge.Parents[0], merge.Parents[1])
	if err != nil {
		return nil, err
	}
	var list []Past
	for at := merge.Parents[1]; at != base && len(list) < mostMerged; {
		c, err := r.commit(at)
		if err != nil {
			return nil, err
		}
		list = append(list, pastOf(c))
		if len(c.ParentHashes) == 0 {
			break
		}
		at = c.ParentHashes[0].String()
	}
	return list, nil
}

// Differing gives the files that are not the same in two commits, from the root of the work tree, in order of name.
func (r *Repository) Differing(a, b string) ([]string, error) {
	changes, err := r.difference(a, b)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range changes {
		names = append(names, c.From.Name, c.To.Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(name string) bool { return name == "" }), nil
}
