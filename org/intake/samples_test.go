package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/opus"
	"orgit.dk/orgit/org/source/sd"
	"orgit.dk/orgit/schema"
)

// payrollOwns makes payroll's sample files belong to a repository.
const payrollOwns = `sources: opus: {
	kind: "opus"
	name: "OPUS"
	owns: ["name", "shielded", "hire", "leave", "unit", "title", "type", "fraction", "manager", "unitName", "unitPlace"]
}
`

// night reads one of the two nights of the samples.
func nightOf(t *testing.T, name string) *source.Extract {
	t.Helper()
	f, err := os.Open(filepath.Join(testshared.Dir(t), "samples", "payroll", "opus", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	x, err := opus.Read(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestPayrollSamples: the first night of the samples fills a repository, and the second one proposes and asks what their
// README says, line by line. What has been carried out is not proposed again.
func TestPayrollSamples(t *testing.T) {
	fsys := newRepository(t, payrollOwns)
	fsys["organisation.cue"].Data = bytes.Replace(fsys["organisation.cue"].Data, []byte("Korsbæk"), []byte("Testkøbing"), 1)
	o, findings := load(t, fsys)
	if schema.HasErrors(findings) {
		t.Fatal(findings)
	}
	result, err := intake.First(o, fsys, alone(nightOf(t, "ZLPE20260901224012_delta.xml")), intake.Options{Day: "2026-09-01", Since: "2026-09-01"})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range result.Files {
		fsys[name] = &fstest.MapFile{Data: text}
	}
	made, findings := load(t, fsys)
	for _, d := range findings {
		if d.Severity == schema.Error && d.Code != "ean-check-digit" { // those of the samples are made up
			t.Errorf("after the first night: %s", d)
		}
	}
	if diff := cmp.Diff([]string{
		"1001 Åse Bjørk Østergård in boern-og-unge leads boern-og-unge from 2015-01-01",
		"1002 Jens Sørensen Ærø in oesterskolen leads oesterskolen from 2018-08-01",
		"1003 Mia Holm in oesterskolen from 2021-08-01",
		"1004 Mia Holm in aaboulevardens-boernehus from 2025-01-01",
		"1005 Bo Beskyttet (shielded) in it-og-digitalisering from 2020-01-01",
		"1007 Ny Medarbejder in it-og-digitalisering from 2026-10-01",
		"1008 Knud Kort in it-og-digitalisering from 2026-06-01 to 2026-09-30",
	}, jobsOf(made)); diff != "" {
		t.Errorf("the first night (-want +got):\n%s", diff)
	}
	if len(result.Numbers) != 6 {
		t.Errorf("%d CPR numbers, want one for each of six people", len(result.Numbers))
	}

	second := nightOf(t, "ZLPE20260902224015_delta.xml")
	proposed, err := intake.Nightly(made, second, intake.NightOptions{Today: "2026-09-02", Most: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	keys := keysByNumber(made)
	got := lines(proposed)
	for i, line := range got {
		for number, key := range keys {
			line = strings.ReplaceAll(line, key, number)
		}
		got[i] = line
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"appoint 1003 oesterskolen 2026-09-02",          // instead of 1002
		"ask title  Pædagog",                            // 1009 is new, with a title that nobody has had
		"ask unit  Drift (31)",                          // new, of a type that no unit has had, and begins later
		"ask unit 1005 Drift (31)|it-og-digitalisering", // moves there
		"ask vanished 1003 1004|b",                      // annulled?
		"fraction 1003 a 2026-09-02 1",                  //
		"leave 1008 a 2026-09-02",                       // the row says so, and the day is the file's
		"move-unit  aaboulevardens-boernehus it-og-digitalisering 2026-09-02",
		"name 1003 2026-09-02 Mia Holm Ny",
		"rename-unit  it-og-digitalisering 2026-09-02 Digitalisering og IT",
		"title 1002 a laerer 2026-09-02",
		"title 1003 a skoleleder 2026-09-02",
	}, got); diff != "" {
		t.Errorf("the second night (-want +got):\n%s", diff)
	}
}

// jobsOf tells who works where.
func jobsOf(o *org.Organisation) (out []string) {
	for _, p := range o.People {
		for _, e := range p.Engagements {
			line := fmt.Sprintf("%s %s", e.Payroll.Number, p.Name.Full())
			if p.Shielded {
				line += " (shielded)"
			}
			line += " in " + e.Unit
			for _, u := range o.Units {
				for _, m := range u.Managers {
					if m.Person == p.Key && e.Unit == u.Key {
						line += " leads " + u.Key
					}
				}
			}
			line += " from " + string(e.From)
			if e.To != "" {
				line += " to " + string(e.To)
			}
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

func keysByNumber(o *org.Organisation) map[string]string {
	keys := map[string]string{}
	for _, p := range o.People {
		keys[p.Engagements[0].Payroll.Number] = p.Key
	}
	return keys
}

// TestSDSamples: the saved answers of SD-Løn fill a repository: the units with their place, also those that have no leaf below
// them, everybody who works there or will, and nobody who has left.
func TestSDSamples(t *testing.T) {
	dir := filepath.Join(testshared.Dir(t), "samples", "payroll", "sd")
	x, err := sd.Read(t.Context(), sd.Folder{Files: os.DirFS(dir)}, sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}, Since: "2026-09-01", SkipUnits: regexp.MustCompile(`^Ø`)})
	if err != nil {
		t.Fatal(err)
	}
	fsys := newRepository(t, `sources: sd: {kind: "sd", name: "SD-Løn", owns: ["name", "hire", "leave", "unit", "title", "type", "fraction", "absence"]}`+"\n")
	o, findings := load(t, fsys)
	if schema.HasErrors(findings) {
		t.Fatal(findings)
	}
	result, err := intake.First(o, fsys, alone(x), intake.Options{Day: "2026-09-01", Since: "2026-09-01"})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range result.Files {
		fsys[name] = &fstest.MapFile{Data: text}
	}
	made, findings := load(t, fsys)
	for _, d := range findings {
		if d.Severity == schema.Error {
			t.Errorf("%s", d)
		}
	}
	if diff := cmp.Diff([]string{
		"11002 - - in laerere-oesterskolen from 2018-08-01", // the answer about people is of one person alone
		"11003 Mia Holm in laerere-oesterskolen from 2021-08-01 to 2026-12-31",
		"11006 - - in paedagoger-oesterskolen from 2010-01-01",
		"21003 Mia Holm in paedagoger-oesterskolen from 2025-01-01",
	}, jobsOf(made)); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
	var units []string
	for _, u := range made.Units {
		units = append(units, fmt.Sprintf("%s %v below %q", u.Key, u.Sources["sd"], u.Parent))
	}
	if diff := cmp.Diff([]string{
		`boern-og-unge [BUOM] below "kommunen"`,
		`kommunen [TOPP] below ""`,
		`laerere-oesterskolen [SKLA] below "oesterskolen-og-sfo"`,
		`oesterskolen-og-sfo [SKOL] below "boern-og-unge"`,
		`paedagoger-oesterskolen [SKPA] below "oesterskolen-og-sfo"`,
		`projekt-uden-afdelinger [TOMM] below "boern-og-unge"`,
	}, units); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
	again, err := intake.Nightly(made, x, intake.NightOptions{Today: "2026-09-01", Most: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(again); len(got) > 0 {
		t.Errorf("the same night: %s", strings.Join(got, "\n"))
	}
}
