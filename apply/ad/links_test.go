package ad_test

import (
	"context"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// TestFirstLoadRequests counts the writes of a first load on the wire: one for each OU and account, with its leader.
func TestFirstLoadRequests(t *testing.T) {
	for _, test := range []struct {
		name  string
		rules adtest.Rules
	}{
		{"Samba", 0},
		{"Windows, but for the password", adtest.Windows &^ adtest.PasswordToEnable},
	} {
		t.Run(test.name, func(t *testing.T) {
			const units, people = 20, 200
			d := standIn(t, adtest.Options{Rules: test.rules})
			s := newSandbox(t, d)
			o := organisation(t, municipality(units, people, 0), func(s *org.ADSettings) { s.Writers = 1 })
			before := d.server.Writes()
			newLine(t, s).apply(o)
			ous, accounts := len(s.names(ldap.ScopeWholeSubtree, "(objectClass=organizationalUnit)"))-1, len(s.names(ldap.ScopeWholeSubtree, "(objectClass=user)"))
			if ous < units || accounts != people {
				t.Fatalf("%d OUs and %d accounts", ous, accounts)
			}
			if got := d.server.Writes() - before; got != ous+accounts {
				t.Errorf("%d writes for %d OUs and %d accounts", got, ous, accounts)
			}
			if led := len(s.names(ldap.ScopeWholeSubtree, "(manager=*)")); led != people-1 {
				t.Errorf("%d accounts have a leader, want all but one", led)
			}
		})
	}
}

// TestLeaderChangesMeanwhile: an account is made with its leader where somebody has given the leader another name since
// the run made it, and not at all where the leader is gone; then the creation by itself makes it.
func TestLeaderChangesMeanwhile(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, gone := range []bool{false, true} {
			s := newSandbox(t, d)
			l := newLine(t, s)
			o := organisation(t, s.unique(smallTown))
			p := l.plan(o)
			w := l.writer(o, p)
			var create, link plan.Operation
			for _, op := range p.Operations {
				switch {
				case op.Name != "Anna Jensen" && op.Attr("manager") == nil:
					now, err := w.Reread(context.Background(), op)
					s.must(err)
					s.must(w.Write(context.Background(), op, now))
				case op.Name == "Anna Jensen" && op.Action == plan.ActionCreate:
					create = op
				case op.Name == "Anna Jensen":
					link = op
				}
			}
			if link.ID != create.LinkID() {
				t.Fatalf("operations: %v", summary(p))
			}
			leader := s.byLogin("larl").DN
			if gone {
				s.must(s.Del(ldap.NewDelRequest(leader, nil)))
			} else {
				s.must(s.ModifyDN(ldap.NewModifyDNRequest(leader, "CN=Omdøbt", true, "")))
			}
			now, err := w.Reread(context.Background(), create)
			s.must(err)
			if now != nil {
				t.Fatal("the account is there already")
			}
			err = w.WriteLinked(context.Background(), create, link)
			made := len(s.names(ldap.ScopeWholeSubtree, "(sAMAccountName="+s.login("annj")+")"))
			if gone {
				if err == nil || made != 0 {
					t.Errorf("the leader is gone: error %v, %d accounts", err, made)
				}
				s.must(w.Write(context.Background(), create, nil))
				if got := s.byLogin("annj", "manager", "userAccountControl"); got.GetAttributeValue("manager") != "" || got.GetAttributeValue("userAccountControl") != "512" {
					t.Errorf("the creation by itself: %v", got.Attributes)
				}
				continue
			}
			s.must(err)
			if got := s.byLogin("annj", "manager").GetAttributeValue("manager"); !mustDN(t, got).EqualFold(mustDN(t, s.byLogin("larl").DN)) {
				t.Errorf("manager %s", got)
			}
		}
	})
}

// TestCreationWithLeaderIsRefused: what the directory refuses of an account with its leader, it is asked for without.
func TestCreationWithLeaderIsRefused(t *testing.T) {
	d := standIn(t, adtest.Options{})
	s := newSandbox(t, d)
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Writers = 1 })
	p := l.plan(o)
	ous := 0
	for _, op := range p.Operations {
		if op.Object.Kind == ad.KindOU {
			ous++
		}
	}
	// The last of the four accounts is led by one who is led by another.
	d.server.Inject(adtest.Fault{AtWrite: ous + 4, Kind: adtest.Refused, Code: ldap.LDAPResultInsufficientAccessRights})
	before := d.server.Writes()
	for _, r := range l.run(o, p).Results {
		if !r.Good() {
			t.Errorf("%s: %s %v", r.Operation.ID, r.Outcome, r.Err)
		}
	}
	if got := d.server.Writes() - before; got != ous+4+1 {
		t.Errorf("%d writes, want %d and one leader by itself", got, ous+4)
	}
	if again := l.plan(o); !again.Empty() {
		t.Errorf("the second plan: %v", summary(again))
	}
}
