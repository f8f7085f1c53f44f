package ad_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

// opens reports how a connection with a configuration comes out.
func opens(c ad.Config) error {
	r, err := ad.OpenReader(context.Background(), c)
	if err != nil {
		return err
	}
	return r.Close()
}

// TestTicket: a keytab and a credential cache log in, and what is wrong with them is said.
func TestTicket(t *testing.T) {
	d := realDirectory(t)
	env := map[string]string{}
	for _, name := range []string{"SERVICE", "PRINCIPAL", "KEYTAB", "CCACHE", "KRB5"} {
		env[name] = os.Getenv("ORGIT_SAMBA_" + name)
	}
	if env["SERVICE"] == "" {
		t.Skip("ORGIT_SAMBA_SERVICE is not set: no Kerberos to test against; ORGIT_SAMBA_KERBEROS=1 .ci/samba/start.sh starts one")
	}
	nothing := filepath.Join(t.TempDir(), "nothing")
	nobody := filepath.Join(t.TempDir(), "krb5.conf")
	conf, err := os.ReadFile(env["KRB5"])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(nobody, []byte(strings.Replace(string(conf), ":88", ":1", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	realm := env["PRINCIPAL"][strings.Index(env["PRINCIPAL"], "@"):]
	for _, c := range []struct {
		name     string
		kerberos org.Kerberos
		is       error
		says     string
	}{
		{"keytab", org.Kerberos{Principal: env["PRINCIPAL"], KeytabFile: env["KEYTAB"]}, nil, ""},
		{"the realm of krb5.conf", org.Kerberos{Principal: "Administrator", KeytabFile: env["KEYTAB"]}, nil, ""},
		{"cache", org.Kerberos{CacheFile: env["CCACHE"]}, nil, ""},
		{"no cache", org.Kerberos{CacheFile: nothing}, ad.ErrNotConfigured, "nothing"},
		{"no keytab", org.Kerberos{Principal: env["PRINCIPAL"], KeytabFile: nothing}, ad.ErrNotConfigured, "nothing"},
		{"no krb5.conf", org.Kerberos{CacheFile: env["CCACHE"], ConfigFile: nothing}, ad.ErrNotConfigured, "nothing"},
		{"another principal", org.Kerberos{Principal: "Nobody" + realm, KeytabFile: env["KEYTAB"]}, apply.ErrNotAuthorised, "keytab"},
		{"no such service", org.Kerberos{CacheFile: env["CCACHE"], Service: "ldap/nobody.korsbaek.example"}, apply.ErrNotAuthorised, "service"},
		{"no Kerberos server", org.Kerberos{Principal: env["PRINCIPAL"], KeytabFile: env["KEYTAB"], ConfigFile: nobody}, apply.ErrUnreachable, "KDC"},
	} {
		for _, scheme := range []string{"ldaps", "ldap"} {
			t.Run(c.name+" "+scheme, func(t *testing.T) {
				k := c.kerberos
				if k.Service == "" {
					k.Service = env["SERVICE"]
				}
				if k.ConfigFile == "" {
					k.ConfigFile = env["KRB5"]
				}
				s := &org.ADSettings{Login: "kerberos", Kerberos: k, CAFile: os.Getenv("ORGIT_AD_CA_FILE"), BaseDN: d.base, URL: d.url}
				if scheme == "ldap" {
					s.URL = "ldap://" + strings.Split(strings.TrimPrefix(d.url, "ldaps://"), ":")[0]
				}
				config, err := ad.ConfigFrom(s, func(string) string { return "" })
				if err != nil {
					t.Fatal(err)
				}
				err = opens(config)
				if c.is == nil && err != nil || !errors.Is(err, c.is) || err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v\nwant %v that says %q", err, c.is, c.says)
				}
			})
		}
	}
}

// TestTicketSettings: what of the settings and the environment counts.
func TestTicketSettings(t *testing.T) {
	for _, c := range []struct {
		name   string
		stated org.Kerberos
		env    map[string]string
		want   ad.Kerberos
		says   string
	}{
		{"settings", org.Kerberos{Principal: "orgit@K.EXAMPLE", KeytabFile: "k", ConfigFile: "c", Service: "ldap/dc1"}, nil,
			ad.Kerberos{User: "orgit", Realm: "K.EXAMPLE", KeytabFile: "k", ConfigFile: "c", Service: "ldap/dc1"}, ""},
		{"the environment's keytab", org.Kerberos{Principal: "orgit", CacheFile: "x", KeytabFile: "k"},
			map[string]string{"ORGIT_AD_KEYTAB_FILE": "e", "KRB5CCNAME": "y", "KRB5_CONFIG": "f"},
			ad.Kerberos{User: "orgit", KeytabFile: "e", ConfigFile: "f"}, ""},
		{"a cache before a keytab", org.Kerberos{CacheFile: "FILE:/x", KeytabFile: "k", Principal: "orgit"}, nil,
			ad.Kerberos{User: "orgit", CacheFile: "/x"}, ""},
		{"somebody's own cache does not go before a keytab", org.Kerberos{Principal: "orgit", KeytabFile: "k"},
			map[string]string{"KRB5CCNAME": "FILE:/tmp/krb5cc_0"}, ad.Kerberos{User: "orgit", KeytabFile: "k"}, ""},
		{"the environment's cache", org.Kerberos{}, map[string]string{"KRB5CCNAME": "FILE:/tmp/krb5cc_0"},
			ad.Kerberos{CacheFile: "/tmp/krb5cc_0"}, ""},
		{"nothing", org.Kerberos{Principal: "orgit"}, nil, ad.Kerberos{}, "KRB5CCNAME"},
		{"a keytab of nobody", org.Kerberos{KeytabFile: "k"}, nil, ad.Kerberos{}, "principal"},
		{"a cache in the kernel", org.Kerberos{}, map[string]string{"KRB5CCNAME": "KEYRING:persistent:0"}, ad.Kerberos{}, "of a kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &org.ADSettings{Login: "kerberos", Kerberos: c.stated, URL: "ldaps://dc1.korsbaek.example", BaseDN: "DC=korsbaek"}
			config, err := ad.ConfigFrom(s, func(name string) string { return c.env[name] })
			if c.says != "" {
				if !errors.Is(err, ad.ErrNotConfigured) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v, want that it says %q", err, c.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, config.Kerberos); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestStartTLS: with ldap:// nothing is sent before TLS, and a certificate that does not fit is told of.
func TestStartTLS(t *testing.T) {
	d := realDirectory(t)
	l := &line{t: t, d: d, base: d.base}
	config := l.config(organisation(t, smallTown))
	config.URL = "ldap://" + strings.Split(strings.TrimPrefix(d.url, "ldaps://"), ":")[0]
	if err := opens(config); err != nil {
		t.Error(err)
	}
	config.CAFile = ""
	if err := opens(config); !errors.Is(err, apply.ErrUnreachable) || !strings.Contains(err.Error(), "ORGIT_AD_CA_FILE") {
		t.Errorf("%v, want that the authority is unknown", err)
	}
}

// TestNoStartTLS: a server that does not begin TLS never sees a password.
func TestNoStartTLS(t *testing.T) {
	refusal := []byte{0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 2, 4, 0, 4, 0} // protocolError
	for _, c := range []struct {
		name   string
		answer []byte
		is     error
	}{
		{"refuses", refusal, ad.ErrNotConfigured},
		{"closes", nil, apply.ErrUnreachable},
		{"answers with something else", []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), apply.ErrUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			seen := make(chan string, 1)
			go func() {
				conn, err := server.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				buffer := make([]byte, 4096)
				n, _ := conn.Read(buffer)
				text := string(buffer[:n])
				if c.answer != nil {
					_, _ = conn.Write(c.answer)
					more, _ := conn.Read(buffer)
					text += string(buffer[:more])
				}
				seen <- text
			}()
			err = opens(ad.Config{URL: "ldap://" + server.Addr().String(), BaseDN: "DC=k", BindDN: "CN=orgit", Password: "hemmelig", Timeout: 2 * time.Second})
			if !errors.Is(err, c.is) {
				t.Errorf("%v, want %v", err, c.is)
			}
			if text := <-seen; strings.Contains(text, "hemmelig") || strings.Contains(text, "orgit") || !strings.Contains(text, "1.3.6.1.4.1.1466.20037") {
				t.Errorf("the server saw %q", text)
			}
		})
	}
}

// records is a resolver.
type records []*net.SRV

func (r records) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if len(r) == 0 {
		return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if asked := service + "." + proto + "." + name; asked != "ldap.tcp.dc._msdcs.korsbaek.example" {
		return "", nil, fmt.Errorf("asked for %s", asked)
	}
	return "", r, nil
}

// TestOrderOfControllers: by priority, then by chance in proportion to the weights, and the
// same with the same chance.
func TestOrderOfControllers(t *testing.T) {
	srv := func(target string, priority, weight uint16) *net.SRV {
		return &net.SRV{Target: target, Port: 389, Priority: priority, Weight: weight}
	}
	list := []*net.SRV{srv("far.", 20, 100), srv("b.", 10, 60), srv("a.", 10, 30), srv("idle.", 10, 0)}
	for _, c := range []struct {
		chance int
		want   string
	}{
		{0, "idle a b far"}, {1, "a b idle far"}, {30, "a b idle far"}, {31, "b a idle far"}, {90, "b a idle far"},
	} {
		for _, turned := range [][]*net.SRV{list, {list[3], list[1], list[0], list[2]}} {
			random := func(n int) int { return min(c.chance, n-1) }
			got := ad.OrderOfControllers(turned, random)
			if got != c.want {
				t.Errorf("chance %d: %s, want %s", c.chance, got, c.want)
			}
		}
	}
}

// TestOneController: the controller of the first connection is that of the whole run, and
// when it is gone so is the run, though another one is there.
func TestOneController(t *testing.T) {
	first, err := adtest.Start(adtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := directory{name: "adtest", url: first.URL(), base: first.BaseDN(), bindDN: first.BindDN(), password: first.Password(), caPEM: first.CAPEM(), server: first}
	config := (&line{t: t, d: d, base: d.base}).config(organisation(t, smallTown))
	if err := opens(config); err != nil {
		t.Fatal(err)
	}
	other := standIn(t, adtest.Options{})
	config.URL, config.BindDN, config.Password = other.url, other.bindDN, d.password
	if err := opens(config); err != nil {
		t.Errorf("the second connection: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := opens(config); !errors.Is(err, apply.ErrUnreachable) {
		t.Errorf("%v, want %v", err, apply.ErrUnreachable)
	}
}

// TestNoController: what is wrong with DNS is said.
func TestNoController(t *testing.T) {
	for _, c := range []struct {
		name string
		dns  records
		says string
	}{
		{"no records", records{}, "_ldap._tcp.dc._msdcs.korsbaek.example"},
		{"no service", records{{Target: "."}}, "no domain controllers"},
		{"nobody there", records{{Target: "127.0.0.254."}, {Target: "127.0.0.253."}}, "127.0.0.253"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := opens(ad.Config{DNSName: "korsbaek.example", Resolver: c.dns, BaseDN: "DC=k", BindDN: "CN=orgit", Password: "x"})
			if !errors.Is(err, apply.ErrUnreachable) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want that it says %q", err, c.says)
			}
		})
	}
}

// TestDiscovered: against a real directory the controller is found by its SRV records,
// others that do not answer are passed over, and the choice holds for the run.
func TestDiscovered(t *testing.T) {
	d := realDirectory(t)
	host := strings.Split(strings.TrimPrefix(d.url, "ldaps://"), ":")[0]
	l := &line{t: t, d: d, base: d.base}
	config := l.config(organisation(t, smallTown))
	config.URL, config.DNSName = "", "korsbaek.example"
	config.Resolver = records{{Target: "127.0.0.254.", Priority: 1}, {Target: host + ".", Priority: 2}}
	if err := opens(config); err != nil {
		t.Fatal(err)
	}
	config.Resolver = records{} // nobody asks again
	if err := opens(config); err != nil {
		t.Errorf("the second connection of the run: %v", err)
	}
	other := l.config(organisation(t, smallTown))
	other.URL, other.DNSName, other.Resolver, other.Password = "", "korsbaek.example", records{{Target: host + ".", Priority: 1}, {Target: host + ".", Priority: 2}}, "wrong"
	if err := opens(other); !errors.Is(err, apply.ErrNotAuthorised) || strings.Count(err.Error(), "data 52e") != 1 {
		t.Errorf("%v, want that one controller is asked once with a wrong password", err)
	}
}

// TestOneWritePerOperation: a first load sends one request for each object, and at most one for
// each leader: those who are still being made when somebody refers to them (TestFirstLoadRequests
// counts with one writer, which never meets that).
func TestOneWritePerOperation(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown))
	before := d.server.Writes()
	p := l.plan(o)
	if report := l.run(o, p); len(report.Open(ad.Target)) > 0 {
		t.Fatalf("%+v", report.Results)
	}
	const objects = 8
	if n := d.server.Writes() - before; n < objects || n > len(p.Operations) {
		t.Errorf("%d writes for %d objects and %d operations", n, objects, len(p.Operations))
	}
}
