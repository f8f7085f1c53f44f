package compare

import (
	"strings"

	"orgit.dk/orgit/org/source"
)

// explain says on what a pair of people rests.
func (s *scorer) explain(i, j int32) []Reason {
	a, b := &s.r.people[0][i], &s.r.people[s.side][j]
	t := s.score(a, b)
	list := make([]Reason, t.n)
	for k, e := range t.entries[:t.n] {
		list[k] = Reason{Field: e.field, Level: e.level, Bits: e.bits}
		if isPhone := e.field == Phone || e.field == SharedPhone; isPhone && (s.r.shielded(0, i) || s.r.shielded(s.side, j)) {
			continue // that it counts is said, and what it is is not
		}
		list[k].Lead, list[k].Other = s.r.text(0, i, a, e.field), s.r.text(s.side, j, b, e.field)
	}
	return list
}

// shielded reports whether somebody has a protected address. Who has one in any register has no phone in a list.
func (r *register) shielded(side int, i int32) bool {
	x := r.extracts[side]
	state, _ := source.Near(x.People[i].States, x.Day)
	return state.Shielded
}

// text is what a person's record says of a field. CPR numbers and identities are not shown.
func (r *register) text(side int, i int32, p *profile, f Field) string {
	x := r.extracts[side]
	from := &x.People[i]
	state, _ := source.Near(from.States, x.Day)
	switch f {
	case Given:
		return state.Given
	case Surname:
		return state.Surname
	case Middle:
		return fullName(from, x)
	case Number:
		return join(numbers(from))
	case Account:
		return join(accountNames(from))
	case Mail:
		return join(mails(from, state))
	case Phone, SharedPhone:
		return join(phones(state))
	case Unit:
		return join(unitNames(x, from, r.unitAt[side]))
	case Title:
		return join(titles(x, from))
	case Manager:
		if p.manager >= 0 {
			return fullName(&x.People[p.manager], x)
		}
	}
	return ""
}

// join makes one text of several, each once.
func join(list []string) string {
	var once []string
	seen := map[string]bool{"": true}
	for _, text := range list {
		if !seen[text] {
			seen[text] = true
			once = append(once, text)
		}
	}
	return strings.Join(once, ", ")
}

func fullName(p *source.Person, x *source.Extract) string {
	state, _ := source.Near(p.States, x.Day)
	return strings.TrimSpace(state.Given + " " + state.Surname)
}

func numbers(p *source.Person) []string {
	var list []string
	for _, e := range p.Engagements {
		if !e.Annulled {
			list = append(list, e.Number)
		}
	}
	for _, a := range p.Accounts {
		list = append(list, a.Number)
	}
	return list
}

func accountNames(p *source.Person) []string {
	var list []string
	for _, a := range p.Accounts {
		list = append(list, a.Name)
	}
	return list
}

func mails(p *source.Person, state source.PersonState) []string {
	list := []string{state.Addresses["email"]}
	for _, a := range p.Accounts {
		list = append(list, a.Mail)
	}
	return list
}

func phones(state source.PersonState) []string {
	return []string{state.Addresses["phone"], state.Addresses["mobile"], state.Addresses["landline"]}
}

func unitNames(x *source.Extract, p *source.Person, at map[string]int32) []string {
	var list []string
	for _, j := range jobs(p, x.Day) {
		if i, ok := at[j.Unit]; ok {
			list = append(list, unitName(&x.Units[i], x))
		}
	}
	return list
}

func titles(x *source.Extract, p *source.Person) []string {
	var list []string
	for _, j := range jobs(p, x.Day) {
		list = append(list, j.Title)
	}
	return list
}

func unitName(u *source.Unit, x *source.Extract) string {
	state, _ := source.Near(u.States, x.Day)
	return state.Name
}

// explain says on what a pair of units rests.
func (u *unitMatcher) explain(i, j int32, to []int32) []Reason {
	t := u.score(i, j, to)
	list := make([]Reason, t.n)
	for k, e := range t.entries[:t.n] {
		list[k] = Reason{Field: e.field, Level: e.level, Bits: e.bits, Lead: u.text(0, i, e.field), Other: u.text(1, j, e.field)}
	}
	return list
}

func (u *unitMatcher) text(side int, i int32, f Field) string {
	x := u.r.extracts[side]
	state, _ := source.Near(x.Units[i].States, x.Day)
	switch f {
	case Code:
		return state.Code
	case Name:
		return state.Name
	case Parent:
		if parent := u.units[side][i].parent; parent >= 0 {
			return unitName(&x.Units[parent], x)
		}
	}
	return ""
}
