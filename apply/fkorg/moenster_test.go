package fkorg

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/plan"
)

// Classes and systems of the organisation with every registration pattern.
const (
	kle17       = "17171717-0000-4000-8000-000000000000"
	kle1701     = "17171717-0000-4000-8000-000000000001"
	kle1702     = "17171717-0000-4000-8000-000000000002"
	esdhUUID    = "55555555-0000-4000-8000-000000000001"
	omsorgUUID  = "55555555-0000-4000-8000-000000000002"
	carlKonto   = "cccccccc-0000-4000-8000-000000000003"
	fremmedUUID = "eeeeeeee-0000-4000-8000-00000000000e"
)

// moenstre is lille with a root that KOMBIT's object points to, a payout unit, contact places, tasks, IT systems, an
// external consultant and addresses in every role.
var moenstre = func() string {
	r := strings.NewReplacer(
		`"units": {`, `"settings": {"classes": {"kle": {"17": "`+kle17+`", "17.01": "`+kle1701+`", "17.02": "`+kle1702+`"}},
		  "targets": {"fkOrganisation": {"organisation": "`+testOrg+`"}}},
		"systems": {"esdh": {"uuid": "`+esdhUUID+`", "name": "ESDH"}, "omsorg": {"uuid": "`+omsorgUUID+`", "name": "Omsorg"}},
		"units": {`,
		`"numbers": {"ean": "5798001234561"},`, `"numbers": {"ean": "5798001234561", "losShortName": "KORROD", "losID": "11", "dtrID": "12", "foa": "13", "sor": "14"},
		  "contactTasks": ["17.02"],`,
		`"visit": "Skolevej 1, 4298 Korsbæk"},`, `"visit": "Skolevej 1, 4298 Korsbæk", "post": "Skolevej 1", "postSecondary": "Boks 7"},
		  "payoutUnit": "rod", "contactUnits": ["rod", "skole2"], "kle": {"responsible": ["17.01", "17"]}, "systems": ["omsorg", "esdh"],`,
		`"parent": "rod", "type": "team", "from": "2020-01-01"}`, `"parent": "rod", "type": "team", "from": "2020-01-01", "addresses": {"contactWeb": "https://korsbaek.example/vestre"}}`,
		`"people": {`, `"people": {
		  "carl": {"uuid": "bbbbbbbb-0000-4000-8000-000000000003", "name": {"given": "Carl", "surname": "Dam"}, "addresses": {"landline": "+4510000012"},
		    "associations": {"a": {"unit": "skole", "type": "konsulent", "from": "2026-01-01"}},
		    "accounts": {"ad": {"uuid": "`+carlKonto+`", "system": "ad", "name": "carl", "kind": "personal", "fk": true, "ids": {"racf": "X1", "fmk": "F1"}}}},`,
	)
	return r.Replace(lille)
}()

func rodFunktion(k plan.Kind) string    { return string(funktionUUID(rodUUID, k)) }
func skole2Funktion(k plan.Kind) string { return string(funktionUUID(skole2UUID, k)) }

func TestFirstLoadOfEveryPattern(t *testing.T) {
	m := nytMaal(t, dagen)
	p := m.anvend(organisation(t, moenstre), nil)
	want := `create enhed Korsbæk Kommune
create enhed Vestre Skole
create enhed Østre Skole
update organisation Korsbæk Kommune | rod:  > ` + rodUUID + `
create person Anna Åkær
create person Bo Bæk
create person Carl Dam
create bruger Anna Åkær (anna)
create bruger Bo Bæk (bo)
create bruger Carl Dam (carl)
create bruger Robotten (rpa)
create udbetaling Udbetalingsenhed, Korsbæk Kommune
create henvendelse Henvendelsessted, Korsbæk Kommune
create henvendelse Henvendelsessted, Vestre Skole
create position Anna Åkær, Lærer
create position Anna Åkær, Lærer
create position Bo Bæk, Skoleleder
create position Carl Dam, Konsulent
create leder Anna Åkær, Leder, Korsbæk Kommune
create leder Bo Bæk, Leder, Østre Skole
`
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	messages := map[string][][]byte{}
	for _, e := range m.srv.Journal() {
		messages[e.Service] = append(messages[e.Service], e.Body)
	}
	for service, bodies := range messages {
		validate(t, service, bodies...)
	}
	for _, tt := range []struct {
		service, uuid, relation string
		want                    []string
	}{
		{"organisation", testOrg, "Overordnet", []string{rodUUID + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationenhed", skoleUUID, "TilknyttedeFunktioner", []string{
			rodFunktion(KindUdbetaling) + " 2026-11-23T00:00:00+01:00–…", rodFunktion(KindHenvendelse) + " 2026-11-23T00:00:00+01:00–…",
			skole2Funktion(KindHenvendelse) + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationenhed", skoleUUID, "TilknyttedeItSystemer", []string{
			esdhUUID + " 2026-11-23T00:00:00+01:00–…", omsorgUUID + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationenhed", skoleUUID, "Opgaver", []string{
			kle17 + " 2026-11-23T00:00:00+01:00–…", kle1701 + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationfunktion", rodFunktion(KindHenvendelse), "TilknyttedeOpgaver", []string{kle1702 + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationfunktion", rodFunktion(KindHenvendelse), "Funktionstype", []string{funktionHenvendelse + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationfunktion", rodFunktion(KindUdbetaling), "Funktionstype", []string{funktionUdbetaling + " 2026-11-23T00:00:00+01:00–…"}},
		{"organisationfunktion", rodFunktion(KindUdbetaling), "TilknyttedeEnheder", []string{rodUUID + " 2026-11-23T00:00:00+01:00–…"}},
		{"bruger", carlKonto, "BrugerTyper", []string{brugertypeEkstern + " 2026-11-23T00:00:00+01:00–…"}},
	} {
		got := m.relationer(tt.service, tt.uuid, tt.relation)
		slices.Sort(got)
		slices.Sort(tt.want)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s of %s (-want +got)\n%s", tt.relation, tt.service, diff)
		}
	}
	adresser := map[string]string{ // by role and the first character of Indeks
		"47a33082-4687-4a68-b82f-5bf6f9d8ee13": "KORROD", "ee78e99a-6220-48ea-81fe-e4db239ee10a": "11", "81912344-ef86-4cff-a522-a0001607d2ce": "12",
		"0dac99a2-c419-4113-bb1d-757e00669bf2": "13", "b44138cf-72df-45d1-8821-83db39b62093": "14", "80b610c6-314b-485a-a014-a9a1d7070bc4 1": "Skolevej 1",
		"80b610c6-314b-485a-a014-a9a1d7070bc4 2": "Boks 7", "47c05422-5379-4c27-9ddf-e02b52b3d961": "+4510000012",
		"519a2d12-d099-434a-a3a2-a7397db7c741": "X1", "85760831-0671-4127-93f7-0eee227c5ff9": "F1", "560cb83d-386d-43c0-aaa2-986a915b087c": "https://korsbaek.example/vestre",
	}
	for role, text := range m.adressetekster() {
		if want, ok := adresser[role]; ok && want != text {
			t.Errorf("address %s is %q, want %q", role, text, want)
		}
		delete(adresser, role)
	}
	if len(adresser) > 0 {
		t.Errorf("addresses that are missing: %v", adresser)
	}
}

// adressetekster are the texts of all addresses that are referred to, by role; for postal addresses with the first
// character of Indeks.
func (m *maal) adressetekster() map[string]string {
	m.t.Helper()
	out := map[string]string{}
	for _, service := range []string{"organisationenhed", "bruger", "organisationfunktion"} {
		for _, uuid := range m.srv.UUIDs(service) {
			lists, _, _ := m.srv.Object(service, uuid)
			for _, n := range lists.Relations.All(nsSagDok, "Adresser") {
				r, err := laesRelation(n)
				if err != nil {
					m.t.Fatal(err)
				}
				if !r.Virkning.Gaelder(noon(m.day)) {
					continue
				}
				role := r.Rolle.UUID()
				if role == klassePost {
					role += " " + r.Indeks[:1]
				}
				out[role] = m.tekst(r.Ref.UUID())
			}
		}
	}
	return out
}

func (m *maal) tekst(adresse string) string {
	lists, _, ok := m.srv.Object("adresse", adresse)
	if !ok {
		return "(no address)"
	}
	e := lists.Attributes.Elements()
	return e[len(e)-1].Child(nsSTS, "AdresseTekst").RawContent()
}

// TestChangesOfPatterns applies one change of the files after the first load, as TestChanges does.
func TestChangesOfPatterns(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		want    string
	}{
		{"another payout unit", []string{`"payoutUnit": "rod"`, `"payoutUnit": "skole2"`, `"type": "team", "from": "2020-01-01",`, `"type": "team", "from": "2020-01-01", "numbers": {"losShortName": "KORVES"},`},
			"update enhed Vestre Skole | adresse.losShortName:  > KORVES\n" +
				"update enhed Østre Skole | udbetalingsenhed: " + rodFunktion(KindUdbetaling) + " > " + skole2Funktion(KindUdbetaling) + "\n" +
				"create udbetaling Udbetalingsenhed, Vestre Skole\n" +
				"retire udbetaling Udbetalingsenhed, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\n"},
		{"no payout unit any more", []string{`"payoutUnit": "rod"`, `"payoutUnit": null`},
			"update enhed Østre Skole | udbetalingsenhed: " + rodFunktion(KindUdbetaling) + " > \n" +
				"retire udbetaling Udbetalingsenhed, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\n"},
		{"a payout unit that is not stated any more stays with the unit", []string{`"payoutUnit": "rod", `, ``},
			"retire udbetaling Udbetalingsenhed, Korsbæk Kommune | gyldighed: Aktiv > Inaktiv\n"},
		{"fewer contact places", []string{`"contactUnits": ["rod", "skole2"]`, `"contactUnits": ["rod"]`},
			"update enhed Østre Skole | henvendelsessteder: " + sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse)) + " > " + rodFunktion(KindHenvendelse) + "\n" +
				"retire henvendelse Henvendelsessted, Vestre Skole | gyldighed: Aktiv > Inaktiv\n"},
		{"a unit that is its own contact place", []string{`"contactUnits": ["rod", "skole2"]`, `"contactUnits": ["skole"]`},
			"update enhed Østre Skole | henvendelsessteder: " + sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse)) + " > " + string(funktionUUID(skoleUUID, KindHenvendelse)) + "\n" +
				"create henvendelse Henvendelsessted, Østre Skole\n" +
				"retire henvendelse Henvendelsessted, Vestre Skole | gyldighed: Aktiv > Inaktiv\n"},
		{"other tasks of a contact place", []string{`"contactTasks": ["17.02"]`, `"contactTasks": ["17.01", "17"]`},
			"update henvendelse Henvendelsessted, Korsbæk Kommune | opgaver: " + kle1702 + " > " + kle17 + "," + kle1701 + "\n"},
		{"a contact place without tasks", []string{`"contactTasks": ["17.02"]`, `"contactTasks": null`},
			"update henvendelse Henvendelsessted, Korsbæk Kommune | opgaver: " + kle1702 + " > \n"},
		{"another page of a contact place", []string{`example/vestre`, `example/nyt`},
			"update henvendelse Henvendelsessted, Vestre Skole | adresse.web: https://korsbaek.example/vestre > https://korsbaek.example/nyt\n"},
		{"other tasks", []string{`"responsible": ["17.01", "17"]`, `"responsible": ["17.01", "17.02"]`},
			"update enhed Østre Skole | opgaver.responsible: " + kle17 + "," + kle1701 + " > " + kle1701 + "," + kle1702 + "\n"},
		{"no tasks", []string{`"kle": {"responsible": ["17.01", "17"]}`, `"kle": null`},
			"update enhed Østre Skole | opgaver.responsible: " + kle17 + "," + kle1701 + " > \n"},
		{"tasks that are not stated any more stay", []string{`"kle": {"responsible": ["17.01", "17"]}, `, ``}, ""},
		{"tasks replaced by those of another aspect", []string{`"parent": "rod", "type": "afdeling", "from": "2020-01-01",`, `"parent": "rod", "type": "afdeling", "from": "2020-01-01", "on": {"2026-11-01": {"kle": {"performing": ["17"]}}},`},
			"update enhed Østre Skole | opgaver.responsible: " + kle17 + "," + kle1701 + " > \n"},
		{"a system less", []string{`"systems": ["omsorg", "esdh"]`, `"systems": ["esdh"]`},
			"update enhed Østre Skole | itsystemer: " + esdhUUID + "," + omsorgUUID + " > " + esdhUUID + "\n"},
		{"no systems", []string{`"systems": ["omsorg", "esdh"]`, `"systems": []`},
			"update enhed Østre Skole | itsystemer: " + esdhUUID + "," + omsorgUUID + " > \n"},
		{"a consultant is hired", []string{`"associations": {"a"`, `"engagements": {"b": {"unit": "skole", "title": "laerer", "from": "2026-11-01"}}, "associations": {"a"`},
			"update bruger Carl Dam (carl) | brugertype: " + brugertypeEkstern + " > \ncreate position Carl Dam, Lærer\n"},
		{"the kind of association is no external one any more", []string{`"type": "konsulent"`, `"type": "frivillig"`},
			"update bruger Carl Dam (carl) | brugertype: " + brugertypeEkstern + " > \nupdate position Carl Dam, Frivillig | navn: Konsulent > Frivillig\n"},
		{"ids and phones of a user", []string{`"racf": "X1", "fmk": "F1"`, `"racf": "X2", "fmk": null`, `"+4510000012"`, `"+4510000013"`},
			"update bruger Carl Dam (carl) | adresse.fmk: F1 >  | adresse.landline: +4510000012 > +4510000013 | adresse.racf: X1 > X2\n"},
		{"a protected address does not take ids away", []string{`"name": {"given": "Carl"`, `"shielded": true, "name": {"given": "Carl"`},
			"update bruger Carl Dam (carl) | adresse.landline: +4510000012 > \n"},
		{"postal addresses change places", []string{`"post": "Skolevej 1", "postSecondary": "Boks 7"`, `"post": "Boks 7", "postSecondary": "Skolevej 1"`},
			"update enhed Østre Skole | adresse.post: Skolevej 1 > Boks 7 | adresse.postSecondary: Boks 7 > Skolevej 1\n"},
		{"no primary postal address", []string{`"post": "Skolevej 1"`, `"post": null`}, "update enhed Østre Skole | adresse.post: Skolevej 1 > \n"},
		{"numbers in registers", []string{`"losID": "11"`, `"losID": "99"`, `"sor": "14"`, `"sor": null`},
			"update enhed Korsbæk Kommune | adresse.losID: 11 > 99 | adresse.sor: 14 > \n"},
		{"another unit at the top", []string{`"name": "Korsbæk Kommune", "type"`, `"name": "Korsbæk Kommune", "parent": "skole2", "type"`, `"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole"`},
			"update enhed Vestre Skole | overordnet: " + rodUUID + " > \n" +
				"update enhed Korsbæk Kommune | overordnet:  > " + skole2UUID + "\n" +
				"update organisation Korsbæk Kommune | rod: " + rodUUID + " > " + skole2UUID + "\n"},
		{"the payout unit closes into another", []string{`"parent": "rod", "type": "team", "from": "2020-01-01",`, `"parent": "rod", "type": "team", "from": "2020-01-01", "to": "2026-11-22", "successor": "rod",`},
			"update enhed Østre Skole | henvendelsessteder: " + sorteret(rodFunktion(KindHenvendelse), skole2Funktion(KindHenvendelse)) + " > " + rodFunktion(KindHenvendelse) + "\n" +
				"retire henvendelse Henvendelsessted, Vestre Skole | gyldighed: Aktiv > Inaktiv\n" +
				"retire enhed Vestre Skole | gyldighed: Aktiv > Inaktiv\n"},
	}
	messages := map[string][][]byte{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := nytMaal(t, dagen)
			before := organisation(t, moenstre)
			m.anvend(before, nil)
			loaded := len(m.srv.Journal())
			p := m.anvend(organisation(t, med(t, moenstre, tt.changes...)), before)
			if diff := cmp.Diff(tt.want, opsText(p)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(p.Refusals) > 0 {
				t.Errorf("refused: %+v", p.Refusals)
			}
			for _, e := range m.srv.Journal()[loaded:] {
				messages[e.Service] = append(messages[e.Service], e.Body)
			}
		})
	}
	for service, bodies := range messages {
		validate(t, service, bodies...)
	}
}

func sorteret(refs ...string) string {
	slices.Sort(refs)
	return strings.Join(refs, ",")
}

// fremmed puts an entry into an object's relations, as another system would.
func (m *maal) fremmed(slags *Slags, uuid string, relationer ...Relation) {
	m.t.Helper()
	fra, err := Midnat("2024-01-01")
	if err != nil {
		m.t.Fatal(err)
	}
	err = m.srv.Edit(slags.Tjeneste(), uuid, func(l *fkorgtest.Lists) {
		for _, r := range relationer {
			if !r.Virkning.Fra.Angivet() {
				r.Virkning.Fra = fra
			}
			l.Relations.Add(r.node())
		}
		slices.SortStableFunc(l.Relations.Children, func(a, b *xmltree.Node) int { return slags.plads(a.Name.Local) - slags.plads(b.Name.Local) })
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// TestForeignEntriesOfSharedLists: lists that orgit writes hold entries of others as well. They are no difference, they
// stay, and they are stored as they were.
func TestForeignEntriesOfSharedLists(t *testing.T) {
	const andenRolle = "99999999-0000-4000-8000-000000000001"
	m := nytMaal(t, dagen)
	before := organisation(t, moenstre)
	m.anvend(before, nil)
	m.fremmed(Enhed, skoleUUID,
		Relation{Navn: "Opgaver", Ref: Til(fremmedUUID), Rolle: Til(andenRolle), Type: Til(typeOpgave), Indeks: "1"},
		Relation{Navn: "Opgaver", Ref: Til(kle1702), Rolle: Til(opgaveAnsvarlig), Type: Til(andenRolle), Indeks: "2"},
		Relation{Navn: "TilknyttedeFunktioner", Ref: Til(fremmedUUID)},
		Relation{Navn: "TilknyttedeItSystemer", Ref: Til(fremmedUUID)},
		Relation{Navn: "TilknyttedeItSystemer", Ref: Til(esdhUUID)}) // a repetition, as answers hold them
	m.fremmed(Bruger, carlKonto, Relation{Navn: "BrugerTyper", Ref: Til("fe5bec29-0709-4b45-b935-2748ff554c7a")})
	m.fremmed(Enhed, skole2UUID, Relation{Navn: "TilknyttedeItSystemer", Ref: Til(esdhUUID)}) // a system that orgit states elsewhere
	if p := m.plan(before, before); len(p.Operations)+len(p.Drift) > 0 {
		t.Errorf("what others wrote is a difference:\n%s", opsText(p))
	}
	after := organisation(t, med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": []`, `"systems": ["omsorg", "esdh"]`, `"systems": null`,
		`"payoutUnit": "rod"`, `"payoutUnit": null`, `"contactUnits": ["rod", "skole2"]`, `"contactUnits": null`, `"type": "konsulent"`, `"type": "frivillig"`,
		`"type": "team", "from": "2020-01-01",`, `"type": "team", "from": "2020-01-01", "systems": ["omsorg"],`))
	m.anvend(after, before)
	open := func(service, uuid, relation string) []string {
		var out []string
		for _, line := range m.relationer(service, uuid, relation) {
			if strings.HasSuffix(line, "–…") {
				out = append(out, line[:36])
			}
		}
		slices.Sort(out)
		return out
	}
	for _, tt := range []struct {
		service, uuid, relation string
		want                    []string
	}{
		{"organisationenhed", skoleUUID, "Opgaver", []string{kle1702, fremmedUUID}},
		{"organisationenhed", skoleUUID, "TilknyttedeFunktioner", []string{fremmedUUID}},
		{"organisationenhed", skoleUUID, "TilknyttedeItSystemer", []string{fremmedUUID}},
		{"organisationenhed", skole2UUID, "TilknyttedeItSystemer", []string{esdhUUID, omsorgUUID}},
		{"bruger", carlKonto, "BrugerTyper", []string{"fe5bec29-0709-4b45-b935-2748ff554c7a"}},
	} {
		if diff := cmp.Diff(tt.want, open(tt.service, tt.uuid, tt.relation)); diff != "" {
			t.Errorf("%s of %s (-want +got)\n%s", tt.relation, tt.uuid, diff)
		}
	}
}

// TestPostalAddressesOfOthers: another system has written a primary and a secondary postal address. A primary one of
// orgit's takes the first one's place and leaves the second alone.
func TestPostalAddressesOfOthers(t *testing.T) {
	const first, second = "eeeeeeee-0000-4000-8000-0000000000a1", "eeeeeeee-0000-4000-8000-0000000000a2"
	m := nytMaal(t, dagen)
	before := organisation(t, lille)
	m.anvend(before, nil)
	for i, uuid := range []string{first, second} {
		a := &Objekt{Slags: Adresse, UUID: uuid, Egenskaber: []Egenskab{{Virkning: fra(t, "2024-01-01"), BrugervendtNoegle: "k", Navn: "Gammel " + uuid}}}
		m.laeg(a)
		m.fremmed(Enhed, skole2UUID, Relation{Navn: "Adresser", Ref: Til(uuid), Rolle: Til(klassePost), Type: Til(typeEnhedsadresse), Indeks: []string{"1", "2"}[i] + "abc"})
	}
	for _, tt := range []struct{ addresses, want string }{
		{`"post": "Vej 2"`, "update enhed Vestre Skole | adresse.post: Gammel " + first + " > Vej 2\n"},
		{`"post": "Vej 2", "postSecondary": "Boks 2"`, "update enhed Vestre Skole | adresse.postSecondary: Gammel " + second + " > Boks 2\n"},
		{`"post": null, "postSecondary": "Boks 2"`, "update enhed Vestre Skole | adresse.post: Vej 2 > \n"},
	} {
		after := organisation(t, med(t, lille, `"type": "team",`, `"type": "team", "addresses": {`+tt.addresses+`},`))
		if diff := cmp.Diff(tt.want, opsText(m.anvend(after, before))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.addresses, diff)
		}
		before = after
	}
}

// TestSystemThatIsStatedLater: a system that a unit will use is somebody else's until then, and stays.
func TestSystemThatIsStatedLater(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, med(t, moenstre, `"type": "team", "from": "2020-01-01",`,
		`"type": "team", "from": "2020-01-01", "systems": ["omsorg"], "on": {"2027-01-01": {"systems": ["omsorg", "esdh"]}},`))
	m.anvend(o, nil)
	m.fremmed(Enhed, skole2UUID, Relation{Navn: "TilknyttedeItSystemer", Ref: Til(esdhUUID)})
	m.ens(o)
	m.day = "2027-01-01"
	m.ens(o)
}

// TestPayoutFunctionOfAnotherSystem: a unit whose payout unit the files state has that one and no other. The function
// that another system made stays; the unit does not refer to it any more.
func TestPayoutFunctionOfAnotherSystem(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, moenstre)
	fra, err := Midnat("2024-01-01")
	if err != nil {
		t.Fatal(err)
	}
	v := Virkning{Fra: fra}
	m.laeg(&Objekt{Slags: Funktion, UUID: fremmedUUID,
		Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "k", Navn: "PayoutUnitFunction"}},
		Tilstande:  []Gyldighed{{Virkning: v, Status: Aktiv}},
		Relationer: []Relation{
			{Navn: "Funktionstype", Virkning: v, Ref: Til(funktionUdbetaling)}, {Navn: "TilknyttedeOrganisationer", Virkning: v, Ref: Til(testOrg)},
			{Navn: "TilknyttedeEnheder", Virkning: v, Ref: Til(skole2UUID)}}})
	m.anvend(o, nil)
	m.fremmed(Enhed, skoleUUID, Relation{Navn: "TilknyttedeFunktioner", Ref: Til(fremmedUUID)})
	p := m.plan(o, nil)
	want := "update enhed Østre Skole | udbetalingsenhed: " + sorteret(fremmedUUID, rodFunktion(KindUdbetaling)) + " > " + rodFunktion(KindUdbetaling) + "\n"
	if diff := cmp.Diff(want, opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := p.Operations[0].Attrs[0].ShowOld; got != "Korsbæk Kommune, Vestre Skole" {
		t.Errorf("the plan shows %q", got)
	}
	if err := m.udfoer(context.Background(), o, p); err != nil {
		t.Fatal(err) // among others when reading one object gives another digest than reading all
	}
	m.ens(o)
	if lists, _, _ := m.srv.Object("organisationfunktion", fremmedUUID); !strings.Contains(string(xmltree.Write(lists.States, nil)), Aktiv) {
		t.Error("the other system's function was closed")
	}
}

// TestMissingClasses: numbers without a class are said and left out; what the register holds beside what orgit stated is
// not ended, because it may be just what is missing.
func TestMissingClasses(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": ["17.01", "27.12"], "performing": ["17"]`, `"17": "`+kle17+`", `, ``))
	p := m.anvend(o, nil)
	if len(p.Refusals) > 0 {
		t.Errorf("refused: %+v", p.Refusals)
	}
	var said []string
	for _, a := range p.Attention {
		said = append(said, string(a.Code)+" "+string(a.Path)+" "+a.Detail)
	}
	want := []string{`problem units."skole".kle.responsible classes.kle has no class for KLE 27.12, so FK Organisation is not told of it; what stands there already stays`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	m.fremmed(Enhed, skoleUUID, Relation{Navn: "Opgaver", Ref: Til(fremmedUUID), Rolle: Til(opgaveAnsvarlig), Type: Til(typeOpgave), Indeks: "4"})
	less := organisation(t, med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": ["17.02", "27.12"]`))
	p = m.anvend(less, o)
	if diff := cmp.Diff("update enhed Østre Skole | opgaver.responsible: "+kle1701+" > "+kle1702+"\n", opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	full := organisation(t, med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": ["17.02"]`))
	p = m.plan(full, nil)
	if diff := cmp.Diff("update enhed Østre Skole | opgaver.responsible: "+kle1702+","+fremmedUUID+" > "+kle1702+"\n", opsText(p)); diff != "" {
		t.Errorf("with the whole table (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]KLEGap{{"27.12", []string{"skole"}}}, MissingKLE(o, dagen)); diff != "" {
		t.Errorf("missing (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"performing"}, UnwrittenTaskAspects(o, dagen)); diff != "" {
		t.Errorf("unwritten (-want +got)\n%s", diff)
	}
}

// TestTasksInFurtherRoles: the roles that nobody has published are written where the settings tell them.
func TestTasksInFurtherRoles(t *testing.T) {
	const udfoerende = "99999999-0000-4000-8000-000000000002"
	m := nytMaal(t, dagen)
	text := med(t, moenstre, `"responsible": ["17.01", "17"]`, `"responsible": ["17.01"], "performing": ["17.01"], "informed": ["17"]`,
		`"fkOrganisation": {`, `"fkOrganisation": {"taskRoles": {"performing": "`+udfoerende+`"}, `)
	o := organisation(t, text)
	m.anvend(o, nil)
	if got := m.relationer("organisationenhed", skoleUUID, "Opgaver"); len(got) != 2 {
		t.Errorf("tasks %q", got)
	}
	p := m.anvend(organisation(t, med(t, text, `"performing": ["17.01"]`, `"performing": []`)), o)
	if diff := cmp.Diff("update enhed Østre Skole | opgaver.performing: "+kle1701+" > \n", opsText(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"informed"}, UnwrittenTaskAspects(o, dagen)); diff != "" {
		t.Errorf("unwritten (-want +got)\n%s", diff)
	}
}

// TestPayoutUnitWithoutLOSShortName is a problem that stops the proposal that brings it.
func TestPayoutUnitWithoutLOSShortName(t *testing.T) {
	m := nytMaal(t, dagen)
	p := m.plan(organisation(t, med(t, moenstre, `"payoutUnit": "rod"`, `"payoutUnit": "skole2"`)), nil)
	if len(p.Refusals) != 1 || p.Refusals[0].Code != plan.RefusedProblem || !strings.Contains(p.Refusals[0].Detail, "LOS short name") ||
		p.Refusals[0].Path != `units."skole2".numbers.losShortName` {
		t.Errorf("refusals %+v", p.Refusals)
	}
}

// TestTheRootIsKOMBITs: the object is read, pointed and otherwise left as it is. That it is missing, that there are two
// roots, and that the change is refused are all said.
func TestTheRootIsKOMBITs(t *testing.T) {
	m := nytMaal(t, dagen)
	m.srv.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: "99189703", Organisation: testOrg, Root: fremmedUUID})
	o := organisation(t, moenstre)
	before, _, _ := m.srv.Object("organisation", testOrg)
	m.anvend(o, nil)
	after, _, _ := m.srv.Object("organisation", testOrg)
	for _, l := range [][2]*xmltree.Node{{before.Attributes, after.Attributes}, {before.States, after.States}} {
		if diff := cmp.Diff(string(xmltree.Write(l[0], nil)), string(xmltree.Write(l[1], nil))); diff != "" {
			t.Errorf("KOMBIT's own entries have changed (-before +after)\n%s", diff)
		}
	}
	if got := m.relationer("organisation", testOrg, "Overordnet"); !slices.Equal(got, []string{rodUUID + " 2026-11-23T00:00:00+01:00–…"}) {
		t.Errorf("it points to %q", got)
	}
	t.Run("two roots", func(t *testing.T) {
		two := organisation(t, med(t, moenstre, `"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole"`))
		p := m.plan(two, o)
		if i := slices.IndexFunc(p.Refusals, func(r plan.Refusal) bool { return r.Code == plan.RefusedProblem }); i < 0 || !strings.Contains(p.Refusals[i].Detail, "Vestre Skole (skole2)") {
			t.Errorf("refusals %+v", p.Refusals)
		}
		if slices.ContainsFunc(p.Operations, func(op plan.Operation) bool { return op.Object.Kind == KindOrganisation }) {
			t.Errorf("the pointer moves:\n%s", opsText(p))
		}
	})
	t.Run("refused", func(t *testing.T) {
		m := nytMaal(t, dagen)
		p := m.plan(o, nil)
		m.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
			if c.Service == "organisation" && c.Operation == "ret" {
				return fkorgtest.Trouble{Status: statusIkkeTilladt, Message: "nej"}
			}
			return fkorgtest.Trouble{}
		})
		if err := m.udfoer(context.Background(), o, p); !errors.Is(err, apply.ErrNotAuthorised) || !strings.Contains(err.Error(), "write organisation") {
			t.Errorf("the run says %v", err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		other := organisation(t, strings.ReplaceAll(moenstre, testOrg, fremmedUUID))
		if _, err := m.writer(other).Actual(context.Background()); err == nil || !strings.Contains(err.Error(), "Organisation object "+fremmedUUID+" is not there") {
			t.Errorf("reading says %v", err)
		}
	})
	t.Run("never made or closed", func(t *testing.T) {
		for _, action := range []plan.Action{plan.ActionCreate, plan.ActionRetire, plan.ActionDelete} {
			op := plan.Operation{Object: plan.ID{Kind: KindOrganisation, UUID: testOrg}, Action: action}
			if err := m.writer(o).Write(context.Background(), op, nil); err == nil {
				t.Errorf("%s is written", action)
			}
		}
		m.plan(organisation(t, lille), o) // the settings do not name it any more
		if p := m.plan(organisation(t, lille), o); slices.ContainsFunc(p.Operations, func(op plan.Operation) bool { return op.Object.Kind == KindOrganisation }) {
			t.Errorf("it is touched:\n%s", opsText(p))
		}
	})
}

// TestCallsOfPatterns counts what changes of the patterns call, as TestCallsPerChange does: OS2sync reads the unit and each
// of its addresses, and searches for and lists the functions that it needs, before it writes.
func TestCallsOfPatterns(t *testing.T) {
	const unit, addresses, function = 1, 4, 2 // OS2sync's reads of a unit, of its addresses, of a function by unit and type
	tests := []struct {
		name    string
		changes []string
		want    map[string]int
		os2sync int
	}{
		{"nothing", []string{`"given": "Bo"`, `"given": "Bo"`}, map[string]int{}, 0},
		{"other tasks", []string{`"responsible": ["17.01", "17"]`, `"responsible": ["17.02"]`}, map[string]int{"laes": 1, "list": 1, "ret": 1}, unit + addresses + 1},
		{"a system less", []string{`"systems": ["omsorg", "esdh"]`, `"systems": ["esdh"]`}, map[string]int{"laes": 1, "list": 1, "ret": 1}, unit + addresses + 1},
		{"no payout unit", []string{`"payoutUnit": "rod"`, `"payoutUnit": null`}, map[string]int{"laes": 2, "list": 1, "ret": 2}, unit + addresses + function + 1},
		{"a new contact place", []string{`"contactUnits": ["rod", "skole2"]`, `"contactUnits": ["rod", "skole2", "skole"]`},
			map[string]int{"laes": 1, "list": 1, "ret": 1, "importer": 1}, unit + addresses + 3*function + 1},
		{"a contact place's tasks", []string{`"contactTasks": ["17.02"]`, `"contactTasks": ["17"]`}, map[string]int{"laes": 1, "ret": 1}, unit + addresses + function + 1},
		{"the root", []string{`"name": "Korsbæk Kommune", "type"`, `"name": "Korsbæk Kommune", "parent": "skole2", "type"`, `"name": "Vestre Skole", "parent": "rod"`, `"name": "Vestre Skole"`},
			map[string]int{"laes": 3, "list": 1, "ret": 3}, unit + addresses + 1 + unit + 1 + 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			koster(t, moenstre, tt.changes, tt.want, tt.os2sync)
		})
	}
}
