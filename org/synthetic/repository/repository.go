package repository

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/synthetic"
)

// Options say which town is written, and how.
type Options struct {
	synthetic.Options
	CUE int // of a hundred entries, how many use more of CUE than plain data
}

// Repository is a town's files. It may be used by several goroutines.
type Repository struct {
	opts     Options
	town     *synthetic.Town
	dates    *synthetic.Dates
	settings []file
	units    []string // keys, by index
	people   []string
	titles   map[string]string // key by title
}

// file is a file with its text.
type file struct {
	name string
	text []byte
}

// New makes the town of the options. People and Units must be at least 1, and the day from [synthetic.FirstDay] to
// [synthetic.LastDay].
func New(o Options) (*Repository, error) {
	settings, err := settings()
	if err != nil {
		return nil, err
	}
	r := &Repository{opts: o, town: synthetic.Generate(o.Options), settings: settings, titles: map[string]string{}}
	r.dates = r.town.Dates(o.Seed)
	for _, title := range synthetic.Titles() {
		r.titles[title] = propose.KeyOf(title)
	}
	r.nameUnits()
	r.namePeople()
	return r, nil
}

// nameUnits gives units their keys: the name, with a number where others have the name too.
func (r *Repository) nameUnits() {
	taken, numbers := make(map[string]bool, len(r.town.Units)), map[string]int{}
	for _, u := range r.town.Units {
		base := propose.KeyOf(u.Name)
		key := base
		for taken[key] {
			numbers[base] = max(numbers[base], 1) + 1
			key = base + "-" + strconv.Itoa(numbers[base])
		}
		taken[key] = true
		r.units = append(r.units, key)
	}
}

// namePeople gives people keys that say nothing of them, in the form in which orgit makes them.
func (r *Repository) namePeople() {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // without 0 1 i l o
	random := rand.New(rand.NewPCG(r.opts.Seed, 0x6b657973))
	taken := make(map[string]bool, len(r.town.People))
	for range r.town.People {
		key := ""
		for key == "" || taken[key] {
			b := []byte("p")
			for len(b) < 7 {
				b = append(b, letters[random.IntN(len(letters))])
			}
			key = string(b)
		}
		taken[key] = true
		r.people = append(r.people, key)
	}
}

// Name is what the municipality is called.
func (r *Repository) Name() string { return r.town.Units[0].Name }

// Len is the number of files.
func (r *Repository) Len() int { return len(r.settings) + len(r.units) + len(r.people) }

// File gives the i-th file: its name, with slashes, and its text. First come the settings, then the units, then the people.
func (r *Repository) File(i int) (name string, text []byte, err error) {
	if i < len(r.settings) {
		return r.settings[i].name, r.settings[i].text, nil
	}
	if i -= len(r.settings); i < len(r.units) {
		return r.unit(i).file(r.style(i))
	}
	i -= len(r.units)
	return r.person(i).file(r.style(len(r.units) + i))
}

// Write lays the files out in a folder, which is made if it is not there. A file that is there already is never
// overwritten, but an error. Now and then through is told how many files of how many are written; it is never called twice
// at a time.
func (r *Repository) Write(ctx context.Context, dir string, through func(done, of int)) error {
	const batch = 500
	var told sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < r.Len(); from += batch {
		to := min(from+batch, r.Len())
		group.Go(func() error {
			if err := r.writeSome(ctx, dir, from, to); err != nil {
				return err
			}
			told.Lock()
			defer told.Unlock()
			done += to - from
			through(done, r.Len())
			return nil
		})
	}
	return group.Wait()
}

func (r *Repository) writeSome(ctx context.Context, dir string, from, to int) error {
	for i := from; i < to; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		name, text, err := r.File(i)
		if err != nil {
			return fmt.Errorf("write the town: %w", err)
		}
		if err := writeNew(filepath.Join(dir, filepath.FromSlash(name)), text); err != nil {
			return fmt.Errorf("write the town: %w", err)
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet, and makes its folder only where it has to.
func writeNew(name string, text []byte) error {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := os.OpenFile(name, flags, 0o644)
	if os.IsNotExist(err) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		f, err = os.OpenFile(name, flags, 0o644)
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// filesBelow reads all files of a tree, in order of name.
func filesBelow(fsys fs.FS, under string) ([]file, error) {
	var files []file
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		files = append(files, file{path.Join(under, name), text})
		return err
	})
	return files, err
}
