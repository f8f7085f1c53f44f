package fkorg

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
)

// ErrNotConfigured is the error for settings that do not say how to reach FK Organisation.
var ErrNotConfigured = errors.New("FK Organisation is not configured")

// tidsfrist bounds a call: answers of the real service have taken minutes.
const tidsfrist = 3 * time.Minute

// Config is how to reach FK Organisation, and for whom.
type Config struct {
	URL          string           // base of the services, with or without a slash at the end
	Organisation org.UUID         // the municipality's Organisation object
	Timeout      time.Duration    // of one call; 0: three minutes
	Now          func() time.Time // decides what is valid now, and from when what is written holds; nil: time.Now
	NewUUID      func() string    // of messages and of indexes, random; nil: from the system's randomness
	Omfang       Omfang
}

// ConfigFrom reads how to reach FK Organisation from the settings and the environment, which goes before them:
// ORGIT_FK_URL. s must be the settings of the approved branch.
func ConfigFrom(s *org.FKSettings, getenv func(string) string) (Config, error) {
	if s == nil {
		return Config{}, fmt.Errorf("%w: the settings have no targets.fkOrganisation", ErrNotConfigured)
	}
	c := Config{
		URL: s.URL, Organisation: s.Organisation, Timeout: time.Duration(s.TimeoutSeconds) * time.Second,
		Omfang: Omfang{Samtidige: s.Workers, Side: s.PageSize, Liste: s.ListSize},
	}
	if s.History == "whole" {
		c.Omfang.Historik = HistorikHel
	}
	if v := getenv("ORGIT_FK_URL"); v != "" {
		c.URL = v
	}
	return c, c.check()
}

func (c Config) check() error {
	if c.URL == "" {
		return fmt.Errorf("%w: give targets.fkOrganisation.url or ORGIT_FK_URL", ErrNotConfigured)
	}
	if c.Organisation == "" {
		return fmt.Errorf("%w: give targets.fkOrganisation.organisation", ErrNotConfigured)
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%w: %q is no address of a service, such as https://organisation.stoettesystemerne.dk/organisation/", ErrNotConfigured, c.URL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return fmt.Errorf("%w: %q is not encrypted; http is for a stand-in on this machine only", ErrNotConfigured, c.URL)
	}
	return nil
}

// loopback reports whether a host is this machine itself.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Open makes a client. Nothing is sent before it is used.
func Open(c Config) *Klient {
	if c.Timeout == 0 {
		c.Timeout = tidsfrist
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewUUID == nil {
		c.NewUUID = tilfaeldigUUID
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: c.Omfang.sigende().Samtidige, IdleConnTimeout: time.Minute}
	sender := &soap.Client{HTTP: &http.Client{Transport: transport, Timeout: c.Timeout}, NewUUID: c.NewUUID}
	return NyKlient(sender, c.URL, string(c.Organisation), c.Now, c.Omfang)
}

// tilfaeldigUUID makes a random UUID (version 4).
func tilfaeldigUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := fmt.Sprintf("%x", b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}
