package rights_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema/plain"
)

// fields are the fields of an entry, as they would stand in its file.
type fields = map[string]any

// decode makes an organisation of entries by kind and key.
func decode(t testing.TB, entries fields) *org.Organisation {
	t.Helper()
	text, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	var parts org.Organisation
	if err := plain.DecodeJSON(text, &parts); err != nil {
		t.Fatal(err)
	}
	return org.New(parts, nil)
}

// maker makes organisations at random, small enough for everything in them to meet.
type maker struct{ *rand.Rand }

func (m maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m maker) key(kind string, n int) string { return fmt.Sprintf("%s%d", kind, m.IntN(n)) }

func (m maker) keys(kind string, n, most int) []string {
	keys := make([]string, m.IntN(most)+1)
	for i := range keys {
		keys[i] = m.key(kind, n)
	}
	return keys
}

func (m maker) day() string { return fmt.Sprintf("2026-%02d-%02d", 1+m.IntN(12), 1+m.IntN(28)) }

// maybe gives a thing days, some of the time.
func (m maker) maybe(of fields, percent int) fields {
	if m.chance(percent) {
		of["from"] = m.day()
	}
	if m.chance(percent) {
		of["to"] = m.day()
	}
	return of
}

const (
	units, people, titles, functions, systems, jobs, groups = 9, 12, 3, 2, 2, 4, 3
)

func (m maker) organisation() fields {
	all := fields{"units": fields{}, "people": fields{}, "systems": fields{}, "roleGroups": fields{}, "assignments": fields{}}
	for i := range units {
		all["units"].(fields)[fmt.Sprintf("u%d", i)] = m.unit(i)
	}
	for i := range people {
		all["people"].(fields)[fmt.Sprintf("p%d", i)] = m.person()
	}
	for i := range systems {
		all["systems"].(fields)[fmt.Sprintf("s%d", i)] = m.system()
	}
	for i := range groups {
		g := m.maybe(fields{"jobs": m.refs(3)}, 10)
		if m.chance(20) {
			g["on"] = fields{m.day(): fields{"jobs": m.refs(3)}}
		}
		all["roleGroups"].(fields)[fmt.Sprintf("g%d", i)] = g
	}
	for i := range 2 + m.IntN(12) {
		all["assignments"].(fields)[fmt.Sprintf("a%02d", i)] = m.assignment()
	}
	return all
}

func (m maker) unit(i int) fields {
	u := m.maybe(fields{"name": fmt.Sprintf("U%d", i)}, 10)
	if i > 0 && m.chance(95) {
		u["parent"] = m.key("u", i)
	}
	if m.chance(20) && i+1 < units {
		u["successor"] = fmt.Sprintf("u%d", i+1)
	}
	if m.chance(60) {
		u["kle"] = fields{"performing": []string{fmt.Sprintf("%d", 10+m.IntN(3))}, "responsible": []string{fmt.Sprintf("%d", 20+m.IntN(3))}}
	}
	if m.chance(60) {
		u["managers"] = fields{"a": m.maybe(fields{"person": m.key("p", people)}, 10), "b": m.maybe(fields{"person": m.key("p", people)}, 60), "c": fields{"vacant": m.chance(50)}}
	}
	return u
}

func (m maker) person() fields {
	p := fields{"name": fields{"given": "A", "surname": "B"}, "engagements": fields{}, "associations": fields{}}
	for i := range m.IntN(4) {
		e := m.maybe(fields{"unit": m.key("u", units), "title": m.key("t", titles)}, 20)
		if m.chance(20) {
			e["on"] = fields{m.day(): fields{"unit": m.key("u", units), "title": m.key("t", titles)}}
		}
		p["engagements"].(fields)[fmt.Sprintf("e%d", i)] = e
	}
	for i := range m.IntN(3) {
		p["associations"].(fields)[fmt.Sprintf("f%d", i)] = m.maybe(fields{"unit": m.key("u", units), "type": m.key("f", functions)}, 20)
	}
	return p
}

func (m maker) refs(most int) []string {
	refs := make([]string, m.IntN(most)+1)
	for i := range refs {
		refs[i] = m.key("s", systems) + "/" + m.key("j", jobs)
	}
	return refs
}

func (m maker) system() fields {
	s := fields{
		"constraints": fields{"enhed": fields{"kind": "unit"}, "kle": fields{"kind": "kle"}, "sag": fields{"kind": "text"}},
		"roles":       fields{"r0": fields{}, "r1": fields{"weight": 1 + m.IntN(3)}, "r2": fields{"weight": 1 + m.IntN(3)}},
		"jobs":        fields{},
	}
	for i := range jobs {
		j := m.maybe(fields{"roles": m.roles()}, 10)
		if m.chance(20) {
			j["on"] = fields{m.day(): fields{"roles": m.roles()}}
		}
		s["jobs"].(fields)[fmt.Sprintf("j%d", i)] = j
	}
	return s
}

func (m maker) roles() fields {
	roles := fields{}
	for range m.IntN(3) {
		constraints := fields{}
		for range m.IntN(3) {
			switch m.IntN(4) {
			case 0:
				constraints["enhed"] = fields{"inherit": []string{"unit", "below"}[m.IntN(2)]}
			case 1:
				constraints["kle"] = fields{"inherit": []string{"unit", "below"}[m.IntN(2)], "tasks": [][]string{nil, {"performing", "responsible"}}[m.IntN(2)]}
			case 2:
				constraints["sag"] = fields{"postponed": true}
			case 3:
				constraints["sag"] = fields{"values": m.keys("v", 3, 2)}
			}
		}
		roles[m.key("r", 3)] = fields{"constraints": constraints}
	}
	return roles
}

func (m maker) assignment() fields {
	a := m.maybe(fields{"deny": m.chance(15)}, 15)
	if m.chance(30) {
		a["group"] = m.key("g", groups)
	} else {
		a["job"] = m.refs(1)[0]
	}
	if m.chance(70) {
		a["values"] = fields{"s0/sag": m.keys("w", 3, 2), "s1/sag": m.keys("w", 3, 2)}
	}
	if m.chance(30) {
		a["person"] = m.key("p", people)
		if m.chance(40) {
			a["post"] = m.key([]string{"e", "f"}[m.IntN(2)], 2)
		}
		return a
	}
	a["unit"], a["below"] = m.key("u", units), m.chance(60)
	if m.chance(30) {
		a["titles"] = m.keys("t", titles, 3)
	}
	if m.chance(30) {
		a["functions"] = m.keys("f", functions, 2)
	}
	if m.chance(20) {
		a["leaders"] = true
	}
	except := fields{}
	for _, of := range []struct {
		field, kind string
		n           int
	}{{"people", "p", people}, {"titles", "t", titles}, {"units", "u", units}} {
		if m.chance(20) {
			except[of.field] = m.keys(of.kind, of.n, 2)
		}
	}
	a["except"] = except
	return a
}
