package org_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/load"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/schema"
	"orgit.dk/orgit/schema/plain"
)

// stockAccepts does what `cue vet -c ./...` does in a folder: it loads every package and
// validates it, without a registry.
func stockAccepts(dir string) error {
	instances := load.Instances([]string{"./..."}, &load.Config{Dir: dir, Env: append(os.Environ(), "CUE_REGISTRY=none")})
	if len(instances) == 0 {
		return fmt.Errorf("no package in %s", dir)
	}
	ctx := cuecontext.New()
	for _, instance := range instances {
		if instance.Err != nil {
			return instance.Err
		}
		v := ctx.BuildInstance(instance)
		err := v.Validate(cue.Attributes(true), cue.Definitions(true), cue.Hidden(true), cue.Concrete(true))
		if err != nil {
			return err
		}
	}
	return nil
}

func onDisk(t testing.TB, files fs.FS) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestStockCUEAcceptsWhatLoadAccepts holds the promise that a municipality can check its
// files with a stock cue: what orgit accepts, cue accepts.
func TestStockCUEAcceptsWhatLoadAccepts(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		broken, valid := brokenAndValid(t, archive)
		for which, files := range map[string]fstest.MapFS{"broken": broken, "valid": valid} {
			if _, found, err := org.Load(files); err != nil || schema.HasErrors(found) {
				continue
			}
			if which == "broken" && strings.Contains(name, "schema-copy") {
				continue // its copy of the definitions is not the program's: that is the warning
			}
			accepted++
			if err := stockAccepts(onDisk(t, files)); err != nil {
				t.Errorf("%s (%s): a stock cue refuses what Load accepts: %v", name, which, err)
			}
		}
	}
	if accepted < len(names) {
		t.Errorf("only %d repositories were accepted; the test says little", accepted)
	}
}

// TestStockCUERefusesWhatDefinitionsRefuse shows that the test above can fail.
func TestStockCUERefusesWhatDefinitionsRefuse(t *testing.T) {
	files := baseFiles(t)
	files["units/vej.cue"] = &fstest.MapFile{Data: []byte("package org\n\nunits: {\"vej\": {name: 5}}\n")}
	if err := stockAccepts(onDisk(t, files)); err == nil {
		t.Error("a stock cue accepts a name that is a number")
	}
}

func TestStockCUEAcceptsTheSample(t *testing.T) {
	dir := t.TempDir()
	if err := korsbaek.Write(dir); err != nil {
		t.Fatal(err)
	}
	o, found, err := org.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Errorf("%s: %s [%s] %s", d.Position, d.Path, d.Code, d.Message)
	}
	if len(o.Units) == 0 || len(o.People) == 0 {
		t.Errorf("the sample has %d units and %d people", len(o.Units), len(o.People))
	}
	if err := stockAccepts(dir); err != nil {
		t.Errorf("a stock cue refuses the sample: %v", err)
	}
	compareWithStock(t, o, dir)
}

// compareWithStock holds the values that Load has, from entries evaluated one by one,
// against those that CUE gives for whole packages.
func compareWithStock(t *testing.T, o *org.Organisation, dir string) {
	t.Helper()
	ctx := cuecontext.New()
	var units, people int
	for _, instance := range load.Instances([]string{"./..."}, &load.Config{Dir: dir, Env: append(os.Environ(), "CUE_REGISTRY=none")}) {
		v := ctx.BuildInstance(instance)
		var stock struct {
			Units  org.Keyed[*org.Unit]   `json:"units"`
			People org.Keyed[*org.Person] `json:"people"`
		}
		text, err := v.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := plain.DecodeJSON(text, &stock); err != nil {
			t.Fatal(err)
		}
		for _, u := range stock.Units {
			units++
			if diff := cmp.Diff(u, o.Unit(u.Key), cmp.AllowUnexported(org.Account{})); diff != "" {
				t.Errorf("unit %s (-stock +orgit):\n%s", u.Key, diff)
			}
		}
		for _, p := range stock.People {
			people++
			if diff := cmp.Diff(p, o.Person(p.Key), cmp.AllowUnexported(org.Account{})); diff != "" {
				t.Errorf("person %s (-stock +orgit):\n%s", p.Key, diff)
			}
		}
	}
	if units < len(o.Units) || people < len(o.People) {
		t.Errorf("cue gave %d units and %d people, orgit %d and %d", units, people, len(o.Units), len(o.People))
	}
}

// FuzzLoad feeds Load the bytes of one file. It must never panic, never show a CPR number
// that the file holds, and accept only what a stock cue accepts.
func FuzzLoad(f *testing.F) {
	for name, file := range baseFiles(f) {
		if !strings.HasPrefix(name, "cue.mod") {
			f.Add(name, file.Data)
		}
	}
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".cue") && !strings.Contains(file.Name, "valid/") {
				f.Add(file.Name, file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if !fs.ValidPath(name) || !strings.HasSuffix(name, ".cue") || strings.Count(name, "/") > 2 || strings.HasPrefix(name, "cue.mod") {
			return
		}
		for _, r := range name {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789/._-", r) {
				return // the test is about the text; names go to disk
			}
		}
		files := baseFiles(t)
		files[name] = &fstest.MapFile{Data: text}
		_, found, err := org.LoadAndCheck(files, today)
		if err != nil {
			return // the name cannot be a file beside the others
		}
		for _, d := range found {
			if said := d.Message + d.Hint + d.Path; len(schema.FindCPR(said)) > 0 {
				t.Errorf("a finding shows what looks like a CPR number: %s", said)
			}
		}
		if !schema.HasErrors(found) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, files); err != nil {
				t.Skip(err)
			}
			if err := stockAccepts(dir); err != nil {
				t.Errorf("a stock cue refuses what Load accepts: %v", err)
			}
		}
	})
}
