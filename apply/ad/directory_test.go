package ad_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply/ad/adtest"
)

// directory is one that the tests run against: the stand-in, or a real domain
// controller, which the tests do not tell apart.
type directory struct {
	name     string
	url      string
	base     string
	bindDN   string
	password string
	caPEM    []byte
	rules    adtest.Rules
	server   *adtest.Server // nil for a real one
}

// eachDirectory runs a test against the stand-in, against the stand-in with the rules of
// Windows but the one that takes a password to enable an account, and, when ORGIT_AD_URL
// names one, against a real directory (.ci/samba/start.sh starts one and prints the variables).
func eachDirectory(t *testing.T, run func(t *testing.T, d directory)) {
	t.Helper()
	t.Run("adtest", func(t *testing.T) { run(t, standIn(t, adtest.Options{})) })
	t.Run("windows", func(t *testing.T) {
		run(t, standIn(t, adtest.Options{Rules: adtest.Windows &^ adtest.PasswordToEnable}))
	})
	t.Run("real", func(t *testing.T) { run(t, realDirectory(t)) })
}

// eachContract is eachDirectory with all the rules of Windows.
func eachContract(t *testing.T, run func(t *testing.T, d directory)) {
	t.Helper()
	t.Run("adtest", func(t *testing.T) { run(t, standIn(t, adtest.Options{})) })
	t.Run("windows", func(t *testing.T) { run(t, standIn(t, adtest.Options{Rules: adtest.Windows})) })
	t.Run("real", func(t *testing.T) { run(t, realDirectory(t)) })
}

func standIn(t *testing.T, o adtest.Options) directory {
	t.Helper()
	server, err := adtest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return directory{"adtest", server.URL(), server.BaseDN(), server.BindDN(), server.Password(), server.CAPEM(), o.Rules, server}
}

func realDirectory(t testing.TB) directory {
	t.Helper()
	d := directory{name: "real", url: os.Getenv("ORGIT_AD_URL"), base: os.Getenv("ORGIT_AD_BASE_DN"), bindDN: os.Getenv("ORGIT_AD_BIND_DN")}
	if d.url == "" {
		t.Skip("ORGIT_AD_URL is not set: no real directory to test against; .ci/samba/start.sh starts one")
	}
	var err error
	if d.caPEM, err = os.ReadFile(os.Getenv("ORGIT_AD_CA_FILE")); err != nil {
		t.Fatalf("read ORGIT_AD_CA_FILE: %v", err)
	}
	d.password = os.Getenv("ORGIT_AD_PASSWORD")
	if file := os.Getenv("ORGIT_AD_PASSWORD_FILE"); file != "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("read ORGIT_AD_PASSWORD_FILE: %v", err)
		}
		d.password = strings.TrimRight(string(secret), "\r\n")
	}
	return d
}

// plainURL is where the directory listens without TLS.
func (d directory) plainURL() string {
	if d.server != nil {
		return d.server.PlainURL()
	}
	return strings.NewReplacer("ldaps://", "ldap://", ":636", ":389").Replace(d.url)
}

// authorities are those whose certificates the tests believe.
func (d directory) authorities(t testing.TB) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(d.caPEM) {
		t.Fatal("the CA file holds no certificate")
	}
	return pool
}

// dial connects without binding.
func (d directory) dial(t testing.TB) *ldap.Conn {
	t.Helper()
	conn, err := ldap.DialURL(d.url, ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.authorities(t)}))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetTimeout(20 * time.Second)
	t.Cleanup(func() { _ = conn.Close() }) // the test may have closed it itself
	return conn
}

// connect connects as the administrator.
func (d directory) connect(t testing.TB) *ldap.Conn {
	t.Helper()
	conn := d.dial(t)
	if err := conn.Bind(d.bindDN, d.password); err != nil {
		t.Fatal(err)
	}
	return conn
}

// sandboxes numbers the sandboxes of one run; together with the process id no two
// runs against one directory meet.
var sandboxes atomic.Int64

// sandbox is an organisational unit of a test's own.
type sandbox struct {
	*ldap.Conn
	t  testing.TB
	id string // prefix for names that must be unique in the domain
	ou string // the unit's DN
	d  directory
}

// newSandbox makes a unit below the base that is removed, with all in it, when
// the test ends.
func newSandbox(t testing.TB, d directory) *sandbox {
	t.Helper()
	id := fmt.Sprintf("t%d-%d", os.Getpid(), sandboxes.Add(1))
	s := &sandbox{Conn: d.connect(t), t: t, id: id, ou: "OU=" + id + "," + d.base, d: d}
	t.Cleanup(func() { s.clear() })
	s.must(s.addOU(s.ou))
	return s
}

// clear removes the sandbox from the bottom up, over a connection of its own.
func (s *sandbox) clear() {
	conn := s.d.connect(s.t)
	found, err := conn.SearchWithPaging(search(s.ou, ldap.ScopeWholeSubtree, "(objectClass=*)", "1.1"), 500)
	if ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		return
	}
	if err != nil {
		s.t.Errorf("clear sandbox: %v", err)
		return
	}
	var dns []*ldap.DN
	spelled := map[*ldap.DN]string{}
	for _, e := range found.Entries {
		dn, err := ldap.ParseDN(e.DN)
		if err != nil {
			s.t.Errorf("clear sandbox: %v", err)
			return
		}
		dns = append(dns, dn)
		spelled[dn] = e.DN
	}
	slices.SortFunc(dns, func(a, b *ldap.DN) int { return len(b.RDNs) - len(a.RDNs) })
	for _, dn := range dns {
		if err := conn.Del(ldap.NewDelRequest(spelled[dn], nil)); err != nil {
			s.t.Errorf("clear sandbox: %v", err)
		}
	}
}

func (s *sandbox) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sandbox) addOU(dn string) error {
	return s.add(dn, "objectClass", "organizationalUnit")
}

// add adds an object from name, value, name, value …; a name may come repeatedly.
func (s *sandbox) add(dn string, pairs ...string) error {
	request := ldap.NewAddRequest(dn, nil)
	var names []string
	values := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		if values[pairs[i]] == nil {
			names = append(names, pairs[i])
		}
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	for _, name := range names {
		request.Attribute(name, values[name])
	}
	return s.Add(request)
}

// user adds a user to the sandbox with a sAMAccountName of its own and gives its DN.
func (s *sandbox) user(cn string, pairs ...string) string {
	s.t.Helper()
	dn := "CN=" + cn + "," + s.ou
	s.must(s.addUser(dn, append([]string{"sAMAccountName", s.id + cn}, pairs...)...))
	return dn
}

func (s *sandbox) addUser(dn string, pairs ...string) error {
	return s.add(dn, append([]string{"objectClass", "user"}, pairs...)...)
}

// modify sends one request: add, delete or replace an attribute's values.
func (s *sandbox) modify(dn, kind, attribute string, values ...string) error {
	request := ldap.NewModifyRequest(dn, nil)
	switch kind {
	case "add":
		request.Add(attribute, values)
	case "delete":
		request.Delete(attribute, values)
	default:
		request.Replace(attribute, values)
	}
	return s.Modify(request)
}

func (s *sandbox) move(dn, rdn, superior string) error {
	return s.ModifyDN(ldap.NewModifyDNRequest(dn, rdn, true, superior))
}

// read gives one object's attributes.
func (s *sandbox) read(dn string, attributes ...string) *ldap.Entry {
	s.t.Helper()
	found, err := s.Search(search(dn, ldap.ScopeBaseObject, "(objectClass=*)", attributes...))
	s.must(err)
	if len(found.Entries) != 1 {
		s.t.Fatalf("read %s: %d entries", dn, len(found.Entries))
	}
	return found.Entries[0]
}

// names gives the sorted cn or ou of what a search below the sandbox finds.
func (s *sandbox) names(scope int, filter string) []string {
	s.t.Helper()
	found, err := s.Search(search(s.ou, scope, filter, "name"))
	s.must(err)
	names := []string{}
	for _, e := range found.Entries {
		names = append(names, e.GetAttributeValue("name"))
	}
	slices.Sort(names)
	return names
}

func search(base string, scope int, filter string, attributes ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, nil)
}
