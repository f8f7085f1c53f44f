package review_test

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// today is the day of all cases.
const today = org.Day("2026-12-01")

// tree is the files of a commit.
type tree map[string]string

// town is a repository without findings.
func town(t testing.TB) tree {
	t.Helper()
	files, err := readTown()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readTown() (tree, error) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "town.txtar"))
	if err != nil {
		return nil, err
	}
	files := tree{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	return files, nil
}

// edit is a change of one file: the old words become the new ones. Without old words the file is new; without new ones and
// with the old words "*" it is gone.
type edit struct{ file, old, new string }

func (files tree) with(t testing.TB, edits ...edit) tree {
	t.Helper()
	files = maps.Clone(files)
	for _, e := range edits {
		switch {
		case e.old == "":
			files[e.file] = e.new
		case e.old == "*":
			delete(files, e.file)
		case strings.Count(files[e.file], e.old) != 1:
			t.Fatalf("%s does not hold %q once", e.file, e.old)
		default:
			files[e.file] = strings.Replace(files[e.file], e.old, e.new, 1)
		}
	}
	return files
}

func (files tree) fs() fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// townRead is the town as it is in most cases, read once.
var townRead = sync.OnceValues(func() (*org.Organisation, error) {
	files, err := readTown()
	if err != nil {
		return nil, err
	}
	return files.read()
})

// organisation reads the files, with the program's definitions beside them.
func (files tree) organisation() (*org.Organisation, error) {
	if plain, err := readTown(); err == nil && maps.Equal(files, plain) {
		return townRead()
	}
	return files.read()
}

func (files tree) read() (*org.Organisation, error) {
	m := files.fs()
	names, err := fs.Glob(schema.Source(), "*.cue")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Source(), name)
		if err != nil {
			return nil, err
		}
		m[schema.VendorDir+"/"+name] = &fstest.MapFile{Data: text}
	}
	o, findings, err := org.Load(m)
	if err == nil && schema.HasErrors(findings) {
		err = fmt.Errorf("%w: %v", review.ErrFaulty, findings)
	}
	return o, err
}

func (files tree) load(t testing.TB) *org.Organisation {
	t.Helper()
	o, err := files.organisation()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// changed are the names of the files that differ.
func changed(a, b tree) []string {
	names := map[string]bool{}
	for _, sides := range [][2]tree{{a, b}, {b, a}} {
		for name, text := range sides[0] {
			if other, ok := sides[1][name]; !ok || other != text {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// proposal is what edits make of the town.
func proposal(t testing.TB, edits ...edit) review.Proposal {
	t.Helper()
	before := town(t)
	after := before.with(t, edits...)
	return review.Proposal{
		Approved: before.load(t), Proposed: after.load(t), Files: changed(before, after), Plan: &plan.Plan{}, Day: today,
	}
}

// Edits that several tests make.
var (
	annaPhone = edit{"people/an/anna.cue", "+4511111111", "+4522222222"}
	annaMoves = edit{"people/an/anna.cue", `from: "2020-08-01"}`, `from: "2020-08-01", on: "2026-12-15": unit: "vej"}`}
	annaTitle = edit{"people/an/anna.cue", `from: "2020-08-01"}`, `from: "2020-08-01", on: "2026-12-15": title: "leder"}`}
	annaLeave = edit{"people/an/anna.cue", `from: "2020-08-01"}`, `from: "2020-08-01", to: "2026-12-15"}`}
	boName    = edit{"people/bo/bo.cue", `surname: "Kjær"`, `surname: "Kjær Holm"`}
	sifTitle  = edit{"people/si/sif.cue", `from: "2020-08-01"}`, `from: "2020-08-01", on: "2026-12-15": title: "leder"}`}
)
