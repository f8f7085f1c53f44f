package fkorg

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"orgit.dk/orgit/internal/soap"
)

// aflytter keeps the answers that pass through it, by service.
type aflytter struct {
	mu    sync.Mutex
	svar  map[string][][]byte
	under http.RoundTripper
}

// RoundTrip is called by http.Client.
func (a *aflytter) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.under.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	m, err := soap.Open(data)
	if err != nil {
		return nil, err
	}
	body, err := m.Body()
	if err != nil {
		return nil, err
	}
	service := strings.Split(r.URL.Path, "/")[2]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.svar[service] = append(a.svar[service], body)
	return resp, nil
}

// TestStandInAnswersAsTheSchemaSays: the stand-in is held against the official schemas too, with every answer of a first
// load, a change and the reads after it.
func TestStandInAnswersAsTheSchemaSays(t *testing.T) {
	m := nytMaal(t, dagen)
	o := organisation(t, moenstre)
	m.anvend(o, nil)
	a := &aflytter{svar: map[string][][]byte{}, under: http.DefaultTransport}
	k := NyKlient(&soap.Client{HTTP: &http.Client{Transport: a}, NewUUID: m.nyUUID}, m.srv.URL(), testOrg, m.klient().nu, Omfang{})
	s, err := Desired(o, m.day)
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(k, o, s.Known)
	actual, err := r.Actual(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range actual.Objects {
		if _, _, err := r.reread(context.Background(), f.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, slags := range []*Slags{Enhed, Bruger, Funktion, Adresse, Person} {
		uuid := m.srv.UUIDs(slags.Tjeneste())[0]
		o, err := k.Laes(context.Background(), slags, uuid, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Ret(context.Background(), o); err != nil {
			t.Errorf("what was read cannot be sent back: %v", err)
		}
		if err := k.Importer(context.Background(), o); !harStatus(err, statusForkertStand) {
			t.Errorf("importer over a living object: %v", err)
		}
		if err := k.Passiver(context.Background(), slags, uuid); err != nil {
			t.Error(err)
		}
		if err := k.Slet(context.Background(), slags, uuid); !harStatus(err, statusForkertStand) {
			t.Errorf("slet of a passive object: %v", err)
		}
	}
	if len(a.svar) != 7 {
		t.Errorf("%d services answered", len(a.svar))
	}
	for service, bodies := range a.svar {
		validate(t, service, bodies...)
	}
}
