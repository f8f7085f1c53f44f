package cpr

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"filippo.io/age"
)

// largestIdentity bounds what is read of a key file, in bytes.
const largestIdentity = 64 << 10

// readIdentities reads the key file: age X25519 identities, one a line. The file must be
// readable by its owner alone.
func readIdentities(path string) (keys []*age.X25519Identity, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: %s: %w", ErrIdentity, path, err)
		}
	}()
	f, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	if err := ownersAlone(f); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, largestIdentity))
	if err != nil {
		return nil, cause(err)
	}
	// Errors of age may quote a key, so none is handed on.
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := age.ParseX25519Identity(line)
		if err != nil {
			return nil, errors.New("it holds something else than age X25519 identities (AGE-SECRET-KEY-1…)")
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("it holds no age identity")
	}
	return keys, nil
}

// ownersAlone refuses a key that others may read. Windows keeps rights otherwise.
func ownersAlone(f *os.File) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return cause(err)
	case !info.Mode().IsRegular():
		return errors.New("it is no file")
	case info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		return fmt.Errorf("others than its owner may read it (its mode is %#o, and it must be 0600 or 0400)", info.Mode().Perm())
	}
	return nil
}

// cause is the reason of an error about a file, without its path, which the caller names.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// makeIdentity writes a new key. A file that is there is never written over.
func makeIdentity(path string) (key *age.X25519Identity, err error) {
	if key, err = age.GenerateX25519Identity(); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the key: %w", err)
	}
	text := "# The key of orgit's CPR store. Who has it can read every CPR number there.\n# public key: " +
		key.Recipient().String() + "\n" + key.String() + "\n"
	if err := writeNew(path, []byte(text)); err != nil {
		return nil, fmt.Errorf("write the key: %w", err)
	}
	return key, nil
}

func isRecipient(text string) bool {
	_, err := age.ParseX25519Recipient(text)
	return err == nil
}
