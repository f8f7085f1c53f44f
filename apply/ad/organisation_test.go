package ad_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema/plain"
)

// organisation reads an organisation from JSON, as the CUE files give it, with the
// settings of the sandbox's directory.
func organisation(t testing.TB, text string, settings ...func(*org.ADSettings)) *org.Organisation {
	t.Helper()
	var parts org.Organisation
	if err := plain.DecodeJSON([]byte(text), &parts); err != nil {
		t.Fatal(err)
	}
	s := &org.ADSettings{
		Mode: org.ModeFull, BaseDN: "OU=test", QuarantineOU: "Karantæne", Layout: "mirror", UsersOU: "Brugere",
		Anchor: "adminDescription", UPNSuffix: "korsbaek.example", PrepareDays: 7, GraceHours: 12, DeleteAfterDays: 30,
	}
	for _, set := range settings {
		set(s)
	}
	parts.Settings = org.Settings{
		Name: "Korsbæk Kommune", CVR: "12345678", Language: "da", Targets: org.Targets{AD: s},
		Limits:  map[string]map[string]org.Limit{"ad": {"*": {Percent: 100, Floor: 100}}},
		Classes: org.Classes{Titles: map[string]org.Class{"laerer": {Name: "Lærer"}, "leder": {Name: "Leder"}}},
	}
	return org.New(parts, nil)
}

// smallTown is a small municipality: a school with a leader and two teachers of one name,
// one of whom begins on 1 December and one of whom leaves on 30 November.
const smallTown = `{
	"units": {
		"korsbaek": {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Korsbæk Kommune", "type": "kommune", "from": "2007-01-01",
			"managers": {"a": {"person": "direktoer", "role": "leder", "from": "2020-01-01"}}},
		"skole": {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Østre Skole", "parent": "korsbaek", "type": "skole", "from": "2010-01-01",
			"managers": {"a": {"person": "leder", "role": "leder", "from": "2020-01-01"}}},
		"teknik": {"uuid": "00000000-0000-4000-8000-000000000003", "name": "Teknik, Vej & Miljø", "parent": "korsbaek", "type": "afdeling", "from": "2010-01-01"}
	},
	"people": {
		"direktoer": {"uuid": "00000000-0000-4000-8000-000000000010", "name": {"given": "Dorte", "surname": "Ærø"},
			"engagements": {"a": {"unit": "korsbaek", "title": "leder", "type": "m", "from": "2020-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": "dorae", "kind": "personal", "fk": true},
				"adm": {"system": "ad", "name": "adm-dorae", "kind": "admin", "fk": false}}},
		"leder": {"uuid": "00000000-0000-4000-8000-000000000011", "name": {"given": "Lars", "surname": "Leder"},
			"engagements": {"a": {"unit": "skole", "title": "leder", "type": "m", "from": "2020-01-01"}},
			"accounts": {"ad": {"system": "ad", "name": "larl", "kind": "personal", "fk": true}}},
		"anna": {"uuid": "00000000-0000-4000-8000-000000000012", "name": {"given": "Anna", "surname": "Jensen"},
			"addresses": {"phone": "+4511111111", "email": "annj@korsbaek.example"},
			"engagements": {"a": {"unit": "skole", "title": "laerer", "type": "m", "from": "2021-08-01", "to": "2026-11-30",
				"payroll": {"system": "sd", "institution": "XY", "number": "11003"}}},
			"accounts": {"ad": {"system": "ad", "name": "annj", "kind": "personal", "fk": true}}},
		"anna2": {"uuid": "00000000-0000-4000-8000-000000000013", "name": {"given": "Anna", "surname": "Jensen"},
			"addresses": {"phone": "+4522222222"},
			"engagements": {"a": {"unit": "skole", "title": "laerer", "type": "m", "from": "2026-12-01"}},
			"accounts": {"ad": {"system": "ad", "name": "annj2", "kind": "personal", "fk": true}}}
	}
}`

// line is the whole line over one directory: desired, actual, plan, apply.
type line struct {
	t       testing.TB
	d       directory
	base    string
	now     time.Time
	timeout time.Duration
	applied *plan.State
	// open and closing are what the last run left, where its mark says so.
	open, closing map[plan.ID]bool

	passwords *ad.Passwords // nil: the writers give none
}

// newLine makes a line in the part of the directory that a sandbox is.
func newLine(t testing.TB, s *sandbox) *line {
	return &line{t: t, d: s.d, base: s.ou, now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)}
}

func (l *line) on(day string) *line {
	l.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		l.t.Fatal(err)
	}
	l.now = at.Add(3 * time.Hour)
	return l
}

func (l *line) day() org.Day {
	l.t.Helper()
	day, err := org.DayOf(l.now)
	if err != nil {
		l.t.Fatal(err)
	}
	return day
}

func (l *line) config(o *org.Organisation) ad.Config {
	l.t.Helper()
	folder := l.t.TempDir()
	ca, secret := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "password")
	if err := os.WriteFile(ca, l.d.caPEM, 0o600); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte(l.d.password+"\n"), 0o600); err != nil {
		l.t.Fatal(err)
	}
	env := map[string]string{
		"ORGIT_AD_URL": l.d.url, "ORGIT_AD_BASE_DN": l.base, "ORGIT_AD_BIND_DN": l.d.bindDN,
		"ORGIT_AD_CA_FILE": ca, "ORGIT_AD_PASSWORD_FILE": secret,
	}
	c, err := ad.ConfigFrom(o.Settings.Targets.AD, func(name string) string { return env[name] })
	if err != nil {
		l.t.Fatal(err)
	}
	c = c.Protecting(o)
	c.Now, c.Timeout = func() time.Time { return l.now }, l.timeout
	return c
}

// plan reads the directory and compares it with what the organisation asks for. The plan must
// be one that may be carried out.
func (l *line) plan(o *org.Organisation) *plan.Plan {
	l.t.Helper()
	p := l.compute(o)
	if len(p.Refusals) > 0 {
		l.t.Fatalf("the plan is refused: %+v", p.Refusals)
	}
	return p
}

// compute is plan, with whatever refusals. As in a plan, what is asked for is worked out while the directory is read.
func (l *line) compute(o *org.Organisation) *plan.Plan {
	l.t.Helper()
	var want plan.State
	worked := make(chan error, 1)
	go func() {
		var err error
		want, err = ad.Desired(o, l.day())
		worked <- err
	}()
	actual := l.actual(o)
	if err := <-worked; err != nil {
		l.t.Fatal(err)
	}
	p, err := plan.Compute(plan.Input{Day: l.day(), Org: o, Provenance: plan.Provenance{Commit: "approved"}, Targets: []plan.TargetInput{{
		Mode: o.Settings.Targets.AD.Mode, Repair: o.Settings.Targets.AD.Repair,
		Desired: want, Base: &want, Applied: l.applied, Open: l.open, Closing: l.closing, Actual: actual,
	}}})
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

func (l *line) actual(o *org.Organisation) plan.Actual {
	l.t.Helper()
	r, err := ad.OpenReader(context.Background(), l.config(o))
	if err != nil {
		l.t.Fatal(err)
	}
	defer r.Close()
	a, err := r.Actual(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return a
}

// run carries a plan out with a writer of its own and gives what became of it.
func (l *line) run(o *org.Organisation, p *plan.Plan) *apply.Report {
	l.t.Helper()
	report, err := apply.Run(context.Background(), l.pass(p), map[string]apply.Writer{ad.Target: l.writer(o, p)}, apply.NewJournal(io.Discard, p, time.Now))
	if err != nil {
		l.t.Fatal(err)
	}
	if len(report.Open(ad.Target)) == 0 {
		want, err := ad.Desired(o, l.day())
		if err != nil {
			l.t.Fatal(err)
		}
		l.applied, l.open, l.closing = &want, nil, nil
	}
	return report
}

// marks keeps a mark of a run of which a part failed.
func (l *line) marks(o *org.Organisation, report *apply.Report) {
	l.t.Helper()
	want, err := ad.Desired(o, l.day())
	if err != nil {
		l.t.Fatal(err)
	}
	l.applied, l.open, l.closing = &want, map[plan.ID]bool{}, map[plan.ID]bool{}
	for _, id := range report.Open(ad.Target) {
		l.open[id] = true
	}
	for _, id := range report.Closing(ad.Target) {
		l.closing[id] = true
	}
}

func (l *line) pass(p *plan.Plan) apply.Pass {
	l.t.Helper()
	pass, err := apply.Gate(p, apply.Facts{Approved: "approved", Today: l.day()})
	if err != nil {
		l.t.Fatal(err)
	}
	return pass
}

// writer opens a writer that is closed with the test.
func (l *line) writer(o *org.Organisation, p *plan.Plan) *ad.Writer {
	l.t.Helper()
	w, err := ad.OpenWriter(context.Background(), l.config(o), l.pass(p))
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = w.Close() }) // the server may have closed it
	return w.WithPasswords(l.passwords)
}

// apply plans and carries out, and the plan after it must be empty.
func (l *line) apply(o *org.Organisation) *plan.Plan {
	l.t.Helper()
	p := l.plan(o)
	report := l.run(o, p)
	for _, r := range report.Results {
		if !r.Good() {
			l.t.Fatalf("%s: %s %v %s", r.Operation.ID, r.Outcome, r.Err, r.Reason)
		}
	}
	if again := l.plan(o); !again.Empty() {
		l.t.Fatalf("the second plan is not empty: %s", summary(again))
	}
	return p
}

// summary lists the operations of a plan as text: action, name and changed attributes.
func summary(p *plan.Plan) []string {
	lines := []string{}
	for _, op := range p.Operations {
		text := string(op.Action) + " " + op.Name
		if op.Action != plan.ActionCreate {
			for _, a := range op.Attrs {
				shown := a.ShowNew
				if shown == "" && len(a.New) > 0 {
					shown = a.New[0]
				}
				text += ", " + a.Name + "=" + shown
			}
		}
		lines = append(lines, text)
	}
	return lines
}
