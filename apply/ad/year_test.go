package ad_test

import (
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad/adtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// TestYear plays a year in the life of 500 people, day by day. Every day must end with an
// empty second plan and with every account as the oracle says: none lost, none doubled, every
// date right. It plays the first half of the year against the stand-in and two months against a
// real directory; with ORGIT_AD_YEAR it plays all of it.
func TestYear(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes a minute")
	}
	days := func(short int) int {
		if os.Getenv("ORGIT_AD_YEAR") != "" {
			return 365
		}
		return short
	}
	t.Run("windows", func(t *testing.T) {
		// Windows enables nobody without a password, so that orgit gives them.
		playYear(t, standIn(t, adtest.Options{Rules: adtest.Windows}), days(181), newDesk(t))
	})
	t.Run("real", func(t *testing.T) { playYear(t, realDirectory(t), days(60), nil) })
}

// year is a town, what is to come of it, and the directory that has to follow.
type year struct {
	*line
	s      *sandbox
	w      *town
	o      *oracle
	guids  map[string]string // objectGUID by the account's UUID, while the account may be there
	counts map[string]int    // operations by their action
	desk   *desk             // where first passwords are handed over; nil: orgit gives none
}

func playYear(t *testing.T, d directory, days int, passwords *desk) {
	// Collecting less often saves a third of the time.
	before := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	s := newSandbox(t, d)
	w := newTown(s.login(""), 500)
	w.year()
	y := &year{line: newLine(t, s), s: s, w: w, o: newOracle(t, w), guids: map[string]string{}, counts: map[string]int{}, desk: passwords}
	day := "2026-01-01"
	for range days {
		for _, change := range w.told[day] {
			change()
		}
		y.play(day)
		if t.Failed() {
			t.Fatalf("%s: the year ends here", day)
		}
		day = plus(day, 1)
	}
	t.Logf("%d people, %d units, %d accounts; operations: %v", len(w.people), len(w.units), len(y.guids), y.counts)
	for _, action := range []string{"create", "update", "retire", "delete"} {
		if y.counts[action] == 0 {
			t.Errorf("nothing in the whole year had to %s", action)
		}
	}
}

// play carries the day's plan out, if there is anything in it, and holds the directory against
// the oracle. On a day without operations the plan is the second plan already.
func (y *year) play(day string) {
	y.t.Helper()
	o := organisation(y.t, y.w.files(y.t), func(s *org.ADSettings) {
		s.PrepareDays, s.GraceHours, s.DeleteAfterDays = townPrepareDays, townGraceHours, townRetention
		if y.desk != nil {
			withPasswords(s)
		}
	})
	o.Settings.Limits = map[string]map[string]org.Limit{"ad": {"*": {Percent: 100, Floor: 10000}}}
	o.Settings.Classes = org.Classes{
		Titles: map[string]org.Class{"laerer": {Name: "Lærer"}}, EngagementTypes: map[string]org.Class{"m": {Name: "Månedslønnet"}},
		UnitTypes: map[string]org.Class{"afdeling": {Name: "Afdeling"}}, ManagerRoles: map[string]org.Class{"leder": {Name: "Leder"}},
	}
	y.on(day)
	for _, f := range o.Check(y.day()) {
		if f.Severity == schema.Error {
			y.t.Errorf("%s: the town is at fault: %s %s: %s", day, f.Code, f.Path, f.Message)
		}
	}
	p := y.plan(o)
	for _, op := range p.Operations {
		y.counts[string(op.Action)]++
	}
	if len(p.Drift) > 0 || len(p.Attention) > 0 {
		y.t.Errorf("%s: drift %+v, attention %+v", day, p.Drift, p.Attention)
	}
	report := y.carryOut(o, p)
	for _, r := range report.Results {
		if !r.Good() {
			y.t.Errorf("%s: %s %s: %s %v %s", day, r.Operation.ID, r.Operation.Name, r.Outcome, r.Err, r.Reason)
		}
	}
	if p.Empty() {
		y.idle(day)
		return
	}
	if again := y.plan(o); !again.Empty() {
		y.t.Errorf("%s: the second plan is not empty: %v", day, summary(again))
	}
	y.o.day(day)
	y.check(day)
}

// carryOut carries a plan out, with first passwords where orgit gives them.
func (y *year) carryOut(o *org.Organisation, p *plan.Plan) *apply.Report {
	y.t.Helper()
	if y.desk == nil {
		return y.run(o, p)
	}
	return y.gives(o, p, y.desk.run)
}

// idle is a day on which nothing is written, so that the directory is what it was the day
// before: it is enough that the oracle expects no more.
func (y *year) idle(day string) {
	y.t.Helper()
	before := y.wanted(plus(day, -1))
	y.o.day(day)
	if diff := cmp.Diff(before, y.wanted(day), cmpopts.IgnoreUnexported(expected{})); diff != "" {
		y.t.Errorf("%s: nothing is planned, but (-yesterday +today):\n%s", day, diff)
	}
}

// wanted is everything that the oracle expects.
type wanted struct {
	Accounts map[string]expected
	OUs      map[string]expectedOU
}

func (y *year) wanted(day string) wanted {
	w := wanted{map[string]expected{}, y.o.ous(day)}
	for id, e := range y.o.accounts {
		if e.Exists {
			w.Accounts[id] = *e
		}
	}
	return w
}

// held is what the directory has, by the identity in the mark.
type held struct {
	users, ous map[string]*ldap.Entry
	mark       map[string]string // the identity of an OU by its DN
}

func (y *year) read() held {
	y.t.Helper()
	h := held{map[string]*ldap.Entry{}, map[string]*ldap.Entry{}, map[string]string{strings.ToLower(y.s.ou): ""}}
	for _, e := range y.entries() {
		id := strings.TrimPrefix(e.GetAttributeValue("adminDescription"), "orgit:")
		of := h.users
		if slices.Contains(e.GetAttributeValues("objectClass"), "organizationalUnit") {
			of = h.ous
			h.mark[strings.ToLower(e.DN)] = id
		}
		if of[id] != nil {
			y.t.Errorf("two objects have the identity %s: %s and %s", id, of[id].DN, e.DN)
		}
		of[id] = e
	}
	return h
}

// entries are the objects with orgit's mark. The stand-in shows them without a connection,
// which is faster.
func (y *year) entries() []*ldap.Entry {
	y.t.Helper()
	if y.d.server == nil {
		found, err := y.s.SearchWithPaging(search(y.s.ou, ldap.ScopeWholeSubtree, "(adminDescription=orgit:*)", "objectClass", "objectGUID",
			"adminDescription", "userAccountControl", "accountExpires", "displayName", "sAMAccountName", "manager", "department", "ou", "cn"), 500)
		y.s.must(err)
		return found.Entries
	}
	var marked []*ldap.Entry
	for _, e := range y.d.server.Entries() {
		if v := e.Attributes["adminDescription"]; len(v) > 0 && strings.HasPrefix(v[0], "orgit:") {
			marked = append(marked, ldap.NewEntry(e.DN, e.Attributes))
		}
	}
	return marked
}

// parent gives the DN of the container. No name in the directory's own spelling has a comma
// that is not escaped.
func parent(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return dn[i+1:]
		}
	}
	return ""
}

// check holds the directory against the oracle.
func (y *year) check(day string) {
	y.t.Helper()
	h := y.read()
	want, got := y.wanted(day), wanted{map[string]expected{}, map[string]expectedOU{}}
	for id, e := range h.ous {
		if name := e.GetAttributeValue("ou"); name != "Karantæne" {
			got.OUs[id] = expectedOU{name, h.mark[strings.ToLower(parent(e.DN))]}
		}
	}
	for id, e := range h.users {
		got.Accounts[id] = y.account(e, h, want.Accounts[id])
		if y.desk == nil {
			continue
		}
		if n := len(y.desk.lines[id]); n > 1 || n == 0 && got.Accounts[id].Enabled {
			y.t.Errorf("%s: %s is enabled: %v, and its first password was handed over %d times", day, e.DN, got.Accounts[id].Enabled, n)
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(expected{}), cmpopts.IgnoreFields(expected{}, "Since")); diff != "" {
		y.t.Errorf("%s: (-want +got):\n%s", day, diff)
	}
	for _, id := range slices.Sorted(maps.Keys(y.guids)) {
		if h.users[id] == nil {
			delete(y.guids, id) // the oracle has said that it may be gone
			if y.desk != nil {
				delete(y.desk.lines, id) // made anew for who comes back, it has another password
			}
		}
	}
	for id, e := range h.users {
		guid := fmt.Sprintf("%x", e.GetRawAttributeValue("objectGUID"))
		if before := y.guids[id]; before != "" && before != guid {
			y.t.Errorf("%s: %s has become another object", day, e.DN)
		}
		y.guids[id] = guid
	}
}

// account reads an account as the oracle sees it. The common name is the holder's, with the
// login name behind it where another has that name.
func (y *year) account(e *ldap.Entry, h held, want expected) expected {
	y.t.Helper()
	got := expected{
		Exists: true, Enabled: e.GetAttributeValue("userAccountControl") == "512", Closed: strings.HasPrefix(parent(e.DN), "OU=Karantæne,"),
		Unit: h.mark[strings.ToLower(parent(e.DN))], Name: e.GetAttributeValue("displayName"), Login: e.GetAttributeValue("sAMAccountName"),
		Expires: e.GetAttributeValue("accountExpires"), Dept: e.GetAttributeValue("department"),
	}
	if got.Closed {
		got.Unit = want.Unit
	}
	if cn := e.GetAttributeValue("cn"); cn != got.Name && cn != got.Name+" ("+got.Login+")" {
		y.t.Errorf("%s is called %q", e.DN, cn)
	}
	if got.Manager = want.Manager; want.managers {
		got.Manager = ""
		for leader, l := range h.users {
			if l.DN == e.GetAttributeValue("manager") {
				got.Manager = leader
			}
		}
	}
	return got
}
