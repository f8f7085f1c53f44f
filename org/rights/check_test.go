package rights_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
	"orgit.dk/orgit/schema"
)

// loaded reads the files of an archive on top of the repository that the checks of package
// org are tried on, and fails where they have an error.
func loaded(t *testing.T, name string, today org.Day) *org.Organisation {
	t.Helper()
	files := fstest.MapFS{}
	for _, from := range []string{filepath.Join("..", "testdata", "base.txtar"), filepath.Join("testdata", name)} {
		archive, err := txtar.ParseFile(from)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	definitions, err := fs.Glob(schema.Source(), "*.cue")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range definitions {
		text, err := fs.ReadFile(schema.Source(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[schema.VendorDir+"/"+name] = &fstest.MapFile{Data: text}
	}
	o, findings, err := org.LoadAndCheck(files, today)
	if err != nil || schema.HasErrors(findings) {
		t.Fatalf("%v\n%v", err, findings)
	}
	return o
}

func TestCheck(t *testing.T) {
	o := loaded(t, "town.txtar", "2026-12-01")
	for day, want := range map[org.Day][]string{
		"2026-12-01": {
			`systems/assignments.cue:4:2 error [requirement-unmet] the assignment all gives Søg (esdh/soeg), which requires Kursus (esdh/kursus), and that is not held by Camilla Lund (p0), Bo Kjær (p2m8xw1), Eva Ny (p3) and 1 more`,
			`systems/assignments.cue:5:2 error [conflict-held] the assignment attest gives Attestér (oekonomi/attester), and bogfoer (systems/assignments.cue:6:2) gives Bogfør (oekonomi/bogfoer): nobody may hold both by the conflict Fire øjne (systems/conflicts.cue:3:13), and these do: Bo Kjær (p2m8xw1)`,
			`systems/conflicts.cue:7:3 warning [exception-unused] Camilla Lund (p0) does not hold both sides of the conflict Fire øjne, so the exception is for nobody`,
			`systems/systems.cue:13:47 error [too-many-holders] 2 people hold Attestér (oekonomi/attester) today, and at most 1 may`,
		},
		// Bo has an exception in November, and is nobody's fault then.
		"2026-11-01": {
			`systems/assignments.cue:4:2 error [requirement-unmet] the assignment all gives Søg (esdh/soeg), which requires Kursus (esdh/kursus), and that is not held by Camilla Lund (p0), Bo Kjær (p2m8xw1), Eva Ny (p3) and 1 more`,
			`systems/conflicts.cue:7:3 warning [exception-unused] Camilla Lund (p0) does not hold both sides of the conflict Fire øjne, so the exception is for nobody`,
			`systems/systems.cue:13:47 error [too-many-holders] 2 people hold Attestér (oekonomi/attester) today, and at most 1 may`,
		},
		// Before anything was given.
		"2025-11-01": nil,
	} {
		var got []string
		for _, d := range rights.Check(o, day) {
			got = append(got, strings.Join([]string{d.Position.String(), string(d.Severity), "[" + d.Code + "]", d.Message}, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
}
