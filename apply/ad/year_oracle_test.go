package ad_test

import (
	"strconv"
	"testing"
	"time"
)

// What the settings of the year say, written down once more.
const (
	townPrepareDays = 7
	townGraceHours  = 12
	townRetention   = 30
)

// expected is what an account must look like at the end of a day.
type expected struct {
	Exists   bool
	Enabled  bool
	Closed   bool   // it waits in quarantine
	Since    string // the day on which it went there
	Unit     string // UUID of the unit in whose OU it stands, unless it is closed
	Name     string // the holder's whole name
	Login    string
	Expires  string // accountExpires as the directory keeps it
	Manager  string // UUID of the leader's account; empty: none
	Dept     string // the unit's name
	managers bool   // the manager is kept: not so once it is closed
}

// oracle says from the town's files and from what it said the day before how every account
// must be. It shares nothing with package ad.
type oracle struct {
	w        *town
	zone     *time.Location
	accounts map[string]*expected // by the account's UUID
}

func newOracle(t *testing.T, w *town) *oracle {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return &oracle{w: w, zone: zone, accounts: map[string]*expected{}}
}

// span is an unbroken time of employment.
type span struct{ from, to string }

// phase is where an account is in its life.
type phase int

const (
	nothing  phase = iota // all its jobs are annulled
	waiting               // too early to prepare it
	ready                 // prepared
	working               // in use
	finished              // over
)

// spans joins the jobs that an account is for.
func (p *townPerson) spans(admin bool) []span {
	var out []span
	for _, j := range p.jobsFor(admin) {
		last := len(out) - 1
		switch {
		case j.annulled != "" || j.to != "" && j.to < j.from:
		case last >= 0 && (out[last].to == "" || plus(out[last].to, 1) >= j.from):
			if out[last].to != "" && (j.to == "" || j.to > out[last].to) {
				out[last].to = j.to
			}
		default:
			out = append(out, span{j.from, j.to})
		}
	}
	return out
}

// jobsFor are in the order of their beginning: the stories add later jobs later.
func (p *townPerson) jobsFor(admin bool) []*townJob {
	if admin {
		return p.jobs[:1]
	}
	return p.jobs
}

// phaseOn gives the phase, the time that decides, and the day whose values count.
func (p *townPerson) phaseOn(admin bool, day string) (ph phase, s span, ref string) {
	var before, after *span
	for _, s := range p.spans(admin) {
		switch {
		case s.from <= day && (s.to == "" || day <= s.to):
			return working, s, day
		case s.from > day && after == nil:
			after = &s
		case s.from <= day:
			before = &s
		}
	}
	switch {
	case before != nil && day == plus(before.to, 1): // accountExpires ends it at noon; the run was before
		return working, *before, before.to
	case after != nil && after.from <= plus(day, townPrepareDays):
		return ready, *after, after.from
	case before != nil:
		return finished, *before, before.to
	case after != nil:
		return waiting, *after, ""
	}
	return nothing, span{}, ""
}

// day moves the oracle on to the end of the day.
func (o *oracle) day(day string) {
	for _, p := range o.w.people {
		o.account(p, false, day)
		if p.admin != "" {
			o.account(p, true, day)
		}
	}
}

func (o *oracle) account(p *townPerson, admin bool, day string) {
	id := p.account(admin)
	e := o.accounts[id]
	if e == nil {
		e = &expected{}
		o.accounts[id] = e
	}
	ph, s, ref := p.phaseOn(admin, day)
	switch ph {
	case working, ready:
		o.use(e, p, admin, ph, s, ref, day)
	case waiting:
		e.Enabled = false
	default:
		o.close(e, day)
	}
}

// close keeps the account in quarantine until the retention is over.
func (o *oracle) close(e *expected, day string) {
	switch {
	case !e.Exists:
	case !e.Closed:
		e.Closed, e.Since, e.Enabled, e.managers = true, day, false, false
	case day >= plus(e.Since, townRetention):
		*e = expected{}
	}
}

func (o *oracle) use(e *expected, p *townPerson, admin bool, ph phase, s span, ref, day string) {
	*e = expected{Exists: true, managers: true}
	e.Enabled = ph == working && !p.suspended && !p.away(admin, min(day, ref))
	e.Name = p.given + " " + valueOn(p.surnames, ref)
	if e.Login = valueOn(p.logins, ref); admin {
		e.Login = p.admin
	}
	e.Expires = o.expires(s.to)
	for _, j := range p.jobsFor(admin) {
		if !j.holds(ref) {
			continue
		}
		u := o.w.standing(valueOn(j.units, ref), ref)
		e.Unit, e.Dept = u.uuid, valueOn(u.names, ref)
		if leader := o.w.leader(u, p, ref); leader != nil {
			if ph, _, _ := leader.phaseOn(false, day); ph == working || ph == ready {
				e.Manager = leader.account(false)
			}
		}
		return
	}
}

// away reports whether every job on the day is on a leave that closes accounts.
func (p *townPerson) away(admin bool, day string) bool {
	away := false
	for _, j := range p.jobsFor(admin) {
		if !j.holds(day) {
			continue
		}
		away = false
		for _, l := range j.leaves {
			away = away || l.closes && l.holds(day)
		}
		if !away {
			return false
		}
	}
	return away
}

// standing follows the successors of a unit that has ended.
func (w *town) standing(key, day string) *townUnit {
	u := w.find(key)
	for u.to != "" && u.to < day && u.successor != "" {
		u = w.find(u.successor)
	}
	return u
}

// leader is whom somebody in the unit answers to: the nearest leader above who is another.
func (w *town) leader(u *townUnit, p *townPerson, day string) *townPerson {
	for ; u != nil; u = w.find(valueOn(u.parents, day)) {
		for _, l := range u.leads {
			if l.person != nil && l.person != p && l.from <= day && (l.to == "" || day <= l.to) {
				return l.person
			}
		}
	}
	return nil
}

// expires is noon of the day after the last one, as the directory counts.
func (o *oracle) expires(last string) string {
	if last == "" {
		return "9223372036854775807"
	}
	at, err := time.ParseInLocation(time.DateOnly, last, o.zone)
	if err != nil {
		panic(err) // the town's own days are days
	}
	end := at.AddDate(0, 0, 1).Add(townGraceHours * time.Hour)
	return strconv.FormatInt((end.Unix()+11644473600)*1e7, 10)
}

// expectedOU is the OU of a unit: its name, and the UUID of the unit above.
type expectedOU struct{ Name, Parent string }

// ous are the OUs at the end of a day, by the unit's UUID: those of units that are there, that
// begin within the days of preparation, and that ended the day before.
func (o *oracle) ous(day string) map[string]expectedOU {
	out := map[string]expectedOU{}
	for _, u := range o.w.units {
		ref := max(day, u.from)
		if u.to != "" {
			ref = min(ref, u.to)
		}
		if u.from > plus(day, townPrepareDays) || u.to != "" && day > plus(u.to, 1) {
			continue
		}
		e := expectedOU{Name: valueOn(u.names, ref)}
		if parent := o.w.find(valueOn(u.parents, ref)); parent != nil {
			e.Parent = parent.uuid
		}
		out[u.uuid] = e
	}
	return out
}
