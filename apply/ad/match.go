package ad

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// The signs by which an account or an OU that is there already is recognised. The first
// five are what targets.ad.match names.
const (
	signNumber = "employeeNumber"
	signCPR    = "cpr"
	signLogin  = "login"
	signUPN    = "upn"
	signMail   = "mail"
	// signPlace is a name and the OU in which it is unique.
	signPlace = "place"
	// signName is every word of the names that a person has or had here: an account on
	// which none of them stands is somebody else's.
	signName = "name"
	// signGiven is the words of the given and the called names: who is found by a login or
	// an address alone must have one of them.
	signGiven = "givenName"
)

// defaultMatch holds where the settings name no signs.
func defaultMatch() []string { return []string{signNumber, signLogin, signUPN, signMail} }

// matchesBy reports whether the settings look for accounts by a sign.
func matchesBy(s *org.ADSettings, sign string) bool { return slices.Contains(matchOrder(s), sign) }

func matchOrder(s *org.ADSettings) []string {
	if len(s.Match) == 0 {
		return defaultMatch()
	}
	return s.Match
}

// payrollNumbers says in which payroll systems and institutions, and of whom, each number
// is. It is no sign of anybody where it is of several.
type payrollNumbers map[string]map[payrollOf]bool

type payrollOf struct {
	system, institution string
	person              org.UUID
}

func payrollNumbersOf(o *org.Organisation) payrollNumbers {
	numbers := payrollNumbers{}
	for _, p := range o.People {
		for _, e := range p.Engagements {
			for _, pay := range payrollsOf(e) {
				if numbers[pay.Number] == nil {
					numbers[pay.Number] = map[payrollOf]bool{}
				}
				numbers[pay.Number][payrollOf{pay.System, pay.Institution, p.UUID}] = true
			}
		}
	}
	return numbers
}

// payrollsOf are the payroll numbers that an engagement has on any day.
func payrollsOf(e *org.Engagement) []*org.Payroll {
	if e.Annulled != "" {
		return nil
	}
	var list []*org.Payroll
	if e.Payroll != nil && e.Payroll.Number != "" {
		list = append(list, e.Payroll)
	}
	for _, v := range e.Versions {
		if p := v.State.Payroll; p != nil && p.Number != "" && !slices.ContainsFunc(list, func(q *org.Payroll) bool { return *q == *p }) {
			list = append(list, p)
		}
	}
	return list
}

// signsOf are what an account is recognised by. attrs are what is asked for, for one in use.
func (d *desired) signsOf(a *account, attrs []plan.Attr) []plan.Sign {
	if d.payroll == nil {
		d.payroll = payrollNumbersOf(d.o)
	}
	var signs []plan.Sign
	for _, sign := range matchOrder(d.s) {
		signs = append(signs, d.findingSign(a, sign))
	}
	if !matchesBy(d.s, signLogin) {
		login := d.findingSign(a, signLogin) // another login name than the one asked for always speaks against
		login.Finds = false
		signs = append(signs, login)
	}
	signs = append(signs, nameSigns(a.holder.Person)...)
	return append(signs, placeSigns(KindUser, attrs)...)
}

func (d *desired) findingSign(a *account, sign string) plan.Sign {
	s := plan.Sign{Name: sign, Finds: true}
	switch sign {
	case signNumber:
		var shown []string
		for _, e := range a.holder.Person.Engagements {
			if len(a.at.For) > 0 && !slices.Contains(a.at.For, e.Key) {
				continue
			}
			for _, p := range payrollsOf(e) {
				s.Values = append(s.Values, fold(p.Number))
				shown = append(shown, p.Number)
				s.Unsure = s.Unsure || len(d.payroll[p.Number]) > 1
			}
		}
		s.Strong, s.Against, s.Show = true, true, strings.Join(shown, ", ")
	case signCPR:
		s.Strong, s.Against, s.Values = true, true, []string{string(a.holder.Person.UUID)}
	case signLogin:
		s.Against, s.Values, s.Show = true, []string{fold(a.at.Name)}, a.at.Name
	case signUPN:
		s.Show = a.at.Name + "@" + d.s.UPNSuffix
		s.Values = []string{fold(s.Show)}
	case signMail:
		if mail := a.person.Addresses["email"]; mail != "" && a.at.Kind != org.AccountAdmin {
			s.Values, s.Show = []string{fold(mail)}, mail
		}
	}
	return s
}

// nameSigns are the words of every name that the files have of a person: people marry.
func nameSigns(p *org.Person) []plan.Sign {
	name := plan.Sign{Name: signName, Against: true, Show: p.Name.Full()}
	given := plan.Sign{Name: signGiven, Confirms: true, Show: p.Name.Given}
	add := func(n org.Name) {
		name.Values = append(name.Values, nameWords(n.Given+" "+n.Surname+" "+n.Called)...)
		given.Values = append(given.Values, nameWords(n.Given+" "+n.Called)...)
	}
	add(p.Name)
	for _, v := range p.Versions {
		add(v.State.Name)
	}
	return []plan.Sign{name, given}
}

// nameWords are the words of a name in the form in which they are compared. A single
// letter is an initial and tells nobody apart.
func nameWords(name string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(fold(name), func(r rune) bool { return strings.ContainsRune(" -.,()'/", r) }) {
		if len([]rune(w)) > 1 {
			words = append(words, w)
		}
	}
	return words
}

// placeSigns is the sign that an object has the name asked for in the place asked for. It
// is all that an OU is recognised by.
func placeSigns(kind plan.Kind, attrs []plan.Attr) []plan.Sign {
	place := plan.Sign{Name: signPlace, Finds: true, Strong: kind == KindOU}
	for _, a := range attrs {
		switch {
		case len(a.Value) != 1:
		case a.Name == attrContainer:
			place.In = a.Value[0]
		case a.Name == nameAttribute(kind):
			place.Values, place.Show = []string{placeName(rdnAttribute(kind), a.Value[0])}, a.Value[0]
		}
	}
	if place.In == "" || len(place.Values) == 0 {
		return nil
	}
	return []plan.Sign{place}
}

func placeName(attribute, name string) string { return strings.ToLower(attribute) + "=" + fold(name) }
