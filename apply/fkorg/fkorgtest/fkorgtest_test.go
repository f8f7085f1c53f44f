package fkorgtest_test

import (
	"errors"
	"strings"
	"sync/atomic"
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

func TestPayloadRules(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	v := V("2026-01-01")
	unit := unitParts("A")
	function := functionParts(u1, "2026-01-01")
	tests := []struct {
		name, want string
		body       string
	}{
		{"good", "20", importUnit(u1, unit)},
		{"no attributes", "40", importUnit(u2, parts{"", unit.s, unit.r})},
		{"no name", "40", importUnit(u2, parts{replaced(unit.a, "<sd:EnhedNavn>A</sd:EnhedNavn>", ""), unit.s, unit.r})},
		{"no key", "40", importUnit(u2, parts{replaced(unit.a, "<sd:BrugervendtNoegleTekst>k</sd:BrugervendtNoegleTekst>", ""), unit.s, unit.r})},
		{"no FraTidspunkt", "40", importUnit(u2, parts{unit.a, unit.s, replaced(unit.r, v, "")})},
		{"unbounded FraTidspunkt", "40", importUnit(u2, parts{unit.a, replaced(unit.s, "<sd:TidsstempelDatoTid>2026-01-01T00:00:00+01:00</sd:TidsstempelDatoTid>", "<sd:GraenseIndikator>true</sd:GraenseIndikator>"), unit.r})},
		{"ends before it begins", "40", importUnit(u2, parts{unit.a, unit.s, replaced(unit.r, v, V("2026-02-01", "2026-01-01"))})},
		{"empty period", "20", importUnit(u2, parts{unit.a, unit.s, rel("Overordnet", V("2026-01-01", "2026-01-01"), u1) + unit.r})},
		{"no Tilhoerer", "40", importUnit(u3, parts{unit.a, unit.s, ""})},
		{"same address twice", "40", importUnit(u3, parts{unit.a, unit.s, address(v, u2, "1") + address(v, strings.ToUpper(u2), "2") + unit.r})},
		{"same index twice", "40", importUnit(u3, parts{unit.a, unit.s, address(v, u2, "1") + address(v, u1, "1") + unit.r})},
		{"overlapping states", "40", importUnit(u3, parts{unit.a, unit.s + state(V("2026-06-01"), "Inaktiv"), unit.r})},
		{"states that follow each other", "20", importUnit(u3, parts{unit.a, state(V("2026-01-01", "2026-06-01"), "Aktiv") + state(V("2026-06-01"), "Inaktiv"), unit.r})},
		{"function", "20", importer("organisationfunktion", "OrganisationFunktion", u1, function)},
		{"function without type", "40", importer("organisationfunktion", "OrganisationFunktion", u2, parts{function.a, function.s, rel("TilknyttedeOrganisationer", v, orgUUID)})},
		{"function of two organisations", "40", importer("organisationfunktion", "OrganisationFunktion", u2, parts{function.a, function.s, function.r + rel("TilknyttedeOrganisationer", v, u1)})},
		{"registered in the future", "45", replaced(importUnit("00000000-0000-4000-8000-000000000009", unit), "2026-11-23T11:55:00Z", "2026-11-23T13:00:01+01:00")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			service := "organisationenhed"
			if strings.Contains(tt.body, "<o:OrganisationFunktion>") {
				service = "organisationfunktion"
			}
			if got := c.status(service, "importer", tt.body); got != tt.want {
				t.Errorf("status %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStateMachine(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	const unit = "organisationenhed"
	imp := importUnit(u1, unitParts("A"))
	steps := []struct{ operation, element, content, want, code string }{
		{"ret", "RetInput", id(u1), "44", ""},
		{"passiver", "PassiverInput", id(u1), "44", ""},
		{"slet", "SletInput", id(u1), "44", ""},
		{"laes", "LaesInput", id(u1), "44", ""},
		{"importer", "", "", "20", "Importeret"},
		{"importer", "", "", "49", "Importeret"},
		{"ret", "RetInput", id(u1), "20", "Importeret"},
		{"passiver", "PassiverInput", id(u1), "20", "Passiveret"},
		{"ret", "RetInput", id(u1), "49", "Passiveret"},
		{"passiver", "PassiverInput", id(u1), "49", "Passiveret"},
		{"laes", "LaesInput", id(u1), "20", "Passiveret"},
		{"importer", "", "", "20", "Importeret"},
		{"slet", "SletInput", id(strings.ToUpper(u1)), "20", "Slettet"},
		{"ret", "RetInput", id(u1), "49", "Slettet"},
		{"importer", "", "", "20", "Importeret"},
	}
	for i, st := range steps {
		body := imp
		if st.operation != "importer" {
			body = message(unit, st.element, st.content)
		}
		if got := c.status(unit, st.operation, body); got != st.want {
			t.Errorf("step %d: %s: status %s, want %s", i, st.operation, got, st.want)
		}
		if _, code, _ := s.Object(unit, u1); code != st.code {
			t.Errorf("step %d: after %s the object is %q, want %q", i, st.operation, code, st.code)
		}
	}
	if n := s.Registrations(unit, u1); n != 6 {
		t.Errorf("%d registrations, want one per change: 6", n)
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
	if n := len(l.Relations.Elements()); n != 1 {
		t.Errorf("%d relations are left", n)
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

func TestSearch(t *testing.T) {
	for _, repaired := range []bool{false, true} {
		s := start(t, fkorgtest.Options{Repaired: repaired})
		c := newCaller(t, s)
		c.status("organisationfunktion", "importer", importer("organisationfunktion", "OrganisationFunktion", u1, functionParts(u1, "2026-01-01", "2026-06-01")))
		c.status("organisationfunktion", "importer", importer("organisationfunktion", "OrganisationFunktion", u2, functionParts(u1, "2026-01-01")))
		c.status("organisationfunktion", "importer", importer("organisationfunktion", "OrganisationFunktion", u3, functionParts(u1, "2027-01-01")))
		search := func(a, r string) string {
			out, err := c.send("organisationfunktion", "soeg", message("organisationfunktion", "SoegInput",
				parts{a, `<org:Gyldighed><org:GyldighedStatusKode>Aktiv</org:GyldighedStatusKode></org:Gyldighed>`, r}.lists()))
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			for _, n := range out.Child(sdNS, "IdListe").Elements() {
				found[n.Content()] = true
			}
			var short string
			for _, u := range []string{u1, u2, u3} {
				if found[u] {
					short += u[35:]
				}
			}
			return short
		}
		ended := "1"
		if repaired {
			ended = ""
		}
		later := strings.Replace(V("2026-11-23"), "</sd:Virkning>", "<sd:TilTidspunkt><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:TilTidspunkt></sd:Virkning>", 1)
		tests := []struct{ name, a, r, want string }{
			{"no condition", "", "", "123"},
			{"unit now", "", rel("TilknyttedeEnheder", "", u1), ended + "2"},
			{"unit now or later", "", rel("TilknyttedeEnheder", later, u1), ended + "23"},
			{"another unit", "", rel("TilknyttedeEnheder", "", u2), ""},
			{"unit and organisation", "", rel("TilknyttedeEnheder", "", u1) + rel("TilknyttedeOrganisationer", "", u2), ""},
			{"name with wildcard", `<o:Egenskab><sd:FunktionNavn>lÆ*</sd:FunktionNavn></o:Egenskab>`, "", "123"},
			{"other name", `<o:Egenskab><sd:FunktionNavn>EXCLUDE!</sd:FunktionNavn></o:Egenskab>`, "", ""},
		}
		for _, tt := range tests {
			if got := search(tt.a, tt.r); got != tt.want {
				t.Errorf("repaired %v: %s: found %q, want %q", repaired, tt.name, got, tt.want)
			}
		}
	}
}

func TestPaging(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	const count = 7
	for i := range count {
		c.status("organisationenhed", "importer", importUnit(u1[:35]+string(rune('1'+i)), unitParts("A")))
	}
	seen := map[string]int{}
	for first := 0; first <= 8; first += 2 {
		body := message("organisationenhed", "SoegInput", `<sd:FoersteResultatReference>`+string(rune('0'+first))+`</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>2</sd:MaksimalAntalKvantitet>`+parts{}.lists())
		out, err := c.send("organisationenhed", "soeg", body)
		if err != nil {
			t.Fatal(err)
		}
		status := out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content()
		list := out.Child(sdNS, "IdListe")
		if (status == "44") != (first == 8) || (list == nil) != (first == 8) {
			t.Errorf("page at %d: status %s, list %v", first, status, list != nil)
		}
		for _, n := range list.Elements() {
			seen[n.Content()]++
		}
	}
	if len(seen) != count {
		t.Errorf("%d of %d found: %v", len(seen), count, seen)
	}
}

func TestHierarchy(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	c.status("organisationenhed", "importer", importUnit(u1, unitParts("A")))
	c.status("organisationenhed", "importer", importUnit(u2, unitParts("B")))
	c.status("organisationfunktion", "importer", importer("organisationfunktion", "OrganisationFunktion", u3, functionParts(u1, "2026-01-01")))
	ns := "http://stoettesystemerne.dk/organisation/organisationsystem/6/"
	counts := func(content string) map[string]int {
		out, err := c.send("organisationsystem", "fremsoegobjekthierarki", message("organisationsystem", "FremsoegObjekthierarkiInput", content))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, n := range out.Elements() {
			if n.Name.Space == ns {
				got[n.Name.Local] = len(n.All(ns, "FiltreretOejebliksbillede"))
			}
		}
		return got
	}
	want := map[string]int{"Organisationer": 0, "OrganisationEnheder": 2, "OrganisationFunktioner": 1, "Brugere": 0, "Interessefaellesskaber": 0, "ItSystemer": 0}
	if diff := cmp.Diff(want, counts("")); diff != "" {
		t.Error(diff)
	}
	want["OrganisationEnheder"], want["OrganisationFunktioner"] = 1, 0
	if diff := cmp.Diff(want, counts(`<sd:FoersteResultatReference>1</sd:FoersteResultatReference><o:OrganisationFunktionSoegEgenskab><sd:FunktionNavn>EXCLUDE!</sd:FunktionNavn></o:OrganisationFunktionSoegEgenskab>`)); diff != "" {
		t.Error(diff)
	}
}

func TestTroubleOnDemand(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	// once makes trouble for the next call only.
	once := func(trouble fkorgtest.Trouble) {
		var left atomic.Int32
		left.Store(1)
		s.SetTrouble(func(fkorgtest.Call) fkorgtest.Trouble {
			if left.Add(-1) < 0 {
				return fkorgtest.Trouble{}
			}
			return trouble
		})
	}
	tests := []struct {
		name    string
		trouble fkorgtest.Trouble
		outcome soap.Outcome
		stored  int
	}{
		{"gateway", fkorgtest.Trouble{HTTPStatus: 502}, soap.Unknown, 0},
		{"cut before", fkorgtest.Trouble{DropBefore: true}, soap.Unknown, 0},
		{"cut after it was done", fkorgtest.Trouble{DropAfter: true}, soap.Unknown, 1},
	}
	for _, tt := range tests {
		once(tt.trouble)
		_, err := c.send("organisationenhed", "importer", importUnit(u1, unitParts("A")))
		if err == nil || soap.OutcomeOf(err) != tt.outcome {
			t.Errorf("%s: %v", tt.name, err)
		}
		if n := len(s.UUIDs("organisationenhed")); n != tt.stored {
			t.Errorf("%s: %d stored", tt.name, n)
		}
	}
	once(fkorgtest.Trouble{Status: 40, Message: "fejl"})
	if got := c.unit("ret", "RetInput", id(u1)); got != "40" {
		t.Errorf("status %s", got)
	}
	if got := c.unit("ret", "RetInput", id(u1)); got != "20" {
		t.Errorf("status %s when the trouble is over", got)
	}
	once(fkorgtest.Trouble{Latency: 30 * time.Millisecond})
	before := time.Now()
	c.unit("ret", "RetInput", id(u1))
	if d := time.Since(before); d < 30*time.Millisecond {
		t.Errorf("answered after %v", d)
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
