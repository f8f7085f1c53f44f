package ad_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// addresses are settings by which accounts get addresses of their own.
func addresses(rule string) func(*org.ADSettings) {
	return withAttribute("proxyAddresses", rule, "SMTP:{{.Person.Mail}}", "smtp:{{.Account.Name}}@korsbaek.example", "smtp:{{.Account.Name}}@alias.example")
}

func sorted(values []string) []string { return slices.Sorted(slices.Values(values)) }

// TestSets: several values are compared in no order; under keep, what others wrote stays
// beside orgit's, and only what orgit wrote goes.
func TestSets(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown), addresses("keep"))
		l.apply(o)
		dn, login := s.byLogin("annj").DN, s.login("annj")
		read := func() []string {
			return sorted(s.byLogin("annj", "proxyAddresses").GetAttributeValues("proxyAddresses"))
		}
		want := []string{"SMTP:annj@korsbaek.example", "smtp:" + login + "@alias.example", "smtp:" + login + "@korsbaek.example"}
		if diff := cmp.Diff(sorted(want), read()); diff != "" {
			t.Errorf("first load (-want +got):\n%s", diff)
		}
		// Somebody adds two, one of which nobody may see: both stay, and are nothing to report.
		s.must(s.modify(dn, "add", "proxyAddresses", "x400:c=dk", "X500:/o=x/cn=010101-1234"))
		if p := l.plan(o); !p.Empty() || len(p.Drift) > 0 {
			t.Errorf("others' values: %v %+v", summary(p), p.Drift)
		}
		// Another address of orgit's: the old one goes, the others stay as they are.
		changed := organisation(t, edited(t, s.unique(smallTown), `"email": "annj@korsbaek.example"`, `"email": "anna.jensen@korsbaek.example"`), addresses("keep"))
		p := l.apply(changed)
		if strings.Contains(strings.Join(summary(p), " "), "010101") {
			t.Errorf("the plan shows a number: %v", summary(p))
		}
		want[0] = "SMTP:anna.jensen@korsbaek.example"
		if diff := cmp.Diff(sorted(append(slices.Clone(want), "x400:c=dk", "X500:/o=x/cn=010101-1234")), read()); diff != "" {
			t.Errorf("after the change (-want +got):\n%s", diff)
		}
		// Forced, what others wrote is drift.
		forced := organisation(t, edited(t, s.unique(smallTown), `"email": "annj@korsbaek.example"`, `"email": "anna.jensen@korsbaek.example"`), addresses("force"))
		if p := l.plan(forced); !p.Empty() || len(p.Drift) != 1 {
			t.Errorf("forced: %v %+v", summary(p), p.Drift)
		}
	})
}

// TestSetsPrimary: an account sends from one address. Where somebody else has given it one,
// orgit's is a further one.
func TestSetsPrimary(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		s.must(s.modify(s.byLogin("annj").DN, "replace", "proxyAddresses", "SMTP:aj@korsbaek.example"))
		l.apply(organisation(t, text, addresses("keep")))
		got := s.byLogin("annj", "proxyAddresses").GetAttributeValues("proxyAddresses")
		if !slices.Contains(got, "SMTP:aj@korsbaek.example") || !slices.Contains(got, "smtp:annj@korsbaek.example") || slices.Contains(got, "SMTP:annj@korsbaek.example") {
			t.Errorf("%v", got)
		}
	})
}

// TestNamesOfForeignObjects: a name that Windows takes for one of orgit's is the same, also
// where this server keeps the two apart: the OU is taken over, and the account is asked about.
func TestNamesOfForeignObjects(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		s.must(s.addOU("OU=Korsbaek Kommune," + s.ou)) // orgit's is Korsbæk Kommune
		s.must(s.addUser("CN=Konsulent,"+s.ou, "sAMAccountName", s.login("larl")+"x"))
		text := strings.ReplaceAll(s.unique(smallTown), `"`+s.login("larl")+`"`, `"`+s.login("lårl")+`x"`)
		p := l.plan(organisation(t, text))
		var taken []string
		for _, a := range p.Attention {
			if a.Code == plan.AttentionMatch {
				taken = append(taken, a.Name)
			}
		}
		for _, op := range p.Operations {
			if op.Action == plan.ActionAdopt {
				taken = append(taken, op.Name)
			}
		}
		if diff := cmp.Diff([]string{"Korsbæk Kommune", "Lars Leder"}, sorted(taken)); diff != "" {
			t.Errorf("taken (-want +got):\n%s", diff)
		}
	})
}

// TestProtectedOU: an OU that the directory does not let go is said, and nothing else of
// the run fails.
func TestProtectedOU(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	text := s.unique(smallTown)
	alone := func(s *org.ADSettings) { s.Writers = 1 } // the fault is to meet the OU
	l.apply(organisation(t, text, alone))
	o := organisation(t, edited(t, text, `"parent": "korsbaek", "type": "skole"`, `"parent": "teknik", "type": "skole"`, `"title": "laerer", "type": "m", "from": "2021`, `"displayTitle": "Rektor", "title": "laerer", "type": "m", "from": "2021`), alone)
	p := l.plan(o)
	d.server.Inject(adtest.Fault{AtWrite: 1, Kind: adtest.Refused, Code: ldap.LDAPResultInsufficientAccessRights})
	report := l.run(o, p)
	var failed []string
	for _, r := range report.Results {
		if !r.Good() {
			failed = append(failed, r.Err.Error())
		}
	}
	if len(failed) != 1 || !strings.Contains(failed[0], "OU=Østre Skole") || !strings.Contains(failed[0], "protected against accidental deletion") {
		t.Errorf("failed: %q", failed)
	}
	if got := s.byLogin("annj", "title").GetAttributeValue("title"); got != "Rektor" {
		t.Errorf("the rest was not done: the title is %s", got)
	}
}

// TestComesBackByName: nobody's name changes because somebody of the same name comes back.
func TestComesBackByName(t *testing.T) {
	text := edited(t, smallTown, `"engagements": {"a": {"unit": "skole", "title": "laerer", "type": "m", "from": "2021-08-01", "to": "2026-11-30",`,
		`"engagements": {"b": {"unit": "skole", "title": "laerer", "type": "m", "from": "2027-05-01"}, "a": {"unit": "skole", "title": "laerer", "type": "m", "from": "2021-08-01", "to": "2026-11-30",`)
	for _, day := range []org.Day{"2026-12-20", "2027-05-01"} {
		if got := account(t, desired(t, organisation(t, text), day), "annj2").Attr("cn").Value[0]; got != "Anna Jensen (annj2)" {
			t.Errorf("%s: %s", day, got)
		}
	}
}
