package fkorg

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFirstLoad(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	p := m.anvend(o, nil)
	want := `create enhed Korsbæk Kommune
create enhed Vestre Skole
create enhed Østre Skole
create person Anna Åkær
create person Bo Bæk
create bruger Anna Åkær (anna)
create bruger Bo Bæk (bo)
create bruger Robotten (rpa)
create position Anna Åkær, Lærer
create position Anna Åkær, Lærer
create position Bo Bæk, Skoleleder
create leder Anna Åkær, Leder, Korsbæk Kommune
create leder Bo Bæk, Leder, Østre Skole
`
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestChanges applies one change of the files after the first load. The plan must do just what the change implies, and a
// second plan must be empty.
func TestChanges(t *testing.T) {
	tests := []struct {
		name    string
		changes []string // of the text
		want    string
	}{
		{"rename a unit", []string{`"name": "Østre Skole"`, `"name": "Østre Skole og SFO"`},
			"update enhed Østre Skole og SFO | navn: Østre Skole > Østre Skole og SFO\n"},
		{"rename a unit today", []string{`"name": "Østre Skole",`, `"name": "Østre Skole", "on": {"2026-11-23": {"name": "Nyskolen"}},`},
			"update enhed Nyskolen | navn: Østre Skole > Nyskolen\n"},
		{"rename a unit tomorrow", []string{`"name": "Østre Skole",`, `"name": "Østre Skole", "on": {"2026-11-24": {"name": "Nyskolen"}},`}, ""},
		{"move a unit", []string{`"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole", "parent": "skole"`},
			"update enhed Vestre Skole | overordnet: " + rodUUID + " > " + skoleUUID + "\n"},
		{"another phone", []string{`"phone": "+4510000001"`, `"phone": "+4510000002"`},
			"update enhed Østre Skole | adresse.phone: +4510000001 > +4510000002\n"},
		{"an address is cleared", []string{`"visit": "Skolevej 1, 4298 Korsbæk"`, `"visit": null`},
			"update enhed Østre Skole | adresse.visit: Skolevej 1, 4298 Korsbæk > \n"},
		{"an address that is not stated any more stays", []string{`, "visit": "Skolevej 1, 4298 Korsbæk"`, ``}, ""},
		{"an address that is not for the public goes", []string{`"name": "Østre Skole",`, `"name": "Østre Skole", "internal": ["phone"],`},
			"update enhed Østre Skole | adresse.phone: +4510000001 > \n"},
		{"one of two equal jobs ends", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-11-22"}`},
			"retire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\n"},
		{"a job will end", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "to": "2026-12-31"}`},
			"update position Anna Åkær, Lærer | til: uendelig > 2026-12-31\n"},
		{"one of two equal jobs moves to another unit", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "on": {"2026-11-20": {"unit": "skole2"}}}`},
			"update position Anna Åkær, Lærer | enhed: " + skoleUUID + " > " + skole2UUID + "\n"},
		{"a job gets another title", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "displayTitle": "Læsevejleder", "from": "2024-08-01"}`},
			"update position Anna Åkær, Læsevejleder | navn: Lærer > Læsevejleder\n"},
		{"a job began earlier than was said", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-07-01"}`},
			"update position Anna Åkær, Lærer | fra: 2024-08-01 > 2024-07-01\n"},
		{"a job never happened", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01", "annulled": "2026-11-20"}`},
			"retire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\n"},
		{"a job that begins later", []string{`"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}`, `"b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}, "c": {"unit": "skole2", "title": "laerer", "from": "2027-02-01", "to": "2027-06-30"}`},
			"create position Anna Åkær, Lærer\n"},
		{"a person leaves", []string{`"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-20"}}`},
			"retire leder Bo Bæk, Leder, Østre Skole | gyldighed: Aktiv > Inaktiv\nretire position Bo Bæk, Skoleleder | gyldighed: Aktiv > Inaktiv\nretire bruger Bo Bæk (bo) | gyldighed: Aktiv > Inaktiv\n"},
		{"a person is suspended", []string{`"name": {"given": "Anna", "surname": "Åkær"}`, `"suspended": true, "name": {"given": "Anna", "surname": "Åkær"}`},
			"retire leder Anna Åkær, Leder, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\nretire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\nretire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\nretire bruger Anna Åkær (anna) | gyldighed: Aktiv > Inaktiv\n"},
		{"a person marries", []string{`"surname": "Åkær"`, `"surname": "Holm"`},
			"update person Anna Holm | navn: Anna Åkær > Anna Holm\n"},
		{"a person gets another login name", []string{`"name": "anna", "kind"`, `"name": "annh", "kind"`},
			"update bruger Anna Åkær (annh) | brugernavn: anna > annh\n"},
		{"a person is shielded", []string{`"name": {"given": "Anna", "surname": "Åkær"}`, `"shielded": true, "name": {"given": "Anna", "surname": "Åkær"}`},
			"update bruger Anna Åkær (anna) | adresse.email: anna@korsbaek.example >  | adresse.phone: +4510000011 > \n"},
		{"another leader", []string{`{"a": {"person": "bo", "role": "leder", "from": "2022-08-01"}}`, `{"a": {"person": "bo", "role": "leder", "from": "2022-08-01", "to": "2026-11-22"}, "b": {"person": "anna", "role": "konstitueret", "from": "2026-11-23"}}`},
			"create leder Anna Åkær, Konstitueret leder, Østre Skole\nretire leder Bo Bæk, Leder, Østre Skole | gyldighed: Aktiv > Inaktiv\n"},
		{"another leader in the same post", []string{`"role": "leder", "from": "2022-08-01"}`, `"role": "leder", "from": "2022-08-01", "on": {"2026-11-23": {"person": "anna"}}}`},
			"update leder Anna Åkær, Leder, Østre Skole | bruger: " + boKonto + " > " + annaKonto + " | fra: 2022-08-01 > 2026-11-23\n"},
		{"a leader is appointed in advance", []string{`{"a": {"person": "bo", "role": "leder", "from": "2022-08-01"}}`, `{"a": {"person": "bo", "role": "leder", "from": "2022-08-01", "to": "2026-12-31"}, "b": {"person": "anna", "role": "leder", "from": "2027-01-01"}}`},
			"create leder Anna Åkær, Leder, Østre Skole\nupdate leder Bo Bæk, Leder, Østre Skole | til: uendelig > 2026-12-31\n"},
		{"a unit closes into another", []string{`"name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01"`, `"name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01", "to": "2026-11-22", "successor": "skole2"`},
			"update position Anna Åkær, Lærer | enhed: " + skoleUUID + " > " + skole2UUID + "\n" +
				"update position Anna Åkær, Lærer | enhed: " + skoleUUID + " > " + skole2UUID + "\n" +
				"update position Bo Bæk, Skoleleder | enhed: " + skoleUUID + " > " + skole2UUID + "\n" +
				"retire leder Bo Bæk, Leder, Østre Skole | gyldighed: Aktiv > Inaktiv\nretire enhed Østre Skole | gyldighed: Aktiv > Inaktiv\n"},
		{"a robot is switched off", []string{`"unit": "rod", "from": "2022-01-01"`, `"unit": "rod", "from": "2022-01-01", "to": "2026-11-22"`},
			"retire bruger Robotten (rpa) | gyldighed: Aktiv > Inaktiv\n"},
		{"an account is no user any more", []string{`"name": "anna", "kind": "personal", "fk": true`, `"name": "anna", "kind": "personal", "fk": true, "on": {"2026-11-22": {"fk": false}}`},
			"retire leder Anna Åkær, Leder, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\nretire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\nretire position Anna Åkær, Lærer | gyldighed: Aktiv > Inaktiv\nretire bruger Anna Åkær (anna) | gyldighed: Aktiv > Inaktiv\n"},
		{"a second account for one of the jobs", []string{`"fk": true}}},`, `"fk": true}, "adm": {"uuid": "cccccccc-0000-4000-8000-000000000003", "name": "adm-anna", "kind": "admin", "system": "ad", "fk": true, "for": ["b"]}}},`},
			"create bruger Anna Åkær (adm-anna)\ncreate position Anna Åkær, Lærer\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			before := organisation(t, lille)
			m.anvend(before, nil)
			after := organisation(t, med(t, lille, tt.changes...))
			p := m.anvend(after, before)
			if diff := cmp.Diff(tt.want, opsText(p)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if m.srv.Lost() > 0 {
				t.Errorf("%d changes were overwritten unread", m.srv.Lost())
			}
		})
	}
}

// TestComesBack: somebody leaves and is hired again, and a unit closes and is opened again. What orgit has closed it
// opens, with everything that belongs to it.
func TestComesBack(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, lille)
	m.anvend(o, nil)
	left := organisation(t, med(t, lille, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}}`, `"engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01", "to": "2026-11-22"}}`,
		`"name": "Vestre Skole", "parent": "rod", "type": "team", "from": "2020-01-01"`, `"name": "Vestre Skole", "parent": "rod", "type": "team", "from": "2020-01-01", "to": "2026-11-22"`))
	m.anvend(left, o)
	m.day = m.day.Add(10)
	p := m.anvend(o, left)
	want := `update enhed Vestre Skole | gyldighed: Inaktiv > Aktiv | overordnet:  > ` + rodUUID + `
update bruger Bo Bæk (bo) | gyldighed: Inaktiv > Aktiv | person:  > ` + boUUID + `
update position Bo Bæk, Skoleleder | bruger:  > ` + boKonto + ` | enhed:  > ` + skoleUUID + ` | fra:  > 2022-08-01 | gyldighed: Inaktiv > Aktiv | til:  > uendelig
update leder Bo Bæk, Leder, Østre Skole | bruger:  > ` + boKonto + ` | enhed:  > ` + skoleUUID + ` | fra:  > 2022-08-01 | gyldighed: Inaktiv > Aktiv | til:  > uendelig
`
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for service, uuid := range map[string]string{"organisationenhed": skole2UUID, "bruger": boKonto} {
		if got := m.relationer(service, uuid, "Tilhoerer"); len(got) != 1 || got[0] != testOrg+" 2026-12-03T00:00:00+01:00–…" {
			t.Errorf("%s belongs to %v", service, got)
		}
	}
}

// TestAccountOfAnotherPerson: an account that stood under the wrong person in the files. Its user gets the right person
// in the register too, and nobody gets somebody else's Person object, which may hold a CPR number.
func TestAccountOfAnotherPerson(t *testing.T) {
	m := nytMaal(t, dagen)
	adm := `, "adm": {"uuid": "cccccccc-0000-4000-8000-000000000003", "name": "adm", "kind": "admin", "system": "ad", "fk": true}}}`
	wrong := organisation(t, med(t, lille, `"name": "bo", "kind": "personal", "fk": true}}}`, `"name": "bo", "kind": "personal", "fk": true}`+adm))
	right := organisation(t, med(t, lille, `"name": "anna", "kind": "personal", "fk": true}}}`, `"name": "anna", "kind": "personal", "fk": true}`+adm))
	m.anvend(wrong, nil)
	m.anvend(right, wrong)
	want := []string{annaUUID}
	var got []string
	for _, line := range m.relationer("bruger", "cccccccc-0000-4000-8000-000000000003", "TilknyttedePersoner") {
		if strings.HasSuffix(line, "–…") {
			got = append(got, line[:36])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the person of the user (-want +got)\n%s", diff)
	}
}

// TestPersonWithANewUUID: a person whose identity in the files was corrected is the same Person object, which may hold a
// CPR number.
func TestPersonWithANewUUID(t *testing.T) {
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	m.anvend(organisation(t, med(t, lille, `"bo": {"uuid": "`+boUUID+`"`, `"bo": {"uuid": "bbbbbbbb-0000-4000-8000-000000000009"`)), before)
	if got := m.relationer("bruger", boKonto, "TilknyttedePersoner"); len(got) != 1 || got[0][:36] != boUUID {
		t.Errorf("the user's person: %v", got)
	}
}
