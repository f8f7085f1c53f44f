package opus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/opus"
)

// The tests of this file are the lines of shared/samples/payroll/README.md, one each.

const (
	first  = "ZLPE20260901224012_delta.xml"
	second = "ZLPE20260902224015_delta.xml"
)

func night(t *testing.T, name string) *source.Extract {
	t.Helper()
	f, err := os.Open(filepath.Join(testshared.Dir(t), "samples", "payroll", "opus", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	x, err := opus.Read(f, f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// unit writes a unit in a line.
func unit(x *source.Extract, id string) string {
	for _, u := range x.Units {
		if u.ID == id {
			s := u.States[0]
			return fmt.Sprintf("%s (%s) under %s, %s to %s, type %s, %v %v", s.Name, s.ShortName, s.Parent, s.From, s.To, s.Type, s.Numbers, s.Addresses)
		}
	}
	return ""
}

// person gives the person of an employment.
func person(x *source.Extract, number string) (source.Person, source.Engagement, bool) {
	for _, p := range x.People {
		for _, e := range p.Engagements {
			if e.Number == number {
				return p, e, true
			}
		}
	}
	return source.Person{}, source.Engagement{}, false
}

// job writes an employment in a line.
func job(x *source.Extract, number string) string {
	p, e, found := person(x, number)
	if !found {
		return ""
	}
	text := p.ID + ":"
	for _, s := range p.States {
		text += " " + s.Given + " " + s.Surname
	}
	for _, s := range e.States {
		text += fmt.Sprintf(", %s %s in %s from %s to %s, type %s, %v", s.TitleCode, s.Title, s.Unit, s.From, s.To, s.Type, s.Fraction)
	}
	return text
}

func leader(x *source.Extract, unit string) string {
	var list []string
	for _, l := range x.Leaders {
		if s := l.States[0]; s.Unit == unit {
			list = append(list, fmt.Sprintf("%s by %s level %s from %s to %s", s.Person, s.Engagement, s.Level, s.From, s.To))
		}
	}
	return strings.Join(list, "; ")
}

// notes gives the codes of the notes on a record.
func notes(x *source.Extract, record string) []string {
	var codes []string
	for _, n := range x.Notes {
		if n.Record == record {
			codes = append(codes, n.Code)
		}
	}
	return codes
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func TestNightsAreWholeFiles(t *testing.T) {
	one, two := night(t, first), night(t, second)
	if one.Day != "2026-09-01" || two.Day != "2026-09-02" {
		t.Errorf("the days are %s and %s", one.Day, two.Day)
	}
	ids := func(x *source.Extract) string {
		var list []string
		for _, u := range x.Units {
			list = append(list, "unit "+u.ID)
			expect(t, "the code of unit "+u.ID, u.States[0].Code, u.ID)
		}
		for _, p := range x.People {
			for _, e := range p.Engagements {
				list = append(list, e.ID)
			}
		}
		return strings.Join(list, " ")
	}
	expect(t, "night 1", ids(one), "unit 1 unit 20 unit 21 unit 22 unit 30 1001 1002 1003 1004 1005 1007 1008 998")
	expect(t, "night 2", ids(two), "unit 1 unit 20 unit 21 unit 22 unit 30 unit 31 1001 1002 1003 1005 1007 1008 1009 998")
	want := []source.Class{
		{Kind: "unitType", ID: "00000", Name: "Organisation"}, {Kind: "unitType", ID: "00001", Name: "Direktørområde"},
		{Kind: "unitType", ID: "00002", Name: "Afdeling"}, {Kind: "unitType", ID: "00003", Name: "Institution"},
	}
	got := slices.DeleteFunc(slices.Clone(one.Classes), func(c source.Class) bool { return c.Kind != "unitType" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types of units (-want +got):\n%s", diff)
	}
}

func TestUnit22MovesAndGetsAnAddress(t *testing.T) {
	expect(t, "night 1", unit(night(t, first), "22"), "Åboulevardens Børnehus (BH-ÅBO) under 20, 2018-01-01 to , type , map[] map[]")
	expect(t, "night 2", unit(night(t, second), "22"), "Åboulevardens Børnehus (BH-ÅBO) under 30, 2018-01-01 to , type , map[] map[post:Å Boulevard 2, 9998 Testkøbing]")
}

func TestUnit30IsRenamed(t *testing.T) {
	rest := " (IT) under 1, 2018-01-01 to , type 00002, map[cvr:29190000 ean:5790000000001 p:1000000001 se:29190000] map[phone:+4599980030 post:Rådhuspladsen 1, 9998 Testkøbing]"
	expect(t, "night 1", unit(night(t, first), "30"), "IT og Digitalisering"+rest)
	expect(t, "night 2", unit(night(t, second), "30"), "Digitalisering og IT"+rest)
}

func TestUnit31StartsInTheFuture(t *testing.T) {
	expect(t, "night 1", unit(night(t, first), "31"), "")
	expect(t, "night 2", unit(night(t, second), "31"), "Drift (IT-DRIFT) under 30, 2026-10-01 to , type 00004, map[cvr:29190000 ean:5790000000001 p:1000000001 se:29190000] map[]")
}

func TestEmployee1001IsUnchanged(t *testing.T) {
	for _, name := range []string{first, second} {
		x := night(t, name)
		expect(t, name, job(x, "1001"), "1001: Åse Bjørk Østergård, 900 Direktør in 20 from 2015-01-01 to , type 01, 1")
		expect(t, name, leader(x, "20"), "1001 by 1001 level 1.00 from  to ")
		p, _, _ := person(x, "1001")
		if diff := cmp.Diff(map[string]string{"phone": "+4599980021", "email": "aoe@testkoebing.example"}, p.States[0].Addresses); diff != "" {
			t.Errorf("%s: addresses (-want +got):\n%s", name, diff)
		}
		if len(p.Accounts) != 1 || p.Accounts[0].Name != "AASEO" || p.Accounts[0].System != "opus" {
			t.Errorf("%s: the accounts are %+v", name, p.Accounts)
		}
		if p.CPR.Digits() != "0101700000" {
			t.Errorf("%s: not the CPR number of the file", name)
		}
	}
}

func TestTheLeadershipGoesFrom1002To1003(t *testing.T) {
	one, two := night(t, first), night(t, second)
	expect(t, "night 1", leader(one, "21"), "1002 by 1002 level 3.01 from  to ")
	expect(t, "night 2", leader(two, "21"), "1003 by 1003 level 3.01 from  to ")
	expect(t, "1002 in night 2", job(two, "1002"), "1002: Jens Sørensen Ærø, 910 Lærer in 21 from 2018-08-01 to , type 01, 1")
	expect(t, "1003 in night 1", job(one, "1003"), "1003: Mia Holm, 910 Lærer in 21 from 2021-08-01 to , type 01, 0.8108")
	expect(t, "1003 in night 2", job(two, "1003"), "1003: Mia Holm Ny, 901 Skoleleder in 21 from 2021-08-01 to , type 01, 1")
	for _, p := range one.People {
		if len(p.Associations) > 0 || strings.Contains(fmt.Sprintf("%+v", p), "DLF") {
			t.Errorf("a function was read: %+v", p)
		}
	}
}

func TestEmployees1003And1004AreOnePerson(t *testing.T) {
	p, _, _ := person(night(t, first), "1004")
	var numbers []string
	for _, e := range p.Engagements {
		numbers = append(numbers, e.Number)
	}
	if diff := cmp.Diff([]string{"1003", "1004"}, numbers); diff != "" || p.ID != "1003" {
		t.Errorf("person %s (-want +got):\n%s", p.ID, diff)
	}
}

// TestEmployee1004Vanishes: gone without a row of its own. That it was annulled is for those
// to say who compare.
func TestEmployee1004Vanishes(t *testing.T) {
	expect(t, "night 1", job(night(t, first), "1004"), "1003: Mia Holm, 911 Pædagogmedhjælper in 22 from 2025-01-01 to , type 03, 0.1892")
	expect(t, "night 2", job(night(t, second), "1004"), "")
}

func TestEmployee1005IsShielded(t *testing.T) {
	one, two := night(t, first), night(t, second)
	for _, x := range []*source.Extract{one, two} {
		p, _, _ := person(x, "1005")
		if !p.States[0].Shielded || len(p.States[0].Addresses) > 0 || strings.Contains(fmt.Sprintf("%+v", x), "Hemmeligvej") {
			t.Errorf("not shielded: %+v", p)
		}
	}
	expect(t, "night 1", job(one, "1005"), "1005: Bo Beskyttet, 920 Systemadministrator in 30 from 2020-01-01 to , type 01, 1")
	expect(t, "night 2", job(two, "1005"), "1005: Bo Beskyttet, 920 Systemadministrator in 31 from 2020-01-01 to , type 01, 1")
	if diff := cmp.Diff([]string{"unit-days"}, notes(two, "employee 1005")); diff != "" {
		t.Errorf("notes on the move to the unit of the future (-want +got):\n%s", diff)
	}
}

func TestEmployee1006IsSkipped(t *testing.T) {
	for _, name := range []string{first, second} {
		x := night(t, name)
		expect(t, name, job(x, "1006"), "")
		if diff := cmp.Diff([]string{"pension"}, notes(x, "employee 1006")); diff != "" {
			t.Errorf("%s: notes (-want +got):\n%s", name, diff)
		}
	}
}

func TestEmployee1007StartsInTheFuture(t *testing.T) {
	for _, name := range []string{first, second} {
		expect(t, name, job(night(t, name), "1007"), "1007: Ny Medarbejder, 921 IT-konsulent in 30 from 2026-10-01 to , type 01, 1")
	}
}

func TestEmployee1008Leaves(t *testing.T) {
	one, two := night(t, first), night(t, second)
	expect(t, "night 1", job(one, "1008"), "1008: Knud Kort, 922 Vikar in 30 from 2026-06-01 to 2026-09-30, type 03, 1")
	_, e, _ := person(two, "1008")
	if !e.EndsOnly() || e.States[0].To != "2026-09-02" {
		t.Errorf("night 2: %+v", e)
	}
}

func TestEmployee1009IsNew(t *testing.T) {
	expect(t, "night 1", job(night(t, first), "1009"), "")
	expect(t, "night 2", job(night(t, second), "1009"), "1009: Søren Ågård-Müller, 912 Pædagog in 22 from 2026-09-15 to , type 01, 1")
}

// TestLeaveRow998IsRepeated: the row says the same in both files, but for the file's day: that
// the employment is over.
func TestLeaveRow998IsRepeated(t *testing.T) {
	for name, day := range map[string]org.Day{first: "2026-09-01", second: "2026-09-02"} {
		x := night(t, name)
		p, e, found := person(x, "998")
		if !found || !e.EndsOnly() || e.States[0].To != day || len(p.States) > 0 || p.CPR != (source.Number{}) || len(notes(x, "employee 998")) > 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
