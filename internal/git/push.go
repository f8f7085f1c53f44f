package git

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// Update moves a reference on the server from one commit to another. Without Old it must not be there; without New it is
// taken away.
type Update struct {
	Ref      string // such as refs/heads/forslag/p7k3f9q
	Old, New string
}

// Push moves references on the server, all of them or none, each only if it is where Old says: of two who push at the same
// time one gets ErrMoved. What the server does not have yet goes with them.
func (r *Repository) Push(ctx context.Context, l Login, updates ...Update) (err error) {
	s, err := r.server(l)
	if err != nil {
		return err
	}
	session, err := s.receivePack()
	if err != nil {
		return s.told("push", err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	there, err := session.AdvertisedReferencesContext(ctx)
	if err != nil && !errors.Is(err, transport.ErrEmptyRemoteRepository) {
		return s.told("push", err)
	}
	refs := map[string]plumbing.Hash{}
	caps := capability.NewList()
	if there != nil {
		refs, caps = there.References, there.Capabilities
	}
	request, err := updateRequest(refs, caps, updates)
	if err != nil {
		return err
	}
	objects, err := r.unknownTo(refs, request.Commands)
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	return r.send(ctx, s, session, request, objects)
}

// updateRequest asks for the updates, once it is certain that the server is where they begin. The server holds each against
// the old commit once more, when it carries it out.
func updateRequest(refs map[string]plumbing.Hash, caps *capability.List, updates []Update) (*packp.ReferenceUpdateRequest, error) {
	request := packp.NewReferenceUpdateRequestFromCapabilities(caps)
	if len(updates) > 1 {
		if !caps.Supports(capability.Atomic) {
			return nil, fmt.Errorf("push: %w: it cannot move several references at once", ErrRejected)
		}
		if err := request.Capabilities.Set(capability.Atomic); err != nil {
			return nil, fmt.Errorf("push: %w", err)
		}
	}
	for _, u := range updates {
		if now := refs[u.Ref]; now != plumbing.NewHash(u.Old) {
			return nil, fmt.Errorf("push %s: %w", u.Ref, ErrMoved)
		}
		request.Commands = append(request.Commands, &packp.Command{
			Name: plumbing.ReferenceName(u.Ref), Old: plumbing.NewHash(u.Old), New: plumbing.NewHash(u.New),
		})
	}
	return request, nil
}

func (r *Repository) send(ctx context.Context, s *server, session transport.ReceivePackSession, request *packp.ReferenceUpdateRequest, objects []plumbing.Hash) error {
	sends := false
	for _, c := range request.Commands {
		sends = sends || c.Action() != packp.Delete
	}
	packed := func() error { return nil }
	if sends { // a server waits for a pack as soon as anything is not taken away, be it an empty one
		request.Packfile, packed = r.pack(objects)
	}
	report, err := session.ReceivePack(ctx, request)
	packErr := packed()
	switch {
	case report != nil && report.UnpackStatus != "":
		return refused(report)
	case err != nil:
		return s.told("push", err)
	case packErr != nil:
		return fmt.Errorf("pack what is pushed: %w", packErr)
	}
	return s.told("push", errors.New("it did not say what became of the push"))
}

// pack gives the objects as a pack, while they are read. wait ends that, and returns when the repository is not used for it
// any more.
func (r *Repository) pack(objects []plumbing.Hash) (reader io.ReadCloser, wait func() error) {
	from, to := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		_, err := packfile.NewEncoder(to, r.repo.Storer, false).Encode(objects, 0)
		packed <- errors.Join(err, to.CloseWithError(err))
	}()
	return from, func() error {
		closeErr := from.Close()
		return errors.Join(<-packed, closeErr)
	}
}

// refused tells what the server says of a push.
func refused(report *packp.ReportStatus) error {
	for _, status := range report.CommandStatuses {
		switch status.Status {
		case "ok":
		case "failed to update ref", "reference already exists", "incorrect old value provided", "failed to lock":
			return fmt.Errorf("push %s: %w: %s", status.ReferenceName, ErrMoved, status.Status)
		default:
			return fmt.Errorf("push %s: %w: %s", status.ReferenceName, ErrRejected, status.Status)
		}
	}
	if report.UnpackStatus != "ok" {
		return fmt.Errorf("push: %w: %s", ErrRejected, report.UnpackStatus)
	}
	return nil
}

// unknownTo gives the objects behind the commands' new commits that the server does not have. Only commits that are not in
// the history of any of its references are looked into, and only what differs from their parents in them.
func (r *Repository) unknownTo(refs map[string]plumbing.Hash, commands []*packp.Command) ([]plumbing.Hash, error) {
	known, err := r.history(refs)
	if err != nil {
		return nil, err
	}
	f := &found{repository: r, seen: map[plumbing.Hash]bool{}}
	for _, c := range commands {
		if c.New.IsZero() {
			continue
		}
		if err := f.push(c.New, known); err != nil {
			return nil, err
		}
	}
	return f.list, nil
}

// history is every commit that the server has, as far as it is known here.
func (r *Repository) history(refs map[string]plumbing.Hash) (map[plumbing.Hash]bool, error) {
	var open []plumbing.Hash
	for _, hash := range refs {
		open = append(open, hash)
	}
	remotes, err := r.repo.References()
	if err != nil {
		return nil, err
	}
	err = remotes.ForEach(func(ref *plumbing.Reference) error {
		if ref.Type() == plumbing.HashReference && ref.Name().IsRemote() {
			open = append(open, ref.Hash())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	known := map[plumbing.Hash]bool{}
	for len(open) > 0 {
		hash := open[len(open)-1]
		open = open[:len(open)-1]
		if known[hash] {
			continue
		}
		known[hash] = true
		commit, err := r.repo.CommitObject(hash)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			continue // not fetched, or no commit
		}
		if err != nil {
			return nil, err
		}
		open = append(open, commit.ParentHashes...)
	}
	return known, nil
}

// found collects objects to be sent, each once.
type found struct {
	repository *Repository
	seen       map[plumbing.Hash]bool
	list       []plumbing.Hash
}

func (f *found) add(hash plumbing.Hash) bool {
	if f.seen[hash] {
		return false
	}
	f.seen[hash] = true
	f.list = append(f.list, hash)
	return true
}

// push adds an object that a reference is to point to, with what is behind it.
func (f *found) push(hash plumbing.Hash, known map[plumbing.Hash]bool) error {
	open := []plumbing.Hash{hash}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if known[at] || f.seen[at] {
			continue
		}
		commit, err := f.repository.repo.CommitObject(at)
		if errors.Is(err, plumbing.ErrObjectNotFound) && at == hash {
			f.add(at) // a reference to something else, such as the mark
			continue
		}
		if err != nil {
			return fmt.Errorf("read the commit %s: %w", at, err)
		}
		f.add(at)
		if err := f.commit(commit); err != nil {
			return err
		}
		open = append(open, commit.ParentHashes...)
	}
	return nil
}

func (f *found) commit(c *object.Commit) error {
	tree, err := c.Tree()
	if err != nil {
		return fmt.Errorf("read the files of %s: %w", c.Hash, err)
	}
	var parents []*object.Tree
	err = c.Parents().ForEach(func(p *object.Commit) error {
		below, err := p.Tree()
		parents = append(parents, below)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the files before %s: %w", c.Hash, err)
	}
	return f.tree(tree, parents)
}

// tree adds a tree and what is below it, but for what one of the others has at the same place.
func (f *found) tree(t *object.Tree, others []*object.Tree) error {
	for _, o := range others {
		if o.Hash == t.Hash {
			return nil
		}
	}
	if !f.add(t.Hash) {
		return nil
	}
	for _, e := range t.Entries {
		if err := f.entry(t, e, others); err != nil {
			return err
		}
	}
	return nil
}

func (f *found) entry(t *object.Tree, e object.TreeEntry, others []*object.Tree) error {
	var below []*object.Tree
	for _, o := range others {
		was, err := o.FindEntry(e.Name)
		if errors.Is(err, object.ErrEntryNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if was.Hash == e.Hash {
			return nil
		}
		if !was.Mode.IsFile() {
			sub, err := o.Tree(e.Name)
			if err != nil {
				return err
			}
			below = append(below, sub)
		}
	}
	if e.Mode.IsFile() {
		f.add(e.Hash)
		return nil
	}
	sub, err := t.Tree(e.Name)
	if err != nil {
		return err
	}
	return f.tree(sub, below)
}
