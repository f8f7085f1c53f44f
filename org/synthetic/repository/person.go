package repository

import (
	"math"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/synthetic"
)

// person is what a person's file says.
func (r *Repository) person(i int) entry {
	p, d := &r.town.People[i], r.dates.People[i]
	surname := p.Surname
	if d.Surname != nil {
		surname = d.Surname.Before
	}
	fields := edit.Struct{{Name: "uuid", Value: string(p.UUID)}, {Name: "name", Value: nameOf(p.Given, surname)}}
	if p.Shielded {
		fields = append(fields, edit.Field{Name: "shielded", Value: true})
	}
	if addresses := addressesOf(p); len(addresses) > 0 {
		fields = append(fields, edit.Field{Name: "addresses", Value: addresses})
	}
	var engagements edit.Struct
	for k := range p.Jobs {
		var change *synthetic.JobChange
		if k == 0 {
			change = d.Job
		}
		engagements = append(engagements, edit.Field{Name: letter(k), Value: r.engagement(i, k, change)})
	}
	fields = append(fields, edit.Field{Name: "engagements", Value: engagements})
	if ties := r.associations(i); len(ties) > 0 {
		fields = append(fields, edit.Field{Name: "associations", Value: ties})
	}
	if accounts := r.accounts(p); len(accounts) > 0 {
		fields = append(fields, edit.Field{Name: "accounts", Value: accounts})
	}
	if d.Surname != nil {
		renamed := edit.Struct{{Name: "name", Value: nameOf(p.Given, d.Surname.After)}}
		fields = append(fields, edit.Field{Name: "on", Value: edit.Struct{{Name: string(d.Surname.From), Value: renamed}}})
	}
	return entry{kind: "people", key: r.people[i], fields: fields}
}

func nameOf(given, surname string) edit.Struct {
	return edit.Struct{{Name: "given", Value: given}, {Name: "surname", Value: surname}}
}

// addressesOf are where somebody is reached at work. Of those whose address is protected there is no phone.
func addressesOf(p *synthetic.Person) (s edit.Struct) {
	if p.Mail != "" {
		s = append(s, edit.Field{Name: "email", Value: p.Mail})
	}
	if !p.Shielded {
		s = append(s, edit.Field{Name: "phone", Value: p.Phone})
	}
	return s
}

// engagement is the k-th job of a person, with what changes of it.
func (r *Repository) engagement(i, k int, change *synthetic.JobChange) edit.Struct {
	job := &r.town.People[i].Jobs[k]
	unit, hours := job.Unit, job.Fraction
	if change != nil {
		unit, hours = change.Before, change.Hours
	}
	held := r.dates.Period(r.town, i, k)
	s := edit.Struct{{Name: "unit", Value: r.units[unit]}, {Name: "title", Value: r.titles[job.Title]},
		{Name: "type", Value: engagementType(job)}, {Name: "fraction", Value: fraction(hours)}}
	if k == 0 && len(r.town.People[i].Jobs) > 1 {
		s = append(s, edit.Field{Name: "primary", Value: true})
	}
	s = append(s, period(held)...)
	if !job.Begins(r.town.Day) { // payroll gives a number on the first day
		s = append(s, edit.Field{Name: "payroll", Value: edit.Struct{{Name: "system", Value: "sd"}, {Name: "institution", Value: "SY"}, {Name: "number", Value: job.Number}}})
	}
	if l := job.Leave; l.From >= held.From && l.From != "" && (held.To == "" || l.To != "" && l.To <= held.To) {
		s = append(s, edit.Field{Name: "leaves", Value: edit.Struct{{Name: "a", Value: period(l)}}})
	}
	if change != nil {
		s = append(s, edit.Field{Name: "on", Value: edit.Struct{{Name: string(change.From), Value: r.jobChange(change)}}})
	}
	return s
}

func (r *Repository) jobChange(c *synthetic.JobChange) (s edit.Struct) {
	if c.After != c.Before {
		s = append(s, edit.Field{Name: "unit", Value: r.units[c.After]})
	}
	if c.Becomes != c.Hours {
		s = append(s, edit.Field{Name: "fraction", Value: fraction(c.Becomes)})
	}
	return s
}

// fraction is a part of full time with four decimals, as payroll has it.
func fraction(f float64) float64 { return math.Round(f*10_000) / 10_000 }

func engagementType(job *synthetic.Job) string {
	if job.Hourly {
		return "timeloen"
	}
	return "maanedsloen"
}

// associations are unpaid ties: one person in a hundred helps out somewhere else too.
func (r *Repository) associations(i int) edit.Struct {
	random := r.random(forPeople, i)
	if job := r.town.People[i].Jobs[0]; random.IntN(100) > 0 || job.To != "" || job.Begins(r.town.Day) {
		return nil
	}
	unit := random.IntN(len(r.units))
	for r.dates.Units[unit].To != "" {
		unit = r.dates.Units[unit].Successor
	}
	from := max(r.dates.Units[unit].From, r.town.Day.Add(-30-random.IntN(700)))
	return edit.Struct{{Name: "f", Value: append(edit.Struct{{Name: "unit", Value: r.units[unit]}, {Name: "type", Value: "frivillig"}}, period(org.Period{From: from})...)}}
}

// accounts are a person's logins. Those who were there before the repository keep the identity that the directory gave
// the account; the others' is derived. Some who look after the machines have a second one for that.
func (r *Repository) accounts(p *synthetic.Person) (s edit.Struct) {
	if p.Account == nil {
		return nil
	}
	account := edit.Struct{{Name: "name", Value: p.Account.Name}}
	if p.Jobs[0].From < r.town.Day.Add(-365) {
		account = append(account, edit.Field{Name: "uuid", Value: string(p.Account.UUID)})
	}
	s = edit.Struct{{Name: "ad", Value: account}}
	if p.Jobs[0].Title == "It-medarbejder" && len(p.Account.Name)%2 == 0 {
		s = append(s, edit.Field{Name: "adm", Value: edit.Struct{{Name: "name", Value: "adm-" + p.Account.Name}, {Name: "kind", Value: "admin"}, {Name: "fk", Value: false}}})
	}
	return s
}
