package propose

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/edit"
)

// Leader is who is to lead a unit. Role is a key in the classes' managerRoles; empty is the ordinary one.
type Leader struct {
	Unit, Person, Role string
	From, To           org.Day
}

// Appoint gives a unit a leader. Whoever led it until then stops the day before.
func (e *Editor) Appoint(l Leader) error {
	if _, err := e.person(l.Person); err != nil {
		return err
	}
	fields := edit.Struct{{Name: "person", Value: l.Person}}
	if l.Role != "" {
		fields = append(fields, edit.Field{Name: "role", Value: l.Role})
	}
	return e.lead(l, fields)
}

// Acting gives a unit a leader for the time being (konstitueret).
func (e *Editor) Acting(l Leader) error {
	l.Role = change.ActingRole
	return e.Appoint(l)
}

// Vacate leaves a unit without a leader, and says so.
func (e *Editor) Vacate(unit string, from org.Day) error {
	return e.lead(Leader{Unit: unit, From: from}, edit.Struct{{Name: "vacant", Value: true}})
}

func (e *Editor) lead(l Leader, fields edit.Struct) error {
	if l.From == "" {
		return refuse("say from which day on (--from)")
	}
	u, err := e.unitOn(l.Unit, l.From)
	if err != nil {
		return err
	}
	for _, m := range u.Managers {
		switch {
		case m.Ended(l.From):
		case m.From >= l.From:
			return refuse("%s has a leader from %s on already (%s); take that out or choose another day", u.Name, m.From, m.Path())
		default:
			if err := e.files.Set(string(l.From.Add(-1)), "units", u.Key, "managers", m.Key, "to"); err != nil {
				return err
			}
		}
	}
	fields = append(fields, edit.Field{Name: "from", Value: string(l.From)})
	if l.To != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(l.To)})
	}
	key := freeKey(func(key string) bool {
		return slices.ContainsFunc(u.Managers, func(m *org.Manager) bool { return m.Key == key })
	})
	return e.files.Set(fields, "units", u.Key, "managers", key)
}
