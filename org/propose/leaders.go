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
// day, they lead again from the day after. Who was to begin on the same day, which is still to come, does not; and who leads
// until the day before goes on. So an appointment is undone by appointing the leader before from the same day on.
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
		case m.Ended(l.From), !m.Vacant && change.Besides(m.At(max(l.From, m.From)).Role, l.Role):
		case l.To != "" && m.From > l.To: // it comes after
		case m.From > l.From, m.From == l.From && l.From <= e.today:
			return refuse("%s has a leader from %s on already (%s); take that out or choose another day", u.Name, m.From, m.Path())
		default:
			if err := e.interrupt(u, m, l); err != nil {
				return err
			}
		}
	}
	if before := predecessor(u, l); before != nil && before.To != "" && before.To.Add(1) == l.From {
		return e.goOn(u, before, l.To)
	}
	return e.addManager(u, fields, l.From, l.To)
}

// predecessor is the leadership of the same person in the same role that ends the day before.
func predecessor(u *org.Unit, l Leader) *org.Manager {
	for _, m := range u.Managers {
		at := m.At(m.To)
		same := at.Role == l.Role || change.IsOrdinaryRole(at.Role) && change.IsOrdinaryRole(l.Role)
		if m.To != "" && m.To.Add(1) == l.From && at.Person == l.Person && at.Vacant == (l.Person == "") && same {
			return m
		}
	}
	return nil
}

// goOn lets a leadership last until another day, or without an end. Where it was to be taken up again on the day after, the two
// are one.
func (e *Editor) goOn(u *org.Unit, m *org.Manager, to org.Day) error {
	for _, next := range u.Managers {
		if to == "" || next.From != to.Add(1) || next.From <= e.today || next.Versions != nil || amendment(m.At(m.To), next) != nil || next.Vacant != m.At(m.To).Vacant {
			continue
		}
		if err := e.files.Remove("units", u.Key, "managers", next.Key); err != nil {
			return err
		}
		to = next.To
		break
	}
	if to == "" {
		return e.files.Remove("units", u.Key, "managers", m.Key, "to")
	}
	return e.files.Set(string(to), "units", u.Key, "managers", m.Key, "to")
}

// interrupt ends a leadership the day before another one begins; one that was to begin on that very day, which is still to
// come, is taken out. Where the other one has a last day, the first goes on after it, as it then would have been.
func (e *Editor) interrupt(u *org.Unit, m *org.Manager, l Leader) error {
	if err := e.cut(u, m, l.From); err != nil || l.To == "" || m.Ended(l.To.Add(1)) || m.Vacant {
		return err
	}
	return e.addManager(u, resumed(m, l.To.Add(1)), l.To.Add(1), m.To)
}

// cut takes out what a leadership states of a day and those after it.
func (e *Editor) cut(u *org.Unit, m *org.Manager, day org.Day) error {
	if m.From == day {
		return e.files.Remove("units", u.Key, "managers", m.Key)
	}
	for _, v := range m.Versions {
		if v.From < day {
			continue
		}
		if err := e.files.Remove("units", u.Key, "managers", m.Key, "on", string(v.From)); err != nil {
			return err
		}
	}
	return e.files.Set(string(day.Add(-1)), "units", u.Key, "managers", m.Key, "to")
}

// resumed is what a leadership states from a day on, and what it is amended to after that.
func resumed(m *org.Manager, from org.Day) edit.Struct {
	at := m.At(from)
	fields := edit.Struct{{Name: "person", Value: at.Person}}
	if !change.IsOrdinaryRole(at.Role) {
		fields = append(fields, edit.Field{Name: "role", Value: at.Role})
	}
	if len(at.Responsibilities) > 0 {
		fields = append(fields, edit.Field{Name: "responsibilities", Value: at.Responsibilities})
	}
	var on edit.Struct
	for _, v := range m.Versions {
		if v.From <= from {
			continue
		}
		if amended := amendment(at, v.State); amended != nil {
			on = append(on, edit.Field{Name: string(v.From), Value: amended})
		}
		at = v.State
	}
	if on != nil {
		fields = append(fields, edit.Field{Name: "on", Value: on})
	}
	return fields
}

// amendment states what differs between two versions of a leadership.
func amendment(was, is *org.Manager) (fields edit.Struct) {
	if was.Person != is.Person {
		fields = append(fields, edit.Field{Name: "person", Value: is.Person})
	}
	if was.Role != is.Role {
		fields = append(fields, edit.Field{Name: "role", Value: is.Role})
	}
	if !slices.Equal(was.Responsibilities, is.Responsibilities) {
		var value any
		if len(is.Responsibilities) > 0 {
			value = is.Responsibilities
		}
		fields = append(fields, edit.Field{Name: "responsibilities", Value: value})
	}
	return fields
}

// addManager writes a leadership under a key that is free.
func (e *Editor) addManager(u *org.Unit, fields edit.Struct, from, to org.Day) error {
	days := edit.Struct{{Name: "from", Value: string(from)}}
	if to != "" {
		days = append(days, edit.Field{Name: "to", Value: string(to)})
	}
	at := len(fields)
	if at > 0 && fields[at-1].Name == "on" {
		at-- // amendments come last
	}
	fields = slices.Insert(slices.Clone(fields), at, days...)
	key := freeKey(func(key string) bool {
		return slices.ContainsFunc(u.Managers, func(m *org.Manager) bool { return m.Key == key }) || e.files.States("units", u.Key, "managers", key, "from")
	})
	return e.files.Set(fields, "units", u.Key, "managers", key)
}
