package ad_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// drifts lists the drift of a plan: whose, and what.
func drifts(p *plan.Plan) []string {
	out := []string{}
	for _, d := range p.Drift {
		text := d.Name
		if d.Missing {
			text += " missing"
		}
		for _, a := range d.Attrs {
			text += ", " + a.Name + "=" + a.ShowOld
		}
		out = append(out, text)
	}
	return out
}

// TestRenamedByHand: an OU that somebody renamed is the same OU. Everybody in it is still
// there, and what is to be made in it is made in it.
func TestRenamedByHand(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		o := organisation(t, text)
		l.apply(o)
		s.must(s.move("OU=Korsbæk Kommune,"+s.ou, "OU=Kommunen", ""))
		p := l.plan(o)
		if !p.Empty() || len(p.Attention) > 0 {
			t.Errorf("operations %v, attention %+v", summary(p), p.Attention)
		}
		if len(p.Drift) != 1 || p.Drift[0].Name != "Korsbæk Kommune" || p.Drift[0].Missing {
			t.Errorf("drift %v", drifts(p))
		}
		p = l.on("2026-11-24").plan(o)
		if diff := cmp.Diff([]string{"create Anna Jensen"}, summary(p)); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
		if report := l.run(o, p); len(report.Open(ad.Target)) > 0 {
			t.Errorf("%+v", report.Results)
		}
		if got := s.byLogin("annj2").DN; !mustDN(t, "OU=Østre Skole,OU=Kommunen,"+s.ou).AncestorOfFold(mustDN(t, got)) {
			t.Errorf("the new account is %s", got)
		}
		repair := func(set *org.ADSettings) { set.Repair = []string{"ou"} }
		if diff := cmp.Diff([]string{"update Korsbæk Kommune, ou=Korsbæk Kommune"}, summary(l.apply(organisation(t, text, repair)))); diff != "" {
			t.Errorf("repair (-want +got):\n%s", diff)
		}
	})
}

// TestDraggedByHand: an account that somebody dragged into another OU is drift, is found, and
// leaves when its time has come.
func TestDraggedByHand(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		l.apply(o)
		guid := s.guid(s.byLogin("annj").DN)
		s.must(s.move(s.byLogin("annj").DN, "CN=Anna Jensen", "OU=Teknik\\, Vej & Miljø,OU=Korsbæk Kommune,"+s.ou))
		p := l.plan(o)
		if diff := cmp.Diff([]string{"Anna Jensen, container=Teknik, Vej & Miljø"}, drifts(p)); diff != "" || !p.Empty() {
			t.Errorf("operations %v, drift (-want +got):\n%s", summary(p), diff)
		}
		l.on("2026-12-02").apply(o)
		if got := s.read(guid, "cn").DN; !mustDN(t, "OU=Karantæne,"+s.ou).AncestorOfFold(mustDN(t, got)) {
			t.Errorf("she has left, and is %s", got)
		}
	})
}

// TestNarrowed: settings that name only a part of what orgit keeps are refused, whether there
// is something in that part or not.
func TestNarrowed(t *testing.T) {
	for _, c := range []struct{ name, ou string }{
		{"a part with people in it", "OU=Østre Skole,OU=Korsbæk Kommune,"},
		{"a part with nothing in it", "OU=Karantæne,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachDirectory(t, func(t *testing.T, d directory) {
				s := newSandbox(t, d)
				l := newLine(t, s)
				w := newTown(s.login(""), 1)
				w.people = w.people[:60]
				w.units[0].names[0].value, w.units[1].names[0].value = "Korsbæk Kommune", "Østre Skole"
				repair := func(set *org.ADSettings) { set.Repair = []string{plan.RepairMissing} }
				o := organisation(t, w.files(t), repair)
				l.apply(o)
				before := s.names(2, "(objectClass=*)")
				l.base = c.ou + s.ou
				p := l.compute(o)
				if len(p.Operations) > 0 || !slices.ContainsFunc(p.Refusals, func(r plan.Refusal) bool { return r.Code == plan.RefusedEmpty }) {
					t.Errorf("operations %v, refusals %+v", summary(p), p.Refusals)
				}
				if _, err := apply.Gate(p, apply.Facts{Approved: "approved", Today: l.day()}); !errors.Is(err, apply.ErrRefused) {
					t.Errorf("the gate lets it through: %v", err)
				}
				if diff := cmp.Diff(before, s.names(2, "(objectClass=*)")); diff != "" {
					t.Errorf("something was written: %s", diff)
				}
			})
		})
	}
}

// TestTwoAtOnce: two runs with two plans that both change the same accounts. What one has
// changed is stale or done before for the other, and both together end in the right state.
func TestTwoAtOnce(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		text := s.unique(smallTown)
		l.apply(organisation(t, text))
		o := organisation(t, edited(t, text, `"surname": "Leder"`, `"surname": "Holm"`, `"Østre Skole"`, `"Vestre Skole"`, `+4511111111`, `+4533333333`,
			`"parent": "korsbaek", "type": "skole"`, `"parent": "teknik", "type": "skole"`))
		p := l.on("2026-12-01").plan(o)
		if len(p.Operations) < 4 {
			t.Fatalf("operations: %v", summary(p))
		}
		writers := []*ad.Writer{l.writer(o, p), l.writer(o, p)}
		granted, reports, failed := l.pass(p), make([]*apply.Report, len(writers)), make([]error, len(writers))
		var wait sync.WaitGroup
		for i, w := range writers {
			wait.Go(func() {
				reports[i], failed[i] = apply.Run(context.Background(), granted, map[string]apply.Writer{ad.Target: w},
					apply.NewJournal(io.Discard, p, time.Now))
			})
		}
		wait.Wait()
		for i, report := range reports {
			s.must(failed[i])
			for _, r := range report.Results {
				if r.Err != nil && !errors.Is(r.Err, apply.ErrStale) && !errors.Is(r.Err, ad.ErrRefused) {
					t.Errorf("run %d: %s: %v", i+1, r.Operation.Name, r.Err)
				}
			}
		}
		// Whatever the two have left to each other, one run more finishes.
		l.apply(o)
		if n := len(s.names(2, "(sAMAccountName="+s.login("*")+")")); n != 5 {
			t.Errorf("%d accounts, want 5", n)
		}
		if got := s.byLogin("larl", "sn").GetAttributeValue("sn"); got != "Holm" {
			t.Errorf("the leader is called %s", got)
		}
	})
}

// TestControllerDies: the domain controller goes away in the middle of a run and stays away;
// the run says so, and the next one mends what is half done.
func TestControllerDies(t *testing.T) {
	for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
		d := standIn(t, adtest.Options{Rules: adtest.Windows &^ adtest.PasswordToEnable})
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown))
		d.server.Inject(adtest.Fault{AtWrite: 6, Kind: kind, Stay: true})
		report := l.run(o, l.plan(o))
		open := report.Open(ad.Target)
		if len(open) < 2 {
			t.Errorf("%v: open after the death: %v", kind, open)
		}
		unreachable := slices.ContainsFunc(report.Results, func(r apply.Result) bool { return errors.Is(r.Err, apply.ErrUnreachable) })
		if !unreachable {
			t.Errorf("%v: nothing says that the directory is away: %+v", kind, report.Results)
		}
		d.server.Mend()
		l.apply(o)
		for _, e := range d.server.Entries() {
			if mark := strings.Join(e.Attributes["adminDisplayName"], ""); mark == "orgit:new" {
				t.Errorf("%v: %s is still half made", kind, e.DN)
			}
		}
	}
}
