package ad_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

// examined gives the checks by their subjects.
func examined(t *testing.T, c ad.Config) map[string]apply.Check {
	t.Helper()
	checks := map[string]apply.Check{}
	for _, one := range ad.Examine(context.Background(), c) {
		if _, twice := checks[one.Subject]; twice {
			t.Errorf("two checks of %s", one.Subject)
		}
		if one.State == apply.CheckFault != (one.Err != nil) {
			t.Errorf("%+v: a fault has an error, and nothing else has", one)
		}
		checks[one.Subject] = one
	}
	return checks
}

// trialObjects counts what a trial has left.
func trialObjects(s *sandbox) int {
	return len(s.names(ldap.ScopeWholeSubtree, "(name=orgit-doctor-trial*)"))
}

// TestExamine: a directory that is as it should be has no faults, and nothing is left in it.
func TestExamine(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		config := newLine(t, s).config(organisation(t, smallTown, func(s *org.ADSettings) { s.Read = "changes" }))
		config.CacheDir, config.Now = t.TempDir(), time.Now
		checks := examined(t, config)
		for _, subject := range []string{"configuration", "login", "base DN", "clock", "changes", "rights"} {
			if checks[subject].State != apply.CheckGood {
				t.Errorf("%s: %+v", subject, checks[subject])
			}
		}
		if d.server == nil {
			for _, subject := range []string{"domain", "controllers", "page limit", "anchor", "mark"} {
				if checks[subject].State != apply.CheckGood {
					t.Errorf("%s: %+v", subject, checks[subject])
				}
			}
		}
		if n := trialObjects(s); n != 0 {
			t.Errorf("%d objects of the trial are left", n)
		}
		config.ReadOnly = true
		before := s.read("", "highestCommittedUSN").GetAttributeValue("highestCommittedUSN")
		if c := examined(t, config)["rights"]; c.State != apply.CheckSkipped {
			t.Errorf("%+v", c)
		}
		if after := s.read("", "highestCommittedUSN").GetAttributeValue("highestCommittedUSN"); d.server != nil && after != before {
			t.Error("something was written")
		}
	})
}

// TestExamineFindsFaults: what is wrong is found, with the class that decides the exit code.
func TestExamineFindsFaults(t *testing.T) {
	d := realDirectory(t)
	s := newSandbox(t, d)
	line := newLine(t, s)
	s.user("nobody")
	for _, c := range []struct {
		name    string
		spoil   func(*ad.Config)
		subject string
		state   apply.CheckState
		is      error
		says    string
	}{
		{"no such attribute", func(c *ad.Config) { c.Anchor = "extensionAttribute7" }, "anchor", apply.CheckFault, ad.ErrNotConfigured, "no attribute"},
		{"too short", func(c *ad.Config) { c.Anchor = "employeeID" }, "anchor", apply.CheckFault, ad.ErrNotConfigured, "16 characters"},
		{"several values", func(c *ad.Config) { c.Anchor = "extensionName" }, "anchor", apply.CheckFault, ad.ErrNotConfigured, "several values"},
		{"not for OUs", func(c *ad.Config) { c.Anchor = "employeeType" }, "rights", apply.CheckFault, nil, "make an OU"},
		// The controller says its time in whole seconds, so half a minute is added: the text must not turn on a fraction.
		{"a clock that is wrong", func(c *ad.Config) { c.Now = func() time.Time { return time.Now().Add(-time.Hour - 30*time.Second) } }, "clock", apply.CheckWarning, nil, "1h0m"},
		{"a base that is not there", func(c *ad.Config) { c.BaseDN = "OU=missing," + c.BaseDN }, "base DN", apply.CheckFault, ad.ErrNotConfigured, "does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := line.config(organisation(t, smallTown))
			config.Now = time.Now
			c.spoil(&config)
			got := examined(t, config)[c.subject]
			if got.State != c.state || c.is != nil && !errors.Is(got.Err, c.is) || !strings.Contains(got.Text, c.says) {
				t.Errorf("%+v\nwant %s that says %q", got, c.state, c.says)
			}
			if n := trialObjects(s); n != 0 {
				t.Errorf("%d objects of the trial are left", n)
			}
		})
	}
}

// TestTrialKilled: a trial that is killed anywhere leaves what the next one removes, and
// nothing that a plan would touch.
func TestTrialKilled(t *testing.T) {
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
		for at := 1; at <= 8; at++ {
			d := standIn(t, adtest.Options{})
			s := newSandbox(t, d)
			line := newLine(t, s)
			d.server.Inject(adtest.Fault{AtWrite: at, Kind: kind, Stay: true})
			if c := examined(t, line.config(organisation(t, smallTown)))["rights"]; !errors.Is(c.Err, apply.ErrUnreachable) {
				t.Errorf("killed at %d: %+v", at, c)
			}
			d.server.Mend()
			s = &sandbox{Conn: d.connect(t), t: t, id: s.id, ou: s.ou, d: d}
			if a := line.actual(organisation(t, smallTown)); len(a.Objects) != 0 {
				t.Errorf("killed at %d: a plan takes the trial's for orgit's", at)
			}
			if c := examined(t, line.config(organisation(t, smallTown)))["rights"]; c.State != apply.CheckGood {
				t.Errorf("after a kill at %d: %+v", at, c)
			}
			if n := trialObjects(s); n != 0 {
				t.Errorf("after a kill at %d: %d objects are left", at, n)
			}
		}
	}
}

// TestTrialWithoutRights: a step that is refused is named, and everything is removed.
func TestTrialWithoutRights(t *testing.T) {
	for at := 1; at <= 8; at++ {
		d := standIn(t, adtest.Options{})
		s := newSandbox(t, d)
		d.server.Inject(adtest.Fault{AtWrite: at, Kind: adtest.Refused, Code: 50})
		c := examined(t, newLine(t, s).config(organisation(t, smallTown)))["rights"]
		if !errors.Is(c.Err, apply.ErrNotAuthorised) || c.Hint == "" {
			t.Errorf("refused at %d: %+v", at, c)
		}
		if n := trialObjects(s); n != 0 {
			t.Errorf("refused at %d: %d objects are left", at, n)
		}
	}
}
