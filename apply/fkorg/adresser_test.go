package fkorg

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// adresseAf puts an address and a unit's or user's relation to it in, as another system would.
func (m *maal) adresseAf(slags *Slags, ejer, uuid, tekst, rolle, type_, indeks string) {
	m.t.Helper()
	m.laeg(&Objekt{Slags: Adresse, UUID: uuid, Egenskaber: []Egenskab{{Virkning: fra(m.t, "2020-01-01"), BrugervendtNoegle: "x", Navn: tekst}}})
	m.fremmed(slags, ejer, Relation{Navn: "Adresser", Ref: Til(uuid), Rolle: Til(rolle), Type: Til(type_), Indeks: indeks})
}

// gaeldende are the addresses that an object refers to now.
func (m *maal) gaeldendeAdresser(service, uuid, rolle string) []string {
	lists, _, _ := m.srv.Object(service, uuid)
	var out []string
	for _, n := range lists.Relations.All(nsSagDok, "Adresser") {
		r, err := laesRelation(n)
		if err != nil {
			m.t.Fatal(err)
		}
		if r.Rolle.ErTil(rolle) && r.Virkning.Gaelder(noon(m.day)) {
			out = append(out, r.Ref.UUID())
		}
	}
	slices.Sort(out)
	return out
}

// TestSecondaryAddressOfAnotherSystem: a unit that another system gave two postal addresses, of which the files state one.
func TestSecondaryAddressOfAnotherSystem(t *testing.T) {
	const p, s = "eeeeeeee-0000-4000-8000-00000000000b", "eeeeeeee-0000-4000-8000-00000000000c"
	for _, order := range [][2]string{{p, s}, {s, p}} {
		m := nytMaal(t, dagen)
		before := organisation(t, lille)
		m.anvend(before, nil)
		for _, u := range order {
			index := map[string]string{p: "1" + p[1:], s: "2" + s[1:]}[u]
			m.adresseAf(Enhed, skoleUUID, u, "Boks "+index[:1], klassePost, typeEnhedsadresse, index)
		}
		m.day = m.day.Add(1)
		m.anvend(organisation(t, med(t, lille, `"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": "Skolevej 1, 4298 Korsbæk", "post": "Ny Vej 1"`)), before)
		want := []string{adresseUUID(skoleUUID, "post"), s}
		slices.Sort(want)
		if diff := cmp.Diff(want, m.gaeldendeAdresser("organisationenhed", skoleUUID, klassePost)); diff != "" {
			t.Errorf("postal addresses (-want +got)\n%s", diff)
		}
	}
}

// TestSeveralAddressesOfAnotherSystem: the register has several addresses in a role of one. What is stated counts after
// one run, and what is cleared is gone after one.
func TestSeveralAddressesOfAnotherSystem(t *testing.T) {
	const phone, visit = "5ef6be2d-59f4-4652-a680-585929924ba9", "639a3ed9-86b0-4968-825b-434666cf6220"
	const a, b = "eeeeeeee-0000-4000-8000-00000000000b", "eeeeeeee-0000-4000-8000-00000000000c"
	for _, order := range [][2]string{{a, b}, {b, a}} {
		for _, tt := range []struct {
			slags              *Slags
			uuid, rolle, type_ string
			old, new           string
			want               []string
		}{
			{Enhed, skoleUUID, visit, typeEnhedsadresse, "Skolevej 1, 4298 Korsbæk", "Ny Vej 2", []string{adresseUUID(skoleUUID, "visit")}},
			{Bruger, annaKonto, phone, typeBrugeradresse, `"surname": "Åkær"}`, `"surname": "Åkær"}, "shielded": true`, nil},
		} {
			m := nytMaal(t, dagen)
			before := organisation(t, lille)
			m.anvend(before, nil)
			for _, u := range order {
				m.adresseAf(tt.slags, tt.uuid, u, "tekst "+u[35:], tt.rolle, tt.type_, map[string]string{a: "00000000-1", b: "00000000-2"}[u])
			}
			m.day = m.day.Add(1)
			m.anvend(organisation(t, med(t, lille, tt.old, tt.new)), nil)
			if diff := cmp.Diff(tt.want, m.gaeldendeAdresser(tt.slags.Tjeneste(), tt.uuid, tt.rolle)); diff != "" {
				t.Errorf("%s, %v (-want +got)\n%s", tt.slags, order, diff)
			}
		}
	}
}

// TestDuplicateThatHasEnded: of two references to an address the one that counts stays.
func TestDuplicateThatHasEnded(t *testing.T) {
	const a, role = "eeeeeeee-0000-4000-8000-00000000000b", "639a3ed9-86b0-4968-825b-434666cf6220"
	m := nytMaal(t, dagen)
	m.omfang.Historik = HistorikHel
	text := med(t, lille, `, "visit": "Skolevej 1, 4298 Korsbæk"`, "")
	before := organisation(t, text)
	m.anvend(before, nil)
	v := fra(t, "2021-01-01")
	v.Til = fra(t, "2022-01-01").Fra
	m.laeg(&Objekt{Slags: Adresse, UUID: a, Egenskaber: []Egenskab{{Virkning: fra(t, "2020-01-01"), BrugervendtNoegle: "x", Navn: "Vej 1"}}})
	m.fremmed(Enhed, skoleUUID, Relation{Navn: "Adresser", Virkning: v, Ref: Til(a), Rolle: Til(role), Type: Til(typeEnhedsadresse), Indeks: "7"},
		Relation{Navn: "Adresser", Ref: Til(a), Rolle: Til(role), Type: Til(typeEnhedsadresse), Indeks: "8"})
	m.anvend(organisation(t, med(t, text, `"name": "Østre Skole"`, `"name": "Ny Skole"`)), before)
	if got := m.gaeldendeAdresser("organisationenhed", skoleUUID, role); len(got) != 1 {
		t.Errorf("the visiting address has gone with the new name: %v", got)
	}
}

// TestAddressWhoseTextIsToCome: another system has written an address that has no text yet. Whoever reads it again sees
// what the plan saw.
func TestAddressWhoseTextIsToCome(t *testing.T) {
	const a, visit = "eeeeeeee-0000-4000-8000-00000000000b", "639a3ed9-86b0-4968-825b-434666cf6220"
	m := nytMaal(t, dagen)
	before := organisation(t, med(t, lille, `, "visit": "Skolevej 1, 4298 Korsbæk"`, ""))
	m.anvend(before, nil)
	m.laeg(&Objekt{Slags: Adresse, UUID: a, Egenskaber: []Egenskab{{Virkning: fra(t, "2027-03-01"), BrugervendtNoegle: "x", Navn: "Vej 1"}}})
	m.fremmed(Enhed, skoleUUID, Relation{Navn: "Adresser", Ref: Til(a), Rolle: Til(visit), Type: Til(typeEnhedsadresse), Indeks: "8"})
	m.anvend(organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`)), before)
}
