package ad_test

import (
	"context"
	"errors"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	register "orgit.dk/orgit/org/source/directory"
)

// TestSource: what orgit has written comes back as a register says it, with orgit's own identities, and beside it what
// others have there.
func TestSource(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, smallTown)
		l.apply(o)
		s.user("bo", "givenName", "Bo", "sn", "Bæk", "employeeNumber", "007", "title", "Pedel")
		s.user("svc", "displayName", "Sikkerhedskopi")
		x := registerOf(t, l, o)
		checkUnits(t, x)
		got := map[string]string{}
		for _, p := range x.People {
			for _, a := range p.Accounts {
				got[a.Name] = a.Kind + " " + string(a.Mark) + " " + string(a.To)
			}
		}
		want := map[string]string{
			"dorae": "personal " + markOf(o, "direktoer", "ad") + " ", "adm-dorae": "admin " + markOf(o, "direktoer", "adm") + " ",
			"larl": "personal " + markOf(o, "leder", "ad") + " ", "annj": "personal " + markOf(o, "anna", "ad") + " 2026-11-30",
			s.id + "bo": "personal  ", // orgit does not know him
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("accounts (-want +got)\n%s", diff)
		}
		bo := x.People[personAt(x, s.id+"bo")]
		if len(bo.Engagements) != 1 || bo.Engagements[0].Number != "007" || bo.Engagements[0].States[0].Title != "Pedel" {
			t.Errorf("%+v", bo.Engagements)
		}
	})
}

func registerOf(t *testing.T, l *line, o *org.Organisation) *source.Extract {
	t.Helper()
	opts := ad.Domain{}.SourceOptions(o.Settings.Targets.AD)
	opts.Admin = register.Pattern{Logins: []string{"adm-*"}}
	x, err := ad.Source(context.Background(), l.config(o), opts)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// checkUnits: the units and their place; the quarantine is none.
func checkUnits(t *testing.T, x *source.Extract) {
	t.Helper()
	names, got := map[string]string{}, map[string]string{}
	for _, u := range x.Units {
		names[u.ID] = u.States[0].Name
	}
	for _, u := range x.Units {
		got[u.States[0].Name] = string(u.UUID) + " " + names[u.States[0].Parent]
	}
	want := map[string]string{
		"Korsbæk Kommune":     "00000000-0000-4000-8000-000000000001 " + names[rootOf(x)],
		"Østre Skole":         "00000000-0000-4000-8000-000000000002 Korsbæk Kommune",
		"Teknik, Vej & Miljø": "00000000-0000-4000-8000-000000000003 Korsbæk Kommune",
		names[rootOf(x)]:      " ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("units (-want +got)\n%s", diff)
	}
}

func rootOf(x *source.Extract) string {
	for _, u := range x.Units {
		if u.States[0].Parent == "" {
			return u.ID
		}
	}
	return ""
}

func personAt(x *source.Extract, login string) int {
	for i, p := range x.People {
		if p.Accounts[0].Name == login {
			return i
		}
	}
	return -1
}

// markOf is the UUID in the files of somebody's account.
func markOf(o *org.Organisation, person, account string) string {
	for _, a := range o.Person(person).Accounts {
		if a.Key == account {
			return string(a.UUID())
		}
	}
	return "none"
}

// TestSourceIsWhole: a page that does not come makes the read fail, however much was read before it; one lost answer
// is asked for again.
func TestSourceIsWhole(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, smallTown)
	l.apply(o)
	whole := registerOf(t, l, o)
	for name, test := range map[string]struct {
		fault adtest.ReadFault
		want  error
	}{
		"refused":           {adtest.ReadFault{AtPage: 1, Code: ldap.LDAPResultBusy, Times: 9}, apply.ErrUnreachable},
		"cut twice":         {adtest.ReadFault{AtPage: 1, Times: 2}, apply.ErrUnreachable},
		"a part elsewhere":  {adtest.ReadFault{AtPage: 1, Referral: "ldap://skole.korsbaek.example/DC=skole,DC=korsbaek,DC=example"}, apply.ErrUnreachable},
		"no word of an end": {adtest.ReadFault{AtPage: 1, NoPaging: true}, apply.ErrUnreachable},
		"cut once":          {adtest.ReadFault{AtPage: 1}, nil},
	} {
		d.server.InjectRead(test.fault)
		x, err := ad.Source(context.Background(), l.config(o), ad.Domain{}.SourceOptions(o.Settings.Targets.AD))
		if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && len(x.People) != len(whole.People) {
			t.Errorf("%s: %d people, want %d", name, len(x.People), len(whole.People))
		}
		if err != nil && x != nil {
			t.Errorf("%s: an extract with an error", name)
		}
		d.server.InjectRead(adtest.ReadFault{})
	}
}
