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
	if err := r.decode(line, &head); err != nil {
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
	a := Actual{Target: t.Name}
	for i := range t.Objects {
		var o objectRecord
		if err := r.next(&o); err != nil {
			return a, err
		}
		if i > 0 && a.Objects[i-1].Compare(ID{o.Kind, o.UUID}) >= 0 {
			return a, r.damaged("its objects are not in order")
		}
		a.Objects = append(a.Objects, o.found())
	}
	for i := range t.Foreign {
		var f foreignRecord
		if err := r.next(&f); err != nil {
			return a, err
		}
		if i > 0 && a.Foreign[i-1].Ref > f.Ref {
			return a, r.damaged("its objects are not in order")
		}
		a.Foreign = append(a.Foreign, f.foreign())
	}
	return a, nil
}

func (r *snapshotReader) next(into any) error {
	line, err := r.read()
	if err != nil {
		return err
	}
	return r.decode(line, into)
}

// decode takes a line that holds what is known, and nothing else.
func (r *snapshotReader) decode(line []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return r.damaged("it cannot be understood")
	}
	if int(dec.InputOffset()) != len(line)-1 {
		return r.damaged("there is more in it than one thing")
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

// damaged says what is wrong with a line, and nothing of what stands in it.
func (r *snapshotReader) damaged(what string) error {
	return fmt.Errorf("%w: line %d: %s", ErrSnapshotDamaged, r.n, what)
}
