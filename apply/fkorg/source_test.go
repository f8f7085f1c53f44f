package fkorg

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// udtraekAf reads the register with the settings of an organisation.
func (m *maal) udtraekAf(o *org.Organisation) *source.Extract {
	m.t.Helper()
	x, err := Source(context.Background(), m.klient(), &o.Settings, SourceOptions{})
	if err != nil {
		m.t.Fatal(err)
	}
	return x
}

// TestSource: what orgit has written comes back as a register says it.
func TestSource(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, moenstre)
	m.anvend(o, nil)
	x := m.udtraekAf(o)
	var got []string
	for _, u := range x.Units {
		s := u.States[0]
		got = append(got, fmt.Sprintf("%s %s, type %.8s, under %s, phone %s, EAN %s, tasks %v", u.UUID, s.Name, s.Type, s.Parent, s.Addresses["phone"], s.Numbers["ean"], s.Tasks))
	}
	for _, p := range x.People {
		s := p.States[0]
		got = append(got, fmt.Sprintf("%s %s|%s, phone %s, mail %s", p.UUID, s.Given, s.Surname, s.Addresses["phone"], s.Addresses["email"]))
		for _, e := range p.Engagements {
			got = append(got, fmt.Sprintf("  %s in %s %s-%s", e.States[0].Title, e.States[0].Unit, e.States[0].From, e.States[0].To))
		}
		for _, a := range p.Accounts {
			got = append(got, fmt.Sprintf("  %s %s %s for %d", a.UUID, a.System, a.Name, len(a.Engagements)))
		}
	}
	for _, l := range x.Leaders {
		s := l.States[0]
		got = append(got, fmt.Sprintf("%s leads %s as %s from %s", s.Person, s.Unit, s.Role, s.From))
	}
	for _, n := range x.Notes {
		got = append(got, n.Code+" "+n.Text)
	}
	want := []string{
		rodUUID + " Korsbæk Kommune, type 16bf18c3, under , phone +4510000000, EAN 5798001234561, tasks map[]",
		skoleUUID + " Østre Skole, type 16bf18c3, under " + rodUUID + ", phone +4510000001, EAN , tasks map[responsible:[17 17.01]]",
		skole2UUID + " Vestre Skole, type 2d9710bf, under " + rodUUID + ", phone , EAN , tasks map[]",
		annaUUID + " Anna|Åkær, phone +4510000011, mail anna@korsbaek.example",
		"  Lærer in " + skoleUUID + " 2024-08-01-", "  Lærer in " + skoleUUID + " 2024-08-01-", "  " + annaKonto + " ad anna for 2",
		boUUID + " Bo|Bæk, phone , mail ", "  Skoleleder in " + skoleUUID + " 2022-08-01-", "  " + boKonto + " ad bo for 1",
		"bbbbbbbb-0000-4000-8000-000000000003 Carl|Dam, phone , mail ", "  Konsulent in " + skoleUUID + " 2026-01-01-", "  " + carlKonto + " ad carl for 1",
		annaUUID + " leads " + rodUUID + " as Leder from 2023-01-01", boUUID + " leads " + skoleUUID + " as Leder from 2022-08-01",
		"robot Brugeren rpa er en robot og er ikke taget med som en person.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true}, x.Says); diff != "" {
		t.Errorf("says (-want +got)\n%s", diff)
	}
}

// TestSourceOfOthers: what other systems have written is in it too, with CPR numbers in their place only, and what is
// another municipality's, Inaktiv or of nobody is not.
func TestSourceOfOthers(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	v := fra(t, "2020-01-01")
	const person, user, other = "ffffffff-0000-4000-8000-00000000000a", "ffffffff-0000-4000-8000-00000000000b", "ffffffff-0000-4000-8000-00000000000c"
	number := xmltree.Leaf(nsSTS, elementCPR, cprtest.Invented(1))
	m.laeg(&Objekt{Slags: Person, UUID: person, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "p", Navn: "Eva Maria Dam", foer: []*xmltree.Node{number}}}})
	eva := fremmedEnhed(t, user, "evada", testOrg)
	eva.Slags = Bruger
	eva.Relationer = append(eva.Relationer, Relation{Navn: "TilknyttedePersoner", Virkning: v, Ref: Til(person)})
	m.laeg(eva)
	closed := fremmedEnhed(t, other, "Lukket "+cprtest.Hyphened(1), testOrg)
	closed.Tilstande[0].Status = Inaktiv
	m.laeg(closed)
	m.laeg(fremmedEnhed(t, fremmedUUID, "En anden kommune", otherUUID))
	x := m.udtraekAf(o)
	i := -1
	for at, p := range x.People {
		if p.ID == person {
			i = at
		}
	}
	if i < 0 {
		t.Fatalf("%+v", x.People)
	}
	if got := x.People[i]; got.CPR.Digits() != cprtest.Invented(1) || got.States[0].Given != "Eva Maria" || got.States[0].Surname != "Dam" || got.Accounts[0].Name != "evada" {
		t.Errorf("%+v", got)
	}
	if !x.Says.CPR || len(x.Units) != 3 {
		t.Errorf("%+v, %d units", x.Says, len(x.Units))
	}
	for _, n := range x.Notes {
		if strings.Contains(n.Text, cprtest.Hyphened(1)) {
			t.Errorf("a CPR number in %s", n.Text)
		}
	}
}

// TestSourceIsWhole: a register that is empty, and one that does not answer one of the questions, are errors.
func TestSourceIsWhole(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, moenstre)
	read := func() error {
		x, err := Source(context.Background(), m.klient(), &o.Settings, SourceOptions{})
		if err != nil && x != nil {
			t.Error("an extract with an error")
		}
		return err
	}
	if err := read(); !errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("an empty register: %v", err)
	}
	m.anvend(o, nil)
	for _, question := range []string{"fremsoegobjekthierarki", "soeg", "list organisationfunktion", "list person", "list adresse"} {
		operation, service, _ := strings.Cut(question, " ")
		for name, trouble := range map[string]fkorgtest.Trouble{"gone": {DropAfter: true}, "cut": {Truncated: true}} {
			var met atomic.Bool
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Operation != operation || service != "" && c.Service != service {
					return fkorgtest.Trouble{}
				}
				met.Store(true)
				return trouble
			})
			if err := read(); !errors.Is(err, apply.ErrUnreachable) || !met.Load() {
				t.Errorf("%s, %s: %v, %v", question, name, err, met.Load())
			}
		}
	}
	m.srv.SetTrouble(nil)
	if err := read(); err != nil {
		t.Error(err)
	}
}

// TestTimesInUnits: a function is in a unit as long as both its user and the unit are the function's.
func TestTimesInUnits(t *testing.T) {
	til := func(from, to string) Virkning {
		v := fra(t, from)
		v.Til = fra(t, to).Fra
		return v
	}
	rel := func(navn, uuid string, v Virkning) Relation { return Relation{Navn: navn, Virkning: v, Ref: Til(uuid)} }
	const user, unit = "TilknyttedeBrugere", "TilknyttedeEnheder"
	tests := []struct {
		name       string
		relationer []Relation
		want       string
		notes      int
	}{
		{"moves", []Relation{rel(user, boKonto, fra(t, "2024-01-01")), rel(unit, skole2UUID, fra(t, "2027-01-01")), rel(unit, skoleUUID, til("2020-01-01", "2027-01-01"))},
			skoleUUID + " 2024-01-01-2026-12-31 " + skole2UUID + " 2027-01-01- ", 0},
		{"the user leaves", []Relation{rel(user, boKonto, til("2024-01-01", "2026-12-01")), rel(unit, skoleUUID, fra(t, "2020-01-01"))}, skoleUUID + " 2024-01-01-2026-11-30 ", 0},
		{"never together", []Relation{rel(user, boKonto, til("2024-01-01", "2026-12-01")), rel(unit, skoleUUID, fra(t, "2027-01-01"))}, "", 0},
		{"two at a time", []Relation{rel(user, boKonto, fra(t, "2024-01-01")), rel(unit, skoleUUID, fra(t, "2024-01-01")), rel(unit, skole2UUID, fra(t, "2025-01-01"))},
			skoleUUID + " 2024-01-01- ", 1},
		{"of two", []Relation{rel(user, boKonto, fra(t, "2024-01-01")), rel(user, annaKonto, fra(t, "2025-01-01")), rel(unit, skoleUUID, fra(t, "2024-01-01"))},
			skoleUUID + " 2024-01-01- ", 1},
		{"in a unit that is closed", []Relation{rel(user, boKonto, fra(t, "2024-01-01")), rel(unit, otherUUID, fra(t, "2024-01-01"))}, "", 0},
	}
	for _, test := range tests {
		u := &udtraek{nu: noon(dagen), enheder: map[string]*Objekt{skoleUUID: {}, skole2UUID: {}}}
		_, states := u.perioder(&Objekt{Slags: Funktion, Relationer: test.relationer})
		got := ""
		for _, s := range states {
			got += fmt.Sprintf("%s %s-%s ", s.enhed, s.periode.From, s.periode.To)
		}
		if got != test.want || len(u.notes.List()) != test.notes {
			t.Errorf("%s: %q, want %q; %v", test.name, got, test.want, u.notes.List())
		}
	}
}
