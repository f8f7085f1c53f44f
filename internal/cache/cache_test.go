package cache

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func key(i int) Key { return sha256.Sum256(fmt.Append(nil, i)) }

func open(dir string, at time.Time) *Cache {
	return New(Options{Dir: dir, Program: "orgit 1", Limit: 1 << 30, Now: func() time.Time { return at }})
}

func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			list = append(list, at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "cache")
	c := open(dir, noon)
	if v, ok := c.Get(key(1)); ok {
		t.Errorf("an empty cache gives %q", v)
	}
	for i, value := range []string{"", "a", "{\"b\": 1}"} {
		c.Put(key(i), []byte(value))
		c.Put(key(i), []byte(value))
	}
	again := open(dir, noon)
	for i, want := range []string{"", "a", "{\"b\": 1}"} {
		if v, ok := again.Get(key(i)); !ok || string(v) != want {
			t.Errorf("%d: %q, %t, want %q", i, v, ok, want)
		}
	}
	other := New(Options{Dir: dir, Program: "orgit 2", Limit: 1 << 30, Now: time.Now})
	if v, ok := other.Get(key(1)); ok {
		t.Errorf("another program is given %q", v)
	}
	c.Put(key(9), make([]byte, largest+1))
	if _, ok := c.Get(key(9)); ok || len(files(t, dir)) != 3 {
		t.Errorf("what is too large is kept, or something is left over: %v", files(t, dir))
	}
	for _, at := range append(files(t, dir), dir, filepath.Dir(files(t, dir)[0])) {
		if info, err := os.Stat(at); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v, %v", at, info, err)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Get(key(1)); ok {
		t.Error("what was deleted is there")
	}
	c.Put(key(1), []byte("a"))
	if _, ok := c.Get(key(1)); !ok {
		t.Error("the folder is not made again")
	}
}

// TestDamaged changes, cuts and swaps files in every way, and nothing of it is believed.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	c := open(dir, noon)
	c.Put(key(1), []byte("the result"))
	at := files(t, dir)[0]
	whole, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(what string, text []byte) {
		t.Helper()
		if err := os.WriteFile(at, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if v, ok := c.Get(key(1)); ok {
			t.Errorf("%s: %q is believed", what, v)
		}
	}
	for i := range whole {
		for _, bit := range []byte{1, 128} {
			flipped := bytes.Clone(whole)
			flipped[i] ^= bit
			damaged(fmt.Sprint("a bit of byte ", i, " flipped"), flipped)
		}
		damaged(fmt.Sprint("cut at ", i), whole[:i])
	}
	damaged("longer", append(bytes.Clone(whole), 'x'))
	damaged("far too long", make([]byte, 3*largest))

	c.Put(key(2), []byte("another result"))
	swapped, err := os.ReadFile(c.place(c.name(key(2))))
	if err != nil {
		t.Fatal(err)
	}
	damaged("another's file", swapped)
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Get(key(1)); ok {
		t.Error("a folder is believed")
	}
}

// TestUnusable: a folder that cannot be read or written costs nothing but the time.
func TestUnusable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), locked} {
		c := open(dir, noon)
		c.Put(key(1), []byte("a"))
		if _, ok := c.Get(key(1)); ok && os.Getuid() != 0 {
			t.Errorf("%s keeps something", dir)
		}
		c.Close()
	}
	var none *Cache
	none.Put(key(1), nil)
	if _, ok := none.Get(key(1)); ok {
		t.Error("no cache keeps something")
	}
	none.Close()
}

// TestBounded: what was not used for the longest time goes, and nothing that is not the
// cache's.
func TestBounded(t *testing.T) {
	dir := t.TempDir()
	at := noon
	c := New(Options{Dir: dir, Program: "orgit 1", Limit: 10 * block, Now: func() time.Time { return at }})
	foreign := []string{"note.txt", "ab/note.txt", "abc/" + c.name(key(0))}
	for _, name := range foreign {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		c.Put(key(i), []byte("x"))
		when := noon.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(c.place(c.name(key(i))), when, when); err != nil {
			t.Fatal(err)
		}
	}
	left := filepath.Join(dir, "ab", unfinished+"1")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, noon, noon); err != nil {
		t.Fatal(err)
	}
	at = noon.Add(3 * time.Hour)
	c.Get(key(0)) // it is used again
	c.Close()     // within the limit
	if n := len(files(t, dir)); n != 10+len(foreign) {
		t.Errorf("%d files, want the 10 results and %d others", n, len(foreign))
	}
	c.Put(key(10), bytes.Repeat([]byte("x"), block))
	c.Close()
	got := ""
	for i := range 11 {
		if _, ok := c.Get(key(i)); ok {
			got += fmt.Sprint(i, " ")
		}
	}
	if diff := cmp.Diff("0 5 6 7 8 9 10 ", got); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	for _, name := range foreign {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s was removed: %v", name, err)
		}
	}
}

// TestSideBySide: runs that share a folder, one of which removes all the time.
func TestSideBySide(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for run := range 4 {
		group.Go(func() {
			c := New(Options{Dir: dir, Program: "orgit 1", Limit: 20 * block, Now: time.Now})
			for i := range 200 {
				want := fmt.Sprint("result ", i%50)
				c.Put(key(i%50), []byte(want))
				if v, ok := c.Get(key(i % 50)); ok && string(v) != want {
					t.Errorf("%q, want %q", v, want)
				}
				if run == 0 {
					c.Close()
				}
			}
		})
	}
	group.Wait()
}
