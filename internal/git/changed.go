package git

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Changed gives the CUE files in the work tree that are not as the commit that is
// checked out has them: edited, new, deleted, or staged. Files of other kinds do not
// matter. A file that is as old and as long as git's index says is not read.
func (r *Repository) Changed() ([]string, error) {
	committed, err := r.committedCUE()
	if err != nil {
		return nil, err
	}
	written := r.indexWritten() // before it is read: should it be written meanwhile, more files are read
	staged, err := r.repo.Storer.Index()
	if err != nil {
		return nil, fmt.Errorf("read git's index: %w", err)
	}
	entries := map[string]*index.Entry{}
	for _, e := range staged.Entries {
		entries[e.Name] = e
	}
	var changed []string
	err = r.walkCUE(func(name string, info fs.FileInfo) error {
		want, known := committed[name]
		delete(committed, name)
		if !known {
			changed = append(changed, name)
			return nil
		}
		same, err := r.isSame(name, info, entries[name], want, written)
		if err != nil {
			return err
		}
		if !same {
			changed = append(changed, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for name := range committed {
		changed = append(changed, name)
	}
	slices.Sort(changed)
	return changed, nil
}

// committedCUE gives the CUE files of the commit that is checked out.
func (r *Repository) committedCUE() (map[string]plumbing.Hash, error) {
	files := map[string]plumbing.Hash{}
	head, err := r.repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return files, nil // no commit yet
	}
	if err != nil {
		return nil, fmt.Errorf("read HEAD: %w", err)
	}
	commit, err := r.repo.CommitObject(head.Hash())
	if err != nil {
		return nil, fmt.Errorf("read HEAD: %w", err)
	}
	tree, err := commit.Tree()
	if err != nil {
		return nil, fmt.Errorf("read the files of HEAD: %w", err)
	}
	walker := object.NewTreeWalker(tree, true, nil)
	defer walker.Close()
	for {
		name, entry, err := walker.Next()
		if err != nil {
			return files, endOfWalk(err)
		}
		if strings.HasSuffix(name, ".cue") && entry.Mode.IsFile() {
			files[name] = entry.Hash
		}
	}
}

func (r *Repository) walkCUE(see func(name string, info fs.FileInfo) error) error {
	return filepath.WalkDir(r.root, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("look through the work tree: %w", err)
		}
		if d.IsDir() {
			if d.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(at) != ".cue" {
			return nil
		}
		name, err := filepath.Rel(r.root, at)
		if err != nil {
			return fmt.Errorf("look through the work tree: %w", err)
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("look at %s: %w", name, err)
		}
		return see(filepath.ToSlash(name), info)
	})
}

// isSame compares a file with its committed blob. The index remembers length and time of
// what it holds; a file that was written in the same moment as the index is read, as git
// does, because it may have been edited within the resolution of the clock.
func (r *Repository) isSame(name string, info fs.FileInfo, entry *index.Entry, want plumbing.Hash, written time.Time) (bool, error) {
	if entry == nil || entry.Hash != want {
		return false, nil // staged
	}
	if int64(entry.Size) == info.Size() && entry.ModifiedAt.Equal(info.ModTime()) && info.ModTime().Before(written) {
		return true, nil
	}
	text, err := blobOf(filepath.Join(r.root, filepath.FromSlash(name)), info)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", name, err)
	}
	return plumbing.ComputeHash(plumbing.BlobObject, text) == want, nil
}

// blobOf gives what git keeps of a file: of a link where it leads, not what lies there.
func blobOf(at string, info fs.FileInfo) ([]byte, error) {
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(at)
		return []byte(filepath.ToSlash(target)), err
	}
	return os.ReadFile(at)
}

// indexWritten is when git's index was written; before every file when that is not known.
func (r *Repository) indexWritten() time.Time {
	dir, err := r.ownDir()
	if err != nil {
		return time.Time{}
	}
	at, err := os.Stat(filepath.Join(dir, "index"))
	if err != nil {
		return time.Time{}
	}
	return at.ModTime()
}
