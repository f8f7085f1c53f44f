package intake_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/repository"
	"orgit.dk/orgit/schema"
)

const today = org.Day("2026-11-25")

// newRepository is what a first load begins with.
func newRepository(t testing.TB, settings string) fstest.MapFS {
	t.Helper()
	return fstest.MapFS{
		"cue.mod/module.cue": {Data: []byte("module: \"korsbaek.example/organisation\"\nlanguage: version: \"" + schema.LanguageVersion + "\"\n")},
		"organisation.cue": {Data: []byte("package org\n\nimport \"orgit.dk/schema\"\n\n" + schema.Binding + `
name: "Korsbæk Kommune"
cvr: "99189703"
review: group: ["lone", "per", "ida"]
` + settings)},
		"classes.cue":        {Data: []byte("package org\n\nclasses: {unitTypes: kommune: name: \"Kommune\", titles: {}, engagementTypes: {}, associationTypes: {}, managerRoles: {}, kle: {}}\n")},
		"units/kommunen.cue": {Data: []byte("package org\n\nunits: {\"kommunen\": {uuid: \"9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33\", name: \"Korsbæk Kommune\", type: \"kommune\", from: \"2007-01-01\"}}\n")},
	}
}

func load(t testing.TB, fsys fs.FS) (*org.Organisation, []schema.Diagnostic) {
	t.Helper()
	o, findings, err := org.LoadAndCheck(fsys, today)
	if err != nil {
		t.Fatal(err)
	}
	return o, slices.DeleteFunc(findings, func(d schema.Diagnostic) bool { return d.Code == "schema-copy" })
}

// first takes a town in and gives the repository that it makes.
func first(t *testing.T, fsys fstest.MapFS, town intake.Town, since org.Day) (*intake.Result, *org.Organisation, []schema.Diagnostic) {
	t.Helper()
	o, findings := load(t, fsys)
	if schema.HasErrors(findings) {
		t.Fatalf("the new repository: %v", findings)
	}
	result, err := intake.First(o, fsys, town, intake.Options{Day: today, Since: since})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range result.Files {
		fsys[name] = &fstest.MapFile{Data: text}
	}
	made, findings := load(t, fsys)
	return result, made, findings
}

// alone makes a town of one extract.
func alone(x *source.Extract) intake.Town {
	town := intake.Town{Extracts: []*source.Extract{x}}
	for i := range x.Units {
		town.Units = append(town.Units, intake.Cluster{{Index: i}})
	}
	for i := range x.People {
		town.People = append(town.People, intake.Cluster{{Index: i}})
	}
	return town
}

// TestTheSampleComesBack: the sample municipality, taken in from an extract of itself, is the same one: everybody has the
// same identity, name, jobs, accounts and leaders on every day, under other keys.
func TestTheSampleComesBack(t *testing.T) {
	was, findings, err := org.Load(korsbaek.Files())
	if err != nil || schema.HasErrors(findings) {
		t.Fatalf("load: %v %v", err, findings)
	}
	x, err := repository.Extract(was, repository.Options{Source: "gammel", Name: "Korsbæk", Day: today})
	if err != nil {
		t.Fatal(err)
	}
	var systems strings.Builder
	fsys := newRepository(t, "")
	for _, s := range was.Systems {
		fmt.Fprintf(&systems, "systems: {%q: {uuid: %q, name: %q}}\n", s.Key, s.UUID, s.Name)
	}
	fsys["systems/alle.cue"] = &fstest.MapFile{Data: []byte("package org\n\n" + systems.String())}
	result, is, findings := first(t, fsys, alone(x), "")
	for _, d := range findings {
		if d.Severity == schema.Error {
			t.Errorf("%s", d)
		}
	}
	for _, f := range result.Findings {
		t.Logf("%s %s %s", f.Code, f.Origin, f.Text)
	}
	for _, day := range []org.Day{"2015-01-01", "2026-11-25", "2026-12-31", "2027-08-01"} {
		if diff := cmp.Diff(told(was.On(day), was.Settings.Classes.ManagerRoles), told(is.On(day), is.Settings.Classes.ManagerRoles)); diff != "" {
			t.Errorf("%s (-was +is):\n%s", day, diff)
		}
	}
}

// told tells what a day looks like, without keys.
func told(v *org.View, roles map[string]org.Class) []string {
	var out []string
	name := func(u *org.UnitView) string {
		if u == nil || u.Above == nil {
			return "root"
		}
		return string(u.UUID)
	}
	for _, u := range v.Units() {
		if u.Above == nil {
			continue
		}
		line := fmt.Sprintf("unit %s %s below %s", u.UUID, u.Name, name(u.Above))
		out = append(out, line)
		for _, m := range u.Managers {
			out = append(out, fmt.Sprintf("unit %s led in role %s, vacant %t, since %s", u.UUID, roles[m.Role].Name, m.Vacant, m.From))
		}
	}
	for _, s := range v.Staff() {
		out = append(out, fmt.Sprintf("person %s %s %s shielded %t %v", s.UUID, s.Name.Full(), s.Addresses["email"], s.Shielded, s.Addresses["phone"]))
		for _, p := range s.Posts {
			line := fmt.Sprintf("post %s of %s in %s leave %t", p.UUID(), s.UUID, name(p.Unit), p.Leave != nil)
			if p.Engagement != nil {
				e := p.Engagement.At(v.Day)
				line += fmt.Sprintf(" %v %v %v", e.Fraction, e.Primary, e.Payroll != nil)
			}
			out = append(out, line)
		}
		for _, u := range s.Leads() {
			out = append(out, fmt.Sprintf("person %s leads %s", s.UUID, name(u)))
		}
	}
	slices.Sort(out)
	return out
}
