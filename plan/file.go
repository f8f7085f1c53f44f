package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Errors of Read that say why a plan file cannot be used.
var (
	// ErrVersion: the file was written by a program with another format.
	ErrVersion = errors.New("the plan file has another version")
	// ErrDamaged: the file is not what was written: cut, edited or empty.
	ErrDamaged = errors.New("the plan file is damaged or was edited")
)

// maxFile bounds what Read takes in: 512 MiB, some hundred times the plan of a first
// load of 50,000 people.
const maxFile = 512 << 20

// WriteFile writes the plan in the form that ReadFile takes: JSON with the content's
// digest in it.
func WriteFile(w io.Writer, p *Plan) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// ReadFile reads a plan and refuses one of another version (ErrVersion) and one whose
// content is not what its digest says (ErrDamaged).
func ReadFile(r io.Reader) (*Plan, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%w: it is larger than %d MiB", ErrDamaged, maxFile>>20)
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if head.Version != FileVersion {
		return nil, fmt.Errorf("%w: %d, and this program reads %d; make the plan again", ErrVersion, head.Version, FileVersion)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	p := &Plan{}
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if dec.More() {
		return nil, fmt.Errorf("%w: something follows the plan", ErrDamaged)
	}
	if p.Digest == "" || p.Digest != p.digest() {
		return nil, ErrDamaged
	}
	return p, nil
}

// digest is the SHA-256 of everything in the plan but the digest itself, the time of
// reading, and which snapshot was read. What there may be very many of is taken in one by
// one, so that the whole never stands in memory as text.
func (p *Plan) digest() string {
	content := *p
	content.Digest = ""
	content.Provenance.Read = ""
	if content.Provenance.Snapshot != nil {
		content.Provenance.Snapshot = &SnapshotSource{}
	}
	content.Operations, content.Coming = nil, nil
	sum := sha256.New()
	digestOf(sum, &content)
	digestEach(sum, p.Operations)
	digestEach(sum, p.Coming)
	return hex.EncodeToString(sum.Sum(nil))
}

// digestEach takes a list in with its length, so that nothing can move from one list to the next.
func digestEach[T any](sum hash.Hash, list []T) {
	digestOf(sum, len(list))
	for i := range list {
		digestOf(sum, &list[i])
	}
}

func digestOf(sum hash.Hash, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		// Every field of a plan can be written as JSON: its types say so.
		panic(fmt.Sprintf("orgit: digest of the plan: %v", err))
	}
	sum.Write(data)
	sum.Write([]byte{'\n'})
}
