package org_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// edit is what one side does to the base: a text for each file; empty removes the file.
type edit map[string]string

func (e edit) on(base fstest.MapFS) fstest.MapFS {
	files := fstest.MapFS{}
	for name, f := range base {
		files[name] = f
	}
	for name, text := range e {
		delete(files, name)
		if text != "" {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return files
}

func unitText(key, uuid, name string) string {
	return `"` + key + `": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9b` + uuid + `", name: "` + name +
		`", parent: "raadhuset", type: "afdeling", from: "2020-01-01"}`
}

func TestMerge(t *testing.T) {
	a, b, c := unitText("a", "01", "A"), unitText("b", "02", "B"), unitText("c", "03", "C")
	a2, a3 := unitText("a", "01", "A to"), unitText("a", "01", "A tre")
	one := func(text string) string { return "package org\n\nunits: {" + text + "}\n" }
	many := func(texts ...string) string {
		return "package org\n\nunits: {\n\t" + strings.Join(texts, "\n\t") + "\n}\n"
	}
	chain := func(text string) string { return "package org\n\n// a chain\nunits: " + text + "\n" }
	tests := []struct {
		name               string
		base, main, branch edit
		want               map[string]string // names by key, beside those of the base
		conflicts          []string
	}{
		{
			name: "each side changes another entry of one file",
			base: edit{"u.cue": many(a, b)}, main: edit{"u.cue": many(a2, b)}, branch: edit{"u.cue": many(a, unitText("b", "02", "B to"))},
			want: map[string]string{"a": "A to", "b": "B to"},
		},
		{
			name: "both make the same change",
			base: edit{"u.cue": many(a)}, main: edit{"u.cue": many(a2)}, branch: edit{"u.cue": one(a2)},
			want: map[string]string{"a": "A to"},
		},
		{
			name: "both change one entry in different ways",
			base: edit{"u.cue": many(a, b)}, main: edit{"u.cue": many(a2, b)}, branch: edit{"u.cue": many(a3, b)},
			want:      map[string]string{"a": "A to", "b": "B"},
			conflicts: []string{`u.cue:4:2 units."a": main and the branch have changed a in different ways`},
		},
		{
			name: "each side adds an entry, main in the same file",
			base: edit{"u.cue": many(a)}, main: edit{"u.cue": many(a, b)}, branch: edit{"u.cue": many(a, c)},
			want: map[string]string{"a": "A", "b": "B", "c": "C"},
		},
		{
			name: "main removes what the branch leaves alone, in the forms with and without braces",
			base: edit{"u.cue": many(a, b), "c.cue": chain(c)}, main: edit{"u.cue": many(b), "c.cue": ""}, branch: edit{"u.cue": many(a, unitText("b", "02", "B to")), "c.cue": chain(c) + "// noted\n"},
			want: map[string]string{"b": "B to"},
		},
		{
			name: "the branch removes one entry of a chain and main changes the other",
			base: edit{"u.cue": chain(a) + "units: " + b + "\n"}, main: edit{"u.cue": chain(a2) + "units: " + b + "\n"}, branch: edit{"u.cue": chain(a)},
			want: map[string]string{"a": "A to"},
		},
		{
			name: "one removes what the other changes",
			base: edit{"u.cue": many(a, b)}, main: edit{"u.cue": many(a2)}, branch: edit{"u.cue": many(unitText("b", "02", "B to"))},
			want: map[string]string{"a": "A to"},
			conflicts: []string{
				`u.cue:4:2 units."a": main has changed a and the branch has removed it`,
				`u.cue:4:2 units."b": the branch has changed b and main has removed it`,
			},
		},
		{
			name: "main moves an entry to another file while the branch changes it",
			base: edit{"u.cue": many(a, b)}, main: edit{"u.cue": many(b), "a.cue": one(a)}, branch: edit{"u.cue": many(a2, b)},
			want: map[string]string{"a": "A to", "b": "B"},
		},
		{
			name: "a file with a comma between entries loses one",
			base: edit{"u.cue": one(a + ", " + b)}, main: edit{"u.cue": one(b)}, branch: edit{"u.cue": one(a + ", " + unitText("b", "02", "B to"))},
			want: map[string]string{"b": "B to"},
		},
		{
			name: "a template file goes as a whole",
			base: edit{"t.cue": "package org\n\n_a: 1\n"}, main: edit{"t.cue": "package org\n\n_a: 2\n"}, branch: edit{"t.cue": "package org\n\n_a: 3\n"},
			conflicts: []string{`t.cue : main and the branch have changed t.cue in different ways`},
		},
		{
			name: "a file that is not CUE is no conflict",
			base: edit{"README.md": "1"}, main: edit{"README.md": "2"}, branch: edit{"README.md": "3"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base := test.base.on(baseFiles(t))
			merged, found, err := org.Merge(base, test.main.on(base), test.branch.on(base))
			if err != nil {
				t.Fatal(err)
			}
			var conflicts []string
			for _, d := range found {
				conflicts = append(conflicts, d.Position.String()+" "+d.Path+": "+d.Message)
			}
			if diff := cmp.Diff(test.conflicts, conflicts); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
			want := map[string]string{"raadhuset": "Rådhuset", "skolen": "Østre Skole"}
			for key, name := range test.want {
				want[key] = name
			}
			if diff := cmp.Diff(want, unitNames(t, merged)); diff != "" {
				t.Errorf("units (-want +got):\n%s", diff)
			}
			fsys, ok := merged.(fs.ReadFileFS)
			if !ok {
				t.Fatal("the result cannot read whole files")
			}
			if _, err := fsys.ReadFile("organisation.cue"); err != nil {
				t.Error(err)
			}
		})
	}
}

func unitNames(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	o, found, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if schema.HasErrors(found) {
		t.Errorf("the result has errors: %v", found)
	}
	names := map[string]string{}
	for _, u := range o.Units {
		names[u.Key] = u.Name
	}
	return names
}

func TestMergeKeepsPositionsOfTheBranch(t *testing.T) {
	base := baseFiles(t)
	branch := edit{"units/ny.cue": "package org\n\n// en kommentar\n\nunits: {" + unitText("ny", "01", "Ny") + "}\n"}.on(base)
	main := edit{"units/anden.cue": "package org\n\nunits: {" + unitText("anden", "02", "Anden") + "}\n"}.on(base)
	merged, _, err := org.Merge(base, main, branch)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(merged, "units/ny.cue", "units/anden.cue", "organisation.cue"); err != nil {
		t.Error(err)
	}
	o, _, err := org.Load(merged)
	if err != nil {
		t.Fatal(err)
	}
	want := schema.Position{File: "units/ny.cue", Line: 5, Column: 68}
	if got := o.Position(`units."ny".name`); got != want {
		t.Errorf("position %v, want %v", got, want)
	}
}

// TestMergeOfOneSide: when only one side has changed anything, the merge is that side, to
// the last finding and its line. The cases of check are what was changed.
func TestMergeOfOneSide(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := baseFiles(t)
		broken, valid := brokenAndValid(t, archive)
		for _, changed := range []fstest.MapFS{broken, valid} {
			want := findings(t, changed)
			for side, sides := range map[string][2]fs.FS{"branch": {base, changed}, "main": {changed, base}, "both": {changed, changed}} {
				merged, found, err := org.Merge(base, sides[0], sides[1])
				if err != nil || len(found) > 0 {
					t.Errorf("%s changed on %s: %v, %v", name, side, err, found)
					continue
				}
				if diff := cmp.Diff(want, findings(t, merged)); diff != "" {
					t.Errorf("%s changed on %s (-changed +merged):\n%s", name, side, diff)
				}
			}
		}
	}
}
