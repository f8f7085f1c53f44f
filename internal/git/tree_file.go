package git

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// openFile is a file that is read when somebody asks what is in it, or how long it is.
type openFile struct {
	of    *treeFS
	at    string // its name
	entry *object.TreeEntry
	info  entryInfo
	read  bool
	text  []byte
	rest  []byte // of the text, still to be given
}

// whole gives the text, which is the caller's.
func (f *openFile) whole() ([]byte, error) {
	if f.inWorkTree() {
		return f.text, nil
	}
	text, err := f.of.fromObjects(f.entry)
	if err != nil {
		return nil, pathError(f.at, err)
	}
	f.text, f.rest, f.read = text, text, true
	return text, nil
}

// inWorkTree reads the file where the work tree has it, and reports whether it is read.
func (f *openFile) inWorkTree() bool {
	if !f.read {
		f.text, f.read = f.of.fromWorkTree(f.at, f.entry)
		f.rest = f.text
	}
	return f.read
}

// Read reads on.
func (f *openFile) Read(into []byte) (int, error) {
	if _, err := f.whole(); err != nil {
		return 0, err
	}
	if len(f.rest) == 0 && len(into) > 0 {
		return 0, io.EOF
	}
	n := copy(into, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Close does nothing.
func (f *openFile) Close() error { return nil }

// Stat describes the file. It is read for that only where the work tree has it: a file of
// git's objects may be larger than anybody wants to read.
func (f *openFile) Stat() (fs.FileInfo, error) {
	info := f.info
	if f.inWorkTree() {
		info.size = int64(len(f.text))
		return info, nil
	}
	var err error
	if info.size, err = f.of.size(f.entry); err != nil {
		return nil, pathError(f.at, err)
	}
	return info, nil
}

// largestWorkFile bounds what is read of the work tree before it is known to be what is
// wanted.
const largestWorkFile = 64 << 20

// fromWorkTree gives the text of a file where the work tree has the same one.
func (t *treeFS) fromWorkTree(name string, entry *object.TreeEntry) ([]byte, bool) {
	if !modeOf(entry.Mode).IsRegular() {
		return nil, false
	}
	at := filepath.Join(t.work, filepath.FromSlash(name))
	info, err := os.Lstat(at)
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestWorkFile {
		return nil, false
	}
	text, err := os.ReadFile(at)
	if err != nil || plumbing.ComputeHash(plumbing.BlobObject, text) != entry.Hash {
		return nil, false
	}
	return text, true
}

func (t *treeFS) fromObjects(entry *object.TreeEntry) ([]byte, error) {
	t.objects.Lock()
	defer t.objects.Unlock()
	blob, err := object.GetBlob(t.storer, entry.Hash)
	if err != nil {
		return nil, err
	}
	return contents(blob)
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

// size is how long a file is. Where the object store cannot tell without reading it (an
// object that another clone lends), it is read.
func (t *treeFS) size(entry *object.TreeEntry) (int64, error) {
	t.objects.Lock()
	defer t.objects.Unlock()
	if size, err := t.storer.EncodedObjectSize(entry.Hash); err == nil {
		return size, nil
	}
	blob, err := object.GetBlob(t.storer, entry.Hash)
	if err != nil {
		return 0, err
	}
	return blob.Size, nil
}
