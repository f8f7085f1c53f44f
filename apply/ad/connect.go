package ad

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// defaultTimeout bounds one request. A move of a unit with hundreds of accounts below it
// takes seconds; nothing takes longer.
const defaultTimeout = 60 * time.Second

// Config is how to reach the directory, and which part of it is orgit's.
type Config struct {
	URL      string // ldaps://dc1.korsbaek.example
	BaseDN   string // the part that orgit keeps
	BindDN   string
	Password string
	CAFile   string           // PEM; empty: the system's authorities
	Anchor   string           // the attribute that marks what orgit owns
	Timeout  time.Duration    // of one request; 0: a minute
	Now      func() time.Time // says on which day an account is closed; nil: time.Now
	// CPRAttribute is where accounts are recognised by their CPR number; empty: they are not.
	// CPR gives the numbers; nil says that they are not to be had here, so that a reader only
	// says which accounts have one.
	CPR          CPRNumbers
	CPRAttribute string
	protected    map[string]plan.Protection // by folded login name; see Protecting
}

// ConfigFrom reads how to reach the directory from the settings and the environment,
// which goes before them: ORGIT_AD_URL, ORGIT_AD_BASE_DN, ORGIT_AD_BIND_DN,
// ORGIT_AD_CA_FILE, and for the password ORGIT_AD_PASSWORD_FILE or ORGIT_AD_PASSWORD.
// s must be the settings of the approved branch: a proposal must not be able to send the
// password elsewhere.
func ConfigFrom(s *org.ADSettings, getenv func(string) string) (Config, error) {
	if s == nil {
		return Config{}, fmt.Errorf("%w: the settings have no targets.ad", ErrNotConfigured)
	}
	or := func(name, stated string) string {
		if v := getenv(name); v != "" {
			return v
		}
		return stated
	}
	c := Config{
		URL: or("ORGIT_AD_URL", s.URL), BaseDN: or("ORGIT_AD_BASE_DN", s.BaseDN), BindDN: or("ORGIT_AD_BIND_DN", s.BindDN),
		CAFile: or("ORGIT_AD_CA_FILE", s.CAFile), Password: getenv("ORGIT_AD_PASSWORD"), Anchor: s.Anchor,
		CPRAttribute: cprAttribute(s),
	}
	if file := getenv("ORGIT_AD_PASSWORD_FILE"); file != "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			return Config{}, fmt.Errorf("%w: read ORGIT_AD_PASSWORD_FILE: %w", ErrNotConfigured, err)
		}
		c.Password = strings.TrimRight(string(secret), "\r\n")
		if c.Password == "" {
			return Config{}, fmt.Errorf("%w: the file %s that ORGIT_AD_PASSWORD_FILE names is empty", ErrNotConfigured, file)
		}
	}
	return c, c.check()
}

func (c Config) check() error {
	var missing []string
	for _, need := range []struct{ value, name string }{
		{c.URL, "targets.ad.url or ORGIT_AD_URL"},
		{c.BaseDN, "targets.ad.baseDN or ORGIT_AD_BASE_DN"},
		{c.BindDN, "targets.ad.bindDN or ORGIT_AD_BIND_DN"},
		{c.Password, "ORGIT_AD_PASSWORD_FILE or ORGIT_AD_PASSWORD"},
	} {
		if need.value == "" {
			missing = append(missing, need.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: give %s", ErrNotConfigured, strings.Join(missing, ", "))
	}
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "ldaps" || u.Host == "" {
		return fmt.Errorf("%w: %q is not the address of a directory over TLS, such as ldaps://dc1.korsbaek.example", ErrNotConfigured, c.URL)
	}
	if dn, err := ldap.ParseDN(c.BaseDN); err != nil || len(dn.RDNs) == 0 {
		return fmt.Errorf("%w: the base DN %q is no distinguished name", ErrNotConfigured, c.BaseDN)
	}
	return nil
}

// connection is a bound connection that is made again when it is lost.
type connection struct {
	config Config
	roots  *x509.CertPool // nil: the system's
	base   *ldap.DN
	conn   *ldap.Conn // nil before the first request and after a lost one
}

// connect checks the configuration and binds.
func connect(ctx context.Context, c Config) (*connection, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Anchor == "" {
		c.Anchor = "adminDescription"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	base, err := ldap.ParseDN(c.BaseDN)
	if err != nil {
		return nil, fmt.Errorf("%w: the base DN %q: %w", ErrNotConfigured, c.BaseDN, err)
	}
	k := &connection{config: c, base: base}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("%w: read the CA file: %w", ErrNotConfigured, err)
		}
		k.roots = x509.NewCertPool()
		if !k.roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%w: the CA file %s holds no certificate", ErrNotConfigured, c.CAFile)
		}
	}
	if err := k.dial(ctx); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", c.URL, explain(lost(err)))
	}
	return k, nil
}

// dial connects and binds. The deadline of a connection attempt is that of a request.
func (k *connection) dial(ctx context.Context) error {
	u, err := url.Parse(k.config.URL)
	if err != nil {
		return err
	}
	port := u.Port()
	if port == "" {
		port = ldap.DefaultLdapsPort
	}
	ctx, cancel := context.WithTimeout(ctx, k.config.Timeout)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{ServerName: u.Hostname(), RootCAs: k.roots, MinVersion: tls.VersionTLS12}}
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	conn := ldap.NewConn(raw, true)
	conn.SetTimeout(k.config.Timeout)
	conn.Start()
	if err := conn.Bind(k.config.BindDN, k.config.Password); err != nil {
		return errors.Join(err, conn.Close())
	}
	k.conn = conn
	return nil
}

// Close ends the connection.
func (k *connection) Close() error {
	if k.conn == nil {
		return nil
	}
	err := k.conn.Close()
	k.conn = nil
	return err
}

// request sends one request. A connection over which no answer came is not used again:
// the next request makes a new one.
func (k *connection) request(ctx context.Context, send func(*ldap.Conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if k.conn == nil {
		if err := k.dial(ctx); err != nil {
			return lost(err)
		}
	}
	err := lost(send(k.conn))
	if isLost(err) {
		_ = k.conn.Close() // it is broken: what closing it says adds nothing
		k.conn = nil
	}
	return err
}

// search reads, and tries a second time when the answer is lost: reading changes
// nothing. It pages always, since Windows cuts what is not paged.
func (k *connection) search(ctx context.Context, q *ldap.SearchRequest) ([]*ldap.Entry, error) {
	const pageSize = 500
	var found *ldap.SearchResult
	read := func() error {
		q.Controls = nil
		return k.request(ctx, func(c *ldap.Conn) (err error) {
			found, err = c.SearchWithPaging(q, pageSize)
			return err
		})
	}
	err := read()
	if isLost(err) && ctx.Err() == nil {
		err = read()
	}
	if err != nil {
		return nil, err
	}
	return found.Entries, nil
}

// readOne reads the object with the DN, nil when there is none.
func (k *connection) readOne(ctx context.Context, dn string, attributes []string) (*ldap.Entry, error) {
	entries, err := k.search(ctx, ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases,
		0, 0, false, "(objectClass=*)", attributes, nil))
	if hasCode(err, ldap.LDAPResultNoSuchObject) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entries[0], nil
}

// subtree reads what a filter finds below the base DN.
func (k *connection) subtree(ctx context.Context, filter string, attributes []string) ([]*ldap.Entry, error) {
	entries, err := k.search(ctx, ldap.NewSearchRequest(k.config.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, filter, attributes, nil))
	switch {
	case hasCode(err, ldap.LDAPResultNoSuchObject):
		return nil, fmt.Errorf("%w: the base DN %s does not exist, or orgit may not see it; make it, or correct targets.ad.baseDN: %w",
			ErrNotConfigured, k.config.BaseDN, err)
	case hasCode(err, ldap.LDAPResultReferral):
		return nil, fmt.Errorf("%w: the base DN %s lies on another server: %w", apply.ErrUnreachable, k.config.BaseDN, err)
	case err != nil:
		return nil, explain(err)
	}
	return entries, nil
}
