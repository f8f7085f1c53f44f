package adtest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, s *Server) *ldap.Conn {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CAPEM()) {
		t.Fatal("no certificate in CAPEM")
	}
	c, err := ldap.DialURL(s.URL(), ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the server may have closed it
	c.SetTimeout(5 * time.Second)
	if err := c.Bind(s.BindDN(), s.Password()); err != nil {
		t.Fatal(err)
	}
	return c
}

func addUnit(c *ldap.Conn, dn string) error {
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{"organizationalUnit"})
	return c.Add(request)
}

func exists(s *Server, dn string) bool {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	_, r := s.dir.find(dn)
	return r == nil
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		kind    FaultKind
		code    uint16 // of the second write, where it is not the end of the connection
		carried bool
		alive   bool // the connection can still be used
	}{
		{LostRequest, 0, false, false},
		{LostAnswer, 0, true, false},
		{NoAnswer, ldap.ErrorNetwork, true, true},
		{Refused, 51, false, true},
	} {
		t.Run(fmt.Sprint(c.kind), func(t *testing.T) {
			s := start(t, Options{})
			conn := connect(t, s)
			s.Inject(Fault{AtWrite: 2, Kind: c.kind, Code: 51})
			if err := addUnit(conn, "OU=one,"+s.BaseDN()); err != nil {
				t.Fatal(err)
			}
			if c.kind == NoAnswer {
				conn.SetTimeout(50 * time.Millisecond)
			}
			err := addUnit(conn, "OU=two,"+s.BaseDN())
			if err == nil || c.alive && !ldap.IsErrorWithCode(err, c.code) {
				t.Errorf("second write: %v, want code %d", err, c.code)
			}
			if got := exists(s, "OU=two,"+s.BaseDN()); got != c.carried {
				t.Errorf("second write carried out: %v, want %v", got, c.carried)
			}
			conn.SetTimeout(5 * time.Second)
			if !c.alive {
				conn = connect(t, s)
			}
			if err := addUnit(conn, "OU=three,"+s.BaseDN()); err != nil {
				t.Errorf("third write: %v", err)
			}
		})
	}
}

func TestFaultThatStays(t *testing.T) {
	s := start(t, Options{})
	conn, other := connect(t, s), connect(t, s)
	s.Inject(Fault{AtWrite: 1, Kind: LostAnswer, Stay: true})
	if err := addUnit(conn, "OU=one,"+s.BaseDN()); err == nil {
		t.Error("the write was answered")
	}
	if err := addUnit(other, "OU=two,"+s.BaseDN()); err == nil {
		t.Error("another connection was answered")
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CAPEM())
	if c, err := ldap.DialURL(s.URL(), ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool})); err == nil {
		t.Error("a new connection was taken")
		_ = c.Close() // the test has failed already
	}
	s.Mend()
	if err := addUnit(connect(t, s), "OU=two,"+s.BaseDN()); err != nil {
		t.Errorf("after Mend: %v", err)
	}
	if s.Writes() != 2 {
		t.Errorf("%d writes, want 2", s.Writes())
	}
}

func TestByHand(t *testing.T) {
	s := start(t, Options{})
	dn := "CN=Vikar,CN=Users," + s.BaseDN()
	if err := s.Put(dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"vikar"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(dn, "telephoneNumber", "+4512345678"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range s.Entries() {
		if e.DN == dn {
			got = e.Attributes["telephoneNumber"]
		}
	}
	if len(got) != 1 || got[0] != "+4512345678" {
		t.Errorf("telephoneNumber %q", got)
	}
	if err := s.Remove(dn); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(dn); err == nil {
		t.Error("removed twice")
	}
	if s.Writes() != 0 {
		t.Errorf("%d writes counted, want none", s.Writes())
	}
}

// TestWindowsRules is what Microsoft documents and Samba does not do.
func TestWindowsRules(t *testing.T) {
	s := start(t, Options{Rules: Windows})
	user := func(cn, account, uac string) error {
		return s.Put("CN="+cn+",CN=Users,"+s.BaseDN(), map[string][]string{
			"objectClass": {"user"}, "sAMAccountName": {account}, "userAccountControl": {uac},
		})
	}
	code := func(err error) uint16 {
		if r, ok := err.(*refusal); ok {
			return r.code
		}
		return 0
	}
	long := "123456789012345678901"
	for _, c := range []struct {
		name string
		err  error
		want uint16
	}{
		{"plain", user("Søren", "soeren", "514"), 0},
		{"name that differs in a diacritic", user("Soren", "other", "514"), 68},
		{"user name of 21", user("a", long, "514"), 80},
		{"cn of 65", user(long+long+long+"12", "a", "514"), 19},
		{"enabled without a password", user("b", "b", "512"), 53},
		{"enabled later without a password", s.Set("CN=Søren,CN=Users,"+s.BaseDN(), "userAccountControl", "512"), 53},
		{"password that is too simple", s.Set("CN=Søren,CN=Users,"+s.BaseDN(), "unicodePwd", quoteUTF16("kbsecret")), 53},
		{"password", s.Set("CN=Søren,CN=Users,"+s.BaseDN(), "unicodePwd", quoteUTF16("Kb7-secret")), 0},
		{"enabled with a password", s.Set("CN=Søren,CN=Users,"+s.BaseDN(), "userAccountControl", "512"), 0},
		{"too long value", s.Set("CN=Søren,CN=Users,"+s.BaseDN(), "employeeID", "12345678901234567"), 19},
	} {
		if got := code(c.err); got != c.want {
			t.Errorf("%s: %v, want code %d", c.name, c.err, c.want)
		}
	}
}

func TestWindowsEndsAnUnpagedRead(t *testing.T) {
	s := start(t, Options{Rules: Windows})
	for i := range windowsPageLimit + 1 {
		if err := s.Put(fmt.Sprintf("OU=u%d,%s", i, s.BaseDN()), map[string][]string{"objectClass": {"organizationalUnit"}}); err != nil {
			t.Fatal(err)
		}
	}
	conn := connect(t, s)
	request := ldap.NewSearchRequest(s.BaseDN(), ldap.ScopeSingleLevel, 0, 0, 0, false, "(ou=*)", []string{"ou"}, nil)
	if _, err := conn.Search(request); !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
		t.Errorf("unpaged read: %v, want size limit exceeded", err)
	}
	all, err := conn.SearchWithPaging(request, 100)
	if err != nil || len(all.Entries) != windowsPageLimit+1 {
		t.Errorf("paged read: %d entries, %v", len(all.Entries), err)
	}
}
