package synthetic

import (
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// Payroll is the town as payroll knows it: units by code, people with CPR number and
// employee numbers, the days of their jobs, and leaders. It knows no accounts, two in three
// phones and half of the mail addresses.
func (t *Town) Payroll() *source.Extract {
	x := &source.Extract{Source: "payroll", Name: "Løn", Day: t.Day,
		Says: source.Says{Tree: true, Leaders: true, Engagements: true, Numbers: true, CPR: true, Future: true}}
	for i := range t.Units {
		x.Units = append(x.Units, t.payrollUnit(i))
		if l, ok := t.payrollLeader(i); ok {
			x.Leaders = append(x.Leaders, l)
		}
	}
	for i := range t.People {
		x.People = append(x.People, t.payrollPerson(i))
	}
	x.Sort()
	return x
}

func payrollOrigin(kind, id string, line int) source.Origin {
	return source.Origin{Document: "payroll.xml", Line: line + 1, Record: kind + " " + id}
}

func (t *Town) payrollUnit(i int) source.Unit {
	u := &t.Units[i]
	state := source.UnitState{Period: org.Period{From: u.From}, Name: u.Name, Code: u.Code, Addresses: map[string]string{"phone": u.Phone}}
	if u.Parent >= 0 {
		state.Parent = t.Units[u.Parent].Code
	}
	return source.Unit{ID: u.Code, Origin: payrollOrigin("unit", u.Code, i), States: []source.UnitState{state}}
}

func (t *Town) payrollLeader(i int) (source.Leadership, bool) {
	u := &t.Units[i]
	if u.Leader < 0 {
		return source.Leadership{}, false
	}
	p := &t.People[u.Leader]
	return source.Leadership{ID: "leader-" + u.Code, Origin: payrollOrigin("employee", p.payrollID(), len(t.Units)+u.Leader),
		States: []source.LeadershipState{{Period: p.Jobs[0].Period, Unit: u.Code, Person: p.payrollID(), Engagement: p.payrollID()}}}, true
}

func (t *Town) payrollPerson(i int) source.Person {
	p := &t.People[i]
	id := p.payrollID()
	origin := payrollOrigin("employee", id, len(t.Units)+i)
	state := source.PersonState{Period: p.Jobs[0].Period, Given: p.Given, Surname: p.Surname, Shielded: p.Shielded, Addresses: map[string]string{}}
	if i%3 != 0 {
		state.Addresses["phone"] = p.Phone
	}
	if i%2 == 0 && p.Mail != "" {
		state.Addresses["email"] = p.Mail
	}
	out := source.Person{ID: id, CPR: p.CPR, Origin: origin, States: []source.PersonState{state}}
	for k, job := range p.Jobs {
		out.Engagements = append(out.Engagements, t.payrollJob(job, origin, k == 0))
	}
	return out
}

// payrollJob is an engagement; the first of a person's is the primary one.
func (t *Town) payrollJob(job Job, origin source.Origin, primary bool) source.Engagement {
	kind := "Månedsløn"
	if job.Hourly {
		kind = "Timeløn"
	}
	e := source.Engagement{ID: job.Number, Number: job.Number, Origin: origin, States: []source.EngagementState{{Period: job.Period,
		Unit: t.Units[job.Unit].Code, Title: job.Title, Type: kind, Fraction: job.Fraction, Primary: primary}}}
	if job.Leave != (org.Period{}) {
		e.Leaves = []source.Leave{{Period: job.Leave, Origin: origin}}
	}
	return e
}

// Directory is the town as its directory knows it: organisational units by identity, people
// by their account, with title, place and manager as they are today. It knows employee
// numbers and no CPR numbers, and nobody without an account.
func (t *Town) Directory() *source.Extract {
	x := &source.Extract{Source: "ad", Name: "AD", Day: t.Day,
		Says: source.Says{Tree: true, Leaders: true, Accounts: true, Numbers: true}}
	for i := range t.Units {
		u := &t.Units[i]
		state := source.UnitState{Name: u.Name}
		if u.Parent >= 0 {
			state.Parent = string(t.Units[u.Parent].UUID)
		}
		x.Units = append(x.Units, source.Unit{ID: string(u.UUID), UUID: u.UUID, Origin: directoryOrigin("organizationalUnit", i), States: []source.UnitState{state}})
		if u.Leader >= 0 && t.People[u.Leader].Account != nil {
			x.Leaders = append(x.Leaders, source.Leadership{ID: "managedBy-" + string(u.UUID), Origin: directoryOrigin("organizationalUnit", i),
				States: []source.LeadershipState{{Unit: string(u.UUID), Person: string(t.People[u.Leader].Account.UUID)}}})
		}
	}
	for i := range t.People {
		if t.People[i].Account != nil {
			x.People = append(x.People, t.directoryPerson(i))
		}
	}
	x.Sort()
	return x
}

func directoryOrigin(kind string, i int) source.Origin {
	return source.Origin{Document: "directory.ldif", Record: fmt.Sprintf("%s %d", kind, i+1)}
}

func (t *Town) directoryPerson(i int) source.Person {
	p := &t.People[i]
	job, id, origin := p.Jobs[0], string(p.Account.UUID), directoryOrigin("user", i)
	state := source.PersonState{Given: p.Given, Surname: p.Surname, Addresses: map[string]string{"email": p.Mail, "phone": p.Phone}, Manager: t.manager(i)}
	return source.Person{ID: id, UUID: p.Account.UUID, Origin: origin, States: []source.PersonState{state},
		Engagements: []source.Engagement{{ID: id, Number: job.Number, Origin: origin,
			States: []source.EngagementState{{Unit: string(t.Units[job.Unit].UUID), Title: job.Title}}}},
		Accounts: []source.Account{{ID: id, System: "ad", Name: p.Account.Name, UUID: p.Account.UUID, Origin: origin, UPN: p.Account.Name + "@synteby.invalid",
			Mail: p.Mail, Number: job.Number, Disabled: p.Account.Disabled, Kind: "personal"}}}
}

// manager is the account of whom the directory calls a person's manager.
func (t *Town) manager(i int) string {
	if leader := t.Manager(i); leader >= 0 {
		return string(t.People[leader].Account.UUID)
	}
	return ""
}
