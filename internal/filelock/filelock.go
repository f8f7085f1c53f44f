// Package filelock takes a lock that goes with the process, however that ends, so that a
// killed run never leaves one behind. It holds between the processes of one machine.
package filelock

import (
	"errors"
	"fmt"
	"os"
)

// ErrHeld says that another process has the lock.
var ErrHeld = errors.New("another process has the lock")

// Take takes the lock of a file, which is made where it is not there and stays. It does
// not wait: ErrHeld says that somebody has it. release gives it back.
func Take(path string) (release func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
