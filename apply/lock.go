package apply

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrLocked: another run is under way on this repository.
var ErrLocked = errors.New("another orgit apply is under way")

// Lock takes the lock of a clone of the repository, so that two runs in it never write at
// the same time. Runs in different clones are kept apart by what starts them (a resource
// group in GitLab CI), and by the re-reading before every write. dir is a folder that belongs to the repository and to no commit of it.
// The lock goes with the process, however that ends; release gives it back before.
func Lock(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "apply.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	if err := lockFile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
