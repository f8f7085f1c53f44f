package ad_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
)

// municipality is a municipality of a size: a tree of units, eight below each, every one with a
// leader; people spread evenly, but for the last of them, who all are in the last unit.
func municipality(units, people, together int) string {
	var u, p []string
	for i := range units {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf(`"parent": "u%d", `, (i-1)/8)
		}
		u = append(u, fmt.Sprintf(`"u%d": {"uuid": "00000000-0000-4000-8000-%012d", "name": "Enhed %d", %s"type": "x", "from": "2010-01-01",
			"managers": {"a": {"person": "p%d", "role": "leder", "from": "2020-01-01"}}}`, i, i, i, parent, i))
	}
	for i := range people {
		home := i % units
		if i >= people-together {
			home = units - 1
		}
		p = append(p, fmt.Sprintf(`"p%d": {"uuid": "00000000-0000-4000-9000-%012d", "name": {"given": "Anna", "surname": "Jensen %d"},
			"addresses": {"phone": "+45400%05d", "email": "k%d@korsbaek.example"},
			"engagements": {"a": {"unit": "u%d", "title": "laerer", "type": "m", "from": "2020-01-01", "payroll": {"system": "sd", "institution": "XY", "number": "%d"}}},
			"accounts": {"ad": {"system": "ad", "name": "k%d", "kind": "personal"}}}`, i, i, i, i, i, home, i, i))
	}
	return `{"units": {` + strings.Join(u, ",\n") + `}, "people": {` + strings.Join(p, ",\n") + `}}`
}

// BenchmarkDesired is what 10,000 people in 500 units cost, without templates and with some.
func BenchmarkDesired(b *testing.B) {
	o := organisation(b, municipality(500, 10000, 0))
	for name, attributes := range map[string]map[string]org.ADAttribute{"own": nil, "templates": {
		"displayName":    {Value: []string{"{{.Person.Name}} ({{.Unit.ShortName}})"}},
		"info":           {Value: []string{"{{.Post.Title}}, {{.Area.Name}}, {{.Leader.Name}}"}},
		"proxyAddresses": {Value: []string{"SMTP:{{.Account.Name}}@korsbaek.example", "smtp:{{.Account.Name | ascii}}@alias.example"}},
	}} {
		b.Run(name, func(b *testing.B) {
			o.Settings.Targets.AD.Attributes = attributes
			for b.Loop() {
				if _, err := ad.Desired(o, "2026-11-23"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// size reads a number from the environment.
func size(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// bench measures the steps of a directory's life one after the other; .ci/bench-ad is the
// script that runs it on a fresh domain.
type bench struct {
	*line
	b      *testing.B
	s      *sandbox
	people int
	text   string
}

// firstLoad loads a municipality into a directory that has nothing of orgit's, and writes what was
// loaded to the file that ORGIT_BENCH_AD_LDIF names, and to one with .direct after that (see dump).
func firstLoad(b *testing.B) (loaded *bench, units int) {
	b.Helper()
	if os.Getenv("ORGIT_BENCH_AD_LDIF") == "" {
		b.Skip("ORGIT_BENCH_AD_LDIF names no file for what was loaded; .ci/bench-ad runs this")
	}
	units, people := size(b, "ORGIT_BENCH_AD_UNITS", 500), size(b, "ORGIT_BENCH_AD_PEOPLE", 5000)
	d := realDirectory(b)
	s := &sandbox{Conn: d.connect(b), t: b, id: "bench", ou: "OU=bench," + d.base, d: d}
	s.must(s.addOU(s.ou))
	x := &bench{line: newLine(b, s), b: b, s: s, people: people, text: municipality(units, people, min(300, people/4))}
	x.step("first load", func() { x.carry(x.town(x.text), units*2+people) })
	x.dump(os.Getenv("ORGIT_BENCH_AD_LDIF"))
	return x, units
}

// BenchmarkFirstLoad is the first step of BenchmarkDirectory alone.
func BenchmarkFirstLoad(b *testing.B) { firstLoad(b) }

// BenchmarkDirectory loads a municipality into a real directory, reads it, finds nothing to do,
// carries out 100 changes and moves an OU. It needs -benchtime 1x, and the domain to itself.
func BenchmarkDirectory(b *testing.B) {
	x, units := firstLoad(b)
	same := x.town(x.text)
	for range 3 {
		x.step("full read", func() { x.actual(same) })
		x.step("ldapsearch", x.ldapsearch)
	}
	usn := x.usn()
	x.step("no change", func() { x.carry(same, 0) })
	if got := x.usn(); got != usn {
		b.Errorf("a run without changes has written: highestCommittedUSN %s, was %s", got, usn)
	}
	x.changes(units)
	x.text = edited(b, x.text, fmt.Sprintf(`"name": "Enhed %d", "parent": "u%d"`, units-1, (units-2)/8), fmt.Sprintf(`"name": "Enhed %d", "parent": "u1"`, units-1))
	x.step("move of an OU", func() { x.carry(x.town(x.text), 1) })
}

func (x *bench) step(name string, do func()) {
	x.b.Helper()
	begun := time.Now()
	do()
	fmt.Printf("bench-ad\t%s\t%.3f\n", name, time.Since(begun).Seconds())
}

func (x *bench) town(text string) *org.Organisation { return organisation(x.b, text) }

// carry plans and carries out, and there must be so many operations at least.
func (x *bench) carry(o *org.Organisation, least int) {
	x.b.Helper()
	o.Settings.Limits = map[string]map[string]org.Limit{"ad": {"*": {Percent: 100, Floor: 100}}}
	p := x.plan(o)
	if len(p.Operations) < least || least == 0 && !p.Empty() {
		x.b.Fatalf("%d operations", len(p.Operations))
	}
	for _, r := range x.run(o, p).Results {
		if !r.Good() {
			x.b.Fatalf("%s: %s %v", r.Operation.Name, r.Outcome, r.Err)
		}
	}
}

func (x *bench) usn() string {
	return x.s.read("", "highestCommittedUSN").GetAttributeValue("highestCommittedUSN")
}

// changes are 100 of the kinds that a day brings.
func (x *bench) changes(units int) {
	for i := range 40 {
		x.text = edited(x.b, x.text, fmt.Sprintf(`"number": "%d"`, i), fmt.Sprintf(`"number": "n%d"`, i))
	}
	for i := 40; i < 60; i++ {
		x.text = edited(x.b, x.text, fmt.Sprintf(`"surname": "Jensen %d"`, i), fmt.Sprintf(`"surname": "Holm %d"`, i))
	}
	for i := units + 60; i < units+100; i++ {
		unit := fmt.Sprintf(`"k%d@korsbaek.example"},
			"engagements": {"a": {"unit": "u%d", "title": "laerer", "type": "m", "from": "2020-01-01"`, i, i%units)
		changed := strings.Replace(unit, fmt.Sprintf(`"u%d"`, i%units), fmt.Sprintf(`"u%d"`, (i+7)%units), 1)
		if i%2 == 1 {
			changed = unit + `, "to": "2026-12-31"`
		}
		x.text = edited(x.b, x.text, unit, changed)
	}
	x.step("100 changes", func() { x.carry(x.town(x.text), 100) })
}

// benchAttributes are those that orgit reads.
func benchAttributes() []string {
	return []string{"objectClass", "objectGUID", "name", "userAccountControl", "pwdLastSet", "accountExpires", "manager", "adminCount",
		"isCriticalSystemObject", "servicePrincipalName", "gPLink", "adminDescription",
		"adminDisplayName", "sAMAccountName", "userPrincipalName", "givenName", "sn", "displayName", "title", "department", "company",
		"employeeNumber", "mail", "telephoneNumber", "mobile", "physicalDeliveryOfficeName"}
}

// ldapsearch reads what orgit reads, with the tool of OpenLDAP.
func (x *bench) ldapsearch() {
	args := append(x.tool("-LLL", "-E", "pr=500/noprompt", "-b", x.s.ou, "(objectClass=*)"), benchAttributes()...)
	command := exec.Command("ldapsearch", args...)
	command.Env = append(os.Environ(), "LDAPTLS_CACERT="+os.Getenv("ORGIT_AD_CA_FILE"))
	out, err := command.Output()
	if err != nil || bytes.Count(out, []byte("\ndn:")) < x.people {
		x.b.Fatalf("ldapsearch: %v, %d entries", err, bytes.Count(out, []byte("\ndn:")))
	}
}

// tool gives the arguments by which OpenLDAP's tools log in.
func (x *bench) tool(more ...string) []string {
	secret := filepath.Join(x.b.TempDir(), "password") // without the end of line, which would belong to it
	x.s.must(os.WriteFile(secret, []byte(x.d.password), 0o600))
	return append([]string{"-x", "-H", x.d.url, "-D", x.d.bindDN, "-y", secret}, more...)
}

// dump writes what was loaded as LDIF for ldapadd: OUs from the top, accounts, and then the
// leaders, who must be there before anybody can refer to them. The second file, with .direct
// after its name, has the accounts in such an order that each is added with its leader.
func (x *bench) dump(file string) {
	found, err := x.s.SearchWithPaging(search(x.s.ou, ldap.ScopeWholeSubtree, "(objectClass=*)", benchAttributes()...), 500)
	x.s.must(err)
	leaders := map[string]string{}
	for _, e := range found.Entries {
		leaders[e.DN] = e.GetAttributeValue("manager")
	}
	depth := func(e *ldap.Entry) (n int) { // of an OU below the root, of an account below the one that nobody leads
		if leaders[e.DN] == "" && e.GetAttributeValue("sAMAccountName") == "" {
			return len(mustDN(x.b, e.DN).RDNs)
		}
		for dn := e.DN; leaders[dn] != ""; dn = leaders[dn] {
			n++
		}
		return n
	}
	slices.SortStableFunc(found.Entries, func(a, b *ldap.Entry) int { return depth(a) - depth(b) })
	var ous, users, managers, direct bytes.Buffer
	for _, e := range found.Entries {
		head := fmt.Sprintf("dn: %s\nchangetype: add\n", e.DN)
		var body strings.Builder
		for _, a := range e.Attributes {
			if !slices.Contains([]string{"objectClass", "objectGUID", "name", "manager"}, a.Name) {
				fmt.Fprintf(&body, "%s: %s\n", a.Name, a.Values[0])
			}
		}
		if slices.Contains(e.GetAttributeValues("objectClass"), "organizationalUnit") {
			fmt.Fprintf(&ous, "%sobjectClass: organizationalUnit\n%s\n", head, &body)
			continue
		}
		fmt.Fprintf(&users, "%sobjectClass: user\n%s\n", head, &body)
		leader := leaders[e.DN]
		if leader == "" {
			fmt.Fprintf(&direct, "%sobjectClass: user\n%s\n", head, &body)
			continue
		}
		fmt.Fprintf(&direct, "%sobjectClass: user\n%smanager: %s\n\n", head, &body, leader)
		fmt.Fprintf(&managers, "dn: %s\nchangetype: modify\nadd: manager\nmanager: %s\n\n", e.DN, leader)
	}
	x.s.must(os.WriteFile(file, slices.Concat(ous.Bytes(), users.Bytes(), managers.Bytes()), 0o600))
	x.s.must(os.WriteFile(file+".direct", slices.Concat(ous.Bytes(), direct.Bytes()), 0o600))
}

// TestNoChangeWritesNothing: a run of a plan without operations sends no write, and its plan is
// one read.
func TestNoChangeWritesNothing(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown))
	l.apply(o)
	before := d.server.Writes()
	p := l.plan(o)
	if report := l.run(o, p); len(report.Results) > 0 || d.server.Writes() != before {
		t.Errorf("%d results, %d writes", len(report.Results), d.server.Writes()-before)
	}
}
