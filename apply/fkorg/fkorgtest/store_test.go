package fkorgtest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// TestWhatIsStoredComesBack: entries are kept in a form of the store's own, and nothing of them is lost by that.
func TestWhatIsStoredComesBack(t *testing.T) {
	const label = "<sd:Label>Telefon &amp; &lt;fax&gt;</sd:Label>"
	v := replaced(V("2026-01-01", "2027-01-01"), "</sd:Virkning>", "<sd:AktoerRef><sd:URNIdentifikator>urn:a&amp;b</sd:URNIdentifikator></sd:AktoerRef>"+
		"<sd:AktoerTypeKode>Bruger</sd:AktoerTypeKode><sd:NoteTekst>A &lt; B&#xD;</sd:NoteTekst></sd:Virkning>")
	sent := parts{
		a: prop(v, "sd:EnhedNavn", "Børn &amp; unge &lt;0-18&gt;&#xD;"),
		s: state(v, "Aktiv"),
		r: replaced(address(v, strings.ToUpper(u2), " 1 &amp; 2 "), "</sd:UUIDIdentifikator></sd:Rolle>", "</sd:UUIDIdentifikator>"+label+"</sd:Rolle>") +
			replaced(rel("Enhedstype", v, "urn:x&amp;y"), "<sd:UUIDIdentifikator>urn:x&amp;y</sd:UUIDIdentifikator>", "<sd:URNIdentifikator>urn:x&amp;y</sd:URNIdentifikator>") +
			rel("Tilhoerer", v, orgUUID) +
			`<sd:TilknyttedeEnheder>` + v + `</sd:TilknyttedeEnheder>` +
			`<sd:LokalUdvidelse><x:noget xmlns:x="urn:x" x:a="1&quot;">tekst <x:b/> &amp; mere</x:noget></sd:LokalUdvidelse>`,
	}
	s := startQuiet(t, fkorgtest.Options{}) // the official schema wants to know every extension
	c := newCaller(t, s)
	if got := c.status("organisationenhed", "importer", importUnit(u1, sent)); got != "20" {
		t.Fatal(got)
	}
	const ns = "http://stoettesystemerne.dk/organisation/organisationenhed/6/"
	out, err := c.send("organisationenhed", "laes", message("organisationenhed", "LaesInput", id(u1)))
	if err != nil {
		t.Fatal(err)
	}
	read := out.Child(ns, "FiltreretOejebliksbillede").Child(ns, "Registrering").Elements()[2:]
	l, _, _ := s.Object("organisationenhed", u1)
	want, err := xmltree.Parse([]byte(message("organisationenhed", "x", sent.lists())))
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]*xmltree.Node{"laes": read, "Object": {l.Attributes, l.States, l.Relations}} {
		have := xmltree.Element(want.Name.Space, "x", got...)
		if diff := cmp.Diff(string(xmltree.Write(want, nil)), string(xmltree.Write(have, nil))); diff != "" {
			t.Errorf("%s: (-sent +got)\n%s", name, diff)
		}
	}
}

// TestManyAtATime: several callers at once, each with objects of their own, do not disturb each other. The race detector
// looks on.
func TestManyAtATime(t *testing.T) {
	s := startQuiet(t, fkorgtest.Options{Journal: true})
	const callers, objects = 6, 15
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			c := newCaller(t, s)
			for k := range objects {
				uuid := uuidOf(unitKind, i*objects+k)
				for _, call := range []struct{ operation, body string }{
					{"importer", importUnit(uuid, unitParts("A"))},
					{"laes", message("organisationenhed", "LaesInput", id(uuid))},
					{"soeg", message("organisationenhed", "SoegInput", parts{r: rel("Tilhoerer", "", orgUUID)}.lists())},
					{"ret", message("organisationenhed", "RetInput", id(uuid)+unitParts(fmt.Sprint(i)).lists())},
				} {
					out, err := c.send("organisationenhed", call.operation, call.body)
					if err != nil {
						t.Error(err)
						return
					}
					if got := out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content(); got != "20" {
						t.Errorf("%s: status %s", call.operation, got)
					}
				}
			}
		})
	}
	wg.Wait()
	if n := s.Calls(fkorgtest.Call{Service: "organisationenhed"}); n != callers*objects*4 || s.Writes() != callers*objects*2 || s.Lost() != 0 {
		t.Errorf("%d calls, %d writes, %d lost", n, s.Writes(), s.Lost())
	}
	want := []fkorgtest.Count{{Service: "organisationenhed", Operation: "importer", Calls: callers * objects}, {Service: "organisationenhed", Operation: "laes", Calls: callers * objects},
		{Service: "organisationenhed", Operation: "ret", Calls: callers * objects}, {Service: "organisationenhed", Operation: "soeg", Calls: callers * objects}}
	if diff := cmp.Diff(want, s.Counts()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
