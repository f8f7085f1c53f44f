package cpr

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The variables of the environment that say where the store and its key lie. Nothing else
// does: a setting in the repository or a flag could be chosen by a proposal.
const (
	StoreVariable    = "ORGIT_CPR_STORE"
	IdentityVariable = "ORGIT_CPR_IDENTITY_FILE"
)

// What can be wrong with the store and its key. No error holds anything that stands in
// either.
var (
	ErrNotConfigured = errors.New("the CPR store is not configured")
	ErrPlace         = errors.New("CPR numbers and their key must never lie where git can find them")
	ErrMissing       = errors.New("there is no CPR store")
	ErrExists        = errors.New("there is a CPR store already")
	ErrIdentity      = errors.New("the key of the CPR store cannot be used")
	ErrWrongIdentity = errors.New("the key does not open the CPR store")
	ErrDamaged       = errors.New("the CPR store is damaged")
	ErrBusy          = errors.New("another orgit is changing the CPR store")
)

// Place is where the store and its key lie: absolute paths.
type Place struct{ store, identity string }

// PlaceFrom reads the place from the environment. ErrNotConfigured says that it is not
// there, ErrPlace that it is in a git work tree.
func PlaceFrom(getenv func(string) string) (Place, error) {
	var p Place
	for _, f := range []struct {
		name string
		path *string
	}{{StoreVariable, &p.store}, {IdentityVariable, &p.identity}} {
		value := getenv(f.name)
		if value == "" {
			return Place{}, fmt.Errorf("%w: %s is not set", ErrNotConfigured, f.name)
		}
		abs, err := filepath.Abs(value)
		if err != nil {
			return Place{}, fmt.Errorf("find the file that %s names: %w", f.name, err)
		}
		*f.path = realPath(abs)
		for _, at := range []string{abs, *f.path} {
			if root := workTree(at); root != "" {
				return Place{}, fmt.Errorf("%w: %s names a file in the git repository %s", ErrPlace, f.name, root)
			}
		}
	}
	if p.store == p.identity {
		return Place{}, fmt.Errorf("%w: %s and %s name the same file", ErrNotConfigured, StoreVariable, IdentityVariable)
	}
	return p, nil
}

// realPath follows the symbolic links of as much of an absolute path as there is.
func realPath(path string) string {
	if at, err := filepath.EvalSymlinks(path); err == nil {
		return at
	}
	dir := filepath.Dir(path)
	if dir == path {
		return path
	}
	return filepath.Join(realPath(dir), filepath.Base(path))
}

// workTree gives the folder above a path that is a git repository, "" when none is.
func workTree(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}
