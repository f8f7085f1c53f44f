package fkorg

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"orgit.dk/orgit/apply/fkorg/sts"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/wss"
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
	Security     *Security // nil: messages prove nothing, for a stand-in on this machine only

	transport http.RoundTripper // instead of a connection of its own; nil but where somebody listens in
}

// check reports whether what Open does can be safe.
func (c Config) check() error {
	if c.Organisation == "" {
		return errors.New("give targets.fkOrganisation.organisation")
	}
	if c.URL == "" {
		return errors.New("give targets.fkOrganisation.environment or url, or ORGIT_FK_URL")
	}
	return checkAddress(c.URL, "service, such as https://organisation.stoettesystemerne.dk/organisation/")
}

// checkAddress accepts https, and http to this machine.
func checkAddress(address, of string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%q is no address of a %s", address, of)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return fmt.Errorf("%q is not encrypted; http is for a stand-in on this machine only", address)
	}
	return nil
}

// unencrypted reports whether an address is one of this machine without TLS.
func unencrypted(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && loopback(u.Hostname())
}

// loopback reports whether a host is this machine itself.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Open makes a client. Nothing is sent before it is used. Those who share it share the token.
func Open(c Config) *Klient { return openWith(c, c.Tokens()) }

// openWith makes a client that takes its tokens from a source.
func openWith(c Config, tokens *sts.Source) *Klient {
	c = c.complete()
	sender := &soap.Client{HTTP: c.http(), NewUUID: c.NewUUID}
	if c.Security != nil {
		sender.Security = &wss.Channel{Identity: c.Security.Identity, Tokens: tokens, Now: c.Now,
			Answers: &wss.Verifier{Certificates: c.Security.ServiceCertificates, Now: c.Now, Replays: wss.NewReplays()}}
	}
	return NyKlient(sender, c.URL, string(c.Organisation), c.Now, c.Omfang)
}

// complete fills in what may be left out.
func (c Config) complete() Config {
	if c.Timeout == 0 {
		c.Timeout = tidsfrist
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewUUID == nil {
		c.NewUUID = tilfaeldigUUID
	}
	return c
}

// http is the connection, TLS 1.2 at least. It shows the certificate to whoever asks: the services may, and the token
// service's JSON does. HTTP/1.1 is what the token service speaks.
func (c Config) http() *http.Client {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: c.Omfang.sigende().Samtidige, IdleConnTimeout: time.Minute,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if c.Security != nil {
		certificate := c.Security.Identity.TLS()
		transport.TLSClientConfig.RootCAs = c.Security.Roots
		transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificate, nil }
		// A server of version 1.2 may ask only when it has seen the address.
		transport.TLSClientConfig.Renegotiation = tls.RenegotiateOnceAsClient
	}
	if c.transport != nil {
		return &http.Client{Transport: c.transport, Timeout: c.Timeout}
	}
	return &http.Client{Transport: transport, Timeout: c.Timeout}
}

// tilfaeldigUUID makes a random UUID (version 4).
func tilfaeldigUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := fmt.Sprintf("%x", b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}
