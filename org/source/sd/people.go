package sd

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

const civilNumber = "PersonCivilRegistrationIdentifier"

// person is somebody as the services tell of them.
type person struct {
	cpr    source.Number
	origin source.Origin
	jobs   []string // IDs of employments
	named  bool
	state  source.PersonState
}

// whose gives whose the employments are: that of the CPR number, or else, where that is none,
// of one of the employments. Somebody new is added.
func (r *reader) whose(at source.Origin, number string, jobs []string) *person {
	var quiet payroll.Notes // it is noted once, below
	cpr := quiet.CPR(at, number)
	if p := r.jobs.byCPR[cpr]; p != nil {
		return p
	}
	for _, job := range jobs {
		if p := r.jobs.whose[job]; p != nil && (cpr == (source.Number{}) || p.cpr == (source.Number{})) {
			return p
		}
	}
	p := &person{cpr: r.notes.CPR(at, number), origin: at}
	r.jobs.people = append(r.jobs.people, p)
	if p.cpr != (source.Number{}) {
		r.jobs.byCPR[p.cpr] = p
	}
	return p
}

// belongs gives an employment to a person. One that is another's already stays theirs.
func (r *reader) belongs(p *person, told employment) {
	switch has := r.jobs.whose[told.id]; {
	case has == nil:
		r.jobs.whose[told.id] = p
		p.jobs = append(p.jobs, told.id)
	case has != p:
		r.notes.Add(told.origin, NoteSeveral, "Ansættelsen %s står under to CPR-numre. Det første er brugt.", told.id)
	}
}

// people reads what the employees of an institution are called.
func (r *reader) people(ctx context.Context, code string) error {
	people, err := r.askPeople(ctx, code, r.o.Day)
	if err == nil && people == 0 {
		err = fmt.Errorf("%s names nobody", getPerson)
	}
	return err
}

// comingPeople asks for those who come later and were not named on the day: on each day on
// which some of them begin.
func (r *reader) comingPeople(ctx context.Context) error {
	type visit struct {
		institution string
		day         org.Day
	}
	visits := map[visit]bool{}
	for _, p := range r.jobs.people {
		if p.named {
			continue
		}
		for _, id := range p.jobs {
			job := r.jobs.byID[id]
			if periods := job.inForce(); len(periods) > 0 && periods[0].Begins(r.o.Day) {
				visits[visit{job.institution, periods[0].From}] = true
			}
		}
	}
	order := slices.SortedFunc(maps.Keys(visits), func(a, b visit) int {
		return cmp.Or(cmp.Compare(a.institution, b.institution), cmp.Compare(a.day, b.day))
	})
	for _, v := range order {
		if _, err := r.askPeople(ctx, v.institution, v.day); err != nil {
			return fmt.Errorf("institution %s: who begins on %s: %w", v.institution, v.day, err)
		}
	}
	return nil
}

// askPeople asks who is employed on a day, and counts them.
func (r *reader) askPeople(ctx context.Context, code string, day org.Day) (people int, err error) {
	question := url.Values{
		institutionCode: {code}, effectiveDate: {written(day)}, "StatusActiveIndicator": {"true"}, "StatusPassiveIndicator": {"false"},
		"ContactInformationIndicator": {"true"}, "PostalAddressIndicator": {"true"},
	}
	err = r.ask(ctx, getPerson, question, nil, func(e *xmlrecord.Element) error {
		if e.Name == "Person" {
			people++
			r.person(code, e)
		}
		return nil
	})
	return people, err
}

// person takes what somebody is called, and their phone and mail address at work.
func (r *reader) person(institution string, e *xmlrecord.Element) {
	at := origin(getPerson, institution, e, "person")
	var quiet payroll.Notes
	p := r.jobs.byCPR[quiet.CPR(at, e.Value(civilNumber))]
	for job := range e.All("Employment") {
		id := institution + "/" + job.Value("EmploymentIdentifier")
		if other := r.jobs.whose[id]; p == nil && other != nil {
			p = other
		}
		if at.Record == "person" && r.jobs.byID[id] != nil {
			at.Record = "employment " + id
		}
	}
	if p == nil {
		r.notes.Add(at, NoteNobodyAtWork, "GetPerson har en person uden en ansættelse, der er kendt. Personen er ikke taget med.")
		return
	}
	state := source.PersonState{
		Origin: at,
		Given:  r.notes.Text(at, "PersonGivenName", e.Value("PersonGivenName")), Surname: r.notes.Text(at, "PersonSurnameName", e.Value("PersonSurnameName")),
		Shielded:  payroll.Protected("", e.First("PostalAddress").Value("StandardAddressIdentifier")),
		Addresses: r.atWork(at, e),
	}
	if p.named && (p.state.Given != state.Given || p.state.Surname != state.Surname) {
		r.notes.Add(at, payroll.NoteName, "Samme CPR-nummer har to navne i to svar. Det første er brugt.")
	}
	p.named = p.named || state.Given != "" || state.Surname != ""
	p.take(state)
}

// atWork gives the phone and mail address of somebody's employments; those of the person are
// private.
func (r *reader) atWork(at source.Origin, e *xmlrecord.Element) map[string]string {
	found := map[string]string{}
	for job := range e.All("Employment") {
		for role, value := range r.contact(at, job.First("ContactInformation")) {
			if found[role] == "" {
				found[role] = value
			}
		}
	}
	return found
}

// take adds what an answer tells of a person to what is known of them.
func (p *person) take(told source.PersonState) {
	if p.state.Given == "" && p.state.Surname == "" {
		p.state.Origin, p.state.Given, p.state.Surname = told.Origin, told.Given, told.Surname
	}
	p.state.Shielded = p.state.Shielded || told.Shielded
	for role, value := range told.Addresses {
		if p.state.Addresses == nil {
			p.state.Addresses = map[string]string{}
		}
		if p.state.Addresses[role] == "" {
			p.state.Addresses[role] = value
		}
	}
	if p.state.Shielded {
		delete(p.state.Addresses, "phone")
	}
	if len(p.state.Addresses) == 0 {
		p.state.Addresses = nil
	}
}

// made makes the people of what was read.
func (r *reader) made() []source.Person {
	var people []source.Person
	for _, p := range r.jobs.people {
		if len(p.jobs) == 0 {
			continue // its employments are another's; noted
		}
		slices.SortFunc(p.jobs, r.compareJobs)
		made := source.Person{ID: p.jobs[0], CPR: p.cpr, Origin: r.jobs.byID[p.jobs[0]].origin}
		awaited := false
		for _, id := range p.jobs {
			e := r.engagement(r.jobs.byID[id])
			awaited = awaited || len(e.States) > 0 && !source.Whole(e.States).Ended(r.o.Day)
			made.Engagements = append(made.Engagements, e)
		}
		if p.named || p.state.Shielded || p.state.Addresses != nil {
			made.States = []source.PersonState{p.state}
		}
		if !p.named && awaited {
			r.notes.Add(made.Origin, payroll.NoteName, "SD giver intet navn på den, der er ansat.")
		}
		people = append(people, made)
	}
	return people
}

// compareJobs orders employments by number, then institution.
func (r *reader) compareJobs(a, b string) int {
	return cmp.Or(payroll.CompareNumbers(r.jobs.byID[a].number, r.jobs.byID[b].number), cmp.Compare(a, b))
}
