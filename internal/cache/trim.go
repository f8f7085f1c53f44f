package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// unfinished begins the names of files that are being written.
const unfinished = "tmp-"

// kept is a file of the cache.
type kept struct {
	at   string
	size int64
	used time.Time
}

// trim removes files until a fifth of the room is free, those first that were not used for
// the longest time; and what runs that were killed have left behind.
func (c *Cache) trim() {
	var list []kept
	var all int64
	_ = filepath.WalkDir(c.dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !ours(at) {
			return nil // another run may be removing it
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		if strings.HasPrefix(d.Name(), unfinished) {
			if c.now().Sub(info.ModTime()) > fresh {
				_ = os.Remove(at)
			}
			return nil
		}
		size := max(info.Size(), block)
		all += size
		list = append(list, kept{at, size, info.ModTime()})
		return nil
	})
	if all <= c.limit {
		return
	}
	slices.SortFunc(list, func(a, b kept) int {
		if order := a.used.Compare(b.used); order != 0 {
			return order
		}
		return strings.Compare(a.at, b.at)
	})
	for _, file := range list {
		if all <= c.limit/5*4 {
			return
		}
		if os.Remove(file.at) == nil {
			all -= file.size
		}
	}
}

// ours reports whether a file lies where the cache puts its own, so that nothing else is
// removed when somebody names a folder that holds other things.
func ours(at string) bool {
	folder, name := filepath.Base(filepath.Dir(at)), filepath.Base(at)
	if len(folder) != 2 || strings.Trim(folder, "0123456789abcdef") != "" {
		return false
	}
	return strings.HasPrefix(name, unfinished) ||
		len(name) == 64 && strings.HasPrefix(name, folder) && strings.Trim(name, "0123456789abcdef") == ""
}
