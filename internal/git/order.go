package git

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

// Contains reports whether a revision is another one or comes after it. ErrNoRevision says that one of them, or what lies
// between, is not here.
func (r *Repository) Contains(revision, earlier string) (bool, error) {
	later, err := r.commit(revision)
	if err != nil {
		return false, err
	}
	first, err := r.commit(earlier)
	if err != nil {
		return false, err
	}
	contains, err := first.IsAncestor(later)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		err = ErrNoRevision
	}
	if err != nil {
		return false, fmt.Errorf("look for %s before %s: %w", earlier, revision, err)
	}
	return contains, nil
}
