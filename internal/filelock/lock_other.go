//go:build !unix

package filelock

import (
	"errors"
	"os"
)

func lock(*os.File) error {
	return errors.New("orgit writes only where a lock goes with its process (Linux, macOS, BSD)")
}
