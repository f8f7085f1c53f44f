package os2mo

import (
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// personDraft is a person while others add to them.
type personDraft struct {
	source.Person
	overlays []ranked[source.PersonState]
}

func personPeriod(s *source.PersonState) *org.Period { return &s.Period }

func (a *assembly) readPeople(r *register) {
	a.people = map[id]*personDraft{}
	for _, o := range r.persons {
		at := origin("persons", "person", o.UUID)
		list := take(a, at, o)
		if len(list) == 0 {
			continue
		}
		d := &personDraft{Person: source.Person{ID: string(o.UUID), UUID: org.UUID(o.UUID), Origin: at}}
		now, _ := near(list, a.day)
		d.CPR = a.cpr(at, now.CPR)
		for _, s := range list {
			d.States = append(d.States, a.personState(at, s))
		}
		// OS2mo lets persons begin on the day of their birth, which is nobody's business here.
		d.States[0].From = ""
		a.people[o.UUID] = d
	}
}

func (a *assembly) personState(at source.Origin, s span[person]) source.PersonState {
	p := s.Value
	state := source.PersonState{Period: s.Period, Given: a.text(at, p.Given), Surname: a.text(at, p.Surname)}
	state.Called = a.text(at, strings.TrimSpace(p.NicknameGiven)+" "+strings.TrimSpace(p.NicknameSurname))
	if state.Given == "" && state.Surname == "" {
		a.notes.add(at, doubtNothingStated, "Personen har intet navn, som kan bruges.")
	}
	if p.Seniority != "" {
		a.notes.count("persons", noSeniority, "Antal perioder, hvor en person har en anciennitet, som orgit ikke har plads til: %d.")
	}
	return state
}

// cpr reads a CPR number. Neither the number nor a part of it gets into the note.
func (a *assembly) cpr(at source.Origin, text string) source.Number {
	text = strings.TrimSpace(text)
	if strings.Trim(text, "0") == "" {
		return source.Number{}
	}
	number, err := cpr.Parse(text)
	if err != nil {
		a.notes.add(at, doubtCPR, "Det, der står som CPR-nummer, er ikke et. Det er udeladt.")
	}
	return number
}

// overPerson lets another object say something about a person in a period.
func (a *assembly) overPerson(at source.Origin, target, by id, rank int, p org.Period, put func(*source.PersonState)) {
	d := a.people[target]
	if d == nil {
		a.dangling(at, "Der henvises til en person, som ikke findes i OS2mo. Det er udeladt.")
		return
	}
	d.overlays = append(d.overlays, ranked[source.PersonState]{overlay[source.PersonState]{p, put}, rank, by})
}

func (a *assembly) finishPeople(r *register) []source.Person {
	for _, o := range r.engagements {
		if d := a.engagements[o.UUID]; d != nil {
			p := a.people[d.person]
			p.Engagements = append(p.Engagements, d.Engagement)
		}
	}
	for _, o := range r.itUsers {
		if d := a.accounts[o.UUID]; d != nil {
			p := a.people[d.person]
			p.Accounts = append(p.Accounts, d.Account)
		}
	}
	var list []source.Person
	for _, o := range r.persons {
		d := a.people[o.UUID]
		if d == nil {
			continue
		}
		d.States = join(lay(d.States, personPeriod, inOrder(d.overlays)), personPeriod)
		sortPerson(&d.Person)
		list = append(list, d.Person)
	}
	return list
}
