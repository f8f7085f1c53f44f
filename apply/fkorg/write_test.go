package fkorg

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// relationer shows an object's relations of one name as they are stored: what they point to and from when to when.
func (m *maal) relationer(service, uuid, navn string) []string {
	m.t.Helper()
	lists, _, ok := m.srv.Object(service, uuid)
	if !ok {
		m.t.Fatalf("there is no %s %s", service, uuid)
	}
	var out []string
	for _, n := range lists.Relations.All(nsSagDok, navn) {
		r, err := laesRelation(n)
		if err != nil {
			m.t.Fatal(err)
		}
		til := "…"
		if !r.Virkning.Til.Tid.IsZero() {
			til = r.Virkning.Til.Tekst()
		}
		out = append(out, fmt.Sprintf("%s %s–%s", r.Ref.UUID(), r.Virkning.Fra.Tekst(), til))
	}
	return out
}

func positionUUID(person org.UUID, engagement string) string {
	return string(org.DeriveUUID(person, "engagements", engagement))
}

func TestDatesOfAPosition(t *testing.T) {
	m := nytMaal(t, dagen)
	job := `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`
	before := organisation(t, lille)
	m.anvend(before, nil)
	b := positionUUID(annaUUID, "b")
	want := func(what, relation string, lines ...string) {
		t.Helper()
		if diff := cmp.Diff(lines, m.relationer("organisationfunktion", b, relation)); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", what, relation, diff)
		}
	}
	want("at first", "TilknyttedeBrugere", annaKonto+" 2024-08-01T00:00:00+02:00–…")
	want("at first", "TilknyttedeEnheder", skoleUUID+" 2024-08-01T00:00:00+02:00–…")

	ends := organisation(t, med(t, lille, job, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-11-30", "on": {"2026-11-20": {"unit": "skole2"}}}`))
	m.anvend(ends, before)
	want("moved, with an end", "TilknyttedeBrugere", annaKonto+" 2024-08-01T00:00:00+02:00–2026-12-01T00:00:00+01:00")
	want("moved, with an end", "TilknyttedeEnheder", skoleUUID+" 2024-08-01T00:00:00+02:00–2026-11-20T00:00:00+01:00",
		skole2UUID+" 2026-11-20T00:00:00+01:00–2026-12-01T00:00:00+01:00")

	m.day = "2026-12-02" // a night was missed
	p := m.anvend(ends, ends)
	if diff := cmp.Diff("retire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\n", opsText(p)); diff != "" {
		t.Error(diff)
	}
	if p.Operations[0].Effect != "2026-12-01" {
		t.Errorf("effect %s", p.Operations[0].Effect)
	}
	lists, _, _ := m.srv.Object("organisationfunktion", b)
	var states []string
	for _, g := range lists.States.Elements() {
		v, err := laesVirkning(g.Child(nsSagDok, "Virkning"))
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, g.Child(nsFaelles, "GyldighedStatusKode").Content()+" "+v.Fra.Tekst())
	}
	if diff := cmp.Diff([]string{"Aktiv 2026-11-23T00:00:00+01:00", "Inaktiv 2026-12-02T00:00:00+01:00"}, states); diff != "" {
		t.Errorf("states (-want +got)\n%s", diff)
	}
}

func TestTwoEqualJobsAreTwoPositions(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	for _, key := range []string{"a", "b"} {
		if _, _, ok := m.srv.Object("organisationfunktion", positionUUID(annaUUID, key)); !ok {
			t.Errorf("no position for engagement %s", key)
		}
	}
	// One of them ends and comes back: the other is left alone.
	ended := organisation(t, med(t, lille, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-11-22"}`))
	m.anvend(ended, o)
	m.day = m.day.Add(1)
	p := m.anvend(o, ended)
	if len(p.Operations) != 1 || p.Operations[0].Action != plan.ActionUpdate {
		t.Errorf("coming back:\n%s", opsText(p))
	}
	if n := m.srv.Calls(fkorgtest.Call{Service: "organisationfunktion", Operation: "ret", UUID: positionUUID(annaUUID, "a")}); n != 0 {
		t.Errorf("the other position was written %d times", n)
	}
}

// foreignXML are entries that another system wrote, as they would stand in RelationListe.
const foreignXML = `<x xmlns:sd="urn:oio:sagdok:3.0.0" xmlns:y="urn:y">` +
	`<sd:Adresser><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2024-01-01T00:00:00.000+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt><sd:NoteTekst>SOR</sd:NoteTekst></sd:Virkning><sd:ReferenceID><sd:UUIDIdentifikator>EEEEEEEE-0000-4000-8000-000000000001</sd:UUIDIdentifikator></sd:ReferenceID><sd:Rolle><sd:UUIDIdentifikator>b44138cf-72df-45d1-8821-83db39b62093</sd:UUIDIdentifikator></sd:Rolle><sd:Type><sd:URNIdentifikator>9b33c0a0-a566-4ec0-8200-325cb1e5bb9a</sd:URNIdentifikator></sd:Type><sd:Indeks>7</sd:Indeks></sd:Adresser>` +
	`<sd:Opgaver><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2024-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt></sd:Virkning><sd:ReferenceID><sd:UUIDIdentifikator>eeeeeeee-0000-4000-8000-000000000002</sd:UUIDIdentifikator></sd:ReferenceID><sd:Rolle><sd:UUIDIdentifikator>2a5f38d8-7092-4b3f-85cc-7e272c3c4bb0</sd:UUIDIdentifikator></sd:Rolle><sd:Type><sd:UUIDIdentifikator>9870b51e-3bc0-4f98-8827-eba991dd89a9</sd:UUIDIdentifikator></sd:Type><sd:Indeks>1</sd:Indeks></sd:Opgaver>` +
	`<sd:TilknyttedeItSystemer><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2024-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt></sd:Virkning><sd:ReferenceID><sd:UUIDIdentifikator>eeeeeeee-0000-4000-8000-000000000003</sd:UUIDIdentifikator></sd:ReferenceID></sd:TilknyttedeItSystemer>` +
	`<sd:TilknyttedeItSystemer><sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>2027-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt></sd:Virkning><sd:ReferenceID><sd:UUIDIdentifikator>eeeeeeee-0000-4000-8000-000000000004</sd:UUIDIdentifikator></sd:ReferenceID></sd:TilknyttedeItSystemer>` +
	`<sd:LokalUdvidelse><y:z a="b">lokalt</y:z></sd:LokalUdvidelse></x>`

// TestForeignEntriesSurvive: another system has tied things to a unit, some of them from next year on. Whatever orgit
// changes, they go back as they were.
func TestForeignEntriesSurvive(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	foreign, err := xmltree.Parse([]byte(foreignXML))
	if err != nil {
		t.Fatal(err)
	}
	err = m.srv.Edit("organisationenhed", skoleUUID, func(l *fkorgtest.Lists) {
		all := append(l.Relations.Children, foreign.Children...)
		l.Relations.Children = nil
		for _, name := range append(append([]string{}, Enhed.relationer...), "LokalUdvidelse") {
			for _, c := range all {
				if c.Name.Local == name {
					l.Relations.Add(c)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	content := func() string {
		lists, _, _ := m.srv.Object("organisationenhed", skoleUUID)
		var lines []string
		for _, c := range lists.Relations.Children {
			text := string(xmltree.Write(c, nil))
			if strings.Contains(text, "eeeeeeee") || strings.Contains(text, "EEEEEEEE") || strings.Contains(text, "lokalt") {
				lines = append(lines, text)
			}
		}
		return strings.Join(lines, "\n")
	}
	there := content()
	if strings.Count(there, "\n") != 4 {
		t.Fatalf("the test put in: %s", there)
	}
	after := organisation(t, med(t, lille, `"name": "Østre Skole", "parent": "rod"`, `"name": "Ny Skole", "parent": "skole2"`,
		`"phone": "+4510000001", "visit": "Skolevej 1, 4298 Korsbæk"`, `"phone": "+4510000003", "visit": null, "email": "ny@korsbaek.example"`))
	m.anvend(after, before)
	if diff := cmp.Diff(there, content()); diff != "" {
		t.Errorf("foreign entries have changed (-before +after)\n%s", diff)
	}
	closed := organisation(t, med(t, lille, `"name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01"`,
		`"name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01", "to": "2026-11-23", "successor": "skole2"`))
	m.day = m.day.Add(1)
	m.anvend(closed, after)
	if diff := cmp.Diff(there, content()); diff != "" {
		t.Errorf("foreign entries have changed when the unit closed (-before +after)\n%s", diff)
	}
}

// TestForeignAddressIsNotRewritten: an address object that orgit did not make may be referred to by others too. A new
// text becomes an object of orgit's own; the relation to the old one is ended.
func TestForeignAddressIsNotRewritten(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	const shared = "eeeeeeee-0000-4000-8000-00000000000a"
	put := xmltree.Write(importInput(&Objekt{Slags: Adresse, UUID: shared, Egenskaber: []Egenskab{{Virkning: fra(t, "2020-01-01"), BrugervendtNoegle: "dar", Navn: "Gammel Vej 2"}}},
		testOrg, noon(m.day).Add(-time.Hour)), Adresse.praefikser())
	if err := m.srv.Put("adresse", put); err != nil {
		t.Fatal(err)
	}
	role := "639a3ed9-86b0-4968-825b-434666cf6220"
	err := m.srv.Edit("organisationenhed", skoleUUID, func(l *fkorgtest.Lists) {
		for _, a := range l.Relations.All(nsSagDok, "Adresser") {
			if a.Child(nsSagDok, "Rolle").Child(nsSagDok, "UUIDIdentifikator").Content() == role {
				a.Child(nsSagDok, "ReferenceID").Child(nsSagDok, "UUIDIdentifikator").Children[0].Text = shared
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	changed := organisation(t, med(t, lille, "Skolevej 1, 4298 Korsbæk", "Ny Vej 3"))
	m.day = m.day.Add(1)
	p := m.plan(changed, nil)
	if diff := cmp.Diff("update enhed Østre Skole | adresse.visit: Gammel Vej 2 > Ny Vej 3\n", opsText(p)); diff != "" {
		t.Fatal(diff)
	}
	m.anvend(changed, nil)
	lists, _, _ := m.srv.Object("adresse", shared)
	if got := lists.Attributes.Elements()[0].Child(nsSTS, "AdresseTekst").Content(); got != "Gammel Vej 2" {
		t.Errorf("the other's address is now %q", got)
	}
	if !strings.Contains(strings.Join(m.relationer("organisationenhed", skoleUUID, "Adresser"), "\n"), shared+" 2026-11-23T00:00:00+01:00–2026-11-24T00:00:00+01:00") {
		t.Errorf("the relation to it was not ended: %v", m.relationer("organisationenhed", skoleUUID, "Adresser"))
	}
}

// TestAddressComesAndGoes: the address keeps its identity, also when it comes back on the day on which it went.
func TestAddressComesAndGoes(t *testing.T) {
	m := nytMaal(t, dagen)
	with := organisation(t, lille)
	without := organisation(t, med(t, lille, `"phone": "+4510000001"`, `"phone": null`))
	m.anvend(with, nil)
	addresses := len(m.srv.UUIDs("adresse"))
	for range 3 {
		m.anvend(without, with)
		m.anvend(with, without)
	}
	if n := len(m.srv.UUIDs("adresse")); n != addresses {
		t.Errorf("%d addresses, there were %d", n, addresses)
	}
}

// TestIndexes: postal addresses are marked as the primary ones, and no index occurs twice.
func TestIndexes(t *testing.T) {
	m := nytMaal(t, dagen)
	m.anvend(organisation(t, med(t, lille, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": "Skolevej 1, 4298 Korsbæk", "post": "Postboks 1, 4298 Korsbæk"`)), nil)
	lists, _, _ := m.srv.Object("organisationenhed", skoleUUID)
	seen := map[string]bool{}
	for _, a := range lists.Relations.All(nsSagDok, "Adresser") {
		index := a.Child(nsSagDok, "Indeks").Content()
		if seen[index] {
			t.Errorf("the index %s occurs twice", index)
		}
		seen[index] = true
		if a.Child(nsSagDok, "Rolle").Child(nsSagDok, "UUIDIdentifikator").Content() == "80b610c6-314b-485a-a014-a9a1d7070bc4" && index[0] != '1' {
			t.Errorf("the postal address has the index %s", index)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d addresses", len(seen))
	}
}

func TestRobotAndSecondAccount(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, med(t, lille, `"fk": true}}},`, `"fk": true}, "adm": {"uuid": "cccccccc-0000-4000-8000-000000000003", "name": "adm-anna", "kind": "admin", "system": "ad", "fk": true, "for": ["b"]}}},`))
	m.anvend(o, nil)
	if got := m.relationer("bruger", robotKonto, "BrugerTyper"); len(got) != 1 || !strings.HasPrefix(got[0], brugertypeRobot) {
		t.Errorf("the robot's type: %v", got)
	}
	if got := m.relationer("bruger", robotKonto, "TilknyttedePersoner"); len(got) != 0 {
		t.Errorf("the robot is a person: %v", got)
	}
	second := string(org.DeriveUUID(org.UUID(positionUUID(annaUUID, "b")), "accounts", "adm"))
	if got := m.relationer("organisationfunktion", second, "TilknyttedeBrugere"); len(got) != 1 || !strings.HasPrefix(got[0], "cccccccc-0000-4000-8000-000000000003") {
		t.Errorf("the second account's position: %v", got)
	}
	if n := len(m.srv.UUIDs("person")); n != 2 {
		t.Errorf("%d persons, there are two", n)
	}
}

// TestCutAnywhere cuts the connection and the run after the n-th write, for every n, and runs again from a fresh plan.
// The end must be the same as without the cut, and nothing may be written twice in vain.
func TestCutAnywhere(t *testing.T) {
	first := organisation(t, lille)
	second := organisation(t, med(t, lille, `"name": "Østre Skole", "parent": "rod"`, `"name": "Ny Skole", "parent": "skole2"`,
		`"phone": "+4510000001", "visit"`, `"phone": "+4510000003", "email": "ny@korsbaek.example", "visit"`,
		`"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}`, `"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}`,
		`"surname": "Åkær"`, `"surname": "Holm"`))
	patterns := organisation(t, moenstre)
	others := organisation(t, med(t, moenstre, `"payoutUnit": "rod", "contactUnits": ["rod", "skole2"]`, `"payoutUnit": null, "contactUnits": ["skole"]`,
		`"responsible": ["17.01", "17"]`, `"responsible": ["17.02"]`, `"systems": ["omsorg", "esdh"]`, `"systems": ["esdh"]`, `"type": "konsulent"`, `"type": "frivillig"`,
		`"racf": "X1"`, `"racf": "X2"`, `"name": "Korsbæk Kommune", "type"`, `"name": "Korsbæk Kommune", "parent": "skole2", "type"`, `"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole"`))
	for _, tt := range []struct {
		name       string
		before, to *org.Organisation
	}{{"first load", nil, first}, {"change", first, second}, {"first load of every pattern", nil, patterns}, {"change of every pattern", patterns, others}} {
		t.Run(tt.name, func(t *testing.T) {
			whole := nytMaal(t, dagen)
			if tt.before != nil {
				whole.anvend(tt.before, nil)
			}
			already := whole.srv.Writes()
			registered := whole.registreringer()
			whole.anvend(tt.to, tt.before)
			writes := whole.srv.Writes() - already
			registered = whole.registreringer() - registered
			for n := 1; n <= writes; n++ {
				m := nytMaal(t, dagen)
				if tt.before != nil {
					m.anvend(tt.before, nil)
				}
				before := m.registreringer()
				m.cutAfter(n, tt.to, tt.before)
				m.anvend(tt.to, tt.before)
				if diff := cmp.Diff(whole.srv.Dump(), m.srv.Dump()); diff != "" {
					t.Errorf("cut after write %d (-whole +cut)\n%s", n, diff)
				}
				if got := m.registreringer() - before; got != registered {
					t.Errorf("cut after write %d: %d registrations, %d suffice", n, got, registered)
				}
			}
		})
	}
}

// registreringer counts how often anything was registered.
func (m *maal) registreringer() int {
	total := 0
	for _, s := range []*Slags{Enhed, Person, Bruger, Funktion, Adresse, Organisation} {
		for _, uuid := range m.srv.UUIDs(s.Tjeneste()) {
			total += m.srv.Registrations(s.Tjeneste(), uuid)
		}
	}
	return total
}

// cutAfter runs until the n-th write has been done, whose answer never comes.
func (m *maal) cutAfter(n int, o, before *org.Organisation) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := m.plan(o, before)
	var count atomic.Int64
	m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if c.Operation != "importer" && c.Operation != "ret" {
			return fkorgtest.Trouble{}
		}
		if count.Add(1) < int64(n) {
			return fkorgtest.Trouble{}
		}
		cancel()
		return fkorgtest.Trouble{DropAfter: true}
	})
	if err := m.udfoer(ctx, o, p); err == nil {
		m.t.Errorf("the run was not cut at write %d", n)
	}
	m.srv.Settle()
	m.srv.SetTrouble(nil)
}

// TestEveryMessageOfARunValidates holds everything that the other tests' kinds of changes send against the official
// schemas.
func TestEveryMessageOfARunValidates(t *testing.T) {
	m := nytMaal(t, dagen)
	first := organisation(t, lille)
	m.anvend(first, nil)
	second := organisation(t, med(t, lille, `"name": "Østre Skole", "parent": "rod"`, `"name": "Ny Skole & SFO", "parent": "skole2"`,
		`"phone": "+4510000001", "visit": "Skolevej 1, 4298 Korsbæk"`, `"phone": "+4510000003", "visit": null`,
		`"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}`, `"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}`,
		`"surname": "Åkær"`, `"surname": "Holm"`))
	m.anvend(second, first)
	messages := map[string][][]byte{}
	for _, e := range m.srv.Journal() {
		messages[e.Service] = append(messages[e.Service], e.Body)
	}
	if len(messages) != 6 {
		t.Errorf("%d services were called, there are 6", len(messages))
	}
	for service, bodies := range messages {
		validate(t, service, bodies...)
	}
}

// TestAnswersDecide gives one call of the change of a unit's name some trouble.
func TestAnswersDecide(t *testing.T) {
	status := func(code int) fkorgtest.Trouble { return fkorgtest.Trouble{Status: code, Message: "nej"} }
	tests := []struct {
		name     string
		trouble  fkorgtest.Trouble
		times    int
		want     error  // nil: the change is made
		text     string // of an error that is none of apply's
		lastName string
	}{
		{"nothing", fkorgtest.Trouble{}, 0, nil, "", "Ny Skole"},
		{"47 once", status(47), 1, nil, "", "Ny Skole"},
		{"47 always", status(47), 99, nil, "status 47", "Østre Skole"},
		{"40", status(40), 1, nil, "the service finds the message wrong or what it has stored inconsistent: nej", "Østre Skole"},
		{"41", status(41), 1, apply.ErrNotAuthorised, "", "Østre Skole"},
		{"gateway once", fkorgtest.Trouble{HTTPStatus: 502}, 1, nil, "", "Ny Skole"},
		{"gateway always", fkorgtest.Trouble{HTTPStatus: 502}, 99, apply.ErrUnreachable, "", "Østre Skole"},
		{"forbidden", fkorgtest.Trouble{HTTPStatus: 403}, 1, apply.ErrNotAuthorised, "", "Østre Skole"},
		{"cut before once", fkorgtest.Trouble{DropBefore: true}, 1, nil, "", "Ny Skole"},
		{"cut after once", fkorgtest.Trouble{DropAfter: true}, 1, nil, "", "Ny Skole"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			before := organisation(t, lille)
			m.anvend(before, nil)
			after := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
			p := m.plan(after, before)
			var times atomic.Int64
			times.Store(int64(tt.times))
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Operation != "ret" || times.Add(-1) < 0 {
					return fkorgtest.Trouble{}
				}
				return tt.trouble
			})
			err := m.udfoer(context.Background(), after, p)
			switch {
			case tt.want == nil && tt.text == "":
				if err != nil {
					t.Errorf("got %v", err)
				}
			case tt.want != nil && !errors.Is(err, tt.want), !strings.Contains(fmt.Sprint(err), tt.text):
				t.Errorf("got %v", err)
			}
			m.srv.SetTrouble(nil)
			if lists, _, _ := m.srv.Object("organisationenhed", skoleUUID); lists.Attributes.Elements()[0].Child(nsSagDok, "EnhedNavn").Content() != tt.lastName {
				t.Errorf("the name is %s", lists.Attributes.Elements()[0].Child(nsSagDok, "EnhedNavn").Content())
			}
			if n := m.srv.Registrations("organisationenhed", skoleUUID); n > 2 {
				t.Errorf("%d registrations: it was written again after it was done", n)
			}
		})
	}
}

// TestSomebodyElseWasThere: what happens between the plan's read and the write.
func TestSomebodyElseWasThere(t *testing.T) {
	before := organisation(t, lille)
	after := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
	rename := func(m *maal, to string) {
		err := m.srv.Edit("organisationenhed", skoleUUID, func(l *fkorgtest.Lists) {
			l.Attributes.Elements()[0].Child(nsSagDok, "EnhedNavn").Children[0].Text = to
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		meddle func(*maal, *Writer)
		want   error
		rets   int
	}{
		{"the name is something else", func(m *maal, _ *Writer) { rename(m, "Andet") }, apply.ErrStale, 0},
		{"the name is as asked", func(m *maal, _ *Writer) { rename(m, "Ny Skole") }, nil, 0},
		{"the unit is passive", func(m *maal, w *Writer) {
			if err := w.klient.Passiver(context.Background(), Enhed, skoleUUID); err != nil {
				t.Fatal(err)
			}
		}, apply.ErrStale, 0},
		{"the unit becomes passive just before the write", func(m *maal, w *Writer) {
			var done atomic.Bool
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Operation == "ret" && done.CompareAndSwap(false, true) {
					if err := w.klient.Passiver(context.Background(), Enhed, skoleUUID); err != nil {
						t.Error(err)
					}
				}
				return fkorgtest.Trouble{}
			})
		}, apply.ErrStale, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			m.anvend(before, nil)
			p := m.plan(after, before)
			w := m.writer(after)
			tt.meddle(m, w)
			err := w.Write(context.Background(), p.Operations[0], nil)
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if n := m.srv.Calls(fkorgtest.Call{Operation: "ret", UUID: skoleUUID}); n != tt.rets {
				t.Errorf("%d calls of ret", n)
			}
		})
	}
}

func TestServersClockIsBehind(t *testing.T) {
	m := nytMaal(t, dagen)
	m.srv.SetClock(func() time.Time { return noon(m.day).Add(-10 * time.Minute) })
	m.anvend(organisation(t, lille), nil)
}

// TestPassiveComesBack: somebody made a unit passive; it counts as removed, and importer brings it back.
func TestPassiveComesBack(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	if err := m.writer(o).klient.Passiver(context.Background(), Enhed, skole2UUID); err != nil {
		t.Fatal(err)
	}
	p := m.plan(o, o)
	if len(p.Operations) != 0 || len(p.Drift) != 1 || !p.Drift[0].Missing {
		t.Errorf("with the same organisation applied before, it is drift:\n%s", opsText(p))
	}
	p = m.anvend(o, nil)
	if diff := cmp.Diff("create enhed Vestre Skole\n", opsText(p)); diff != "" {
		t.Error(diff)
	}
}

// TestStoredDuplicates: an object that holds an address twice refuses every change until the repetition is gone.
func TestStoredDuplicates(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	err := m.srv.Edit("organisationenhed", skoleUUID, func(l *fkorgtest.Lists) {
		double := l.Relations.Children[0].Clone()
		double.Child(nsSagDok, "Indeks").Children[0].Text = "another"
		l.Relations.Children = append([]*xmltree.Node{double}, l.Relations.Children...)
	})
	if err != nil {
		t.Fatal(err)
	}
	m.anvend(organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`)), before)
}

// TestLastResort: what is stored of an object can be so broken that no change of it is accepted. Only where the settings
// name the object it is made passive, and imported again with everything that it held, foreign entries too; a function
// that is closed stays passive.
func TestLastResort(t *testing.T) {
	before := organisation(t, lille)
	ends := organisation(t, med(t, lille, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-11-22"}`))
	renamed := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
	position := positionUUID(annaUUID, "b")
	tests := []struct {
		name    string
		after   *org.Organisation
		service string
		uuid    string
		allowed bool
		code    string
	}{
		{"a function that is closed", ends, "organisationfunktion", position, true, Passiveret},
		{"a function that is closed, not allowed", ends, "organisationfunktion", position, false, Importeret},
		{"a unit that is renamed", renamed, "organisationenhed", skoleUUID, true, Importeret},
		{"a unit that is renamed, not allowed", renamed, "organisationenhed", skoleUUID, false, Importeret},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			m.anvend(before, nil)
			relations, _, _ := m.srv.Object(tt.service, tt.uuid)
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				if c.Service == tt.service && c.Operation == "ret" {
					return fkorgtest.Trouble{Status: 40}
				}
				return fkorgtest.Trouble{}
			})
			settings := &org.FKSettings{}
			if tt.allowed {
				settings.Recreate = []org.UUID{org.UUID(tt.uuid)}
			}
			tt.after.Settings.Targets.FKOrganisation = settings
			p := m.plan(tt.after, before)
			if shown := strings.Contains(p.Operations[0].LastResort, "importeres igen"); shown != tt.allowed {
				t.Errorf("the plan says: %q", p.Operations[0].LastResort)
			}
			err := m.udfoer(context.Background(), tt.after, p)
			if tt.allowed == (err != nil) || !tt.allowed && !harStatus(err, statusForkert) {
				t.Errorf("got %v", err)
			}
			now, code, _ := m.srv.Object(tt.service, tt.uuid)
			if code != tt.code {
				t.Errorf("the object is %s", code)
			}
			passive := m.srv.Calls(fkorgtest.Call{Operation: "passiver"})
			if (passive > 0) != tt.allowed {
				t.Errorf("%d calls of passiver", passive)
			}
			if tt.code == Importeret && len(now.Relations.Elements()) != len(relations.Relations.Elements()) {
				t.Errorf("relations were lost")
			}
		})
	}
}

// TestRecreatedInSpiteOfTrouble: the last resort is two calls. One that is cut between them, or whose outcome is not
// known, must not leave the object passive.
func TestRecreatedInSpiteOfTrouble(t *testing.T) {
	for _, trouble := range []struct {
		name, operation string
		fkorgtest.Trouble
	}{
		{"importer not done", "importer", fkorgtest.Trouble{HTTPStatus: 503}},
		{"importer done, no answer", "importer", fkorgtest.Trouble{DropAfter: true}},
		{"passiver done, no answer", "passiver", fkorgtest.Trouble{DropAfter: true}},
	} {
		t.Run(trouble.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			before := organisation(t, lille)
			m.anvend(before, nil)
			m.fremmed(Enhed, skoleUUID, Relation{Navn: "TilknyttedeItSystemer", Ref: Til(otherUUID)})
			once := false
			m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
				switch {
				case c.Service == "organisationenhed" && c.Operation == "ret":
					return fkorgtest.Trouble{Status: 40}
				case c.Service == "organisationenhed" && c.Operation == trouble.operation && !once:
					once = true
					return trouble.Trouble
				}
				return fkorgtest.Trouble{}
			})
			after := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
			after.Settings.Targets.FKOrganisation = &org.FKSettings{Recreate: []org.UUID{skoleUUID}}
			word, err := udfald(m.koer(after, before))
			if word != "through" {
				t.Errorf("%s: %v", word, err)
			}
			_, code, _ := m.srv.Object("organisationenhed", skoleUUID)
			if code != Importeret {
				t.Errorf("the unit is %s", code)
			}
			if len(m.relationer("organisationenhed", skoleUUID, "TilknyttedeItSystemer")) != 1 {
				t.Error("what another system had tied to it is lost")
			}
			m.srv.SetTrouble(nil)
			m.ens(after)
		})
	}
}

// TestNotRecreated: whoever reads that the last resort has failed must read what it has left.
func TestNotRecreated(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if c.Service == "organisationenhed" && (c.Operation == "ret" || c.Operation == "importer") {
			return fkorgtest.Trouble{Status: 40}
		}
		return fkorgtest.Trouble{}
	})
	after := organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
	after.Settings.Targets.FKOrganisation = &org.FKSettings{Recreate: []org.UUID{skoleUUID}}
	err := m.udfoer(t.Context(), after, m.plan(after, before))
	if !harStatus(err, statusForkert) || !strings.Contains(err.Error(), "made passive and is not back") {
		t.Errorf("got %v", err)
	}
}

// TestPostponedElsewhere: a position that was held already begins later after all, and in another unit.
func TestPostponedElsewhere(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	m.day = m.day.Add(1)
	m.anvend(organisation(t, med(t, lille, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole2", "title": "laerer", "from": "2027-08-01"}`)), before)
}

// TestOthersOnAPosition: somebody has added a user and a unit to a position of orgit's. A run that puts that right does.
func TestOthersOnAPosition(t *testing.T) {
	position := positionUUID(annaUUID, "a")
	for _, added := range []Relation{
		{Navn: "TilknyttedeBrugere", Ref: Til(boKonto)},
		{Navn: "TilknyttedeBrugere", Ref: Til("00000000-0000-4000-8000-000000000001")},
		{Navn: "TilknyttedeEnheder", Ref: Til(skole2UUID)},
		{Navn: "TilknyttedeEnheder", Ref: Til("00000000-0000-4000-8000-000000000001")},
	} {
		m := nytMaal(t, dagen)
		o := organisation(t, lille)
		m.anvend(o, nil)
		m.fremmed(Funktion, position, added)
		m.day = m.day.Add(1)
		m.anvend(o, nil)
		for relation, want := range map[string]string{"TilknyttedeBrugere": annaKonto, "TilknyttedeEnheder": skoleUUID} {
			var open []string
			for _, line := range m.relationer("organisationfunktion", position, relation) {
				if strings.HasSuffix(line, "–…") {
					open = append(open, line[:36])
				}
			}
			if diff := cmp.Diff([]string{want}, open); diff != "" {
				t.Errorf("%s (-want +got)\n%s", relation, diff)
			}
		}
	}
}

// TestNoChangeNoCall: a run that finds everything in place writes nothing.
func TestNoChangeNoCall(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	p := m.anvend(o, nil)
	registered := m.registreringer()
	w := m.writer(o)
	for _, op := range p.Operations {
		for _, action := range []plan.Action{plan.ActionCreate, plan.ActionUpdate} {
			op.Action = action
			if err := w.Write(context.Background(), op, nil); err != nil {
				t.Error(err)
			}
		}
	}
	if n := m.srv.Calls(fkorgtest.Call{Operation: "ret"}); n != 0 || m.registreringer() != registered {
		t.Errorf("%d calls of ret, %d registrations, there were %d", n, m.registreringer(), registered)
	}
}

var tiCifre = regexp.MustCompile(`\b\d{6}-?\d{4}\b`)

// TestErrorsHoldNoBody: names and numbers of people stay out of errors, which end up in logs.
func TestErrorsHoldNoBody(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	p := m.plan(o, nil)
	m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if c.Service == "person" {
			return fkorgtest.Trouble{HTTPStatus: 500}
		}
		return fkorgtest.Trouble{}
	})
	for _, op := range p.Operations {
		if op.Object.Kind != KindPerson {
			continue
		}
		err := m.writer(o).Write(context.Background(), op, nil)
		if err == nil || strings.Contains(err.Error(), "Anna") || tiCifre.MatchString(err.Error()) || !strings.Contains(err.Error(), "message urn:uuid:") {
			t.Errorf("got %v", err)
		}
	}
}
