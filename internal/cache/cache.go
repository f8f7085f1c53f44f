// Package cache keeps results between runs of the program, in a folder of the user's. It is
// only ever a shortcut: whatever is wrong with the folder or a file in it, the answer is
// that nothing is known, and whoever asks works the result out again. It may be deleted at
// any time, also while it is used.
//
// A result is a file of its own whose name is made of its key and of what the program is:
// another program knows nothing of it. The file holds a digest of name and content, so that
// one that is damaged, cut off or in the wrong place counts as missing. It is written beside
// its place and then renamed, so that several runs may share the folder.
//
// The digest protects from accidents, not from somebody who may write to the folder. So
// what is carried out, or decides whether it may be, must not be made from a cache.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Key identifies a result: a digest of everything that it depends on but the program.
type Key = [sha256.Size]byte

const (
	begins  = "orgit cache 1\n" // what a file begins with
	largest = 1 << 20           // bytes of a result; larger ones are not kept
	block   = 4096              // what a small file takes of a disk
	fresh   = time.Hour         // how long a use counts as the newest, so that not every use writes
)

// Cache is a folder of results. A nil *Cache keeps nothing. It may be used by several
// goroutines.
type Cache struct {
	dir     string
	program string
	limit   int64
	now     func() time.Time
	written atomic.Bool
	broken  atomic.Bool // it cannot be written to
}

// Options say where a cache is and how it works.
type Options struct {
	Dir     string           // is made when something is kept
	Program string           // identifies the program, such that another one never gives other results
	Limit   int64            // about how many bytes of disk it may take
	Now     func() time.Time // when a result was used
}

// New makes a cache. Nothing is read or written yet.
func New(o Options) *Cache {
	return &Cache{dir: o.Dir, program: o.Program, limit: o.Limit, now: o.Now}
}

// Get gives the result that was kept under a key.
func (c *Cache) Get(key Key) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	name := c.name(key)
	at := c.place(name)
	value, used, ok := read(at, name)
	if !ok {
		return nil, false
	}
	if now := c.now(); now.Sub(used) > fresh {
		_ = os.Chtimes(at, now, now) // only the order of removal depends on it
	}
	return value, true
}

// Put keeps a result under a key, if it can.
func (c *Cache) Put(key Key, value []byte) {
	if c == nil || len(value) > largest || c.broken.Load() {
		return
	}
	name := c.name(key)
	if err := c.write(name, value); err != nil {
		c.broken.Store(true)
		return
	}
	c.written.Store(true)
}

// Close removes what was not used for the longest time, when the cache has grown over its
// limit.
func (c *Cache) Close() {
	if c != nil && c.written.Load() {
		c.trim()
	}
}

// name is that of the file of a key.
func (c *Cache) name(key Key) string {
	h := sha256.New()
	io.WriteString(h, c.program+"\x00")
	h.Write(key[:])
	return hex.EncodeToString(h.Sum(nil))
}

func (c *Cache) place(name string) string { return filepath.Join(c.dir, name[:2], name) }

// read gives what a file holds and when it was used last.
func read(at, name string) (value []byte, used time.Time, ok bool) {
	f, err := os.Open(at)
	if err != nil {
		return nil, used, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > int64(len(begins)+sha256.Size+largest) {
		return nil, used, false
	}
	text := make([]byte, info.Size())
	if _, err := io.ReadFull(f, text); err != nil {
		return nil, used, false
	}
	rest, known := bytes.CutPrefix(text, []byte(begins))
	if !known || len(rest) < sha256.Size {
		return nil, used, false
	}
	sum := digest(name, rest[sha256.Size:])
	return rest[sha256.Size:], info.ModTime(), bytes.Equal(sum[:], rest[:sha256.Size])
}

func digest(name string, value []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(name+"\x00"), value...))
}

func (c *Cache) write(name string, value []byte) (err error) {
	at := c.place(name)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(at), unfinished) // which nobody else may read
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	sum := digest(name, value)
	_, err = f.Write(append(append([]byte(begins), sum[:]...), value...))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if now := c.now(); err == nil {
		err = os.Chtimes(f.Name(), now, now)
	}
	if err == nil {
		err = os.Rename(f.Name(), at)
	}
	return err
}
