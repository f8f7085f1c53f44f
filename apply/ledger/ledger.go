// Package ledger keeps the evidence of what was applied on a branch of its own on the server: a chain of signed commits, each with
// the record of one run and the mark of what is applied after it.
//
// # What is believed
//
// A commit counts when an allowed signer has signed it, when it follows the one before as its only parent, when its record has the
// next number and names the digest of the record before, and when its time is not before that one's. What this clone has verified
// before must still be there: the ledger keeps the number and commit of the newest record that it has seen in a file of its own
// (the checkpoint), so that nobody can set the branch back to an older state unseen. Anything else is ErrForged, and nothing is read
// from it.
//
// # How it is written
//
// Append makes the next commit and pushes it only if the branch is where it was read. What cannot be pushed is kept in a file
// of the clone until CatchUp can; it is signed there too.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sshsig"
)

// Branch is the branch on the server. It should be protected: nobody but orgit pushes to it, and nobody forces.
const Branch = "applied"

const (
	branchRef  = "refs/heads/" + Branch
	markFile   = "mark.json"
	recordFile = "record.json"
)

// Errors of a ledger.
var (
	// ErrForged: the branch does not hold what orgit has written there.
	ErrForged = errors.New("the evidence of what was applied is not to be trusted")
	// ErrNotStarted: the server has no evidence yet.
	ErrNotStarted = errors.New("no evidence is kept on the server yet")
	// ErrStarted: it has.
	ErrStarted = errors.New("evidence is kept on the server already")
	// ErrNotKept: a record could not be brought to the server. It is kept here.
	ErrNotKept = errors.New("the record of what was done is not on the server")
	// ErrNoKey: there is no key to sign with.
	ErrNoKey = errors.New("no key is given to sign the record with")
)

// Config is what a ledger needs.
type Config struct {
	Repository *git.Repository
	Login      git.Login
	Signers    *sshsig.AllowedSigners
	Key        *sshsig.Key // nil: only for reading
	Folder     string      // where kept records lie; made when needed
	// CheckpointFolder is where the checkpoint lies; empty: in Folder.
	CheckpointFolder string
	Author           git.Author
	Now              func() time.Time
	Tool             string // the program's version
	Job              string // the address of the CI job; empty outside
}

// Ledger reads and writes the branch. It is for one goroutine.
type Ledger struct {
	Config
	head *Entry // the newest that was verified
}

// Open returns a ledger. It reads nothing yet.
func Open(c Config) *Ledger { return &Ledger{Config: c} }

// Entry is one verified commit of the branch.
type Entry struct {
	Commit  string
	When    time.Time
	Signers string // the principals of the line that allows the signature
	Record  apply.Record
	Mark    []byte

	parent string // empty for the first
	digest string // of the record
}

// Head fetches the branch, verifies what is new on it and gives its newest entry. ErrNotStarted, ErrForged and the errors of package
// git for servers say why there is none.
func (l *Ledger) Head(ctx context.Context) (*Entry, error) {
	at, err := l.fetch(ctx)
	if err != nil {
		return nil, err
	}
	known, err := l.readCheckpoint()
	if err != nil {
		return nil, err
	}
	if at == "" {
		if known != nil {
			return nil, fmt.Errorf("%w: the branch %s is gone from the server, and record %d was there", ErrForged, Branch, known.Sequence)
		}
		return nil, ErrNotStarted
	}
	head, err := l.verify(at, known)
	if err != nil {
		return nil, err
	}
	l.head = head
	return head, l.writeCheckpoint(head)
}

// fetch brings the branch here; empty when the server has none.
func (l *Ledger) fetch(ctx context.Context) (string, error) {
	err := l.Repository.Fetch(ctx, l.Login, Branch)
	if errors.Is(err, git.ErrNoRevision) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read what was applied: %w", err)
	}
	return l.Repository.Resolve("refs/remotes/origin/" + Branch)
}

// verify walks from a commit back to what is known, or to the first, and gives the entry of the commit.
func (l *Ledger) verify(at string, known *checkpoint) (*Entry, error) {
	head, err := l.read(at)
	if err != nil {
		return nil, err
	}
	if known != nil && head.Record.Sequence < known.Sequence {
		return nil, fmt.Errorf("%w: the branch %s was set back: it ends with record %d, and record %d was there",
			ErrForged, Branch, head.Record.Sequence, known.Sequence)
	}
	for e := head; ; {
		if known != nil && e.Record.Sequence == known.Sequence && e.Commit != known.Commit {
			return nil, fmt.Errorf("%w: record %d on the branch %s is another one than before", ErrForged, known.Sequence, Branch)
		}
		if known != nil && e.Commit == known.Commit || e.parent == "" {
			return head, nil
		}
		before, err := l.read(e.parent)
		if err != nil {
			return nil, err
		}
		if err := e.follows(before); err != nil {
			return nil, err
		}
		e = before
	}
}

// VerifyAll verifies every record from the newest to the first, whatever was verified before, and gives them to see, newest first, until
// see says that it has seen enough.
func (l *Ledger) VerifyAll(ctx context.Context, see func(*Entry) (goOn bool)) error {
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	for e := head; see(e) && e.parent != ""; {
		before, err := l.read(e.parent)
		if err != nil {
			return err
		}
		if err := e.follows(before); err != nil {
			return err
		}
		e = before
	}
	return nil
}

// read reads one commit and holds it against everything that can be said of it alone.
func (l *Ledger) read(commit string) (*Entry, error) {
	signed, err := l.Repository.SignedCommit(commit)
	if err != nil {
		return nil, forged(commit, err)
	}
	e := &Entry{Commit: signed.Hash, When: signed.When}
	if signed.Signature == "" {
		return nil, forged(commit, errors.New("nobody has signed it"))
	}
	if e.Signers, err = l.Signers.Verify(signed.Text, signed.Signature, sshsig.Git, signed.When); err != nil {
		return nil, forged(commit, err)
	}
	files, _, err := l.Repository.Tree(signed.Hash)
	if err != nil {
		return nil, err
	}
	record, err := fs.ReadFile(files, recordFile)
	if err == nil {
		e.Mark, err = fs.ReadFile(files, markFile)
	}
	if err != nil {
		return nil, forged(commit, err)
	}
	e.digest = apply.RecordDigest(record)
	if e.Record, err = apply.ParseRecord(record); err != nil {
		return nil, forged(commit, err)
	}
	switch len(signed.Parents) {
	case 0:
		if e.Record.Sequence != 1 || e.Record.Previous != "" || e.Record.Kind != apply.RecordStart {
			return nil, forged(commit, fmt.Errorf("nothing stands before it, and its record has the number %d", e.Record.Sequence))
		}
	case 1:
		e.parent = signed.Parents[0]
	default:
		return nil, forged(commit, errors.New("it is a merge"))
	}
	return e, nil
}

func forged(commit string, err error) error {
	return fmt.Errorf("%w: the commit %s on the branch %s: %w", ErrForged, commit[:min(len(commit), 10)], Branch, err)
}

// follows says why an entry does not follow another.
func (e *Entry) follows(before *Entry) error {
	switch {
	case e.Record.Sequence != before.Record.Sequence+1:
		return forged(e.Commit, fmt.Errorf("record %d follows record %d", e.Record.Sequence, before.Record.Sequence))
	case e.Record.Previous != before.digest:
		return forged(e.Commit, fmt.Errorf("the record before it is not the one that record %d names", e.Record.Sequence))
	case e.Record.Kind == apply.RecordStart:
		return forged(e.Commit, errors.New("it begins the evidence, and something stands before it"))
	case e.When.Before(before.When):
		return forged(e.Commit, errors.New("it is older than the one before it"))
	}
	return nil
}

// OpenRun is the run that began and of which no end is recorded; nil when there is none. What was done beside runs is passed over.
func (l *Ledger) OpenRun(head *Entry) (*Entry, error) {
	for e := head; ; {
		switch {
		case e.Record.Kind == apply.RecordBegin:
			return e, nil
		case e.Record.Kind.Run() || e.parent == "":
			return nil, nil
		}
		before, err := l.read(e.parent)
		if err != nil {
			return nil, err
		}
		e = before
	}
}
