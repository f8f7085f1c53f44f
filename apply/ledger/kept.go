package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/sshsig"
)

const (
	checkpointName = "checkpoint.json"
	keptPattern    = "kept-*.json"
	keptName       = "kept-%06d.json"
)

// checkpoint is the newest record that was verified here.
type checkpoint struct {
	Sequence int    `json:"sequence"`
	Commit   string `json:"commit"`
}

func (l *Ledger) readCheckpoint() (*checkpoint, error) {
	data, err := os.ReadFile(filepath.Join(l.checkpoints(), checkpointName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var c checkpoint
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return nil, fmt.Errorf("read which record was verified last: %w", err)
	}
	return &c, nil
}

// writeCheckpoint notes the newest record, unless another run that shares the folder has noted a newer one.
func (l *Ledger) writeCheckpoint(e *Entry) error {
	known, err := l.readCheckpoint()
	if err != nil || known != nil && known.Sequence >= e.Record.Sequence {
		return err
	}
	return writeFile(filepath.Join(l.checkpoints(), checkpointName), checkpoint{e.Record.Sequence, e.Commit}, os.Rename)
}

// checkpoints is the folder of the checkpoint.
func (l *Ledger) checkpoints() string {
	if l.CheckpointFolder != "" {
		return l.CheckpointFolder
	}
	return l.Folder
}

// kept is a record that could not be brought to the server.
type kept struct {
	Base   string       `json:"base"` // the commit that it was to follow; empty where that is not known
	Mark   []byte       `json:"mark,omitempty"`
	Record apply.Record `json:"record"`
	// Signature is over the rest. Whoever can write into the folder could else have orgit sign a record of theirs.
	Signature string `json:"signature,omitempty"`
}

// text is what the signature of a kept record covers. It begins as no commit does.
func (k kept) text() ([]byte, error) {
	k.Signature = ""
	data, err := json.Marshal(k)
	return append([]byte("record kept by orgit\n"), data...), err
}

func (l *Ledger) sign(k *kept) error {
	if l.Key == nil {
		return nil
	}
	text, err := k.text()
	if err != nil {
		return err
	}
	k.Signature, err = l.Key.Sign(text)
	return err
}

// proven says why a kept record is not taken. One that nobody could sign is taken where it can only say that accounts were closed, and says
// that of itself.
func (l *Ledger) proven(k *kept) error {
	if k.Signature == "" && (k.Record.Kind == apply.RecordLock || k.Record.Kind == apply.RecordLift) {
		k.Record.Unproven = true
		return nil
	}
	if k.Signature == "" {
		return fmt.Errorf("%w: nobody has signed it", ErrForged)
	}
	text, err := k.text()
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, k.Record.Time)
	if err == nil {
		_, err = l.Signers.Verify(text, k.Signature, sshsig.Git, at)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForged, err)
	}
	return nil
}

// Keep appends a record; when that cannot be done it puts the record into a file, and the error is ErrNotKept with the reason and the
// file. base is nil where the branch could not be read. The record is written with the one's own mark only where nothing came between. A
// server that does not answer is asked again after each of the pauses.
func (l *Ledger) Keep(ctx context.Context, base *Entry, mark []byte, r apply.Record, pauses ...time.Duration) (*Entry, error) {
	r.Time = l.Now().UTC().Format(time.RFC3339)
	e, err := l.tryKeep(ctx, base, mark, r)
	for _, pause := range pauses {
		if !errors.Is(err, git.ErrUnreachable) {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		e, err = l.tryKeep(ctx, base, mark, r)
	}
	if err == nil {
		return e, nil
	}
	k := kept{Mark: mark, Record: r}
	if base != nil {
		k.Base = base.Commit
	}
	name, writeErr := l.putAside(k)
	if writeErr != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrNotKept, err), writeErr)
	}
	return nil, fmt.Errorf("%w, and is kept in %s until it can be brought there: %w", ErrNotKept, name, err)
}

func (l *Ledger) tryKeep(ctx context.Context, base *Entry, mark []byte, r apply.Record) (*Entry, error) {
	if base == nil {
		head, err := l.Head(ctx)
		if err != nil {
			return nil, err
		}
		base, mark = head, nil
	}
	return l.Append(ctx, base, mark, r)
}

// putAside writes a record into a file of its own, under a name that comes after those that are there.
func (l *Ledger) putAside(k kept) (string, error) {
	if k.Record.Job == "" {
		k.Record.Job = l.Job
	}
	there, err := l.keptFiles()
	if err != nil {
		return "", err
	}
	next := 1
	if len(there) > 0 {
		if _, err := fmt.Sscanf(filepath.Base(there[len(there)-1]), keptName, &next); err != nil {
			return "", fmt.Errorf("read the name of %s: %w", there[len(there)-1], err)
		}
		next++
	}
	if err := l.sign(&k); err != nil {
		return "", err
	}
	name := filepath.Join(l.Folder, fmt.Sprintf(keptName, next))
	return name, writeFile(name, k, os.Link) // os.Link refuses a name that somebody else took meanwhile
}

// keptFiles are the files with records that wait, oldest first.
func (l *Ledger) keptFiles() ([]string, error) {
	list, err := filepath.Glob(filepath.Join(l.Folder, keptPattern))
	if err != nil {
		return nil, fmt.Errorf("look for records that wait: %w", err)
	}
	slices.Sort(list)
	return list, nil
}

// CatchUp brings to the server what could not be brought before, and gives how many records that were. A record's own mark counts
// only where nothing else was written since.
func (l *Ledger) CatchUp(ctx context.Context) (int, error) {
	files, err := l.keptFiles()
	if err != nil || len(files) == 0 {
		return 0, err
	}
	head := l.head
	if head == nil {
		if head, err = l.Head(ctx); err != nil {
			return 0, err
		}
	}
	for i, name := range files {
		if head, err = l.catchUp(ctx, head, name); err != nil {
			return i, fmt.Errorf("bring the record in %s to the server: %w", name, err)
		}
	}
	return len(files), nil
}

func (l *Ledger) catchUp(ctx context.Context, head *Entry, name string) (*Entry, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, err
	}
	if err := l.proven(&k); err != nil {
		return nil, err
	}
	if known, err := l.has(head, k.Base, k.Record); err != nil || known {
		return head, errors.Join(err, removeIf(known, name)) // the push was done, and its answer was lost
	}
	if k.Base != head.Commit || !k.Record.Kind.Run() {
		k.Record.Overtaken = k.Record.Kind == apply.RecordApply
		k.Mark = nil
	}
	e, err := l.Append(ctx, head, k.Mark, k.Record)
	if err != nil {
		return nil, err
	}
	return e, os.Remove(name)
}

// has reports whether a record is on the branch after the commit that it was made to follow.
func (l *Ledger) has(head *Entry, base string, r apply.Record) (bool, error) {
	for e := head; e.Commit != base; {
		if is := e.Record; is.Kind == r.Kind && is.Run == r.Run && is.Time == r.Time && is.Person == r.Person {
			return true, nil
		}
		if e.parent == "" {
			return false, nil
		}
		before, err := l.read(e.parent)
		if err != nil {
			return false, err
		}
		e = before
	}
	return false, nil
}

func removeIf(is bool, name string) error {
	if !is {
		return nil
	}
	return os.Remove(name)
}

// writeFile writes a file whole, so that a cut leaves the old one or the new one; put gives it its name.
func writeFile(name string, value any, put func(from, to string) error) error {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.CreateTemp(folder, ".new-")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = put(f.Name(), name)
	}
	if removeErr := os.Remove(f.Name()); err == nil && !errors.Is(removeErr, os.ErrNotExist) {
		err = removeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
