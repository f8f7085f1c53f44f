package ad_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// byHand fills a sandbox with what people made before orgit: the unit's OUs under
// other spellings, Anna's account with a password and a phone of her own, the leader's
// that somebody disabled, and a folder of theirs.
func byHand(s *sandbox) {
	s.t.Helper()
	top := "OU=KORSBÆK Kommune," + s.ou
	s.must(s.addOU(top))
	s.must(s.addOU("OU=Østre Skole," + top))
	s.must(s.addOU("OU=Gamle ting," + top))
	s.must(s.addUser("CN=Lars Leder,"+top, "sAMAccountName", s.login("larl"), "displayName", "Lars Leder", "userAccountControl", "514"))
	s.must(s.addUser("CN=Jensen\\, Anna,OU=Østre Skole,"+top, "sAMAccountName", s.login("annj"), "givenName", "Anna", "sn", "Jensen",
		"employeeNumber", "11003", "telephoneNumber", "+4599999999", "manager", "CN=Lars Leder,"+top, "title", "Vikar", "userAccountControl", "512"))
}

func possible(p *plan.Plan) []string {
	lines := []string{}
	for _, a := range p.Attention {
		line := string(a.Code) + " " + a.Name
		if a.Code == plan.AttentionProtected {
			line += " " + a.Detail
		}
		for _, x := range a.Possible {
			for _, o := range x.Against {
				line += " " + string(o.Code) + " " + o.Name
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// TestAdopt: a first load beside accounts that people made keeps the accounts: their
// objectGUID, what is theirs, and that they are open or closed.
func TestAdopt(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		byHand(s)
		before := map[string]string{"annj": s.guid(s.byLogin("annj").DN), "larl": s.guid(s.byLogin("larl").DN)}
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Mode = org.ModeAdopt })
		p := l.apply(o)
		var adopted []string
		for _, op := range p.Operations {
			if op.Action == plan.ActionAdopt {
				line := op.Name
				for _, sign := range op.Signs {
					line += " " + sign.Name
				}
				adopted = append(adopted, line)
			}
		}
		slices.Sort(adopted)
		want := []string{"Anna Jensen employeeNumber login", "Korsbæk Kommune place", "Lars Leder login", "Østre Skole place"}
		if diff := cmp.Diff(want, adopted); diff != "" {
			t.Errorf("adopted (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"held Lars Leder"}, possible(p)); diff != "" {
			t.Errorf("attention (-want +got):\n%s", diff)
		}
		anna := s.byLogin("annj", "userAccountControl", "telephoneNumber", "title", "manager", "adminDescription", "adminDisplayName")
		got := []string{s.guid(anna.DN), anna.GetAttributeValue("userAccountControl"), anna.GetAttributeValue("telephoneNumber"),
			anna.GetAttributeValue("title"), anna.GetAttributeValue("adminDisplayName"), fmt.Sprint(strings.HasPrefix(anna.GetAttributeValue("adminDescription"), "orgit:"))}
		if diff := cmp.Diff([]string{before["annj"], "512", "+4599999999", "Lærer", "", "true"}, got); diff != "" {
			t.Errorf("Anna's account (-want +got):\n%s", diff)
		}
		if !mustDN(t, anna.DN).EqualFold(mustDN(t, "CN=Anna Jensen,OU=Østre Skole,OU=Korsbæk Kommune,"+s.ou)) {
			t.Errorf("Anna's account is %s", anna.DN)
		}
		lars := s.byLogin("larl", "userAccountControl")
		if s.guid(lars.DN) != before["larl"] || lars.GetAttributeValue("userAccountControl") != "514" {
			t.Errorf("the leader's account: %v", lars.Attributes)
		}
		if diff := cmp.Diff([]string{"Gamle ting"}, s.names(ldap.ScopeWholeSubtree, "(ou=Gamle ting)")); diff != "" {
			t.Errorf("a folder of theirs (-want +got):\n%s", diff)
		}
	})
}

// TestAdoptOpen: an account that is open stays so before the first day, and is closed when the
// files say that its holder is suspended.
func TestAdoptOpen(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		s.must(s.addUser("CN=Anna Jensen,"+s.ou, "sAMAccountName", s.login("annj2"), "displayName", "Anna Jensen", "userAccountControl", "512"))
		s.must(s.addUser("CN=Lars Leder,"+s.ou, "sAMAccountName", s.login("larl"), "displayName", "Lars Leder", "userAccountControl", "512"))
		l := newLine(t, s).on("2026-11-25")
		text := edited(t, s.unique(smallTown), `"name": {"given": "Lars", "surname": "Leder"},`, `"name": {"given": "Lars", "surname": "Leder"}, "suspended": true,`)
		p := l.apply(organisation(t, text))
		for _, c := range []struct{ login, want string }{{"annj2", "512 "}, {"larl", "514 orgit:disabled;suspended"}} {
			e := s.byLogin(c.login, "userAccountControl", "adminDisplayName", "adminDescription")
			if got := e.GetAttributeValue("userAccountControl") + " " + e.GetAttributeValue("adminDisplayName"); got != c.want || e.GetAttributeValue("adminDescription") == "" {
				t.Errorf("%s is %q, want %q", c.login, got, c.want)
			}
		}
		for _, op := range p.Operations {
			if loses := slices.Contains(op.Loss, plan.LossDisable); op.Action == plan.ActionAdopt && loses != (op.Name == "Lars Leder") {
				t.Errorf("%s %s loses %v", op.Action, op.Name, op.Loss)
			}
		}
		l.on("2026-12-01").apply(organisation(t, text))
	})
}

// TestMarkTakenOff: an account of orgit's without its mark is not adopted by the way: somebody
// took the mark off. It is when the files say which account it is.
func TestMarkTakenOff(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		o := organisation(t, text)
		l.apply(o)
		anna := s.byLogin("annj", "objectGUID")
		s.must(s.modify(anna.DN, "replace", "adminDescription"))
		p := l.plan(o)
		if !p.Empty() || len(p.Drift) != 1 || !p.Drift[0].Unmarked || len(p.Attention) > 0 {
			t.Errorf("operations %v, drift %+v, attention %v", summary(p), p.Drift, possible(p))
		}
		b := anna.GetRawAttributeValue("objectGUID")
		guid := fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x", b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8:10], b[10:16])
		named := organisation(t, edited(t, text, `"name": "`+s.login("annj")+`",`, `"name": "`+s.login("annj")+`", "existing": "`+guid+`",`))
		p = l.apply(named)
		if len(p.Operations) != 1 || p.Operations[0].Action != plan.ActionAdopt || p.Operations[0].Handle != guid {
			t.Errorf("operations %+v", p.Operations)
		}
	})
}

// TestMarkTakenOffLeader: that somebody takes the mark off a leader's account, or an OU, keeps nobody below from being closed.
func TestMarkTakenOffLeader(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on("2026-11-20")
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		anna := s.byLogin("annj", "manager")
		s.must(s.modify(anna.GetAttributeValue("manager"), "replace", "adminDescription"))
		s.must(s.modify(spellParent(t, anna.DN), "replace", "adminDescription"))
		p := l.on("2026-12-05").plan(o)
		if !slices.ContainsFunc(p.Operations, func(op plan.Operation) bool { return op.Action == plan.ActionRetire }) {
			t.Fatalf("nobody is closed: %v", summary(p))
		}
		for _, r := range l.run(o, p).Results {
			if r.Operation.Action == plan.ActionRetire && !r.Good() {
				t.Errorf("%s: %s %s %v", r.Operation.Name, r.Outcome, r.Reason, r.Err)
			}
		}
	})
}

// spellParent names what an object stands in.
func spellParent(t *testing.T, dn string) string {
	t.Helper()
	parent := mustDN(t, dn)
	parent.RDNs = parent.RDNs[1:]
	return parent.String()
}

// TestAdoptAsks: what is not sure is neither made nor adopted, and nothing else waits for it.
func TestAdoptAsks(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, c := range []struct {
			name string
			add  func(s *sandbox)
			want string
		}{
			{"another name", func(s *sandbox) {
				s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "displayName", "Berta Sten"))
			}, "match Anna Jensen differs name differs givenName"},
			{"no name", func(s *sandbox) { s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"))) }, "match Anna Jensen lacks givenName"},
			{"another login name", func(s *sandbox) { s.user("x", "employeeNumber", "11003", "displayName", "Anna Jensen") }, "match Anna Jensen differs login"},
			{"two of them", func(s *sandbox) {
				s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "displayName", "Anna Jensen"))
				s.user("y", "employeeNumber", "11003", "displayName", "Anna Jensen")
			}, "match Anna Jensen differs login"},
			{"an administrator", func(s *sandbox) {
				s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "displayName", "Anna Jensen", "adminCount", "1"))
			}, "match Anna Jensen protected adminCount"},
			{"a service account", func(s *sandbox) {
				s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "displayName", "Anna Jensen", "servicePrincipalName", "HTTP/"+s.id))
			}, "match Anna Jensen protected service"},
			{"a group", func(s *sandbox) {
				s.must(s.add("CN=x,"+s.ou, "objectClass", "group", "sAMAccountName", s.login("annj")))
			}, "match Anna Jensen kind "},
			{"a note where the mark goes", func(s *sandbox) {
				s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "displayName", "Anna Jensen", "adminDescription", "spørg Bo"))
			}, "match Anna Jensen owner "},
			{"an old mark alone is no sign", func(s *sandbox) {
				s.user("x", "adminDescription", "orgit:gammel", "displayName", "Anna Jensen")
			}, ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := newSandbox(t, d)
				c.add(s)
				l := newLine(t, s)
				o := organisation(t, s.unique(smallTown))
				p := l.apply(o)
				var want []string
				count := 2 // accounts named x and y by hand are not in the way of the second Anna
				if c.want != "" {
					want = []string{c.want}
				} else {
					want, count = []string{}, 0
				}
				if diff := cmp.Diff(want, possible(p)); diff != "" {
					t.Errorf("attention (-want +got):\n%s", diff)
				}
				for _, op := range p.Operations {
					if count > 0 && op.Name == "Anna Jensen" {
						t.Errorf("operation %s %s", op.Action, op.ID)
					}
				}
				if got := s.names(ldap.ScopeWholeSubtree, "(sAMAccountName="+s.login("larl")+")"); len(got) != 1 {
					t.Errorf("the leader waits as well")
				}
			})
		}
	})
}

// TestAdoptStale: what somebody changed or claimed between the plan and the write is left
// as it is.
func TestAdoptStale(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, c := range []struct {
			name   string
			change func(s *sandbox, dn string) error
			err    error // nil: it is stale
		}{
			{"a value", func(s *sandbox, dn string) error { return s.modify(dn, "replace", "title", "Pedel") }, nil},
			{"the new value", func(s *sandbox, dn string) error { return s.modify(dn, "replace", "title", "Lærer") }, nil},
			{"the mark of another", func(s *sandbox, dn string) error {
				return s.modify(dn, "replace", "adminDescription", "orgit:00000000-0000-4000-8000-00000000ffff")
			}, nil},
			{"a note", func(s *sandbox, dn string) error { return s.modify(dn, "replace", "adminDescription", "spørg Bo") }, nil},
			{"it is gone", func(s *sandbox, dn string) error { return s.Del(ldap.NewDelRequest(dn, nil)) }, nil},
			{"moved out", func(s *sandbox, dn string) error {
				out := newSandbox(s.t, s.d)
				return s.move(dn, "CN=x", out.ou)
			}, nil},
			{"an administrator", func(s *sandbox, dn string) error { return s.modify(dn, "replace", "adminCount", "1") }, ad.ErrProtected},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := newSandbox(t, d)
				byHand(s)
				l := newLine(t, s)
				o := organisation(t, s.unique(smallTown))
				p := l.plan(o)
				dn := s.byLogin("annj").DN
				s.must(c.change(s, dn))
				var got *apply.Result
				for _, r := range l.run(o, p).Results {
					if r.Operation.Name == "Anna Jensen" && r.Operation.Action == plan.ActionAdopt {
						got = &r
					} else if !r.Good() {
						t.Errorf("%s: %s %s %v", r.Operation.Name, r.Outcome, r.Reason, r.Err)
					}
				}
				switch {
				case got == nil:
					t.Errorf("nothing was adopted: %v", summary(p))
				case c.err != nil:
					if !errors.Is(got.Err, c.err) {
						t.Errorf("%s %s %v, want %v", got.Outcome, got.Reason, got.Err, c.err)
					}
				case got.Outcome != apply.Stale:
					t.Errorf("%s %s %v, want it stale", got.Outcome, got.Reason, got.Err)
				}
			})
		}
	})
}

// TestProtectedMeanwhile: an account of orgit's that becomes an administrator's between the
// plan and the write is not changed, and the next plan says why.
func TestProtectedMeanwhile(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		o := organisation(t, edited(t, text, `+4511111111`, `+4533333333`))
		p := l.plan(o)
		s.must(s.modify(s.byLogin("annj").DN, "replace", "adminCount", "1"))
		report := l.run(o, p)
		if len(report.Results) != 1 || !errors.Is(report.Results[0].Err, ad.ErrProtected) {
			t.Errorf("the run: %+v", report.Results)
		}
		if got := s.byLogin("annj", "telephoneNumber").GetAttributeValue("telephoneNumber"); got != "+4511111111" {
			t.Errorf("the phone is %s", got)
		}
		p = l.plan(o)
		if diff := cmp.Diff([]string{"protected Anna Jensen adminCount"}, possible(p)); diff != "" || !p.Empty() {
			t.Errorf("operations %v, attention (-want +got):\n%s", summary(p), diff)
		}
		// She leaves: that too is somebody else's to do.
		p = l.on("2026-12-02").plan(o)
		if diff := cmp.Diff([]string{"protected Anna Jensen adminCount"}, possible(p)); diff != "" {
			t.Errorf("attention (-want +got):\n%s", diff)
		}
	})
}

// TestProtectedNames: login names that are not for people are refused, whoever has them.
func TestProtectedNames(t *testing.T) {
	s := newSandbox(t, standIn(t, adtest.Options{}))
	l := newLine(t, s)
	text := edited(t, smallTown, `"name": "annj"`, `"name": "gæst"`, `"name": "larl"`, `"name": "krbtgt_12"`, `"name": "dorae"`, `"name": "printer"`)
	o := organisation(t, text, func(s *org.ADSettings) { s.Protected = []string{"Printer"} })
	p := l.plan(o)
	want := []string{"protected Dorte Ærø setting", "protected Lars Leder name", "protected Anna Jensen name"}
	if diff := cmp.Diff(want, possible(p)); diff != "" {
		t.Errorf("attention (-want +got):\n%s", diff)
	}
	l.apply(o)
	if got := s.names(ldap.ScopeWholeSubtree, "(objectClass=user)"); !slices.Equal(got, []string{"Dorte Ærø (adm-dorae)"}) {
		t.Errorf("accounts: %v", got)
	}
}

// numbers is a CPR store of one person.
type numbers map[org.UUID]string

func (n numbers) Persons() []org.UUID {
	var list []org.UUID
	for p := range n {
		list = append(list, p)
	}
	return list
}

func (n numbers) CPR(person org.UUID) (cpr.Number, bool) {
	number, err := cpr.Parse(n[person])
	return number, err == nil
}

// TestAdoptByCPR: an account is recognised by the number in its employeeID, and the number
// stands in nothing that leaves the reader.
func TestAdoptByCPR(t *testing.T) {
	number := cprtest.Invented(1)
	s := newSandbox(t, standIn(t, adtest.Options{}))
	s.must(s.addUser("CN=x,"+s.ou, "sAMAccountName", s.login("annj"), "employeeID", number, "displayName", "Anna Jensen"))
	s.must(s.addUser("CN=y,"+s.ou, "sAMAccountName", s.login("larl"), "displayName", "Lars Leder", "employeeID", number))
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Match = []string{"cpr", "login"} })
	c := l.config(o)
	c.CPR = numbers{"00000000-0000-4000-8000-000000000012": number}
	r, err := ad.OpenReader(context.Background(), c)
	s.must(err)
	defer r.Close()
	a, err := r.Actual(context.Background())
	s.must(err)
	if text := fmt.Sprintf("%+v", a); strings.Contains(text, number) {
		t.Error("the number is in what was read")
	}
	want, err := ad.Desired(o, l.day())
	s.must(err)
	p, err := plan.Compute(plan.Input{Day: l.day(), Org: o, Targets: []plan.TargetInput{{Mode: org.ModeFull, Desired: want, Base: &want, Actual: a}}})
	s.must(err)
	for _, f := range a.Foreign {
		if f.Candidate != nil && strings.Contains(fmt.Sprintf("%+v %+v", *f.Candidate, f.Candidate.Found), number) {
			t.Errorf("the number is with %s", f.Ref)
		}
	}
	// Anna's number stands on two accounts; one of them has her login name as well.
	if diff := cmp.Diff([]string{"held Anna Jensen", "match Lars Leder differs cpr claimed "}, possible(p)); diff != "" {
		t.Errorf("attention (-want +got):\n%s", diff)
	}
	var adopted []string
	for _, op := range p.Operations {
		if op.Action == plan.ActionAdopt {
			adopted = append(adopted, fmt.Sprint(op.Name, op.Signs))
		}
	}
	if diff := cmp.Diff([]string{"Anna Jensen[{cpr } {login " + s.login("annj") + "}]"}, adopted); diff != "" {
		t.Errorf("adopted (-want +got):\n%s", diff)
	}
}

// TestAdoptKilledAtEveryWrite kills a first load beside accounts of people's at each of its
// writes, and runs again. It must end as one run does.
func TestAdoptKilledAtEveryWrite(t *testing.T) {
	load := func(f *adtest.Fault, fresh bool) (map[string]map[string][]string, int) {
		d := standIn(t, adtest.Options{})
		s := &sandbox{Conn: d.connect(t), t: t, id: "t1", ou: "OU=t1," + d.base, d: d}
		s.must(s.addOU(s.ou))
		byHand(s)
		l, before := newLine(t, s), d.server.Writes()
		o := organisation(t, s.unique(smallTown))
		p := l.plan(o)
		if f != nil {
			d.server.Inject(*f)
			l.run(o, p)
			d.server.Mend()
			if fresh {
				p = l.plan(o)
			}
		}
		for _, r := range l.run(o, p).Results {
			if !r.Good() {
				t.Fatalf("%+v, fresh %v: %s: %s %v %s", f, fresh, r.Operation.ID, r.Outcome, r.Err, r.Reason)
			}
		}
		if again := l.plan(o); !again.Empty() {
			t.Fatalf("%+v: a plan after it is not empty: %v", f, summary(again))
		}
		return contents(d), d.server.Writes() - before
	}
	want, writes := load(nil, false)
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
		for _, fresh := range []bool{false, true} {
			for at := 1; at <= writes; at++ {
				got, _ := load(&adtest.Fault{AtWrite: at, Kind: kind, Stay: true}, fresh)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("killed at write %d (%v, fresh plan %v) (-one run +two runs):\n%s", at, kind, fresh, diff)
				}
			}
		}
	}
}

// TestAdoptOpenStays: an account that people use already stays open before its holder's first day,
// wherever the run that adopts it is killed or refused, whether or not it left a mark, and
// whatever the settings say about repairing.
func TestAdoptOpenStays(t *testing.T) {
	const killed, refused, marked = "killed", "refused", "refused, with a mark"
	load := func(how string, at int, kind adtest.FaultKind, fresh bool) (writes int) {
		d := standIn(t, adtest.Options{})
		s := &sandbox{Conn: d.connect(t), t: t, id: "t1", ou: "OU=t1," + d.base, d: d}
		s.must(s.addOU(s.ou))
		s.must(s.addUser("CN=Jensen\\, Anna,"+s.ou, "sAMAccountName", s.login("annj2"), "displayName", "Anna Jensen", "userAccountControl", "512"))
		l, before := newLine(t, s).on("2026-11-25"), d.server.Writes()
		o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Repair = []string{"enabled"} })
		p := l.plan(o)
		if at > 0 {
			d.server.Inject(adtest.Fault{AtWrite: at, Kind: kind, Code: ldap.LDAPResultInsufficientAccessRights, Stay: how == killed})
			report := l.run(o, p)
			d.server.Mend()
			if how == marked {
				l.marks(o, report)
			}
			if fresh {
				p = l.plan(o)
			}
		}
		for _, r := range l.run(o, p).Results {
			if !r.Good() {
				t.Fatalf("%s at %d, fresh %v: %s: %s %v %s", how, at, fresh, r.Operation.ID, r.Outcome, r.Err, r.Reason)
			}
			if slices.Contains(r.Operation.Loss, plan.LossDisable) {
				t.Errorf("%s at %d, fresh %v: %s closes an account", how, at, fresh, r.Operation.ID)
			}
		}
		if again := l.plan(o); !again.Empty() {
			t.Fatalf("%s at %d: a plan after it is not empty: %v", how, at, summary(again))
		}
		s.Conn = d.connect(t) // a server that was killed has closed the first
		if got := s.stateOf("annj2"); got != "Østre Skole 512" {
			t.Errorf("%s at %d, fresh %v: it is %q", how, at, fresh, got)
		}
		return d.server.Writes() - before
	}
	writes := load("", 0, 0, false)
	for at := 1; at <= writes; at++ {
		for _, fresh := range []bool{false, true} {
			load(killed, at, adtest.LostRequest, fresh)
			load(killed, at, adtest.LostAnswer, fresh)
			load(refused, at, adtest.Refused, fresh)
			load(marked, at, adtest.Refused, fresh)
		}
	}
}

// TestPreparedOpenedByHand: an account that orgit prepared, and that somebody opened before the
// first day, is closed where the settings say so; and so is one whose first day is put off, also
// when that failed at first.
func TestPreparedOpenedByHand(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on("2026-11-25")
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		s.must(s.modify(s.byLogin("annj2").DN, "replace", "userAccountControl", "512"))
		if p := l.plan(o); !p.Empty() || len(p.Drift) != 1 {
			t.Errorf("without repair: %v %+v", summary(p), p.Drift)
		}
		l.apply(organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Repair = []string{"enabled"} }))
		if got := s.stateOf("annj2"); got != "Østre Skole 514 orgit:disabled" {
			t.Errorf("repaired it is %q", got)
		}
		l.on("2026-12-01").apply(o)
		if got := s.stateOf("annj2"); got != "Østre Skole 512" {
			t.Errorf("on the first day it is %q", got)
		}
		put := organisation(t, edited(t, s.unique(smallTown), `"m", "from": "2026-12-01"}`, `"m", "from": "2026-12-04"}`))
		p := l.plan(put)
		if diff := cmp.Diff([]string{"update Anna Jensen, enabled=false"}, summary(p)); diff != "" {
			t.Errorf("put off (-want +got):\n%s", diff)
		}
		if d.server != nil {
			d.server.Inject(adtest.Fault{AtWrite: 1, Kind: adtest.Refused, Code: ldap.LDAPResultInsufficientAccessRights})
			l.marks(put, l.run(put, p))
		}
		l.apply(put)
		if got := s.stateOf("annj2"); got != "Østre Skole 514 orgit:disabled" {
			t.Errorf("put off it is %q", got)
		}
	})
}
