package propose

import (
	"maps"
	"regexp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
)

func unitThing(u *org.Unit) thing {
	return thingOf(u.Path(), words{"the unit " + u.Name, "enheden " + u.Name}, u.Period, u.Versions)
}

// NewUnit is a unit to be.
type NewUnit struct {
	Key, Name, Parent, Type string   // Parent and Type are keys
	UUID                    org.UUID // one is made where it is empty
	From                    org.Day
	Codes                   map[string]string // what payroll systems call it, by system
}

var unitKey = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`)

// CreateUnit makes a unit.
func (e *Editor) CreateUnit(n NewUnit) error {
	if n.From == "" {
		return refuse("say from which day on the unit exists (--from)")
	}
	if !unitKey.MatchString(n.Key) {
		return refuse("%q is no key: small letters a-z, digits and dashes", n.Key)
	}
	if e.o.Unit(n.Key) != nil || e.files.Has("units", n.Key) {
		return refuse("there is a unit with the key %q already", n.Key)
	}
	if _, err := e.unitOn(n.Parent, n.From); err != nil {
		return err
	}
	if n.UUID == "" {
		n.UUID = e.ids.UUID()
	}
	fields := edit.Struct{
		{Name: "uuid", Value: string(n.UUID)}, {Name: "name", Value: n.Name}, {Name: "parent", Value: n.Parent},
		{Name: "type", Value: n.Type}, {Name: "from", Value: string(n.From)},
	}
	var codes edit.Struct
	for _, system := range slices.Sorted(maps.Keys(n.Codes)) {
		codes = append(codes, edit.Field{Name: system, Value: []string{n.Codes[system]}})
	}
	if len(codes) > 0 {
		fields = append(fields, edit.Field{Name: "sources", Value: codes})
	}
	return e.files.Add("units", n.Key, fields)
}

// RenameUnit gives a unit another name.
func (e *Editor) RenameUnit(unit, name string, when When) error {
	u, err := e.unit(unit)
	if err != nil {
		return err
	}
	return e.amend(unitThing(u), when, "name", name)
}

// MoveUnit puts a unit, and all that is below it, under another one.
func (e *Editor) MoveUnit(unit, parent string, when When) error {
	u, err := e.unit(unit)
	if err != nil {
		return err
	}
	if _, err := e.unitOn(parent, when.From); err != nil {
		return err
	}
	return e.amend(unitThing(u), when, "parent", parent)
}

// UnitContact changes a unit's addresses by role, as Contact does a person's.
func (e *Editor) UnitContact(unit string, addresses map[string]string, when When) error {
	u, err := e.unit(unit)
	if err != nil {
		return err
	}
	if when.From == "" && !when.Correct {
		when.From = e.today
	}
	return e.addresses(unitThing(u), addresses, when)
}

// CloseUnit ends a unit with a last day. Whoever works there then works in the successor from the day after; without one
// the check refuses a unit that people are in. What was to change after that day, and who was to lead the unit then, would
// contradict it and is taken out.
func (e *Editor) CloseUnit(unit string, last org.Day, successor string) error {
	u, err := e.unit(unit)
	if err != nil {
		return err
	}
	switch {
	case last == "":
		return refuse("say which day is the unit's last one (--last), or the first one without it (--from)")
	case last < u.From:
		return refuse("the unit begins on %s, so %s cannot be its last day", u.From, last)
	case u.To != "" && u.To < e.today:
		return refuse("%s closed on %s; correct that day in the files if it is wrong", u.Name, u.To)
	case successor == unit:
		return refuse("a unit cannot follow itself")
	}
	path := unitThing(u).path
	for _, m := range u.Managers {
		if m.From <= last {
			continue
		}
		if err := e.files.Remove(append(slices.Clone(path), "managers", m.Key)...); err != nil {
			return err
		}
	}
	if err := e.endThing(unitThing(u), last); err != nil || successor == "" {
		return err
	}
	if _, err := e.unitOn(successor, last.Add(1)); err != nil {
		return err
	}
	return e.files.Set(successor, append(slices.Clone(path), "successor")...)
}

// MergeUnits closes units into another one; from is the first day on which all is one.
func (e *Editor) MergeUnits(units []string, into string, from org.Day) error {
	if from == "" {
		return refuse("say on which day the units become one (--from)")
	}
	for _, unit := range units {
		if err := e.CloseUnit(unit, from.Add(-1), into); err != nil {
			return err
		}
	}
	return nil
}

// SplitUnit makes a new unit out of a part of another one: it is made beside it, and the people named move there, also those who
// have come into the unit as the successor of theirs.
func (e *Editor) SplitUnit(from string, n NewUnit, people []Of) error {
	u, err := e.unitOn(from, n.From)
	if err != nil {
		return err
	}
	if at := u.At(n.From); n.Parent == "" {
		n.Parent = at.Parent
	}
	if err := e.CreateUnit(n); err != nil {
		return err
	}
	view := e.o.On(n.From)
	for _, of := range people {
		x, err := e.of(of, n.From)
		if err != nil {
			return err
		}
		if !worksIn(view, x, from) {
			return refuse("the engagement %s of %s is not in %s on %s", x.Key, x.Person.Name.Full(), u.Name, n.From)
		}
		if err := e.amend(engagementThing(x), When{From: n.From}, "unit", n.Key); err != nil {
			return err
		}
	}
	return nil
}

// worksIn reports whether an engagement is in a unit on the day of the view, by itself or because the unit follows the one that
// it states.
func worksIn(view *org.View, x *org.Engagement, unit string) bool {
	p := view.Person(x.Person.Key)
	return p != nil && slices.ContainsFunc(p.Posts, func(post org.Post) bool {
		return post.Engagement != nil && post.Unit != nil && post.Key() == x.Key && post.Unit.Key == unit
	})
}
