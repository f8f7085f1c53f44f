package review

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// mark notes of an item whom and which units it is about, and what a class may refuse because of that.
func (c *classifier) mark(item *Item) {
	names := schema.SplitPath(string(item.Path))
	if len(names) < 2 {
		return
	}
	switch names[0] {
	case "people":
		item.people = []string{names[1]}
		item.units = c.unitsOfPerson(item, names)
	case "units":
		item.people = c.leadersConcerned(item, names)
		item.units = c.unitsOfUnit(item, names[1])
	}
	marks := map[string]bool{}
	for _, key := range item.people {
		marks[org.KindShielded] = marks[org.KindShielded] || c.shielded(key)
		marks[org.KindManager] = marks[org.KindManager] || c.leaders[key]
		marks[org.KindSafeguarded] = marks[org.KindSafeguarded] || c.safeguardedPerson(key)
	}
	if names[0] == "units" {
		marks[org.KindSafeguarded] = marks[org.KindSafeguarded] || c.safeguardedUnit(names[1])
	}
	if item.Change != nil && item.Change.Kind == change.Move {
		marks[org.KindUnit] = true
	}
	for _, mark := range sortedKeys(marks) {
		if marks[mark] {
			item.Marks = append(item.Marks, mark)
		}
	}
}

// persons is the person as each of the two organisations has them, where it does.
func (c *classifier) persons(key string) []*org.Person {
	var list []*org.Person
	for _, o := range []*org.Organisation{c.Approved, c.Proposed} {
		if p := o.Person(key); p != nil {
			list = append(list, p)
		}
	}
	return list
}

// shielded reports whether the person is shielded at any time in either organisation.
func (c *classifier) shielded(key string) bool {
	return slices.ContainsFunc(c.persons(key), func(p *org.Person) bool {
		return p.Shielded || slices.ContainsFunc(p.Versions, func(v org.Version[org.Person]) bool { return v.State.Shielded })
	})
}

// leadersOf are the people who lead something in one of the organisations, on the day or later.
func leadersOf(day org.Day, organisations ...*org.Organisation) map[string]bool {
	people := map[string]bool{}
	for _, o := range organisations {
		for _, u := range o.Units {
			for _, m := range u.Managers {
				if m.Ended(day) {
					continue
				}
				for _, key := range managersPeople(m) {
					people[key] = true
				}
			}
		}
	}
	return people
}

func managersPeople(m *org.Manager) []string {
	people := []string{m.Person}
	for _, v := range m.Versions {
		people = append(people, v.State.Person)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	return slices.DeleteFunc(people, func(key string) bool { return key == "" })
}

func (c *classifier) safeguardedPerson(key string) bool {
	safe := c.Approved.Settings.Safeguarded
	if slices.Contains(safe.People, key) {
		return true
	}
	isLogin := func(name string) bool {
		return slices.ContainsFunc(safe.Accounts, func(login string) bool { return strings.EqualFold(login, name) })
	}
	for _, p := range c.persons(key) {
		if slices.Contains(safe.UUIDs, p.UUID) {
			return true
		}
		for _, a := range p.Accounts {
			if slices.Contains(safe.UUIDs, a.UUID()) || slices.ContainsFunc(accountVersions(a), func(s *org.Account) bool { return isLogin(s.Name) }) {
				return true
			}
		}
	}
	return false
}

func (c *classifier) safeguardedUnit(key string) bool {
	safe := c.Approved.Settings.Safeguarded
	u := c.Approved.Unit(key)
	return slices.Contains(safe.Units, key) || u != nil && slices.Contains(safe.UUIDs, u.UUID)
}

// accountVersions are all states of an account.
func accountVersions(a *org.Account) []*org.Account {
	states := []*org.Account{a}
	for _, v := range a.Versions {
		states = append(states, v.State)
	}
	return states
}

// accountStates are all states, in both organisations, of the account that a change is about.
func (c *classifier) accountStates(ch change.Change) []*org.Account {
	names := schema.SplitPath(string(ch.Path))
	if len(names) < 4 || names[0] != "people" || names[2] != "accounts" {
		return nil
	}
	var states []*org.Account
	for _, p := range c.persons(names[1]) {
		for _, a := range p.Accounts {
			if a.Key == names[3] {
				states = append(states, accountVersions(a)...)
			}
		}
	}
	return states
}

// leadersConcerned are the people whose leadership of a unit a change is about. Whoever leads the unit now or later, before
// or after the change, is one of them: the change may be the end of their time.
func (c *classifier) leadersConcerned(item *Item, names []string) []string {
	if item.Kind != org.KindManager {
		return nil
	}
	var people []string
	for _, o := range []*org.Organisation{c.Approved, c.Proposed} {
		u := o.Unit(names[1])
		if u == nil {
			continue
		}
		for _, m := range u.Managers {
			if !m.Ended(c.Day) || len(names) > 3 && m.Key == names[3] {
				people = append(people, managersPeople(m)...)
			}
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}
