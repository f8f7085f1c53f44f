package ad_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// stateOf is an account's place, userAccountControl and mark.
func (s *sandbox) stateOf(login string) string {
	s.t.Helper()
	e := s.byLogin(login, "userAccountControl", "adminDisplayName")
	return strings.TrimSpace(strings.Join([]string{
		mustDN(s.t, e.DN).RDNs[1].Attributes[0].Value, e.GetAttributeValue("userAccountControl"), e.GetAttributeValue("adminDisplayName"),
	}, " "))
}

// TestComesBack: who is hired again while the account is in quarantine gets the very same
// one with its groups; one that was suspended when it was closed stays closed until the
// files say otherwise from that day on.
func TestComesBack(t *testing.T) {
	const (
		person = `"name": {"given": "Anna", "surname": "Jensen"},
			"addresses": {"phone": "+4511111111"`
		job      = `"payroll": {"system": "sd", "institution": "XY", "number": "11003"}}},`
		rehired  = `"payroll": {"system": "sd", "institution": "XY", "number": "11003"}}, "b": {"unit": "teknik", "title": "laerer", "type": "m", "from": "2026-12-15"}},`
		quiet    = "Teknik, Vej & Miljø 514 orgit:disabled;barred=2026-12-02"
		ordinary = "Teknik, Vej & Miljø 514 orgit:disabled;suspended"
	)
	with := func(statement string) string { return statement + person }
	for _, c := range []struct {
		name                         string
		before, leaving, back, later string // what the person's entry states, by time
		closed, returned, end        string
		attention                    plan.AttentionCode
	}{
		{name: "an ordinary leaver",
			closed: "514 orgit:closed;since=2026-12-02", returned: "Teknik, Vej & Miljø 512", end: "Teknik, Vej & Miljø 512"},
		{name: "suspended, and the files forget it", before: `"suspended": true, `, leaving: `"suspended": true, `,
			closed: "514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02", returned: quiet, end: quiet, attention: plan.AttentionBarred},
		{name: "suspended with the last day", leaving: `"suspended": true, `,
			closed: "514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02", returned: quiet, end: quiet, attention: plan.AttentionBarred},
		{name: "suspended, and still so", before: `"suspended": true, `, leaving: `"suspended": true, `, back: `"suspended": true, `,
			closed: "514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02", returned: ordinary, end: "Teknik, Vej & Miljø 512"},
		{name: "suspended, and the files say that it is over", before: `"suspended": true, `, leaving: `"suspended": true, `,
			back: `"suspended": true, "on": {"2026-12-10": {"suspended": false}}, `, later: `"suspended": true, "on": {"2026-12-10": {"suspended": false}}, `,
			closed: "514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02", returned: "Teknik, Vej & Miljø 512", end: "Teknik, Vej & Miljø 512"},
		{name: "suspended, and the files say so when it is back", before: `"suspended": true, `, leaving: `"suspended": true, `,
			later:  `"suspended": true, "on": {"2026-12-20": {"suspended": false}}, `,
			closed: "514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02", returned: quiet, end: "Teknik, Vej & Miljø 512", attention: plan.AttentionBarred},
		{name: "the suspension ended before the last day", before: `"suspended": true, `,
			closed: "514 orgit:closed;since=2026-12-02", returned: "Teknik, Vej & Miljø 512", end: "Teknik, Vej & Miljø 512"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachDirectory(t, func(t *testing.T, d directory) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				text := s.unique(smallTown)
				l.apply(organisation(t, edited(t, text, person, with(c.before))))
				s.must(s.add("CN=gruppe,"+s.ou, "objectClass", "group", "sAMAccountName", s.id+"g", "member", s.byLogin("annj").DN))
				id := s.byLogin("annj", "objectGUID").GetRawAttributeValue("objectGUID")
				l.on("2026-12-01").apply(organisation(t, edited(t, text, person, with(c.leaving))))
				l.on("2026-12-02").apply(organisation(t, edited(t, text, person, with(c.leaving))))
				if got := s.stateOf("annj"); got != "Karantæne "+c.closed {
					t.Fatalf("closed it is %q, want %q", got, c.closed)
				}
				l.on("2026-12-08").apply(organisation(t, edited(t, text, job, rehired, person, with(c.back))))
				back := l.on("2026-12-15").apply(organisation(t, edited(t, text, job, rehired, person, with(c.back))))
				if got := s.stateOf("annj"); got != c.returned {
					t.Errorf("back it is %q, want %q", got, c.returned)
				}
				var codes []plan.AttentionCode
				for _, a := range back.Attention {
					codes = append(codes, a.Code)
				}
				var want []plan.AttentionCode
				if c.attention != "" {
					want = []plan.AttentionCode{c.attention}
				}
				if diff := cmp.Diff(want, codes); diff != "" {
					t.Errorf("attention (-want +got):\n%s", diff)
				}
				l.on("2026-12-21").apply(organisation(t, edited(t, text, job, rehired, person, with(c.later))))
				if got := s.stateOf("annj"); got != c.end {
					t.Errorf("in the end it is %q, want %q", got, c.end)
				}
				e := s.byLogin("annj", "objectGUID", "memberOf")
				if diff := cmp.Diff(id, e.GetRawAttributeValue("objectGUID")); diff != "" || len(e.GetAttributeValues("memberOf")) != 1 {
					t.Errorf("it is another object, or lost its group: %s %v", diff, e.GetAttributeValues("memberOf"))
				}
			})
		})
	}
}

// TestClosedByOthersIsKept: what somebody else had closed is never deleted, and nothing is in
// adopt mode.
func TestClosedByOthersIsKept(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, c := range []struct {
			name   string
			byHand bool
			mode   string
			want   []string
		}{
			{"full", false, org.ModeFull, []string{"delete Anna Jensen"}},
			{"closed by hand", true, org.ModeFull, []string{}},
			{"adopt", false, org.ModeAdopt, []string{}},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Mode = c.mode })
				l.apply(o)
				if c.byHand {
					s.must(s.modify(s.byLogin("annj").DN, "replace", "userAccountControl", "514"))
				}
				l.on("2026-12-02").apply(o)
				if diff := cmp.Diff(c.want, summary(l.on("2027-06-01").plan(o))); diff != "" {
					t.Errorf("after the retention (-want +got):\n%s", diff)
				}
			})
		}
	})
}

// TestExpiryOnDaysOfTheClock: the hours of grace are hours, also where the clock is put
// forward or back.
func TestExpiryOnDaysOfTheClock(t *testing.T) {
	for _, c := range []struct{ last, value, show string }{
		{"2026-10-23", "2026-10-24T10:00:00Z", "2026-10-24 12:00"},
		{"2026-10-24", "2026-10-25T10:00:00Z", "2026-10-25 11:00"}, // the night has 25 hours
		{"2026-10-25", "2026-10-26T11:00:00Z", "2026-10-26 12:00"},
		{"2027-03-27", "2027-03-28T11:00:00Z", "2027-03-28 13:00"}, // and this one 23
		{"2027-03-28", "2027-03-29T10:00:00Z", "2027-03-29 12:00"},
	} {
		want, err := ad.Desired(organisation(t, edited(t, smallTown, `"to": "2026-11-30"`, `"to": "`+c.last+`"`)), "2026-10-01")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range want.Objects {
			if strings.HasPrefix(string(o.Entry), `people."anna".`) {
				if a := o.Attr("accountExpires"); a.Value[0] != c.value || a.Show != c.show {
					t.Errorf("last day %s: it expires %s (%s), want %s (%s)", c.last, a.Value[0], a.Show, c.value, c.show)
				}
			}
		}
	}
}

// TestLeave: a leave closes accounts only where it says so, and only those of the job.
func TestLeave(t *testing.T) {
	const job = `"from": "2021-08-01", "to": "2026-11-30",`
	for _, c := range []struct {
		name, edit string
		want       []string
	}{
		{"that closes nothing", `"from": "2021-08-01", "leaves": {"a": {"from": "2026-11-20", "to": "2027-05-01"}},`, []string{"update Anna Jensen, accountExpires=never"}},
		{"that closes", `"from": "2021-08-01", "leaves": {"a": {"from": "2026-11-20", "to": "2027-05-01", "closesAccounts": true}},`,
			[]string{"update Anna Jensen, accountExpires=never, enabled=false"}},
		{"that has ended", `"from": "2021-08-01", "leaves": {"a": {"from": "2026-10-20", "to": "2026-11-22", "closesAccounts": true}},`,
			[]string{"update Anna Jensen, accountExpires=never"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachDirectory(t, func(t *testing.T, d directory) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				text := s.unique(smallTown)
				l.apply(organisation(t, text))
				o := organisation(t, edited(t, text, job, c.edit))
				if diff := cmp.Diff(c.want, summary(l.apply(o))); diff != "" {
					t.Errorf("plan (-want +got):\n%s", diff)
				}
				l.on("2027-05-02").apply(o)
				if got := s.stateOf("annj"); got != "Østre Skole 512" {
					t.Errorf("after the leave it is %q", got)
				}
			})
		})
	}
}

// TestSeveralAccounts: an account that is for one engagement lives and ends with it; those
// of robots and services are never written, whatever their names.
func TestSeveralAccounts(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := edited(t, s.unique(smallTown),
			`"leder": {"uuid": "00000000-0000-4000-8000-000000000011", "name": {"given": "Lars", "surname": "Leder"},
			"engagements": {`, `"leder": {"uuid": "00000000-0000-4000-8000-000000000011", "name": {"given": "Lars", "surname": "Leder"},
			"engagements": {"b": {"unit": "teknik", "title": "leder", "type": "m", "from": "2026-01-01", "to": "2026-11-30"}, `,
			`"accounts": {"ad": {"system": "ad", "name": "`+s.login("larl")+`"`,
			`"accounts": {"second": {"system": "ad", "name": "`+s.id+`2", "kind": "personal", "for": ["b"]},
				"svc": {"system": "ad", "name": "`+s.id+`svc", "kind": "service"}, "ad": {"system": "ad", "name": "`+s.login("larl")+`"`)
		text = strings.TrimSuffix(strings.TrimSpace(text), "}") + `, "robots": {"r": {"uuid": "00000000-0000-4000-8000-000000000077", "name": "Robot",
			"owner": "leder", "accounts": {"a": {"system": "ad", "name": "` + s.id + `r", "kind": "service"}}}}}`
		for _, name := range []string{"svc", "r"} {
			s.must(s.addUser("CN="+name+","+s.ou, "sAMAccountName", s.id+name))
		}
		before := s.read("CN=svc,"+s.ou, "uSNChanged").GetAttributeValue("uSNChanged") + s.read("CN=r,"+s.ou, "uSNChanged").GetAttributeValue("uSNChanged")
		o := organisation(t, text)
		l.apply(o)
		second := func() string {
			found := s.names(2, "(sAMAccountName="+s.id+"2)")
			if len(found) != 1 {
				t.Fatalf("accounts of the second job: %v", found)
			}
			return found[0]
		}
		if got := second(); got != "Lars Leder ("+s.id+"2)" {
			t.Errorf("the second account is called %s", got)
		}
		p := l.on("2026-12-02").apply(o)
		closed := 0
		for _, line := range summary(p) {
			if line == "retire Lars Leder, container=Karantæne, enabled=false" {
				closed++
			}
		}
		if closed != 1 || s.stateOf("larl") != "Østre Skole 512" {
			t.Errorf("the end of one job: %v; the other account is %s", summary(p), s.stateOf("larl"))
		}
		if after := s.read("CN=svc,"+s.ou, "uSNChanged").GetAttributeValue("uSNChanged") + s.read("CN=r,"+s.ou, "uSNChanged").GetAttributeValue("uSNChanged"); after != before {
			t.Error("an account of a robot or service was written")
		}
	})
}

// TestClosesAtLeast: a value that the directory refuses keeps nobody in who is closed by the same operation.
func TestClosesAtLeast(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s).on("2026-11-20")
	text := s.unique(smallTown)
	alone := func(s *org.ADSettings) { s.Writers = 1 } // the fault is to meet the account
	l.apply(organisation(t, text, alone))
	o := organisation(t, edited(t, text, `"name": {"given": "Lars", "surname": "Leder"},`, `"name": {"given": "Lars", "surname": "Holm"}, "suspended": true,`), alone)
	p := l.plan(o)
	if len(p.Operations) == 0 || p.Operations[0].Name != "Lars Holm" {
		t.Fatalf("operations %v", summary(p))
	}
	d.server.Inject(adtest.Fault{AtWrite: 1, Kind: adtest.Refused, Code: ldap.LDAPResultInvalidAttributeSyntax})
	report := l.run(o, p)
	if r := report.Results[0]; r.Good() || !errors.Is(r.Err, ad.ErrRefused) || !strings.Contains(r.Err.Error(), "the account is closed") {
		t.Errorf("%s %v", r.Outcome, r.Err)
	}
	lars := s.byLogin("larl", "userAccountControl", "adminDisplayName", "sn")
	if got := lars.GetAttributeValue("userAccountControl") + " " + lars.GetAttributeValue("adminDisplayName") + " " + lars.GetAttributeValue("sn"); got != "514 orgit:disabled;suspended Leder" {
		t.Errorf("the account is %s", got)
	}
	l.apply(o)
	if got := s.byLogin("larl", "sn").GetAttributeValue("sn"); got != "Holm" {
		t.Errorf("the rest was not done by the next run: %s", got)
	}
}
