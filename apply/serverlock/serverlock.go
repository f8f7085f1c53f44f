// Package serverlock keeps runs in different clones apart: whoever applies holds the reference refs/orgit/lock on the server, which
// only one can make. The lock says who holds it, is refreshed while the run goes on, and is taken away at its end.
//
// A lock that is not refreshed any more belongs to a run that was killed, or to one whose machine has lost the network and that may
// still be writing. Nothing can tell the two apart from outside, so an old lock is said to be old and is never broken by the program:
// a person does that, with its id.
//
// The reference cannot be protected on GitLab. Whoever may push can hold runs up with it, or take it away; then the evidence, which
// is pushed only on top of what was read, still lets only one of two runs begin.
package serverlock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
)

const (
	ref      = "refs/orgit/lock"
	lockFile = "lock.json"
)

// StaleAfter is when a lock that nobody has refreshed is called old, and RefreshEvery how often a run does.
const (
	StaleAfter   = 15 * time.Minute
	RefreshEvery = 2 * time.Minute
)

// Errors of a lock.
var (
	// ErrLost: somebody has broken the lock while it was held.
	ErrLost = errors.New("somebody has broken this run's lock on the server")
	// ErrOther: the lock to be broken is another one.
	ErrOther = errors.New("the lock has another id")
	// ErrFree: there is no lock.
	ErrFree = errors.New("nobody holds the lock")
)

// Holder is who holds the lock.
type Holder struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner"` // a user name
	Host      string    `json:"host"`
	Job       string    `json:"job,omitempty"` // address of the CI job
	Since     time.Time `json:"since"`
	Refreshed time.Time `json:"refreshed"`

	hash string // of the commit that says so
}

// Stale reports whether the lock was not refreshed for a long time.
func (h *Holder) Stale(now time.Time) bool { return now.Sub(h.Refreshed) > StaleAfter }

// Says tells who holds the lock, since when, and whether it is still refreshed.
func (h *Holder) Says(now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "lock %s is held by %s on %s", h.ID, h.Owner, h.Host)
	if !h.Since.IsZero() {
		fmt.Fprintf(&b, " since %s (%s)", h.Since.UTC().Format(time.RFC3339), age(now.Sub(h.Since)))
	}
	if h.Job != "" {
		fmt.Fprintf(&b, ", job %s", h.Job)
	}
	if h.Stale(now) {
		fmt.Fprintf(&b, "; it was refreshed last %s ago, so that run was probably killed", age(now.Sub(h.Refreshed)))
	}
	return b.String()
}

func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// HeldError says that somebody else holds the lock.
type HeldError struct {
	Holder Holder
	Now    time.Time
}

// Error tells who.
func (e *HeldError) Error() string {
	return apply.ErrLocked.Error() + ": " + e.Holder.Says(e.Now)
}

// Unwrap gives the class of the error.
func (e *HeldError) Unwrap() error { return apply.ErrLocked }

// Server is where the lock is. It is for one goroutine.
type Server struct {
	Repository *git.Repository
	Login      git.Login
	Author     git.Author // of the commits that are the lock
	Now        func() time.Time
}

// Take takes the lock. Where somebody else holds it the error is a HeldError.
func (s *Server) Take(ctx context.Context, h Holder) (*Holder, error) {
	h.Since, h.hash = s.Now().UTC(), ""
	err := s.write(ctx, &h)
	if errors.Is(err, git.ErrMoved) {
		held, readErr := s.Read(ctx)
		if readErr != nil {
			return nil, fmt.Errorf("take the lock on the server: %w", readErr) // free: it went just now
		}
		return nil, &HeldError{*held, s.Now()}
	}
	if err != nil {
		return nil, fmt.Errorf("take the lock on the server: %w", err)
	}
	return &h, nil
}

// Refresh says that the run goes on. ErrLost says that the lock is not its own any more.
func (s *Server) Refresh(ctx context.Context, h *Holder) error {
	err := s.write(ctx, h)
	if errors.Is(err, git.ErrMoved) {
		return ErrLost
	}
	if err != nil {
		return fmt.Errorf("refresh the lock on the server: %w", err)
	}
	return nil
}

// Release gives the lock back. ErrLost says that it was not its own any more.
func (s *Server) Release(ctx context.Context, h *Holder) error {
	err := s.Repository.Push(ctx, s.Login, git.Update{Ref: ref, Old: h.hash})
	if errors.Is(err, git.ErrMoved) {
		return ErrLost
	}
	if err != nil {
		return fmt.Errorf("give back the lock on the server: %w", err)
	}
	return nil
}

func (s *Server) write(ctx context.Context, h *Holder) error {
	h.Refreshed = s.Now().UTC()
	data, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return err
	}
	commit, err := s.Repository.CommitFiles("", map[string][]byte{lockFile: append(data, '\n')}, git.Commit{
		Message: "Lock " + h.ID + ": orgit apply is under way\n", Author: s.Author, When: s.Now(),
	})
	if err != nil {
		return err
	}
	if err := s.Repository.Push(ctx, s.Login, git.Update{Ref: ref, Old: h.hash, New: commit}); err != nil {
		return err
	}
	h.hash = commit
	return nil
}

// Read gives who holds the lock; ErrFree when nobody does. What stands there may come from anybody who can push: it is for showing.
func (s *Server) Read(ctx context.Context) (*Holder, error) {
	refs, err := s.Repository.ServerRefs(ctx, s.Login)
	if err != nil {
		return nil, fmt.Errorf("read the lock on the server: %w", err)
	}
	hash := refs[ref]
	if hash == "" {
		return nil, ErrFree
	}
	if err := s.Repository.FetchRefs(ctx, s.Login, ref); err != nil && !errors.Is(err, git.ErrNoRevision) {
		return nil, fmt.Errorf("read the lock on the server: %w", err)
	}
	h, err := s.parse(hash)
	if err != nil {
		h = &Holder{ID: hash[:8], Owner: "somebody", Host: "a machine that this program cannot read from it"}
	}
	h.hash = hash
	return h, nil
}

func (s *Server) parse(hash string) (*Holder, error) {
	files, _, err := s.Repository.Tree(hash)
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(files, lockFile)
	if err != nil {
		return nil, err
	}
	var h Holder
	if err := json.Unmarshal(data, &h); err != nil {
		return nil, err
	}
	for _, text := range []*string{&h.ID, &h.Owner, &h.Host, &h.Job} {
		*text = shown(*text)
	}
	if h.ID == "" {
		return nil, errors.New("it has no id")
	}
	return &h, nil
}

// shown keeps what somebody else wrote to one line of plain characters.
func shown(text string) string {
	const most = 200
	if len(text) > most {
		text = text[:most]
	}
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, text)
}

// Break takes away the lock with the id, whoever holds it, and gives who that was. ErrOther says that the lock has another id, ErrFree
// that there is none.
func (s *Server) Break(ctx context.Context, id string) (*Holder, error) {
	for {
		h, err := s.Read(ctx)
		if err != nil {
			return nil, err
		}
		if h.ID != id {
			return h, ErrOther
		}
		err = s.Repository.Push(ctx, s.Login, git.Update{Ref: ref, Old: h.hash})
		if errors.Is(err, git.ErrMoved) {
			continue // refreshed just now, or gone
		}
		if err != nil {
			return h, fmt.Errorf("break the lock on the server: %w", err)
		}
		return h, nil
	}
}
