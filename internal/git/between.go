package git

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Logged is a commit as the history has it.
type Logged struct {
	ID      string
	Parents []string
	Message string
	Author  Author
	When    time.Time // of the author
}

// Between gives the commits that head has and base has not, parents before what follows them.
func (r *Repository) Between(base, head string) ([]Logged, error) {
	from, err := r.commit(base)
	if err != nil {
		return nil, err
	}
	to, err := r.commit(head)
	if err != nil {
		return nil, err
	}
	known := map[plumbing.Hash]bool{}
	if _, err := r.walk(from, known); err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", base, err)
	}
	list, err := r.walk(to, known)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", head, err)
	}
	out := make([]Logged, len(list))
	for i, c := range list {
		out[i] = Logged{ID: c.Hash.String(), Message: c.Message, Author: Author{c.Author.Name, c.Author.Email}, When: c.Author.When}
		for _, p := range c.ParentHashes {
			out[i].Parents = append(out[i].Parents, p.String())
		}
	}
	return out, nil
}

// walk gives a commit and all before it that are not known yet, parents first, and notes them as known. Where the history
// is shallow it ends.
func (r *Repository) walk(head *object.Commit, known map[plumbing.Hash]bool) ([]*object.Commit, error) {
	type step struct {
		commit *object.Commit
		ready  bool // its parents are listed
	}
	var list []*object.Commit
	for open := []step{{commit: head}}; len(open) > 0; {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case at.ready:
			list = append(list, at.commit)
			continue
		case known[at.commit.Hash]:
			continue
		}
		known[at.commit.Hash] = true
		open = append(open, step{at.commit, true})
		for _, hash := range slices.Backward(at.commit.ParentHashes) {
			if known[hash] {
				continue
			}
			parent, err := r.repo.CommitObject(hash)
			if errors.Is(err, plumbing.ErrObjectNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			open = append(open, step{commit: parent})
		}
	}
	return list, nil
}

// MoveBranch moves a local branch from the commit where it was seen to another one. ErrMoved says that it is elsewhere by
// now. The branch that is checked out is refused: its files would not follow.
func (r *Repository) MoveBranch(name, old, revision string) error {
	current, err := r.Branch()
	if err != nil {
		return err
	}
	if current == name {
		return fmt.Errorf("move the branch %s: it is checked out", name)
	}
	to, err := r.commit(revision)
	if err != nil {
		return err
	}
	ref := plumbing.NewBranchReferenceName(name)
	if now, err := r.repo.Reference(ref, true); err != nil || now.Hash().String() != old {
		return fmt.Errorf("move the branch %s: %w", name, ErrMoved)
	}
	err = r.repo.Storer.CheckAndSetReference(plumbing.NewHashReference(ref, to.Hash), plumbing.NewHashReference(ref, plumbing.NewHash(old)))
	if err != nil {
		return fmt.Errorf("move the branch %s: %w: %w", name, ErrMoved, err)
	}
	return nil
}
