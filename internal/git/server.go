package git

import (
	"context"
	"errors"
	"fmt"
	"strings"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// Errors of what goes to or comes from the server, by which callers decide.
var (
	// ErrNoServer: the repository has no remote named origin.
	ErrNoServer = errors.New("the repository has no server: git knows no remote origin")
	// ErrMoved: a reference on the server is not where the caller took it to be. Nothing was pushed.
	ErrMoved = errors.New("it has moved on the server")
	// ErrRejected: the server does not take the push: a protected branch, a rule of its own. Nothing was pushed.
	ErrRejected = errors.New("the server does not take it")
	// ErrNotAuthorised: the server does not know whoever asks, or lets them do less.
	ErrNotAuthorised = errors.New("the server refuses the login")
	// ErrUnreachable: the server did not answer. Whether a push was done is not known: look with ServerRefs.
	ErrUnreachable = errors.New("the server does not answer")
)

// Login is how to log in to the server. Without a user the address's own login is used, if it has one.
type Login struct {
	User, Password string
	CA             []byte // certificates, as PEM, that are trusted beside the machine's own
}

// server is the repository origin, as reached with a login.
type server struct {
	address string
	end     *transport.Endpoint
	auth    transport.AuthMethod
	ca      []byte
}

func (r *Repository) server(l Login) (*server, error) {
	origin, err := r.repo.Remote("origin")
	if errors.Is(err, gogit.ErrRemoteNotFound) {
		return nil, ErrNoServer
	}
	if err != nil {
		return nil, fmt.Errorf("find the server: %w", err)
	}
	urls := origin.Config().URLs
	if len(urls) == 0 {
		return nil, ErrNoServer
	}
	s := &server{address: urls[0], ca: l.CA}
	if s.end, err = transport.NewEndpoint(s.address); err != nil {
		return nil, errors.New("the address of the remote origin cannot be read") // it may hold a password
	}
	s.end.CaBundle = l.CA
	if l.User != "" && strings.HasPrefix(s.end.Protocol, "http") {
		s.auth = &http.BasicAuth{Username: l.User, Password: l.Password}
	}
	return s, nil
}

// told is an error of the server without what its address may hold of a login.
func (s *server) told(doing string, err error) error {
	kind := ErrUnreachable
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed), errors.Is(err, transport.ErrRepositoryNotFound):
		kind = ErrNotAuthorised // a server that hides what one may not see says that it is not there
	}
	text := err.Error()
	if s.end.Password != "" {
		text = strings.ReplaceAll(text, s.end.Password, "…")
	}
	return fmt.Errorf("%s at %s: %w: %s", doing, s.end.Host+"/"+strings.TrimPrefix(s.end.Path, "/"), kind, text)
}

// ServerRefs gives the references of the server and the commits that they point to.
func (r *Repository) ServerRefs(ctx context.Context, l Login) (refs map[string]string, err error) {
	s, err := r.server(l)
	if err != nil {
		return nil, err
	}
	origin, err := r.repo.Remote("origin")
	if err != nil {
		return nil, fmt.Errorf("find the server: %w", err)
	}
	list, err := origin.ListContext(ctx, &gogit.ListOptions{Auth: s.auth, CABundle: l.CA})
	if errors.Is(err, transport.ErrEmptyRemoteRepository) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, s.told("list the references", err)
	}
	refs = map[string]string{}
	for _, ref := range list {
		if ref.Type() == plumbing.HashReference {
			refs[ref.Name().String()] = ref.Hash().String()
		}
	}
	return refs, nil
}

// Fetch brings branches of the server here, to where Approved finds them, with the commits behind them.
func (r *Repository) Fetch(ctx context.Context, l Login, branches ...string) error {
	specs := make([]config.RefSpec, len(branches))
	for i, name := range branches {
		specs[i] = config.RefSpec("+" + plumbing.NewBranchReferenceName(name).String() + ":" + plumbing.NewRemoteReferenceName("origin", name).String())
	}
	return r.fetch(ctx, l, specs)
}

// FetchRefs brings references that are no branches here, under the names that they have there.
func (r *Repository) FetchRefs(ctx context.Context, l Login, refs ...string) error {
	specs := make([]config.RefSpec, len(refs))
	for i, name := range refs {
		specs[i] = config.RefSpec("+" + name + ":" + name)
	}
	return r.fetch(ctx, l, specs)
}

func (r *Repository) fetch(ctx context.Context, l Login, specs []config.RefSpec) error {
	s, err := r.server(l)
	if err != nil {
		return err
	}
	err = r.repo.FetchContext(ctx, &gogit.FetchOptions{RemoteName: "origin", RefSpecs: specs, Auth: s.auth, CABundle: l.CA, Tags: gogit.NoTags})
	var none gogit.NoMatchingRefSpecError
	switch {
	case err == nil, errors.Is(err, gogit.NoErrAlreadyUpToDate):
		return nil
	case errors.As(err, &none), errors.Is(err, transport.ErrEmptyRemoteRepository):
		return fmt.Errorf("fetch from the server: %w", ErrNoRevision)
	}
	return s.told("fetch", err)
}

func (s *server) receivePack() (transport.ReceivePackSession, error) {
	c, err := client.NewClient(s.end)
	if err != nil {
		return nil, err
	}
	return c.NewReceivePackSession(s.end, s.auth)
}
