package fkorg

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
)

func TestConfigFrom(t *testing.T) {
	const real = "https://fk.example/organisation/"
	tests := []struct {
		name     string
		settings *org.FKSettings
		env      string
		want     []string // the address of what is not secured, or pieces of the error
	}{
		{"environment first", &org.FKSettings{URL: real, Organisation: testOrg}, "http://127.0.0.1:99/o/", []string{"http://127.0.0.1:99/o/"}},
		{"this machine by name", &org.FKSettings{Organisation: testOrg}, "http://localhost:99/", []string{"http://localhost:99/"}},
		{"this machine, version 6", &org.FKSettings{Organisation: testOrg}, "http://[::1]:99/", []string{"http://[::1]:99/"}},
		{"this machine in place of KOMBIT's", &org.FKSettings{Organisation: testOrg, Environment: "test"}, "http://[::1]:99/", []string{"http://[::1]:99/"}},
		{"none", nil, "", []string{"no targets.fkOrganisation"}},
		{"no address", &org.FKSettings{Organisation: testOrg}, "", []string{"ORGIT_FK_URL"}},
		{"no organisation", &org.FKSettings{URL: real}, "", []string{"organisation"}},
		{"not encrypted", &org.FKSettings{URL: "http://fk.example/", Organisation: testOrg}, "", []string{"not encrypted"}},
		{"no address of a service", &org.FKSettings{URL: "fk.example", Organisation: testOrg}, "", []string{"no address"}},
		{"everything missing at once", &org.FKSettings{URL: real, Organisation: testOrg}, "", []string{"ORGIT_FK_CERTIFICATE_FILE", "ORGIT_FK_STS_CERTIFICATES", "sts.certificateFiles",
			"ORGIT_FK_SERVICE_CERTIFICATES", "serviceCertificateFiles", "ORGIT_FK_STS_URL", "sts.issuer", "cvr", "entityID"}},
		{"files that are not there", &org.FKSettings{URL: real, Organisation: testOrg, CertificateFile: "a.p12", ServiceCertificateFiles: []string{"b.pem"},
			STS: org.FKTokenService{CertificateFiles: []string{"c.pem"}, URL: "http://sts.example/"}}, "", []string{"a.p12", "b.pem", "c.pem", `"http://sts.example/" is not encrypted`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getenv := func(name string) string { return map[string]string{"ORGIT_FK_URL": tt.env}[name] }
			c, err := ConfigFrom(&org.Settings{Targets: org.Targets{FKOrganisation: tt.settings}}, getenv, time.Now)
			if err == nil {
				if c.URL != tt.want[0] || c.Security != nil {
					t.Errorf("got %+v", c)
				}
				return
			}
			for _, want := range tt.want {
				if !errors.Is(err, ErrNotConfigured) || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
		})
	}
}

// TestOpenWithDefaults connects as a command does, with the machine's own clock and randomness.
func TestOpenWithDefaults(t *testing.T) {
	srv, err := fkorgtest.Start(fkorgtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}()
	k := Open(Config{URL: strings.TrimSuffix(srv.URL(), "/"), Organisation: testOrg})
	actual, err := NewReader(k, organisation(t, lille)).Actual(context.Background())
	if err != nil || len(actual.Objects) != 0 {
		t.Errorf("%d objects, %v", len(actual.Objects), err)
	}
	version4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if a, b := tilfaeldigUUID(), tilfaeldigUUID(); !version4.MatchString(a) || a == b {
		t.Errorf("%s, %s", a, b)
	}
}

func TestNoWriterWithoutPass(t *testing.T) {
	if w, err := NewWriter(nil, nil, nil); w != nil || !errors.Is(err, apply.ErrNotApproved) {
		t.Errorf("%v, %v", w, err)
	}
}
