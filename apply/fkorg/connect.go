package fkorg

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
)

// ErrNotConfigured says that the settings or the environment do not say how to reach FK Organisation.
var ErrNotConfigured = errors.New("FK Organisation is not configured")

// callTimeout bounds one call. The service is known to take minutes.
const callTimeout = 3 * time.Minute

// Config is how to reach FK Organisation, and in whose name.
type Config struct {
	URL          string           // the base of the services
	Organisation org.UUID         // the municipality's Organisation object
	Now          func() time.Time // the clock that registrations are dated by
	NewUUID      func() string    // source of random UUIDs, safe for concurrent use
}

// ConfigFrom reads how to reach the service from the settings and the environment, which goes before them:
// ORGIT_FK_URL. s must be the settings of the approved branch.
func ConfigFrom(s *org.FKSettings, getenv func(string) string) (Config, error) {
	if s == nil {
		return Config{}, fmt.Errorf("%w: the settings have no targets.fkOrganisation", ErrNotConfigured)
	}
	c := Config{URL: s.URL, Organisation: s.Organisation}
	if v := getenv("ORGIT_FK_URL"); v != "" {
		c.URL = v
	}
	if c.URL == "" {
		return Config{}, fmt.Errorf("%w: give targets.fkOrganisation.url or ORGIT_FK_URL", ErrNotConfigured)
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" {
		return Config{}, fmt.Errorf("%w: %q is no address of a service", ErrNotConfigured, c.URL)
	}
	return c, nil
}

// Open makes a client. Nothing is sent before its first call.
func Open(c Config) *Klient {
	transport := &soap.Client{HTTP: &http.Client{Timeout: callTimeout}, NewUUID: c.NewUUID}
	return NyKlient(transport, c.URL, string(c.Organisation), c.Now)
}
