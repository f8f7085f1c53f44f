package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"orgit.dk/orgit/apply"
)

const (
	checkpointName = "checkpoint.json"
	keptPattern    = "kept-*.json"
)

// checkpoint is the newest record that was verified here.
type checkpoint struct {
	Sequence int    `json:"sequence"`
	Commit   string `json:"commit"`
}

func (l *Ledger) readCheckpoint() (*checkpoint, error) {
	data, err := os.ReadFile(filepath.Join(l.Folder, checkpointName))
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

func (l *Ledger) writeCheckpoint(e *Entry) error {
	return l.writeFile(checkpointName, checkpoint{e.Record.Sequence, e.Commit})
}

// kept is a record that could not be brought to the server.
type kept struct {
	Base   string       `json:"base"` // the commit that it was to follow; empty where that is not known
	Mark   []byte       `json:"mark,omitempty"`
	Record apply.Record `json:"record"`
}

// Keep appends a record; when that cannot be done it puts the record into a file, and the error is ErrNotKept with the reason and the
// file. base is nil where the branch could not be read. The record is written with the one's own mark only where nothing came between.
func (l *Ledger) Keep(ctx context.Context, base *Entry, mark []byte, r apply.Record) (*Entry, error) {
	var err error
	if base == nil {
		if base, err = l.Head(ctx); err == nil {
			mark = nil
		}
	}
	if err == nil {
		var e *Entry
		if e, err = l.Append(ctx, base, mark, r); err == nil {
			return e, nil
		}
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

// putAside writes a record into a file of its own, under a name that comes after those that are there.
func (l *Ledger) putAside(k kept) (string, error) {
	if k.Record.Time == "" {
		k.Record.Time = l.Now().UTC().Format("2006-01-02T15:04:05Z07:00")
	}
	if k.Record.Job == "" {
		k.Record.Job = l.Job
	}
	there, err := l.keptFiles()
	if err != nil {
		return "", err
	}
	next := 1
	if len(there) > 0 {
		if _, err := fmt.Sscanf(filepath.Base(there[len(there)-1]), "kept-%06d.json", &next); err != nil {
			return "", fmt.Errorf("read the name of %s: %w", there[len(there)-1], err)
		}
		next++
	}
	name := fmt.Sprintf("kept-%06d.json", next)
	return filepath.Join(l.Folder, name), l.writeFile(name, k)
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

// writeFile replaces a file whole, so that a cut leaves the old or the new one.
func (l *Ledger) writeFile(name string, value any) error {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.MkdirAll(l.Folder, 0o700); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.CreateTemp(l.Folder, "."+name+"-")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(l.Folder, name))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(f.Name()))
	}
	return nil
}
