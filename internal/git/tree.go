package git

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// Tree gives the files of a commit, and the commit that the revision names. The files may
// be read by several goroutines, while nothing else is asked of the repository.
//
// The file system has a method Identity(name) that tells a file's digest without reading it.
// A file that the work tree has in the same place with the same digest is read there: that
// is several times as fast as taking it out of git's objects, and most files of the commits
// that are compared with a work tree are such. The digest is worked out from what was read,
// so that neither a clock nor git's index nor a filter has any say in it.
func (r *Repository) Tree(revision string) (fs.FS, string, error) {
	commit, err := r.commit(revision)
	if err != nil {
		return nil, "", err
	}
	root, err := commit.Tree()
	if err != nil {
		return nil, "", fmt.Errorf("read the files of %s: %w", revision, err)
	}
	return newTreeFS(root, r.repo.Storer, r.root), commit.Hash.String(), nil
}

// treeFS is the files below a tree object.
type treeFS struct {
	storer storer.EncodedObjectStorer
	work   string // the folder of the work tree in which the files may lie too

	objects sync.Mutex // they are read by one goroutine at a time
	folders map[string]*listing
}

// listing is what a tree object lists.
type listing struct {
	tree   *object.Tree
	byName map[string]*object.TreeEntry
}

func newTreeFS(root *object.Tree, from storer.EncodedObjectStorer, work string) *treeFS {
	return &treeFS{storer: from, work: work, folders: map[string]*listing{".": listed(root)}}
}

func listed(tree *object.Tree) *listing {
	f := &listing{tree, make(map[string]*object.TreeEntry, len(tree.Entries))}
	for i := range tree.Entries {
		f.byName[tree.Entries[i].Name] = &tree.Entries[i]
	}
	return f
}

// Identity is the digest by which git knows what a file holds; empty for what is no file.
func (t *treeFS) Identity(name string) string {
	entry, err := t.find(name)
	if err != nil || !modeOf(entry.Mode).IsRegular() {
		return ""
	}
	return entry.Hash.String()
}

// Sub gives the files below a folder. They know their identities too.
func (t *treeFS) Sub(dir string) (fs.FS, error) {
	below, err := fs.Sub(struct{ fs.FS }{t}, dir) // without this method
	return subTree{below, t, dir}, err
}

type subTree struct {
	fs.FS
	of  *treeFS
	dir string
}

// Identity is that of the file below the folder.
func (s subTree) Identity(name string) string {
	if !fs.ValidPath(name) {
		return ""
	}
	return s.of.Identity(path.Join(s.dir, name))
}

// ReadFile gives the text of a file.
func (t *treeFS) ReadFile(name string) ([]byte, error) {
	opened, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	file, ok := opened.(*openFile)
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a folder")}
	}
	return file.whole()
}

// Open opens a file or folder.
func (t *treeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	entry, err := t.find(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	info := entryInfo{name: path.Base(name), mode: modeOf(entry.Mode)}
	if info.IsDir() {
		return t.openDir(name, info)
	}
	return &openFile{of: t, at: name, entry: entry, info: info}, nil
}

func (t *treeFS) openDir(name string, info entryInfo) (fs.File, error) {
	t.objects.Lock()
	defer t.objects.Unlock()
	dir, err := t.folder(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	return &openDir{info: info, tree: dir.tree, of: t, at: name}, nil
}

// find gives what stands under a name.
func (t *treeFS) find(name string) (*object.TreeEntry, error) {
	t.objects.Lock()
	defer t.objects.Unlock()
	return t.entry(name)
}

// entry is find for whoever holds the lock.
func (t *treeFS) entry(name string) (*object.TreeEntry, error) {
	if name == "." {
		return &object.TreeEntry{Name: ".", Mode: filemode.Dir}, nil
	}
	in, err := t.folder(path.Dir(name))
	if err != nil {
		return nil, err
	}
	entry := in.byName[path.Base(name)]
	if entry == nil {
		return nil, fs.ErrNotExist
	}
	return entry, nil
}

// folder gives a folder, for whoever holds the lock. Each is read once.
func (t *treeFS) folder(name string) (*listing, error) {
	if f := t.folders[name]; f != nil {
		return f, nil
	}
	entry, err := t.entry(name)
	if err != nil {
		return nil, err
	}
	if entry.Mode != filemode.Dir {
		return nil, fs.ErrNotExist
	}
	tree, err := object.GetTree(t.storer, entry.Hash)
	if err != nil {
		return nil, err
	}
	f := listed(tree)
	t.folders[name] = f
	return f, nil
}

func pathError(name string, err error) error {
	if errors.Is(err, object.ErrEntryNotFound) || errors.Is(err, object.ErrDirectoryNotFound) || errors.Is(err, object.ErrFileNotFound) {
		err = fs.ErrNotExist
	}
	return &fs.PathError{Op: "open", Path: name, Err: err}
}

func modeOf(m filemode.FileMode) fs.FileMode {
	switch m {
	case filemode.Dir:
		return fs.ModeDir | 0o555
	case filemode.Regular, filemode.Deprecated, filemode.Executable:
		return 0o444
	case filemode.Symlink:
		return fs.ModeSymlink | 0o444
	}
	return fs.ModeIrregular
}

type openDir struct {
	info entryInfo
	tree *object.Tree
	of   *treeFS
	at   string // its name
	read int
}

// Stat describes the folder.
func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }

// Read fails: a folder has no bytes.
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: errors.New("is a folder")}
}

// Close does nothing.
func (d *openDir) Close() error { return nil }

// ReadDir lists the folder. Names of git trees are in byte order except that a folder
// sorts as if a slash ended it; fs.ReadDir sorts again.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.tree.Entries[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(rest) {
		rest = rest[:n]
	}
	d.read += len(rest)
	list := make([]fs.DirEntry, len(rest))
	for i, e := range rest {
		list[i] = dirEntry{of: d.of, at: path.Join(d.at, e.Name), entry: e}
	}
	return list, nil
}

type dirEntry struct {
	of    *treeFS
	at    string // its name
	entry object.TreeEntry
}

func (e dirEntry) Name() string      { return e.entry.Name }
func (e dirEntry) IsDir() bool       { return e.Type().IsDir() }
func (e dirEntry) Type() fs.FileMode { return modeOf(e.entry.Mode).Type() }

// Info describes the entry; the size of a file is looked up only here.
func (e dirEntry) Info() (fs.FileInfo, error) {
	info := entryInfo{name: e.entry.Name, mode: modeOf(e.entry.Mode)}
	if info.mode.IsRegular() {
		size, err := e.of.size(&e.entry)
		if err != nil {
			return nil, pathError(e.at, err)
		}
		info.size = size
	}
	return info, nil
}

type entryInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i entryInfo) Name() string       { return i.name }
func (i entryInfo) Size() int64        { return i.size }
func (i entryInfo) Mode() fs.FileMode  { return i.mode }
func (i entryInfo) ModTime() time.Time { return time.Time{} }
func (i entryInfo) IsDir() bool        { return i.mode.IsDir() }
func (i entryInfo) Sys() any           { return nil }
