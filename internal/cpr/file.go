package cpr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"filippo.io/age"
)

// largestStore bounds what is read of a store, in bytes: a million people.
const largestStore = 64 << 20

func readStore(path string, keys []*age.X25519Identity) (entries, error) {
	secret, err := readBounded(path)
	if errors.Is(err, fs.ErrNotExist) {
		return entries{}, fmt.Errorf("%w: %s: %w", ErrMissing, path, cause(err))
	}
	if err != nil {
		return entries{}, fmt.Errorf("read the CPR store %s: %w", path, cause(err))
	}
	identities := make([]age.Identity, len(keys))
	for i, key := range keys {
		identities[i] = key
	}
	plain, err := age.Decrypt(bytes.NewReader(secret), identities...)
	if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
		return entries{}, fmt.Errorf("%w %s: it was made for another key", ErrWrongIdentity, path)
	}
	if err != nil {
		return entries{}, fmt.Errorf("%w: %s is no file that age has written, or is not whole", ErrDamaged, path)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return entries{}, fmt.Errorf("%w: %s was changed or cut after it was written", ErrDamaged, path)
	}
	e, err := readEntries(text)
	if err != nil {
		return entries{}, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return e, nil
}

func readBounded(path string) (text []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err = io.ReadAll(io.LimitReader(f, largestStore+1))
	if err == nil && len(text) > largestStore {
		err = errors.New("it is too large to be a CPR store")
	}
	return text, err
}

// writeStore puts a new file in the store's place, so that nothing of the old one stays in
// it and a cut write leaves the old one as it was.
func writeStore(path string, keys []*age.X25519Identity, e entries) error {
	secret, err := encrypt(keys, e)
	if err != nil {
		return err
	}
	fresh := path + ".new" // the store's lock is held, so nobody else's
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what a cut write has left: %w", err)
	}
	if err := writeNew(fresh, secret); err != nil {
		return fmt.Errorf("write the CPR store: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put the new CPR store in the old one's place: %w", errors.Join(err, os.Remove(fresh)))
	}
	return syncFolder(filepath.Dir(path))
}

func encrypt(keys []*age.X25519Identity, e entries) ([]byte, error) {
	recipients := make([]age.Recipient, 0, len(keys)+len(e.also))
	for _, key := range keys {
		recipients = append(recipients, key.Recipient())
	}
	for _, text := range e.also {
		also, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("%w: a recipient in it is none", ErrDamaged)
		}
		recipients = append(recipients, also)
	}
	var secret bytes.Buffer
	w, err := age.Encrypt(&secret, recipients...)
	if err != nil {
		return nil, fmt.Errorf("encrypt the CPR store: %w", err)
	}
	_, err = w.Write(e.text())
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("encrypt the CPR store: %w", err)
	}
	return secret.Bytes(), nil
}

// writeNew writes a file that is not there yet, for its owner alone, down to the disk.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// syncFolder makes a rename last. Some network drives cannot; there it is as good as done.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write the CPR store's folder to the disk: %w", err)
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the CPR store's folder to the disk: %w", err)
	}
	return nil
}
