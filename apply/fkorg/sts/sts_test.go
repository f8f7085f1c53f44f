package sts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/internal/soap/xmltree"
)

const (
	cvr      = "12345678"
	reader   = "87654321"
	stranger = "11111111"
)

// stand is a token service with a client of it, on one clock.
type stand struct {
	srv    *fkorgtest.Server
	client *Client
	time   atomic.Pointer[time.Time]
	mu     sync.Mutex
	slept  []time.Duration
}

func (s *stand) now() time.Time { return *s.time.Load() }

func (s *stand) pass(d time.Duration) {
	t := s.now().Add(d)
	s.time.Store(&t)
}

func newStand(t *testing.T, way string, change func(*Config)) *stand {
	t.Helper()
	s := &stand{}
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	s.time.Store(&start)
	srv, err := fkorgtest.Start(fkorgtest.Options{Clock: s.now, Security: &fkorgtest.Security{Agreements: map[string]fkorgtest.Agreement{cvr: {}, reader: {ReadOnly: true}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	identity, err := srv.NewClient("Korsbæk Kommune")
	if err != nil {
		t.Fatal(err)
	}
	var ids atomic.Int64
	c := Config{Way: way, URL: srv.Tokens().URL(), Issuer: srv.Tokens().Issuer(), Certificates: srv.Tokens().Certificates(), Identity: identity,
		Lifetime: 2 * time.Hour, RenewBefore: 5 * time.Minute, HTTP: http.DefaultClient, Now: s.now,
		NewUUID: func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", ids.Add(1)) },
		Sleep: func(_ context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.slept = append(s.slept, d)
			return nil
		}}
	if way == REST {
		c.URL = srv.Tokens().RESTURL()
		c.HTTP = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: srv.Tokens().RESTRoots(), Certificates: []tls.Certificate{identity.TLS()}}}}
	}
	if change != nil {
		change(&c)
	}
	s.srv, s.client = srv, New(c)
	return s
}

func TestToken(t *testing.T) {
	for _, way := range []string{SOAP, REST} {
		t.Run(way, func(t *testing.T) {
			s := newStand(t, way, nil)
			a, err := s.client.For(cvr, fkorgtest.EntityID).Token(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			life := map[string]time.Duration{SOAP: 2 * time.Hour, REST: 8 * time.Hour}[way]
			if got := a.NotOnOrAfter.Sub(s.now()); got != life {
				t.Errorf("it lives %v", got)
			}
			got, err := Privileges(a)
			if err != nil {
				t.Fatal(err)
			}
			want := []PrivilegeGroup{{Scope: "urn:dk:gov:saml:cvrNumberIdentifier:" + cvr,
				Privileges: []string{"http://stoettesystemerne.dk/roles/servicesystemrole/udstil/1", "http://stoettesystemerne.dk/roles/servicesystemrole/rediger/1"}}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("privileges (-want +got)\n%s", diff)
			}
		})
	}
}

// TestTokenIsKept: one request however many want it, until shortly before the end, or until it is dropped.
func TestTokenIsKept(t *testing.T) {
	s := newStand(t, SOAP, nil)
	source := s.client.For(cvr, fkorgtest.EntityID)
	get := func(issued int) *wss.Assertion {
		t.Helper()
		a, err := source.Token(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got := s.srv.Tokens().Issued(); got != issued {
			t.Errorf("%d tokens were issued, want %d", got, issued)
		}
		return a
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := source.Token(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	first := get(1)
	s.pass(115*time.Minute - time.Second)
	get(1)
	s.pass(time.Second)
	second := get(2)
	source.Drop(first.ID)
	get(2)
	source.Drop(second.ID)
	get(3)
	s.srv.Tokens().SetLifetime(4 * time.Minute) // shorter than it is renewed before
	s.pass(2 * time.Hour)
	get(4)
	s.pass(2*time.Minute - time.Second)
	get(4)
	s.pass(time.Second)
	get(5)
}

// TestOldTokenServes: while it holds, a renewal that fails for a while harms nobody; a refusal does.
func TestOldTokenServes(t *testing.T) {
	s := newStand(t, SOAP, nil)
	source := s.client.For(cvr, fkorgtest.EntityID)
	first, err := source.Token(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	s.srv.Tokens().SetTrouble(func() fkorgtest.TokenTrouble { asked++; return fkorgtest.TokenTrouble{HTTPStatus: 503} })
	s.pass(116 * time.Minute)
	for range 3 {
		if again, err := source.Token(context.Background()); err != nil || again != first {
			t.Errorf("%v", err)
		}
	}
	if asked != attempts {
		t.Errorf("asked %d times", asked)
	}
	s.pass(4 * time.Minute)
	if _, err := source.Token(context.Background()); !errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("after its end: %v", err)
	}
	s.srv.Tokens().SetTrouble(nil)
	if again, err := source.Token(context.Background()); err != nil || again == first {
		t.Errorf("after the trouble: %v", err)
	}
}

func TestFaults(t *testing.T) {
	for _, way := range []string{SOAP, REST} {
		tests := []struct {
			name    string
			cvr     string
			entity  string
			trouble fkorgtest.TokenTrouble
			url     string // another one
			kind    error
			text    string
			slept   int
		}{
			{name: "no agreement", cvr: stranger, kind: apply.ErrNotAuthorised, text: `"ServiceAgreementNotFound": there is no approved service agreement`},
			{name: "unknown service", entity: fkorgtest.EntityID + "/", kind: apply.ErrNotAuthorised, text: "code 101 (unknown configuration or service)"},
			{name: "configuration", trouble: fkorgtest.TokenTrouble{Code: "111"}, kind: apply.ErrNotAuthorised, text: "code 111"},
			{name: "database", trouble: fkorgtest.TokenTrouble{Code: "130"}, kind: apply.ErrUnreachable, text: "code 130 (database error)", slept: 3},
			{name: "gateway", trouble: fkorgtest.TokenTrouble{HTTPStatus: 502}, kind: apply.ErrUnreachable, text: "502 Bad Gateway", slept: 3},
			{name: "forbidden", trouble: fkorgtest.TokenTrouble{HTTPStatus: 403}, kind: apply.ErrNotAuthorised, text: "403 Forbidden"},
			{name: "nobody there", url: map[string]string{SOAP: "http", REST: "https"}[way] + "://127.0.0.1:1/", kind: apply.ErrUnreachable, slept: 3},
		}
		s := newStand(t, way, nil)
		for _, tt := range tests {
			t.Run(way+" "+tt.name, func(t *testing.T) {
				s.slept = nil
				c := s.client.config
				if tt.url != "" {
					c.URL = tt.url
				}
				asked := 0
				s.srv.Tokens().SetTrouble(func() fkorgtest.TokenTrouble { asked++; return tt.trouble })
				forCVR, entity := tt.cvr, tt.entity
				if forCVR == "" {
					forCVR = cvr
				}
				if entity == "" {
					entity = fkorgtest.EntityID
				}
				source := New(c).For(forCVR, entity)
				_, err := source.Token(context.Background())
				e, ok := errors.AsType[*Error](err)
				if !ok || !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), "CVR "+forCVR) {
					t.Fatalf("got %v, want %q", err, tt.text)
				}
				if len(s.slept) != tt.slept || tt.slept > 0 && !slices.Equal(s.slept, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}) {
					t.Errorf("slept %v", s.slept)
				}
				if e.Temporary {
					return
				}
				before := asked
				if _, err := source.Token(context.Background()); err == nil || asked != before {
					t.Errorf("a refusal is asked for again at once: %v", err)
				}
				s.pass(refusalHolds)
				if _, err := source.Token(context.Background()); err == nil || asked == before {
					t.Errorf("a refusal is never asked for again: %v", err)
				}
			})
		}
	}
	if _, err := newStand(t, SOAP, nil).client.For(stranger, fkorgtest.EntityID).Token(context.Background()); !errors.Is(err, ErrNoAgreement) {
		t.Errorf("%v is not ErrNoAgreement", err)
	}
}

// TestPasses: what passes by itself is tried again.
func TestPasses(t *testing.T) {
	s := newStand(t, SOAP, nil)
	left := 2
	s.srv.Tokens().SetTrouble(func() fkorgtest.TokenTrouble {
		if left--; left >= 0 {
			return fkorgtest.TokenTrouble{Code: "100"}
		}
		return fkorgtest.TokenTrouble{}
	})
	if _, err := s.client.For(cvr, fkorgtest.EntityID).Token(context.Background()); err != nil || len(s.slept) != 2 {
		t.Errorf("%v, slept %v", err, s.slept)
	}
}

// TestNothingIsBelieved: tokens that are not the one that was asked for, and answers that prove nothing.
func TestNothingIsBelieved(t *testing.T) {
	soapStand, restStand := newStand(t, SOAP, nil), newStand(t, REST, nil)
	another, err := soapStand.srv.NewClient("another")
	if err != nil {
		t.Fatal(err)
	}
	draft := func(f func(*fkorgtest.Draft)) fkorgtest.TokenTrouble { return fkorgtest.TokenTrouble{Draft: f} }
	tests := []struct {
		name    string
		trouble fkorgtest.TokenTrouble
		text    string
		soap    bool // by SOAP only
	}{
		{"another municipality", draft(func(d *fkorgtest.Draft) { d.CVR = reader }), "not for this CVR number", false},
		{"another holder", draft(func(d *fkorgtest.Draft) { d.Holder = another.Certificate }), `bound to certificate "another"`, false},
		{"another audience", draft(func(d *fkorgtest.Draft) { d.Audience = "urn:x" }), `for "urn:x"`, false},
		{"another recipient", draft(func(d *fkorgtest.Draft) { d.Recipient = "urn:x" }), `recipient is "urn:x"`, false},
		{"another issuer", draft(func(d *fkorgtest.Draft) { d.Issuer = "urn:x" }), `issued by "urn:x"`, false},
		{"not yet", draft(func(d *fkorgtest.Draft) { d.NotBefore = d.NotBefore.Add(time.Hour) }), "the clocks differ", false},
		{"no more", draft(func(d *fkorgtest.Draft) { d.NotOnOrAfter = d.NotBefore }), "it ran out", false},
		{"signed by another", draft(func(d *fkorgtest.Draft) { d.Signer = another }), "not configured", false},
		{"changed", fkorgtest.TokenTrouble{Token: func(s string) string { return strings.Replace(s, `>3<`, `>4<`, 1) }}, "not as it was signed", false},
		{"no token", fkorgtest.TokenTrouble{Token: func(string) string { return "<x/>" }}, "not a readable SAML", false},
		{"two tokens", fkorgtest.TokenTrouble{Token: func(s string) string { return s + "<y/>" }}, "exactly one token", true},
		{"answer not signed", fkorgtest.TokenTrouble{Forgery: fkorgtest.Unsigned}, "not signed", true},
		{"answer signed by another", fkorgtest.TokenTrouble{Forgery: fkorgtest.Stranger}, "subject key identifier", true},
		{"answer to another", fkorgtest.TokenTrouble{Forgery: fkorgtest.WrongRelatesTo}, "relates to another", true},
		{"answer of another time", fkorgtest.TokenTrouble{Forgery: fkorgtest.Skewed}, "the clocks differ", true},
	}
	for _, tt := range tests {
		for way, s := range map[string]*stand{SOAP: soapStand, REST: restStand} {
			if way == REST && tt.soap {
				continue
			}
			t.Run(way+" "+tt.name, func(t *testing.T) {
				s.srv.Tokens().SetTrouble(func() fkorgtest.TokenTrouble { return tt.trouble })
				a, err := s.client.For(cvr, fkorgtest.EntityID).Token(context.Background())
				if err == nil || a != nil || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("got %v, want %q", err, tt.text)
				}
				if strings.Contains(fmt.Sprint(err), "Assertion>") {
					t.Errorf("the error shows the token: %v", err)
				}
			})
		}
	}
}

// TestRollover: the token service changes its key while the old token lives. Who has both certificates sees nothing of it.
func TestRollover(t *testing.T) {
	s := newStand(t, SOAP, nil)
	old := s.client.For(cvr, fkorgtest.EntityID)
	if err := s.srv.Tokens().Rollover(); err != nil {
		t.Fatal(err)
	}
	if _, err := old.Token(context.Background()); err == nil || !strings.Contains(err.Error(), "subject key identifier") {
		t.Errorf("with the old certificate alone: %v", err)
	}
	s.client.config.Certificates = s.srv.Tokens().Certificates()
	if _, err := New(s.client.config).For(cvr, fkorgtest.EntityID).Token(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestRESTWithoutCertificate(t *testing.T) {
	s := newStand(t, REST, func(c *Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.HTTP.Transport.(*http.Transport).TLSClientConfig.RootCAs}}}
	})
	if _, err := s.client.For(cvr, fkorgtest.EntityID).Token(context.Background()); !errors.Is(err, apply.ErrNotAuthorised) || !strings.Contains(err.Error(), "not registered") {
		t.Errorf("%v", err)
	}
}

// TestUnregistered: a certificate that the token service does not know.
func TestUnregistered(t *testing.T) {
	other := newStand(t, SOAP, nil)
	s := newStand(t, SOAP, func(c *Config) { c.Identity = other.client.config.Identity })
	if _, err := s.client.For(cvr, fkorgtest.EntityID).Token(context.Background()); !errors.Is(err, apply.ErrNotAuthorised) || !strings.Contains(err.Error(), "code 103") {
		t.Errorf("%v", err)
	}
}

// TestCancelled: who waits for another's request gives up when told to.
func TestCancelled(t *testing.T) {
	s := newStand(t, SOAP, nil)
	source := s.client.For(cvr, fkorgtest.EntityID)
	k := <-source.state // somebody asks
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := source.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	source.state <- k
}

func TestSaid(t *testing.T) {
	detail := func(leaves ...string) *xmltree.Node {
		n := xmltree.Element("", "Detail")
		for _, l := range leaves {
			n.Add(xmltree.Element("", "x", xmltree.Leaf("", "y", l)))
		}
		return n
	}
	fault := func(f soap.Fault) error { return &soap.Error{Status: 500, Err: &f} }
	tests := []struct {
		name      string
		err       error
		code      string
		temporary bool
		is        error
	}{
		{"detail", fault(soap.Fault{Code: "Sender", Reason: "no", Detail: detail("a", "101")}), "101", false, nil},
		{"subcode", fault(soap.Fault{Code: "Sender", Subcode: "x:130"}), "130", true, nil},
		{"text", fault(soap.Fault{Code: "Receiver", Reason: "STS-error 103: bad"}), "103", false, nil},
		{"no code, blames itself", fault(soap.Fault{Code: "Receiver", Reason: "1030"}), "", true, nil},
		{"no code, blames us", fault(soap.Fault{Code: "Sender", Reason: "bad"}), "", false, nil},
		{"no agreement", fault(soap.Fault{Code: "Receiver", Detail: detail("Usercontext doesn't exist")}), "", false, ErrNoAgreement},
		{"not proven", &soap.Error{Status: 200, Outcome: soap.Unknown, Err: wss.ErrUnproven}, "", false, wss.ErrUnproven},
		{"too many", &soap.Error{Status: 429, Err: errors.New("x")}, "", true, nil},
		{"REST without JSON", fromREST(500, []byte("<html>")), "", true, nil},
		{"REST with code", fromREST(400, []byte(`{"message": "111: x"}`)), "111", false, nil},
		{"REST, no agreement", fromREST(500, []byte(`{"Message": "ServiceAgreementNotFound"}`)), "", false, ErrNoAgreement},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, ok := tt.err.(*Error)
			if !ok {
				e = fromSOAP(tt.err)
			}
			if e.Code != tt.code || e.Temporary != tt.temporary || tt.is != nil && !errors.Is(e, tt.is) {
				t.Errorf("%+v", e)
			}
		})
	}
	long := said(strings.Repeat("ø\x1b ", 500), nil)
	if len([]rune(long.Text)) != 301 || strings.Contains(long.Error(), "\x1b") {
		t.Errorf("%d characters: %s", len([]rune(long.Text)), long.Error())
	}
}

func TestPrivilegesUnreadable(t *testing.T) {
	for _, value := range []string{"?", "PA=="} {
		if g, err := Privileges(&wss.Assertion{Attributes: map[string][]string{attributePrivileges: {value}}}); err == nil {
			t.Errorf("%q: %v", value, g)
		}
	}
	if g, err := Privileges(&wss.Assertion{}); err != nil || g != nil {
		t.Errorf("none: %v, %v", g, err)
	}
}

func FuzzRESTToken(f *testing.F) {
	f.Add([]byte(`{"RequestedSecurityToken": {"Assertion": "PHg+PC94Pg=="}}`))
	trusted := []*x509.Certificate{}
	f.Fuzz(func(t *testing.T, data []byte) {
		raw, err := restToken(data)
		if err != nil {
			return
		}
		if a, err := wss.OpenAssertion(raw, trusted, time.Now()); err == nil {
			t.Errorf("believed: %v", a)
		}
	})
}
