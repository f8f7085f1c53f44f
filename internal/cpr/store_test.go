package cpr_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
)

const (
	anna = org.UUID("9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33")
	carl = org.UUID("9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c40")
)

// files are a store and its key in a folder of their own.
type files struct{ dir, store, identity string }

func newFiles(t *testing.T) files {
	dir := t.TempDir()
	return files{dir, filepath.Join(dir, "cpr.age"), filepath.Join(dir, "keys", "key.txt")}
}

func (f files) getenv(name string) string {
	return map[string]string{cpr.StoreVariable: f.store, cpr.IdentityVariable: f.identity}[name]
}

func (f files) place(t *testing.T) cpr.Place {
	t.Helper()
	p, err := cpr.PlaceFrom(f.getenv)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// filled makes a store with the numbers of Anna and Carl.
func filled(t *testing.T) (files, cpr.Place) {
	t.Helper()
	f := newFiles(t)
	p := f.place(t)
	if _, err := cpr.Init(p); err != nil {
		t.Fatal(err)
	}
	set(t, p, anna, 1)
	set(t, p, carl, 2)
	return f, p
}

func set(t *testing.T, p cpr.Place, person org.UUID, i int) {
	t.Helper()
	n, err := cpr.Parse(cprtest.Invented(i))
	if err != nil {
		t.Fatal(err)
	}
	if err := cpr.Edit(p, func(s *cpr.Store) error { s.Set(person, n); return nil }); err != nil {
		t.Fatal(err)
	}
}

// plain is what is encrypted in the store.
func (f files) plain(t *testing.T) string {
	t.Helper()
	key, err := os.ReadFile(f.identity)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := age.ParseIdentities(bytes.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(f.store)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(secret), keys...)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestStore(t *testing.T) {
	f, p := filled(t)
	for _, path := range []string{f.store, f.identity} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v; want 0600", path, info.Mode(), err)
		}
	}
	s, err := cpr.Open(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]org.UUID{anna, carl}, s.Persons()); diff != "" {
		t.Errorf("persons (-want +got):\n%s", diff)
	}
	if n, ok := s.CPR(carl); !ok || n.Digits() != cprtest.Invented(2) {
		t.Error("Carl's number is not the one that was put in")
	}
	if _, ok := s.CPR("9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c99"); ok {
		t.Error("a number for somebody who has none")
	}
	secret, err := os.ReadFile(f.store)
	if err != nil || bytes.Contains(secret, []byte(cprtest.Invented(1))) || bytes.Contains(secret, []byte(anna)) {
		t.Errorf("the file holds a number or a person as it is (%v)", err)
	}
}

// TestErase: nothing of the number is in the file any more, nor beside it.
func TestErase(t *testing.T) {
	f, p := filled(t)
	before, err := os.ReadFile(f.store)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.store+".new", before, 0o600); err != nil { // as a cut write leaves it
		t.Fatal(err)
	}
	if err := cpr.Edit(p, func(s *cpr.Store) error {
		if !s.Erase(anna) || s.Erase(anna) {
			t.Error("erasing says something else than what there was")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := "orgit-cpr 1\n" + string(carl) + " " + cprtest.Invented(2) + "\n"
	if diff := cmp.Diff(want, f.plain(t)); diff != "" {
		t.Errorf("what is encrypted (-want +got):\n%s", diff)
	}
	left, err := os.ReadDir(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{"cpr.age", "cpr.age.lock", "keys"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestEditWritesOnlyChanges: an edit that fails or changes nothing leaves the file as it is.
func TestEditWritesOnlyChanges(t *testing.T) {
	f, p := filled(t)
	before, _ := os.ReadFile(f.store)
	refused := errors.New("refused")
	if err := cpr.Edit(p, func(s *cpr.Store) error { s.Erase(anna); return refused }); !errors.Is(err, refused) {
		t.Errorf("got the error %v", err)
	}
	set(t, p, anna, 1)
	after, _ := os.ReadFile(f.store)
	if !bytes.Equal(before, after) {
		t.Error("the file was written although nothing changed")
	}
}

func TestTwoWriters(t *testing.T) {
	_, p := filled(t)
	err := cpr.Edit(p, func(*cpr.Store) error {
		if err := cpr.Edit(p, func(*cpr.Store) error { return nil }); !errors.Is(err, cpr.ErrBusy) {
			t.Errorf("a second writer: %v, want ErrBusy", err)
		}
		if _, err := cpr.Open(p); err != nil {
			t.Errorf("a reader beside a writer: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestInit(t *testing.T) {
	f := newFiles(t)
	p := f.place(t)
	backup, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cpr.Init(p, backup.String()); !errors.Is(err, cpr.ErrIdentity) || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("a secret key as recipient: %v", err)
	}
	recipient, err := cpr.Init(p, backup.Recipient().String(), backup.Recipient().String())
	if err != nil || !strings.HasPrefix(recipient, "age1") {
		t.Fatalf("%q, %v", recipient, err)
	}
	if _, err := cpr.Init(p); !errors.Is(err, cpr.ErrExists) {
		t.Errorf("again: %v, want ErrExists", err)
	}
	// The key in the safe opens what is written later too.
	set(t, p, anna, 1)
	if err := os.WriteFile(f.identity, []byte(backup.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := cpr.Open(p); err != nil || len(s.Persons()) != 1 {
		t.Errorf("with the key from the safe: %v", err)
	}
	// A key that is there is used, and never written over.
	if err := os.Remove(f.store); err != nil {
		t.Fatal(err)
	}
	if again, err := cpr.Init(p); err != nil || again != backup.Recipient().String() {
		t.Errorf("with a key that was there: %q, %v", again, err)
	}
}

// TestCannotOpen: each fault has an error of its own that says which file, and nothing of
// what is in it.
func TestCannotOpen(t *testing.T) {
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	change := func(path string, how func([]byte) []byte) func(*testing.T, files) {
		return func(t *testing.T, f files) {
			at := map[string]string{"store": f.store, "key": f.identity}[path]
			text, err := os.ReadFile(at)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, how(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name string
		make func(*testing.T, files)
		want error
		says string
	}{
		{"no store", func(_ *testing.T, f files) { os.Remove(f.store) }, cpr.ErrMissing, "no such file"},
		{"no key", func(_ *testing.T, f files) { os.Remove(f.identity) }, cpr.ErrIdentity, "no such file"},
		{"a key that the group reads", func(_ *testing.T, f files) { os.Chmod(f.identity, 0o640) }, cpr.ErrIdentity, "its mode is 0640"},
		{"a key that all read", func(_ *testing.T, f files) { os.Chmod(f.identity, 0o604) }, cpr.ErrIdentity, "its mode is 0604"},
		{"a folder for a key", func(_ *testing.T, f files) { os.Remove(f.identity); os.Mkdir(f.identity, 0o700) }, cpr.ErrIdentity, "it is no file"},
		{"a key that is none", change("key", func([]byte) []byte { return []byte("AGE-SECRET-KEY-1HEMMELIG\n") }), cpr.ErrIdentity, "something else"},
		{"a key of another kind", change("key", func([]byte) []byte { return []byte("AGE-SECRET-KEY-PQ-1HEMMELIG\n") }), cpr.ErrIdentity, "something else"},
		{"an empty key", change("key", func([]byte) []byte { return []byte("# HEMMELIG\n") }), cpr.ErrIdentity, "no age identity"},
		{"another key", change("key", func([]byte) []byte { return []byte(other.String()) }), cpr.ErrWrongIdentity, "made for another key"},
		{"an empty store", change("store", func([]byte) []byte { return nil }), cpr.ErrDamaged, "not whole"},
		{"a text for a store", change("store", func([]byte) []byte { return []byte("HEMMELIG 0101800000") }), cpr.ErrDamaged, "not whole"},
		{"a cut store", change("store", func(b []byte) []byte { return b[:len(b)-1] }), cpr.ErrDamaged, "cut"},
		{"a changed store", change("store", func(b []byte) []byte { b[len(b)-3] ^= 1; return b }), cpr.ErrDamaged, "changed or cut"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, p := filled(t)
			test.make(t, f)
			for what, do := range map[string]func() error{
				"open": func() error { _, err := cpr.Open(p); return err },
				"edit": func() error { return cpr.Edit(p, func(*cpr.Store) error { return nil }) },
			} {
				err := do()
				if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%s: %v; want %v with %q", what, err, test.want, test.says)
					continue
				}
				if strings.Contains(err.Error(), "HEMMELIG") || strings.Contains(err.Error(), "0101800000") {
					t.Errorf("%s: the error shows what is in the file: %v", what, err)
				}
			}
		})
	}
}

func TestPlaceFrom(t *testing.T) {
	work := t.TempDir()
	if err := os.MkdirAll(filepath.Join(work, "repo", ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(work, "repo", "people"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(work, "tree"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "tree", ".git"), []byte("gitdir: elsewhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(work, "repo", "people"), filepath.Join(work, "way")); err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(work, "outside", "a")
	tests := []struct {
		name, store, key string
		want             error
	}{
		{"both outside", good, filepath.Join(work, "outside", "b"), nil},
		{"no store", "", good, cpr.ErrNotConfigured},
		{"no key", good, "", cpr.ErrNotConfigured},
		{"the same file", good, filepath.Join(work, "outside", ".", "a"), cpr.ErrNotConfigured},
		{"store in a work tree", filepath.Join(work, "repo", "cpr.age"), good, cpr.ErrPlace},
		{"store in a folder to be made in a work tree", filepath.Join(work, "repo", "new", "cpr.age"), good, cpr.ErrPlace},
		{"store beside the objects", filepath.Join(work, "repo", ".git", "cpr.age"), good, cpr.ErrPlace},
		{"key in a linked work tree", good, filepath.Join(work, "tree", "key"), cpr.ErrPlace},
		{"store by a symbolic link", filepath.Join(work, "way", "cpr.age"), good, cpr.ErrPlace},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := cpr.PlaceFrom(files{store: test.store, identity: test.key}.getenv)
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}
