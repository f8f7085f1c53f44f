package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
)

// directory is the directory that a script runs against: the stand-in or a real one.
type directory struct {
	environment map[string]string          // ORGIT_AD_…
	base        string                     // the OU that orgit keeps in this script
	standIn     *adtest.Server             // nil for a real one
	fk          *fkorgtest.Server          // the stand-in beside it
	clock       *atomic.Pointer[time.Time] // of the stand-ins
}

// directories are those of the running scripts, by working folder.
var directories sync.Map

// startDirectory starts the stand-in.
func startDirectory(ts *testscript.TestScript) *directory {
	clock := startClock(ts)
	s, err := adtest.Start(adtest.Options{Now: func() time.Time { return *clock.Load() }})
	ts.Check(err)
	ts.Defer(func() { ts.Check(s.Close()) })
	ca, password := secretFile(ts, ".ca.pem", s.CAPEM()), secretFile(ts, ".password", []byte(s.Password()))
	return connected(ts, &directory{standIn: s, clock: clock, environment: map[string]string{
		"ORGIT_AD_URL": s.URL(), "ORGIT_AD_BASE_DN": s.BaseDN(), "ORGIT_AD_BIND_DN": s.BindDN(),
		"ORGIT_AD_CA_FILE": ca, "ORGIT_AD_PASSWORD_FILE": password,
	}})
}

// cmdDomain starts a further domain and points the script at it: domain KEY.
func cmdDomain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: domain KEY")
	}
	s, err := adtest.Start(adtest.Options{Now: func() time.Time { return *directoryOf(ts).clock.Load() }})
	ts.Check(err)
	ts.Defer(func() { ts.Check(s.Close()) })
	d := connected(ts, &directory{standIn: s, environment: map[string]string{
		"ORGIT_AD_URL": s.URL(), "ORGIT_AD_BASE_DN": s.BaseDN(), "ORGIT_AD_BIND_DN": s.BindDN(),
		"ORGIT_AD_CA_FILE":       secretFile(ts, "."+args[0]+".ca.pem", s.CAPEM()),
		"ORGIT_AD_PASSWORD_FILE": secretFile(ts, "."+args[0]+".password", []byte(s.Password())),
	}})
	d.environment["ORGIT_AD_BASE_DN"] = d.base
	for name, value := range d.environment {
		ts.Setenv(strings.Replace(name, "ORGIT_AD_", "ORGIT_AD_"+strings.ToUpper(args[0])+"_", 1), value)
	}
}

// realDirectory reads how to reach a directory from a file of KEY=value lines.
func realDirectory(ts *testscript.TestScript, file string) *directory {
	text, err := os.ReadFile(file)
	ts.Check(err)
	d := &directory{clock: startClock(ts), environment: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			d.environment[name] = strings.Trim(value, `"'`)
		}
	}
	return connected(ts, d)
}

// startClock gives the script's stand-ins a clock that stands at six in the morning of the
// day in TODAY; cmdToday moves it.
func startClock(ts *testscript.TestScript) *atomic.Pointer[time.Time] {
	clock := &atomic.Pointer[time.Time]{}
	setClock(ts, clock)
	return clock
}

func setClock(ts *testscript.TestScript, clock *atomic.Pointer[time.Time]) {
	now, err := demoMorning(org.Day(ts.Getenv("TODAY")))
	ts.Check(err)
	clock.Store(&now)
}

// cmdToday makes it another day, for the program and for the stand-ins: today DAY.
func cmdToday(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("TODAY", args[0])
	setClock(ts, directoryOf(ts).clock)
}

func secretFile(ts *testscript.TestScript, name string, text []byte) string {
	path := filepath.Join(ts.Getenv("WORK"), name)
	ts.Check(os.WriteFile(path, text, 0o600))
	return path
}

// connected makes the OU that orgit keeps; at the end of the script everything in it is
// removed again.
func connected(ts *testscript.TestScript, d *directory) *directory {
	d.base = "OU=Organisation," + d.environment["ORGIT_AD_BASE_DN"]
	conn := d.dial(ts)
	defer conn.Close()
	ts.Check(d.clear(conn))
	add := ldap.NewAddRequest(d.base, nil)
	add.Attribute("objectClass", []string{"top", "organizationalUnit"})
	ts.Check(conn.Add(add))
	if d.standIn == nil {
		ts.Defer(func() {
			conn := d.dial(ts)
			defer conn.Close()
			ts.Check(d.clear(conn))
		})
	}
	return d
}

// dial connects as the administrator, for changes by hand.
func (d *directory) dial(ts *testscript.TestScript) *ldap.Conn {
	pem, err := os.ReadFile(d.environment["ORGIT_AD_CA_FILE"])
	ts.Check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	conn, err := ldap.DialURL(d.environment["ORGIT_AD_URL"], ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	ts.Check(err)
	password, err := os.ReadFile(d.environment["ORGIT_AD_PASSWORD_FILE"])
	ts.Check(err)
	ts.Check(conn.Bind(d.environment["ORGIT_AD_BIND_DN"], strings.TrimSpace(string(password))))
	return conn
}

// clear removes the OU and all that is in it, from the leaves up.
func (d *directory) clear(conn *ldap.Conn) error {
	found, err := conn.SearchWithPaging(ldap.NewSearchRequest(d.base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, "(objectClass=*)", []string{"1.1"}, nil), 500)
	if ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what is left in %s: %w", d.base, err)
	}
	names := make([]string, 0, len(found.Entries))
	for _, e := range found.Entries {
		names = append(names, e.DN)
	}
	slices.SortFunc(names, func(a, b string) int { return depth(b) - depth(a) })
	for _, dn := range names {
		if err := conn.Del(ldap.NewDelRequest(dn, nil)); err != nil {
			return fmt.Errorf("remove %s: %w", dn, err)
		}
	}
	return nil
}

func depth(dn string) int {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return 0
	}
	return len(parsed.RDNs)
}

// startSystems starts the stand-in for FK Organisation and points the script at it and
// at the directory.
func startSystems(ts *testscript.TestScript, d *directory) {
	fk, err := fkorgtest.Start(fkorgtest.Options{Clock: func() time.Time { return *d.clock.Load() }})
	ts.Check(err)
	ts.Defer(func() { ts.Check(fk.Close()) })
	fk.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: korsbaek.CVR, Organisation: korsbaek.FKOrganisation})
	for name, value := range d.environment {
		ts.Setenv(name, value)
	}
	ts.Setenv("ORGIT_AD_BASE_DN", d.base)
	ts.Setenv("ORGIT_FK_URL", fk.URL())
	d.fk = fk
	directories.Store(ts.Getenv("WORK"), d)
}

func directoryOf(ts *testscript.TestScript) *directory {
	d, ok := directories.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("start the systems first, with standins")
	}
	return d.(*directory)
}

// cmdByHand changes the directory as an administrator would: byhand set LOGIN ATTRIBUTE
// VALUE, byhand add LOGIN [ATTRIBUTE VALUE …], where the attribute cn names the account and ou
// says in which OU it is made, byhand ou NAME, byhand remove LOGIN. byhand guid LOGIN NAME gives
// the variable NAME the account's objectGUID as the directory's own tools show it.
func cmdByHand(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	conn := d.dial(ts)
	defer conn.Close()
	switch args[0] {
	case "set":
		change := ldap.NewModifyRequest(d.dn(ts, conn, args[1]), nil)
		change.Replace(args[2], args[3:])
		ts.Check(conn.Modify(change))
	case "add":
		ts.Check(conn.Add(d.accountByHand(args[1], args[2:])))
	case "ou":
		add := ldap.NewAddRequest("OU="+ldap.EscapeDN(args[1])+","+d.base, nil)
		add.Attribute("objectClass", []string{"top", "organizationalUnit"})
		ts.Check(conn.Add(add))
	case "guid":
		found, err := conn.Search(ldap.NewSearchRequest(d.dn(ts, conn, args[1]), ldap.ScopeBaseObject, ldap.NeverDerefAliases,
			0, 0, false, "(objectClass=*)", []string{"objectGUID"}, nil))
		ts.Check(err)
		b := found.Entries[0].GetRawAttributeValue("objectGUID")
		slices.Reverse(b[0:4])
		slices.Reverse(b[4:6])
		slices.Reverse(b[6:8])
		ts.Setenv(args[2], fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]))
	case "remove":
		ts.Check(conn.Del(ldap.NewDelRequest(d.dn(ts, conn, args[1]), nil)))
	default:
		ts.Fatalf("byhand %s is not known", args[0])
	}
}

// accountByHand is the request for an account that somebody makes beside orgit.
func (d *directory) accountByHand(login string, pairs []string) *ldap.AddRequest {
	cn, above := login, d.base
	for i := 0; i+1 < len(pairs); i += 2 {
		switch pairs[i] {
		case "cn":
			cn = pairs[i+1]
		case "ou":
			above = "OU=" + ldap.EscapeDN(pairs[i+1]) + "," + above
		}
	}
	add := ldap.NewAddRequest("CN="+ldap.EscapeDN(cn)+","+above, nil)
	add.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "user"})
	add.Attribute("sAMAccountName", []string{login})
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != "cn" && pairs[i] != "ou" {
			add.Attribute(pairs[i], []string{pairs[i+1]})
		}
	}
	return add
}

// dn finds the account with a login name.
func (d *directory) dn(ts *testscript.TestScript, conn *ldap.Conn, login string) string {
	found, err := conn.Search(ldap.NewSearchRequest(d.base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, "(sAMAccountName="+ldap.EscapeFilter(login)+")", []string{"1.1"}, nil))
	ts.Check(err)
	if len(found.Entries) != 1 {
		ts.Fatalf("%d accounts %s in the directory, want 1", len(found.Entries), login)
	}
	return found.Entries[0].DN
}

// cmdFault makes the stand-in fail at its N-th write from now and stay away, or mends
// it: fault N, fault mend.
func cmdFault(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	if args[0] == "mend" {
		d.standIn.Mend()
		return
	}
	var n int
	if _, err := fmt.Sscan(args[0], &n); err != nil {
		ts.Fatalf("fault %s: %v", args[0], err)
	}
	d.standIn.Inject(adtest.Fault{AtWrite: n, Kind: adtest.LostAnswer, Stay: true})
}

// cmdDump writes what both systems hold, without what differs between two ways to the same
// state (the directory's own numbers and times): dump FILE.
func cmdDump(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	conn := d.dial(ts)
	defer conn.Close()
	found, err := conn.SearchWithPaging(ldap.NewSearchRequest(d.base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, "(objectClass=*)", nil, nil), 500)
	ts.Check(err)
	var lines []string
	for _, e := range found.Entries {
		for _, a := range e.Attributes {
			if !ownNumber(a.Name) {
				slices.Sort(a.Values)
				lines = append(lines, fmt.Sprintf("%s %s %q\n", e.DN, a.Name, a.Values))
			}
		}
	}
	slices.Sort(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(lines, "")+d.fk.Dump()), 0o600))
}

// ownNumber reports whether a directory chooses the attribute's value itself.
func ownNumber(attribute string) bool {
	return slices.ContainsFunc([]string{
		"objectGUID", "objectSid", "whenCreated", "whenChanged", "uSNCreated", "uSNChanged", "pwdLastSet",
		"dSCorePropagationData", "instanceType",
	}, func(name string) bool { return strings.EqualFold(name, attribute) })
}

// cmdState demands an account's userAccountControl and orgit's mark on it: state LOGIN
// 'UAC MARK'.
func cmdState(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	conn := d.dial(ts)
	defer conn.Close()
	found, err := conn.Search(ldap.NewSearchRequest(d.dn(ts, conn, args[0]), ldap.ScopeBaseObject, ldap.NeverDerefAliases,
		0, 0, false, "(objectClass=*)", []string{"userAccountControl", "adminDisplayName"}, nil))
	ts.Check(err)
	got := strings.TrimSpace(found.Entries[0].GetAttributeValue("userAccountControl") + " " + found.Entries[0].GetAttributeValue("adminDisplayName"))
	if got != args[1] {
		ts.Fatalf("the account %s is %q, want %q", args[0], got, args[1])
	}
}
