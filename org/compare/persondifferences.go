package compare

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// sameText reports whether two texts are written alike but for blanks and how letters are coded.
func sameText(a, b string) bool {
	return strings.Join(strings.Fields(norm.NFC.String(a)), " ") == strings.Join(strings.Fields(norm.NFC.String(b)), " ")
}

// people finds what differs about people.
func (d *differ) people() []Difference {
	if len(d.extracts[0].People) == 0 || len(d.extracts[1].People) == 0 {
		return nil
	}
	var list []Difference
	for _, m := range d.matches.People {
		switch {
		case m.Answer == Same:
			list = append(list, d.samePerson(m)...)
		case m.Answer == Different && m.Lead != "":
			list = append(list, d.onlyOne(0, d.person[0][m.Lead])...)
		case m.Answer == Different:
			list = append(list, d.onlyOne(1, d.person[1][m.Other])...)
		}
	}
	return list
}

// onlyOne is somebody whom the other extract does not have, in the words of the registers: an
// account without a person, a person without an account.
func (d *differ) onlyOne(side int, p *source.Person) []Difference {
	if !d.expected(side, p) {
		return nil
	}
	here, there := d.extracts[side].Says, d.extracts[1-side].Says
	kind := PersonOnly
	var values []string
	switch {
	case here.Accounts && !there.Accounts && isService(p):
		return nil
	case ofAccounts(here) && !ofAccounts(there) && len(p.Accounts) > 0:
		kind, values = AccountWithoutPerson, given(accountNames(p))
	case ofAccounts(there) && !ofAccounts(here):
		kind, values = PersonWithoutAccount, given(numbers(p))
	}
	difference := Difference{Kind: kind}
	if side == 0 {
		difference.Lead = d.personSide(side, p, values...)
	} else {
		difference.Other = d.personSide(side, p, values...)
	}
	return []Difference{difference}
}

// ofAccounts reports whether a register knows people by their accounts alone, as a directory does. One
// that has accounts and knows since when people have been here has those without an account too.
func ofAccounts(says source.Says) bool { return says.Accounts && !says.History }

// isService reports whether all accounts are a service's, which belong to nobody.
func isService(p *source.Person) bool {
	return len(p.Accounts) > 0 && !slices.ContainsFunc(p.Accounts, func(a source.Account) bool { return a.Kind != "service" })
}

// expected reports whether the other extract would have a person: it speaks of the time in which
// the person is there.
func (d *differ) expected(side int, p *source.Person) bool {
	if gone(p) {
		return false
	}
	day, other := d.extracts[side].Day, d.extracts[1-side].Says
	past, future := false, false
	times := periodsOf(p)
	for _, t := range times {
		switch {
		case t.Contains(day):
			return true
		case t.Ended(day):
			past = true
		default:
			future = true
		}
	}
	return len(times) == 0 && len(p.Engagements) == 0 || past && other.History || future && other.Future
}

// periodsOf are the times in which somebody works here, or else is known at all.
func periodsOf(p *source.Person) []org.Period {
	var list []org.Period
	for _, e := range p.Engagements {
		for _, state := range e.States {
			if !e.Annulled {
				list = append(list, state.Period)
			}
		}
	}
	for _, a := range p.Associations {
		for _, state := range a.States {
			list = append(list, state.Period)
		}
	}
	if len(list) == 0 && len(p.Engagements) == 0 {
		for _, state := range p.States {
			list = append(list, state.Period)
		}
	}
	return list
}

// samePerson finds what two registers say differently of one person.
func (d *differ) samePerson(m Match) []Difference {
	a, b := d.person[0][m.Lead], d.person[1][m.Other]
	switch {
	case d.hasLeft(0, a) && d.isHere(1, b):
		return stillOpen(d.onlyOne(1, b))
	case d.isHere(0, a) && d.hasLeft(1, b):
		return stillOpen(d.onlyOne(0, a))
	}
	stateA, _ := source.Near(a.States, d.extracts[0].Day)
	stateB, _ := source.Near(b.States, d.extracts[1].Day)
	var list []Difference
	add := func(kind Kind, left, right []string, level Level) {
		list = append(list, Difference{Kind: kind, Lead: d.personSide(0, a, left...), Other: d.personSide(1, b, right...), Level: level})
	}
	nameA, nameB := fullName(a, d.extracts[0]), fullName(b, d.extracts[1])
	if nameA != "" && nameB != "" && !sameText(nameA, nameB) {
		add(PersonName, []string{nameA}, []string{nameB}, nameLevel(m, nameA, nameB))
	}
	jobsA, jobsB := d.jobs(0, a), d.jobs(1, b)
	if left, right := titlesOf(jobsA), titlesOf(jobsB); apart(left, right, plain) {
		add(PersonTitle, left, right, Differs)
	}
	moved := d.worksElsewhere(jobsA, jobsB)
	if moved {
		add(PersonUnit, d.unitsOf(0, jobsA), d.unitsOf(1, jobsB), Differs)
	}
	if left, right, other := d.otherManager(a, b, stateA, stateB); other && !moved {
		add(PersonManager, left, right, Differs)
	}
	if left, right := given(phones(stateA)), given(phones(stateB)); !stateA.Shielded && !stateB.Shielded && apart(left, right, phone) {
		add(PersonPhone, left, right, Differs)
	}
	switch {
	case d.isClosed(0, a) && d.shouldBeOpen(1, b):
		add(AccountClosed, accountNames(a), nil, Differs)
	case d.shouldBeOpen(0, a) && d.isClosed(1, b):
		add(AccountClosed, nil, accountNames(b), Differs)
	}
	return append(list, d.withoutAccount(a, b)...)
}

// stillOpen names accounts of which it is known whose they were.
func stillOpen(list []Difference) []Difference {
	for i := range list {
		if list[i].Kind == AccountWithoutPerson {
			list[i].Kind = AccountOpen
		}
	}
	return list
}

// withoutAccount is somebody for whom only one of two registers of accounts has any.
func (d *differ) withoutAccount(a, b *source.Person) []Difference {
	if !d.extracts[0].Says.Accounts || !d.extracts[1].Says.Accounts || (len(a.Accounts) > 0) == (len(b.Accounts) > 0) {
		return nil
	}
	return []Difference{{Kind: PersonWithoutAccount, Lead: d.personSide(0, a, accountNames(a)...), Other: d.personSide(1, b, accountNames(b)...)}}
}

// nameLevel is the level of the less alike half of two names. Where both halves are equal, the
// names differ in what stands in between (Part), or in letters alone (Equal).
func nameLevel(m Match, a, b string) Level {
	level := Equal
	for _, r := range m.Candidates[0].Reasons {
		if (r.Field == Given || r.Field == Surname) && (level == Equal || r.Level == Differs) {
			level = r.Level
		}
	}
	if level == Equal && plain(a) != plain(b) {
		level = Part
	}
	return level
}

// jobs are a person's jobs on the extract's day; none where they do not work here that day.
func (d *differ) jobs(side int, p *source.Person) []job {
	day := d.extracts[side].Day
	for _, t := range periodsOf(p) {
		if t.Contains(day) {
			return jobs(p, day)
		}
	}
	return nil
}

func titlesOf(list []job) []string {
	var titles []string
	for _, j := range list {
		titles = append(titles, j.Title)
	}
	return given(titles)
}

// given leaves out empty texts and those that stand there already.
func given(list []string) []string {
	var out []string
	for _, text := range list {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// apart reports whether both sides say something, and nothing of it in common.
func apart(a, b []string, form func(string) string) bool {
	for _, x := range a {
		for _, y := range b {
			if form(x) == form(y) {
				return false
			}
		}
	}
	return len(a) > 0 && len(b) > 0
}

// worksElsewhere reports whether none of a person's units is the same in both registers. A unit that
// only one of them has stands for the one above it; while a unit is asked about, so are its people's places.
func (d *differ) worksElsewhere(a, b []job) bool {
	var left, right []string
	for side, list := range [2][]job{a, b} {
		for _, j := range list {
			if d.unit[side][j.Unit] == nil {
				continue
			}
			lead, decided := d.known(side, j.Unit)
			switch {
			case !decided:
				return false
			case side == 0:
				left = append(left, lead)
			default:
				right = append(right, lead)
			}
		}
	}
	return apart(left, right, func(id string) string { return id })
}

func (d *differ) unitsOf(side int, list []job) []string {
	var names []string
	for _, j := range list {
		if u := d.unit[side][j.Unit]; u != nil {
			names = append(names, unitName(u, d.extracts[side]))
		}
	}
	return given(names)
}

// otherManager reports whether two registers name others as somebody's manager. At least one of them has to
// say it of the person: where both only know who leads the unit, that is a difference of the unit.
func (d *differ) otherManager(a, b *source.Person, stateA, stateB source.PersonState) (left, right []string, other bool) {
	if stateA.Manager == "" && stateB.Manager == "" {
		return nil, nil, false
	}
	x, y := d.manager(0, a, stateA), d.manager(1, b, stateB)
	if x == nil || y == nil || d.open[0][x.ID] || d.open[1][y.ID] || d.one[x.ID] == y.ID {
		return nil, nil, false
	}
	return []string{fullName(x, d.extracts[0])}, []string{fullName(y, d.extracts[1])}, true
}

// manager is whom a register calls a person's manager, else the nearest leader above.
func (d *differ) manager(side int, p *source.Person, state source.PersonState) *source.Person {
	if state.Manager != "" {
		return d.person[side][state.Manager]
	}
	list := d.jobs(side, p)
	if len(list) == 0 {
		return nil
	}
	at := list[0].Unit
	for range maxDepth {
		for _, l := range d.leader[side][at] {
			if leads, ok := source.On(l.States, d.extracts[side].Day); ok && leads.Person != p.ID {
				return d.person[side][leads.Person]
			}
		}
		if at = d.parent(side, at); at == "" {
			break
		}
	}
	return nil
}
