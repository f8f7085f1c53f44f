package ad_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// town is a municipality as its files state it on a day of the year that the tests play:
// what is known by then, whatever day it is about. Events change it; nothing in it knows
// what a directory is.
type town struct {
	r      *rand.Rand
	prefix string // of login names, so that two towns in one domain do not meet
	units  []*townUnit
	people []*townPerson
	told   map[string][]func() // what becomes known, by day
	free   []*townPerson       // whom nothing happens to yet
}

// dated is a value and the day from which it holds.
type dated struct{ from, value string }

// valueOn gives the last value that has begun; the first one holds from the beginning.
func valueOn(values []dated, day string) string {
	v := values[0].value
	for _, d := range values[1:] {
		if d.from <= day {
			v = d.value
		}
	}
	return v
}

type townUnit struct {
	key, uuid           string
	names, parents      []dated
	from, to, successor string
	leads               []*townLead
}

// townLead is a leadership; without a person it is a stated vacancy.
type townLead struct {
	person   *townPerson
	from, to string
}

type townPerson struct {
	key, uuid, given string
	surnames, logins []dated
	jobs             []*townJob
	admin            string // login name of a second account, for the job "a"; empty: none
	suspended        bool
}

type townJob struct {
	units              []dated
	from, to, annulled string
	leaves             []townLeave
}

type townLeave struct {
	from, to string
	closes   bool
}

func (s townLeave) holds(day string) bool { return s.from <= day && day <= s.to }

// holds reports whether the job is held on the day.
func (j *townJob) holds(day string) bool {
	return j.annulled == "" && j.from <= day && (j.to == "" || day <= j.to)
}

// plus counts days.
func plus(day string, n int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err) // the town's own days are days
	}
	return at.AddDate(0, 0, n).Format(time.DateOnly)
}

const (
	townUnits  = 40
	townPeople = 500
	firstLeaf  = 7 // units 1 to 6 are departments, those after them lie below these
)

// newTown makes the municipality as it is on 1 January: the root, six departments, and
// what lies below them, each with a leader. The same seed gives the same town and year.
func newTown(prefix string, seed uint64) *town {
	w := &town{r: rand.New(rand.NewPCG(seed, seed)), prefix: prefix, told: map[string][]func(){}}
	for i := range townUnits {
		parent := ""
		switch {
		case i >= firstLeaf:
			parent = unitKey(1 + i%6)
		case i > 0:
			parent = unitKey(0)
		}
		w.unit(fmt.Sprintf("Enhed %d, Øst & Åben", i), parent, "2010-01-01")
	}
	for i := range townPeople {
		p := w.person(unitKey(i%townUnits), plus("2020-01-01", w.r.IntN(2000)))
		if i < townUnits {
			p.jobs[0].from = "2015-01-01"
			w.units[i].leads = []*townLead{{person: p, from: "2020-01-01"}}
		} else {
			w.free = append(w.free, p)
		}
	}
	w.r.Shuffle(len(w.free), func(i, j int) { w.free[i], w.free[j] = w.free[j], w.free[i] })
	return w
}

func unitKey(i int) string { return fmt.Sprintf("enhed-%02d", i) }

func (w *town) unit(name, parent, from string) *townUnit {
	n := len(w.units)
	u := &townUnit{
		key: unitKey(n), uuid: fmt.Sprintf("00000000-0000-4000-8000-%012d", n+1), from: from,
		names: []dated{{"", name}}, parents: []dated{{"", parent}},
	}
	w.units = append(w.units, u)
	return u
}

// person adds somebody who works in a unit from a day on. Names come in pairs that only
// Windows takes for one.
func (w *town) person(unit, from string) *townPerson {
	given := []string{"Søren", "Soren", "André", "Andre", "Åse", "Ase", "Anna", "Bo", "Ægidius", "Cecilie", "Dorthe", "Emil",
		"Freja", "Gøril", "Hans", "Ida", "Jørgen", "Karla", "Lærke", "Mads"}
	surname := []string{"Jensen", "Nielsen", "Hansen", "Åkær", "Sørensen", "Bæk", "Møller", "Østergaard", "O'Neill", "Holm, den yngre",
		"Kjær", "Lund", "Madsen", "Nørgaard", "Olsen", "Poulsen", "Ravn", "Skov", "Thomsen", "Ulrik=Uhd", "Vang", "Winther", "Yde", "Bang", "Dam",
		"Eg", "Friis", "Gram", "Høj", "Iversen"}
	n := len(w.people)
	p := &townPerson{
		key: fmt.Sprintf("p%04d", n), uuid: fmt.Sprintf("00000000-0000-4000-9000-%012d", n+1), given: given[n%len(given)],
		surnames: []dated{{"", surname[n/len(given)%len(surname)]}}, logins: []dated{{"", fmt.Sprintf("%sk%d", w.prefix, n)}},
		jobs: []*townJob{{units: []dated{{"", unit}}, from: from}},
	}
	w.people = append(w.people, p)
	return p
}

func (w *town) find(key string) *townUnit {
	for _, u := range w.units {
		if u.key == key {
			return u
		}
	}
	return nil
}

// account is the account's identity.
func (p *townPerson) account(admin bool) string {
	if admin {
		return "00000000-0000-4000-b000-" + p.uuid[24:]
	}
	return "00000000-0000-4000-a000-" + p.uuid[24:]
}

// files gives the entries in the form in which the CUE files are read.
func (w *town) files(t testing.TB) string {
	t.Helper()
	units, people := map[string]any{}, map[string]any{}
	for _, u := range w.units {
		units[u.key] = u.entry()
	}
	for _, p := range w.people {
		people[p.key] = p.entry()
	}
	text, err := json.Marshal(map[string]any{"units": units, "people": people})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stated fills a field and its amendments into an entry.
func stated(entry map[string]any, values []dated, field string, form func(string) any) {
	if first := form(values[0].value); first != "" {
		entry[field] = first
	}
	for _, v := range values[1:] {
		on, ok := entry["on"].(map[string]map[string]any)
		if !ok {
			on = map[string]map[string]any{}
			entry["on"] = on
		}
		if on[v.from] == nil {
			on[v.from] = map[string]any{}
		}
		on[v.from][field] = form(v.value)
	}
}

func asItIs(v string) any { return v }

// period fills in from and to.
func period(entry map[string]any, from, to string) map[string]any {
	entry["from"] = from
	if to != "" {
		entry["to"] = to
	}
	return entry
}

func (u *townUnit) entry() map[string]any {
	e := period(map[string]any{"uuid": u.uuid, "type": "afdeling"}, u.from, u.to)
	stated(e, u.names, "name", asItIs)
	stated(e, u.parents, "parent", asItIs)
	if u.successor != "" {
		e["successor"] = u.successor
	}
	managers := map[string]any{}
	for i, l := range u.leads {
		m := period(map[string]any{}, l.from, l.to)
		if l.person == nil {
			m["vacant"] = true
		} else {
			m["person"], m["role"] = l.person.key, "leder"
		}
		managers[string(rune('a'+i))] = m
	}
	e["managers"] = managers
	return e
}

func (p *townPerson) entry() map[string]any {
	e := map[string]any{"uuid": p.uuid, "addresses": map[string]string{"email": p.key + "@korsbaek.example", "phone": "+4540" + p.uuid[30:]}}
	stated(e, p.surnames, "name", func(v string) any { return map[string]string{"given": p.given, "surname": v} })
	if p.suspended {
		e["suspended"] = true
	}
	jobs := map[string]any{}
	for i, j := range p.jobs {
		jobs[string(rune('a'+i))] = j.entry()
	}
	e["engagements"] = jobs
	account := map[string]any{"uuid": p.account(false), "system": "ad", "kind": "personal"}
	stated(account, p.logins, "name", asItIs)
	accounts := map[string]any{"ad": account}
	if p.admin != "" {
		accounts["adm"] = map[string]any{"uuid": p.account(true), "system": "ad", "kind": "admin", "name": p.admin, "for": []string{"a"}}
	}
	e["accounts"] = accounts
	return e
}

func (j *townJob) entry() map[string]any {
	e := period(map[string]any{"title": "laerer", "type": "m"}, j.from, j.to)
	stated(e, j.units, "unit", asItIs)
	if j.annulled != "" {
		e["annulled"] = j.annulled
	}
	leaves := map[string]any{}
	for i, l := range j.leaves {
		leaves[string(rune('a'+i))] = period(map[string]any{"closesAccounts": l.closes}, l.from, l.to)
	}
	e["leaves"] = leaves
	return e
}
