package fkorg

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
)

func TestConfigFrom(t *testing.T) {
	tests := []struct {
		name     string
		settings *org.FKSettings
		env      string
		want     string // the address, or a piece of the error
	}{
		{"settings", &org.FKSettings{URL: "https://fk.example/organisation/", Organisation: testOrg}, "", "https://fk.example/organisation/"},
		{"environment first", &org.FKSettings{URL: "https://fk.example/organisation/", Organisation: testOrg}, "http://127.0.0.1:99/o/", "http://127.0.0.1:99/o/"},
		{"this machine by name", &org.FKSettings{Organisation: testOrg}, "http://localhost:99/", "http://localhost:99/"},
		{"this machine, version 6", &org.FKSettings{Organisation: testOrg}, "http://[::1]:99/", "http://[::1]:99/"},
		{"none", nil, "", "no targets.fkOrganisation"},
		{"no address", &org.FKSettings{Organisation: testOrg}, "", "ORGIT_FK_URL"},
		{"no organisation", &org.FKSettings{URL: "https://fk.example/"}, "", "organisation"},
		{"not encrypted", &org.FKSettings{URL: "http://fk.example/", Organisation: testOrg}, "", "not encrypted"},
		{"no address of a service", &org.FKSettings{URL: "fk.example", Organisation: testOrg}, "", "no address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := ConfigFrom(tt.settings, func(string) string { return tt.env })
			switch {
			case err != nil && (!errors.Is(err, ErrNotConfigured) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v", err)
			case err == nil && c.URL != tt.want:
				t.Errorf("got %s", c.URL)
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
