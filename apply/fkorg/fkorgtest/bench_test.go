package fkorgtest_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// Sizes of the municipality that the benchmarks ask: 320,000 objects.
const (
	manyUnits  = 5_000
	manyPeople = 50_000
)

// uuidOf is the n-th object of a kind.
func uuidOf(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

const (
	unitKind = iota + 1
	userKind
	personKind
	functionKind
	addressKind
)

// template is a message that is parsed once and filled in often: {0} is the object, {1} and so on are what it refers to.
type template struct {
	t       testing.TB
	m       *fkorgtest.Municipality
	service string
	in      *xmltree.Node
}

func newTemplate(t testing.TB, m *fkorgtest.Municipality, service, element string, p parts) template {
	t.Helper()
	in, err := xmltree.Parse([]byte(importer(service, element, "{0}", p)))
	if err != nil {
		t.Fatal(err)
	}
	return template{t, m, service, in}
}

func (tp template) put(texts ...string) {
	tp.t.Helper()
	pairs := make([]string, 0, 2*len(texts))
	for i, text := range texts {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), text)
	}
	in, r := tp.in.Clone(), strings.NewReplacer(pairs...)
	var fill func(*xmltree.Node)
	fill = func(n *xmltree.Node) {
		if strings.Contains(n.Text, "{") {
			n.Text = r.Replace(n.Text)
		}
		for _, c := range n.Children {
			fill(c)
		}
	}
	fill(in)
	if err := tp.m.PutTree(tp.service, in); err != nil {
		tp.t.Fatal(err)
	}
}

// fill puts a municipality there: units in a tree, people who are users with a phone and a mail address and work
// somewhere, a leader for each unit.
func fill(t testing.TB, m *fkorgtest.Municipality, units, people int) {
	t.Helper()
	v := V("2026-01-01")
	owner, active := rel("Tilhoerer", v, orgUUID), state(v, "Aktiv")
	addresses := newTemplate(t, m, "adresse", "Adresse", parts{a: prop(v, "sts:AdresseTekst", "+45{1}")})
	unit := newTemplate(t, m, "organisationenhed", "OrganisationEnhed", parts{prop(v, "sd:EnhedNavn", "Enhed {1}"), active,
		address(v, "{3}", "{3}") + rel("Overordnet", v, "{2}") + owner})
	user := newTemplate(t, m, "bruger", "Bruger", parts{prop(v, "sd:BrugerNavn", "bruger{1}"), active,
		address(v, "{2}", "{2}") + address(v, "{3}", "{3}") + owner + rel("TilknyttedePersoner", v, "{4}")})
	person := newTemplate(t, m, "person", "Person", parts{a: prop(v, "o:NavnTekst", "Person {1}")})
	function := newTemplate(t, m, "organisationfunktion", "OrganisationFunktion", parts{prop(v, "sd:FunktionNavn", "Lærer"), active,
		rel("Funktionstype", v, "{1}") + rel("TilknyttedeBrugere", v, "{2}") + rel("TilknyttedeEnheder", v, "{3}") +
			rel("TilknyttedeOrganisationer", v, orgUUID)})
	made := 0
	newAddress := func() string {
		made++
		addresses.put(uuidOf(addressKind, made), fmt.Sprint(10_000_000+made))
		return uuidOf(addressKind, made)
	}
	for i := range units {
		unit.put(uuidOf(unitKind, i), fmt.Sprint(i), uuidOf(unitKind, i/8), newAddress())
		function.put(uuidOf(functionKind, people+i), leaderType, uuidOf(userKind, i*people/units), uuidOf(unitKind, i))
	}
	for i := range people {
		person.put(uuidOf(personKind, i), fmt.Sprint(i))
		user.put(uuidOf(userKind, i), fmt.Sprint(i), newAddress(), newAddress(), uuidOf(personKind, i))
		function.put(uuidOf(functionKind, i), positionType, uuidOf(userKind, i), uuidOf(unitKind, i*units/people))
	}
}

const (
	positionType = "02e61900-33e0-407f-a2a7-22f70221f003"
	leaderType   = "46c73630-f7ad-4000-9624-c06131cde671"
)

// large starts a server with the large municipality, and says what it costs in memory.
func large(b *testing.B) *fkorgtest.Server {
	b.Helper()
	s := startQuiet(b, fkorgtest.Options{})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	fill(b, s.Municipality, manyUnits, manyPeople)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d MB for the objects", (after.HeapAlloc-before.HeapAlloc)>>20)
	return s
}

// BenchmarkLarge asks a municipality of 5,000 units and 50,000 people. The answers are not parsed: the time is the
// server's.
func BenchmarkLarge(b *testing.B) {
	s := large(b)
	number := 0
	must := func(b *testing.B, service, operation, body string) {
		b.Helper()
		action := "http://kombit.dk/sts/organisation/" + strings.Replace(service, "organisationsystem", "organisationssystem", 1) + "/" + operation
		number++
		envelope := soap.Envelope(soap.Request{URL: s.URL() + service + "/6/", Action: action, Body: []byte(body)},
			soap.IDs{Message: fmt.Sprint("urn:uuid:", number), Transaction: fmt.Sprint(number)})
		resp, err := http.Post(s.URL()+service+"/6/", "application/soap+xml", bytes.NewReader(envelope))
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil || !bytes.Contains(answer, []byte("StatusKode>20<")) {
			b.Fatalf("%v: %.500s", err, answer)
		}
		b.SetBytes(int64(len(answer)))
	}
	paged := func(first int) string {
		return fmt.Sprintf("<sd:FoersteResultatReference>%d</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>500</sd:MaksimalAntalKvantitet>", first)
	}
	b.Run("hierarchy page", func(b *testing.B) {
		for i := range b.N {
			must(b, "organisationsystem", "fremsoegobjekthierarki", message("organisationsystem", "FremsoegObjekthierarkiInput",
				paged(i%100*500)+"<o:OrganisationFunktionSoegEgenskab><sd:FunktionNavn>EXCLUDE!</sd:FunktionNavn></o:OrganisationFunktionSoegEgenskab>"))
		}
	})
	b.Run("search page", func(b *testing.B) {
		for i := range b.N {
			must(b, "organisationfunktion", "soeg", message("organisationfunktion", "SoegInput", paged(i%100*500)+
				parts{s: "<org:Gyldighed><org:GyldighedStatusKode>Aktiv</org:GyldighedStatusKode></org:Gyldighed>",
					r: rel("Funktionstype", "", positionType) + rel("TilknyttedeOrganisationer", "", orgUUID)}.lists()))
		}
	})
	b.Run("search of one user's functions", func(b *testing.B) {
		for i := range b.N {
			must(b, "organisationfunktion", "soeg", message("organisationfunktion", "SoegInput",
				parts{r: rel("Funktionstype", "", positionType) + rel("TilknyttedeBrugere", "", uuidOf(userKind, i%manyPeople))}.lists()))
		}
	})
	b.Run("list of 50", func(b *testing.B) {
		for i := range b.N {
			var ids strings.Builder
			for k := range 50 {
				ids.WriteString(id(uuidOf(functionKind, (i*50+k)%manyPeople)))
			}
			must(b, "organisationfunktion", "list", message("organisationfunktion", "ListInput", ids.String()))
		}
	})
	b.Run("importer", func(b *testing.B) {
		for i := range b.N {
			// b.N grows from run to run: the benchmark's own number keeps the UUIDs apart.
			must(b, "organisationenhed", "importer", importUnit(fmt.Sprintf("%08x-%04x-4000-8000-%012x", b.N, 0xbe, i), unitParts("Ny")))
		}
	})
}
