package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// peopleRead are the people so far.
type peopleRead struct {
	rows    []*personRow
	list    []source.Person
	numbers map[[2]string]*personRow // by institution and number
	logins  map[string]*personRow    // by login in small letters: the first row with it
	firsts  map[string]*personRow    // a row of each person, by the person's ID
	refs    map[string][]string      // IDs by what a cell may name a person by, in small letters
}

func newPeopleRead() peopleRead {
	return peopleRead{numbers: map[[2]string]*personRow{}, logins: map[string]*personRow{}, firsts: map[string]*personRow{}, refs: map[string][]string{}}
}

// personRow is a row of the sheet of people.
type personRow struct {
	*cells
	key, number, institution, login string
	cpr                             source.Number
	state                           source.PersonState
	job                             *source.Engagement // nil where the row tells of none
}

// readPeople reads the sheet of people.
func (r *reader) readPeople(g *grid) {
	for _, row := range g.Rows[1:] {
		p := &personRow{cells: r.cells(g, row)}
		p.key, p.number, p.institution, p.login = p.id(colPerson), p.id(colNumber), p.id(colInstitution), p.id(colLogin)
		p.readCPR()
		p.state = source.PersonState{Given: p.name(colGiven), Surname: p.name(colSurname), Called: p.name(colCalled), Shielded: p.yes(colShielded),
			Addresses: p.addresses(map[column]string{colPhone: "phone", colMobile: "mobile", colLandline: "landline"}, colEmail, colRoom)}
		if p.state.Given == "" && p.state.Surname == "" {
			p.fault(colGiven, "navnet mangler")
		}
		if p.key == "" && p.number == "" && p.login == "" {
			p.fault(colNumber, "medarbejdernummer, personnøgle eller brugernavn mangler")
			continue
		}
		p.readJob()
		r.people.rows = append(r.people.rows, p)
	}
}

func (p *personRow) readCPR() {
	text := p.text(colCPR)
	if strings.Trim(text, "0-") == "" {
		return
	}
	var err error
	if p.cpr, err = cpr.Parse(text); err != nil {
		p.fault(colCPR, "er ikke et CPR-nummer (ti cifre). Har regnearket taget nullet foran?")
	}
}

// readJob reads the employment that a row tells of.
func (p *personRow) readJob() {
	unit, title := p.unit(colUnit), p.name(colTitle)
	state := source.EngagementState{Period: p.period(colFrom, colTo), Unit: unit, Title: title, Type: p.name(colType),
		Fraction: p.fraction(colFraction), Primary: p.yes(colPrimary)}
	if p.number == "" && p.text(colUnit) == "" {
		return
	}
	if p.text(colUnit) == "" {
		p.fault(colUnit, "mangler")
	}
	if p.number != "" {
		at := [2]string{strings.ToLower(p.institution), strings.ToLower(p.number)}
		if other := p.r.people.numbers[at]; other != nil {
			p.fault(colNumber, "%q står også i række %d", p.number, other.row.Number)
			return
		}
		p.r.people.numbers[at] = p
	}
	p.job = &source.Engagement{Number: p.number, Institution: p.institution, Origin: p.at, States: []source.EngagementState{state}}
}

// join makes people of the rows, and ties what refers to them.
func (r *reader) join() {
	for _, rows := range r.sorted() {
		r.person(rows)
	}
	r.managers()
	r.lead()
}

// sorted gives the rows of each person, the one with the lowest number first, in the order of the sheet.
func (r *reader) sorted() [][]*personRow {
	var people [][]*personRow
	byCPR, byKey := map[source.Number]int{}, map[string]int{}
	for _, p := range r.people.rows {
		key := strings.ToLower(p.key)
		at, found := byKey[key], false
		if _, found = byKey[key]; !found && p.cpr != (source.Number{}) {
			at, found = byCPR[p.cpr]
		}
		if !found || key == "" && p.cpr == (source.Number{}) {
			at = len(people)
			people = append(people, nil)
		}
		people[at] = append(people[at], p)
		if key != "" {
			byKey[key] = at
		}
		if p.cpr != (source.Number{}) {
			byCPR[p.cpr] = at
		}
	}
	for _, rows := range people {
		slices.SortStableFunc(rows, func(a, b *personRow) int {
			if (a.number == "") != (b.number == "") {
				return strings.Compare(b.number, a.number) // those with a number first
			}
			return payroll.CompareNumbers(a.number, b.number)
		})
	}
	return people
}

// person makes a person of their rows.
func (r *reader) person(rows []*personRow) {
	first := rows[0]
	out := source.Person{Origin: first.at, States: []source.PersonState{first.state}}
	for _, p := range rows {
		if out.ID == "" {
			out.ID = p.key
		}
		switch {
		case out.CPR == source.Number{}:
			out.CPR = p.cpr
		case p.cpr != source.Number{} && p.cpr != out.CPR:
			p.fault(colCPR, "er et andet end i personens anden række (række %d)", first.row.Number)
		}
		if p.state.Given != first.state.Given || p.state.Surname != first.state.Surname || !maps.Equal(p.state.Addresses, first.state.Addresses) {
			r.notes.Add(p.at, NoteDiffers, "Rækken siger noget andet om personens navn, telefon, e-mail eller lokale end række %d, som er brugt.", first.row.Number)
		}
		out.States[0].Shielded = out.States[0].Shielded || p.state.Shielded
	}
	if out.ID == "" {
		out.ID = numbered(first.institution, first.number)
	}
	if out.ID == "" {
		out.ID = first.login
	}
	if other := r.people.firsts[out.ID]; other != nil {
		first.fault(colNumber, "det, personen kendes på, er også en anden persons (række %d)", other.row.Number)
	}
	r.people.firsts[out.ID] = first
	r.jobs(&out, rows)
	r.people.list = append(r.people.list, out)
}

// numbered is a number with the institution in which it is unique.
func numbered(institution, number string) string {
	if institution == "" || number == "" {
		return number
	}
	return institution + "/" + number
}

// jobs gives a person their employments and logins.
func (r *reader) jobs(out *source.Person, rows []*personRow) {
	accounts := map[string]int{}
	for _, p := range rows {
		job := ""
		if p.job != nil {
			e := *p.job
			e.ID = cmp.Or(numbered(p.institution, p.number), fmt.Sprintf("%s row %d", out.ID, p.row.Number))
			job = e.ID
			out.Engagements = append(out.Engagements, e)
		}
		for _, ref := range []string{p.key, p.number, numbered(p.institution, p.number), p.login} {
			if ref = strings.ToLower(ref); ref != "" && !slices.Contains(r.people.refs[ref], out.ID) {
				r.people.refs[ref] = append(r.people.refs[ref], out.ID)
			}
		}
		if p.login == "" {
			continue
		}
		low := strings.ToLower(p.login)
		at, has := accounts[low]
		if other := r.people.logins[low]; other != nil && !has {
			p.fault(colLogin, "%q er også en anden persons (række %d)", p.login, other.row.Number)
			continue
		}
		if !has {
			r.people.logins[low] = p
			at = len(out.Accounts)
			accounts[low] = at
			out.Accounts = append(out.Accounts, source.Account{ID: r.o.System + "/" + low, System: r.o.System, Name: p.login, Origin: p.at,
				Mail: p.state.Addresses["email"], Number: p.number, Kind: org.AccountPersonal})
		}
		if job != "" {
			out.Accounts[at].Engagements = append(out.Accounts[at].Engagements, job)
		}
	}
}

// find is the ID of the person whom a cell names.
func (p *peopleRead) find(text string) (id string, ok bool) {
	ids := p.refs[strings.ToLower(strings.TrimSpace(text))]
	if len(ids) != 1 {
		return "", false
	}
	return ids[0], true
}

// managers ties people to their managers.
func (r *reader) managers() {
	at := map[string]int{}
	for i, p := range r.people.list {
		at[p.ID] = i
	}
	for _, p := range r.people.rows {
		text := p.text(colManager)
		if text == "" {
			continue
		}
		manager, ok := r.people.find(text)
		if !ok {
			r.notes.Add(p.at, NoteManager, "Den nærmeste leder har ikke en række i arket.")
			continue
		}
		id, ok := r.people.find(cmp.Or(p.key, numbered(p.institution, p.number), p.login))
		if i, known := at[id]; ok && known && manager != id && r.people.list[i].States[0].Manager == "" {
			r.people.list[i].States[0].Manager = manager
		}
	}
}
