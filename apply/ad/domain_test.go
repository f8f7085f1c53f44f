package ad_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

type noRecords struct{}

// LookupSRV finds nothing.
func (noRecords) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, errors.New("no such host")
}

// TestSaysWhichDomain: what is wrong with a further domain is said of its own settings and variables.
func TestSaysWhichDomain(t *testing.T) {
	school := ad.Domain{Key: "skole"}
	d := standIn(t, adtest.Options{})
	open := func(change func(*ad.Config)) error {
		c := ad.Config{Domain: school, URL: d.url, BaseDN: d.base, BindDN: d.bindDN, Password: d.password}
		change(&c)
		r, err := ad.OpenReader(context.Background(), c)
		if err != nil {
			return err
		}
		_, err = r.Actual(context.Background())
		return errors.Join(err, r.Close())
	}
	configured := func(s org.ADSettings) error {
		_, err := school.ConfigFrom(&s, func(string) string { return "" })
		return err
	}
	desired := func(s org.ADSettings) error {
		s.Anchor, s.Layout, s.UsersOU, s.QuarantineOU = "adminDescription", "flat", "Brugere", "Karantæne"
		o := org.New(org.Organisation{Settings: org.Settings{Targets: org.Targets{Domains: map[string]*org.ADSettings{"skole": &s}}}}, nil)
		state, err := school.Desired(o, "2026-12-01")
		for _, p := range state.Problems {
			err = errors.Join(err, errors.New(string(p.Path)+": "+p.Message+"; "+p.Hint))
		}
		return err
	}
	attribute := func(name, value string) error {
		return desired(org.ADSettings{Attributes: map[string]org.ADAttribute{name: {Rule: "force", Value: []string{value}}}, Match: []string{"cpr"}})
	}
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"no authority": {open(func(*ad.Config) {}), "targets.domains.skole.caFile or ORGIT_AD_SKOLE_CA_FILE"},
		"no such base": {open(func(c *ad.Config) { c.CAFile, c.BaseDN = cacheOf(t, d.caPEM), "OU=nix,"+d.base }), "correct targets.domains.skole.baseDN"},
		"no controller": {open(func(c *ad.Config) { c.URL, c.DNSName, c.Resolver = "", "nix.example", noRecords{} }),
			"correct targets.domains.skole.domain, or give targets.domains.skole.url"},
		"no ticket": {configured(org.ADSettings{URL: d.url, BaseDN: d.base, Login: "kerberos"}),
			"targets.domains.skole.kerberos.keytabFile or ORGIT_AD_SKOLE_KEYTAB_FILE"},
		"no principal": {configured(org.ADSettings{URL: d.url, BaseDN: d.base, Login: "kerberos", Kerberos: org.Kerberos{KeytabFile: "k"}}),
			"targets.domains.skole.kerberos.principal"},
		"nobody gets the passwords": {desired(org.ADSettings{Passwords: &org.ADPasswords{}}), "targets.domains.skole.passwords: nobody"},
		"a numbers' attribute":      {attribute("employeeID", "x"), "(targets.domains.skole.cprAttribute)"},
		"the mark's attribute":      {attribute("adminDisplayName", "x"), "take it out of targets.domains.skole.attributes"},
		"the place":                 {attribute("container", "x"), "targets.domains.skole.layout and targets.domains.skole.areas"},
		"the expiry":                {attribute("accountExpires", "x"), "targets.domains.skole.graceHours"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) || strings.Contains(c.err.Error(), "targets.ad") {
			t.Errorf("%s: %v\nwant that it says %q", name, c.err, c.says)
		}
	}
}
