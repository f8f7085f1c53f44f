package org_test

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

// TestExcerpt: every unit and person of the sample reads in an excerpt as it does in the whole repository, templates included, and
// without its neighbours.
func TestExcerpt(t *testing.T) {
	files := korsbaek.Files()
	whole, _, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.cue")
	if err != nil {
		t.Fatal(err)
	}
	root := map[string][]byte{"people/x.cue": []byte("package org\n")}
	for _, name := range names {
		root[name] = read(t, files, name)
	}
	e := org.NewExcerpt(root)
	for _, u := range whole.Units {
		file := whole.Position(u.Path()).File
		found, texts := e.Add(file, read(t, files, file), "units", u.Key)
		if !found || u.Parent != "" && !slices.Contains(texts, u.Parent) {
			t.Errorf("%s: found %v, with %v", u.Key, found, texts)
		}
		e.Add(file, read(t, files, file), "units", u.Key) // again changes nothing
		if found, _ := e.Add(file, read(t, files, file), "people", u.Key); found {
			t.Errorf("%s is found as a person", u.Key)
		}
	}
	person := whole.People[0]
	file := whole.Position(person.Path()).File
	e.Add(file, read(t, files, file), "people", person.Key)
	part, err := e.Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole.Units, part.Units); diff != "" {
		t.Error(diff)
	}
	if len(part.People) != 1 || part.People[0].UUID != person.UUID || part.Settings.Name != whole.Settings.Name {
		t.Errorf("it has %d people, and is that of %s", len(part.People), part.Settings.Name)
	}
}

func read(t *testing.T, files fs.FS, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
