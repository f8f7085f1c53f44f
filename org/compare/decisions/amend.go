package decisions

import (
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/source"
)

// amendment is a value of one register that goes in another one's record too.
type amendment struct {
	to, from *source.Extract
	at, as   int // the record, and the one that is right
	extract  int // which of the extracts to is
	decision Decision
}

// amend gives records the values that were decided.
func (t *townMaker) amend(d *Decisions) {
	for _, one := range d.List {
		if one.Word != UseSource {
			continue
		}
		right, wrong := one.Item.Lead.Key, one.Item.Other.Key
		if one.Source == wrong.Source {
			right, wrong = wrong, right
		}
		of := t.people
		if agenda.OfUnits(one.Item.Kind) {
			of = t.units
		}
		i, okI := of.at[right]
		j, okJ := of.at[wrong]
		if !okI || !okJ {
			continue
		}
		a, b := of.records[j], of.records[i]
		m := amendment{to: t.extracts[a.Extract], from: t.extracts[b.Extract], at: a.Index, as: b.Index, extract: a.Extract, decision: one}
		if text := t.apply(m); text != "" {
			t.note(one.Cell, one.Item.Name, text)
		}
	}
}

// apply makes an amendment; else it says why it cannot be made.
func (t *townMaker) apply(m amendment) string {
	switch m.decision.Item.Kind {
	case compare.UnitName:
		right, _ := source.Near(m.from.Units[m.as].States, m.from.Day)
		eachFromNow(m.to.Units[m.at].States, m.to.Day, unitPeriod, func(s *source.UnitState) {
			s.Name, s.Origin = right.Name, originOf(right.Origin, m.from.Units[m.as].Origin)
		})
	case compare.UnitPlace:
		return t.place(m)
	case compare.UnitLeader, compare.LeaderOnly:
		id := m.to.Units[m.at].ID
		m.to.Leaders = slices.DeleteFunc(m.to.Leaders, func(l source.Leadership) bool {
			s, ok := source.Near(l.States, m.to.Day)
			return ok && s.Unit == id && !source.Whole(l.States).Ended(m.to.Day)
		})
	case compare.PersonName:
		right, _ := source.Near(m.from.People[m.as].States, m.from.Day)
		eachFromNow(m.to.People[m.at].States, m.to.Day, personPeriod, func(s *source.PersonState) { s.Given, s.Surname = right.Given, right.Surname })
	case compare.PersonPhone:
		right, _ := source.Near(m.from.People[m.as].States, m.from.Day)
		eachFromNow(m.to.People[m.at].States, m.to.Day, personPeriod, func(s *source.PersonState) { s.Addresses = withPhones(s.Addresses, right.Addresses) })
	case compare.PersonTitle, compare.PersonUnit:
		return t.job(m)
	case compare.AccountClosed:
		if m.to.Says.Accounts && !m.to.Says.History {
			return "En lukket konto bliver ikke åbnet på grund af en beslutning i regnearket. Åbn den i " + m.to.Name + ", hvis den skal bruges."
		}
	case compare.PersonManager:
		return "Lederen følger af enheden i orgit. Ret enhedens leder, eller den enhed, som personen er i."
	}
	return ""
}

func unitPeriod(s source.UnitState) org.Period      { return s.Period }
func personPeriod(s source.PersonState) org.Period  { return s.Period }
func jobPeriod(s source.EngagementState) org.Period { return s.Period }
func originOf(state, record source.Origin) source.Origin {
	if state == (source.Origin{}) {
		return record
	}
	return state
}

// eachFromNow changes the states of today and later; where there are none, the last.
func eachFromNow[T any](states []T, day org.Day, period func(T) org.Period, change func(*T)) {
	some := false
	for i := range states {
		if !period(states[i]).Ended(day) {
			change(&states[i])
			some = true
		}
	}
	if !some && len(states) > 0 {
		change(&states[len(states)-1])
	}
}

// place moves a unit below the unit that is the same as the one above it in the other register.
func (t *townMaker) place(m amendment) string {
	right, _ := source.Near(m.from.Units[m.as].States, m.from.Day)
	parent := ""
	if right.Parent != "" {
		r, ok := t.units.in(agenda.Key{Source: m.from.Source, ID: right.Parent}, m.extract)
		if !ok {
			return "Enheden over findes kun i det register, hvis placering er valgt. Flyt enheden i orgit bagefter."
		}
		parent = m.to.Units[r.Index].ID
	}
	eachFromNow(m.to.Units[m.at].States, m.to.Day, unitPeriod, func(s *source.UnitState) { s.Parent = parent })
	return ""
}

// job gives somebody's only job the title or the unit that the other register says.
func (t *townMaker) job(m amendment) string {
	to, right := currentJobs(m.to.People[m.at], m.to.Day), currentJobs(m.from.People[m.as], m.from.Day)
	if len(to) != 1 || len(right) != 1 {
		return "Personen har flere ansættelser, så det kan ikke ses, hvilken det gælder. Ret det i orgit bagefter."
	}
	value, _ := source.On(right[0].States, m.from.Day)
	states := to[0].States // shared with the extract's own record
	if m.decision.Item.Kind == compare.PersonTitle {
		eachFromNow(states, m.to.Day, jobPeriod, func(s *source.EngagementState) { s.Title, s.TitleCode = value.Title, "" })
		return ""
	}
	r, ok := t.units.in(agenda.Key{Source: m.from.Source, ID: value.Unit}, m.extract)
	if !ok {
		return "Enheden findes kun i det register, der er valgt. Flyt personen i orgit bagefter."
	}
	eachFromNow(states, m.to.Day, jobPeriod, func(s *source.EngagementState) { s.Unit = m.to.Units[r.Index].ID })
	return ""
}

func currentJobs(p source.Person, day org.Day) []source.Engagement {
	var list []source.Engagement
	for _, e := range p.Engagements {
		if _, ok := source.On(e.States, day); ok && !e.Annulled {
			list = append(list, e)
		}
	}
	return list
}

// withPhones are addresses with the phones of others.
func withPhones(addresses, phones map[string]string) map[string]string {
	out := maps.Clone(addresses)
	if out == nil {
		out = map[string]string{}
	}
	for _, role := range []string{"phone", "mobile", "landline"} {
		delete(out, role)
		if phones[role] != "" {
			out[role] = phones[role]
		}
	}
	return out
}
