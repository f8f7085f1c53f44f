package opus

import (
	"cmp"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// checkPlaces notes employments in units that are not there, or not yet or no longer.
func (f *file) checkPlaces() {
	for _, r := range f.rows {
		i, known := f.unitAt[r.job.Unit]
		switch {
		case !known:
			f.notes.Add(r.origin, payroll.NoteUnknownUnit, "Ansættelsen %s er i en enhed, der ikke findes i filen (%s).", r.id, cmp.Or(r.job.Unit, "intet nummer"))
		case !r.dated || len(f.units[i].States) == 0 || r.period.Ended(f.day):
		default:
			unit := source.Whole(f.units[i].States)
			now := max(f.day, r.period.From)
			if unit.Begins(now) {
				f.notes.Add(r.origin, payroll.NoteUnitDays, "Ansættelsen %s er i enheden %s, som først begynder %s.", r.id, r.job.Unit, unit.From)
			} else if unit.To != "" && (r.period.To == "" || r.period.To > unit.To) {
				f.notes.Add(r.origin, payroll.NoteUnitDays, "Ansættelsen %s er i enheden %s, som slutter %s.", r.id, r.job.Unit, unit.To)
			}
		}
	}
}

// people joins the rows of each CPR number, and adds those who are only said to have left.
func (f *file) people() []source.Person {
	byNumber := map[source.Number][]int{}
	var order []source.Number
	var people []source.Person
	for i, r := range f.rows {
		if r.cpr == (source.Number{}) {
			people = append(people, f.person([]row{r}))
			continue
		}
		if byNumber[r.cpr] == nil {
			order = append(order, r.cpr)
		}
		byNumber[r.cpr] = append(byNumber[r.cpr], i)
	}
	for _, number := range order {
		var rows []row
		for _, i := range byNumber[number] {
			rows = append(rows, f.rows[i])
		}
		people = append(people, f.person(rows))
	}
	for _, id := range slices.Sorted(maps.Keys(f.left)) {
		if _, stated := f.rowAt[id]; stated {
			continue
		}
		over := source.Engagement{ID: id, Number: id, Origin: f.left[id], States: []source.EngagementState{{Period: org.Period{To: f.day}}}}
		people = append(people, source.Person{ID: id, Origin: f.left[id], Engagements: []source.Engagement{over}})
	}
	return people
}

// person makes a person of their rows. What they are called is what the best of them says.
func (f *file) person(rows []row) source.Person {
	slices.SortFunc(rows, func(a, b row) int { return payroll.CompareNumbers(a.id, b.id) })
	best := slices.MinFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(f.standing(a), f.standing(b)), cmp.Compare(b.changed, a.changed), payroll.CompareNumbers(a.id, b.id))
	})
	state := best.person
	state.Addresses = maps.Clone(state.Addresses)
	p := source.Person{ID: rows[0].id, CPR: best.cpr, Origin: rows[0].origin}
	for _, r := range rows {
		if r.person.Given != best.person.Given || r.person.Surname != best.person.Surname {
			f.notes.Add(r.origin, payroll.NoteName, "Ansættelserne %s og %s har samme CPR-nummer, men ikke samme navn. Navnet fra %s er brugt.", best.id, r.id, best.id)
		}
		state.Shielded = state.Shielded || r.person.Shielded
		state.Addresses = more(state.Addresses, r.person.Addresses)
		p.Engagements = append(p.Engagements, f.engagement(r))
		if r.login != "" {
			p.Accounts = append(p.Accounts, source.Account{
				ID: Key + " " + r.id, System: Key, Name: r.login, Number: r.id, Origin: r.origin, Engagements: []string{r.id},
			})
		}
	}
	if state.Shielded {
		delete(state.Addresses, "phone")
	}
	if len(state.Addresses) == 0 {
		state.Addresses = nil
	}
	p.States = []source.PersonState{state}
	return p
}

// more adds the addresses that are not there yet.
func more(has, others map[string]string) map[string]string {
	for role, value := range others {
		if has[role] == "" {
			if has == nil {
				has = map[string]string{}
			}
			has[role] = value
		}
	}
	return has
}

// standing orders employments: in force, to come, over, without days.
func (f *file) standing(r row) int {
	switch {
	case !r.dated:
		return 3
	case r.period.Ended(f.day):
		return 2
	case r.period.Begins(f.day):
		return 1
	}
	return 0
}

// engagement makes an engagement of a row; one without days has no states.
func (f *file) engagement(r row) source.Engagement {
	e := source.Engagement{ID: r.id, Number: r.id, Origin: r.origin}
	period := r.period
	if at, left := f.left[r.id]; left {
		f.notes.Add(at, NoteRehired, "Medarbejdernummeret %s står både som fratrådt og som ansat. Det er regnet for fratrådt %s.", r.id, f.day)
		if period.To == "" || period.To > f.day {
			period.To = f.day
		}
	}
	if r.dated && (period.To == "" || period.From <= period.To) {
		state := r.job
		state.Period = period
		e.States = []source.EngagementState{state}
	}
	return e
}
