package org_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

var update = flag.Bool("update", false, "write the golden parts of testdata anew")

// today is the day of all cases.
const today = org.Day("2026-12-01")

// baseFiles is a repository without findings, with the program's definitions.
func baseFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "base.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	addDefinitions(t, files)
	return files
}

func addDefinitions(t testing.TB, files fstest.MapFS) {
	t.Helper()
	names, err := fs.Glob(schema.Source(), "*.cue")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Source(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[schema.VendorDir+"/"+name] = &fstest.MapFile{Data: text}
	}
}

// lay puts a file over the others; an empty one takes the file away.
func lay(files fstest.MapFS, f txtar.File) {
	name := strings.TrimPrefix(f.Name, "valid/")
	delete(files, name)
	if len(f.Data) > 0 {
		files[name] = &fstest.MapFile{Data: f.Data}
	}
}

func TestBaseHasNoFindings(t *testing.T) {
	if got := findings(t, baseFiles(t)); got != "" {
		t.Error(got)
	}
}

// TestCheck holds a broken repository for each rule, and a valid one beside it, against
// the findings that it must give: want for the broken one, want.valid for the other.
func TestCheck(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "check", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			broken, valid := brokenAndValid(t, archive)
			gotBroken, gotValid := findings(t, broken), findings(t, valid)
			if *update {
				writeGolden(t, name, archive, gotBroken, gotValid)
				return
			}
			wantBroken, wantValid := golden(archive)
			if gotBroken == "" {
				t.Error("the broken repository gives no finding")
			}
			if strings.Contains(gotValid, ": error ") {
				t.Errorf("the valid repository gives an error")
			}
			if diff := cmp.Diff(wantBroken, gotBroken); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wantValid, gotValid); diff != "" {
				t.Errorf("valid (-want +got):\n%s", diff)
			}
		})
	}
}

func brokenAndValid(t testing.TB, archive *txtar.Archive) (broken, valid fstest.MapFS) {
	t.Helper()
	broken, valid = baseFiles(t), baseFiles(t)
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "valid/") && !strings.HasPrefix(f.Name, "want") {
			lay(broken, f)
			if !strings.HasPrefix(f.Name, "cue.mod/pkg/") {
				lay(valid, f)
			}
		}
	}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "valid/") {
			lay(valid, f)
		}
	}
	return broken, valid
}

func golden(archive *txtar.Archive) (broken, valid string) {
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
			broken = string(f.Data)
		case "want.valid":
			valid = string(f.Data)
		}
	}
	return broken, valid
}

func writeGolden(t *testing.T, name string, archive *txtar.Archive, broken, valid string) {
	t.Helper()
	for i, f := range archive.Files {
		switch f.Name {
		case "want":
			archive.Files[i].Data = []byte(broken)
		case "want.valid":
			archive.Files[i].Data = []byte(valid)
		}
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

// findings gives what Load and Check find, a line each.
func findings(t testing.TB, files fs.FS) string {
	t.Helper()
	_, found, err := org.LoadAndCheck(files, today)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "%s: %s [%s] %s: %s", d.Position, d.Severity, d.Code, d.Path, d.Message)
		if d.Hint != "" {
			fmt.Fprintf(&b, " (%s)", d.Hint)
		}
		if d.From != "" {
			fmt.Fprintf(&b, " from %s", d.From)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
