package intake

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
)

// unit is what a cluster of units becomes.
type unit struct {
	key     string
	uuid    org.UUID
	name    string
	root    bool
	cut     bool    // it was above itself, and is put below the root
	used    bool    // somebody is in it at some time, or in a unit below it
	skipped bool    // it is not taken
	worked  org.Day // since when somebody has worked in it, or there has been a unit below it; empty: neither
	leaders []leader
}

// person is what a cluster of people becomes.
type person struct {
	key     string
	uuid    org.UUID
	skipped bool // nothing of them is to be taken
}

// nameUnits gives every unit its name, identity and key: the name in small letters. Units of one
// name get the code that people know them by behind it.
func (l *load) nameUnits() {
	same := map[string]int{}
	for i, c := range l.town.Units {
		u := &l.units[i]
		u.name, _, _ = decide(l, c, "unitName", func(x *source.Extract, at int) (string, bool) {
			s, ok := source.Near(x.Units[at].States, l.opts.Day)
			return s.Name, ok && s.Name != ""
		})
		u.uuid = l.identity(c, "units", func(x *source.Extract, at int) (string, org.UUID) { return x.Units[at].ID, x.Units[at].UUID })
		if u.name == "" {
			x := l.town.Extracts[c[0].Extract]
			u.name = x.Units[c[0].Index].ID
			l.finding(NoName, x.Units[c[0].Index].Origin, u.name, "Enheden har ikke noget navn i nogen af registrene; den hedder her det samme som sit nummer.")
		}
		same[propose.KeyOf(u.name)]++
	}
	taken := map[string]bool{l.org.Units[0].Key: true}
	for i, c := range l.town.Units {
		if u := &l.units[i]; !u.root {
			u.key = keyOfUnit(u.name, l.codeOf(c), same, taken)
			taken[u.key] = true
		}
	}
}

// codeOf is what people know a unit by: its code, else its identifier in the leading register.
func (l *load) codeOf(c Cluster) string {
	for _, r := range c {
		u := l.town.Extracts[r.Extract].Units[r.Index]
		if s, ok := source.Near(u.States, l.opts.Day); ok && s.Code != "" {
			return s.Code
		}
	}
	return l.town.Extracts[c[0].Extract].Units[c[0].Index].ID
}

func keyOfUnit(name, code string, same map[string]int, taken map[string]bool) string {
	key := propose.KeyOf(name)
	if same[key] > 1 || key == "" {
		if low := propose.KeyOf(code); len(low) <= 12 {
			key = strings.Trim(key[:min(len(key), 50)]+"-"+low, "-")
		}
	}
	if key == "" {
		key = "enhed"
	}
	for n, bare := 2, key; taken[key]; n++ {
		key = bare + "-" + strconv.Itoa(n)
	}
	return key
}

// namePeople gives every person their identity and key. A key tells nothing of the person, and
// is always the same for the same identity.
func (l *load) namePeople() {
	taken := map[string]bool{}
	order := make([]int, len(l.people))
	for i, c := range l.town.People {
		order[i] = i
		l.people[i].uuid = l.identity(c, "people", func(x *source.Extract, at int) (string, org.UUID) { return x.People[at].ID, x.People[at].UUID })
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(string(l.people[a].uuid), string(l.people[b].uuid)) })
	for _, i := range order {
		p := &l.people[i]
		for n := 0; p.key == "" || taken[p.key]; n++ {
			p.key = keyOfPerson(p.uuid, n)
		}
		taken[p.key] = true
	}
}

// keyOfPerson makes a key of an identity: p and six letters or digits that are not taken for
// each other. try is higher when the key is somebody else's.
func keyOfPerson(uuid org.UUID, try int) string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // without 0 1 i l o
	sum := sha256.Sum256([]byte("key\x00" + string(uuid) + "\x00" + strconv.Itoa(try)))
	key := []byte("p")
	for _, b := range sum {
		if len(key) < 7 && int(b) < 256/len(letters)*len(letters) {
			key = append(key, letters[int(b)%len(letters)])
		}
	}
	return string(key)
}
