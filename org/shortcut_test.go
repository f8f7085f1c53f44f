package org

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/shortcut"
)

// samePage holds the page of a plain file against the one that CUE's parser gives. It
// reports whether the file was taken for plain.
func samePage(t *testing.T, text string) bool {
	t.Helper()
	s := &source{name: "units/a.cue", text: text}
	entries, ok := shortcut.Page(s.text, packageName, schema.EntryKinds())
	if !ok {
		return false
	}
	type stated struct {
		schema.Entry
		Where, Cut [2]int
	}
	in := func(p *page) (list []stated) {
		for _, st := range p.statements {
			list = append(list, stated{st.Entry, [2]int{st.where.start, st.where.end}, [2]int{st.cut.start, st.cut.end}})
		}
		return list
	}
	fast, slow := plainPage(s, entries), parsePage(s)
	if slow.broken || slow.root || len(slow.findings) > 0 || len(slow.declared) > 0 {
		t.Errorf("taken for plain, but CUE's parser or the rules have something against it: %q\n%v", text, slow.findings)
	}
	if diff := cmp.Diff(in(slow), in(fast)); diff != "" {
		t.Errorf("%q: the shortcut gives another page (-parser +shortcut):\n%s", text, diff)
	}
	for _, st := range slow.statements {
		if st.refused || len(st.templates) > 0 || len(st.Imports) > 0 {
			t.Errorf("taken for plain, but %s depends on something: %q", st.Key, text)
		}
	}
	return true
}

func pageSeeds(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	seeds := []string{
		"package org\n\nunits: {\"a\": {x: 1, for: [\"b\"], y: z: w: null}}\n",
		"// Over\npackage org // ved\n\npeople: \"a\": {b: \"\\\"\\n\", // note\n\tc: [\n\t\t\"d\", // e\n\t\t-1.50,\n\t], \"2026-01-01\": {}}\nunits: {}\n// Slut",
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".cue") {
				seeds = append(seeds, string(file.Data))
			}
		}
	}
	return seeds
}

func TestPlainPages(t *testing.T) {
	taken := 0
	for _, text := range pageSeeds(t) {
		if samePage(t, text) {
			taken++
		}
	}
	if taken < 10 {
		t.Errorf("only %d files were taken for plain; the test says little", taken)
	}
}

// FuzzPlainPage: a file that is taken for plain states what CUE's parser reads in it.
func FuzzPlainPage(f *testing.F) {
	for _, text := range pageSeeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { samePage(t, text) })
}
