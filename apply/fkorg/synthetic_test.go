package fkorg

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// synthetic is a municipality of a size, the same for the same seed: a tree of units four levels deep, each with
// addresses and a leader; people spread evenly, each with one user, phone, mail and one position, three in a hundred
// with two.
func synthetic(t testing.TB, units, people int, seed uint64) *org.Organisation {
	t.Helper()
	s := &syntheticOrg{r: rand.New(rand.NewPCG(seed, seed)), units: units, people: people}
	parts := map[string]map[string]any{"units": {}, "people": {}}
	for i := range units {
		parts["units"][unitName(i)] = s.unit(i)
	}
	for i := range people {
		parts["people"][personName(i)] = s.person(i)
	}
	text, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	return organisation(t, string(text))
}

type syntheticOrg struct {
	r             *rand.Rand
	units, people int
}

func unitName(i int) string   { return fmt.Sprintf("enhed-%05d", i) }
func personName(i int) string { return fmt.Sprintf("p%06d", i) }

func (s *syntheticOrg) uuid() string {
	a, b := s.r.Uint64(), s.r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

func (s *syntheticOrg) phone() string { return fmt.Sprintf("+45%08d", 20_000_000+s.r.IntN(70_000_000)) }

// day is one of the last twenty years.
func (s *syntheticOrg) day() string {
	return fmt.Sprintf("%d-%02d-%02d", 2006+s.r.IntN(20), 1+s.r.IntN(12), 1+s.r.IntN(28))
}

func (s *syntheticOrg) one(list ...string) string { return list[s.r.IntN(len(list))] }

// above is the number of the unit above: 1 root, 8 departments, 64 areas, 512 institutions, and groups below these.
func above(i int) int {
	first, size := 1, 8
	before, width := 0, 1
	for i >= first+size && size < 512 {
		before, width = first, size
		first, size = first+size, size*8
	}
	if i >= first+size {
		before, width, first = first, size, first+size
	}
	return before + (i-first)%width
}

func (s *syntheticOrg) unit(i int) map[string]any {
	key := unitName(i)
	u := map[string]any{
		"uuid": s.uuid(), "name": fmt.Sprintf("%s %d", s.one("Plejecenter", "Skole", "Børnehus", "Team", "Kontor", "Hjemmepleje"), i),
		"type": s.one("afdeling", "team"), "from": "2007-01-01",
		"addresses": map[string]string{"phone": s.phone(), "email": key + "@korsbaek.example", "visit": fmt.Sprintf("Åvej %d, 4298 Korsbæk", i+1)},
		"numbers":   map[string]string{"ean": fmt.Sprintf("57980%08d", i)},
		"managers":  map[string]any{"a": map[string]any{"person": personName(i * s.people / s.units), "role": "leder", "from": "2020-01-01"}},
	}
	if i > 0 {
		u["parent"] = unitName(above(i))
	}
	return u
}

func (s *syntheticOrg) person(i int) map[string]any {
	key := personName(i)
	title := "laerer"
	home := i * s.units / s.people
	if home*s.people/s.units == i {
		title = "leder"
	}
	job := func(unit int) map[string]any {
		return map[string]any{"unit": unitName(unit), "title": title, "from": s.day()}
	}
	engagements := map[string]any{"a": job(home)}
	if s.r.IntN(100) < 3 {
		engagements["b"] = job(s.r.IntN(s.units))
	}
	return map[string]any{
		"uuid": s.uuid(), "engagements": engagements,
		"name": map[string]string{"given": s.one("Anna", "Bo", "Cecilie", "Dorthe", "Emil", "Freja", "Gøril", "Hans", "Ida", "Jørgen"),
			"surname": s.one("Jensen", "Nielsen", "Hansen", "Åkær", "Sørensen", "Bæk", "Møller", "Østergaard")},
		"addresses": map[string]string{"email": key + "@korsbaek.example", "phone": s.phone()},
		"accounts":  map[string]any{"ad": map[string]any{"uuid": s.uuid(), "system": "ad", "name": key, "kind": "personal", "fk": true}},
	}
}

// fyld puts the organisation into the store as a first load on the day would, without its waiting: what the writer sends
// goes past the network. It is for benchmarks that begin with a full register.
func fyld(t testing.TB, srv *fkorgtest.Server, o *org.Organisation, day org.Day) {
	t.Helper()
	desired, err := Desired(o, day)
	if err != nil {
		t.Fatal(err)
	}
	in := plan.TargetInput{Mode: org.ModeFull, Desired: desired, Actual: plan.Actual{Target: Target}}
	p, err := plan.Compute(plan.Input{Day: day, Org: o, Targets: []plan.TargetInput{in}})
	if err != nil {
		t.Fatal(err)
	}
	granted, err := apply.Gate(&plan.Plan{Day: day, Provenance: plan.Provenance{Commit: "c"}}, apply.Facts{Approved: "c", Today: day})
	if err != nil {
		t.Fatal(err)
	}
	c := Config{URL: srv.URL(), Organisation: testOrg, NewUUID: tilfaeldigUUID}
	transport := &soap.Client{HTTP: &http.Client{Transport: genvej{srv}}, NewUUID: c.NewUUID}
	k := NyKlient(transport, c.URL, string(c.Organisation), func() time.Time { return noon(day) }, Omfang{})
	w, err := NewWriter(granted, NewReader(k, o, desired.Known), c.NewUUID)
	if err != nil {
		t.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // collecting less often saves a third of the time
	g, ctx := errgroup.WithContext(context.Background())
	g.SetLimit(4)
	for _, op := range p.Operations {
		g.Go(func() error { return w.Write(ctx, op, nil) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// genvej carries importers straight into the store, and everything else over the network.
type genvej struct{ srv *fkorgtest.Server }

// RoundTrip is called by http.Client.
func (g genvej) RoundTrip(r *http.Request) (*http.Response, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	m, err := soap.Open(data)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(m.Action, "/importer") {
		r.Body = io.NopCloser(bytes.NewReader(data))
		return http.DefaultTransport.RoundTrip(r)
	}
	service := strings.Split(r.URL.Path, "/")[2]
	if err := g.srv.PutTree(service, m.Content); err != nil {
		return nil, err
	}
	answer := fmt.Sprintf(`<s:Envelope xmlns:s="%s"><s:Header><a:RelatesTo xmlns:a="%s">%s</a:RelatesTo></s:Header><s:Body>`+
		`<o:ImportOutput xmlns:o="%s" xmlns:sd="%s"><sd:StandardRetur><sd:StatusKode>20</sd:StatusKode></sd:StandardRetur></o:ImportOutput></s:Body></s:Envelope>`,
		soap.NamespaceEnvelope, soap.NamespaceAddressing, m.MessageID, m.Content.Name.Space, nsSagDok)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// TestSyntheticMunicipality: filling the store the short way gives what a first load gives, and leaves nothing to do.
func TestSyntheticMunicipality(t *testing.T) {
	o := synthetic(t, 20, 200, 1)
	if diff := cmp.Diff(o.Units, synthetic(t, 20, 200, 1).Units, cmp.Comparer(func(a, b *org.Unit) bool { return a.UUID == b.UUID && a.Name == b.Name })); diff != "" {
		t.Errorf("the same seed gives something else: %s", diff)
	}
	short, long := nytMaal(t, dagen), nytMaal(t, dagen)
	fyld(t, short.srv, o, dagen)
	long.anvend(o, nil)
	if diff := cmp.Diff(long.srv.Dump(), short.srv.Dump()); diff != "" {
		t.Errorf("a first load and the short way: (-long +short)\n%s", diff)
	}
	if n := short.srv.Writes(); n != 0 {
		t.Errorf("%d writes over the network", n)
	}
	short.ens(o)
}

func TestSyntheticTree(t *testing.T) {
	want := map[int]int{1: 0, 8: 0, 9: 1, 16: 8, 17: 1, 72: 8, 73: 9, 136: 72, 584: 72, 585: 73, 1096: 584, 1097: 73}
	for i, parent := range want {
		if got := above(i); got != parent {
			t.Errorf("above %d is %d, want %d", i, got, parent)
		}
	}
}
