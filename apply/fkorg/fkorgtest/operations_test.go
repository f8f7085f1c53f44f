package fkorgtest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// sample is a good object of a service.
type sample struct {
	service, element string
	parts
}

// samples are the services in which a client keeps objects.
func samples() []sample {
	v := V("2026-01-01")
	return []sample{
		{"adresse", "Adresse", parts{a: prop(v, "sts:AdresseTekst", "+4511111111")}},
		{"person", "Person", parts{a: replaced(prop(v, "o:NavnTekst", "Anna Åkær"), "<o:NavnTekst>", "<sts:CPR-NummerTekst>9999999999</sts:CPR-NummerTekst><o:NavnTekst>")}},
		{"bruger", "Bruger", parts{prop(v, "sd:BrugerNavn", "anna"), state(v, "Aktiv"),
			address(v, u2, "1") + rel("BrugerTyper", v, u3) + rel("Tilhoerer", v, orgUUID) + rel("TilknyttedePersoner", v, u3)}},
		{"organisationenhed", "OrganisationEnhed", unitParts("A")},
		{"organisationfunktion", "OrganisationFunktion", functionParts(u1, "2026-01-01")},
	}
}

// ownedSamples are objects as a client would write them of the services that KOMBIT keeps.
func ownedSamples() []sample {
	v := V("2026-01-01")
	return []sample{
		{"organisation", "Organisation", parts{prop(v, "sd:OrganisationNavn", "Korsbæk Kommune"), state(v, "Aktiv"), rel("Overordnet", v, u1)}},
		{"itsystem", "ItSystem", parts{replaced(prop(v, "sd:ItSystemNavn", "Nexus"), "</sd:ItSystemNavn>",
			"</sd:ItSystemNavn><sd:ItSystemTypeTekst>EOJ</sd:ItSystemTypeTekst><sd:KonfigurationReference>a</sd:KonfigurationReference>"), state(v, "Aktiv"), rel("SystemTyper", v, u2)}},
		{"virksomhed", "Virksomhed", parts{a: prop(v, "sts:NavnTekst", "Korsbæk Kommune")}},
		{"myndighed", "Myndighed", parts{a: replaced(prop(v, "sts:NavnTekst", "Korsbæk Kommune"), "</sts:NavnTekst>", "</sts:NavnTekst><sts:MyndighedsKode>0999</sts:MyndighedsKode>")}},
	}
}

// body is a good message of an operation on u1.
func (s sample) body(operation string) string {
	switch operation {
	case "opret":
		return message(s.service, "OpretInput", s.lists())
	case "importer":
		return importer(s.service, s.element, u1, s.parts)
	case "ret":
		return message(s.service, "RetInput", id(u1)+s.lists())
	case "soeg":
		return message(s.service, "SoegInput", parts{}.lists())
	}
	return message(s.service, strings.ToUpper(operation[:1])+operation[1:]+"Input", id(u1))
}

// kombits are objects of KOMBIT's, all of them under u1.
var kombits = fkorgtest.Owned{
	Name: "Korsbæk Kommune", CVR: "99189703", Organisation: u1, Root: u2, Virksomhed: u1, Myndighed: u1, Code: "0999",
	ITSystems: []fkorgtest.ITSystem{{UUID: u1, Name: "Nexus"}},
}

// TestStateMachineOfEveryService goes through every state and every operation of the services that a client writes to,
// each with an object of its own: what is answered, which LivscyklusKode the object has then, and whether there is a new
// registration.
func TestStateMachineOfEveryService(t *testing.T) {
	type outcome struct{ status, code string }
	const none, imported, created, passivated, deleted = "", "Importeret", "Opstaaet", "Passiveret", "Slettet"
	alive := func(code string) map[string]outcome {
		return map[string]outcome{"importer": {"49", code}, "ret": {"20", code}, "passiver": {"20", passivated}, "slet": {"20", deleted},
			"laes": {"20", code}, "list": {"20", code}}
	}
	dead := func(code string) map[string]outcome {
		return map[string]outcome{"importer": {"20", imported}, "ret": {"49", code}, "passiver": {"49", code}, "slet": {"49", code},
			"laes": {"20", code}, "list": {"20", code}}
	}
	tests := []struct {
		name string
		way  []string // from nothing
		want map[string]outcome
	}{
		{"nothing", nil, map[string]outcome{"importer": {"20", imported}, "ret": {"44", none}, "passiver": {"44", none}, "slet": {"44", none},
			"laes": {"44", none}, "list": {"44", none}}},
		{"imported", []string{"importer"}, alive(imported)},
		{"created", []string{"opret"}, alive(created)},
		{"imported and changed", []string{"importer", "ret"}, alive(imported)},
		{"passivated", []string{"importer", "passiver"}, dead(passivated)},
		{"deleted", []string{"opret", "slet"}, dead(deleted)},
		{"imported again", []string{"importer", "passiver", "importer"}, alive(imported)},
	}
	for _, sm := range samples() {
		t.Run(sm.service, func(t *testing.T) {
			s := start(t, fkorgtest.Options{})
			c := newCaller(t, s)
			for i, tt := range tests {
				for k, operation := range []string{"importer", "ret", "passiver", "slet", "laes", "list"} {
					uuid := fmt.Sprintf("%08x-0000-4000-8000-%012x", i, k)
					for _, before := range tt.way {
						status, made := c.made(sm, before, uuid)
						if status != "20" {
							t.Fatalf("%s: %s: status %s", tt.name, before, status)
						}
						uuid = made
					}
					registered := s.Registrations(sm.service, uuid)
					got, _ := c.made(sm, operation, uuid)
					_, code, _ := s.Object(sm.service, uuid)
					if diff := cmp.Diff(tt.want[operation], outcome{got, code}, cmp.AllowUnexported(outcome{})); diff != "" {
						t.Errorf("%s on what is %s: (-want +got)\n%s", operation, tt.name, diff)
					}
					want := registered
					if got == "20" && operation != "laes" && operation != "list" {
						want++
					}
					if n := s.Registrations(sm.service, uuid); n != want {
						t.Errorf("%s on what is %s: %d registrations, want %d", operation, tt.name, n, want)
					}
				}
			}
		})
	}
}

// made sends a good message of an operation on uuid, and gives the UUID of the object that it was about in the end.
func (c *caller) made(sm sample, operation, uuid string) (status, made string) {
	c.t.Helper()
	out, err := c.send(sm.service, operation, strings.ReplaceAll(sm.body(operation), u1, uuid))
	if err != nil {
		c.t.Fatalf("%s/%s: %v", sm.service, operation, err)
	}
	if chosen := out.Child(sdNS, "UUIDIdentifikator").Content(); chosen != "" {
		uuid = chosen
	}
	return out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content(), uuid
}

// TestSearchFindsTheLiving: and the others only when their LivscyklusKode is asked for.
func TestSearchFindsTheLiving(t *testing.T) {
	for _, sm := range samples() {
		s := start(t, fkorgtest.Options{})
		c := newCaller(t, s)
		search := func(head string) string {
			return c.status(sm.service, "soeg", message(sm.service, "SoegInput", head+parts{}.lists()))
		}
		code := func(code string) string {
			return "<sd:SoegRegistrering><sd:LivscyklusKode>" + code + "</sd:LivscyklusKode></sd:SoegRegistrering>"
		}
		var got []string
		note := func(name string) {
			got = append(got, name+": "+search("")+" "+search(code("Importeret"))+" "+search(code("Passiveret"))+" "+search(code("Slettet")))
		}
		note("nothing")
		c.made(sm, "importer", u1)
		note("imported")
		c.made(sm, "passiver", u1)
		note("passive")
		c.made(sm, "importer", u1)
		c.made(sm, "slet", u1)
		note("deleted")
		want := []string{"nothing: 44 44 44 44", "imported: 20 20 44 44", "passive: 44 44 20 44", "deleted: 44 44 44 20"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", sm.service, diff)
		}
	}
}

// TestWhatKombitKeeps: everybody reads it, nobody writes it but the Organisation's Overordnet.
func TestWhatKombitKeeps(t *testing.T) {
	for _, sm := range ownedSamples() {
		s := start(t, fkorgtest.Options{})
		s.Seed(kombits)
		c := newCaller(t, s)
		want := map[string]string{"opret": "41", "importer": "41", "ret": "41", "passiver": "41", "slet": "41", "laes": "20", "list": "20", "soeg": "20"}
		got := map[string]string{}
		for operation := range want {
			got[operation] = c.status(sm.service, operation, sm.body(operation))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", sm.service, diff)
		}
		if n := s.Registrations(sm.service, u1); n != 1 {
			t.Errorf("%s: %d registrations", sm.service, n)
		}
	}
}

// TestMunicipalityToOrganisation is the way from a CVR number to the root unit.
func TestMunicipalityToOrganisation(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	s.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: "99189703", Organisation: orgUUID, Root: u1, Virksomhed: u2, Myndighed: u3})
	c := newCaller(t, s)
	found := func(service, body string) string {
		out, err := c.send(service, "soeg", body)
		if err != nil {
			t.Fatal(err)
		}
		return out.Child(sdNS, "IdListe").Child(sdNS, "UUIDIdentifikator").Content()
	}
	if got := found("virksomhed", message("virksomhed", "SoegInput", parts{a: "<o:Egenskab><sts:CVR-NummerTekst>99189703</sts:CVR-NummerTekst></o:Egenskab>"}.lists())); got != u2 {
		t.Errorf("virksomhed %q", got)
	}
	if got := found("organisation", message("organisation", "SoegInput", parts{r: rel("Virksomhed", "", u2)}.lists())); got != orgUUID {
		t.Errorf("organisation %q", got)
	}
	out, err := c.send("organisation", "laes", message("organisation", "LaesInput", id(orgUUID)))
	if err != nil {
		t.Fatal(err)
	}
	const ns = "http://stoettesystemerne.dk/organisation/organisation/6/"
	reg := out.Child(ns, "FiltreretOejebliksbillede").Child(ns, "Registrering")
	relations := reg.Child(ns, "RelationListe")
	if got := relations.Child(sdNS, "Overordnet").Child(sdNS, "ReferenceID").Child(sdNS, "UUIDIdentifikator").Content(); got != u1 {
		t.Errorf("Overordnet %q", got)
	}
	if from := reg.Child(ns, "AttributListe").Elements()[0].Child(sdNS, "Virkning").Child(sdNS, "FraTidspunkt").Child(sdNS, "GraenseIndikator"); from.Content() != "true" {
		t.Error("what KOMBIT keeps is valid since ever")
	}
	// All three lists come back as they were read, with another root.
	for _, child := range relations.Elements() {
		if child.Name.Local == "Overordnet" {
			moved, err := xmltree.Parse([]byte(message("organisation", "x", rel("Overordnet", V("2026-11-23"), u3))))
			if err != nil {
				t.Fatal(err)
			}
			*child = *moved.Children[0]
		}
	}
	in := xmltree.Element(ns, "RetInput", xmltree.Leaf(sdNS, "UUIDIdentifikator", orgUUID)).Add(reg.Elements()[2:]...)
	if got := c.status("organisation", "ret", string(xmltree.Write(in, nil))); got != "20" {
		t.Errorf("ret of Overordnet: status %s", got)
	}
	if !strings.Contains(s.Dump(), "Overordnet 2026-11-23T00:00:00+01:00 true "+u3) {
		t.Errorf("the root did not move: %s", s.Dump())
	}
	// Whoever leaves out what KOMBIT keeps is refused.
	short := message("organisation", "RetInput", id(orgUUID)+"<o:RelationListe>"+rel("Overordnet", V("2026-11-23"), u1)+"</o:RelationListe>")
	if got := c.status("organisation", "ret", short); got != "41" {
		t.Errorf("ret without Virksomhed: status %s", got)
	}
}

func TestAnonymise(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	person := samples()[1]
	anonymise := func(content string) string {
		return c.status("organisationsystem", "anonymiser", message("organisationsystem", "AnonymiserInput", content))
	}
	if got := anonymise("<o:PersonUUID>" + u1 + "</o:PersonUUID>"); got != "44" {
		t.Errorf("nobody: status %s", got)
	}
	for i, content := range []string{"<o:PersonUUID>" + u1 + "</o:PersonUUID>", "<o:PersonCPR>9999999999</o:PersonCPR>"} {
		uuid := []string{u1, u2}[i]
		c.made(person, "importer", uuid)
		c.made(person, "ret", uuid)
		if got := anonymise(content); got != "20" {
			t.Errorf("%s: status %s", content, got)
		}
		out, err := c.send("person", "laes", message("person", "LaesInput", id(uuid)+from("2020-01-01")))
		if err != nil {
			t.Fatal(err)
		}
		text := string(xmltree.Write(out, nil))
		if strings.Contains(text, "Anna") || strings.Contains(text, "9999999999") || strings.Count(text, "Anonymiseret") != 3 {
			t.Errorf("what is left in three registrations: %s", text)
		}
	}
	if n := s.Calls(fkorgtest.Call{Service: "organisationsystem", Operation: "anonymiser", UUID: u1}); n != 2 {
		t.Errorf("%d calls for the person", n)
	}
}

// from is the filter "from that day on".
func from(day string) string {
	return `<sd:VirkningFraFilter><sd:TidsstempelDatoTid>` + day + `T00:00:00Z</sd:TidsstempelDatoTid></sd:VirkningFraFilter><sd:VirkningTilFilter><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:VirkningTilFilter>`
}

// TestMunicipalitiesAreApart: one municipality's objects are nothing to another's.
func TestMunicipalitiesAreApart(t *testing.T) {
	s := start(t, fkorgtest.Options{CVR: "11111111"})
	c := newCaller(t, s)
	other := s.Of("22222222")
	if err := other.Put("organisationenhed", []byte(importUnit(u1, unitParts("Den anden")))); err != nil {
		t.Fatal(err)
	}
	if got := c.unit("laes", "LaesInput", id(u1)); got != "44" {
		t.Errorf("laes of the other's unit: status %s", got)
	}
	if got := c.unit("soeg", "SoegInput", parts{}.lists()); got != "44" {
		t.Errorf("soeg: status %s", got)
	}
	if got := c.status("organisationenhed", "importer", importUnit(u1, unitParts("Egen"))); got != "20" {
		t.Errorf("importer: status %s", got)
	}
	c.unit("passiver", "PassiverInput", id(u1))
	_, own, _ := s.Object("organisationenhed", u1)
	_, others, _ := other.Object("organisationenhed", u1)
	if own != "Passiveret" || others != "Importeret" || s.Of("11111111").Dump() != s.Dump() || s.Dump() == other.Dump() {
		t.Errorf("own %s, other's %s", own, others)
	}
	if j := s.Journal(); j[0].CVR != "11111111" {
		t.Errorf("the journal says %q", j[0].CVR)
	}
}

// TestReadsInTwoTimes: which registrations and which entries a read shows.
func TestReadsInTwoTimes(t *testing.T) {
	now := noon.AddDate(0, 0, -10)
	s := start(t, fkorgtest.Options{Clock: func() time.Time { return now }})
	c := newCaller(t, s)
	p := unitParts("A")
	p.r += rel("TilknyttedeItSystemer", V("2026-01-01", "2026-06-01"), u1) + rel("TilknyttedeItSystemer", V("2026-06-01"), u2)
	if got := c.status("organisationenhed", "importer", replaced(importUnit(u1, p), "2026-11-23T11:55:00Z", "2026-11-13T11:55:00Z")); got != "20" {
		t.Fatal(got)
	}
	now = noon
	p.a = unitParts("B").a
	p.r += rel("TilknyttedeItSystemer", V("2027-01-01"), u3)
	if got := c.unit("ret", "RetInput", id(u1)+p.lists()); got != "20" {
		t.Fatal(got)
	}
	registered := func(from, to string) string {
		return "<sd:RegistreringFraFilter>" + from + "</sd:RegistreringFraFilter><sd:RegistreringTilFilter>" + to + "</sd:RegistreringTilFilter>"
	}
	at := func(day string) string {
		return "<sd:TidsstempelDatoTid>" + day + "T00:00:00+01:00</sd:TidsstempelDatoTid>"
	}
	const unbounded = "<sd:GraenseIndikator>true</sd:GraenseIndikator>"
	between := func(from, to string) string {
		return "<sd:VirkningFraFilter>" + from + "</sd:VirkningFraFilter><sd:VirkningTilFilter>" + to + "</sd:VirkningTilFilter>"
	}
	tests := []struct{ name, filter, want string }{
		{"now", "", "B:2"},
		{"from now on, in every registration", between(at("2026-11-23"), unbounded), "A:2 B:23"},
		{"always, in every registration", between(unbounded, unbounded), "A:12 B:123"},
		{"only an end", strings.Split(between("", at("2026-03-01")), "</sd:VirkningFraFilter>")[1], "A:1 B:1"},
		{"the end does not belong to it", between(at("2026-01-01"), at("2026-06-01")), "A:1 B:1"},
		{"an end does not belong to the entry", between(at("2026-06-01"), at("2026-06-02")), "A:2 B:2"},
		{"nothing is valid so early", between(unbounded, at("2020-01-01")), ": :"},
		{"as it was registered then, valid now", registered(at("2026-11-13"), at("2026-11-14")), "A:2"},
		{"as it was registered then, valid always", between(unbounded, unbounded) + registered(at("2026-11-13"), at("2026-11-14")), "A:12"},
		{"every registration, valid now", registered(unbounded, unbounded), "A:2 B:2"},
		{"no registration in the window", registered(at("2026-11-01"), at("2026-11-02")), ""},
	}
	const ns = "http://stoettesystemerne.dk/organisation/organisationenhed/6/"
	for _, tt := range tests {
		for operation, element := range map[string]string{"laes": "LaesInput", "list": "ListInput"} {
			out, err := c.send("organisationenhed", operation, message("organisationenhed", element, id(u1)+tt.filter))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, reg := range out.Child(ns, "FiltreretOejebliksbillede").All(ns, "Registrering") {
				text := reg.Child(ns, "AttributListe").Child(ns, "Egenskab").Child(sdNS, "EnhedNavn").Content() + ":"
				for _, r := range reg.Child(ns, "RelationListe").All(sdNS, "TilknyttedeItSystemer") {
					text += r.Child(sdNS, "ReferenceID").Child(sdNS, "UUIDIdentifikator").Content()[35:]
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s: %s: (-want +got)\n%s", operation, tt.name, diff)
			}
		}
	}
}

// TestSchemaOfEveryOperation: what the server refuses as not of the schema, the official schemas refuse too, and the
// other way round for the good message that it was made from.
func TestSchemaOfEveryOperation(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	refused := map[string][][]byte{}
	for _, sm := range append(samples(), ownedSamples()...) {
		for _, operation := range []string{"opret", "importer", "ret", "passiver", "slet", "laes", "list", "soeg"} {
			good := sm.body(operation)
			if _, err := c.send(sm.service, operation, good); err != nil {
				t.Errorf("%s/%s: %v", sm.service, operation, err)
			}
			bad := map[string]string{
				"a foreign element": good[:strings.LastIndex(good, "</")] + "<sd:Fremmed></sd:Fremmed>" + good[strings.LastIndex(good, "</"):],
			}
			if strings.Contains(good, id(u1)) {
				bad["no UUID"] = replaced(good, u1, u1[1:])
			}
			if strings.Contains(good, "<o:RelationListe>") {
				bad["a relation of no type"] = replaced(good, "<o:RelationListe>", "<o:RelationListe>"+rel("Chef", V("2026-01-01"), u2))
				bad["lists in the wrong order"] = strings.NewReplacer("AttributListe>", "TilstandListe>", "TilstandListe>", "AttributListe>").Replace(good)
			}
			if strings.Contains(good, "<o:Egenskab>") {
				bad["a key that is too long"] = replaced(good, ">k<", ">"+strings.Repeat("æ", 51)+"<")
			}
			for name, body := range bad {
				_, err := c.send(sm.service, operation, body)
				if f, ok := errors.AsType[*soap.Fault](err); !ok || f.Code != "Sender" {
					t.Errorf("%s/%s: %s: %v", sm.service, operation, name, err)
				}
				refused[sm.service] = append(refused[sm.service], []byte(body))
			}
		}
	}
	if !canValidate(t) {
		return
	}
	for service, bodies := range refused {
		out, _ := xmllint(t, service, bodies)
		for i, body := range bodies {
			if !strings.Contains(out, fmt.Sprintf("/%d.xml fails to validate", i)) {
				t.Errorf("%s: the official schema accepts what is refused here:\n%s", service, body)
			}
		}
	}
}
