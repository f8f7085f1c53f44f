package fkorgtest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

func TestEnvelopeRules(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	good := importUnit(u1, unitParts("A"))
	tests := []struct{ name, service, operation, body, reason string }{
		{"unknown operation", "organisationenhed", "udgiv", good, "unknown action"},
		{"body of another operation", "organisationenhed", "ret", good, "not RetInput"},
		{"unknown service", "organisationsenhed", "importer", good, "no service"},
		{"TilstandListe is missing", "organisationenhed", "importer", replaced(good, "<o:TilstandListe>"+unitParts("A").s+"</o:TilstandListe>", ""), "TilstandListe is missing"},
		{"name too long", "organisationenhed", "importer", importUnit(u1, unitParts(strings.Repeat("å", 201))), "201 characters"},
		{"not a UUID", "organisationenhed", "importer", importUnit("123", unitParts("A")), "UUIDIdentifikator"},
		{"GraenseIndikator false", "organisationenhed", "importer", replaced(good, "<sd:TidsstempelDatoTid>2026-01-01T00:00:00+01:00</sd:TidsstempelDatoTid>", "<sd:GraenseIndikator>false</sd:GraenseIndikator>"), "GraenseIndikator"},
		{"order of relations", "organisationenhed", "importer", importUnit(u1, parts{unitParts("A").a, unitParts("A").s, unitParts("A").r + rel("Overordnet", V("2026-01-01"), u2)}), "Overordnet"},
		{"Indeks is missing", "organisationenhed", "importer", importUnit(u1, parts{unitParts("A").a, unitParts("A").s, replaced(address(V("2026-01-01"), u2, "1"), "<sd:Indeks>1</sd:Indeks>", "") + unitParts("A").r}), "Indeks is missing"},
		{"two Tilhoerer", "organisationenhed", "importer", importUnit(u1, parts{unitParts("A").a, unitParts("A").s, unitParts("A").r + unitParts("A").r}), "Tilhoerer"},
		{"wrong namespace", "organisationenhed", "importer", strings.ReplaceAll(good, "sd:EnhedNavn", "o:EnhedNavn"), "EnhedNavn"},
		{"search without lists", "organisationenhed", "soeg", message("organisationenhed", "SoegInput", ""), "AttributListe is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.send(tt.service, tt.operation, tt.body)
			f, ok := errors.AsType[*soap.Fault](err)
			if !ok || f.Code != "Sender" || !strings.Contains(f.Reason, tt.reason) {
				t.Errorf("got %v", err)
			}
		})
	}
	if n := len(s.UUIDs("organisationenhed")); n != 0 {
		t.Errorf("%d units were stored", n)
	}
}

// TestPayloadRules: what the guidance forbids and the schema allows, in every operation that brings lists.
func TestPayloadRules(t *testing.T) {
	v := V("2026-01-01")
	unit, function := unitParts("A"), functionParts(u1, "2026-01-01")
	var adresse, person, user parts
	for i, p := range []*parts{&adresse, &person, &user} {
		*p = samples()[i].parts
	}
	unbounded := func(s string) string {
		return replaced(s, "<sd:TidsstempelDatoTid>2026-01-01T00:00:00+01:00</sd:TidsstempelDatoTid>", "<sd:GraenseIndikator>true</sd:GraenseIndikator>")
	}
	tests := []struct {
		name, service, want string
		parts
	}{
		{"good unit", "organisationenhed", "20", unit},
		{"no attributes", "organisationenhed", "40", parts{"", unit.s, unit.r}},
		{"no name", "organisationenhed", "40", parts{replaced(unit.a, "<sd:EnhedNavn>A</sd:EnhedNavn>", ""), unit.s, unit.r}},
		{"blank name", "organisationenhed", "40", parts{replaced(unit.a, ">A<", "> <"), unit.s, unit.r}},
		{"no key", "organisationenhed", "40", parts{replaced(unit.a, "<sd:BrugervendtNoegleTekst>k</sd:BrugervendtNoegleTekst>", ""), unit.s, unit.r}},
		{"no Virkning", "organisationenhed", "40", parts{unit.a, unit.s, replaced(unit.r, v, "")}},
		{"no FraTidspunkt", "organisationenhed", "40", parts{unit.a, unit.s, replaced(unit.r, v, "<sd:Virkning></sd:Virkning>")}},
		{"attribute without FraTidspunkt", "organisationenhed", "40", parts{replaced(unit.a, v, ""), unit.s, unit.r}},
		{"unbounded FraTidspunkt", "organisationenhed", "40", parts{unit.a, unbounded(unit.s), unit.r}},
		{"ends before it begins", "organisationenhed", "40", parts{unit.a, unit.s, replaced(unit.r, v, V("2026-02-01", "2026-01-01"))}},
		{"empty period", "organisationenhed", "20", parts{unit.a, unit.s, rel("Overordnet", V("2026-01-01", "2026-01-01"), u1) + unit.r}},
		{"no Tilhoerer", "organisationenhed", "40", parts{unit.a, unit.s, ""}},
		{"a unit that is not there", "organisationenhed", "20", parts{unit.a, unit.s, rel("Overordnet", v, u3) + unit.r}},
		{"same address twice", "organisationenhed", "40", parts{unit.a, unit.s, address(v, u2, "1") + address(v, strings.ToUpper(u2), "2") + unit.r}},
		{"same address again after it ended", "organisationenhed", "40", parts{unit.a, unit.s, address(V("2026-01-01", "2026-02-01"), u2, "1") + address(v, u2, "2") + unit.r}},
		{"same index twice", "organisationenhed", "40", parts{unit.a, unit.s, address(v, u2, "1") + address(v, u1, "1") + unit.r}},
		{"same index in two relations", "organisationenhed", "20", parts{unit.a, unit.s, address(v, u2, "1") +
			strings.ReplaceAll(address(v, u1, "1"), "sd:Adresser", "sd:Opgaver") + unit.r}},
		{"overlapping states", "organisationenhed", "40", parts{unit.a, unit.s + state(V("2026-06-01"), "Inaktiv"), unit.r}},
		{"states that follow each other", "organisationenhed", "20", parts{unit.a, state(V("2026-01-01", "2026-06-01"), "Aktiv") + state(V("2026-06-01"), "Inaktiv"), unit.r}},
		{"no state at all", "organisationenhed", "20", parts{unit.a, "", unit.r}},
		{"good user", "bruger", "20", user},
		{"user without login", "bruger", "40", parts{replaced(user.a, "<sd:BrugerNavn>anna</sd:BrugerNavn>", ""), user.s, user.r}},
		{"user of nobody", "bruger", "40", parts{user.a, user.s, ""}},
		{"good function", "organisationfunktion", "20", function},
		{"function without type", "organisationfunktion", "40", parts{function.a, function.s, rel("TilknyttedeOrganisationer", v, orgUUID)}},
		{"function of no organisation", "organisationfunktion", "40", parts{function.a, function.s, rel("Funktionstype", v, u1)}},
		{"function of two organisations", "organisationfunktion", "40", parts{function.a, function.s, function.r + rel("TilknyttedeOrganisationer", v, u1)}},
		{"good address", "adresse", "20", adresse},
		{"address without text", "adresse", "40", parts{a: replaced(adresse.a, "<sts:AdresseTekst>+4511111111</sts:AdresseTekst>", "")}},
		{"good person", "person", "20", person},
		{"person without CPR number", "person", "20", parts{a: prop(v, "o:NavnTekst", "Anna")}},
		{"person without name", "person", "40", parts{a: replaced(person.a, "<o:NavnTekst>Anna Åkær</o:NavnTekst>", "")}},
	}
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	for i, tt := range tests {
		for k, operation := range []string{"opret", "importer", "ret"} {
			at := slices.IndexFunc(samples(), func(s sample) bool { return s.service == tt.service })
			sm, uuid := samples()[at], fmt.Sprintf("%08x-0000-4000-8000-%012x", i, k)
			if operation == "ret" {
				c.made(sm, "importer", uuid)
			}
			before := s.Registrations(tt.service, uuid)
			sm.parts = tt.parts
			out, err := c.send(sm.service, operation, strings.ReplaceAll(sm.body(operation), id(u1), id(uuid)))
			if err != nil {
				t.Fatalf("%s: %s: %v", operation, tt.name, err)
			}
			retur := out.Child(sdNS, "StandardRetur")
			if got := retur.Child(sdNS, "StatusKode").Content(); got != tt.want {
				t.Errorf("%s: %s: status %s (%s), want %s", operation, tt.name, got, retur.Child(sdNS, "FejlbeskedTekst").Content(), tt.want)
			}
			if tt.want != "20" && s.Registrations(tt.service, uuid) != before {
				t.Errorf("%s: %s: it was registered all the same", operation, tt.name)
			}
		}
	}
}

func TestRegistrationTimes(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	good := importUnit(u1, unitParts("A"))
	later := replaced(good, "2026-11-23T11:55:00Z", "2026-11-23T13:00:01+01:00")
	if got := c.status("organisationenhed", "importer", later); got != "45" {
		t.Errorf("registered after the server's now: status %s", got)
	}
	two := replaced(good, "</o:Registrering>", "</o:Registrering>"+good[strings.Index(good, "<o:Registrering>"):strings.Index(good, "</o:OrganisationEnhed>")])
	if got := c.status("organisationenhed", "importer", two); got != "40" {
		t.Errorf("two registrations: status %s", got)
	}
	if got := c.status("organisationenhed", "importer", replaced(later, "13:00:01", "13:00:00")); got != "20" {
		t.Errorf("registered now: status %s", got)
	}
	if got := c.status("organisationenhed", "importer", replaced(importUnit(u2, unitParts("A")), "<sd:Tidspunkt>2026-11-23T11:55:00Z</sd:Tidspunkt>", "")); got != "20" {
		t.Errorf("no time of registration: status %s", got)
	}
}

func TestRetReplacesListsItIsGiven(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	v := V("2026-01-01")
	full := parts{unitParts("A").a, unitParts("A").s, rel("Overordnet", v, u2) + unitParts("A").r + rel("TilknyttedeItSystemer", v, u3)}
	if got := c.status("organisationenhed", "importer", importUnit(u1, full)); got != "20" {
		t.Fatal(got)
	}
	// Attributes only: the other lists stay.
	if got := c.unit("ret", "RetInput", id(u1)+`<o:AttributListe>`+prop(v, "sd:EnhedNavn", "B")+`</o:AttributListe>`); got != "20" {
		t.Fatal(got)
	}
	l, _, _ := s.Object("organisationenhed", u1)
	if name := l.Attributes.Elements()[0].Child(sdNS, "EnhedNavn").Content(); name != "B" || len(l.Relations.Elements()) != 3 {
		t.Errorf("name %s, %d relations", name, len(l.Relations.Elements()))
	}
	// Relations without what was there: gone. This is how a careless client loses data.
	if got := c.unit("ret", "RetInput", id(u1)+`<o:RelationListe>`+unitParts("").r+`</o:RelationListe>`); got != "20" {
		t.Fatal(got)
	}
	l, _, _ = s.Object("organisationenhed", u1)
	if n := len(l.Relations.Elements()); n != 1 || s.Dropped() != 1 {
		t.Errorf("%d relations are left, %d dropped: Overordnet occurs once and does not count", n, s.Dropped())
	}
}

// TestDroppedEntriesAreCounted: ending an entry is not dropping it, whatever the way.
func TestDroppedEntriesAreCounted(t *testing.T) {
	v, active := V("2026-01-01"), state(V("2026-01-01"), "Aktiv")
	owner := unitParts("").r
	it, later := rel("TilknyttedeItSystemer", v, u2), rel("TilknyttedeItSystemer", V("2027-01-01"), u2)
	over := rel("TilknyttedeItSystemer", V("2026-01-01", "2026-06-01"), u2)
	phone := address(v, u3, "1")
	tests := []struct {
		name          string
		before, after parts
		want          int
	}{
		{"sent back", parts{s: active, r: phone + owner + it}, parts{s: active, r: phone + owner + it}, 0},
		{"ended today", parts{s: active, r: owner + it}, parts{s: active, r: owner + rel("TilknyttedeItSystemer", V("2026-01-01", "2026-11-23"), u2)}, 0},
		{"left out", parts{s: active, r: phone + owner + it}, parts{s: active, r: owner}, 2},
		{"what is to come left out", parts{s: active, r: owner + later}, parts{s: active, r: owner}, 1},
		{"what is over left out", parts{s: active, r: owner + over}, parts{s: active, r: owner}, 0},
		{"beginning moved", parts{s: active, r: owner + later}, parts{s: active, r: owner + it}, 1},
		{"state ended and another", parts{s: active, r: owner}, parts{s: state(V("2026-01-01", "2026-11-23"), "Aktiv") + state(V("2026-11-23"), "Inaktiv"), r: owner}, 0},
		{"state overwritten", parts{s: active, r: owner}, parts{s: state(v, "Inaktiv"), r: owner}, 1},
		{"unit moved", parts{s: active, r: rel("Overordnet", v, u2) + owner}, parts{s: active, r: rel("Overordnet", V("2026-11-23"), u3) + owner}, 0},
	}
	for _, tt := range tests {
		s := start(t, fkorgtest.Options{})
		c := newCaller(t, s)
		tt.before.a, tt.after.a = unitParts("A").a, unitParts("B").a
		if got := c.status("organisationenhed", "importer", importUnit(u1, tt.before)) + c.unit("ret", "RetInput", id(u1)+tt.after.lists()); got != "2020" {
			t.Errorf("%s: status %s", tt.name, got)
		}
		if n := s.Dropped(); n != tt.want {
			t.Errorf("%s: %d dropped, want %d", tt.name, n, tt.want)
		}
	}
}

func TestLostUpdatesAreCounted(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	if got := c.status("organisationenhed", "importer", importUnit(u1, unitParts("A"))); got != "20" {
		t.Fatal(got)
	}
	change := func(name string) {
		c.unit("ret", "RetInput", id(u1)+`<o:AttributListe>`+prop(V("2026-01-01"), "sd:EnhedNavn", name)+`</o:AttributListe>`)
	}
	c.unit("laes", "LaesInput", id(u1)) // one reads
	c.unit("laes", "LaesInput", id(u1)) // another reads
	change("B")                         // one writes
	if s.Lost() != 0 {
		t.Error("counted too early")
	}
	change("C") // the other writes what it read before
	if s.Lost() != 1 {
		t.Errorf("lost %d, want 1", s.Lost())
	}
	c.unit("laes", "LaesInput", id(u1))
	change("D")
	if s.Lost() != 1 {
		t.Errorf("lost %d after a proper read", s.Lost())
	}
}

func TestReadShowsWhatTheWindowSays(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	p := unitParts("A")
	p.r = rel("Enhedstype", V("2026-01-01"), u2) + p.r +
		rel("TilknyttedeItSystemer", V("2026-01-01", "2026-06-01"), u1) + rel("TilknyttedeItSystemer", V("2026-06-01"), u2) + rel("TilknyttedeItSystemer", V("2027-01-01"), u3)
	p.r = replaced(p.r, ref(u2), strings.ReplaceAll(ref(u2), "UUIDIdentifikator", "URNIdentifikator"))
	if got := c.status("organisationenhed", "importer", importUnit(u1, p)); got != "20" {
		t.Fatal(got)
	}
	read := func(filter string) []string {
		out, err := c.send("organisationenhed", "laes", message("organisationenhed", "LaesInput", id(u1)+filter))
		if err != nil {
			t.Fatal(err)
		}
		ns := "http://stoettesystemerne.dk/organisation/organisationenhed/6/"
		reg := out.Child(ns, "FiltreretOejebliksbillede").Child(ns, "Registrering")
		var got []string
		for _, r := range reg.Child(ns, "RelationListe").All(sdNS, "TilknyttedeItSystemer") {
			got = append(got, r.Child(sdNS, "ReferenceID").Child(sdNS, "UUIDIdentifikator").Content()[35:])
		}
		if urn := reg.Child(ns, "RelationListe").Child(sdNS, "Enhedstype").Child(sdNS, "ReferenceID").Child(sdNS, "URNIdentifikator"); urn == nil {
			t.Error("the URN did not come back as a URN")
		}
		return got
	}
	from := func(day string) string {
		return `<sd:VirkningFraFilter><sd:TidsstempelDatoTid>` + day + `T00:00:00Z</sd:TidsstempelDatoTid></sd:VirkningFraFilter><sd:VirkningTilFilter><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:VirkningTilFilter>`
	}
	if diff := cmp.Diff([]string{"2"}, read("")); diff != "" {
		t.Errorf("now: %s", diff)
	}
	if diff := cmp.Diff([]string{"2", "3"}, read(from("2026-11-23"))); diff != "" {
		t.Errorf("now and later: %s", diff)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, read(from("2026-02-01"))); diff != "" {
		t.Errorf("from February: %s", diff)
	}
	s.SetClock(func() time.Time { return noon.AddDate(1, 0, 0) })
	if diff := cmp.Diff([]string{"2", "3"}, read("")); diff != "" {
		t.Errorf("a year later: %s", diff)
	}
}

func TestAnswersAreAsTheServiceWritesThem(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	p := unitParts("A")
	p.r = address(V("2026-01-01"), u2, "1") + p.r
	body := replaced(importUnit(u1, p), "</sd:Tidspunkt>", "</sd:Tidspunkt><sd:BrugerRef>"+id(orgUUID)+"</sd:BrugerRef>")
	if got := c.status("organisationenhed", "importer", body); got != "20" {
		t.Fatal(got)
	}
	out, err := c.send("organisationenhed", "list", message("organisationenhed", "ListInput", id(u3)+id(strings.ToUpper(u1))))
	if err != nil {
		t.Fatal(err)
	}
	text := string(xmltree.Write(out, nil))
	if !strings.Contains(text, "GraenseIndikator>true<") || !strings.Contains(text, "Label>") || strings.Contains(text, "BrugerRef") {
		t.Errorf("answer: %s", text)
	}
	if n := len(out.All("http://stoettesystemerne.dk/organisation/organisationenhed/6/", "FiltreretOejebliksbillede")); n != 1 {
		t.Errorf("%d objects, the unknown one is to be left out", n)
	}
}

func TestProbes(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	if err := s.Put("organisationenhed", []byte(importUnit(u1, unitParts("A")))); err != nil {
		t.Fatal(err)
	}
	if err := s.Put("organisationenhed", []byte(importUnit(u1, unitParts("A")))); err == nil {
		t.Error("Put over a living object")
	}
	c.unit("laes", "LaesInput", id(u1))
	c.unit("laes", "LaesInput", id(u2))
	if s.Calls(fkorgtest.Call{Operation: "laes"}) != 2 || s.Calls(fkorgtest.Call{Operation: "laes", UUID: u1}) != 1 || s.Writes() != 0 {
		t.Error("wrong counts")
	}
	j := s.Journal()
	if len(j) != 2 || j[1].Status != 44 || !strings.Contains(string(j[0].Body), u1) {
		t.Errorf("journal: %+v", j)
	}
	// What the rules would refuse can be put there all the same, and then every ret fails until it is repaired.
	double, err := xmltree.Parse([]byte(message("organisationenhed", "x", address(V("2026-01-01"), u2, "1"))))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Edit("organisationenhed", u1, func(l *fkorgtest.Lists) {
		l.Relations.Children = append([]*xmltree.Node{double.Children[0].Clone(), double.Children[0].Clone()}, l.Relations.Children...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.unit("ret", "RetInput", id(u1)); got != "40" {
		t.Errorf("ret on an object with an address twice: %s", got)
	}
	if err := s.Edit("organisationenhed", u2, func(*fkorgtest.Lists) {}); err == nil {
		t.Error("Edit of nothing")
	}
	if !strings.Contains(s.Dump(), "organisationenhed "+u1+" Egenskab") {
		t.Errorf("dump: %s", s.Dump())
	}
}
