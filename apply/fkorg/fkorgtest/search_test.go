package fkorgtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
)

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
	s.Seed(kombits)
	want := map[string]int{"Organisationer": 1, "OrganisationEnheder": 2, "OrganisationFunktioner": 1, "Brugere": 0, "Interessefaellesskaber": 0, "ItSystemer": 1}
	if diff := cmp.Diff(want, counts("")); diff != "" {
		t.Error(diff)
	}
	want["OrganisationEnheder"], want["OrganisationFunktioner"], want["Organisationer"], want["ItSystemer"] = 1, 0, 0, 0
	if diff := cmp.Diff(want, counts(`<sd:FoersteResultatReference>1</sd:FoersteResultatReference><o:OrganisationFunktionSoegEgenskab><sd:FunktionNavn>EXCLUDE!</sd:FunktionNavn></o:OrganisationFunktionSoegEgenskab>`)); diff != "" {
		t.Error(diff)
	}
}

// found gives the last digits of what a search for functions finds, sorted; "44" for nothing.
func (c *caller) found(service, content string) string {
	c.t.Helper()
	out, err := c.send(service, "soeg", message(service, "SoegInput", content))
	if err != nil {
		c.t.Fatal(err)
	}
	if status := out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content(); status != "20" {
		return status
	}
	var digits []string
	for _, n := range out.Child(sdNS, "IdListe").Elements() {
		digits = append(digits, strings.TrimLeft(n.Content()[24:], "0"))
	}
	slices.Sort(digits)
	return strings.Join(digits, " ")
}

// TestSearchFollowsWhatHappens: hits are kept between the pages of a search, and forgotten when an object changes or when
// the clock passes a date.
func TestSearchFollowsWhatHappens(t *testing.T) {
	now := noon
	s := start(t, fkorgtest.Options{Repaired: true, Clock: func() time.Time { return now }})
	c := newCaller(t, s)
	byUnit := func(unit string) string {
		return c.found("organisationfunktion", parts{r: rel("TilknyttedeEnheder", "", unit)}.lists())
	}
	put := func(uuid string, p parts) {
		t.Helper()
		if got := c.status("organisationfunktion", "importer", importer("organisationfunktion", "OrganisationFunktion", uuid, p)); got != "20" {
			t.Fatal(got)
		}
	}
	var got []string
	note := func(what string) { got = append(got, what+": "+byUnit(u1)+" | "+byUnit(u2)) }
	note("nothing")
	put(u1, functionParts(u1, "2026-01-01"))
	note("one")
	put(u2, functionParts(u1, "2026-12-01"))
	put(u3, functionParts(u2, "2026-01-01", "2026-12-01"))
	note("two more, one of them later")
	now = now.AddDate(0, 0, 8) // 1 December
	note("on the day of both")
	c.status("organisationfunktion", "ret", message("organisationfunktion", "RetInput", id(u1)+functionParts(u2, "2026-01-01").lists()))
	note("moved")
	c.status("organisationfunktion", "passiver", message("organisationfunktion", "PassiverInput", id(u2)))
	note("passivated")
	c.status("organisationfunktion", "ret", message("organisationfunktion", "RetInput", id(u1)+functionParts(u1, "2026-01-01").lists()))
	note("moved back")
	now = now.AddDate(0, 0, -8)
	note("a clock that was put back")
	want := []string{
		"nothing: 44 | 44", "one: 1 | 44", "two more, one of them later: 1 | 3", "on the day of both: 1 2 | 44", "moved: 2 | 1",
		"passivated: 44 | 1", "moved back: 1 | 44", "a clock that was put back: 1 | 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSearchAmongMany: a search by reference finds the few among the many, as one that looks at all does.
func TestSearchAmongMany(t *testing.T) {
	s := startQuiet(t, fkorgtest.Options{})
	fill(t, s.Municipality, 40, 400)
	c := newCaller(t, s)
	user := rel("TilknyttedeBrugere", "", uuidOf(userKind, 20))
	position := rel("Funktionstype", "", positionType)
	tests := []struct{ name, content, want string }{
		{"by user", parts{r: user}.lists(), "14 192"}, // the position, and the leader of unit 2
		{"by user and type", parts{r: position + user}.lists(), "14"},
		{"nobody", parts{r: rel("TilknyttedeBrugere", "", u1)}.lists(), "44"},
		{"upper case, as a URN", strings.ReplaceAll(parts{r: rel("TilknyttedeBrugere", "", "urn:uuid:"+strings.ToUpper(uuidOf(userKind, 20)))}.lists(), "UUIDIdentifikator", "URNIdentifikator"), "14 192"},
	}
	for _, tt := range tests {
		if got := c.found("organisationfunktion", tt.content); got != tt.want {
			t.Errorf("%s: found %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := c.found("bruger", parts{r: address("", uuidOf(addressKind, 42), "")}.lists()); got != "" {
		t.Errorf("the user with an address: %q", got) // user 0, whose digits are all 0
	}
	otherRole := strings.Replace(address("", uuidOf(addressKind, 42), ""), "8dcfa714", "00000000", 1)
	if got := c.found("bruger", parts{r: otherRole}.lists()); got != "44" {
		t.Errorf("the address in another role: %q", got)
	}
}

func TestNamesWithWildcards(t *testing.T) {
	s := start(t, fkorgtest.Options{})
	c := newCaller(t, s)
	c.status("organisationenhed", "importer", importUnit(u1, unitParts("Skole/SFO [A] &amp; B")))
	for pattern, want := range map[string]string{
		"Skole/SFO [A] &amp; B": "1", "skole*": "1", "*b": "1", "*sfo*": "1", "S*/*[a]*b": "1", "*": "1", "**": "1",
		"Skole": "44", "*SFO": "44", "Skole*Skole": "44", "Skole/SFO [A] &amp; B*B": "44", "?kole*": "44", "*x*": "44",
	} {
		if got := c.found("organisationenhed", parts{a: "<o:Egenskab><sd:EnhedNavn>" + pattern + "</sd:EnhedNavn></o:Egenskab>"}.lists()); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
}

// TestPagesHaveALimit: a page is never larger than the service gives, whatever is asked for, and the pages together are
// everything once, in no order anybody could guess.
func TestPagesHaveALimit(t *testing.T) {
	s := startQuiet(t, fkorgtest.Options{})
	fill(t, s.Municipality, 600, 600)
	c := newCaller(t, s)
	page := func(first, size int) string {
		return fmt.Sprintf("<sd:FoersteResultatReference>%d</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>%d</sd:MaksimalAntalKvantitet>", first, size)
	}
	var sizes []int
	var all []string
	for _, first := range []int{0, 1000, 2000} {
		out, err := c.send("organisationfunktion", "soeg", message("organisationfunktion", "SoegInput", page(first, 5000)+parts{}.lists()))
		if err != nil {
			t.Fatal(err)
		}
		hits := out.Child(sdNS, "IdListe").Elements()
		sizes = append(sizes, len(hits))
		for _, n := range hits {
			all = append(all, n.Content())
		}
	}
	if diff := cmp.Diff([]int{1000, 200, 0}, sizes); diff != "" {
		t.Errorf("pages of a search: (-want +got)\n%s", diff)
	}
	if slices.IsSorted(all) || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 1200 {
		t.Error("the pages are sorted, or have not everything once")
	}
	const ns = "http://stoettesystemerne.dk/organisation/organisationsystem/6/"
	sections := func(out *xmltree.Node) (sizes []int) {
		for _, w := range out.Elements()[1:] {
			sizes = append(sizes, len(w.All(ns, "FiltreretOejebliksbillede")))
		}
		return sizes
	}
	for first, want := range map[int][]int{0: {0, 500, 500, 500, 0, 0}, 500: {0, 100, 500, 100, 0, 0}, 1000: {0, 0, 200, 0, 0, 0}, 1500: {0, 0, 0, 0, 0, 0}} {
		out, err := c.send("organisationsystem", "fremsoegobjekthierarki", message("organisationsystem", "FremsoegObjekthierarkiInput", page(first, 9999)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, sections(out)); diff != "" {
			t.Errorf("hierarchy from %d: (-want +got)\n%s", first, diff)
		}
	}
}
