package fkorg

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// laeg puts an object into the stand-in, as another system would.
func (m *maal) laeg(o *Objekt) {
	m.t.Helper()
	if err := m.srv.Put(o.Slags.Tjeneste(), xmltree.Write(importInput(o, testOrg, noon(m.day).Add(-time.Hour)), o.Slags.praefikser())); err != nil {
		m.t.Fatal(err)
	}
}

// fremmedEnhed is a unit that no file states.
func fremmedEnhed(t *testing.T, uuid, navn, tilhoerer string) *Objekt {
	v := fra(t, "2020-01-01")
	return &Objekt{Slags: Enhed, UUID: uuid, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "x", Navn: navn}},
		Tilstande: []Gyldighed{{Virkning: v, Status: Aktiv}}, Relationer: []Relation{{Navn: "Tilhoerer", Virkning: v, Ref: Til(tilhoerer)}}}
}

// fremmedFunktion is a position that no file states, of a user in a unit for a time.
func fremmedFunktion(uuid, unit string, v, period Virkning) *Objekt {
	return &Objekt{Slags: Funktion, UUID: uuid, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "x", Navn: "Pedel"}},
		Tilstande: []Gyldighed{{Virkning: v, Status: Aktiv}}, Relationer: []Relation{
			{Navn: "Funktionstype", Virkning: v, Ref: Til(funktionStilling)},
			{Navn: "TilknyttedeBrugere", Virkning: period, Ref: Til(boKonto)},
			{Navn: "TilknyttedeEnheder", Virkning: period, Ref: Til(unit)},
			{Navn: "TilknyttedeOrganisationer", Virkning: v, Ref: Til(testOrg)},
		}}
}

// TestForeignObjects: what the files do not state is reported and left alone; what belongs to another organisation, and
// what the search finds by mistake, is not even mentioned.
func TestForeignObjects(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	const a, b, c, d = "ffffffff-0000-4000-8000-000000000001", "ffffffff-0000-4000-8000-000000000002", "ffffffff-0000-4000-8000-000000000003", "ffffffff-0000-4000-8000-000000000004"
	m.laeg(fremmedEnhed(t, a, "Det gamle hus", testOrg))
	m.laeg(fremmedEnhed(t, b, "En anden kommune", otherUUID))
	v := fra(t, "2020-01-01")
	ended := fra(t, "2020-01-01")
	ended.Til = fra(t, "2021-01-01").Fra
	m.laeg(fremmedFunktion(c, skoleUUID, v, v))
	m.laeg(fremmedFunktion(d, skoleUUID, v, ended))
	p := m.plan(o, o)
	if diff := cmp.Diff("", opsText(p)); diff != "" {
		t.Error(diff)
	}
	want := []plan.Foreign{{Kind: KindEnhed, Ref: a, Name: "Det gamle hus"}, {Kind: KindPosition, Ref: c, Name: "Pedel"}}
	if diff := cmp.Diff(want, p.Targets[0].Foreign); diff != "" {
		t.Errorf("foreign (-want +got)\n%s", diff)
	}
}

// TestDriftIsSeen: somebody changed what orgit keeps.
func TestDriftIsSeen(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	phone := adresseUUID(skoleUUID, "phone")
	err := m.srv.Edit("adresse", phone, func(l *fkorgtest.Lists) {
		l.Attributes.Elements()[0].Child(nsSTS, "AdresseTekst").Children[0].Text = "+4519999999"
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "drift enhed:" + skoleUUID + " Østre Skole\n  adresse.phone: +4519999999 > +4510000001\n"
	if diff := cmp.Diff(want, opsText(m.plan(o, o))); diff != "" {
		t.Error(diff)
	}
}

// TestTakenOver: units and users were there before orgit, made by another system with its own keys, person and
// addresses. Only what differs from the files is changed, and the person object, which may hold a CPR number, stays the
// user's person.
func TestTakenOver(t *testing.T) {
	m := nytMaal(t, dagen)
	v := fra(t, "2020-01-01")
	const person, mail = "ffffffff-0000-4000-8000-00000000000a", "ffffffff-0000-4000-8000-00000000000b"
	skole := fremmedEnhed(t, skoleUUID, "Østre skole", testOrg)
	skole.Relationer = append(skole.Relationer, Relation{Navn: "Enhedstype", Virkning: v, Ref: Reference{Vaerdi: enhedstypeAfdeling, URN: true}},
		Relation{Navn: "Overordnet", Virkning: v, Ref: Til(rodUUID)})
	m.laeg(skole)
	cpr := xmltree.Leaf(nsSTS, "CPR-NummerTekst", "0101010000")
	m.laeg(&Objekt{Slags: Person, UUID: person, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "p", Navn: "Anna Aakær", foer: []*xmltree.Node{cpr}}}})
	m.laeg(&Objekt{Slags: Adresse, UUID: mail, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "m", Navn: "anna@korsbaek.example"}}})
	anna := fremmedEnhed(t, annaKonto, "anna", testOrg)
	anna.Slags = Bruger
	anna.Relationer = append(anna.Relationer, Relation{Navn: "TilknyttedePersoner", Virkning: v, Ref: Til(person)},
		Relation{Navn: "Adresser", Virkning: v, Ref: Til(mail), Rolle: Til("5d13e891-162a-456b-abf2-fd9b864df96d"), Type: Til(typeBrugeradresse), Indeks: "1"})
	m.laeg(anna)

	o := organisation(t, lille)
	p := m.anvend(o, nil)
	var updates []string
	for _, op := range p.Operations {
		if op.Action != plan.ActionCreate {
			var names []string
			for _, a := range op.Attrs {
				names = append(names, a.Name)
			}
			updates = append(updates, fmt.Sprintf("%s %s %v", op.Object.Kind, op.Name, names))
		}
	}
	want := []string{
		"person Anna Åkær [navn]",
		"enhed Østre Skole [adresse.phone adresse.visit navn]",
		"bruger Anna Åkær (anna) [adresse.phone]",
	}
	slices.Sort(updates)
	slices.Sort(want)
	if diff := cmp.Diff(want, updates); diff != "" {
		t.Errorf("updates (-want +got)\n%s", diff)
	}
	if got := m.relationer("bruger", annaKonto, "TilknyttedePersoner"); len(got) != 1 || got[0] != person+" 2020-01-01T00:00:00+01:00–…" {
		t.Errorf("the user's person: %v", got)
	}
	lists, _, _ := m.srv.Object("person", person)
	e := lists.Attributes.Elements()[0]
	if e.Child(nsSTS, "CPR-NummerTekst").Content() != "0101010000" || e.Child(Person.Namespace(), "NavnTekst").Content() != "Anna Åkær" {
		t.Error("the person has lost the number or has not got the name")
	}
}

// TestPassivePersonOfAnotherSystem: somebody has made the person passive that another system had given a user. The user
// refers to it still, so it comes back.
func TestPassivePersonOfAnotherSystem(t *testing.T) {
	m := nytMaal(t, dagen)
	const person = "ffffffff-0000-4000-8000-00000000000a"
	m.laeg(&Objekt{Slags: Person, UUID: person, Egenskaber: []Egenskab{{Virkning: fra(t, "2020-01-01"), BrugervendtNoegle: "p", Navn: "Anna Åkær"}}})
	anna := fremmedEnhed(t, annaKonto, "anna", testOrg)
	anna.Slags = Bruger
	anna.Relationer = append(anna.Relationer, Relation{Navn: "TilknyttedePersoner", Virkning: fra(t, "2020-01-01"), Ref: Til(person)})
	m.laeg(anna)
	o := organisation(t, lille)
	m.anvend(o, nil)
	if err := m.srv.Passivate("person", person); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first run makes a person of orgit's own, as for anybody who has none
		if word, err := udfald(m.koer(o, nil)); word != "through" {
			t.Errorf("%s: %v", word, err)
		}
	}
	m.ens(o)
}

// TestManyPages: more units and positions than a page holds, and more than can be read at a time. Every page is asked
// for once, and not many beyond the end.
func TestManyPages(t *testing.T) {
	m := nytMaal(t, dagen)
	m.omfang = Omfang{Samtidige: 3, Side: 20, Liste: 7}
	const enheder, stillinger = 8*20 + 3, 2*20 + 1
	for i := range enheder {
		m.laeg(fremmedEnhed(t, fmt.Sprintf("ffffffff-0000-4000-8000-%012d", i), fmt.Sprint("Enhed ", i), testOrg))
	}
	for i := range stillinger {
		m.laeg(fremmedFunktion(fmt.Sprintf("eeeeeeee-0000-4000-8000-%012d", i), skoleUUID, fra(t, "2020-01-01"), fra(t, "2020-01-01")))
	}
	actual, err := m.writer(organisation(t, lille)).Actual(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(actual.Objects); n != enheder+stillinger {
		t.Errorf("%d objects, there are %d", n, enheder+stillinger)
	}
	if n := m.srv.Calls(fkorgtest.Call{Operation: "fremsoegobjekthierarki"}); n < 10 || n > 9+m.omfang.igang() {
		t.Errorf("%d pages of units were asked for; 9 hold something, and %d are asked for at a time", n, m.omfang.igang())
	}
}

// TestPagesSmallerThanAskedFor: a service that gives less in a page than it is asked for loses nothing.
func TestPagesSmallerThanAskedFor(t *testing.T) {
	m := nytMaal(t, dagen)
	m.omfang = Omfang{Side: 1000} // the stand-in gives 500 of the hierarchy
	const enheder = 1201
	for i := range enheder {
		m.laeg(fremmedEnhed(t, fmt.Sprintf("ffffffff-0000-4000-8000-%012d", i), fmt.Sprint("Enhed ", i), testOrg))
	}
	actual, err := m.writer(organisation(t, lille)).Actual(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(actual.Objects); n != enheder {
		t.Errorf("%d objects, there are %d", n, enheder)
	}
}

// TestReadsArePatient: whichever read meets trouble once, the state is whole and the same; what was read twice counts once.
func TestReadsArePatient(t *testing.T) {
	for name, trouble := range map[string]fkorgtest.Trouble{
		"gateway": {HTTPStatus: 502}, "cut before": {DropBefore: true}, "cut after": {DropAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			o := organisation(t, lille)
			m.anvend(o, nil)
			want, err := m.writer(o).Actual(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			met := map[string]bool{}
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				mu.Lock()
				defer mu.Unlock()
				if read := c.Service + "/" + c.Operation; !met[read] {
					met[read] = true
					return trouble
				}
				return fkorgtest.Trouble{}
			})
			before := m.ventet.Load()
			got, err := m.writer(o).Actual(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(plan.Actual{}, "Mark")); diff != "" {
				t.Errorf("(-undisturbed +disturbed)\n%s", diff)
			}
			if waited := m.ventet.Load() - before; int(waited) != len(met) || len(met) < 4 {
				t.Errorf("waited %d times, %d calls met trouble", waited, len(met))
			}
		})
	}
}

// TestReadIsWholeOrAnError: whichever call fails, nothing is returned.
func TestReadIsWholeOrAnError(t *testing.T) {
	m := nytMaal(t, dagen)
	m.anvend(organisation(t, lille), nil)
	// What is known and not found by a search is read by itself: a new unit and a new account.
	o := organisation(t, med(t, lille, `"skole2": {`, `"skole3": {"uuid": "aaaaaaaa-0000-4000-8000-000000000004", "name": "Ny", "parent": "rod", "type": "team", "from": "2020-01-01"}, "skole2": {`,
		`"fk": true}}},`, `"fk": true}, "adm": {"uuid": "cccccccc-0000-4000-8000-000000000003", "name": "adm-anna", "kind": "admin", "system": "ad", "fk": true}}},`))
	if _, err := m.writer(o).Actual(context.Background()); err != nil {
		t.Fatal(err)
	}
	reads := map[string]bool{}
	for _, e := range m.srv.Journal() {
		if e.Operation != "importer" && e.Operation != "laes" {
			reads[e.Service+"/"+e.Operation] = true
		}
	}
	if len(reads) != 7 {
		t.Fatalf("the reads have changed: %v", reads)
	}
	for read := range reads {
		for _, tt := range []struct {
			trouble fkorgtest.Trouble
			want    error
		}{{fkorgtest.Trouble{HTTPStatus: 503}, apply.ErrUnreachable}, {fkorgtest.Trouble{Status: 41}, apply.ErrNotAuthorised}} {
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Service+"/"+c.Operation == read {
					return tt.trouble
				}
				return fkorgtest.Trouble{}
			})
			actual, err := m.writer(o).Actual(context.Background())
			if !errors.Is(err, tt.want) || len(actual.Objects) != 0 {
				t.Errorf("%s: %d objects, %v", read, len(actual.Objects), err)
			}
			m.srv.SetTrouble(nil)
		}
	}
	if err := m.srv.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.writer(o).Actual(context.Background()); !errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestRereadEqualsActual: apply compares the two by digest.
func TestRereadEqualsActual(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, med(t, lille, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole2", "title": "laerer", "from": "2027-01-01"}`))
	m.anvend(o, nil)
	left := organisation(t, med(t, lille, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}}`))
	m.anvend(left, o)
	w := m.writer(left)
	actual, err := w.Actual(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := 0
	for _, f := range actual.Objects {
		again, err := w.Reread(context.Background(), plan.Operation{Object: f.ID})
		if err != nil || again == nil {
			t.Errorf("%s: %v", f.ID, err)
			continue
		}
		again.Shows, f.Shows = nil, nil
		if diff := cmp.Diff(f, *again); diff != "" || f.Digest() != again.Digest() {
			t.Errorf("%s (-actual +again)\n%s", f.ID, diff)
		}
		if f.Out {
			out++
			if f.OutSince != dagen {
				t.Errorf("%s: out since %s", f.ID, f.OutSince)
			}
		}
	}
	if out != 3 {
		t.Errorf("%d objects are out of use: the leaver's user, position and leadership", out)
	}
	if f, err := w.Reread(context.Background(), plan.Operation{Object: plan.ID{Kind: KindEnhed, UUID: org.UUID(otherUUID)}}); f != nil || err != nil {
		t.Errorf("a unit that is not there: %v, %v", f, err)
	}
}

// taeller counts the calls that are under way.
type taeller struct {
	nu, flest atomic.Int64
}

// RoundTrip is called by http.Client.
func (c *taeller) RoundTrip(r *http.Request) (*http.Response, error) {
	now := c.nu.Add(1)
	defer c.nu.Add(-1)
	for most := c.flest.Load(); now > most && !c.flest.CompareAndSwap(most, now); most = c.flest.Load() {
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestCallsUnderWay: however many operations are under way, no more calls are than the settings say, and all of these.
func TestCallsUnderWay(t *testing.T) {
	m := nytMaal(t, dagen)
	m.omfang = Omfang{Samtidige: 3, Side: 10, Liste: 2}
	c := &taeller{}
	m.transport = c
	m.srv.SetTrouble(func(fkorgtest.Call) fkorgtest.Trouble { return fkorgtest.Trouble{Latency: 5 * time.Millisecond} })
	o := synthetic(t, 12, 60, 1)
	if word, errs := udfald(m.koer(o, nil)); word != "through" {
		t.Fatal(errs)
	}
	if most := c.flest.Load(); most != 3 {
		t.Errorf("%d calls were under way", most)
	}
	m.ens(o)
}
