package ad_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// edited gives the organisation with one piece of its text replaced.
func edited(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the organisation has no %s", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// unique gives the login names of a text a prefix, so that tests against one domain do
// not meet.
func (s *sandbox) unique(text string) string {
	for _, login := range []string{"dorae", "adm-dorae", "larl", "annj", "annj2"} {
		text = strings.ReplaceAll(text, `"name": "`+login+`"`, `"name": "`+s.login(login)+`"`)
	}
	return text
}

func (s *sandbox) login(name string) string { return strings.TrimPrefix(s.id, "t") + name }

// byLogin reads a user of the sandbox.
func (s *sandbox) byLogin(login string, attributes ...string) *ldap.Entry {
	s.t.Helper()
	found, err := s.Search(search(s.ou, ldap.ScopeWholeSubtree, "(sAMAccountName="+s.login(login)+")", attributes...))
	s.must(err)
	if len(found.Entries) != 1 {
		s.t.Fatalf("%d accounts with the login name %s", len(found.Entries), login)
	}
	return found.Entries[0]
}

func TestFirstLoad(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		p := l.apply(organisation(t, s.unique(smallTown)))
		if len(p.Operations) != 4+4+2 { // OUs, accounts, and the leaders in a pass of their own
			t.Errorf("operations: %v", summary(p))
		}
		base := mustDN(t, s.ou)
		anna := s.byLogin("annj", "*")
		got := map[string]string{}
		for _, name := range []string{"userPrincipalName", "givenName", "sn", "displayName", "cn", "mail", "telephoneNumber", "title",
			"department", "company", "employeeNumber", "accountExpires", "userAccountControl", "adminDisplayName"} {
			got[name] = anna.GetAttributeValue(name)
		}
		want := map[string]string{
			"userPrincipalName": s.login("annj") + "@korsbaek.example", "givenName": "Anna", "sn": "Jensen", "displayName": "Anna Jensen",
			"cn": "Anna Jensen", "mail": "annj@korsbaek.example", "telephoneNumber": "+4511111111", "title": "Lærer",
			"department": "Østre Skole", "company": "Korsbæk Kommune", "employeeNumber": "11003",
			"accountExpires":     "134405964000000000", // 2026-12-01 12:00 in Copenhagen
			"userAccountControl": "512", "adminDisplayName": "",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Anna Jensen (-want +got):\n%s", diff)
		}
		skole := "OU=Østre Skole,OU=Korsbæk Kommune," + base.String()
		if !mustDN(t, anna.DN).EqualFold(mustDN(t, "CN=Anna Jensen,"+skole)) {
			t.Errorf("Anna Jensen stands in %s", anna.DN)
		}
		leader := s.byLogin("larl", "manager")
		if got := anna.GetAttributeValue("manager"); !mustDN(t, got).EqualFold(mustDN(t, leader.DN)) {
			t.Errorf("manager %s, want %s", got, leader.DN)
		}
		top := s.byLogin("dorae", "manager")
		if got := leader.GetAttributeValue("manager"); !mustDN(t, got).EqualFold(mustDN(t, top.DN)) {
			t.Errorf("the leader's manager %s, want %s", got, top.DN)
		}
		if got := top.GetAttributeValue("manager"); got != "" {
			t.Errorf("the director has the manager %s", got)
		}
	})
}

// TestLife follows the accounts through hire, leaving, quarantine and deletion.
func TestLife(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		state := func(login string) string {
			t.Helper()
			e := s.byLogin(login, "userAccountControl", "adminDisplayName")
			at := mustDN(t, e.DN).RDNs[1].Attributes[0].Value
			return e.GetAttributeValue("userAccountControl") + " " + e.GetAttributeValue("adminDisplayName") + " " + at
		}
		for _, step := range []struct {
			day         string
			anna, anna2 string
			plan        []string
		}{
			{"2026-11-23", "512  Østre Skole", "", nil},
			{"2026-11-24", "512  Østre Skole", "514 orgit:disabled Østre Skole",
				[]string{"create Anna Jensen"}},
			{"2026-11-30", "512  Østre Skole", "514 orgit:disabled Østre Skole", []string{}},
			// The hours of grace: the night shift of 30 November still works.
			{"2026-12-01", "512  Østre Skole", "512  Østre Skole", []string{"update Anna Jensen, enabled=true"}},
			{"2026-12-02", "514 orgit:closed;since=2026-12-02 Karantæne", "512  Østre Skole",
				[]string{"retire Anna Jensen, container=Karantæne, enabled=false"}},
			{"2026-12-31", "514 orgit:closed;since=2026-12-02 Karantæne", "512  Østre Skole", []string{}},
		} {
			p := l.on(step.day).apply(o)
			if step.day == "2026-11-23" {
				// Prepared from 24 November on: seven days before.
				if n := len(s.names(ldap.ScopeWholeSubtree, "(sAMAccountName="+s.login("annj2")+")")); n != 0 {
					t.Errorf("%s: prepared too early", step.day)
				}
			} else {
				if diff := cmp.Diff(step.plan, summary(p)); diff != "" {
					t.Errorf("%s: plan (-want +got):\n%s", step.day, diff)
				}
				if got := state("annj2"); got != step.anna2 {
					t.Errorf("%s: the new one is %q, want %q", step.day, got, step.anna2)
				}
			}
			if got := state("annj"); got != step.anna {
				t.Errorf("%s: the leaver is %q, want %q", step.day, got, step.anna)
			}
		}
		p := l.on("2027-01-01").apply(o)
		if diff := cmp.Diff([]string{"delete Anna Jensen"}, summary(p)); diff != "" {
			t.Errorf("30 days after: plan (-want +got):\n%s", diff)
		}
		if got := s.names(ldap.ScopeWholeSubtree, "(sAMAccountName="+s.login("annj")+")"); len(got) != 0 {
			t.Errorf("the leaver is still there: %v", got)
		}
	})
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		name  string
		edits []string
		want  []string
	}{
		{"transfer", []string{`"on": {}`, `"on": {"2026-11-23": {"unit": "teknik"}}`},
			[]string{"update Lars Leder, container=Teknik, Vej & Miljø, department=Teknik, Vej & Miljø"}},
		{"a unit is renamed", []string{`"Østre Skole", "parent"`, `"Østre \"nye\" Skole, 1=2", "parent"`},
			[]string{`update Østre "nye" Skole, 1=2, ou=Østre "nye" Skole, 1=2`,
				`update Anna Jensen, department=Østre "nye" Skole, 1=2`, `update Lars Leder, department=Østre "nye" Skole, 1=2`}},
		{"a unit moves", []string{`"parent": "korsbaek", "type": "skole"`, `"parent": "teknik", "type": "skole"`},
			[]string{"update Østre Skole, container=Teknik, Vej & Miljø"}},
		{"a person is renamed", []string{`"surname": "Leder"`, `"surname": "Søndergård"`},
			[]string{"update Lars Søndergård, cn=Lars Søndergård, displayName=Lars Søndergård, sn=Søndergård"}},
		{"another case of letters", []string{`"surname": "Leder"`, `"surname": "LEDER"`},
			[]string{"update Lars LEDER, cn=Lars LEDER, displayName=Lars LEDER, sn=LEDER"}},
		{"another leader", []string{`"person": "leder"`, `"person": "anna"`},
			[]string{"update Anna Jensen, manager=Dorte Ærø", "update Lars Leder, manager=Anna Jensen"}},
		{"a phone is cleared", []string{`"phone": "+4511111111"`, `"phone": null`},
			[]string{"update Anna Jensen, telephoneNumber="}},
		{"a phone is no longer stated", []string{`"phone": "+4511111111", `, ``}, []string{}},
		{"a phone changes", []string{`+4511111111`, `+4533333333`},
			[]string{"update Anna Jensen, telephoneNumber=+4533333333"}},
		{"a person is shielded", []string{`"addresses": {"phone": "+4511111111", `, `"shielded": true, "addresses": {"phone": "+4511111111", `},
			[]string{"update Anna Jensen, telephoneNumber="}},
		{"a person is suspended", []string{`"addresses": {"phone": "+4511111111", `, `"suspended": true, "addresses": {"phone": "+4511111111", `},
			[]string{"update Anna Jensen, enabled=false, suspended=true"}},
		{"a leaver stays", []string{`"to": "2026-11-30",`, ``},
			[]string{"update Anna Jensen, accountExpires=never"}},
		{"a leaver leaves later", []string{`"to": "2026-11-30"`, `"to": "2026-12-31"`},
			[]string{"update Anna Jensen, accountExpires=2027-01-01 12:00"}},
		{"an engagement is annulled", []string{`"to": "2026-11-30"`, `"annulled": "2026-11-23"`},
			[]string{"retire Anna Jensen, container=Karantæne, enabled=false"}},
		{"a closed unit whose people go to another",
			[]string{`"parent": "korsbaek", "type": "skole"`, `"parent": "korsbaek", "to": "2026-11-20", "successor": "teknik", "type": "skole"`},
			[]string{
				"update Anna Jensen, container=Teknik, Vej & Miljø, department=Teknik, Vej & Miljø, manager=Dorte Ærø",
				"update Lars Leder, container=Teknik, Vej & Miljø, department=Teknik, Vej & Miljø", "delete Østre Skole"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachDirectory(t, func(t *testing.T, d directory) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				text := edited(t, s.unique(smallTown), `"title": "leder", "type": "m", "from": "2020-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": "`+s.login("larl"), `"title": "leder", "type": "m", "from": "2020-01-01", "on": {}}},
			"accounts": {"ad": {"system": "ad", "name": "`+s.login("larl"))
				l.apply(organisation(t, text))
				p := l.apply(organisation(t, edited(t, text, c.edits...)))
				if diff := cmp.Diff(c.want, summary(p)); diff != "" {
					t.Errorf("plan (-want +got):\n%s", diff)
				}
				for _, op := range p.Operations {
					for _, a := range op.Attrs {
						if len(a.Why) == 0 || a.Why[0].Path == "" {
							t.Errorf("%s: %s has no reason", op.Name, a.Name)
						}
					}
				}
			})
		})
	}
}

// TestByHand: what somebody changes in the directory is reported and not undone.
func TestByHand(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		anna, leader := s.byLogin("annj").DN, s.byLogin("larl").DN
		s.must(s.modify(anna, "replace", "telephoneNumber", "+4599999999"))
		s.must(s.modify(anna, "replace", "title", "Overlærer"))
		s.must(s.modify(leader, "replace", "userAccountControl", "514"))
		s.must(s.addUser("CN=Konsulent,OU=Korsbæk Kommune,"+s.ou, "sAMAccountName", s.id+"x"))
		p := l.plan(o)
		if !p.Empty() {
			t.Errorf("operations: %v", summary(p))
		}
		var drift []string
		for _, x := range p.Drift {
			for _, a := range x.Attrs {
				drift = append(drift, x.Name+": "+a.Name+" "+strings.Join(a.Old, ""))
			}
		}
		if diff := cmp.Diff([]string{"Anna Jensen: telephoneNumber +4599999999", "Anna Jensen: title Overlærer"}, drift); diff != "" {
			t.Errorf("drift (-want +got):\n%s", diff)
		}
		if len(p.Attention) != 1 || p.Attention[0].Code != plan.AttentionHeld || p.Attention[0].Name != "Lars Leder" {
			t.Errorf("attention: %+v", p.Attention)
		}
		if f := p.Targets[0].Foreign; len(f) != 1 || f[0].Name != "Konsulent" || f[0].Kind != "user" {
			t.Errorf("foreign: %+v", f)
		}
	})
}

// TestNumbersOfPeople: what looks like a CPR number in the directory reaches no plan, and
// does not keep orgit from writing over it.
func TestNumbersOfPeople(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		l.apply(organisation(t, s.unique(smallTown)))
		leader := s.byLogin("larl").DN
		s.must(s.modify(leader, "replace", "title", "leder 010203-1234"))
		s.must(s.modify(leader, "replace", "employeeNumber", "0102031234"))
		s.must(s.addUser("CN=0102031234,OU=Korsbæk Kommune,"+s.ou, "sAMAccountName", s.id+"x"))
		changed := s.unique(edited(t, smallTown, `"unit": "skole", "title": "leder"`, `"unit": "skole", "title": "laerer"`))
		o := organisation(t, changed)
		p := l.plan(o)
		var file bytes.Buffer
		if err := plan.WriteFile(&file, p); err != nil {
			t.Fatal(err)
		}
		if text := file.String(); len(schema.FindCPR(text)) > 0 || strings.Count(text, "XXXXXX-XXXX") < 2 {
			t.Errorf("the plan shows the number, or lacks what was there:\n%s", text)
		}
		l.apply(o)
		if got := s.byLogin("larl", "title").GetAttributeValue("title"); got != "Lærer" {
			t.Errorf("the title is %s", got)
		}
	})
}

// TestRepairOpensNothing: orgit closed an account, somebody opened it before the files
// did, and closed it later. orgit's mark is still there, but it was not orgit's closing.
func TestRepairOpensNothing(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		repair := func(set *org.ADSettings) { set.Repair = []string{"enabled"} }
		text := s.unique(smallTown)
		suspended := edited(t, text, `"name": {"given": "Lars", "surname": "Leder"}`, `"suspended": true, "name": {"given": "Lars", "surname": "Leder"}`)
		l.apply(organisation(t, suspended, repair))
		leader := s.byLogin("larl").DN
		s.must(s.modify(leader, "replace", "userAccountControl", "512"))
		l.apply(organisation(t, text, repair))
		s.must(s.modify(leader, "replace", "userAccountControl", "514"))
		p := l.plan(organisation(t, text, repair))
		if !p.Empty() || len(p.Drift) != 1 {
			t.Errorf("operations %v, drift %+v", summary(p), p.Drift)
		}
	})
}

// TestOpensOnlyWhatItClosed: an account that somebody else closed stays closed through
// leaving and coming back; one that orgit closed is opened.
func TestOpensOnlyWhatItClosed(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		eachDirectory(t, func(t *testing.T, d directory) {
			s := newSandbox(t, d)
			l := newLine(t, s)
			text := s.unique(smallTown)
			l.apply(organisation(t, text))
			if byHand {
				s.must(s.modify(s.byLogin("annj").DN, "replace", "userAccountControl", "514"))
			}
			l.on("2026-12-02").apply(organisation(t, text))
			p := l.on("2026-12-10").apply(organisation(t, edited(t, text, `"to": "2026-11-30",`, ``)))
			e := s.byLogin("annj", "userAccountControl", "adminDisplayName")
			if at := mustDN(t, e.DN).RDNs[1].Attributes[0].Value; at != "Østre Skole" {
				t.Errorf("the account stands in %s", at)
			}
			got := e.GetAttributeValue("userAccountControl") + " " + e.GetAttributeValue("adminDisplayName")
			want := "512 "
			if byHand {
				want = "514 orgit:disabled;before"
			}
			if got != want {
				t.Errorf("closed by hand: %v: the account is %q, want %q; plan %v", byHand, got, want, summary(p))
			}
		})
	}
}

// TestUnitWithSomethingElse: an OU with an object that is not orgit's is not deleted.
func TestUnitWithSomethingElse(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		s.must(s.add("CN=Printere,OU=Teknik\\, Vej & Miljø,OU=Korsbæk Kommune,"+s.ou, "objectClass", "group", "sAMAccountName", s.id+"p"))
		closed := organisation(t, edited(t, text, `"parent": "korsbaek", "type": "afdeling"`, `"parent": "korsbaek", "to": "2026-11-01", "type": "afdeling"`))
		p := l.plan(closed)
		if !p.Empty() || len(p.Attention) != 1 || p.Attention[0].Code != plan.AttentionPinned || !strings.Contains(p.Attention[0].Detail, "Printere") {
			t.Errorf("operations %v, attention %+v", summary(p), p.Attention)
		}
		s.must(s.Del(ldap.NewDelRequest("CN=Printere,OU=Teknik\\, Vej & Miljø,OU=Korsbæk Kommune,"+s.ou, nil)))
		if diff := cmp.Diff([]string{"delete Teknik, Vej & Miljø"}, summary(l.apply(closed))); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
	})
}

// TestPostponed: a start that is put off after the account was opened closes it for the
// time being; it is no leaver, so no time of quarantine runs.
func TestPostponed(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s).on("2026-12-01")
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		later := organisation(t, edited(t, text, `"from": "2026-12-01"`, `"from": "2027-03-01"`))
		state := func() string {
			e := s.byLogin("annj2", "userAccountControl", "adminDisplayName")
			return mustDN(t, e.DN).RDNs[1].Attributes[0].Value + " " + e.GetAttributeValue("userAccountControl") + " " + e.GetAttributeValue("adminDisplayName")
		}
		for _, step := range []struct{ day, want string }{
			{"2026-12-01", "Østre Skole 514 orgit:disabled"},
			{"2027-02-25", "Østre Skole 514 orgit:disabled"},
			{"2027-03-01", "Østre Skole 512 "},
		} {
			l.on(step.day).apply(later)
			if got := state(); got != step.want {
				t.Errorf("%s: %q, want %q", step.day, got, step.want)
			}
		}
	})
}

// TestOrphan: an account of orgit's that no entry states goes the way of a leaver's; in
// adopt mode it stays and is shown.
func TestOrphan(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		without := edited(t, text, `"adm": {"system": "ad", "name": "`+s.login("adm-dorae")+`", "kind": "admin", "fk": false}`, `"x": {"system": "kmd", "name": "x", "kind": "personal"}`)
		adopt := organisation(t, without, func(s *org.ADSettings) { s.Mode = org.ModeAdopt })
		if p := l.plan(adopt); !p.Empty() || len(p.Attention) != 1 || p.Attention[0].Code != plan.AttentionAdopt {
			t.Errorf("adopt mode: operations %v, attention %+v", summary(p), p.Attention)
		}
		o := organisation(t, without)
		if diff := cmp.Diff([]string{"retire Dorte Ærø, container=Karantæne, enabled=false"}, summary(l.apply(o))); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
		if got := summary(l.on("2026-12-23").plan(o)); !slices.Contains(got, "delete Dorte Ærø") {
			t.Errorf("it is not deleted after 30 days: %v", got)
		}
	})
}
