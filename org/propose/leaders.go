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

// Appoint gives a unit a leader. Whoever led it in the same role until then stops the day before; where the new one has a last
// day, they lead again from the day after.
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
		case m.Ended(l.From), !m.Vacant && besides(m.Role, l.Role):
		case l.To != "" && m.From > l.To: // it comes after
		case m.From >= l.From:
			return refuse("%s has a leader from %s on already (%s); take that out or choose another day", u.Name, m.From, m.Path())
		default:
			if err := e.interrupt(u, m, l); err != nil {
				return err
			}
		}
	}
	return e.addManager(u, fields, l.From, l.To)
}

// besides reports whether a leader of one role leads beside one of the other: a deputy beside the head. Who leads for the time
// being does so in the ordinary leader's place.
func besides(role, other string) bool {
	ordinary := func(role string) bool { return role == "" || role == ordinaryRole || role == change.ActingRole }
	return role != other && !(ordinary(role) && ordinary(other))
}

// ordinaryRole is the role of a leader of whom none is stated.
const ordinaryRole = "leder"

// interrupt ends a leadership the day before another one begins. Where that one has a last day, the first goes on after it.
func (e *Editor) interrupt(u *org.Unit, m *org.Manager, l Leader) error {
	if err := e.files.Set(string(l.From.Add(-1)), "units", u.Key, "managers", m.Key, "to"); err != nil {
		return err
	}
	if l.To == "" || m.Ended(l.To.Add(1)) || m.Vacant {
		return nil
	}
	fields := edit.Struct{{Name: "person", Value: m.Person}}
	if m.Role != "" && m.Role != ordinaryRole {
		fields = append(fields, edit.Field{Name: "role", Value: m.Role})
	}
	if len(m.Responsibilities) > 0 {
		fields = append(fields, edit.Field{Name: "responsibilities", Value: m.Responsibilities})
	}
	return e.addManager(u, fields, l.To.Add(1), m.To)
}

// addManager writes a leadership under a key that is free.
func (e *Editor) addManager(u *org.Unit, fields edit.Struct, from, to org.Day) error {
	fields = append(fields, edit.Field{Name: "from", Value: string(from)})
	if to != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(to)})
	}
	key := freeKey(func(key string) bool {
		return slices.ContainsFunc(u.Managers, func(m *org.Manager) bool { return m.Key == key }) || e.files.States("units", u.Key, "managers", key, "from")
	})
	return e.files.Set(fields, "units", u.Key, "managers", key)
}
