package git

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// appliedRef points to a blob: the mark of what was applied. It is outside refs/heads, so
// that no clone takes it for a branch.
const appliedRef = plumbing.ReferenceName("refs/orgit/applied")

// ErrMarkMoved says that another run has written the mark since it was read.
var ErrMarkMoved = errors.New("another run has written the mark of what was applied")

// Mark reads the mark of what was applied: its bytes and its version, to be given to
// SetMark. Both are empty when there is none.
func (r *Repository) Mark() (data []byte, version string, err error) {
	ref, err := r.repo.Reference(appliedRef, false)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read the mark of what was applied: %w", err)
	}
	blob, err := r.repo.BlobObject(ref.Hash())
	if err != nil {
		return nil, "", fmt.Errorf("read the mark of what was applied: %w", err)
	}
	reader, err := blob.Reader()
	if err != nil {
		return nil, "", fmt.Errorf("read the mark of what was applied: %w", err)
	}
	data, err = io.ReadAll(reader)
	if err = errors.Join(err, reader.Close()); err != nil {
		return nil, "", fmt.Errorf("read the mark of what was applied: %w", err)
	}
	return data, ref.Hash().String(), nil
}

// SetMark writes the mark if it is still at the version that was read (empty: there was
// none), and gives the new version. ErrMarkMoved says that it is not.
func (r *Repository) SetMark(data []byte, version string) (string, error) {
	blob := r.repo.Storer.NewEncodedObject()
	blob.SetType(plumbing.BlobObject)
	w, err := blob.Writer()
	if err != nil {
		return "", fmt.Errorf("write the mark of what was applied: %w", err)
	}
	_, err = w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil {
		return "", fmt.Errorf("write the mark of what was applied: %w", err)
	}
	hash, err := r.repo.Storer.SetEncodedObject(blob)
	if err != nil {
		return "", fmt.Errorf("write the mark of what was applied: %w", err)
	}
	if err := r.swapMark(hash, version); err != nil {
		return "", fmt.Errorf("write the mark of what was applied: %w", err)
	}
	return hash.String(), nil
}

// swapMark changes the reference as git itself does: whoever makes the file NAME.lock may
// look and then rename it to NAME. go-git's own compare-and-set cannot make a reference
// that must not exist yet.
func (r *Repository) swapMark(to plumbing.Hash, version string) (err error) {
	dir, err := r.gitDir()
	if err != nil {
		return err
	}
	file := filepath.Join(dir, filepath.FromSlash(appliedRef.String()))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	lock, err := os.OpenFile(file+".lock", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w, or was interrupted while doing so (then remove %s)", ErrMarkMoved, file+".lock")
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(lock.Name()))
		}
	}()
	_, err = lock.WriteString(to.String() + "\n")
	if err = errors.Join(err, lock.Sync(), lock.Close()); err != nil {
		return err
	}
	_, now, err := r.Mark()
	if err != nil {
		return err
	}
	if now != version {
		return ErrMarkMoved
	}
	return os.Rename(lock.Name(), file)
}

// gitDir is the folder that holds references and objects; work trees share it.
func (r *Repository) gitDir() (string, error) {
	dir, err := r.ownDir()
	if err != nil {
		return "", err
	}
	common, err := os.ReadFile(filepath.Join(dir, "commondir"))
	if errors.Is(err, os.ErrNotExist) {
		return dir, nil
	}
	if err != nil {
		return "", err
	}
	at := filepath.FromSlash(strings.TrimSpace(string(common)))
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, at)
	}
	return at, nil
}

// ownDir is the folder that holds HEAD and the index of this work tree.
func (r *Repository) ownDir() (string, error) {
	storage, ok := r.repo.Storer.(*filesystem.Storage)
	if !ok {
		return "", errors.New("the git repository is not on disk")
	}
	return storage.Filesystem().Root(), nil
}

// endOfWalk is nil at the ordinary end of a walk.
func endOfWalk(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read the files of HEAD: %w", err)
}
