package fkorg

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"software.sslmate.com/src/go-pkcs12"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/org"
)

const (
	korsbaekCVR = "12345678"
	laeserCVR   = "87654321" // may only read
	andenCVR    = "13572468" // another municipality
)

// sikret is a secured stand-in with a client of it, on one clock.
type sikret struct {
	srv    *fkorgtest.Server
	config Config
	time   atomic.Pointer[time.Time]
	antal  atomic.Int64 // clients made
}

func (s *sikret) nu() time.Time { return *s.time.Load() }

func (s *sikret) gaa(d time.Duration) {
	t := s.nu().Add(d)
	s.time.Store(&t)
}

// nySikret starts a stand-in and configures a client from files, as a command does.
func nySikret(t *testing.T, security fkorgtest.Security) *sikret {
	t.Helper()
	s := &sikret{}
	start := noon(dagen)
	s.time.Store(&start)
	security.Agreements = map[string]fkorgtest.Agreement{korsbaekCVR: {}, andenCVR: {}, laeserCVR: {ReadOnly: true}}
	srv, err := fkorgtest.Start(fkorgtest.Options{Clock: s.nu, Journal: true, CVR: korsbaekCVR, Security: &security})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	s.srv = srv
	env, err := srv.WriteFiles(t.TempDir(), "Korsbæk Kommune")
	if err != nil {
		t.Fatal(err)
	}
	settings := &org.Settings{CVR: korsbaekCVR, Targets: org.Targets{FKOrganisation: &org.FKSettings{Organisation: testOrg, EntityID: fkorgtest.EntityID,
		STS: org.FKTokenService{Issuer: srv.Tokens().Issuer(), LifetimeMinutes: 120, RenewBeforeMinutes: 5}}}}
	if s.config, err = ConfigFrom(settings, func(name string) string { return env[name] }, s.nu); err != nil {
		t.Fatal(err)
	}
	return s
}

// klient makes a client for a municipality. Its pauses take no time.
func (s *sikret) klient(cvr string) *Klient {
	s.antal.Add(1)
	c, security := s.config, *s.config.Security
	security.CVR = cvr
	security.TokenService.Sleep = func(context.Context, time.Duration) error { return nil }
	c.Security = &security
	k := Open(c)
	k.vent = func(context.Context, time.Duration) error { return nil }
	return k
}

// besvaer makes the first calls of an operation go wrong.
func (s *sikret) besvaer(operation string, times int, f fkorgtest.Forgery) {
	var seen atomic.Int64
	s.srv.SetTrouble(func(c fkorgtest.Call) fkorgtest.Trouble {
		if c.Operation != operation || int(seen.Add(1)) > times {
			return fkorgtest.Trouble{}
		}
		return fkorgtest.Trouble{Forgery: f}
	})
}

// adresseTil is an address that can be imported.
func adresseTil(t *testing.T, uuid string) *Objekt {
	v := fra(t, "2020-01-01")
	return &Objekt{Slags: Adresse, UUID: uuid, Egenskaber: []Egenskab{{Virkning: v, BrugervendtNoegle: "m", Navn: "skole@korsbaek.example"}}}
}

// TestSecuredInBothWays reads and writes with tokens of both ways, with and without a PrefixList in the answers.
func TestSecuredInBothWays(t *testing.T) {
	for name, security := range map[string]fkorgtest.Security{"plain": {}, "prefix list": {PrefixList: []string{"soap", "wsa", "ns2", "#default"}}} {
		s := nySikret(t, security)
		t.Run(name+" SOAP", func(t *testing.T) { s.skrivOgLaes(t) })
		s.config.Security.TokenService.Way, s.config.Security.TokenService.URL = sts.REST, s.srv.Tokens().RESTURL()
		s.config.Security.Roots = s.srv.Tokens().RESTRoots()
		t.Run(name+" REST", func(t *testing.T) { s.skrivOgLaes(t) })
	}
}

func (s *sikret) skrivOgLaes(t *testing.T) {
	t.Helper()
	ctx, k := context.Background(), s.klient(korsbaekCVR)
	uuid := tilfaeldigUUID()
	if err := k.Importer(ctx, adresseTil(t, uuid)); err != nil {
		t.Fatal(err)
	}
	o, err := k.Laes(ctx, Adresse, uuid, nil)
	if err != nil || o == nil {
		t.Fatalf("%v, %v", o, err)
	}
	if err := k.Ret(ctx, o); err != nil {
		t.Error(err)
	}
	// Another municipality sees nothing of it.
	if o, err := s.klient(andenCVR).Laes(ctx, Adresse, uuid, nil); err != nil || o != nil {
		t.Errorf("another municipality reads %v, %v", o, err)
	}
	// Who may only read does not write.
	err = s.klient(laeserCVR).Importer(ctx, adresseTil(t, tilfaeldigUUID()))
	if !harStatus(err, statusIkkeTilladt) || !errors.Is(aarsag(err), apply.ErrNotAuthorised) {
		t.Errorf("written without right: %v", err)
	}
}

// TestForgeries: whatever is wrong with an answer, a read gets through by a second attempt, and a write is never
// taken for done.
func TestForgeries(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	ctx, k := context.Background(), s.klient(korsbaekCVR)
	first := tilfaeldigUUID()
	if err := k.Importer(ctx, adresseTil(t, first)); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]fkorgtest.Forgery{
		"relates to another message": fkorgtest.WrongRelatesTo, "which is not configured": fkorgtest.Stranger, "not signed": fkorgtest.Unsigned,
		"not as it was signed": fkorgtest.Tampered, "body is not signed": fkorgtest.Wrapped, "the clocks differ": fkorgtest.Skewed,
	} {
		t.Run(name, func(t *testing.T) {
			s.besvaer("laes", 1, f)
			if o, err := k.Laes(ctx, Adresse, first, nil); err != nil || o == nil {
				t.Errorf("a second attempt does not help: %v", err)
			}
			s.besvaer("laes", forsoeg, f)
			o, err := k.Laes(ctx, Adresse, first, nil)
			if err == nil || o != nil || !strings.Contains(err.Error(), name) || !errors.Is(aarsag(err), apply.ErrUnreachable) {
				t.Errorf("read: %v, %v", o, err)
			}
			s.besvaer("importer", 99, f)
			err = k.Importer(ctx, adresseTil(t, tilfaeldigUUID()))
			if err == nil || soap.OutcomeOf(err) != soap.Unknown || !errors.Is(err, wss.ErrUnproven) {
				t.Errorf("written: %v", err)
			}
			// A refusal that is not proven is none either: it may have been done.
			s.besvaer("importer", 99, f)
			err = k.Importer(ctx, adresseTil(t, first))
			if err == nil || harStatus(err, statusForkertStand) || soap.OutcomeOf(err) != soap.Unknown {
				t.Errorf("refused: %v", err)
			}
		})
	}
	s.besvaer("laes", 2, fkorgtest.Repeated)
	if o, err := k.Laes(ctx, Adresse, first, nil); err != nil || o == nil {
		t.Error(err)
	}
	s.besvaer("laes", 1, fkorgtest.Repeated)
	calls := s.srv.Calls(fkorgtest.Call{Operation: "laes"})
	if _, err := k.Laes(ctx, Adresse, first, nil); err != nil || s.srv.Calls(fkorgtest.Call{Operation: "laes"}) != calls+2 {
		t.Errorf("a MessageID that was seen before is believed: %v", err)
	}
}

// TestRefusedToken: a token that the service refuses is replaced once.
func TestRefusedToken(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	ctx, k := context.Background(), s.klient(korsbaekCVR)
	uuid := tilfaeldigUUID()
	if err := k.Importer(ctx, adresseTil(t, uuid)); err != nil {
		t.Fatal(err)
	}
	s.besvaer("laes", 1, fkorgtest.TokenRefused)
	if o, err := k.Laes(ctx, Adresse, uuid, nil); err != nil || o == nil || s.srv.Tokens().Issued() != 2 {
		t.Errorf("%v, %d tokens", err, s.srv.Tokens().Issued())
	}
	s.besvaer("laes", 99, fkorgtest.TokenRefused)
	_, err := k.Laes(ctx, Adresse, uuid, nil)
	if !errors.Is(aarsag(err), apply.ErrNotAuthorised) || !strings.Contains(err.Error(), "expired") || s.srv.Tokens().Issued() != 3 {
		t.Errorf("%v, %d tokens", err, s.srv.Tokens().Issued())
	}
	// A token runs out while it is kept: the clock of the service is ahead of ours.
	s.srv.SetTrouble(nil)
	s.srv.Tokens().SetLifetime(20 * time.Minute)
	s.srv.SetClock(s.nu)
	s.gaa(3 * time.Hour)
	if o, err := k.Laes(ctx, Adresse, uuid, nil); err != nil || o == nil {
		t.Errorf("after its end: %v", err)
	}
	s.srv.SetClock(func() time.Time { return s.nu().Add(4 * time.Minute) })
	s.gaa(14 * time.Minute)
	if o, err := k.Laes(ctx, Adresse, uuid, nil); err != nil || o == nil {
		t.Errorf("where the service's clock is ahead: %v", err)
	}
}

// TestRunSecured carries a first load and a change out over secured calls, and finds nothing left to do; what is
// stored is what an unsecured run stores.
func TestRunSecured(t *testing.T) {
	secured := nySikret(t, fkorgtest.Security{PrefixList: []string{"soap", "ns2"}})
	before, after := organisation(t, lille), organisation(t, med(t, lille, `"name": "Østre Skole"`, `"name": "Ny Skole"`))
	run := func(m *maal) string {
		m.anvend(before, nil)
		m.anvend(after, before)
		if p := m.plan(after, after); len(p.Operations) != 0 {
			t.Errorf("%d operations are left", len(p.Operations))
		}
		return m.srv.Dump()
	}
	secured.srv.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: "99189703", Organisation: testOrg})
	got := run(&maal{t: t, srv: secured.srv, day: dagen, sikret: secured})
	if diff := gocmp.Diff(run(nytMaal(t, dagen)), got); diff != "" {
		t.Errorf("(-unsecured +secured)\n%s", diff)
	}
	if n := secured.srv.Tokens().Issued(); n == 0 || n > int(secured.antal.Load()) {
		t.Errorf("%d tokens for %d clients", n, secured.antal.Load())
	}
}

// TestNoToken: what the token service says reaches the user, once.
func TestNoToken(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	_, err := s.klient("11111111").Laes(context.Background(), Adresse, tilfaeldigUUID(), nil)
	if err = aarsag(err); !errors.Is(err, sts.ErrNoAgreement) || !errors.Is(err, apply.ErrNotAuthorised) || errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("%v", err)
	}
	asked := 0
	s.srv.Tokens().SetTrouble(func() fkorgtest.TokenTrouble { asked++; return fkorgtest.TokenTrouble{HTTPStatus: 503} })
	_, err = s.klient(korsbaekCVR).Laes(context.Background(), Adresse, tilfaeldigUUID(), nil)
	if err = aarsag(err); !errors.Is(err, apply.ErrUnreachable) || errors.Is(err, apply.ErrNotAuthorised) || asked != 4 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	if n := s.srv.Calls(fkorgtest.Call{}); n != 0 {
		t.Errorf("%d calls without a token", n)
	}
}

// TestUnsecuredClient: the services do not let in who proves nothing.
func TestUnsecuredClient(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	c := s.config
	c.Security = nil
	_, err := Open(c).Laes(context.Background(), Adresse, tilfaeldigUUID(), nil)
	if !errors.Is(aarsag(err), apply.ErrNotAuthorised) || !strings.Contains(err.Error(), "not signed") {
		t.Errorf("%v", err)
	}
}

// TestConfigFromFiles: PKCS#12 with a password from a file, KOMBIT's addresses by environment, and what is wrong with files.
func TestConfigFromFiles(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	i := s.config.Security.Identity
	p12, err := pkcs12.Modern.Encode(i.Key, i.Certificate, nil, "hemmelig")
	if err != nil {
		t.Fatal(err)
	}
	certificate := write("service.cer", s.srv.ServiceCertificate().Raw)
	settings := func(environment, way string) *org.Settings {
		return &org.Settings{CVR: korsbaekCVR, Targets: org.Targets{FKOrganisation: &org.FKSettings{Organisation: testOrg, EntityID: fkorgtest.EntityID, Environment: environment,
			CertificateFile: write("own.p12", p12), ServiceCertificateFiles: []string{certificate}, STS: org.FKTokenService{Way: way, CertificateFiles: []string{certificate}}}}}
	}
	env := map[string]string{"ORGIT_FK_CERTIFICATE_PASSWORD_FILE": write("password", []byte("hemmelig\n"))}
	getenv := func(name string) string { return env[name] }
	for _, tt := range []struct{ environment, way, url, sts, issuer string }{
		{"test", "soap", "https://organisation.eksterntest-stoettesystemerne.dk/organisation/",
			"https://n2adgangsstyring.eksterntest-stoettesystemerne.dk/runtime/services/kombittrust/14/certificatemixed", "https://saml.n2adgangsstyring.eksterntest-stoettesystemerne.dk/runtime"},
		{"production", "rest", "https://organisation.stoettesystemerne.dk/organisation/",
			"https://n2adgangsstyring.stoettesystemerne.dk/runtime/api/rest/wstrust/v1/issue", "https://saml.n2adgangsstyring.stoettesystemerne.dk/runtime"},
	} {
		c, err := ConfigFrom(settings(tt.environment, tt.way), getenv, s.nu)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Security.TokenService; c.URL != tt.url || got.URL != tt.sts || got.Issuer != tt.issuer || got.Way != tt.way || !c.Security.Identity.Certificate.Equal(i.Certificate) {
			t.Errorf("%s: %s %s %s", tt.environment, c.URL, got.URL, got.Issuer)
		}
	}
	later := func() time.Time { return s.nu().AddDate(30, 0, 0) }
	if _, err := ConfigFrom(settings("test", "soap"), getenv, later); err == nil || strings.Count(err.Error(), "valid") < 3 {
		t.Errorf("30 years later: %v", err)
	}
	env["ORGIT_FK_CERTIFICATE_PASSWORD_FILE"] = write("password", []byte("forkert"))
	if _, err := ConfigFrom(settings("test", "soap"), getenv, s.nu); err == nil || !strings.Contains(err.Error(), "password is wrong") || strings.Contains(err.Error(), "forkert") {
		t.Errorf("wrong password: %v", err)
	}
}

// TestShowsCertificate: the client's certificate is shown to whoever asks, whatever authorities are named, and TLS
// 1.2 is the least.
func TestShowsCertificate(t *testing.T) {
	s := nySikret(t, fkorgtest.Security{})
	var shown []*x509.Certificate
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { shown = r.TLS.PeerCertificates }))
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, ClientCAs: x509.NewCertPool()}
	srv.StartTLS()
	defer srv.Close()
	c := s.config
	c.Security.Roots = x509.NewCertPool()
	c.Security.Roots.AddCert(srv.Certificate())
	get := func() error {
		resp, err := c.complete().http().Get(srv.URL)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	if err := get(); err != nil || len(shown) == 0 || !shown[0].Equal(c.Security.Identity.Certificate) {
		t.Errorf("%v, shown %d", err, len(shown))
	}
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	c.Security.Roots.AddCert(old.Certificate())
	srv = old
	if err := get(); err == nil {
		t.Error("TLS 1.1 is accepted")
	}
}
