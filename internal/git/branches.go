package git

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Branch is a branch that is here, and its newest commit.
type Branch struct {
	Name   string // without what says where it is from
	Commit string
	When   time.Time // the commit was made; whoever made it says so
	Server bool      // it is on the server, or was when it was fetched last
}

// Branches gives the branches whose names begin with one of the prefixes, newest first: those of the server as they were
// fetched last, and those of this clone that the server does not have.
func (r *Repository) Branches(prefixes ...string) ([]Branch, error) {
	refs, err := r.repo.References()
	if err != nil {
		return nil, fmt.Errorf("list the branches: %w", err)
	}
	found := map[string]Branch{}
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		name, remote := strings.CutPrefix(ref.Name().String(), "refs/remotes/origin/")
		if !remote {
			name = strings.TrimPrefix(name, "refs/heads/")
		}
		begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
		if _, known := found[name]; ref.Type() != plumbing.HashReference || !slices.ContainsFunc(prefixes, begins) || known && !remote {
			return nil
		}
		commit, err := r.repo.CommitObject(ref.Hash())
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			return nil // no commit, or not here
		}
		if err != nil {
			return fmt.Errorf("read the branch %s: %w", name, err)
		}
		found[name] = Branch{name, commit.Hash.String(), commit.Committer.When, remote}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var list []Branch
	for _, b := range found {
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b Branch) int { return cmp.Or(b.When.Compare(a.When), cmp.Compare(a.Name, b.Name)) })
	return list, nil
}

// Blob is the text of a file, by what git calls it: the same text has the same ID wherever it stands.
type Blob struct {
	File string // from the opened folder
	ID   string
}

// Brought gives the files within the opened folder that a commit has, and another has not or with another text, in order.
func (r *Repository) Brought(base, head string) ([]Blob, error) {
	changes, err := r.difference(base, head)
	if err != nil {
		return nil, err
	}
	var blobs []Blob
	for _, c := range changes {
		name := r.fromFolder(c.To.Name)
		if c.To.Name != "" && !strings.HasPrefix(name, "../") && c.To.TreeEntry.Mode.IsFile() {
			blobs = append(blobs, Blob{name, c.To.TreeEntry.Hash.String()})
		}
	}
	slices.SortFunc(blobs, func(a, b Blob) int { return cmp.Compare(a.File, b.File) })
	return blobs, nil
}

// Text reads a blob; ok is false where it has more than so many bytes.
func (r *Repository) Text(b Blob, most int64) (text []byte, ok bool, err error) {
	blob, err := r.repo.BlobObject(plumbing.NewHash(b.ID))
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", b.File, err)
	}
	if blob.Size > most {
		return nil, false, nil
	}
	reader, err := blob.Reader()
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", b.File, err)
	}
	text, err = io.ReadAll(reader)
	if err = errors.Join(err, reader.Close()); err != nil {
		return nil, false, fmt.Errorf("read %s: %w", b.File, err)
	}
	return text, true, nil
}
