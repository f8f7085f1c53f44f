package ad_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// closingStory is a day on which an account has to be closed and an OU has to be made or renamed first.
type closingStory struct {
	name   string
	day    string
	edits  []string // of what is stated on the day
	rename string   // of the quarantine OU
	byHand bool     // the account was there before orgit
	login  string
	closed string   // what the account is when the OU could not be made
	end    string   // and when it could
	plan   []string // the operations on accounts
}

func closingStories() []closingStory {
	const unit = `"teknik": {"uuid"`
	const fresh = `"ny": {"uuid": "00000000-0000-4000-8000-000000000004", "name": "Ny Skole", "parent": "korsbaek", "type": "skole", "from": "2026-11-24"},
		"teknik": {"uuid"`
	const lars = `"name": {"given": "Lars", "surname": "Leder"},
			"engagements": {"a": {"unit": "skole", "title": "leder", "type": "m", "from": "2020-01-01"}}`
	const moved = `"suspended": true, "name": {"given": "Lars", "surname": "Leder"},
			"engagements": {"a": {"unit": "ny", "title": "leder", "type": "m", "from": "2020-01-01"}}`
	return []closingStory{
		{name: "a leaver, and the quarantine is renamed", day: "2026-12-02", rename: "Arkiv", login: "annj",
			closed: "Østre Skole 514 orgit:closed;since=2026-12-02", end: "Arkiv 514 orgit:closed;since=2026-12-02",
			plan: []string{"create Anna Jensen", "retire Anna Jensen, enabled=false", "retire Anna Jensen, container=Arkiv"}},
		{name: "a suspended leaver, and the quarantine is renamed", day: "2026-12-02", rename: "Arkiv", login: "annj",
			edits:  []string{`"name": {"given": "Anna", "surname": "Jensen"}`, `"suspended": true, "name": {"given": "Anna", "surname": "Jensen"}`},
			closed: "Østre Skole 514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02",
			end:    "Arkiv 514 orgit:closed;since=2026-12-02;suspended;barred=2026-12-02",
			plan: []string{"create Anna Jensen", "retire Anna Jensen, enabled=false, suspended=true",
				"retire Anna Jensen, container=Arkiv"}},
		{name: "suspended and moved to a new unit", day: "2026-11-24", edits: []string{unit, fresh, lars, moved}, login: "larl",
			closed: "Østre Skole 514 orgit:disabled;suspended", end: "Ny Skole 514 orgit:disabled;suspended",
			plan: []string{"create Anna Jensen", "update Lars Leder, department=Ny Skole, enabled=false, suspended=true", "update Lars Leder, container=Ny Skole"}},
		{name: "taken over, suspended and moved to a new unit", day: "2026-11-24", edits: []string{unit, fresh, lars, moved}, byHand: true, login: "larl",
			closed: "Østre Skole 514 orgit:disabled;suspended", end: "Ny Skole 514 orgit:disabled;suspended",
			plan: []string{"create Anna Jensen", "adopt Lars Leder", "update Lars Leder, container=Ny Skole"}},
	}
}

// begin loads what was there before the day.
func (c closingStory) begin(t *testing.T, s *sandbox) (*line, *org.Organisation) {
	t.Helper()
	l, text := newLine(t, s), s.unique(smallTown)
	l.apply(organisation(t, text))
	if c.byHand {
		s.must(s.modify(s.byLogin(c.login).DN, "replace", "adminDescription"))
		l.applied = nil
	}
	o := organisation(t, edited(t, text, c.edits...), func(s *org.ADSettings) {
		s.Writers = 1 // the OU is the first write
		if c.rename != "" {
			s.QuarantineOU = c.rename
		}
	})
	return l.on(c.day), o
}

// users are the operations on accounts, without what an adoption writes.
func users(p *plan.Plan) []string {
	part := *p
	part.Operations = slices.DeleteFunc(slices.Clone(p.Operations), func(op plan.Operation) bool {
		return op.Object.Kind != ad.KindUser || strings.HasSuffix(op.ID, "/link")
	})
	lines := summary(&part)
	for i, l := range lines {
		if strings.HasPrefix(l, "adopt") {
			lines[i], _, _ = strings.Cut(l, ",")
		}
	}
	return lines
}

// TestClosingWaitsForNothing: an account is closed although the OU into which it goes could not be
// made, and goes there when that is made good.
func TestClosingWaitsForNothing(t *testing.T) {
	for _, c := range closingStories() {
		t.Run(c.name, func(t *testing.T) {
			eachDirectory(t, func(t *testing.T, d directory) {
				s := newSandbox(t, d)
				l, o := c.begin(t, s)
				p := l.plan(o)
				if diff := cmp.Diff(c.plan, users(p)); diff != "" {
					t.Errorf("plan (-want +got):\n%s", diff)
				}
				if d.server == nil { // a real one refuses nothing by request
					l.apply(o)
					if got := s.stateOf(c.login); got != c.end {
						t.Errorf("in the end it is %q, want %q", got, c.end)
					}
					return
				}
				d.server.Inject(adtest.Fault{AtWrite: 1, Kind: adtest.Refused, Code: ldap.LDAPResultInsufficientAccessRights})
				for _, r := range l.run(o, p).Results {
					isOU := r.Operation.Object.Kind == ad.KindOU
					if rest := strings.HasSuffix(r.Operation.ID, "/rest"); rest && r.Good() || !rest && !isOU && !r.Good() {
						t.Errorf("%s: %s %v", r.Operation.ID, r.Outcome, r.Err)
					}
				}
				if got := s.stateOf(c.login); got != c.closed {
					t.Errorf("after the OU was refused it is %q, want %q", got, c.closed)
				}
				l.apply(o)
				if got := s.stateOf(c.login); got != c.end {
					t.Errorf("in the end it is %q, want %q", got, c.end)
				}
			})
		})
	}
}

// TestClosingKilledAtEveryWrite kills the run at each of its writes, and runs again. It must end
// as one run does.
func TestClosingKilledAtEveryWrite(t *testing.T) {
	play := func(c closingStory, f *adtest.Fault, fresh bool) (map[string]map[string][]string, int) {
		d := standIn(t, adtest.Options{})
		s := &sandbox{Conn: d.connect(t), t: t, id: "t1", ou: "OU=t1," + d.base, d: d}
		s.must(s.addOU(s.ou))
		l, o := c.begin(t, s)
		before, p := d.server.Writes(), l.plan(o)
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
				t.Fatalf("%s, %+v, fresh %v: %s: %s %v %s", c.name, f, fresh, r.Operation.ID, r.Outcome, r.Err, r.Reason)
			}
		}
		if again := l.plan(o); !again.Empty() {
			t.Fatalf("%s, %+v: a plan after it is not empty: %v", c.name, f, summary(again))
		}
		return contents(d), d.server.Writes() - before
	}
	for _, c := range closingStories() {
		want, writes := play(c, nil, false)
		for _, kind := range []adtest.FaultKind{adtest.LostRequest, adtest.LostAnswer} {
			for _, fresh := range []bool{false, true} {
				for at := 1; at <= writes; at++ {
					got, _ := play(c, &adtest.Fault{AtWrite: at, Kind: kind, Stay: true}, fresh)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%s: killed at write %d (%v, fresh plan %v) (-one run +two runs):\n%s", c.name, at, kind, fresh, diff)
					}
				}
			}
		}
	}
}
