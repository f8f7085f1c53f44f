package ad

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/go-ldap/ldap/v3/gssapi"
	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/krberror"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
)

// Kerberos is how to log in with a ticket. Either KeytabFile or CacheFile is given.
type Kerberos struct {
	User, Realm string // of the principal; no realm: that of ConfigFile. A cache says itself whose it is
	KeytabFile  string
	CacheFile   string // a credential cache with a ticket-granting ticket
	ConfigFile  string // krb5.conf
	Service     string // the controller's principal; empty: ldap/HOST
}

// kerberosFrom joins the settings and the environment. A keytab that ORGIT_AD_KEYTAB_FILE
// names goes before everything; KRB5CCNAME, which may be there for other programs, counts
// where the settings want a cache or name no keytab.
func (x Domain) kerberosFrom(s org.Kerberos, getenv func(string) string) (*Kerberos, error) {
	k := &Kerberos{KeytabFile: getenv("ORGIT_AD_KEYTAB_FILE"), ConfigFile: getenv("KRB5_CONFIG"), Service: s.Service}
	if k.ConfigFile == "" {
		k.ConfigFile = s.ConfigFile
	}
	if k.KeytabFile == "" {
		k.CacheFile = s.CacheFile
		if cache := getenv("KRB5CCNAME"); cache != "" && (s.CacheFile != "" || s.KeytabFile == "") {
			k.CacheFile = cache
		}
		if k.CacheFile == "" {
			k.KeytabFile = s.KeytabFile
		}
	}
	k.User, k.Realm, _ = strings.Cut(s.Principal, "@")
	k.CacheFile = strings.TrimPrefix(k.CacheFile, "FILE:")
	switch kind, _, typed := strings.Cut(k.CacheFile, ":"); {
	case typed && len(kind) > 1: // not a drive letter
		return nil, fmt.Errorf("%w: the credential cache %s is of a kind that orgit does not read; give a file (FILE:/…)", ErrNotConfigured, k.CacheFile)
	case k.CacheFile == "" && k.KeytabFile == "":
		return nil, fmt.Errorf("%w: to log in with a ticket, give %s.kerberos.keytabFile or %s, or cacheFile or KRB5CCNAME",
			ErrNotConfigured, x.setting(), x.variable("ORGIT_AD_KEYTAB_FILE"))
	case k.CacheFile == "" && k.User == "":
		return nil, fmt.Errorf("%w: give %s.kerberos.principal, whose keys are in the keytab", ErrNotConfigured, x.setting())
	}
	return k, nil
}

// as says who logs in, for messages.
func (c Config) as() string {
	switch {
	case c.Kerberos == nil:
		return c.BindDN
	case c.Kerberos.Realm == "":
		return c.Kerberos.User
	}
	return c.Kerberos.User + "@" + c.Kerberos.Realm
}

// login binds. The connection speaks TLS by then.
func (c Config) login(conn *ldap.Conn, e endpoint) error {
	if c.Kerberos == nil {
		return conn.Bind(c.BindDN, c.Password)
	}
	return c.Kerberos.login(conn, e.host, c.Domain)
}

// login gets a ticket for the controller and shows it. Signing and sealing are left to
// TLS, so a controller that wants the ticket bound to the channel refuses it.
func (k *Kerberos) login(conn *ldap.Conn, host string, in Domain) error {
	tickets, err := k.client()
	if err != nil {
		return fmt.Errorf("%w: log in with a ticket: %w", ErrNotConfigured, err)
	}
	defer tickets.Destroy()
	if k.CacheFile == "" {
		if err := tickets.Login(); err != nil {
			return explainTicket(err)
		}
	}
	service := k.Service
	if service == "" {
		if net.ParseIP(host) != nil {
			return fmt.Errorf("%w: a ticket is for a name, and %s is a number; give the controller's name in %s.url, or %s.kerberos.service",
				ErrNotConfigured, host, in.setting(), in.setting())
		}
		service = "ldap/" + host
	}
	if err := conn.GSSAPIBind(tickets, service, ""); err != nil {
		return explainTicket(err)
	}
	return nil
}

func (k *Kerberos) client() (*gssapi.Client, error) {
	// Active Directory does not offer FAST to everybody, and gokrb5 takes its absence for an error.
	plain := client.DisablePAFXFAST(true)
	if k.CacheFile != "" {
		return gssapi.NewClientFromCCache(k.CacheFile, k.ConfigFile, plain)
	}
	realm := k.Realm
	if realm == "" {
		settings, err := config.Load(k.ConfigFile)
		if err != nil {
			return nil, err
		}
		realm = settings.LibDefaults.DefaultRealm
	}
	return gssapi.NewClientWithKeytab(k.User, realm, k.KeytabFile, k.ConfigFile, plain)
}

// explainTicket says what kept Kerberos from giving or taking a ticket. What the directory
// itself answers is left as it is.
func explainTicket(err error) error {
	var answered *ldap.Error
	if errors.As(err, &answered) {
		return err
	}
	var kerberos krberror.Krberror
	if errors.As(err, &kerberos) && kerberos.RootCause == krberror.NetworkingError {
		return fmt.Errorf("%w: no Kerberos server (KDC) answers; look at krb5.conf and the firewall (port 88): %w", apply.ErrUnreachable, err)
	}
	return fmt.Errorf("%w: Kerberos gives no ticket (principal, keytab or cache out of date, clock more than five minutes off, "+
		"or no such service principal): %w", apply.ErrNotAuthorised, err)
}
