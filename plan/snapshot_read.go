package plan

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"orgit.dk/orgit/internal/parallel"
)

// What ReadSnapshot takes in at most: a line of 16 MiB, which is an object with a hundred
// thousand values, and 8 GiB, which is a municipality of more than a million people.
const (
	maxSnapshotLine = 16 << 20
	maxSnapshot     = 8 << 30
)

// ReadSnapshot reads a snapshot, line by line, to the end. One of another version is
// refused (ErrSnapshotVersion), and so is everything that is not exactly what
// WriteSnapshot wrote (ErrSnapshotDamaged): a part of a snapshot is never taken for a
// target in which there is less. Errors of r are given on.
func ReadSnapshot(r io.Reader) (*Snapshot, error) {
	in := &snapshotReader{in: bufio.NewReaderSize(io.LimitReader(r, maxSnapshot), 1<<16), sum: sha256.New()}
	s, err := in.whole()
	if err != nil {
		return nil, fmt.Errorf("read the snapshot: %w", err)
	}
	return s, nil
}

type snapshotReader struct {
	in   *bufio.Reader
	sum  hash.Hash
	line []byte
	n    int // of the line, from 1
}

func (r *snapshotReader) whole() (*Snapshot, error) {
	head, err := r.head()
	if err != nil {
		return nil, err
	}
	s := &Snapshot{
		Municipality: head.Municipality, CVR: head.CVR, Read: head.Read, Day: head.Day, Commit: head.Commit,
		Tool: head.Tool, Schema: head.Schema, Mark: head.Mark,
	}
	for _, t := range head.Targets {
		a, err := r.actual(t)
		if err != nil {
			return nil, err
		}
		s.Targets = append(s.Targets, Reading{Settings: t.Settings, Attributes: t.Attributes, Actual: a})
	}
	s.Digest = hex.EncodeToString(r.sum.Sum(nil))
	var tail snapshotTail
	if err := r.next(&tail); err != nil {
		return nil, err
	}
	if tail.SHA256 != s.Digest {
		return nil, fmt.Errorf("%w: its content is not what was written", ErrSnapshotDamaged)
	}
	// The end has to be read too: it is what proves an encrypted file to be whole.
	switch _, err := r.in.ReadByte(); {
	case err == nil:
		return nil, fmt.Errorf("%w: something follows its end", ErrSnapshotDamaged)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return s, nil
}

func (r *snapshotReader) head() (*snapshotHead, error) {
	line, err := r.read()
	if err != nil {
		return nil, err
	}
	var kind struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(line, &kind); err != nil || kind.Format != snapshotFormat {
		return nil, fmt.Errorf("%w: it does not begin as one", ErrSnapshotDamaged)
	}
	if kind.Version != SnapshotVersion {
		return nil, fmt.Errorf("%w: %d, and this program reads %d", ErrSnapshotVersion, kind.Version, SnapshotVersion)
	}
	var head snapshotHead
	if err := decodeRecord(line, r.n, &head); err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.RFC3339, head.Read); err != nil || head.CVR == "" || head.Commit == "" || len(head.Targets) == 0 {
		return nil, fmt.Errorf("%w: it does not say of whom and when it is", ErrSnapshotDamaged)
	}
	names := map[string]bool{}
	for _, t := range head.Targets {
		if t.Name == "" || names[t.Name] || t.Objects < 0 || t.Foreign < 0 {
			return nil, fmt.Errorf("%w: it does not say what it is of", ErrSnapshotDamaged)
		}
		names[t.Name] = true
	}
	return &head, nil
}

func (r *snapshotReader) actual(t targetHead) (Actual, error) {
	line := r.n
	objects, err := records(r, t.Objects, func(o *objectRecord) Found { return o.found() })
	if err != nil {
		return Actual{}, err
	}
	for i := 1; i < len(objects); i++ {
		if objects[i-1].ID.Compare(objects[i].ID) >= 0 {
			return Actual{}, damagedAt(line+i+1, "its objects are not in order")
		}
	}
	line = r.n
	foreign, err := records(r, t.Foreign, func(f *foreignRecord) Foreign { return f.foreign() })
	if err != nil {
		return Actual{}, err
	}
	for i := 1; i < len(foreign); i++ {
		if foreign[i-1].Ref > foreign[i].Ref {
			return Actual{}, damagedAt(line+i+1, "its objects are not in order")
		}
	}
	return Actual{Target: t.Name, Objects: objects, Foreign: foreign}, nil
}

// snapshotBatch is how many lines are read before they are decoded, by several goroutines.
const snapshotBatch = 2048

// records reads n lines of one kind. Nothing is made room for that has not been read: the
// number may be a lie.
func records[R, T any](r *snapshotReader, n int, made func(*R) T) ([]T, error) {
	var all []T
	var text []byte
	var ends []int
	for len(all) < n {
		text, ends = text[:0], ends[:0]
		first := r.n + 1
		for range min(snapshotBatch, n-len(all)) {
			line, err := r.read()
			if err != nil {
				return nil, err
			}
			text = append(text, line...)
			ends = append(ends, len(text))
		}
		batch, wrong := make([]T, len(ends)), make([]error, len(ends))
		parallel.Chunks(len(ends), 64, func(from, to int) {
			for i := from; i < to; i++ {
				start := 0
				if i > 0 {
					start = ends[i-1]
				}
				var record R
				if wrong[i] = decodeRecord(text[start:ends[i]], first+i, &record); wrong[i] == nil {
					batch[i] = made(&record)
				}
			}
		})
		for _, err := range wrong {
			if err != nil {
				return nil, err
			}
		}
		all = append(all, batch...)
	}
	return all, nil
}

func (r *snapshotReader) next(into any) error {
	line, err := r.read()
	if err != nil {
		return err
	}
	return decodeRecord(line, r.n, into)
}

// decodeRecord takes the n-th line, which holds what is known and nothing else.
func decodeRecord(line []byte, n int, into any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return damagedAt(n, "it cannot be understood")
	}
	if int(dec.InputOffset()) != len(line)-1 {
		return damagedAt(n, "there is more in it than one thing")
	}
	return nil
}

// read gives the next line with its end, until the next call.
func (r *snapshotReader) read() ([]byte, error) {
	r.n++
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		switch {
		case err == nil:
			r.sum.Write(r.line)
			return r.line, nil
		case errors.Is(err, io.EOF):
			return nil, r.damaged("it is cut")
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(r.line) > maxSnapshotLine:
			return nil, r.damaged("it is too long")
		}
	}
}

func (r *snapshotReader) damaged(what string) error { return damagedAt(r.n, what) }

// damagedAt says what is wrong with a line, and nothing of what stands in it.
func damagedAt(line int, what string) error {
	return fmt.Errorf("%w: line %d: %s", ErrSnapshotDamaged, line, what)
}
