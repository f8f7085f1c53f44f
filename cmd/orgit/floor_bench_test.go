package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"orgit.dk/orgit/internal/parallel"
	"orgit.dk/orgit/org"
)

// BenchmarkFloor does on the municipality in ORGIT_BENCH_TOWN what no program that reads it
// can do without: it lists the files, looks at each, reads them, lists git's tree; and it
// reads and decodes the same people and units from JSON, as quickly as encoding/json can.
func BenchmarkFloor(b *testing.B) {
	dir := os.Getenv("ORGIT_BENCH_TOWN")
	if dir == "" {
		b.Skip("ORGIT_BENCH_TOWN names a municipality; .ci/bench makes one")
	}
	b.Run("stat", func(b *testing.B) {
		for b.Loop() {
			eachFile(b, dir, func(_ string, d fs.DirEntry) error {
				_, err := d.Info()
				return err
			})
		}
	})
	names := filesIn(b, dir)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			eachText(b, names, func(int, []byte) error { return nil })
		}
	})
	people, units := asJSON(b, dir)
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			eachText(b, people, func(_ int, text []byte) error { return json.Unmarshal(text, new(org.Person)) })
			eachText(b, units, func(_ int, text []byte) error { return json.Unmarshal(text, new(org.Unit)) })
		}
	})
	b.Run("git-ls-tree", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("git", "-C", dir, "ls-tree", "-r", "HEAD").Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func eachFile(b *testing.B, dir string, see func(path string, d fs.DirEntry) error) {
	b.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		return see(path, d)
	})
	if err != nil {
		b.Fatal(err)
	}
}

func filesIn(b *testing.B, dir string) (names []string) {
	b.Helper()
	eachFile(b, dir, func(path string, _ fs.DirEntry) error {
		names = append(names, path)
		return nil
	})
	return names
}

// eachText reads files, several at a time.
func eachText(b *testing.B, names []string, see func(i int, text []byte) error) {
	b.Helper()
	errs := make([]error, len(names))
	parallel.Chunks(len(names), 64, func(from, to int) {
		for i := from; i < to; i++ {
			text, err := os.ReadFile(names[i])
			if err == nil {
				err = see(i, text)
			}
			errs[i] = err
		}
	})
	for _, err := range errs {
		if err != nil {
			b.Fatal(err)
		}
	}
}

// asJSON writes people and units as JSON, a file for each, and gives the files. Amendments
// and what is not stated are left out.
func asJSON(b *testing.B, dir string) (people, units []string) {
	b.Helper()
	o, _, err := org.Load(os.DirFS(dir))
	if err != nil {
		b.Fatal(err)
	}
	work := b.TempDir()
	write := func(kind string, i int, entry any) string {
		text, err := json.Marshal(entry)
		var stated any
		if err == nil {
			err = json.Unmarshal(text, &stated)
		}
		if err == nil {
			text, err = json.Marshal(withoutEmpty(stated))
		}
		path := filepath.Join(work, kind, strconv.Itoa(i%31), strconv.Itoa(i)+".json")
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
		return path
	}
	for i, p := range o.People {
		people = append(people, write("people", i, p))
	}
	for i, u := range o.Units {
		units = append(units, write("units", i, u))
	}
	return people, units
}

// withoutEmpty takes away what is empty or false in a value from JSON.
func withoutEmpty(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for name, part := range x {
			if part = withoutEmpty(part); part == nil {
				delete(x, name)
			} else {
				x[name] = part
			}
		}
		if len(x) == 0 {
			return nil
		}
	case []any:
		if len(x) == 0 {
			return nil
		}
		for i := range x {
			x[i] = withoutEmpty(x[i])
		}
	case string, bool, float64:
		if x == "" || x == false || x == 0.0 {
			return nil
		}
	}
	return v
}
