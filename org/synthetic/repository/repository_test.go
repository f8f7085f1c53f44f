package repository_test

import (
	"testing"
	"testing/fstest"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
)

const today = org.Day("2026-12-01")

func options(people, units int, seed uint64, cue int) repository.Options {
	return repository.Options{Options: synthetic.Options{People: people, Units: units, Seed: seed, Day: today}, CUE: cue}
}

func files(t *testing.T, o repository.Options) fstest.MapFS {
	t.Helper()
	r, err := repository.New(o)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for i := range r.Len() {
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

// TestTownsAreInOrder: nothing is wrong, and nothing worth a warning, on the town's day and a year later.
func TestTownsAreInOrder(t *testing.T) {
	for _, test := range []struct {
		people, units int
		seed          uint64
		cue           int
	}{{1, 1, 1, 0}, {1, 5, 2, 100}, {10, 1, 3, 2}, {10, 5, 4, 50}, {300, 40, 1, 2}, {300, 40, 2, 100}, {300, 40, 3, 0}, {1500, 200, 9, 30}} {
		for _, day := range []org.Day{today, today.Add(365)} {
			o, findings, err := org.LoadAndCheck(files(t, options(test.people, test.units, test.seed, test.cue)), day)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range findings[:min(len(findings), 5)] {
				t.Errorf("%+v on %s: %v", test, day, d)
			}
			if len(o.People) != test.people || len(o.Units) != test.units {
				t.Errorf("%+v: %d people and %d units", test, len(o.People), len(o.Units))
			}
		}
	}
}
