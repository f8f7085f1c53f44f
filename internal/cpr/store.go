package cpr

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"orgit.dk/orgit/internal/filelock"
	"orgit.dk/orgit/org"
)

// Store is the CPR numbers of persons, in memory. It is safe for concurrent reading.
type Store struct {
	entries entries
	changed bool
}

// CPR gives a person's number; ok is false when the store has none.
func (s *Store) CPR(person org.UUID) (number Number, ok bool) {
	number, ok = s.entries.numbers[person]
	return number, ok
}

// Persons are those who have a number in the store, in order.
func (s *Store) Persons() []org.UUID { return slices.Sorted(maps.Keys(s.entries.numbers)) }

// Set gives a person a number, in place of the one that they had.
func (s *Store) Set(person org.UUID, number Number) {
	if s.entries.numbers[person] != number {
		s.entries.numbers[person], s.changed = number, true
	}
}

// Erase takes a person's number out; false says that there was none.
func (s *Store) Erase(person org.UUID) bool {
	if _, ok := s.entries.numbers[person]; !ok {
		return false
	}
	delete(s.entries.numbers, person)
	s.changed = true
	return true
}

// Open reads the store.
func Open(p Place) (*Store, error) {
	keys, err := readIdentities(p.identity)
	if err != nil {
		return nil, err
	}
	return open(p, keys)
}

func open(p Place, keys []*age.X25519Identity) (*Store, error) {
	e, err := readStore(p.store, keys)
	if err != nil {
		return nil, err
	}
	return &Store{entries: e}, nil
}

// Edit reads the store, lets edit change it and writes it whole, unless edit changed nothing
// or returned an error, which Edit then returns. While it runs, any other Edit gets ErrBusy.
func Edit(p Place, edit func(*Store) error) error {
	keys, err := readIdentities(p.identity)
	if err != nil {
		return err
	}
	return locked(p, func() error {
		s, err := open(p, keys)
		if err != nil {
			return err
		}
		if err := edit(s); err != nil || !s.changed {
			return err
		}
		return writeStore(p.store, keys, s.entries)
	})
}

// Init makes an empty store and its key, and gives the key's public part. A key that is
// there is used; a store that is there is left alone (ErrExists). also are the public parts
// of further keys that shall open the store, such as one that is kept in a safe.
func Init(p Place, also ...string) (recipient string, err error) {
	for _, text := range also {
		if !isRecipient(text) {
			return "", fmt.Errorf("%w: a recipient is the public part of an age X25519 key (age1…)", ErrIdentity)
		}
	}
	if err := os.MkdirAll(filepath.Dir(p.store), 0o700); err != nil {
		return "", fmt.Errorf("make the folder of the CPR store: %w", err)
	}
	err = locked(p, func() error {
		if _, err := os.Lstat(p.store); err == nil {
			return fmt.Errorf("%w: %s", ErrExists, p.store)
		}
		keys, err := readIdentities(p.identity)
		if errors.Is(err, fs.ErrNotExist) {
			var key *age.X25519Identity
			key, err = makeIdentity(p.identity)
			keys = []*age.X25519Identity{key}
		}
		if err != nil {
			return err
		}
		recipient = keys[0].Recipient().String()
		return writeStore(p.store, keys, entries{also: slices.Compact(slices.Sorted(slices.Values(also)))})
	})
	return recipient, err
}

func locked(p Place, do func() error) (err error) {
	release, err := filelock.Take(p.store + ".lock")
	switch {
	case errors.Is(err, filelock.ErrHeld):
		return ErrBusy
	case errors.Is(err, fs.ErrNotExist): // there is no such folder
		return fmt.Errorf("%w: %s", ErrMissing, p.store)
	case err != nil:
		return fmt.Errorf("change the CPR store: %w", err)
	}
	defer func() { err = errors.Join(err, release()) }()
	return do()
}
