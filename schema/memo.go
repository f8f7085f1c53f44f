package schema

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/schema/plain"
)

// Memory keeps results under a digest of what they depend on. Several goroutines use it.
type Memory interface {
	Get(key [sha256.Size]byte) ([]byte, bool)
	Put(key [sha256.Size]byte, result []byte)
}

// memo is what CUE made of entries, under the definitions and templates of one evaluation.
// What an entry comes to depends on these, its kind, key, text and imports, and on the
// program, which is the Memory's matter. Only values without findings are kept, so that a
// position is in none of them; and none in which, or in whose origin, anything looks like a
// CPR number, not even as part of a digest.
type memo struct {
	memory Memory
	under  [sha256.Size]byte
	secret bool // the templates hold what looks like a CPR number
}

func newMemo(memory Memory, templates []File) (*memo, error) {
	m := &memo{memory: memory}
	definitions, err := Digest()
	if err != nil {
		return nil, fmt.Errorf("identify the definitions: %w", err)
	}
	h := sha256.New()
	note(h, definitions)
	for _, t := range templates {
		note(h, t.Name)
		note(h, string(t.Text))
		m.secret = m.secret || len(FindCPR(t.Name)) > 0 || len(FindCPR(string(t.Text))) > 0
	}
	h.Sum(m.under[:0])
	return m, nil
}

// note adds a text to a digest, such that no two lists of texts give the same.
func note(h hash.Hash, text string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(text)))
	h.Write(length[:])
	io.WriteString(h, text)
}

// key identifies what an entry comes to; ok is false for one that must not be remembered.
func (m *memo) key(e *Entry) (key [sha256.Size]byte, ok bool) {
	if m.secret || len(FindCPR(e.Text)) > 0 || len(FindCPR(e.Key)) > 0 {
		return key, false
	}
	h := sha256.New()
	h.Write(m.under[:])
	for _, text := range append([]string{"entry", e.Kind, e.Key, e.Text}, e.Imports...) {
		note(h, text)
	}
	h.Sum(key[:0])
	return key, true
}

// recall gives take what is remembered of the entries at the places, and returns the places
// of all others.
func (m *memo) recall(entries []Entry, places []int, take func(i int, v Value)) []int {
	known := make([]bool, len(places))
	parallel.Chunks(len(places), 64, func(from, to int) {
		for i := from; i < to; i++ {
			var v Value
			if v, known[i] = m.value(&entries[places[i]]); known[i] {
				take(places[i], v)
			}
		}
	})
	var others []int
	for i, place := range places {
		if !known[i] {
			others = append(others, place)
		}
	}
	return others
}

func (m *memo) value(e *Entry) (Value, bool) {
	key, ok := m.key(e)
	if !ok {
		return Value{}, false
	}
	text, ok := m.memory.Get(key)
	if !ok {
		return Value{}, false
	}
	v := Value{}
	var err error
	v.Plain, err = plain.FromJSON(text)
	return v, err == nil && v.Stands()
}

// keep remembers what an entry came to. A nil memo keeps nothing.
func (m *memo) keep(e *Entry, v *made) {
	if m == nil || !v.Stands() || len(v.Diagnostics) > 0 || v.text == nil || len(FindCPR(string(v.text))) > 0 {
		return
	}
	if key, ok := m.key(e); ok {
		m.memory.Put(key, v.text)
	}
}
