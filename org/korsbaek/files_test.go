package korsbaek

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/load"

	"orgit.dk/orgit/schema"
)

// eachFile calls visit for every file of the sample and of the demonstration's hires.
func eachFile(t *testing.T, visit func(name, text string)) {
	t.Helper()
	for _, fsys := range []fs.FS{Files(), below(hires, "hires")} {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(fsys, name)
			visit(name, string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// checkFormat holds every CUE file against what `cue fmt` writes, so that an edit by orgit
// or by a person shows as that edit and no more.
func checkFormat(t *testing.T, fsys fs.FS) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if name == "cue.mod" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		formatted, err := format.Source(text)
		if err == nil && string(formatted) != string(text) {
			t.Errorf("%s is not as cue fmt writes it", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFilesStandWhereOrgitWritesThem(t *testing.T) {
	eachFile(t, func(name, text string) {
		key := strings.TrimSuffix(path.Base(name), ".cue")
		kind, _, _ := strings.Cut(name, "/")
		switch kind {
		case "units", "systems", "people":
			if !strings.Contains(text, "\n"+kind+`: {"`+key+`": `) {
				t.Errorf("%s does not hold %s %q", name, kind, key)
			}
		}
		if kind == "people" && path.Base(path.Dir(name)) != key[:2] {
			t.Errorf("%s stands in the wrong folder", name)
		}
	})
}

func TestNothingLooksLikeACPRNumber(t *testing.T) {
	eachFile(t, func(name, text string) {
		if n := len(schema.FindCPR(text)) + len(schema.FindCPR(name)); n > 0 {
			t.Errorf("%s holds %d texts that look like a CPR number", name, n)
		}
	})
}

// TestStockCUEAccepts does in process what `cue vet -c ./...` does: no more than CUE and
// the copy of the schema may be needed to check the repository.
func TestStockCUEAccepts(t *testing.T) {
	for _, state := range []string{"sample", "after the change"} {
		t.Run(state, func(t *testing.T) {
			dir := written(t)
			if state == "after the change" {
				if err := DemoChange(dir); err != nil {
					t.Fatal(err)
				}
			}
			checkFormat(t, os.DirFS(dir))
			instances := load.Instances([]string{"./..."}, &load.Config{Dir: dir, Env: []string{"CUE_REGISTRY=none"}})
			if len(instances) < 3 {
				t.Fatalf("%d instances, want the root, the units and the people's folders", len(instances))
			}
			for _, instance := range instances {
				value := cuecontext.New().BuildInstance(instance)
				if err := value.Validate(cue.Concrete(true), cue.Definitions(true), cue.Hidden(true)); err != nil {
					t.Errorf("%s: %v", instance.Dir, err)
				}
			}
		})
	}
}

func TestWriteOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "organisation.cue")
	if err := os.WriteFile(own, []byte("package org\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir); err == nil {
		t.Error("wrote into a folder that holds an organisation")
	}
	if text, err := os.ReadFile(own); err != nil || string(text) != "package org\n" {
		t.Errorf("the file that was there: %q, %v", text, err)
	}
}

func TestDemoChangeWorksOnce(t *testing.T) {
	dir := written(t)
	if err := DemoChange(dir); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(string) error{
		"MoveUnit": MoveUnit, "ReplaceLeader": ReplaceLeader, "Hire": Hire, "Leave": Leave,
	} {
		if err := change(dir); err == nil {
			t.Errorf("%s edited the files a second time", name)
		}
	}
}

func written(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
