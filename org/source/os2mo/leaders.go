package os2mo

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

func leadershipPeriod(s *source.LeadershipState) *org.Period { return &s.Period }

// leaders reads managers. One without a person is a vacant post.
func (a *assembly) leaders(r *register) []source.Leadership {
	var out []source.Leadership
	for _, o := range r.managers {
		at := origin("managers", "manager", o.UUID)
		made := source.Leadership{ID: string(o.UUID), UUID: org.UUID(o.UUID), Origin: at}
		for _, s := range take(a, at, o) {
			if a.units[s.Value.Unit.id()] == nil {
				a.dangling(at, "Lederens enhed findes ikke i OS2mo. Lederskabet er udeladt i den tid.")
				continue
			}
			made.States = append(made.States, a.leadershipState(at, s))
		}
		if made.States = join(made.States, leadershipPeriod); len(made.States) > 0 {
			out = append(out, made)
		}
	}
	return out
}

func (a *assembly) leadershipState(at source.Origin, s span[manager]) source.LeadershipState {
	m := s.Value
	state := source.LeadershipState{
		Period: s.Period, Unit: string(m.Unit.id()), Person: string(m.Person.id()),
		Role: a.classID(at, m.Type, facetManagerType), Level: a.className(at, m.Level, facetManagerLevel),
	}
	if m.Person != nil && a.people[m.Person.UUID] == nil {
		a.dangling(at, "Lederen findes ikke som person i OS2mo. Lederskabet er taget med som ubesat.")
		state.Person = ""
	}
	for _, c := range m.Responsibilities.ids {
		if name := a.className(at, &ref{c}, facetResponsibility); name != "" {
			state.Responsibilities = with(state.Responsibilities, name)
		}
	}
	state.Engagement = a.leadsBy(at, m)
	return state
}

// leadsBy gives the engagement by which somebody leads.
func (a *assembly) leadsBy(at source.Origin, m manager) string {
	if m.Engagement == nil {
		return ""
	}
	d := a.engagements[m.Engagement.UUID]
	switch {
	case d == nil:
		a.dangling(at, "Lederens ansættelse findes ikke i OS2mo. Lederskabet er taget med uden den.")
		return ""
	case d.person != m.Person.id():
		a.notes.add(at, doubtManagerEngaged, "Lederskabet hører til en ansættelse, som er en andens. Det er taget med uden den.")
		return ""
	}
	return d.ID
}
