package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ledger"
	"orgit.dk/orgit/internal/git"
)

// marks is where it stands what was applied last, and where a run leaves the record of what it did.
type marks interface {
	// catchUp brings there what earlier runs could not.
	catchUp(ctx context.Context) error
	// read gives the mark.
	read(ctx context.Context) (mark []byte, err error)
	// begin notes that a run begins to write. Nothing may be written when it fails.
	begin(ctx context.Context, mark []byte, r apply.Record) error
	// end notes what became of it. What was done is done, also when that fails.
	end(ctx context.Context, mark []byte, r apply.Record) error
}

// marksFor are those that the environment asks for.
func marksFor(env environment, repo *git.Repository, dir string) (marks, error) {
	onServer, err := keepsOnServer(env)
	if err != nil {
		return nil, err
	}
	if !onServer {
		return &localMarks{repo: repo}, nil
	}
	l, err := openLedger(env, dir)
	if err != nil {
		return nil, err
	}
	return &serverMarks{ledger: l, say: env.stderr}, nil
}

// localMarks keeps the mark behind a reference of this clone. The record of a run is its journal.
type localMarks struct {
	repo    *git.Repository
	version string
	data    []byte
}

func (m *localMarks) catchUp(context.Context) error { return nil }

func (m *localMarks) read(context.Context) (data []byte, err error) {
	m.data, m.version, err = m.repo.Mark()
	return m.data, err
}

func (m *localMarks) begin(_ context.Context, mark []byte, _ apply.Record) (err error) {
	if bytes.Equal(mark, m.data) {
		return nil
	}
	if m.version, err = m.repo.SetMark(mark, m.version); err == nil {
		m.data = mark
	}
	return err
}

func (m *localMarks) end(ctx context.Context, mark []byte, r apply.Record) error {
	return m.begin(ctx, mark, r)
}

// serverMarks keeps the mark with the evidence on the server.
type serverMarks struct {
	ledger *ledger.Ledger
	base   *ledger.Entry // what was read or written last
	say    io.Writer
}

// atTheEnd is how long a run that is over, or was interrupted, may take to tell the server.
const atTheEnd = 2 * time.Minute

func (m *serverMarks) catchUp(ctx context.Context) error {
	n, err := m.ledger.CatchUp(ctx)
	if err != nil {
		return evidenceHint(err)
	}
	if n > 0 {
		fmt.Fprintf(m.say, "orgit: %s of earlier runs brought to the server\n", count(n, "record", "records"))
	}
	return nil
}

func (m *serverMarks) read(ctx context.Context) (data []byte, err error) {
	if m.base, err = m.ledger.Head(ctx); err != nil {
		return nil, evidenceHint(err)
	}
	return m.base.Mark, nil
}

func (m *serverMarks) begin(ctx context.Context, mark []byte, r apply.Record) error {
	cut, err := m.ledger.OpenRun(m.base)
	if err != nil {
		return evidenceHint(err)
	}
	if cut != nil {
		fmt.Fprintf(m.say, "orgit: the run of %s was cut (record %d): what it did is in its journal; what it left undone waits\n", cut.Record.Time, cut.Record.Sequence)
	}
	if m.base, err = m.ledger.Append(ctx, m.base, mark, r); err != nil {
		return evidenceHint(fmt.Errorf("nothing was written: %w", err))
	}
	return nil
}

func (m *serverMarks) end(ctx context.Context, mark []byte, r apply.Record) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), atTheEnd)
	defer cancel()
	e, err := m.ledger.Keep(ctx, m.base, mark, r, 5*time.Second, 30*time.Second)
	if err != nil {
		return evidenceHint(err)
	}
	m.base = e
	if e.Record.Overtaken {
		fmt.Fprintf(m.say, "orgit: another run wrote its record while this one was under way; the mark of what is applied is the other's (record %d)\n", e.Record.Sequence)
	}
	return nil
}

// evidenceHint says what to do about the faults of evidence.
func evidenceHint(err error) error {
	switch {
	case errors.Is(err, ledger.ErrNotKept):
		return withHint(err, "run orgit apply again here when the server takes it, or orgit evidence push; do not throw this clone away before")
	case errors.Is(err, ledger.ErrForged):
		return withHint(err, "find out who pushed to the branch applied, and put it back to the newest record that was verified (orgit evidence verify); see docs/gitlab.md, Evidence")
	case errors.Is(err, ledger.ErrNotStarted):
		return withHint(err, "orgit evidence start begins it, once; where it has begun before, somebody has taken the branch applied away")
	case errors.Is(err, ledger.ErrNoKey):
		return withHint(err, "name it in ORGIT_SIGNING_KEY_FILE")
	case errors.Is(err, git.ErrRejected):
		return withHint(err, "let orgit's own user, and nobody else, push to the protected branch applied; see docs/gitlab.md, Evidence")
	}
	return err
}
