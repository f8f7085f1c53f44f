package ad_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// contents is what a directory holds, without what differs from one run to another.
func contents(d directory) map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for _, e := range d.server.Entries() {
		for _, name := range []string{"objectGUID", "objectSid", "pwdLastSet", "uSNChanged", "uSNCreated", "whenCreated", "whenChanged"} {
			delete(e.Attributes, name)
		}
		all[e.DN] = e.Attributes
	}
	return all
}

// story is a first load and a change that creates, moves, renames, closes, opens and
// deletes; each of its two plans makes several requests of one operation.
func story(t *testing.T, s *sandbox) (first, second *org.Organisation) {
	text := s.unique(smallTown)
	changed := edited(t, text,
		`"parent": "korsbaek", "type": "skole"`, `"parent": "teknik", "type": "skole"`,
		`"Østre Skole"`, `"Vestre Skole"`,
		`"surname": "Leder"`, `"surname": "Holm"`,
		`{"unit": "korsbaek", "title": "leder", "type": "m", "from": "2020-01-01"}`,
		`{"unit": "teknik", "title": "leder", "type": "m", "from": "2020-01-01"}`,
	)
	return organisation(t, text), organisation(t, changed)
}

// tell plays the story up to a day on which Anna leaves and the other Anna begins.
func tell(t *testing.T, l *line, first, second *org.Organisation) (loaded, changed *plan.Plan) {
	t.Helper()
	loaded = l.apply(first)
	changed = l.on("2026-12-02").apply(second)
	return loaded, changed
}

// TestKilledAtEveryWrite kills a run at each of its writes, before or after the directory
// has carried it out, and runs again: with the same plan, and with a fresh one. It must
// end as one run does.
func TestKilledAtEveryWrite(t *testing.T) {
	whole := standIn(t, adtest.Options{})
	s := newSandbox(t, whole)
	first, second := story(t, s)
	l := newLine(t, s)
	before := whole.server.Writes()
	tell(t, l, first, second)
	writes, want := whole.server.Writes()-before, contents(whole)
	if writes < 18 {
		t.Fatalf("the story has only %d writes", writes)
	}
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
		for _, fresh := range []bool{false, true} {
			for at := 1; at <= writes; at++ {
				d := standIn(t, adtest.Options{})
				k := &sandbox{Conn: d.connect(t), t: t, id: s.id, ou: s.ou, d: d}
				k.must(k.addOU(k.ou))
				retell(t, newLine(t, k), first, second, adtest.Fault{AtWrite: at, Kind: kind, Stay: true}, fresh)
				if diff := cmp.Diff(want, contents(d)); diff != "" {
					t.Fatalf("killed at write %d (%v, fresh plan %v) (-one run +two runs):\n%s", at, kind, fresh, diff)
				}
			}
		}
	}
}

// retell plays the story with a fault that strikes once, and repeats the run it strikes.
func retell(t *testing.T, l *line, first, second *org.Organisation, f adtest.Fault, fresh bool) {
	t.Helper()
	l.d.server.Inject(f)
	for i, o := range []*org.Organisation{first, second} {
		if i == 1 {
			l.on("2026-12-02")
		}
		p := l.plan(o)
		report := l.run(o, p)
		if len(report.Open(ad.Target)) > 0 {
			l.d.server.Mend()
			if fresh {
				p = l.plan(o)
			}
			report = l.run(o, p)
		}
		for _, r := range report.Results {
			if !r.Good() {
				t.Fatalf("%+v: second run: %s: %s %v %s", f, r.Operation.ID, r.Outcome, r.Err, r.Reason)
			}
		}
		if again := l.plan(o); !again.Empty() {
			t.Fatalf("%+v: a plan after it is not empty: %v", f, summary(again))
		}
	}
}

// TestLostAnswers: a single lost request or answer is made good within the run.
func TestLostAnswers(t *testing.T) {
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer, adtest.NoAnswer} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			t.Parallel()
			for _, at := range []int{1, 6, 16} {
				d := standIn(t, adtest.Options{})
				s := newSandbox(t, d)
				first, second := story(t, s)
				l := newLine(t, s)
				if kind == adtest.NoAnswer {
					l.timeout = 2 * time.Second // what the test waits for at the fault
				}
				d.server.Inject(adtest.Fault{AtWrite: at, Kind: kind})
				tell(t, l, first, second)
			}
		})
	}
}

// TestChangedMeanwhile: what somebody changes between the reading and the writing is not
// overwritten.
func TestChangedMeanwhile(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		o := organisation(t, edited(t, text, `+4511111111`, `+4533333333`, `"11003"`, `"11004"`))
		p := l.plan(o)
		if len(p.Operations) != 1 {
			t.Fatalf("operations: %v", summary(p))
		}
		op := p.Operations[0]
		w := l.writer(o, p)
		now, err := w.Reread(context.Background(), op)
		s.must(err)
		s.must(s.modify(now.Ref, "replace", "telephoneNumber", "+4544444444"))
		if err := w.Write(context.Background(), op, now); !errors.Is(err, apply.ErrStale) {
			t.Errorf("write: %v, want %v", err, apply.ErrStale)
		}
		e := s.byLogin("annj", "telephoneNumber", "employeeNumber")
		if e.GetAttributeValue("telephoneNumber") != "+4544444444" || e.GetAttributeValue("employeeNumber") != "11003" {
			t.Errorf("phone %s and number %s", e.GetAttributeValue("telephoneNumber"), e.GetAttributeValue("employeeNumber"))
		}
	})
}

// TestMadeMeanwhile: a new object that is there when it is to be made, with orgit's mark, is
// finished when it is what the operation makes (a request of a run that was killed may be
// carried out late), and left alone when somebody has changed it since.
func TestMadeMeanwhile(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, changed := range []bool{false, true} {
			s := newSandbox(t, d)
			l := newLine(t, s)
			o := organisation(t, s.unique(smallTown))
			l.apply(o)
			s.must(s.Del(ldap.NewDelRequest(s.byLogin("annj").DN, nil)))
			l.applied = nil
			p := l.plan(o)
			i := slices.IndexFunc(p.Operations, func(op plan.Operation) bool { return op.Name == "Anna Jensen" })
			op, w := p.Operations[i], l.writer(o, p)
			now, err := w.Reread(context.Background(), op)
			s.must(err)
			l.run(o, p)
			if changed {
				s.must(s.modify(s.byLogin("annj").DN, "replace", "telephoneNumber", "+4544444444"))
			}
			before := s.byLogin("annj", "*")
			if err := w.Write(context.Background(), op, now); errors.Is(err, apply.ErrStale) != changed || err != nil != changed {
				t.Errorf("write of what is there, changed %v: %v", changed, err)
			}
			if diff := cmp.Diff(before.Attributes, s.byLogin("annj", "*").Attributes); diff != "" {
				t.Errorf("changed %v: the account (-before +after):\n%s", changed, diff)
			}
		}
	})
}

// TestRereadIsActual: the object that a run reads again is the one that the plan read.
func TestRereadIsActual(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		s.must(s.addUser("CN=Gæst,"+s.ou, "sAMAccountName", s.id+"g"))
		s.must(s.modify(s.byLogin("larl").DN, "replace", "manager", "CN=Gæst,"+s.ou))
		s.must(s.modify(s.byLogin("dorae").DN, "replace", "manager", d.bindDN))
		actual := l.actual(o)
		if len(actual.Objects) != 8 {
			t.Errorf("%d objects, want 8", len(actual.Objects))
		}
		w := l.writer(o, l.plan(o))
		for _, f := range actual.Objects {
			again, err := w.Reread(context.Background(), plan.Operation{Object: f.ID})
			s.must(err)
			f.Pinned = ""
			if diff := cmp.Diff(f, *again); diff != "" {
				t.Errorf("%s (-actual +reread):\n%s", f.Name, diff)
			}
			if f.Digest() != again.Digest() {
				t.Errorf("%s: the digest differs", f.Name)
			}
		}
		gone, err := w.Reread(context.Background(), plan.Operation{Object: plan.ID{Kind: ad.KindUser, UUID: "00000000-0000-4000-8000-0000000000ff"}})
		if gone != nil || err != nil {
			t.Errorf("an account that never was: %v, %v", gone, err)
		}
	})
}

// TestMovedByHand: an account that somebody moved and renamed is changed where it is, and
// its place is drift.
func TestMovedByHand(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		s.must(s.move(s.byLogin("annj").DN, `CN=Anna\, den anden`, "OU=Korsbæk Kommune,"+s.ou))
		o := organisation(t, edited(t, text, `+4511111111`, `+4533333333`))
		p := l.plan(o)
		if diff := cmp.Diff([]string{"update Anna Jensen, telephoneNumber=+4533333333"}, summary(p)); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
		if report := l.run(o, p); len(report.Open(ad.Target)) > 0 {
			t.Errorf("%+v", report.Results)
		}
		e := s.byLogin("annj", "telephoneNumber")
		if e.GetAttributeValue("telephoneNumber") != "+4533333333" || mustDN(t, e.DN).RDNs[0].Attributes[0].Value != "Anna, den anden" {
			t.Errorf("%s has %s", e.DN, e.GetAttributeValue("telephoneNumber"))
		}
	})
}

// TestSomebodyElsesName: a name that an object has which is not orgit's is an error that
// says whose it is, and nothing of that object changes.
func TestSomebodyElsesName(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		for _, c := range []struct{ name, dn, login, says string }{
			{"login", "CN=Gammel konto", "annj", "belongs to CN=Gammel konto,"},
			{"name", "CN=Anna Jensen,OU=Østre Skole,OU=Korsbæk Kommune", "xx", "is there already and is not this object"},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				// Somebody has decided that none of those there is Anna's.
				o := organisation(t, edited(t, s.unique(smallTown), `"name": "`+s.login("annj")+`",`, `"name": "`+s.login("annj")+`", "existing": "none",`))
				if strings.Contains(c.dn, "OU=") {
					l.apply(o)
					s.must(s.Del(ldap.NewDelRequest(s.byLogin("annj").DN, nil)))
					l.applied = nil
				}
				dn := c.dn + "," + s.ou
				s.must(s.addUser(dn, "sAMAccountName", s.login(c.login), "title", "Fremmed"))
				report := l.run(o, l.plan(o))
				var failed []error
				for _, r := range report.Results {
					if r.Err != nil {
						failed = append(failed, r.Err)
					}
				}
				if len(failed) != 1 || !errors.Is(failed[0], ad.ErrRefused) || !strings.Contains(failed[0].Error(), c.says) {
					t.Errorf("failed: %v, want one that says %q", failed, c.says)
				}
				if e := s.read(dn, "title", "adminDescription"); e.GetAttributeValue("title") != "Fremmed" || e.GetAttributeValue("adminDescription") != "" {
					t.Errorf("the other object has changed: %v", e.Attributes)
				}
			})
		}
	})
}

// TestWindows: what Windows refuses and Samba does not is said clearly, and the next run
// goes on when it is put right.
func TestWindows(t *testing.T) {
	d := standIn(t, adtest.Options{Rules: adtest.Windows})
	s := newSandbox(t, d)
	l := newLine(t, s)
	// Søren and Soren are one name to Windows.
	text := edited(t, s.unique(smallTown), `"given": "Anna"`, `"given": "Søren"`, `"given": "Lars", "surname": "Leder"`, `"given": "Soren", "surname": "Jensen"`)
	o := organisation(t, text)
	report := l.run(o, l.plan(o))
	refused := 0
	for _, r := range report.Results {
		if r.Outcome == apply.Failed {
			refused++
			if !errors.Is(r.Err, ad.ErrRefused) || !strings.Contains(r.Err.Error(), "password") {
				t.Errorf("%s: %v", r.Operation.Name, r.Err)
			}
		}
	}
	if refused != 4 {
		t.Errorf("%d operations are refused, want the 4 accounts", refused)
	}
	for _, login := range []string{"annj", "larl", "dorae", "adm-dorae"} {
		e := s.byLogin(login, "userAccountControl", "adminDisplayName")
		if got := e.GetAttributeValue("userAccountControl") + " " + e.GetAttributeValue("adminDisplayName"); got != "514 orgit:new" {
			t.Errorf("%s is %q", login, got)
		}
		s.must(d.server.Set(e.DN, "unicodePwd", "\"\x00K\x00b\x007\x00-\x00a\x00b\x00c\x00d\x00\"\x00"))
	}
	p := l.apply(o)
	want := []string{"update Dorte Ærø, enabled=true", "update Dorte Ærø, enabled=true",
		"update Soren Jensen, enabled=true, manager=Dorte Ærø", "update Søren Jensen, enabled=true, manager=Soren Jensen"}
	got := summary(p)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}
