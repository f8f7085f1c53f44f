package ad_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

// TestConnectErrors: what is wrong is told apart, and said with what to do about it.
func TestConnectErrors(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		other, err := adtest.Start(adtest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		closed, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		nobody := "ldaps://" + closed.Addr().String()
		if err := closed.Close(); err != nil {
			t.Fatal(err)
		}
		otherCA := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(otherCA, other.CAPEM(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			spoil func(*ad.Config)
			is    error
			says  string
		}{
			{"wrong password", func(c *ad.Config) { c.Password = "wrong" }, apply.ErrNotAuthorised, "name or password"},
			{"unknown user", func(c *ad.Config) { c.BindDN = "CN=Nobody," + d.base }, apply.ErrNotAuthorised, "name or password"},
			{"another authority", func(c *ad.Config) { c.CAFile = otherCA }, apply.ErrUnreachable, "ORGIT_AD_CA_FILE"},
			{"system's authorities", func(c *ad.Config) { c.CAFile = "" }, apply.ErrUnreachable, "ORGIT_AD_CA_FILE"},
			{"another name", func(c *ad.Config) { c.URL = "ldaps://localhost.localdomain:" + port(t, c.URL) }, apply.ErrUnreachable, ""},
			{"nobody there", func(c *ad.Config) { c.URL = nobody }, apply.ErrUnreachable, "refused"},
			{"not LDAP", func(c *ad.Config) { c.URL = "http://127.0.0.1" }, ad.ErrNotConfigured, "ldaps://"},
			{"no password", func(c *ad.Config) { c.Password = "" }, ad.ErrNotConfigured, "ORGIT_AD_PASSWORD_FILE"},
			{"no CA file", func(c *ad.Config) { c.CAFile = otherCA + "x" }, ad.ErrNotConfigured, "CA file"},
			{"base is no name", func(c *ad.Config) { c.BaseDN = "korsbaek" }, ad.ErrNotConfigured, "base DN"},
		} {
			t.Run(c.name, func(t *testing.T) {
				config := (&line{t: t, d: d, base: d.base}).config(organisation(t, smallTown))
				c.spoil(&config)
				r, err := ad.OpenReader(context.Background(), config)
				if err == nil {
					defer r.Close()
				}
				if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v\nwant %v that says %q", err, c.is, c.says)
				}
				if err != nil && strings.Contains(err.Error(), d.password) {
					t.Error("the error shows the password")
				}
			})
		}
	})
}

func port(t *testing.T, url string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "ldaps://"))
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestBaseThatIsMissing(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		l := &line{t: t, d: d, base: "OU=missing," + d.base}
		r, err := ad.OpenReader(context.Background(), l.config(organisation(t, smallTown)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := r.Actual(context.Background()); err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%v, want that the base DN does not exist", err)
		}
	})
}

func TestConfigFromEnvironment(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &org.ADSettings{URL: "ldaps://dc1.korsbaek.example", BaseDN: "OU=Organisation,DC=korsbaek,DC=example", BindDN: "stated"}
	env := map[string]string{"ORGIT_AD_BIND_DN": "CN=orgit", "ORGIT_AD_PASSWORD": "plain", "ORGIT_AD_PASSWORD_FILE": secret}
	c, err := ad.ConfigFrom(s, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if c.URL != s.URL || c.BaseDN != s.BaseDN || c.BindDN != "CN=orgit" || c.Password != "from the file" {
		t.Errorf("URL %s, base %s, bind %s", c.URL, c.BaseDN, c.BindDN)
	}
	for _, broken := range []*org.ADSettings{nil, {}} {
		if _, err := ad.ConfigFrom(broken, func(string) string { return "" }); !errors.Is(err, ad.ErrNotConfigured) {
			t.Errorf("%+v: %v, want %v", broken, err, ad.ErrNotConfigured)
		}
	}
}

// TestReferenceThatIsGone: a leader whose account somebody removed fails who refers to
// it, and is not taken for a directory that does not answer: the run goes on.
func TestReferenceThatIsGone(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		l.apply(organisation(t, s.unique(smallTown)))
		s.must(s.Del(ldap.NewDelRequest(s.byLogin("larl").DN, nil)))
		renamed := s.unique(edited(t, smallTown, `"name": {"given": "Dorte", "surname": "Ærø"}`, `"name": {"given": "Åse", "surname": "Ærø"}`))
		o := organisation(t, renamed)
		l.on("2026-11-24") // the new teacher's account is prepared
		report := l.run(o, l.plan(o))
		if n := report.Count(apply.Failed); n != 1 || report.Count(apply.NotReached) > 0 || report.Count(apply.Done) != len(report.Results)-1 {
			t.Fatalf("%+v, want one that failed and the others done", report.Results)
		}
		for _, r := range report.Results {
			if r.Err != nil && (errors.Is(r.Err, apply.ErrUnreachable) || !strings.Contains(r.Err.Error(), "which is not there")) {
				t.Errorf("%v", r.Err)
			}
		}
	})
}

// TestNoRights: an object that orgit may not change fails by itself; the run goes on with
// what does not need it.
func TestNoRights(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Writers = 1 })
	d.server.Inject(adtest.Fault{AtWrite: 3, Kind: adtest.Refused, Code: 50}) // the OU Teknik, Vej & Miljø
	report := l.run(o, l.plan(o))
	if n := report.Count(apply.Done); n != len(report.Results)-1 {
		t.Errorf("%d done of %d, want all but one", n, len(report.Results))
	}
	if err := report.Results[2].Err; !errors.Is(err, ad.ErrNoRight) || errors.Is(err, apply.ErrNotAuthorised) {
		t.Errorf("%v, want %v", err, ad.ErrNoRight)
	}
	if p := l.apply(o); len(p.Operations) != 1 {
		t.Errorf("operations of the next run: %v", summary(p))
	}
}

// TestCancelled: a run that is cancelled sends nothing more.
func TestCancelled(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown))
	p := l.plan(o)
	w := l.writer(o, p)
	before := d.server.Writes()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.Write(ctx, p.Operations[0], nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	if d.server.Writes() != before {
		t.Error("something was written")
	}
	late, stop := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer stop()
	if _, err := ad.OpenReader(late, l.config(o)); err == nil {
		t.Error("connected after the deadline")
	}
}
