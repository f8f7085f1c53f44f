package fkorgtest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/xmltree"
)

const (
	orgUUID = "11111111-2222-4333-8444-555555555555"
	u1      = "00000000-0000-4000-8000-000000000001"
	u2      = "00000000-0000-4000-8000-000000000002"
	u3      = "00000000-0000-4000-8000-000000000003"
	sdNS    = "urn:oio:sagdok:3.0.0"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// start starts a server that keeps a journal, whose messages are held against the official schemas at the end.
func start(t *testing.T, opts fkorgtest.Options) *fkorgtest.Server {
	t.Helper()
	opts.Journal = true
	s := startQuiet(t, opts)
	t.Cleanup(func() {
		validateJournal(t, s.Journal())
		checkCanonical(t, s.Journal())
	})
	return s
}

// checkCanonical checks of every answer that it could be signed as it was written.
func checkCanonical(t *testing.T, journal []fkorgtest.Entry) {
	for _, e := range journal {
		plain, err := fkorgtest.CheckCanonical(e.Answer)
		if err != nil || !plain && !bytes.Contains(e.Answer, []byte("LokalUdvidelse")) {
			t.Errorf("%s/%s: the canonical form of the answer: plain %v, %v", e.Service, e.Operation, plain, err)
		}
	}
}

func startQuiet(t testing.TB, opts fkorgtest.Options) *fkorgtest.Server {
	t.Helper()
	if opts.Clock == nil {
		opts.Clock = func() time.Time { return noon }
	}
	s, err := fkorgtest.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// caller sends messages that are written by hand, so that they can be wrong.
type caller struct {
	t    testing.TB
	srv  *fkorgtest.Server
	soap *soap.Client
}

func newCaller(t testing.TB, s *fkorgtest.Server) *caller {
	var n atomic.Int64
	return &caller{t, s, &soap.Client{HTTP: &http.Client{Timeout: 10 * time.Second}, NewUUID: func() string {
		return fmt.Sprintf("00000000-0000-4000-a000-%012d", n.Add(1))
	}}}
}

func (c *caller) send(service, operation, body string) (*xmltree.Node, error) {
	action := "http://kombit.dk/sts/organisation/" + service + "/" + operation
	if service == "organisationsystem" {
		action = "http://kombit.dk/sts/organisation/organisationssystem/" + operation
	}
	return c.soap.Call(context.Background(), soap.Request{URL: c.srv.URL() + service + "/6/", Action: action, Body: []byte(body)})
}

// status sends a message and gives the status code of the answer.
func (c *caller) status(service, operation, body string) string {
	c.t.Helper()
	out, err := c.send(service, operation, body)
	if err != nil {
		c.t.Fatalf("%s/%s: %v", service, operation, err)
	}
	return out.Child(sdNS, "StandardRetur").Child(sdNS, "StatusKode").Content()
}

// Pieces of messages. V is a period; without a second day it is open.

func V(days ...string) string {
	out := `<sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>` + days[0] + `T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt>`
	if len(days) > 1 {
		out += `<sd:TilTidspunkt><sd:TidsstempelDatoTid>` + days[1] + `T00:00:00+01:00</sd:TidsstempelDatoTid></sd:TilTidspunkt>`
	}
	return out + `</sd:Virkning>`
}

func ref(uuid string) string {
	return `<sd:ReferenceID><sd:UUIDIdentifikator>` + uuid + `</sd:UUIDIdentifikator></sd:ReferenceID>`
}

func rel(name, v, uuid string) string {
	return "<sd:" + name + ">" + v + ref(uuid) + "</sd:" + name + ">"
}

func address(v, uuid, index string) string {
	return `<sd:Adresser>` + v + ref(uuid) + `<sd:Rolle><sd:UUIDIdentifikator>8dcfa714-5ed3-4000-b551-2ba520e7d8ad</sd:UUIDIdentifikator></sd:Rolle>` +
		`<sd:Type><sd:UUIDIdentifikator>9b33c0a0-a566-4ec0-8200-325cb1e5bb9a</sd:UUIDIdentifikator></sd:Type><sd:Indeks>` + index + `</sd:Indeks></sd:Adresser>`
}

func state(v, code string) string {
	return `<org:Gyldighed>` + v + `<org:GyldighedStatusKode>` + code + `</org:GyldighedStatusKode></org:Gyldighed>`
}

func prop(v, nameTag, name string) string {
	return `<o:Egenskab>` + v + `<sd:BrugervendtNoegleTekst>k</sd:BrugervendtNoegleTekst><` + nameTag + `>` + name + `</` + nameTag + `></o:Egenskab>`
}

// parts of an object: attributes, states, relations.
type parts struct{ a, s, r string }

func unitParts(name string) parts {
	v := V("2026-01-01")
	return parts{prop(v, "sd:EnhedNavn", name), state(v, "Aktiv"), rel("Tilhoerer", v, orgUUID)}
}

func functionParts(unit string, days ...string) parts {
	v := V("2026-01-01")
	return parts{prop(v, "sd:FunktionNavn", "Lærer"), state(v, "Aktiv"),
		rel("Funktionstype", v, "02e61900-33e0-407f-a2a7-22f70221f003") + rel("TilknyttedeBrugere", V(days...), u3) +
			rel("TilknyttedeEnheder", V(days...), unit) + rel("TilknyttedeOrganisationer", v, orgUUID)}
}

func (p parts) lists() string {
	return `<o:AttributListe>` + p.a + `</o:AttributListe><o:TilstandListe>` + p.s + `</o:TilstandListe><o:RelationListe>` + p.r + `</o:RelationListe>`
}

func message(service, element, content string) string {
	return `<o:` + element + ` xmlns:o="http://stoettesystemerne.dk/organisation/` + service + `/6/" xmlns:org="http://stoettesystemerne.dk/organisation/6/" ` +
		`xmlns:sd="urn:oio:sagdok:3.0.0" xmlns:sts="urn:oio:sts:6">` + content + `</o:` + element + `>`
}

func id(uuid string) string { return `<sd:UUIDIdentifikator>` + uuid + `</sd:UUIDIdentifikator>` }

func importer(service, element, uuid string, p parts) string {
	return message(service, "ImportInput", `<o:`+element+`>`+id(uuid)+`<o:Registrering><sd:Tidspunkt>2026-11-23T11:55:00Z</sd:Tidspunkt>`+p.lists()+
		`</o:Registrering></o:`+element+`>`)
}

func importUnit(uuid string, p parts) string {
	return importer("organisationenhed", "OrganisationEnhed", uuid, p)
}

func (c *caller) unit(operation, element, content string) string {
	c.t.Helper()
	return c.status("organisationenhed", operation, message("organisationenhed", element, content))
}

func replaced(s, old, new string) string {
	if !strings.Contains(s, old) {
		panic("the message does not hold " + old)
	}
	return strings.Replace(s, old, new, 1)
}

func itoa(n int) string { return fmt.Sprint(n) }
