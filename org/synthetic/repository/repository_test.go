package repository_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
)

const today = org.Day("2026-12-01")

func options(people, units int, seed uint64, cue int) repository.Options {
	return repository.Options{Options: synthetic.Options{People: people, Units: units, Seed: seed, Day: today}, CUE: cue}
}

func made(t *testing.T, o repository.Options) *repository.Repository {
	t.Helper()
	r, err := repository.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// files gives the files of a town. They are asked for from the last to the first, for the order must not matter.
func files(t *testing.T, o repository.Options) fstest.MapFS {
	t.Helper()
	r, fsys := made(t, o), fstest.MapFS{}
	for i := r.Len() - 1; i >= 0; i-- {
		name, text, err := r.File(i)
		if err != nil {
			t.Fatal(err)
		}
		if fsys[name] != nil {
			t.Fatalf("%s is there twice", name)
		}
		fsys[name] = &fstest.MapFile{Data: text}
	}
	return fsys
}

func load(t *testing.T, o repository.Options, day org.Day) *org.Organisation {
	t.Helper()
	town, findings, err := org.LoadAndCheck(files(t, o), day)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range findings[:min(len(findings), 5)] {
		t.Errorf("%+v on %s: %v", o, day, d)
	}
	return town
}

// TestTownsAreInOrder: nothing is wrong, and nothing worth a warning, on the town's day and a year later.
func TestTownsAreInOrder(t *testing.T) {
	for _, o := range []repository.Options{
		options(1, 1, 1, 0), options(1, 5, 2, 100), options(10, 1, 3, 2), options(10, 5, 4, 50), options(300, 40, 1, 2), options(300, 40, 2, 0),
		options(1200, 160, 9, 10), options(100, 300, 5, 2),
	} {
		for _, day := range []org.Day{today, today.Add(365)} {
			if town := load(t, o, day); len(town.People) != o.People || len(town.Units) != o.Units {
				t.Errorf("%+v: %d people and %d units", o, len(town.People), len(town.Units))
			}
		}
	}
	for _, day := range []org.Day{synthetic.FirstDay, synthetic.LastDay} {
		o := options(200, 40, 6, 2)
		o.Day = day
		load(t, o, day)
	}
}

// TestTheFolderHoldsTheFiles: what Write lays out is what File gives, and it overwrites nothing.
func TestTheFolderHoldsTheFiles(t *testing.T) {
	o, dir := options(700, 90, 8, 20), filepath.Join(t.TempDir(), "town")
	want := map[string]string{}
	for name, f := range files(t, o) {
		want[name] = string(f.Data)
	}
	last, calls := 0, 0
	err := made(t, o).Write(t.Context(), dir, func(done, of int) {
		if calls++; of != len(want) || done <= last {
			t.Errorf("told %d of %d files after %d", done, of, last)
		}
		last = done
	})
	if err != nil || last != len(want) || calls < 2 {
		t.Fatalf("told of %d files in %d calls, want %d: %v", last, calls, len(want), err)
	}
	got := map[string]string{}
	for name := range want {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got[name] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if err := made(t, o).Write(t.Context(), dir, func(int, int) {}); err == nil {
		t.Error("the files were written over those that are there")
	}
}

func TestAnotherSeedGivesAnotherTown(t *testing.T) {
	same := 0
	one, other := files(t, options(50, 10, 1, 2)), files(t, options(50, 10, 2, 2))
	for name := range one {
		if other[name] != nil && (strings.HasPrefix(name, "units/") || strings.HasPrefix(name, "people/")) && string(one[name].Data) == string(other[name].Data) {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d files of units and people are the same", same)
	}
}

// TestNoCPRNumbers: the numbers that people have in other registers are in no file, and nothing looks like one.
func TestNoCPRNumbers(t *testing.T) {
	numbers := map[string]bool{}
	for i := range 400 {
		numbers[cprtest.Invented(i)] = true
	}
	digits := regexp.MustCompile(`\b\d{6}-?\d{4}\b`)
	for name, f := range files(t, options(400, 50, 1, 20)) {
		for _, found := range digits.FindAllString(string(f.Data), -1) {
			if numbers[strings.ReplaceAll(found, "-", "")] {
				t.Errorf("%s holds a CPR number", name)
			}
		}
	}
}

// TestHowAnEntryIsWrittenChangesNothing: all of CUE says the same as plain data.
func TestHowAnEntryIsWrittenChangesNothing(t *testing.T) {
	plain, featured := load(t, options(300, 40, 2, 0), today), load(t, options(300, 40, 2, 100), today)
	for i, p := range plain.People {
		if diff := cmp.Diff(p, featured.People[i], cmp.AllowUnexported(org.Account{})); diff != "" {
			t.Errorf("%s (-plain +featured):\n%s", p.Key, diff)
		}
	}
	for i, u := range plain.Units {
		if diff := cmp.Diff(u, featured.Units[i]); diff != "" {
			t.Errorf("%s (-plain +featured):\n%s", u.Key, diff)
		}
	}
}

// TestShares counts how entries are written.
func TestShares(t *testing.T) {
	fsys, counts, entries := files(t, options(3000, 400, 3, 40)), map[string]int{}, 0
	kinds := map[string]*regexp.Regexp{
		"comment": regexp.MustCompile(`//`), "chained": regexp.MustCompile(`(?m)^people: "\w+": |^units: "[a-z0-9-]+": `),
		"template of a unit": regexp.MustCompile(`: _institution & \{`), "template of addresses": regexp.MustCompile(`: _raadhuset & \{`),
		"template of a job": regexp.MustCompile(`: (_fuldtid|_vikar) & \{`), "let": regexp.MustCompile(`\tlet `), "interpolation": regexp.MustCompile(`"\\\(`),
		"for": regexp.MustCompile(`\{for `), "if": regexp.MustCompile(`if !shielded`), "default": regexp.MustCompile(`: \*"`), "reference": regexp.MustCompile(`from: engagements\.a\.from`),
	}
	features := regexp.MustCompile(` & \{|\tlet |\\\(|\{for |if !|: \*"|engagements\.`)
	for name, f := range fsys {
		if !strings.HasPrefix(name, "people/") && !strings.HasPrefix(name, "units/") {
			continue
		}
		entries++
		if features.Match(f.Data) {
			counts["featured"]++
		}
		for kind, shape := range kinds {
			if shape.Match(f.Data) {
				counts[kind]++
			}
		}
	}
	for kind := range kinds {
		if counts[kind] == 0 {
			t.Errorf("no entry has a %s", kind)
		}
	}
	for _, test := range []struct {
		kind      string
		low, high float64 // percent
	}{{"featured", 37, 43}, {"chained", 2, 4}, {"comment", 1.5, 3.5}} {
		if share := 100 * float64(counts[test.kind]) / float64(entries); share < test.low || share > test.high {
			t.Errorf("%s: %.1f %%, want %v-%v", test.kind, share, test.low, test.high)
		}
	}
}
