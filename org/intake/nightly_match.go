package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// matchPeople finds out who in the files the register's people are: by the numbers of their
// engagements, then by their CPR numbers.
func (n *night) matchPeople() error {
	for _, p := range n.org.People {
		for _, e := range p.Engagements {
			if n.isOurs(e) && e.Annulled == "" {
				n.byNumber[[2]string{e.Payroll.Institution, e.Payroll.Number}] = e
			}
		}
		if n.opts.Numbers != nil {
			if number, ok := n.opts.Numbers.CPR(p.UUID); ok {
				n.byCPR[number] = p
			}
		}
	}
	for i, p := range n.x.People {
		who, err := n.whoIs(p)
		if err != nil {
			return err
		}
		n.persons[i] = who
		if who != nil {
			n.personOf[p.ID] = who.Key
		}
	}
	return nil
}

// whoIs gives the person in the files, nil when there is none. Two different ones are an
// error: the register's person would be two of ours.
func (n *night) whoIs(p source.Person) (*org.Person, error) {
	var found *org.Person
	for _, e := range p.Engagements {
		if known := n.byNumber[[2]string{e.Institution, e.Number}]; known != nil {
			if found != nil && found != known.Person {
				return nil, fmt.Errorf("%s says of %s that one person has the engagements of two: %s and %s in the files; make one of them, or have payroll put right",
					n.name(), p.Origin, found.Key, known.Person.Key)
			}
			found = known.Person
		}
	}
	if found == nil && p.CPR != (cpr.Number{}) {
		found = n.byCPR[p.CPR]
	}
	return found, nil
}

// unitsOf finds the unit of each of the register's units by the codes that the files state for
// it. A unit that has ended stands for its successor, so that a register that is weeks behind
// undoes no reorganisation.
func (n *night) unitsOf() {
	byCode := map[string][]*org.Unit{}
	for _, u := range n.org.Units {
		codes := slices.Clone(u.Sources[n.x.Source])
		for _, v := range u.Versions {
			codes = append(codes, v.State.Sources[n.x.Source]...)
		}
		slices.Sort(codes)
		for _, code := range slices.Compact(codes) {
			byCode[code] = append(byCode[code], u)
		}
	}
	for _, u := range n.x.Units {
		s, _ := source.Near(u.States, n.opts.Today)
		found := byCode[u.ID]
		if len(found) == 0 && s.Code != "" {
			found = byCode[s.Code]
		}
		for _, one := range found {
			if before := n.units[u.ID]; before == nil || before.Ended(n.opts.Today) {
				n.units[u.ID] = one
			}
		}
	}
}

// unit gives the key of the unit that one of the register's stands for on a day; empty where no
// entry names it, or none stands on the day.
func (n *night) unit(id string, day org.Day) string {
	u := n.units[id]
	if u == nil {
		return ""
	}
	if standing := n.org.StandingOn(u.Key, day); standing != nil {
		return standing.Key
	}
	return ""
}

// sameName gives people of the files with a name who have no engagement from this register that
// holds: the register's new person may be one of them.
func (n *night) sameName(s source.PersonState) []*org.Person {
	var found []*org.Person
	for _, p := range n.org.People {
		at := p.At(n.opts.Today)
		if !strings.EqualFold(at.Name.Given+" "+at.Name.Surname, oneLine(s.Given)+" "+oneLine(s.Surname)) {
			continue
		}
		if !slices.ContainsFunc(p.Engagements, func(e *org.Engagement) bool { return n.isOurs(e) && e.ActiveOn(n.opts.Today) }) {
			found = append(found, p)
		}
	}
	return found
}

// newIdentity gives somebody new a UUID and a key, always the same for the register's person.
func (n *night) newIdentity(p source.Person) (string, org.UUID) {
	for try := 0; ; try++ {
		parts := []string{"people", n.x.Source, p.ID}
		if try > 0 {
			parts = append(parts, strconv.Itoa(try))
		}
		uuid := p.UUID
		if uuid == "" || try > 0 {
			uuid = org.DeriveUUID(org.UUID(n.org.Settings.CVR), parts...)
		}
		key := keyOfPerson(uuid, try)
		taken := n.org.Person(key) != nil || slices.ContainsFunc(n.org.People, func(q *org.Person) bool { return q.UUID == uuid })
		if !taken && !n.given[key] {
			n.given[key] = true
			return key, uuid
		}
	}
}
