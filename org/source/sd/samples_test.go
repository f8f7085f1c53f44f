package sd_test

import (
	"context"
	"errors"
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
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/sd"
)

// The tests of this file are the lines of shared/samples/payroll/README.md, one for each file
// of answers. (The bodies of SD's queues, amqp-events.json, are not read: a nightly read asks
// for everything.)

const (
	topp = "7c832443-0006-5fee-8ab2-fff34b25ba2d"
	buom = "097ccde9-633c-5903-80b9-98959f875215"
	skol = "e90fc091-dd45-51ad-a8c3-c59054b0faf5"
	skla = "41f4a248-aa9e-5a4f-ae39-3efcf33eb773"
	skpa = "59bbaaa4-9f30-51ae-b077-a3e26f55b7ac"
	tomm = "148bb541-0521-5d14-8959-eee324126b95"
)

// samples gives the saved answers as files that a test may change.
func samples(t *testing.T) fstest.MapFS {
	t.Helper()
	dir := filepath.Join(testshared.Dir(t), "samples", "payroll", "sd")
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: text}
	}
	return files
}

func options() sd.Options {
	return sd.Options{Day: "2026-09-01", Institutions: []string{"TA"}, Since: "2026-09-01", SkipUnits: regexp.MustCompile(`^Ø`)}
}

func extract(t *testing.T, files fstest.MapFS, o sd.Options) *source.Extract {
	t.Helper()
	x, err := sd.Read(context.Background(), sd.Folder{Files: files}, o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func engagement(t *testing.T, x *source.Extract, number string) (source.Person, source.Engagement) {
	t.Helper()
	for _, p := range x.People {
		for _, e := range p.Engagements {
			if e.Number == number {
				if e.Institution != "TA" || e.ID != "TA/"+number {
					t.Errorf("engagement %s is %s of institution %s", number, e.ID, e.Institution)
				}
				return p, e
			}
		}
	}
	t.Fatalf("there is no engagement %s", number)
	return source.Person{}, source.Engagement{}
}

func code(x *source.Extract, id string) string {
	for _, u := range x.Units {
		if u.ID == id {
			return u.States[0].Code
		}
	}
	return id
}

// states writes what an engagement is in each period.
func states(x *source.Extract, e source.Engagement) []string {
	var list []string
	for _, s := range e.States {
		list = append(list, fmt.Sprintf("%s to %s: %s %s in %s, %s %v", s.From, s.To, s.TitleCode, s.Title, code(x, s.Unit), s.Type, s.Fraction))
	}
	return list
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func notes(x *source.Extract, record string) []string {
	var codes []string
	for _, n := range x.Notes {
		if n.Record == record {
			codes = append(codes, n.Code)
		}
	}
	return codes
}

func TestGetInstitution(t *testing.T) {
	files := samples(t)
	extract(t, files, options())
	o := options()
	o.Institutions = []string{"TB"}
	_, err := sd.Read(context.Background(), sd.Folder{Files: files}, o)
	if err == nil || !strings.Contains(err.Error(), "institution TB: ask GetInstitution20111201: there is no saved answer") {
		t.Errorf("another institution: %v", err)
	}
	files["GetInstitution20111201.xml"].Data = []byte(strings.ReplaceAll(string(files["GetInstitution20111201.xml"].Data), "<Institution>", "<Department>"))
	files["GetInstitution20111201.xml"].Data = []byte(strings.ReplaceAll(string(files["GetInstitution20111201.xml"].Data), "</Institution>", "</Department>"))
	if _, err := sd.Read(context.Background(), sd.Folder{Files: files}, options()); err == nil || !strings.Contains(err.Error(), "institution TA: SD does not know it") {
		t.Errorf("an answer without the institution: %v", err)
	}
}

func TestGetDepartment(t *testing.T) {
	x := extract(t, samples(t), options())
	var got []string
	for _, u := range x.Units {
		for _, s := range u.States {
			got = append(got, fmt.Sprintf("%s %s, %s, %s to %s, %v %v", s.Code, s.Name, s.Level, s.From, s.To, s.Numbers, s.Addresses))
		}
		if string(u.UUID) != u.ID {
			t.Errorf("the UUID of unit %s is %s", u.ID, u.UUID)
		}
	}
	slices.Sort(got)
	expect(t, "units", got,
		"BUOM Børn og Unge, NY5-niveau, 2018-01-01 to , map[] map[]",
		"SKLA Lærere Østerskolen, Afdelings-niveau, 2018-01-01 to , map[] map[post:Skolegade 5, 9998 Testkøbing]",
		"SKOL Østerskolen og SFO, NY2-niveau, 2024-08-01 to , map[p:1000000021] map[email:oesterskolen@testkoebing.example phone:+4599980100 post:Skolegade 5, 9998 Testkøbing]",
		"SKOL Østerskolen, NY2-niveau, 2018-01-01 to 2024-07-31, map[] map[post:Skolegade 5, 9998 Testkøbing]",
		"SKPA Pædagoger Østerskolen, Afdelings-niveau, 2018-01-01 to , map[] map[post:Skolegade 5, 9998 Testkøbing]",
		"TOMM Projekt uden afdelinger, NY1-niveau, 2018-01-01 to , map[] map[]",
		"TOPP Testkøbing Kommune, NY6-niveau, 2018-01-01 to , map[] map[]",
	)
}

// TestGetDepartmentUnfiltered: without the pattern the unit that is over is there. Nobody asks
// where it lies.
func TestGetDepartmentUnfiltered(t *testing.T) {
	o := options()
	o.SkipUnits = nil
	x := extract(t, samples(t), o)
	i := slices.IndexFunc(x.Units, func(u source.Unit) bool { return u.States[0].Code == "Ø001" })
	if i < 0 || x.Units[i].States[0].To != "2023-12-31" || x.Units[i].States[0].Parent != "" {
		t.Errorf("unit Ø001 is not as told: %+v", x.Units)
	}
	expect(t, "notes on roots", notes(x, ""), "part")
}

func parents(x *source.Extract) []string {
	var list []string
	for _, u := range x.Units {
		list = append(list, u.States[0].Code+" under "+code(x, u.States[0].Parent))
	}
	slices.Sort(list)
	return list
}

func TestGetOrganizationAndGetDepartmentParent(t *testing.T) {
	expect(t, "places", parents(extract(t, samples(t), options())),
		"BUOM under TOPP", "SKLA under SKOL", "SKOL under BUOM", "SKPA under SKOL", "TOMM under BUOM", "TOPP under ")
}

// TestParentsToTheRoot: where the structure lacks a whole branch, each unit of it is asked
// for, up to the institution.
func TestParentsToTheRoot(t *testing.T) {
	files := samples(t)
	files["GetOrganization20111201.xml"].Data = regexp.MustCompile(`(?s)<DepartmentReference>.*</DepartmentReference>`).ReplaceAll(files["GetOrganization20111201.xml"].Data, nil)
	for unit, above := range map[string]string{skla: skol, skpa: skol, skol: buom, buom: topp, topp: "43399a44-4c3e-525d-b137-60875021b5c2"} {
		files["GetDepartmentParent20190701-"+unit+".xml"] = parent(unit, above)
	}
	expect(t, "places", parents(extract(t, files, options())),
		"BUOM under TOPP", "SKLA under SKOL", "SKOL under BUOM", "SKPA under SKOL", "TOMM under BUOM", "TOPP under ")
	files["GetDepartmentParent20190701-"+topp+".xml"] = parent(topp, skol)
	x := extract(t, files, options())
	var circles []string
	for _, n := range x.Notes {
		if n.Code == "circle" {
			circles = append(circles, n.Record)
		}
	}
	expect(t, "circles", circles, "unit BUOM")
}

func parent(unit, above string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(`<GetDepartmentParent20190701><RequestStructure><EffectiveDate>2026-09-01</EffectiveDate><DepartmentUUIDIdentifier>` + unit +
		`</DepartmentUUIDIdentifier></RequestStructure><DepartmentParent><DepartmentUUIDIdentifier>` + above + `</DepartmentUUIDIdentifier></DepartmentParent></GetDepartmentParent20190701>`)}
}

func TestGetEmployment(t *testing.T) {
	x := extract(t, samples(t), options())
	_, leader := engagement(t, x, "11002")
	expect(t, "11002, status 1", states(x, leader), "2018-08-01 to : 1040 Skoleleder in SKLA, monthly 1")
	p, hours := engagement(t, x, "21003")
	expect(t, "21003, status 0", states(x, hours), "2025-01-01 to : 1060  in SKPA, hourly 0.1892")
	if p.ID != "TA/11003" || len(p.Engagements) != 2 || p.CPR.Digits() != "0303900002" {
		t.Errorf("11003 and 21003 are not one person: %+v", p)
	}
	_, away := engagement(t, x, "11006")
	expect(t, "11006, status 3", states(x, away), "2010-01-01 to : 1060 Pædagog in SKPA, monthly 1")
	if len(away.Leaves) != 1 || away.Leaves[0].From != "2026-03-01" || away.Leaves[0].To != "2026-11-30" {
		t.Errorf("the leave of 11006 is %+v", away.Leaves)
	}
	expect(t, "notes on 11006, of which nothing is said after the leave", notes(x, "employment TA/11006"), "status", "name")
	_, left := engagement(t, x, "11008")
	expect(t, "11008, status 8", states(x, left), "2020-01-01 to 2026-06-30: 1060 Pædagog in SKPA, monthly 1")
}

func TestGetEmploymentChanged(t *testing.T) {
	o := options()
	o.Since = ""
	x := extract(t, samples(t), o)
	_, e := engagement(t, x, "11003")
	expect(t, "11003", states(x, e),
		"2021-08-01 to 2026-10-31: 1050 Lærer in SKLA, monthly 0.8108", "2026-11-01 to 2026-12-31: 1040 Souschef in SKPA, monthly 0.8108")
}

func TestGetEmploymentChangedAtDate(t *testing.T) {
	files := samples(t)
	files["GetEmploymentChanged20111201.xml"].Data = regexp.MustCompile(`(?s)<Person>.*</Person>`).ReplaceAll(files["GetEmploymentChanged20111201.xml"].Data, nil)
	x := extract(t, files, options())
	_, e := engagement(t, x, "11003")
	expect(t, "11003", states(x, e),
		"2021-08-01 to 2026-10-31: 1050 Lærer in SKLA, monthly 0.8108", "2026-11-01 to 2026-12-31: 1040 Souschef in SKPA, monthly 0.8108")
	p, deleted := engagement(t, x, "11010")
	if !deleted.Annulled || len(deleted.States) > 0 || len(p.States) > 0 {
		t.Errorf("11010 is not annulled: %+v", p)
	}
}

func TestGetPerson(t *testing.T) {
	x := extract(t, samples(t), options())
	p, _ := engagement(t, x, "11003")
	if s := p.States[0]; s.Given != "Mia" || s.Surname != "Holm" || s.Shielded {
		t.Errorf("the person is %+v", p)
	}
	if diff := cmp.Diff(map[string]string{"email": "mia.holm@testkoebing.example"}, p.States[0].Addresses); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	for _, private := range []string{"Egevej", "99980201", "00000000", "Empty@Empty"} {
		if strings.Contains(fmt.Sprintf("%+v", x.People), private) {
			t.Errorf("%s was taken", private)
		}
	}
	expect(t, "notes on 11002, whom GetPerson lacks", notes(x, "employment TA/11002"), "name")
}

func TestGetProfession(t *testing.T) {
	x := extract(t, samples(t), options())
	var got []string
	for _, c := range x.Classes {
		got = append(got, c.Kind+" "+c.ID+" "+c.Name)
	}
	expect(t, "classes", got, "engagementType hourly Timeløn", "engagementType monthly Månedsløn", "title 1040 Skoleleder")
	expect(t, "notes on 21003, whose title has no name", notes(x, "employment TA/21003"), "unknown-title")
}

func TestFault(t *testing.T) {
	files := samples(t)
	files["GetEmployment20111201.xml"] = files["fault.xml"]
	_, err := sd.Read(context.Background(), sd.Folder{Files: files}, options())
	var fault *sd.Fault
	if !errors.As(err, &fault) || fault.Text != "The stated EmploymentIdentifier '11099' does not exist" || fault.Service != "GetEmployment20111201" {
		t.Errorf("got %v", err)
	}
}

// TestEachAnswerIsNeeded: the error says which file is missing.
func TestEachAnswerIsNeeded(t *testing.T) {
	for name := range samples(t) {
		if name == "fault.xml" {
			continue
		}
		files := samples(t)
		delete(files, name)
		service := strings.TrimSuffix(name, ".xml")
		x, err := sd.Read(context.Background(), sd.Folder{Files: files}, options())
		if err == nil || !strings.Contains(err.Error(), "there is no saved answer to "+service+" with ") || !strings.Contains(err.Error(), "save it as "+service+"-") || x != nil {
			t.Errorf("without %s: %v", name, err)
		}
		text := samples(t)[name].Data
		files[name] = &fstest.MapFile{Data: text[:len(text)-20]}
		if x, err := sd.Read(context.Background(), sd.Folder{Files: files}, options()); err == nil || !strings.Contains(err.Error(), "cut off") || x != nil {
			t.Errorf("with %s cut: %v", name, err)
		}
	}
}

// TestAnswersToOtherQuestions: an answer of another day, unit or span, or about less, is refused.
func TestAnswersToOtherQuestions(t *testing.T) {
	tests := []struct{ file, old, new, want string }{
		{"GetEmployment20111201.xml", "<EffectiveDate>2026-09-01", "<EffectiveDate>2026-08-01", `its EffectiveDate is "2026-08-01" and not "2026-09-01"`},
		{"GetDepartmentParent20190701.xml", tomm, buom, "no saved answer"},
		{"GetOrganization20111201.xml", "<ActivationDate>2026-09-01", "<ActivationDate>2026-09-02", "no saved answer"},
		{"GetPerson20111201.xml", "<EffectiveDate>", "<EmploymentIdentifier>11003</EmploymentIdentifier><EffectiveDate>", "not about all that was asked for"},
		{"GetEmployment20111201.xml", "<EmploymentStatusCode>8", "<EmploymentStatusCode>6", "employment TA/11008 has a status that is not known"},
		{"GetDepartment20111201.xml", "<DepartmentUUIDIdentifier>" + topp, "<DepartmentUUIDIdentifier>", "has no UUID"},
	}
	for _, test := range tests {
		files := samples(t)
		files[test.file].Data = []byte(strings.Replace(string(files[test.file].Data), test.old, test.new, 1))
		_, err := sd.Read(context.Background(), sd.Folder{Files: files}, options())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s with %s: %v", test.file, test.new, err)
		}
	}
}
