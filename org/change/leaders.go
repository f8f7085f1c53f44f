package change

import (
	"slices"

	"orgit.dk/orgit/org"
)

var managerShows = map[string]show{"person": showPerson, "role": showRole}

// succession is what happens to the leadership of one unit.
type succession struct {
	unit   *org.Unit
	ended  []*org.Manager // got a last day, or another one
	begun  []*org.Manager // were not there before
	was    map[string]*org.Manager
	closes org.Day // the unit's own last day
}

// leaders says what happens to a unit's leaders. A leader whose time ends and one who
// begins on the day after are one change.
func (c *comparison) leaders(was, is *org.Unit) {
	s := succession{unit: is, was: map[string]*org.Manager{}, closes: is.To}
	pairs(was.Managers, is.Managers, func(m *org.Manager) string { return m.Key }, func(before, now *org.Manager) {
		switch {
		case now == nil:
			c.add(Change{
				Kind: LeaderCorrect, Correction: true, Subject: c.head.aboutUnit(is, before.From), Unit: is.Key,
				Role: c.base.leads(before, before.From), Field: FieldRemoved, From: c.leader(c.base, before, before.From), Path: before.Path(),
			})
		case before == nil:
			s.begun = append(s.begun, now)
		default:
			c.leadership(&s, before, now)
		}
	})
	for _, m := range s.begun {
		c.begins(&s, m)
	}
	for _, m := range s.ended {
		c.ends(&s, m)
	}
}

// leadership compares one leadership with itself. A last day that is new is left to ends,
// which knows who follows.
func (c *comparison) leadership(s *succession, before, now *org.Manager) {
	t := c.leaderTopic(s.unit, now)
	diffs := differences(timelineOf(before, before.Versions, managerFields), timelineOf(now, now.Versions, managerFields))
	for _, d := range diffs {
		if d.field == "to" && now.To != "" {
			s.ended = append(s.ended, now)
			s.was[now.Key] = before
			continue
		}
		ch := c.change(t, d)
		switch {
		case d.field == "to":
			ch.Correction, ch.Was, ch.From, ch.Role = false, before.To, c.leader(c.head, now, latest), c.head.leads(now, latest)
		case d.field == "person" && !d.correct:
			ch.Kind, ch.Role = LeaderChange, c.head.leads(now, dayOr(d.effect))
		case d.field != "person" && d.field != "vacant":
			ch.Subject.About = c.leader(c.head, now, dayOr(d.effect))
		}
		c.add(ch)
	}
}

func (c *comparison) leaderTopic(u *org.Unit, m *org.Manager) topic {
	return topic{
		kind:    LeaderCorrect,
		subject: func(day org.Day) (Subject, string) { return c.head.aboutUnit(u, day), u.Key },
		path:    m.Path,
		shows:   managerShows,
	}
}

// begins says that somebody becomes leader, or that the post is stated as vacant.
func (c *comparison) begins(s *succession, m *org.Manager) {
	ch := Change{
		Kind: Appoint, Effect: m.From, Until: m.To, Subject: c.head.aboutUnit(s.unit, m.From),
		Unit: s.unit.Key, Role: c.head.leads(m, m.From), To: c.leader(c.head, m, m.From), Path: m.Path(),
	}
	if before := s.takePredecessor(m); before != nil && !before.Vacant {
		ch.Kind, ch.From = LeaderChange, c.leader(c.head, before, before.To)
	}
	switch {
	case m.Vacant:
		ch.Kind, ch.Field = Vacate, "vacant"
	case m.At(m.From).Role == ActingRole:
		ch.Kind = AppointActing
	}
	c.add(ch)
}

// takePredecessor finds who leads in m's place until the day before m begins and takes them
// out of those whose end is still to be said.
func (s *succession) takePredecessor(m *org.Manager) *org.Manager {
	i := slices.IndexFunc(s.ended, func(e *org.Manager) bool {
		return e.To.Add(1) == m.From && (m.Vacant || e.Vacant || !Besides(e.At(e.To).Role, m.At(m.From).Role))
	})
	if i < 0 {
		return nil
	}
	before := s.ended[i]
	s.ended = slices.Delete(s.ended, i, i+1)
	return before
}

// ends says that a leader stops without anybody new who follows.
func (c *comparison) ends(s *succession, m *org.Manager) {
	ch := Change{
		Kind: LeaderCorrect, Effect: m.To, Was: s.was[m.Key].To, Subject: c.head.aboutUnit(s.unit, m.To),
		Unit: s.unit.Key, Role: c.head.leads(m, m.To), Field: "to", From: c.leader(c.head, m, m.To), Path: m.Path("to"),
	}
	if next := m.To.Add(1); !m.Vacant && !s.led(next) && (s.closes == "" || next <= s.closes) {
		ch.Kind, ch.Effect, ch.Field = Vacate, next, ""
	}
	c.add(ch)
}

// led reports whether somebody leads the unit on the day.
func (s *succession) led(day org.Day) bool {
	return slices.ContainsFunc(s.unit.Managers, func(m *org.Manager) bool { return !m.Vacant && m.Contains(day) })
}

// leader is the name of who leads, empty for a vacant post.
func (c *comparison) leader(n names, m *org.Manager, day org.Day) string {
	if m.Vacant {
		return ""
	}
	return n.person(m.At(day).Person, day)
}

// ordinaryRole is the role of a leader of whom none is stated.
const ordinaryRole = "leder"

// IsOrdinaryRole reports whether a role is that of the unit's own leader.
func IsOrdinaryRole(role string) bool { return role == "" || role == ordinaryRole }

// Besides reports whether a leader of one role leads beside one of the other: a deputy beside the head. Who leads for the time
// being does so in the ordinary leader's place.
func Besides(role, other string) bool {
	head := func(role string) bool { return IsOrdinaryRole(role) || role == ActingRole }
	return role != other && !(head(role) && head(other))
}

// leads is the role in which somebody leads on the day, as Change.Role has it.
func (n names) leads(m *org.Manager, day org.Day) string {
	switch role := m.At(day).Role; {
	case m.Vacant || IsOrdinaryRole(role):
		return ""
	case role == ActingRole:
		return ActingRole
	default:
		return showRole(n, role, day)
	}
}
