package fkorg

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
)

// The tests here show that orgit does not share the faults of OS2sync, the best known writer to FK Organisation.

// beskeder are the messages that an operation of a service was called with, oldest first.
func (m *maal) beskeder(service, operation, uuid string) []*xmltree.Node {
	m.t.Helper()
	var out []*xmltree.Node
	for _, e := range m.srv.Journal() {
		if e.Service == service && e.Operation == operation && (uuid == "" || e.UUID == uuid) {
			n, err := xmltree.Parse(e.Body)
			if err != nil {
				m.t.Fatal(err)
			}
			out = append(out, n)
		}
	}
	return out
}

// TestContactTasksKeepTheFunctionType: OS2sync's update of the tasks of a contact place lacks the function type.
func TestContactTasksKeepTheFunctionType(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, moenstre)
	m.anvend(before, nil)
	m.anvend(organisation(t, med(t, moenstre, `"contactTasks": ["17.02"]`, `"contactTasks": ["17.01"]`)), before)
	sent := m.beskeder("organisationfunktion", "ret", rodFunktion(KindHenvendelse))
	if len(sent) != 1 {
		t.Fatalf("%d changes were sent", len(sent))
	}
	list := sent[0].Child(Funktion.Namespace(), "RelationListe")
	types := list.All(nsSagDok, "Funktionstype")
	if len(types) != 1 || !laesReference(types[0].Child(nsSagDok, "ReferenceID")).ErTil(funktionHenvendelse) {
		t.Errorf("the change has %d types", len(types))
	}
	if n := len(list.All(nsSagDok, "TilknyttedeEnheder")); n != 1 {
		t.Errorf("the change has %d units", n)
	}
	if got := m.relationer("organisationfunktion", rodFunktion(KindHenvendelse), "TilknyttedeOpgaver"); !slices.Equal(got, []string{
		kle1702 + " 2026-11-23T00:00:00+01:00–2026-11-23T00:00:00+01:00", kle1701 + " 2026-11-23T00:00:00+01:00–…"}) {
		t.Errorf("the tasks are %q", got)
	}
}

// TestANewNameAloneIsAChange: OS2sync finds that a function has another name, forgets it, and sends nothing.
func TestANewNameAloneIsAChange(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	m.anvend(organisation(t, med(t, lille, `"b": {"unit": "skole", "title": "laerer",`, `"b": {"unit": "skole", "title": "laerer", "displayTitle": "Læsevejleder",`)), before)
	uuid := positionUUID(annaUUID, "b")
	if n := len(m.beskeder("organisationfunktion", "ret", uuid)); n != 1 {
		t.Errorf("%d changes were sent", n)
	}
	lists, _, _ := m.srv.Object("organisationfunktion", uuid)
	if text := string(xmltree.Write(lists.Attributes, nil)); !strings.Contains(text, "Læsevejleder") {
		t.Errorf("it is still called something else: %s", text)
	}
}

// TestTaskIndexesAreNotReused: OS2sync numbers a unit's tasks from 1, so that a new one meets the number of one that has
// ended.
func TestTaskIndexesAreNotReused(t *testing.T) {
	for _, historik := range []Historik{HistorikGaeldende, HistorikHel} {
		m := nytMaal(t, dagen)
		m.omfang.Historik = historik
		before := organisation(t, moenstre)
		m.anvend(before, nil)
		for i, tasks := range []string{`["17.02"]`, `["17.01", "17.02"]`, `[]`, `["17.01", "17", "17.02"]`} {
			m.day = dagen.Add(i + 1)
			after := organisation(t, med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": `+tasks))
			m.anvend(after, before)
			before = after
		}
		of := map[string]string{} // by index: the task and its first day
		for _, n := range append(m.beskeder("organisationenhed", "importer", skoleUUID), m.beskeder("organisationenhed", "ret", skoleUUID)...) {
			if c := n.Child(Enhed.Namespace(), "OrganisationEnhed"); c != nil {
				n = c.Child(Enhed.Namespace(), "Registrering")
			}
			for _, o := range n.Child(Enhed.Namespace(), "RelationListe").All(nsSagDok, "Opgaver") {
				r, err := laesRelation(o)
				if err != nil {
					t.Fatal(err)
				}
				entry := r.Ref.UUID() + " from " + r.Virkning.Fra.Tekst()
				if was, used := of[r.Indeks]; used && was != entry {
					t.Errorf("the index %s of %s was given to %s", r.Indeks, was, entry)
				}
				of[r.Indeks] = entry
				if len(r.Indeks) != 36 {
					t.Errorf("the index %q is no UUID", r.Indeks)
				}
			}
		}
		if len(of) != 2+1+1+3 {
			t.Errorf("%d entries were written: %v", len(of), of)
		}
	}
}

// TestAClearedValueMakesNoEmptyAddress: OS2sync makes an address without text of a text that is empty and not null.
func TestAClearedValueMakesNoEmptyAddress(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, moenstre)
	m.anvend(before, nil)
	m.anvend(organisation(t, med(t, moenstre, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": null`, `"losID": "11"`, `"losID": null`, `"racf": "X1"`, `"racf": null`,
		`"contactWeb": "https://korsbaek.example/vestre"`, `"contactWeb": null, "email": null`)), before)
	filled := regexp.MustCompile(`<n\d+:AdresseTekst[^>]*>[^<]+<`)
	for _, operation := range []string{"importer", "ret"} {
		for _, n := range m.beskeder("adresse", operation, "") {
			if text := string(xmltree.Write(n, nil)); !filled.MatchString(text) {
				t.Errorf("an address without text is sent: %.300s", text)
			}
		}
	}
	for uuid, role := range map[string]string{skoleUUID: "visit", rodUUID: "losID"} {
		m.slutter("organisationenhed", uuid, "Adresser", adresseUUID(org.UUID(uuid), role), "2026-11-23T00:00:00+01:00")
	}
}

// TestTypesAreWrittenAsUUIDs: OS2sync writes a unit's type as a URN, and gets it back as one. orgit writes a UUID, reads
// both, and sees no difference between them.
func TestTypesAreWrittenAsUUIDs(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, moenstre)
	m.anvend(o, nil)
	for _, e := range m.srv.Journal() {
		if strings.Contains(string(e.Body), "URNIdentifikator") {
			t.Errorf("a URN is written: %s", e.Body)
		}
	}
	for _, local := range []string{"Enhedstype", "Opgaver", "TilknyttedeFunktioner", "TilknyttedeItSystemer"} {
		err := m.srv.Edit("organisationenhed", skoleUUID, func(l *fkorgtest.Lists) {
			for _, r := range l.Relations.All(nsSagDok, local) {
				id := r.Child(nsSagDok, "ReferenceID")
				uuid := id.Child(nsSagDok, "UUIDIdentifikator").Content()
				id.Children = []*xmltree.Node{xmltree.Leaf(nsSagDok, "URNIdentifikator", strings.ToUpper(uuid))}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if p := m.plan(o, o); len(p.Operations)+len(p.Drift) > 0 {
		t.Errorf("a difference of form is a difference:\n%s", opsText(p))
	}
	writes := m.srv.Writes()
	m.ens(o)
	if m.srv.Writes() != writes {
		t.Error("something was written")
	}
}

// TestEntriesWithoutEnd: OS2sync looks into TilTidspunkt without asking whether it is there.
func TestEntriesWithoutEnd(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, moenstre)
	m.anvend(before, nil)
	strip := func(service, uuid string) {
		err := m.srv.Edit(service, uuid, func(l *fkorgtest.Lists) {
			for _, list := range []*xmltree.Node{l.Attributes, l.States, l.Relations} {
				for _, e := range list.Elements() {
					if v := e.Child(nsSagDok, "Virkning"); v != nil {
						v.Children = slices.DeleteFunc(v.Children, func(c *xmltree.Node) bool { return c.Is(nsSagDok, "TilTidspunkt") })
					}
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	strip("organisationenhed", skoleUUID)
	strip("organisationfunktion", rodFunktion(KindHenvendelse))
	strip("bruger", carlKonto)
	strip("organisation", testOrg)
	if p := m.plan(before, before); len(p.Operations)+len(p.Drift) > 0 {
		t.Errorf("an end that is not stated is a difference:\n%s", opsText(p))
	}
	p := m.anvend(organisation(t, med(t, moenstre, `"contactTasks": ["17.02"]`, `"contactTasks": null`, `"systems": ["omsorg", "esdh"]`, `"systems": null`, `"type": "konsulent"`, `"type": "frivillig"`)), before)
	var kinds []string
	for _, op := range p.Operations {
		kinds = append(kinds, string(op.Object.Kind))
	}
	if diff := cmp.Diff([]string{"enhed", "bruger", "henvendelse", "position"}, kinds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
