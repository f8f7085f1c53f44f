package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/serverlock"
	"orgit.dk/orgit/internal/git"
)

// turn is a run's turn to write: the lock of the clone and, where evidence is kept on the server, the lock there.
type turn struct {
	release []func() error // in the order in which they were taken
}

// takeTurn takes the locks, and brings the approved branch here as the server has it. The context that it gives ends when somebody
// breaks the lock on the server.
func takeTurn(ctx context.Context, env environment, dir string) (context.Context, *turn, error) {
	private, err := privateFolder(dir)
	if err != nil {
		return ctx, nil, err
	}
	release, err := apply.Lock(private)
	if err != nil {
		return ctx, nil, withHint(err, "wait until it is through, then plan again")
	}
	t := &turn{release: []func() error{release}}
	onServer, err := keepsOnServer(env)
	if err == nil && onServer {
		ctx, err = t.onServer(ctx, env, dir)
	}
	if err != nil {
		return ctx, nil, errors.Join(err, t.end())
	}
	return ctx, t, nil
}

// end gives the locks back.
func (t *turn) end() error {
	var err error
	for i := len(t.release) - 1; i >= 0; i-- {
		err = errors.Join(err, t.release[i]())
	}
	return err
}

func (t *turn) onServer(ctx context.Context, env environment, dir string) (context.Context, error) {
	server, err := lockServer(env, dir)
	if err != nil {
		return ctx, err
	}
	held, err := server.Take(ctx, newHolder(env))
	if err != nil {
		return ctx, heldHint(err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	done := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		refreshLock(ctx, env, server, held, done, stop)
	}()
	t.release = append(t.release, func() error {
		close(done)
		<-over
		stop(nil)
		return releaseLock(ctx, env, server, held)
	})
	return ctx, fetchApproved(ctx, env, dir)
}

// fetchApproved brings the approved branch here: what is approved is what the server has now, not what this clone saw last.
func fetchApproved(ctx context.Context, env environment, dir string) error {
	server, err := lockServer(env, dir) // its own: the lock's is used by the goroutine that refreshes it
	if err != nil {
		return err
	}
	branch := approvedBranch(env)
	if err := server.Repository.Fetch(ctx, server.Login, branch); err != nil {
		return fmt.Errorf("read the branch %s on the server: %w", branch, err)
	}
	return nil
}

// refreshLock says on the server that the run goes on, until done is closed. It is in a goroutine of its own, and so is its repository.
func refreshLock(ctx context.Context, env environment, server *serverlock.Server, held *serverlock.Holder, done <-chan struct{}, stop context.CancelCauseFunc) {
	every := time.NewTicker(serverlock.RefreshEvery)
	defer every.Stop()
	for {
		select {
		case <-done:
			return
		case <-every.C:
		}
		switch err := server.Refresh(context.WithoutCancel(ctx), held); {
		case errors.Is(err, serverlock.ErrLost):
			fmt.Fprintf(env.stderr, "orgit: %v; stopping\n", err)
			stop(err)
			return
		case err != nil:
			fmt.Fprintf(env.stderr, "orgit: %v; trying again\n", err)
		}
	}
}

func releaseLock(ctx context.Context, env environment, server *serverlock.Server, held *serverlock.Holder) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), atTheEnd)
	defer cancel()
	switch err := server.Release(ctx, held); {
	case errors.Is(err, serverlock.ErrLost):
		fmt.Fprintf(env.stderr, "orgit: %v while it was under way\n", err)
	case err != nil:
		return withHint(err, "orgit unlock "+held.ID+" takes it away")
	}
	return nil
}

// lockServer is where the lock is, for a goroutine of its own.
func lockServer(env environment, dir string) (*serverlock.Server, error) {
	repo, err := openRepository(dir)
	if err != nil {
		return nil, err
	}
	login, err := serverLogin(env)
	if err != nil {
		return nil, err
	}
	return &serverlock.Server{Repository: repo, Login: login, Author: author(env), Now: env.now}, nil
}

// newHolder says who takes the lock.
func newHolder(env environment) serverlock.Holder {
	h := serverlock.Holder{ID: string(newUUID())[:8], Owner: operator(env), Job: env.getenv("CI_JOB_URL")}
	if h.Owner == "" {
		h.Owner = "somebody"
		if u, err := user.Current(); err == nil {
			h.Owner = u.Username
		}
	}
	var err error
	if h.Host, err = os.Hostname(); err != nil {
		h.Host = "an unnamed machine"
	}
	return h
}

func heldHint(err error) error {
	var held *serverlock.HeldError
	switch {
	case errors.As(err, &held):
		return withHint(err, "wait until it is through; when that run is surely dead, orgit unlock "+held.Holder.ID+" breaks its lock")
	case errors.Is(err, serverlock.ErrFree):
		return withHint(fmt.Errorf("%w: it has just ended", apply.ErrLocked), "try again")
	}
	return err
}

// checkOrder refuses what would let an older commit undo a newer one. approved is where the approved branch stands now.
func (p *planning) checkOrder() error {
	branch := approvedBranch(p.env)
	for _, t := range p.targets {
		applied := p.mark.Targets[t.name].Commit
		if applied == "" || applied == p.provenance.Base {
			continue
		}
		newer, err := p.repo.Contains(p.provenance.Base, applied)
		if errors.Is(err, git.ErrNoRevision) {
			return withHint(fmt.Errorf("read what was applied last to %s: %w", t.name, err), "fetch the whole history (GIT_DEPTH: 0 in GitLab CI)")
		}
		if err != nil {
			return err
		}
		if !newer {
			return withHint(fmt.Errorf("%w: %s stands at %s, and %s is applied to %s, which is not in it: an older state never undoes a newer one",
				apply.ErrPlanStale, branch, short(p.provenance.Base), short(applied), t.name),
				"bring "+branch+" up to date; to undo something that is applied, revert it with a new commit on "+branch)
		}
	}
	return nil
}

// checkHead refuses to plan from a commit that the approved branch has left behind.
func (p *planning) checkHead() error {
	if p.provenance.Commit == p.provenance.Base || p.provenance.Uncommitted {
		return nil
	}
	behind, err := p.repo.Contains(p.provenance.Base, p.provenance.Commit)
	if errors.Is(err, git.ErrNoRevision) {
		return nil // then it cannot be told, and the gate refuses it as a proposal
	}
	if err != nil {
		return err
	}
	if behind {
		return withHint(fmt.Errorf("%w: %s is checked out, and %s stands at %s, which comes after it",
			apply.ErrPlanStale, short(p.provenance.Commit), approvedBranch(p.env), short(p.provenance.Base)),
			"git pull; in a pipeline, the one of the newer commit does it")
	}
	return nil
}

func short(commit string) string { return commit[:min(len(commit), 10)] }
