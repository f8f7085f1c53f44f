package git

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Tree gives the files of a commit, and the commit that the revision names. The files may
// be read by several goroutines, while nothing else is asked of the repository.
func (r *Repository) Tree(revision string) (fs.FS, string, error) {
	commit, err := r.commit(revision)
	if err != nil {
		return nil, "", err
	}
	root, err := commit.Tree()
	if err != nil {
		return nil, "", fmt.Errorf("read the files of %s: %w", revision, err)
	}
	return &treeFS{root: root}, commit.Hash.String(), nil
}

// treeFS is the files below a tree object.
type treeFS struct {
	root *object.Tree
	mu   sync.Mutex // objects are read by one goroutine at a time
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
	return file.text, nil
}

// Open opens a file or folder. A file is read at once: what is in it comes from memory.
func (t *treeFS) Open(name string) (fs.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return &openDir{info: entryInfo{name: ".", mode: fs.ModeDir | 0o555}, tree: t.root, of: t}, nil
	}
	entry, err := t.root.FindEntry(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	info := entryInfo{name: path.Base(name), mode: modeOf(entry.Mode)}
	if info.IsDir() {
		tree, err := t.root.Tree(name)
		if err != nil {
			return nil, pathError(name, err)
		}
		return &openDir{info: info, tree: tree, of: t}, nil
	}
	file, err := t.root.TreeEntryFile(entry)
	if err != nil {
		return nil, pathError(name, err)
	}
	text, err := contents(&file.Blob)
	if err != nil {
		return nil, pathError(name, err)
	}
	info.size = file.Size
	return &openFile{info: info, text: text, Reader: bytes.NewReader(text)}, nil
}

func contents(blob *object.Blob) ([]byte, error) {
	reader, err := blob.Reader()
	if err != nil {
		return nil, err
	}
	text := make([]byte, blob.Size)
	_, err = io.ReadFull(reader, text)
	return text, errors.Join(err, reader.Close())
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

type openFile struct {
	info entryInfo
	text []byte
	*bytes.Reader
}

// Close does nothing.
func (f *openFile) Close() error { return nil }

// Stat describes the file.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

type openDir struct {
	info entryInfo
	tree *object.Tree
	of   *treeFS
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
		list[i] = dirEntry{of: d.of, tree: d.tree, entry: e}
	}
	return list, nil
}

type dirEntry struct {
	of    *treeFS
	tree  *object.Tree
	entry object.TreeEntry
}

func (e dirEntry) Name() string      { return e.entry.Name }
func (e dirEntry) IsDir() bool       { return e.Type().IsDir() }
func (e dirEntry) Type() fs.FileMode { return modeOf(e.entry.Mode).Type() }

// Info describes the entry; the size of a file is looked up only here.
func (e dirEntry) Info() (fs.FileInfo, error) {
	info := entryInfo{name: e.entry.Name, mode: modeOf(e.entry.Mode)}
	if info.mode.IsRegular() {
		e.of.mu.Lock()
		defer e.of.mu.Unlock()
		file, err := e.tree.TreeEntryFile(&e.entry)
		if err != nil {
			return nil, pathError(e.entry.Name, err)
		}
		info.size = file.Size
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
