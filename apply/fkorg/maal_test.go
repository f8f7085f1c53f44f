package fkorg

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema/plain"
)

// noon is noon of a day in Denmark.
func noon(day org.Day) time.Time {
	t, err := time.ParseInLocation(time.DateOnly+" 15", string(day)+" 12", koebenhavn())
	if err != nil {
		panic(err)
	}
	return t
}

// maal is a target with its stand-in on a day.
type maal struct {
	t   *testing.T
	srv *fkorgtest.Server
	day org.Day
	ids atomic.Int64

	omfang Omfang            // the defaults unless a test says otherwise
	frist  time.Duration     // of one call; 20 seconds unless a test says otherwise
	foer   *org.Organisation // what was carried out last, as plan was told
	ventet atomic.Int64      // how often a client waited before it tried again
	sikret *sikret           // the calls are secured; nil: they are not

	transport http.RoundTripper // nil: the usual one
}

func nytMaal(t *testing.T, day org.Day) *maal {
	t.Helper()
	m := &maal{t: t, day: day}
	srv, err := fkorgtest.Start(fkorgtest.Options{Journal: true, Clock: func() time.Time { return noon(m.day) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	m.srv = srv
	srv.Seed(fkorgtest.Owned{Name: "Korsbæk Kommune", CVR: "99189703", Organisation: testOrg})
	return m
}

func (m *maal) klient() *Klient {
	if m.sikret != nil {
		return m.sikret.klient(korsbaekCVR)
	}
	transport := &soap.Client{HTTP: &http.Client{Timeout: cmp.Or(m.frist, 20*time.Second), Transport: m.transport}, NewUUID: m.nyUUID}
	k := NyKlient(transport, m.srv.URL(), testOrg, func() time.Time { return noon(m.day) }, m.omfang)
	k.vent = func(context.Context, time.Duration) error { m.ventet.Add(1); return nil }
	return k
}

func (m *maal) nyUUID() string { return fmt.Sprintf("%08x-0000-4000-8000-00000000abcd", m.ids.Add(1)) }

// writer is the target's writer for an organisation.
func (m *maal) writer(o *org.Organisation) *Writer {
	s, err := Desired(o, m.day)
	if err != nil {
		m.t.Fatal(err)
	}
	known := []map[plan.ID]bool{s.Known}
	if m.foer != nil {
		was, err := Desired(m.foer, m.day.Add(-1))
		if err != nil {
			m.t.Fatal(err)
		}
		known = append(known, was.Known)
	}
	granted, err := apply.Gate(&plan.Plan{Day: m.day, Provenance: plan.Provenance{Commit: "c"}}, apply.Facts{Approved: "c", Today: m.day})
	if err != nil {
		m.t.Fatal(err)
	}
	w, err := NewWriter(granted, NewReader(m.klient(), o, known...), m.nyUUID)
	if err != nil {
		m.t.Fatal(err)
	}
	return w
}

// plan computes what is to be done for o, where before (nil: nothing) was carried out the day before.
func (m *maal) plan(o, before *org.Organisation) *plan.Plan {
	m.t.Helper()
	p, err := m.proevPlan(o, before)
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

// proevPlan is plan where reading may fail. The objects of open did not succeed in the last run.
func (m *maal) proevPlan(o, before *org.Organisation, open ...plan.ID) (*plan.Plan, error) {
	m.t.Helper()
	m.foer = before
	desired, err := Desired(o, m.day)
	if err != nil {
		m.t.Fatal(err)
	}
	in := plan.TargetInput{Mode: org.ModeFull, Desired: desired, Open: map[plan.ID]bool{}}
	for _, id := range open {
		in.Open[id] = true
	}
	if before != nil {
		was, err := Desired(before, m.day.Add(-1))
		if err != nil {
			m.t.Fatal(err)
		}
		in.Applied, in.Base = &was, &was
	}
	if in.Actual, err = m.writer(o).Actual(context.Background()); err != nil {
		return nil, err
	}
	p, err := plan.Compute(plan.Input{Day: m.day, Org: o, Approved: before, Targets: []plan.TargetInput{in}})
	if err != nil {
		m.t.Fatal(err)
	}
	return p, nil
}

// udfoer carries a plan out as apply does: it reads each object again and refuses what has moved. It stops at the first
// error.
func (m *maal) udfoer(ctx context.Context, o *org.Organisation, p *plan.Plan) error {
	var w apply.Writer = m.writer(o)
	for _, op := range p.Operations {
		now, err := w.Reread(ctx, op)
		if err != nil {
			return err
		}
		digest := ""
		if now != nil {
			digest = now.Digest()
		}
		if digest != op.Digest {
			return fmt.Errorf("%s has moved since it was planned", op.ID)
		}
		if err := w.Write(ctx, op, now); err != nil {
			return err
		}
	}
	return nil
}

// anvend plans and carries out, and checks that a second plan is empty.
func (m *maal) anvend(o, before *org.Organisation) *plan.Plan {
	m.t.Helper()
	p := m.plan(o, before)
	if err := m.udfoer(context.Background(), o, p); err != nil {
		m.t.Fatal(err)
	}
	m.ens(o)
	return p
}

// ens checks that what is there is what is asked for.
func (m *maal) ens(o *org.Organisation) {
	m.t.Helper()
	again := m.plan(o, nil)
	if len(again.Operations)+len(again.Drift) > 0 {
		m.t.Errorf("a second plan is not empty:\n%s", opsText(again))
	}
}

// opsText is what a plan does, a line per operation: action, kind, name, attribute: old > new.
func opsText(p *plan.Plan) string {
	var b strings.Builder
	for _, op := range p.Operations {
		fmt.Fprintf(&b, "%s %s %s", op.Action, op.Object.Kind, op.Name)
		if op.Action != plan.ActionCreate {
			for _, a := range op.Attrs {
				fmt.Fprintf(&b, " | %s: %s > %s", a.Name, strings.Join(a.Old, ","), strings.Join(a.New, ","))
			}
		}
		b.WriteString("\n")
	}
	for _, d := range p.Drift {
		fmt.Fprintf(&b, "drift %s %s\n", d.Object, d.Name)
		for _, a := range d.Attrs {
			fmt.Fprintf(&b, "  %s: %s > %s\n", a.Name, strings.Join(a.Old, ","), strings.Join(a.New, ","))
		}
	}
	return b.String()
}

// organisation reads one from JSON, as CUE would give it.
func organisation(t testing.TB, text string) *org.Organisation {
	t.Helper()
	var parts struct {
		Settings org.Settings           `json:"settings"`
		Units    org.Keyed[*org.Unit]   `json:"units"`
		People   org.Keyed[*org.Person] `json:"people"`
		Robots   org.Keyed[*org.Robot]  `json:"robots"`
		Systems  org.Keyed[*org.System] `json:"systems"`
	}
	if err := plain.DecodeJSON([]byte(text), &parts); err != nil {
		t.Fatalf("the test's organisation: %v", err)
	}
	parts.Settings.Name, parts.Settings.CVR, parts.Settings.Language = "Korsbæk Kommune", "99189703", "da"
	parts.Settings.Classes.UnitTypes = map[string]org.Class{"afdeling": {Name: "Afdeling", FK: "department"}, "team": {Name: "Team", FK: "team"}}
	parts.Settings.Classes.Titles = map[string]org.Class{"laerer": {Name: "Lærer"}, "leder": {Name: "Skoleleder"}}
	parts.Settings.Classes.ManagerRoles = map[string]org.Class{"leder": {Name: "Leder"}, "konstitueret": {Name: "Konstitueret leder"}}
	parts.Settings.Classes.AssociationTypes = map[string]org.Class{"frivillig": {Name: "Frivillig"}, "konsulent": {Name: "Konsulent", External: true}}
	return org.New(org.Organisation{Settings: parts.Settings, Units: parts.Units, People: parts.People, Robots: parts.Robots, Systems: parts.Systems}, nil)
}

// UUIDs of the small organisation.
const (
	rodUUID    = "aaaaaaaa-0000-4000-8000-000000000001"
	skoleUUID  = "aaaaaaaa-0000-4000-8000-000000000002"
	skole2UUID = "aaaaaaaa-0000-4000-8000-000000000003"
	annaUUID   = "bbbbbbbb-0000-4000-8000-000000000001"
	annaKonto  = "cccccccc-0000-4000-8000-000000000001"
	boUUID     = "bbbbbbbb-0000-4000-8000-000000000002"
	boKonto    = "cccccccc-0000-4000-8000-000000000002"
	robotKonto = "cccccccc-0000-4000-8000-000000000009"
)

// lille is a municipality of three units, two people and a robot. Tests replace pieces of it.
const lille = `{
"units": {
  "rod":  {"uuid": "` + rodUUID + `", "name": "Korsbæk Kommune", "type": "afdeling", "from": "2020-01-01",
    "addresses": {"phone": "+4510000000", "email": "post@korsbaek.example"}, "numbers": {"ean": "5798001234561"},
    "managers": {"a": {"person": "anna", "role": "leder", "from": "2023-01-01"}}},
  "skole": {"uuid": "` + skoleUUID + `", "name": "Østre Skole", "parent": "rod", "type": "afdeling", "from": "2020-01-01",
    "addresses": {"phone": "+4510000001", "visit": "Skolevej 1, 4298 Korsbæk"},
    "managers": {"a": {"person": "bo", "role": "leder", "from": "2022-08-01"}}},
  "skole2": {"uuid": "` + skole2UUID + `", "name": "Vestre Skole", "parent": "rod", "type": "team", "from": "2020-01-01"}
},
"people": {
  "anna": {"uuid": "` + annaUUID + `", "name": {"given": "Anna", "surname": "Åkær"}, "addresses": {"email": "anna@korsbaek.example", "phone": "+4510000011"},
    "engagements": {
      "a": {"unit": "skole", "title": "laerer", "from": "2024-08-01"},
      "b": {"unit": "skole", "title": "laerer", "from": "2024-08-01"}},
    "accounts": {"ad": {"uuid": "` + annaKonto + `", "system": "ad", "name": "anna", "kind": "personal", "fk": true}}},
  "bo": {"uuid": "` + boUUID + `", "name": {"given": "Bo", "surname": "Bæk"},
    "engagements": {"a": {"unit": "skole", "title": "leder", "from": "2022-08-01"}},
    "accounts": {"ad": {"uuid": "` + boKonto + `", "system": "ad", "name": "bo", "kind": "personal", "fk": true}}}
},
"robots": {
  "rpa": {"uuid": "dddddddd-0000-4000-8000-000000000001", "name": "Robotten", "unit": "rod", "from": "2022-01-01",
    "accounts": {"ad": {"uuid": "` + robotKonto + `", "system": "ad", "name": "rpa", "kind": "service", "fk": true}}}
}}`

// med replaces pieces of a text: old, new, old, new …
func med(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the text does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

const dagen = org.Day("2026-11-23")
