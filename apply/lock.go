package apply

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"orgit.dk/orgit/internal/filelock"
)

// ErrLocked: another run is under way on this repository.
var ErrLocked = errors.New("another orgit apply is under way")

// Lock takes the lock of a clone of the repository, so that two runs in it never write at
// the same time. Runs in different clones are kept apart by the lock on the server (package
// serverlock), where evidence is kept there, and by the re-reading before every write. dir is a folder that belongs to the repository and to no commit of it.
// The lock goes with the process, however that ends; release gives it back before.
func Lock(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	release, err = filelock.Take(filepath.Join(dir, "apply.lock"))
	if errors.Is(err, filelock.ErrHeld) {
		return nil, ErrLocked
	}
	return release, err
}
