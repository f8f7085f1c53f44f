package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
	"orgit.dk/orgit/schema"
)

// cachedTown is a town of which half uses CUE, with faults and numbers in it when it is told so.
type cachedTown struct{ dir, cache string }

func newCachedTown(t *testing.T) cachedTown {
	t.Helper()
	town := cachedTown{filepath.Join(t.TempDir(), "town"), filepath.Join(t.TempDir(), "cache")}
	made, err := repository.New(repository.Options{Options: synthetic.Options{People: 24, Units: 6, Seed: 3, Day: "2026-12-01"}, CUE: 50})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Write(t.Context(), town.dir, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return town
}

func (c cachedTown) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// check gives everything that orgit check says.
func (c cachedTown) check(t *testing.T, cache string, flags ...string) string {
	t.Helper()
	var out bytes.Buffer
	env := environment{
		stdout: &out, stderr: &out,
		now: func() time.Time { return time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC) },
		getenv: func(name string) string {
			if name == "ORGIT_CACHE" {
				return cache
			}
			return ""
		},
	}
	code := execute(context.Background(), env, append([]string{"check", "-C", c.dir}, flags...))
	out.WriteString("exit code " + string(rune('0'+code)))
	return out.String()
}

func (c cachedTown) files(t *testing.T) (list []string) {
	t.Helper()
	err := filepath.WalkDir(c.cache, func(at string, d fs.DirEntry, err error) error {
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

const faultyPeople = `package org

people: {
	"f1": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c01", name: {given: "Bo" & 7, surname: "Lund"}}
	"f2": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c02", name: {given: "010203", surname: "Lund"}, title: "\(name.given)-1234"}
	"f3": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c03", name: {given: "Bo" & string, surname: "Lund"}, title: "010203-1234"}
}
`

// TestCacheChangesNothing: check says the same without a cache, with an empty one, with one
// that knows everything, and with one that is damaged.
func TestCacheChangesNothing(t *testing.T) {
	town := newCachedTown(t)
	for _, version := range []struct {
		what, faults, code string
	}{
		{"in order", "package org\n", "exit code 0"},
		{"with faults and numbers", faultyPeople, "exit code 3"},
	} {
		town.write(t, "people/f.cue", version.faults)
		want := town.check(t, "off")
		if !strings.HasSuffix(want, version.code) {
			t.Fatalf("%s: %s", version.what, want)
		}
		for _, how := range []string{"an empty cache, or that of the version before", "a cache that knows everything"} {
			if diff := cmp.Diff(want, town.check(t, town.cache)); diff != "" {
				t.Errorf("%s, %s (-off +cache):\n%s", version.what, how, diff)
			}
		}
	}
	kept := town.files(t)
	if len(kept) < 10 {
		t.Fatalf("only %d results are kept; the test says little", len(kept))
	}
	for i, at := range kept {
		text, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{string(text), filepath.Base(at)} {
			if found := schema.FindCPR(part); len(found) > 0 || strings.Contains(part, "010203") {
				t.Errorf("a number is in the cache: %q", part)
			}
		}
		if i%2 == 0 {
			text[len(text)-1-i%7] ^= 1
		} else {
			text = text[:len(text)-1-i%7]
		}
		if err := os.WriteFile(at, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(town.check(t, "off"), town.check(t, town.cache)); diff != "" {
		t.Errorf("a damaged cache (-off +cache):\n%s", diff)
	}
}

// TestCacheIsRecalled: the values of everybody are made again only when a file or the day is another, and CUE evaluates
// only what it has not evaluated.
func TestCacheIsRecalled(t *testing.T) {
	town := newCachedTown(t)
	const made = "ad: values of everybody"
	if said := town.check(t, town.cache, "--timings"); !strings.Contains(said, made) {
		t.Errorf("the values were not made: %s", said)
	}
	first := len(town.files(t))
	if said := town.check(t, town.cache, "--timings"); strings.Contains(said, made) {
		t.Errorf("the values were made again: %s", said)
	}
	if again := len(town.files(t)); again != first {
		t.Errorf("%d results, and %d after the same once more", first, again)
	}
	town.write(t, "people/x.cue", "package org\n\n// en note\n")
	if said := town.check(t, town.cache, "--timings"); !strings.Contains(said, made) {
		t.Errorf("the values were not made for other files: %s", said)
	}
	if said := town.check(t, town.cache, "--timings", "--on", "2026-12-02"); !strings.Contains(said, made) {
		t.Errorf("the values were not made for another day: %s", said)
	}
	if again := len(town.files(t)); again != first+2 {
		t.Errorf("%d results, and %d after files without CUE changed; want two verdicts more", first, again)
	}
}

// TestCacheCannotBeUsed: no folder, or one that cannot be written, changes nothing.
func TestCacheCannotBeUsed(t *testing.T) {
	town := newCachedTown(t)
	want := town.check(t, "off")
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, cache := range []string{locked, filepath.Join(town.dir, "organisation.cue"), "/dev/null/x", ""} {
		if diff := cmp.Diff(want, town.check(t, cache)); diff != "" {
			t.Errorf("the cache %q (-off +cache):\n%s", cache, diff)
		}
	}
	if _, err := os.Stat(town.cache); err == nil {
		t.Error("something was kept where nobody asked for it")
	}
}

// TestCacheSideBySide: two runs at once fill one cache.
func TestCacheSideBySide(t *testing.T) {
	town := newCachedTown(t)
	want := town.check(t, "off")
	var said [2]string
	var group sync.WaitGroup
	for i := range said {
		group.Go(func() { said[i] = town.check(t, town.cache) })
	}
	group.Wait()
	for _, got := range append(said[:], town.check(t, town.cache)) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-off +cache):\n%s", diff)
		}
	}
}
