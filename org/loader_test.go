package org_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
	"orgit.dk/orgit/schema"
)

// loadedVersion is what a Loader gave for files.
type loadedVersion struct {
	files    fstest.MapFS
	o        *org.Organisation
	findings []schema.Diagnostic
}

// sameAsFresh holds what a Loader gave against a fresh Load of the same files.
func sameAsFresh(t *testing.T, what string, got loadedVersion) {
	t.Helper()
	o, findings, err := org.LoadAndCheck(got.files, today)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if diff := cmp.Diff(findings, got.findings); diff != "" {
		t.Errorf("%s: findings (-fresh +again):\n%s", what, diff)
	}
	for _, part := range []struct {
		name        string
		fresh, this any
	}{
		{"settings", o.Settings, got.o.Settings}, {"units", o.Units, got.o.Units}, {"people", o.People, got.o.People},
		{"robots", o.Robots, got.o.Robots}, {"systems", o.Systems, got.o.Systems}, {"allowances", o.Allowances, got.o.Allowances},
	} {
		if !reflect.DeepEqual(part.fresh, part.this) {
			t.Errorf("%s: other %s than those of a fresh load", what, part.name)
		}
	}
	for _, p := range o.People {
		for _, path := range []org.Path{p.Path(), p.Path("name"), p.Path("engagements", "a", "unit")} {
			if fresh, this := o.Position(path), got.o.Position(path); fresh != this {
				t.Errorf("%s: %s is at %s, fresh at %s", what, path, this, fresh)
			}
		}
	}
}

// version loads files with a Loader.
func version(t *testing.T, l *org.Loader, files fstest.MapFS) loadedVersion {
	t.Helper()
	o, findings, err := l.LoadAndCheck(identified{files}, today)
	if err != nil {
		t.Fatal(err)
	}
	return loadedVersion{files, o, findings}
}

// identified knows of the files whose names have an even number of bytes what is in them.
type identified struct{ fstest.MapFS }

func (f identified) Identity(name string) string {
	file := f.MapFS[name]
	if len(name)%2 != 0 || file == nil {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(file.Data))
}

// TestLoaderCases goes with one Loader through every case of testdata, right and wrong.
func TestLoaderCases(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	var l org.Loader
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		broken, valid := brokenAndValid(t, archive)
		sameAsFresh(t, name+", broken", version(t, &l, broken))
		sameAsFresh(t, name+", valid", version(t, &l, valid))
	}
}

// TestLoaderEdits edits a town at random, again and again, and loads each version.
func TestLoaderEdits(t *testing.T) {
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 1))
		files := town(t, repository.Options{Options: synthetic.Options{People: 16, Units: 5, Seed: seed, Day: today}, CUE: 30})
		var l org.Loader
		var before []loadedVersion
		for step := range 9 {
			what := fmt.Sprintf("seed %d, step %d", seed, step)
			if step > 0 {
				files = maps.Clone(files)
				for range 1 + random.IntN(4) {
					what += ", " + editAtRandom(random, files)
				}
			}
			if step == 8 { // what was there before comes back
				files = before[2].files
			}
			got := version(t, &l, files)
			sameAsFresh(t, what, got)
			before = append(before, got)
		}
		for i := 0; i < len(before); i += 3 {
			v := before[i]
			sameAsFresh(t, fmt.Sprintf("seed %d, step %d after all that came later", seed, i), v)
		}
	}
}

func town(t *testing.T, o repository.Options) fstest.MapFS {
	t.Helper()
	r, err := repository.New(o)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for i := range r.Len() {
		name, text, err := r.File(i)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// editAtRandom changes files in one way or another and says what it did.
func editAtRandom(random *rand.Rand, files fstest.MapFS) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool { return !org.IsDataFile(name) })
	name, other := names[random.IntN(len(names))], names[random.IntN(len(names))]
	put := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
	replace := func(name, old, new string) {
		if f := files[name]; f != nil {
			put(name, strings.Replace(string(f.Data), old, new, 1))
		}
	}
	text := string(files[name].Data)
	edits := []struct {
		what string
		do   func()
	}{
		{"another name in " + name, func() { replace(name, `name: "`, `name: "Ny `) }},
		{"another surname in " + name, func() { replace(name, `surname: "`, `surname: "Ny `) }},
		{"a line before " + name, func() { put(name, "// En note\n"+text) }},
		{name + " goes", func() { delete(files, name) }},
		{name + " twice", func() { put("copy/"+filepath.Base(name), text) }},
		{name + " as " + other, func() { put(other, text) }},
		{name + " moves", func() { delete(files, name); put("people/"+filepath.Base(name), text) }},
		{"a brace too few in " + name, func() { put(name, strings.TrimRight(text, "}\n")) }},
		{"nonsense in " + name, func() { replace(name, "uuid: ", "uid: ") }},
		{"a template in " + name, func() { replace(name, "uuid: ", "_fremmed\n\tuuid: ") }},
		{"a CPR number in " + name, func() { put(name, text+"// 010203-1234\n") }},
		{"a template more", func() { put("mere.cue", "package org\n\n_fremmed: {shortName: \"F\"}\n") }},
		{"a template less", func() { delete(files, "mere.cue") }},
		{"templates change", func() { replace("templates.cue", "package org\n", "package org\n\n_fremmed: {}\n") }},
		{"another fraction in a template", func() { replace("templates.cue", "fraction: 1}", "fraction: 0.5}") }},
		{"a template that does not fit", func() { replace("templates.cue", `visitHours: "`, `besoeg: "`) }},
		{"a name more in a template", func() { replace("templates.cue", "_fuldtid: {", "_fuldtid: {displayTitle: \"Fuldtid\", ") }},
		{"a setting changes", func() { replace("organisation.cue", `cvr: "`, `cvr: "1`) }},
		{"a class goes", func() { replace("classes.cue", `name: "`, `nam: "`) }},
		{"the binding of people goes", func() { replace("organisation.cue", "people: [string]: schema.#Person\n", "") }},
		{"no templates", func() { delete(files, "templates.cue") }},
		{"a module inside", func() { put(filepath.Dir(name)+"/cue.mod/module.cue", "module: \"x\"\n") }},
		{"no module inside", func() {
			maps.DeleteFunc(files, func(name string, _ *fstest.MapFile) bool {
				return strings.HasSuffix(name, "/cue.mod/module.cue")
			})
		}},
		{"a file that is no text", func() { put("people/billede.cue", "\x00\x01") }},
	}
	chosen := edits[random.IntN(len(edits))]
	chosen.do()
	return chosen.what
}

// TestLoaderShares: entries that are the same are the same in memory, whatever changes
// beside them, as long as they do not depend on it.
func TestLoaderShares(t *testing.T) {
	files := baseFiles(t)
	files["people/x.cue"] = &fstest.MapFile{Data: []byte(`package org

people: {"x": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c99", name: {given: "Bo", surname: "Kjær"}, engagements: "a": {_maanedsloen, unit: "skolen", title: "laerer", from: "2020-01-01"}}}
`)}
	change := func(name, old, new string) fstest.MapFS {
		changed := maps.Clone(files)
		text := bytes.Replace(changed[name].Data, []byte(old), []byte(new), 1)
		if bytes.Equal(text, changed[name].Data) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		changed[name] = &fstest.MapFile{Data: text}
		return changed
	}
	for _, test := range []struct {
		what                string
		files               fstest.MapFS
		school, anna, usesT bool // whether each is the same as before
	}{
		{"nothing", maps.Clone(files), true, true, true},
		{"a unit", change("units/skolen.cue", "Østre", "Vestre"), false, true, true},
		{"a line above a unit", change("units/skolen.cue", "units", "// Skolen\nunits"), false, true, true},
		{"a setting", change("organisation.cue", `["lone", "per"]`, `["lone"]`), true, true, true},
		{"the templates", change("templates.cue", "fraction: 1", "fraction: 0.5"), true, true, false},
	} {
		var l org.Loader
		v1, v2 := version(t, &l, files), version(t, &l, test.files)
		got := []bool{v1.o.Unit("skolen") == v2.o.Unit("skolen"), v1.o.Person("p7k3f9q") == v2.o.Person("p7k3f9q"), v1.o.Person("x") == v2.o.Person("x")}
		if diff := cmp.Diff([]bool{test.school, test.anna, test.usesT}, got); diff != "" {
			t.Errorf("%s changes: what is the same in memory (-want +got):\n%s", test.what, diff)
		}
	}
}

// onlyOnce lets nothing be read twice.
type onlyOnce struct {
	identified
	read map[string]bool
}

var errTwice = errors.New("it is read again")

func (f onlyOnce) Open(name string) (fs.File, error) {
	if f.read[name] && f.Identity(name) != "" && !strings.HasPrefix(name, "cue.mod/") && strings.HasSuffix(name, ".cue") {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errTwice}
	}
	return f.MapFS.Open(name)
}

// TestLoaderReadsOnce: what a file system says is the same is not read again.
func TestLoaderReadsOnce(t *testing.T) {
	files := onlyOnce{identified{baseFiles(t)}, map[string]bool{}}
	var l org.Loader
	for range 2 {
		_, findings, err := l.Load(files)
		if err != nil || len(findings) > 0 {
			t.Fatalf("%v, %v", findings, err)
		}
		for name := range files.MapFS {
			files.read[name] = true
		}
	}
	if _, _, err := new(org.Loader).Load(files); !errors.Is(err, errTwice) {
		t.Errorf("another Loader reads nothing: %v", err)
	}
}

// TestLoaderGoesOn: a version that cannot be read costs the Loader nothing.
func TestLoaderGoesOn(t *testing.T) {
	var l org.Loader
	if _, _, err := l.Load(brokenFS{baseFiles(t), "units/skolen.cue"}); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	sameAsFresh(t, "after a disk that was gone", version(t, &l, baseFiles(t)))
}
