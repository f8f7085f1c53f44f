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

	"orgit.dk/orgit/org"
)

// SnapshotVersion is the version of the snapshot's format.
const SnapshotVersion = 1

// snapshotFormat begins every snapshot, so that another file is known to be one.
const snapshotFormat = "orgit-snapshot"

// Errors of snapshots.
var (
	// ErrSnapshotVersion: a program with another format wrote the snapshot.
	ErrSnapshotVersion = errors.New("the snapshot has another version")
	// ErrSnapshotDamaged: it is not what was written, or no snapshot at all.
	ErrSnapshotDamaged = errors.New("the snapshot is damaged, or is none")
	// ErrSnapshotCPR: something in it would look like a CPR number, so it is not written.
	ErrSnapshotCPR = errors.New("a snapshot holds no CPR numbers, and is not written")
)

// Snapshot is what every target held when it was read, so that a plan can be made where
// nobody may have the credentials to read them. It is personal data, without CPR numbers.
//
// As a file it is lines of JSON: one about the whole, one for each object of orgit's and
// each foreign one, in the order of the targets, and one with the SHA-256 of everything
// before it. The same snapshot gives the same bytes. Whoever stores it encrypts it.
type Snapshot struct {
	Municipality string
	CVR          string
	Read         string  // when the targets were read, RFC 3339 in UTC
	Day          org.Day // the day in Copenhagen then
	Commit       string  // what was approved then, by which orgit knew what is its own
	Tool         string
	Schema       string // digest of the schema
	Mark         string // the mark of what was applied then, as package apply keeps it
	Targets      []Reading
	Digest       string // SHA-256 of the content, set by WriteSnapshot and ReadSnapshot
}

// Reading is what one target held.
type Reading struct {
	Settings string // digest of the target's settings, by which it was read
	// Attributes are those that are read only where the settings ask for them, each with
	// what decides how it is read; empty where nothing does. Others are always read.
	Attributes map[string]string
	Actual     Actual
}

// Reading gives what a target held; nil when the snapshot does not have it.
func (s *Snapshot) Reading(target string) *Reading {
	for i := range s.Targets {
		if s.Targets[i].Actual.Target == target {
			return &s.Targets[i]
		}
	}
	return nil
}

type snapshotHead struct {
	Format       string       `json:"format"`
	Version      int          `json:"version"`
	Municipality string       `json:"municipality"`
	CVR          string       `json:"cvr"`
	Read         string       `json:"read"`
	Day          org.Day      `json:"day"`
	Commit       string       `json:"commit"`
	Tool         string       `json:"tool"`
	Schema       string       `json:"schema"`
	Mark         string       `json:"mark"`
	Targets      []targetHead `json:"targets"`
}

type targetHead struct {
	Name       string            `json:"name"`
	Settings   string            `json:"settings"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Objects    int               `json:"objects"`
	Foreign    int               `json:"foreign"`
}

type snapshotTail struct {
	SHA256 string `json:"sha256"`
}

// WriteSnapshot writes the snapshot, line by line, and sets its digest. It masks what may
// look like a CPR number in what plans keep in memory only, and writes nothing more where
// one would remain (ErrSnapshotCPR). Each target's Actual must be in order (Actual.Sort).
func WriteSnapshot(w io.Writer, s *Snapshot) error {
	out := snapshotWriter{out: bufio.NewWriter(w), sum: sha256.New()}
	out.enc = json.NewEncoder(&out.line)
	out.enc.SetEscapeHTML(false)
	head := snapshotHead{
		Format: snapshotFormat, Version: SnapshotVersion, Municipality: s.Municipality, CVR: s.CVR, Read: s.Read, Day: s.Day,
		Commit: s.Commit, Tool: s.Tool, Schema: s.Schema, Mark: s.Mark, Targets: make([]targetHead, 0, len(s.Targets)),
	}
	for _, r := range s.Targets {
		head.Targets = append(head.Targets, targetHead{
			Name: r.Actual.Target, Settings: r.Settings, Attributes: r.Attributes,
			Objects: len(r.Actual.Objects), Foreign: len(r.Actual.Foreign),
		})
	}
	out.put(head)
	for _, r := range s.Targets {
		out.reading(r.Actual)
	}
	digest := hex.EncodeToString(out.sum.Sum(nil))
	out.put(snapshotTail{digest})
	if out.err == nil {
		out.err = out.out.Flush()
	}
	if out.err != nil {
		return fmt.Errorf("write the snapshot: %w", out.err)
	}
	s.Digest = digest
	return nil
}

// snapshotWriter writes lines until the first error, which stays.
type snapshotWriter struct {
	out  *bufio.Writer
	sum  hash.Hash
	line bytes.Buffer
	enc  *json.Encoder
	err  error
}

func (w *snapshotWriter) reading(a Actual) {
	v := veil{tokens: map[string]string{}}
	for i := range a.Objects {
		w.checked(v.object(&a.Objects[i]))
	}
	for i := range a.Foreign {
		w.checked(v.foreign(&a.Foreign[i]))
	}
}

// record is a line of the snapshot about one object.
type record interface{ looksLikeCPR() string }

// checked writes a record unless anything in it looks like a CPR number.
func (w *snapshotWriter) checked(r record) {
	if where := r.looksLikeCPR(); where != "" && w.err == nil {
		w.err = fmt.Errorf("%w: %s looks like one", ErrSnapshotCPR, where)
	}
	w.put(r)
}

func (w *snapshotWriter) put(value any) {
	if w.err != nil {
		return
	}
	w.line.Reset()
	if w.err = w.enc.Encode(value); w.err != nil {
		return
	}
	w.sum.Write(w.line.Bytes())
	_, w.err = w.out.Write(w.line.Bytes())
}
