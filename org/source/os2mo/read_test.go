package os2mo_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func id(name string) string              { return os2motest.ID(name) }
func class(facet, key string) string     { return id("class " + facet + " " + key) }
func period(from, to org.Day) org.Period { return org.Period{From: from, To: to} }
func at(collection, name string) source.Origin {
	kind, _, _ := strings.Cut(name, " ")
	return source.Origin{Document: collection, Record: kind + " " + id(name)}
}

func sameNumber() cmp.Option {
	return cmp.Comparer(func(a, b source.Number) bool { return a == b })
}

func read(t *testing.T, w *world) *source.Extract {
	t.Helper()
	x, err := os2mo.Read(t.Context(), w.client, w.options())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func unitOf(t *testing.T, x *source.Extract, name string) source.Unit {
	t.Helper()
	for _, u := range x.Units {
		if u.ID == id("unit "+name) {
			return u
		}
	}
	t.Fatalf("no unit %s", name)
	return source.Unit{}
}

func personOf(t *testing.T, x *source.Extract, name string) source.Person {
	t.Helper()
	for _, p := range x.People {
		if p.ID == id("person "+name) {
			return p
		}
	}
	t.Fatalf("no person %s", name)
	return source.Person{}
}

// TestUnit: a unit that was renamed, whose addresses have periods of their own.
func TestUnit(t *testing.T) {
	state := func(from, to org.Day, name, phone string) source.UnitState {
		return source.UnitState{
			Period: period(from, to), Name: name, Code: "1100", Parent: id("unit kommune"), Type: class("org_unit_type", "skole"), Level: "NY3-niveau",
			Numbers: map[string]string{"ean": "5798001234561", "p": "1012345678"},
			Addresses: map[string]string{
				"phone": phone, "email": "skole@korsbaek.example", "web": "https://skole.korsbaek.example",
				"post": "Skolevej 1, 9999 Korsbæk", "visit": "Skolevej 1, 9999 Korsbæk",
			},
			Hidden: []string{"email", "web"},
		}
	}
	before := source.UnitState{Period: period("2010-01-01", "2019-12-31"), Name: "Østre Skole", Code: "1100", Parent: id("unit kommune"),
		Type: class("org_unit_type", "skole"), Level: "NY3-niveau"}
	first := state("2020-01-01", "2020-12-31", "Østre Skole", "+4544332211")
	first.Addresses["postSecondary"] = "Skolevej 3, 9999 Korsbæk"
	want := source.Unit{ID: id("unit skole"), UUID: org.UUID(id("unit skole")), Origin: at("org_units", "unit skole"), States: []source.UnitState{
		before, first,
		state("2021-01-01", "2025-07-31", "Østre Skole", "+4544332211"),
		state("2025-08-01", "2025-12-31", "Østre Skole og SFO", "+4544332211"),
		state("2026-01-01", "", "Østre Skole og SFO", "+4544332212"),
	}}
	x := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	if diff := cmp.Diff(want, unitOf(t, x, "skole")); diff != "" {
		t.Errorf("the school (-want +got):\n%s", diff)
	}
}

// TestTasks: KLE marks and related units have periods of their own, and a list that refers
// to what has ended is whole.
func TestTasks(t *testing.T) {
	x := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	state, _ := source.On(unitOf(t, x, "hus1").States, "2026-11-25")
	want := map[string][]string{"responsible": {"27.12.04"}, "informed": {"27.12.04"}, "performing": {"27.12.04"}}
	if diff := cmp.Diff(want, state.Tasks); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
	then, _ := source.On(unitOf(t, x, "vej").States, "2024-12-31")
	after, _ := source.On(unitOf(t, x, "vej").States, "2025-01-01")
	if diff := cmp.Diff([]string{id("unit hus2")}, then.Related); diff != "" {
		t.Errorf("related units until 2024 (-want +got):\n%s", diff)
	}
	if after.Related != nil {
		t.Errorf("related units from 2025 are %v, want none", after.Related)
	}
}

func TestPerson(t *testing.T) {
	number, err := cpr.Parse("0101701234")
	if err != nil {
		t.Fatal(err)
	}
	work := func(more ...string) map[string]string {
		m := map[string]string{"phone": "+4544335511", "email": "anne@korsbaek.example"}
		for _, mobile := range more {
			m["mobile"] = mobile
		}
		return m
	}
	job := func(from, to org.Day, fraction float64) source.EngagementState {
		return source.EngagementState{Period: period(from, to), Unit: id("unit skole"), Title: "Lærer", TitleCode: class("engagement_job_function", "1040"),
			Type: class("engagement_type", "maanedsloen"), Fraction: fraction, Primary: true}
	}
	other := func(from, to org.Day, unit string, primary bool) source.EngagementState {
		return source.EngagementState{Period: period(from, to), Unit: id("unit " + unit), Title: "Konsulent", TitleCode: class("engagement_job_function", "konsulent"),
			Type: class("engagement_type", "timeloen"), Primary: primary}
	}
	want := source.Person{
		ID: id("person anna"), UUID: org.UUID(id("person anna")), CPR: number, Origin: at("persons", "person anna"),
		States: []source.PersonState{
			{Period: period("", "2019-12-31"), Given: "Anna Marie", Surname: "Jensen"},
			{Period: period("2020-01-01", "2026-04-30"), Given: "Anna Marie", Surname: "Jensen", Addresses: work("+4520304050")},
			{Period: period("2026-05-01", "2026-05-31"), Given: "Anna Marie", Surname: "Holm", Called: "Anne Holm", Addresses: work("+4520304050")},
			{Period: period("2026-06-01", ""), Given: "Anna Marie", Surname: "Holm", Called: "Anne Holm", Addresses: work()},
		},
		Engagements: []source.Engagement{
			{
				ID: id("engagement anna1"), UUID: org.UUID(id("engagement anna1")), Number: "11003", Origin: at("engagements", "engagement anna1"),
				States: []source.EngagementState{job("2015-08-01", "2024-07-31", 0.6), job("2024-08-01", "2026-12-31", 1)},
				Leaves: []source.Leave{{Period: period("2026-12-01", "2026-12-31"), Origin: at("leaves", "leave anna twice"), UUID: org.UUID(id("leave anna twice"))}},
			},
			{
				ID: id("engagement anna2"), UUID: org.UUID(id("engagement anna2")), Number: "11004", Origin: at("engagements", "engagement anna2"),
				States: []source.EngagementState{other("2020-01-01", "2025-07-31", "vej", false), other("2025-08-01", "", "hus1", true)},
			},
		},
		Accounts: []source.Account{{
			ID: id("ituser anna"), System: "ad", Name: "annh", UUID: "5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60", Origin: at("itusers", "ituser anna"),
			Mail: "anne@korsbaek.example", Engagements: []string{id("engagement anna1")}, Former: []string{"annj"}, Period: period("2015-08-01", ""),
		}},
	}
	got := personOf(t, read(t, newWorld(t, os2motest.Korsbaek(), nil)), "anna")
	for _, l := range got.Engagements[0].Leaves { // which of the two equal leaves is kept does not matter
		want.Engagements[0].Leaves[0].UUID, want.Engagements[0].Leaves[0].Origin = l.UUID, l.Origin
	}
	if diff := cmp.Diff(want, got, sameNumber()); diff != "" {
		t.Errorf("Anna (-want +got):\n%s", diff)
	}
}

// TestLeaders: a post that becomes vacant, and a responsibility whose class has ended.
func TestLeaders(t *testing.T) {
	x := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	state := func(from, to org.Day, unit, person, engagement string, responsibilities ...string) source.LeadershipState {
		s := source.LeadershipState{Period: period(from, to), Unit: id("unit " + unit), Role: class("manager_type", "leder"), Level: "Niveau 2", Responsibilities: responsibilities}
		if person != "" {
			s.Person, s.Engagement = id("person "+person), id("engagement "+engagement)
		}
		return s
	}
	want := map[string][]source.LeadershipState{
		"manager skole":       {state("2016-01-01", "2026-10-31", "skole", "anna", "anna1", "Personaleledelse"), state("2026-11-01", "", "skole", "", "", "Personaleledelse")},
		"manager kommune":     {state("2010-01-01", "", "kommune", "bent", "bent", "Personaleledelse", "Økonomi")},
		"manager lost person": {state("2020-01-01", "", "hus1", "", "", "Personaleledelse")},
	}
	got := map[string][]source.LeadershipState{}
	for name := range want {
		for _, l := range x.Leaders {
			if l.ID == id(name) {
				got[name] = l.States
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("leaders (-want +got):\n%s", diff)
	}
}

// TestWhole holds the whole extract against a file, notes included.
func TestWhole(t *testing.T) {
	x := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	var notes strings.Builder
	for _, n := range x.Notes {
		fmt.Fprintf(&notes, "%s: %s: %s\n", n.Origin, n.Code, n.Text)
	}
	x.Notes = nil
	text, err := json.MarshalIndent(x, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "korsbaek.json", string(text)+"\n")
	golden(t, "korsbaek.notes", notes.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestPageSizes: what comes out does not depend on how it is paged.
func TestPageSizes(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	want := read(t, w)
	for _, size := range []int{1, 7, 500} {
		opts := w.options()
		opts.PageSize = size
		got, err := os2mo.Read(t.Context(), w.client, opts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameNumber()); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", size, diff)
		}
	}
}

// TestOneRegistrationTime: what is written while the read goes on is not seen in any collection.
func TestOneRegistrationTime(t *testing.T) {
	want := read(t, newWorld(t, os2motest.Korsbaek(), nil))
	written, within := 0, map[string]bool{}
	w := newWorld(t, os2motest.Korsbaek(), func(w *world, q os2motest.Query) {
		if q.Variables["cursor"] == nil || within[q.Operation] {
			return
		}
		within[q.Operation] = true // on the second page
		written++
		name := fmt.Sprintf("written %d", written)
		fields := os2motest.Fields{"name": name, "user_key": name, "given_name": name, "surname": name, "facet_response": id("facet org_unit_type"),
			"org_unit_response": id("unit skole"), "value": name, "person_response": id("person anna")}
		for _, collection := range []string{"org_units", "persons", "classes", "addresses", "managers"} {
			said := []os2motest.Validity{os2motest.On("2020-01-01", "", fields)}
			w.Write(collection, os2motest.Object{UUID: id(collection + name), Validities: said}) // something new
			for _, o := range os2motest.Korsbaek()[collection] {
				w.Write(collection, os2motest.Object{UUID: o.UUID, Validities: said}) // another word for what was there
			}
		}
	})
	if diff := cmp.Diff(want, read(t, w), sameNumber()); diff != "" {
		t.Errorf("read while others write (-want +got):\n%s", diff)
	}
	if written < 9 {
		t.Errorf("written %d times, want it within each collection of several pages", written)
	}
}

// TestQueries: every query is valid by the official schema, uses nothing deprecated, and asks
// for everything.
func TestQueries(t *testing.T) {
	testshared.Dir(t)
	w := newWorld(t, os2motest.Korsbaek(), nil) // it refuses what is not valid
	read(t, w)
	seen := map[string]bool{}
	times := map[any]bool{}
	for _, q := range w.Queries() {
		seen[q.Operation] = true
		times[q.Variables["at"]] = true
		if !strings.Contains(q.Text, "from_date: null, to_date: null, registration_time: $at") {
			t.Errorf("%s does not ask for everything: %s", q.Operation, q.Text)
		}
	}
	if len(seen) != 30 {
		t.Errorf("%d operations, want 15 collections, each also by its identifiers: %v", len(seen), seen)
	}
	if len(times) != 1 {
		t.Errorf("registration times %v, want one", times)
	}
}

// TestRolesAndSystems: what the municipality says of its own types goes before the guess.
func TestRolesAndSystems(t *testing.T) {
	w := newWorld(t, os2motest.Korsbaek(), nil)
	opts := w.options()
	opts.Roles = map[string]string{"FaxUnit": "landline", "PhoneUnit": "", "FormularUnit": "sor"}
	opts.Systems = map[string]string{"SAP": "oekonomi"}
	x, err := os2mo.Read(t.Context(), w.client, opts)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := source.On(unitOf(t, x, "skole").States, x.Day)
	if s.Addresses["landline"] != "+4544332213" || s.Addresses["phone"] != "" || s.Numbers["sor"] != "a" {
		t.Errorf("addresses %v, numbers %v", s.Addresses, s.Numbers)
	}
	if got := personOf(t, x, "anna").Accounts[0].System; got != "Active Directory" {
		t.Errorf("system %q", got)
	}
	if got := personOf(t, x, "freja").Accounts[0].System; got != "oekonomi" {
		t.Errorf("system %q", got)
	}
}
