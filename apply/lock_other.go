//go:build !unix

package apply

import (
	"errors"
	"os"
)

func lockFile(*os.File) error {
	return errors.New("orgit apply runs only where a lock goes with its process (Linux, macOS, BSD)")
}
