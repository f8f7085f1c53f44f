package fkorg

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/org"
)

const (
	privilegeRead  = "http://stoettesystemerne.dk/roles/servicesystemrole/udstil/1"
	privilegeWrite = "http://stoettesystemerne.dk/roles/servicesystemrole/rediger/1"
)

// TestExamine makes one thing wrong at a time and looks at what is said of it, and that nothing else is blamed.
func TestExamine(t *testing.T) {
	const good, warning, fault, skipped = apply.CheckGood, apply.CheckWarning, apply.CheckFault, apply.CheckSkipped
	tests := []struct {
		name   string
		change func(*sikret, *Config, *org.Organisation)
		want   map[string]apply.CheckState // what differs from all is well
		text   string                      // of some check
		err    error                       // behind the first fault
	}{
		{"all is well", func(*sikret, *Config, *org.Organisation) {}, nil, "Korsbæk Kommune (" + testOrg + "); it has no root unit yet", nil},
		{"the names of the roles are not known", func(_ *sikret, c *Config, _ *org.Organisation) { c.Security.Privileges = org.FKPrivileges{} },
			map[string]apply.CheckState{"roles": warning}, "the token has " + privilegeWrite + ", " + privilegeRead, nil},
		{"a municipality that may only read", func(s *sikret, c *Config, _ *org.Organisation) {
			c.Security.CVR = laeserCVR
			s.srv.Of(laeserCVR).Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: laeserCVR, Organisation: testOrg})
		},
			map[string]apply.CheckState{"roles": fault}, "the token lacks Rediger (write): " + privilegeWrite, apply.ErrNotAuthorised},
		{"no agreement", func(_ *sikret, c *Config, _ *org.Organisation) { c.Security.CVR = "11111111" },
			map[string]apply.CheckState{"token": fault, "roles": "", "search": skipped, "organisation": ""}, "ServiceAgreementNotFound", apply.ErrNotAuthorised},
		{"another token service signs", func(s *sikret, c *Config, _ *org.Organisation) {
			c.Security.TokenService.Certificates = c.Security.ServiceCertificates
		},
			map[string]apply.CheckState{"token": fault, "roles": "", "search": skipped, "organisation": ""}, "", apply.ErrNotAuthorised},
		{"another service signs", func(s *sikret, c *Config, _ *org.Organisation) {
			c.Security.ServiceCertificates = c.Security.TokenService.Certificates
		}, map[string]apply.CheckState{"search": fault, "organisation": ""}, "the message is not proven", nil},
		{"the clock is three minutes slow", func(s *sikret, _ *Config, _ *org.Organisation) {
			s.srv.SetClock(func() time.Time { return s.nu().Add(3 * time.Minute) })
		}, map[string]apply.CheckState{"clock": warning}, "3m0s away from that of 127.0.0.1", nil},
		{"another Organisation", func(_ *sikret, c *Config, _ *org.Organisation) { c.Organisation = otherUUID },
			map[string]apply.CheckState{"organisation": fault}, "there is no Organisation " + otherUUID, ErrNotConfigured},
		{"the certificates run out soon", func(s *sikret, c *Config, _ *org.Organisation) {
			at := c.Security.Identity.Certificate.NotAfter.Add(-10 * 24 * time.Hour)
			s.srv.SetClock(func() time.Time { return at })
			c.Now = func() time.Time { return at }
		}, map[string]apply.CheckState{"certificate": warning, "token service": warning, "service": warning}, "(10 days)", nil},
		{"a KLE number without a class, an aspect without a role", func(_ *sikret, _ *Config, o *org.Organisation) {
			o.Unit("skole").KLE = org.Tasks{org.TaskResponsible: {"17.01"}, org.TaskInformed: {"17.02"}}
		}, map[string]apply.CheckState{"KLE 17.01": warning, "tasks": warning}, "no class in classes.kle; stated by skole", nil},
		{"nobody answers", func(s *sikret, c *Config, _ *org.Organisation) { c.URL = "http://127.0.0.1:1/organisation/" },
			map[string]apply.CheckState{"search": fault, "organisation": ""}, "connection refused", apply.ErrUnreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := nySikret(t, fkorgtest.Security{})
			s.srv.Of(korsbaekCVR).Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaekCVR, Organisation: testOrg})
			c, security := s.config, *s.config.Security
			security.Privileges = org.FKPrivileges{Read: privilegeRead, Write: privilegeWrite}
			c.Security = &security
			o := organisation(t, lille)
			tt.change(s, &c, o)
			want := map[string]apply.CheckState{"configuration": good, "certificate": good, "token service": good, "service": good, "token": good,
				"roles": good, "search": good, "organisation": good, "clock": good}
			for subject, state := range tt.want {
				want[subject] = state
				if state == "" {
					delete(want, subject)
				}
			}
			got, texts := map[string]apply.CheckState{}, ""
			var first error
			for _, check := range Examine(context.Background(), c, o, dagen) {
				got[check.Subject] = check.State
				texts += check.Subject + ": " + check.Text + "\n"
				if check.State == fault && (check.Hint == "" || check.Err == nil) {
					t.Errorf("%s: a fault without advice or without an error: %+v", check.Subject, check)
				}
				if first == nil {
					first = check.Err
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, texts)
			}
			if !strings.Contains(texts, tt.text) {
				t.Errorf("nothing says %q:\n%s", tt.text, texts)
			}
			if tt.err != nil && !errors.Is(first, tt.err) {
				t.Errorf("the first error is %v", first)
			}
			if n := s.srv.Writes(); n != 0 {
				t.Errorf("%d writes", n)
			}
			if n := s.srv.Tokens().Issued(); n > 1 {
				t.Errorf("%d tokens", n)
			}
		})
	}
}

// TestExamineRestrictions: what the token hides is told of.
func TestExamineRestrictions(t *testing.T) {
	list := `<b:PrivilegeList xmlns:b="http://itst.dk/oiosaml/basic_privilege_profile"><PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:12345678">` +
		`<Privilege>` + privilegeRead + `</Privilege><Privilege>` + privilegeWrite + `</Privilege>` +
		`<Constraint Name="urn:x:SeNavn">Ja</Constraint><Constraint Name="urn:x:SeCPR">Nej</Constraint></PrivilegeGroup></b:PrivilegeList>`
	e := &examination{}
	e.rights(&wss.Assertion{Attributes: map[string][]string{
		"dk:gov:saml:attribute:Privileges_intermediate": {base64.StdEncoding.EncodeToString([]byte(list))},
	}}, org.FKPrivileges{Read: privilegeRead, Write: privilegeWrite})
	var got []string
	for _, c := range e.checks {
		got = append(got, c.Subject+" "+string(c.State)+" "+c.Text)
	}
	want := []string{
		"restriction warning urn:x:SeCPR is Nej: what is hidden from orgit is lost when orgit changes the object that holds it",
		"roles ok " + privilegeWrite + ", " + privilegeRead + ", urn:x:SeCPR=Nej, urn:x:SeNavn=Ja",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
