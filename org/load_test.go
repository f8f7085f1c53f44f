package org_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

func TestLoadSettings(t *testing.T) {
	o := loaded(t)
	got := o.Settings
	if got.Name != "Korsbæk Kommune" || got.CVR != "12345678" || got.Language != "da" {
		t.Errorf("settings %+v", got)
	}
	if diff := cmp.Diff(map[string]org.Class{"budget": {Name: "Budget"}}, got.Hierarchies); diff != "" {
		t.Error(diff)
	}
	if got.Classes.UnitTypes["afdeling"].FK != "department" || got.Review.Approvals != 1 || got.Targets.AD != nil {
		t.Errorf("defaults are missing: %+v", got)
	}
}

func TestPosition(t *testing.T) {
	o := loaded(t, dagplejen)
	for path, want := range map[org.Path]string{
		`units."dagplejen"`:                           "units/extra-0.cue:3:9",
		`units."dagplejen".shortName`:                 "units/extra-0.cue:5:32",
		`units."dagplejen".on."2026-06-01".name`:      "units/extra-0.cue:18:24",
		`units."dagplejen".managers."b"`:              "units/extra-0.cue:15:3",
		`units."dagplejen".managers."b".on`:           "units/extra-0.cue:15:63",
		`units."dagplejen".sources."sd"[0]`:           "units/extra-0.cue:10:31",
		`units."dagplejen".kle.responsible`:           "units/extra-0.cue:3:9",
		`people."p2m8xw1".engagements."a".type`:       "people/p2/p2m8xw1.cue:6:15",
		`people."nobody"`:                             "",
		`classes.titles.laerer.name`:                  "classes.cue:6:17",
		`review.group[1]`:                             "organisation.cue:28:25",
		`units."dagplejen".managers."b".person`:       "units/extra-0.cue:15:17",
		`units."dagplejen".addresses.email`:           "units/extra-0.cue:12:43",
		`people."p2m8xw1".engagements."a".title`:      "people/p2/p2m8xw1.cue:6:59",
		`people."p2m8xw1".accounts."ad".kind`:         "people/p2/p2m8xw1.cue:7:12",
		`people."p7k3f9q".engagements."a".fraction`:   "people/p7/p7k3f9q.cue:6:15",
		`units."skolen".numbers.p`:                    "units/skolen.cue:9:15",
		`safeguarded.units[0]`:                        "organisation.cue:29:22",
		`units."dagplejen".on."2027-01-01".addresses`: "units/extra-0.cue:19:64",
	} {
		if got := o.Position(path).String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// brokenFS fails when one of its files is read.
type brokenFS struct {
	fs.FS
	broken string
}

var errDisk = errors.New("the disk is gone")

func (b brokenFS) Open(name string) (fs.File, error) {
	if name == b.broken {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errDisk}
	}
	return b.FS.Open(name)
}

func TestLoadFailsWhenAFileCannotBeRead(t *testing.T) {
	for _, name := range []string{"units/skolen.cue", "cue.mod/module.cue", schema.VendorDir + "/unit.cue"} {
		_, _, err := org.Load(brokenFS{baseFiles(t), name})
		if !errors.Is(err, errDisk) {
			t.Errorf("%s cannot be read: %v", name, err)
		}
	}
}

// TestLoadPassesOver: what a stock cue does not take in, Load does not either.
func TestLoadPassesOver(t *testing.T) {
	files := baseFiles(t)
	for _, name := range []string{
		"_kladde/x.cue", ".skjult/x.cue", "units/.x.cue", "units/_x.cue", "units/testdata/x.cue",
		"units/x_tool.cue", "units/x_test.cue", "andet/cue.mod/module.cue", "andet/x.cue", "cue.mod/usr/example.com/x.cue",
	} {
		files[name] = &fstest.MapFile{Data: []byte("package forkert\n\nnonsense: {\n")}
	}
	if got := findings(t, files); got != "" {
		t.Error(got)
	}
}

// TestLoadSearchesWhatItPassesOver: a CPR number must not be committed, whether or not cue
// looks at the file.
func TestLoadSearchesWhatItPassesOver(t *testing.T) {
	names := []string{
		"_kladde/x.cue", "andet/x.cue", "units/.x.cue", "units/_x.cue", "units/testdata/x.txt", "units/x_test.cue",
	}
	files := baseFiles(t)
	files["andet/cue.mod/module.cue"] = &fstest.MapFile{}
	files[".git/x.cue"] = &fstest.MapFile{Data: []byte("// 010203-1234\n")}
	for _, name := range names {
		files[name] = &fstest.MapFile{Data: []byte("// 010203-1234\n")}
	}
	_, found, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found {
		if d.Code == "cpr-number" && d.Severity == schema.Error {
			got = append(got, d.Position.File)
		}
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLoadManyNumbers: a payroll that somebody has put in is reported at once, and not
// number by number.
func TestLoadManyNumbers(t *testing.T) {
	files := baseFiles(t)
	files["loen.csv"] = &fstest.MapFile{Data: []byte(strings.Repeat("010203-1234;x\n", 300_000))}
	files["people/x.cue"] = &fstest.MapFile{Data: []byte("package org\n" + strings.Repeat("// 010203-1234\n", 100_000))}
	_, found, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, d := range found {
		got[d.Position.File]++
		if d.Position.Line == 0 && !strings.HasPrefix(d.Message, "299980 more") && !strings.HasPrefix(d.Message, "99980 more") {
			t.Errorf("%s: %s", d.Position, d.Message)
		}
	}
	if diff := cmp.Diff(map[string]int{"loen.csv": 21, "people/x.cue": 21}, got); diff != "" {
		t.Errorf("findings by file (-want +got):\n%s", diff)
	}
}

// TestLoadBounds: what is too large is said, not read.
func TestLoadBounds(t *testing.T) {
	files := baseFiles(t)
	files["units/stor.cue"] = &fstest.MapFile{Data: bytes.Repeat([]byte("\n"), 64<<20+1)}
	files["stor.csv"] = &fstest.MapFile{Data: bytes.Repeat([]byte("\n"), 8<<20+1)}
	_, found, err := org.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Position))
	}
	if diff := cmp.Diff([]string{"warning not-searched stor.csv", "error too-large units/stor.cue"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLoadFollowsNoLink: a link leads out of the repository, to a file without an end.
func TestLoadFollowsNoLink(t *testing.T) {
	for _, name := range []string{"cue.mod", "cue.mod/module.cue", schema.VendorDir, schema.VendorDir + "/unit.cue", "units/x.cue", "people"} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, baseFiles(t)); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/zero", at); err != nil {
			t.Skip("no links here:", err)
		}
		_, found, err := org.Load(os.DirFS(dir))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		said := slices.ContainsFunc(found, func(d schema.Diagnostic) bool { return d.Code == "not-a-file" && d.Position.File == name })
		if want := name != "people"; said != want { // a folder that is a link is not there, as for cue
			t.Errorf("%s: said %t, want %t: %v", name, said, want, found)
		}
	}
}

// TestLoadFileNames: the name of a file cannot write to the log of whoever checks it.
func TestLoadFileNames(t *testing.T) {
	for _, name := range []string{"units/\x1b[2Jx.cue", "units/a\nb.cue", "noter\r.txt"} {
		files := baseFiles(t)
		files[name] = &fstest.MapFile{Data: []byte("units: {\n")}
		_, found, err := org.Load(files)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].Code != "file-name" || found[0].Position.File != strconv.Quote(name) {
			t.Errorf("%q: %+v", name, found)
		}
	}
}

// TestLoadGivesWhatCouldBeRead: one broken entry costs only itself.
func TestLoadGivesWhatCouldBeRead(t *testing.T) {
	files := baseFiles(t)
	files["units/vej.cue"] = &fstest.MapFile{Data: []byte(`package org

units: {"vej": {uuid: "x"}}
units: {"park": {uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a50", name: "Park", parent: "vej", type: "afdeling", from: "2007-01-01"}}
`)}
	o, found, err := org.LoadAndCheck(files, today)
	if err != nil {
		t.Fatal(err)
	}
	if o.Unit("vej") != nil || o.Unit("park") == nil || o.Person("p7k3f9q") == nil {
		t.Error("the wrong entries are there")
	}
	for _, d := range found {
		if d.Position.Line != 3 {
			t.Errorf("a finding that is not about the broken entry: %v", d)
		}
	}
	if len(found) == 0 {
		t.Error("no finding")
	}
}

func BenchmarkLoad(b *testing.B) {
	files := baseFiles(b)
	for i := range 3000 {
		key := fmt.Sprintf("b%05d", i)
		files[fmt.Sprintf("people/b%d/%s.cue", i%10, key)] = &fstest.MapFile{Data: fmt.Appendf(nil, `package org

people: {%q: {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b%08x"
	name: {given: "Bo", surname: "Kjær"}
	addresses: {phone: "+4544332211", email: "%s@korsbaek.example"}
	engagements: "a": {unit: "skolen", title: "laerer", type: "maanedsloen", fraction: 0.8, from: "2020-08-01"}
	accounts: "ad": {name: %q}
}}
`, key, i, key, key)}
	}
	b.ReportAllocs()
	for b.Loop() {
		o, found, err := org.LoadAndCheck(files, today)
		if err != nil || schema.HasErrors(found) || len(o.People) != 3002 {
			b.Fatalf("%v, %d people, %v", err, len(o.People), found)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/3002, "µs/person")
}
