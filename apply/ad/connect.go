package ad

import (
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// defaultTimeout bounds one request. A move of a unit with hundreds of accounts below it
// takes seconds; nothing takes longer.
const defaultTimeout = 60 * time.Second

// Config is how to reach the directory, and which part of it is orgit's.
type Config struct {
	Domain   Domain // which of the domains it is
	URL      string // ldaps://dc1.korsbaek.example, or ldap:// for StartTLS
	DNSName  string // the domain's, whose SRV records name the controllers; used where there is no URL
	BaseDN   string // the part that orgit keeps
	BindDN   string
	Password string
	Kerberos *Kerberos        // how to log in with a ticket; nil: BindDN and Password
	CAFile   string           // PEM; empty: the system's authorities
	Anchor   string           // the attribute that marks what orgit owns
	Plain    []string         // the plain attributes of accounts that are read: PlainAttributes of the settings that are planned; nil: orgit's own
	Writers  int              // connections that a writer has; 0: 2
	Timeout  time.Duration    // of one request; 0: a minute
	Now      func() time.Time // says on which day an account is closed; nil: time.Now

	// Changes says that a read asks only for what changed since the last one, which is kept
	// in CacheDir. Where that is not possible everything is read, and Warn is told why.
	Changes  bool
	CacheDir string
	Version  string       // of the program: another one reads everything again
	Warn     func(string) // nil: nobody is told

	ReadOnly bool // Examine tries no rights by writing

	Resolver Resolver        // nil: the system's
	Random   func(n int) int // 0 to n-1, to choose between controllers; nil: math/rand

	// run is what connections of one run have in common. Copies of a Config share it.
	run *run
	// CPRAttribute is where accounts are recognised by their CPR number; empty: they are not.
	// CPR gives the numbers; nil says that they are not to be had here, so that a reader only
	// says which accounts have one.
	CPR          CPRNumbers
	CPRAttribute string
	protected    map[string]plan.Protection // by folded login name; see Protecting
}

// ConfigFrom reads how to reach the directory of targets.ad.
func ConfigFrom(s *org.ADSettings, getenv func(string) string) (Config, error) {
	return Domain{}.ConfigFrom(s, getenv)
}

// ConfigFrom reads how to reach the domain from the settings and the environment,
// which goes before them: ORGIT_AD_URL, ORGIT_AD_BASE_DN, ORGIT_AD_BIND_DN,
// ORGIT_AD_CA_FILE, for the password ORGIT_AD_PASSWORD_FILE or ORGIT_AD_PASSWORD, for a
// ticket ORGIT_AD_KEYTAB_FILE, KRB5CCNAME and KRB5_CONFIG, and for what is kept between
// two runs ORGIT_CACHE_DIR. For a domain of targets.domains its key follows ORGIT_AD:
// ORGIT_AD_SKOLE_URL. Connections that are made from the answer and its copies are one
// run: they go to one domain controller. s must be the settings of the approved branch: a proposal must not be able to send the
// password elsewhere.
func (x Domain) ConfigFrom(s *org.ADSettings, environment func(string) string) (Config, error) {
	if s == nil {
		return Config{}, fmt.Errorf("%w: the settings have no %s", ErrNotConfigured, x.setting())
	}
	getenv := func(name string) string { return environment(x.variable(name)) }
	or := func(name, stated string) string {
		if v := getenv(name); v != "" {
			return v
		}
		return stated
	}
	c := Config{
		Domain: x,
		URL:    or("ORGIT_AD_URL", s.URL), BaseDN: or("ORGIT_AD_BASE_DN", s.BaseDN), BindDN: or("ORGIT_AD_BIND_DN", s.BindDN),
		CAFile: or("ORGIT_AD_CA_FILE", s.CAFile), Password: getenv("ORGIT_AD_PASSWORD"), Anchor: s.Anchor,
		DNSName: s.Domain, Writers: s.Writers, Changes: s.Read == readChanges, run: &run{},
	}
	c = c.ReadingFor(s)
	if c.Changes {
		c.CacheDir = cacheDir(getenv)
	}
	if s.Login == loginKerberos {
		var err error
		if c.Kerberos, err = x.kerberosFrom(s.Kerberos, getenv); err != nil {
			return Config{}, err
		}
		return c, c.check()
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

// ReadingFor gives the configuration with what the settings have a reader look at. They may be
// those of a proposal: they choose no address and no login.
func (c Config) ReadingFor(s *org.ADSettings) Config {
	c.Plain, c.CPRAttribute = PlainAttributes(s), cprAttribute(s)
	return c
}

// The settings' words.
const (
	readChanges   = "changes"
	loginKerberos = "kerberos"
)

func (c Config) check() error {
	needs := []struct{ value, name string }{
		{c.URL + c.DNSName, c.Domain.setting() + ".url or " + c.Domain.variable("ORGIT_AD_URL") + ", or " + c.Domain.setting() + ".domain"},
		{c.BaseDN, c.Domain.setting() + ".baseDN or " + c.Domain.variable("ORGIT_AD_BASE_DN")},
	}
	if c.Kerberos == nil {
		needs = append(needs, []struct{ value, name string }{
			{c.BindDN, c.Domain.setting() + ".bindDN or " + c.Domain.variable("ORGIT_AD_BIND_DN")},
			{c.Password, c.Domain.variable("ORGIT_AD_PASSWORD_FILE") + " or " + c.Domain.variable("ORGIT_AD_PASSWORD")},
		}...)
	}
	var missing []string
	for _, need := range needs {
		if need.value == "" {
			missing = append(missing, need.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: give %s", ErrNotConfigured, strings.Join(missing, ", "))
	}
	if c.URL != "" {
		if _, err := parseEndpoint(c.URL); err != nil {
			return err
		}
	}
	if dn, err := ldap.ParseDN(c.BaseDN); err != nil || len(dn.RDNs) == 0 {
		return fmt.Errorf("%w: the base DN %q is no distinguished name", ErrNotConfigured, c.BaseDN)
	}
	return nil
}

// withDefaults fills in what a Config leaves out.
func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Anchor == "" {
		c.Anchor = "adminDescription"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Warn == nil {
		c.Warn = func(string) {}
	}
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Random == nil {
		c.Random = rand.IntN
	}
	if c.run == nil {
		c.run = &run{}
	}
	return c
}

// roots are the authorities whose certificates are accepted; nil: the system's.
func (c Config) roots() (*x509.CertPool, error) {
	if c.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("%w: read the CA file: %w", ErrNotConfigured, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%w: the CA file %s holds no certificate", ErrNotConfigured, c.CAFile)
	}
	return pool, nil
}
