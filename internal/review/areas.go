package review

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// Area is a part of the organisation that a proposal concerns, and who leads it.
type Area struct {
	Unit string `json:"unit"` // key of the unit that is concerned
	Name string `json:"name"`
	// Leaders are the leaders from the nearest on upwards, as main has them. Those whom the proposal is about are left out.
	Leaders []Leader `json:"leaders"`
}

// Leader is somebody who leads a unit.
type Leader struct {
	Unit   string   `json:"unit"`   // key of the unit that they lead
	Person string   `json:"person"` // key
	Name   string   `json:"name"`
	Logins []string `json:"logins"` // usernames in GitLab; none: they cannot be recognised
}

// areas are the areas of everything that leaders decide about, each once, in order of unit. Two things about one unit with
// different people in them are two areas when that leaves other leaders.
func (c *classifier) areas() []Area {
	var areas []Area
	for _, item := range c.items {
		if item.Approvers != org.ByLeader {
			continue
		}
		units := item.units
		if len(units) == 0 {
			units = []string{""} // no leader: the group decides
		}
		for _, key := range units {
			a := c.area(key, item.people)
			if !slices.ContainsFunc(areas, func(have Area) bool { return sameArea(have, a) }) {
				areas = append(areas, a)
			}
		}
	}
	slices.SortStableFunc(areas, func(a, b Area) int { return strings.Compare(a.Unit, b.Unit) })
	return areas
}

func sameArea(a, b Area) bool {
	return a.Unit == b.Unit && slices.EqualFunc(a.Leaders, b.Leaders, func(x, y Leader) bool { return x.Unit == y.Unit && x.Person == y.Person })
}

// area finds who leads a unit, from itself on upwards. A unit that is not on main yet is led from where it will stand.
func (c *classifier) area(key string, about []string) Area {
	a := Area{Unit: key, Name: key}
	if u := c.Proposed.Unit(key); u != nil {
		a.Name = u.At(c.Day).Name
	}
	at := c.view.Standing(key)
	for range len(c.Proposed.Units) + 1 {
		u := c.Proposed.Unit(key)
		if at != nil || u == nil {
			break
		}
		key = u.At(max(u.From, c.Day)).Parent
		at = c.view.Standing(key)
	}
	for range len(c.view.Units()) {
		if at == nil {
			break
		}
		a.Leaders = append(a.Leaders, c.leadersHere(at, about)...)
		at = at.Above
	}
	return a
}

func (c *classifier) leadersHere(u *org.UnitView, about []string) []Leader {
	var leaders []Leader
	for _, m := range u.Managers {
		p := c.view.Person(m.Person)
		if m.Vacant || p == nil || p.Suspended || slices.Contains(about, m.Person) {
			continue
		}
		leaders = append(leaders, Leader{Unit: u.Key, Person: m.Person, Name: p.Name.Full(), Logins: c.people.of(m.Person)})
	}
	return leaders
}

// unitsOfPerson are the units that a change of a person concerns, before and after it: those of the engagement or
// association that it is about, else of all that the person has.
func (c *classifier) unitsOfPerson(item *Item, names []string) []string {
	units := map[string]bool{}
	days := []org.Day{c.Day}
	if item.Effect != "" {
		days = append(days, item.Effect, item.Effect.Add(-1))
	}
	one := ""
	if len(names) > 3 && (names[2] == "engagements" || names[2] == "associations") {
		one = names[2] + " " + names[3]
	}
	for _, p := range c.persons(names[1]) {
		for _, e := range p.Engagements {
			for _, day := range days {
				if one == "engagements "+e.Key || one == "" && e.ActiveOn(day) {
					units[e.At(day).Unit] = true
				}
			}
		}
		for _, a := range p.Associations {
			for _, day := range days {
				if one == "associations "+a.Key || one == "" && a.ActiveOn(day) {
					units[a.At(day).Unit] = true
				}
			}
		}
	}
	delete(units, "")
	if len(units) == 0 && item.Change != nil && item.Change.Unit != "" {
		units[item.Change.Unit] = true
	}
	return sortedKeys(units)
}

// unitsOfUnit are the units that a change of a unit concerns: itself, what is above it before and after where that changes,
// and what it closes into.
func (c *classifier) unitsOfUnit(item *Item, key string) []string {
	units := map[string]bool{key: true}
	if item.Change == nil {
		return []string{key}
	}
	units[item.Change.Unit] = true
	for _, other := range item.Change.Others {
		units[other.Key] = true
	}
	for _, o := range []*org.Organisation{c.Approved, c.Proposed} {
		u := o.Unit(key)
		if u == nil {
			continue
		}
		for _, day := range []org.Day{c.Day, item.Effect, item.Effect.Add(-1)} {
			switch at := u.At(day); item.Change.Kind {
			case change.UnitMove:
				units[at.Parent] = true
				for _, parent := range at.Parents {
					units[parent] = true
				}
			case change.UnitClose, change.UnitMerge:
				units[at.Successor] = true
			}
		}
	}
	delete(units, "")
	return sortedKeys(units)
}
