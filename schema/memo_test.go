package schema

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fakeMemory is a Memory, and counts what it could tell.
type fakeMemory struct {
	mu    sync.Mutex
	texts map[[sha256.Size]byte][]byte
	known int
}

func (m *fakeMemory) Get(key [sha256.Size]byte) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, ok := m.texts[key]
	if ok {
		m.known++
	}
	return text, ok
}

func (m *fakeMemory) Put(key [sha256.Size]byte, result []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts[key] = bytes.Clone(result)
}

const memoTemplates = "package org\n_full: {type: \"maanedsloen\", fraction: 1}\n"

// memoEntries need CUE: five that are right, one that is wrong, and three that hold what
// looks like a CPR number, as they stand or only when they are evaluated.
const memoEntries = `package org

import "strings"

people: {
	"p1": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c01", name: {given: "Åse", surname: "Kjær"}, engagements: "a": {_full, unit: "skolen", title: "laerer", from: "2020-01-01"}}
	"p2": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c02", name: {given: "Bo", surname: "\(given) Lund"}}
	"p3": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c03", name: {given: strings.ToTitle("bo"), surname: "Lund"}}
	"p4": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c04", name: {given: "Bo" & string, surname: "Lund"}}
	"p5": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c05", name: {given: *"Bo" | string, surname: "Lund"}}
	"p6": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c06", name: {given: "Bo" & 7, surname: "Lund"}}
	"p7": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c07", name: {given: "Bo" & string, surname: "Lund"}, title: "010203-1234"}
	"p8": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c08", name: {given: "010203", surname: "Lund"}, title: "\(name.given)-1234"}
	"p9": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c09", name: {given: "Bo" & string, surname: "Lund"} // 010203-1234
	}
}
`

func withMemory(t *testing.T, m Memory, templates string) []Value {
	t.Helper()
	entries := entriesOf(t, "people/x.cue", memoEntries)
	for i := range entries {
		if entries[i].Key == "p3" {
			entries[i].Imports = []string{`"strings"`}
		}
	}
	values := make([]Value, len(entries))
	err := Evaluator{Memory: m}.Evaluate([]File{{Name: "templates.cue", Text: []byte(templates)}}, entries, func(i int, v Value) { values[i] = kept(v) })
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestMemory(t *testing.T) {
	same := func(what string, want, got []Value) {
		t.Helper()
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s changes the result (-without +with):\n%s", what, diff)
		}
	}
	without := withMemory(t, nil, memoTemplates)
	right := 0
	for _, v := range without {
		if v.Stands() {
			right++
		}
	}
	if right != 8 {
		t.Fatalf("%d entries are right: %+v", right, without)
	}
	m := &fakeMemory{texts: map[[sha256.Size]byte][]byte{}}
	same("an empty memory", without, withMemory(t, m, memoTemplates))
	if len(m.texts) != 5 || m.known != 0 {
		t.Errorf("%d are kept and %d were known, want the five that are right and hold no number", len(m.texts), m.known)
	}
	for _, text := range m.texts {
		if found := FindCPR(string(text)); len(found) > 0 {
			t.Errorf("a number is kept: %s", text)
		}
	}
	same("a memory", without, withMemory(t, m, memoTemplates))
	if m.known != 5 {
		t.Errorf("%d were known, want 5", m.known)
	}

	const others = "package org\n_full: {type: \"timeloen\", fraction: 0.5}\n"
	m.known = 0
	same("a memory of other templates", withMemory(t, nil, others), withMemory(t, m, others))
	if m.known != 0 || len(m.texts) != 10 {
		t.Errorf("%d were known under other templates, %d are kept", m.known, len(m.texts))
	}

	m = &fakeMemory{texts: map[[sha256.Size]byte][]byte{}}
	withMemory(t, m, "package org\n_full: {} // 010203-1234\n")
	if len(m.texts) > 0 {
		t.Error("something is kept, though the templates hold a number")
	}
}

// TestMemoryOfNonsense: what is remembered and is no value counts as forgotten.
func TestMemoryOfNonsense(t *testing.T) {
	without := withMemory(t, nil, memoTemplates)
	for _, nonsense := range []string{"", "{", "null", "7", "[]", `{"a":1}x`, "\x00"} {
		m := &fakeMemory{texts: map[[sha256.Size]byte][]byte{}}
		withMemory(t, m, memoTemplates)
		for _, key := range slices.Collect(maps.Keys(m.texts)) {
			m.texts[key] = []byte(nonsense)
		}
		if diff := cmp.Diff(without, withMemory(t, m, memoTemplates), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q is believed (-without +with):\n%s", nonsense, diff)
		}
	}
}

// TestMemoryKeys: whatever an entry depends on is in its key.
func TestMemoryKeys(t *testing.T) {
	base := Entry{Kind: "units", Key: "a", File: "units/a.cue", Line: 3, Column: 2, Text: `"a": {}`, Imports: []string{`"strings"`}}
	keyOf := func(change func(*Entry), templates ...File) [sha256.Size]byte {
		e := base
		change(&e)
		m, err := newMemo(&fakeMemory{}, templates)
		if err != nil {
			t.Fatal(err)
		}
		key, ok := m.key(&e)
		if !ok {
			t.Fatal("an entry without a number has no key")
		}
		return key
	}
	seen := map[[sha256.Size]byte]string{}
	for what, key := range map[string][sha256.Size]byte{
		"the entry":           keyOf(func(*Entry) {}),
		"another kind":        keyOf(func(e *Entry) { e.Kind = "people" }),
		"another key":         keyOf(func(e *Entry) { e.Key = "b" }),
		"another text":        keyOf(func(e *Entry) { e.Text += " " }),
		"another import":      keyOf(func(e *Entry) { e.Imports = []string{`"list"`} }),
		"no import":           keyOf(func(e *Entry) { e.Imports = nil }),
		"text and import":     keyOf(func(e *Entry) { e.Text, e.Imports = e.Text+e.Imports[0], nil }),
		"a template":          keyOf(func(*Entry) {}, File{Name: "a.cue", Text: []byte("x")}),
		"another template":    keyOf(func(*Entry) {}, File{Name: "a.cue", Text: []byte("y")}),
		"a template's name":   keyOf(func(*Entry) {}, File{Name: "b.cue", Text: []byte("x")}),
		"a template's border": keyOf(func(*Entry) {}, File{Name: "a.cuex", Text: nil}),
	} {
		if other, taken := seen[key]; taken {
			t.Errorf("%s and %s have the same key", what, other)
		}
		seen[key] = what
	}
	if keyOf(func(*Entry) {}) != keyOf(func(e *Entry) { e.File, e.Line, e.Column = "other.cue", 9, 1 }) {
		t.Error("where an entry stands is in its key")
	}
}
