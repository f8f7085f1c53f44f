package propose

import (
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
)

// Job is an engagement to be.
type Job struct {
	Key               string // of the engagement; the first that is free where it is empty
	Unit, Title, Type string // keys
	Fraction          float64
	From, To          org.Day // To is empty where it has no end
	Primary           bool
	Payroll           org.Payroll // how payroll knows it; without a number it does not yet
}

// Hire gives a person a job. Person is the key of somebody who is there already, or empty: then they are made, with the
// name and the login name given.
type Hire struct {
	Person string
	New    Identity // of somebody who is not there yet; what is empty is made
	Name   org.Name
	Login  string // of an account; empty: none
	System string // of the account; empty: ad
	// Shielded says of somebody new that their address is protected.
	Shielded bool
	Job      Job
}

// Identity is what a person is known by, for ever.
type Identity struct {
	Key  string
	UUID org.UUID
}

// Hire makes the person where it needs to, and the engagement. It returns the person's key.
func (e *Editor) Hire(h Hire) (string, error) {
	if h.Job.From == "" {
		return "", refuse("say on which day the job begins (--from)")
	}
	if _, err := e.unitOn(h.Job.Unit, h.Job.From); err != nil {
		return "", err
	}
	if h.Person == "" {
		return e.newPerson(h)
	}
	p, err := e.person(h.Person)
	if err != nil {
		return "", err
	}
	for _, x := range p.Engagements {
		other := x.Payroll != nil && h.Job.Payroll.Number != "" && *x.Payroll != h.Job.Payroll // two equal jobs that payroll knows apart
		if x.Unit == h.Job.Unit && x.Title == h.Job.Title && x.Fraction == h.Job.Fraction && x.From == h.Job.From && x.To == h.Job.To && !other {
			return "", refuse("%s has this very job from %s on already (%s)", p.Key, x.From, x.Path())
		}
	}
	if h.Job.Key == "" {
		h.Job.Key = e.jobKey(p)
	}
	if e.hasJobKey(p, h.Job.Key) {
		return "", refuse("%s has an engagement or association with the key %q already", p.Key, h.Job.Key)
	}
	return p.Key, e.files.Set(h.Job.fields(), "people", p.Key, "engagements", h.Job.Key)
}

// jobKey is the key of a person's next engagement; p is nil for somebody who is not there yet.
func (e *Editor) jobKey(p *org.Person) string {
	return freeKey(func(key string) bool { return p != nil && e.hasJobKey(p, key) })
}

// hasJobKey reports whether a key is taken among somebody's engagements and associations, annulled ones included: the UUID
// is derived from it.
func (e *Editor) hasJobKey(p *org.Person, key string) bool {
	return p.Engagement(key) != nil || p.Association(key) != nil || e.files.States("people", p.Key, "engagements", key)
}

func (e *Editor) newPerson(h Hire) (string, error) {
	key, err := e.newKey(h.New.Key)
	if err != nil {
		return "", err
	}
	if h.New.UUID == "" {
		h.New.UUID = e.ids.UUID()
	}
	if h.Job.Key == "" {
		h.Job.Key = e.jobKey(nil)
	}
	fields := edit.Struct{
		{Name: "uuid", Value: string(h.New.UUID)},
		{Name: "name", Value: nameFields(h.Name)},
	}
	if h.Shielded {
		fields = append(fields, edit.Field{Name: "shielded", Value: true})
	}
	fields = append(fields, edit.Field{Name: "engagements", Value: edit.Struct{{Name: h.Job.Key, Value: h.Job.fields()}}})
	if accounts := h.accounts(); accounts != nil {
		fields = append(fields, edit.Field{Name: "accounts", Value: accounts})
	}
	return key, e.files.Add("people", key, fields)
}

// newKey is the key of somebody new: the one that is wanted, or one that nobody has.
func (e *Editor) newKey(wanted string) (string, error) {
	taken := func(key string) bool { return e.o.Person(key) != nil || e.files.Has("people", key) }
	if wanted != "" && taken(wanted) {
		return "", refuse("there is a person with the key %q already", wanted)
	}
	for wanted == "" || taken(wanted) {
		wanted = e.ids.Key()
	}
	return wanted, nil
}

func (j Job) fields() edit.Struct {
	s := edit.Struct{{Name: "unit", Value: j.Unit}, {Name: "title", Value: j.Title}, {Name: "type", Value: j.Type}}
	if j.Fraction > 0 {
		s = append(s, edit.Field{Name: "fraction", Value: j.Fraction})
	}
	if j.Primary {
		s = append(s, edit.Field{Name: "primary", Value: true})
	}
	s = append(s, edit.Field{Name: "from", Value: string(j.From)})
	if j.To != "" {
		s = append(s, edit.Field{Name: "to", Value: string(j.To)})
	}
	if j.Payroll.Number != "" {
		s = append(s, edit.Field{Name: "payroll", Value: payrollFields(j.Payroll)})
	}
	return s
}

func payrollFields(p org.Payroll) edit.Struct {
	s := edit.Struct{{Name: "system", Value: p.System}}
	if p.Institution != "" {
		s = append(s, edit.Field{Name: "institution", Value: p.Institution})
	}
	return append(s, edit.Field{Name: "number", Value: p.Number})
}

func nameFields(n org.Name) edit.Struct {
	s := edit.Struct{{Name: "given", Value: n.Given}, {Name: "surname", Value: n.Surname}}
	if n.Called != "" {
		s = append(s, edit.Field{Name: "called", Value: n.Called})
	}
	return s
}

// Name gives a person another name.
func (e *Editor) Name(person string, name org.Name, when When) error {
	p, err := e.person(person)
	if err != nil {
		return err
	}
	return e.amend(personThing(p, ""), when, "name", nameFields(name))
}

// personThing is a person as what can be amended from a first day on.
func personThing(p *org.Person, first org.Day) thing {
	return thingOf(p.Path(), words{p.Name.Full(), p.Name.Full()}, org.Period{From: first}, p.Versions)
}

// firstDay is the first day on which something ties a person to the municipality; empty where nothing does.
func firstDay(p *org.Person) (first org.Day) {
	begins := func(annulled, from org.Day) {
		if annulled == "" && (first == "" || from < first) {
			first = from
		}
	}
	for _, x := range p.Engagements {
		begins(x.Annulled, x.From)
	}
	for _, a := range p.Associations {
		begins(a.Annulled, a.From)
	}
	return first
}

// Shield says that somebody's address is protected (adressebeskyttelse): it holds from the beginning, for it is no change of
// theirs that was known before.
func (e *Editor) Shield(person string) error {
	p, err := e.person(person)
	if err != nil {
		return err
	}
	for _, v := range p.Versions {
		if e.files.States("people", p.Key, "on", string(v.From), "shielded") {
			if err := e.files.Remove("people", p.Key, "on", string(v.From), "shielded"); err != nil {
				return err
			}
		}
	}
	return e.files.Set(true, "people", p.Key, "shielded")
}

// Contact changes a person's addresses at work by role (phone, mobile, landline, email, room); an empty value takes
// one away, in the systems too. Without a day and without Correct it holds from today on, or from the person's first day
// where that is still to come. Before that day there is nobody to reach.
func (e *Editor) Contact(person string, addresses map[string]string, when When) error {
	p, err := e.person(person)
	if err != nil {
		return err
	}
	first := firstDay(p)
	if when.From == "" && !when.Correct {
		when.From = max(e.today, first)
	}
	return e.addresses(personThing(p, first), addresses, when)
}

func (e *Editor) addresses(t thing, addresses map[string]string, when When) error {
	for _, role := range slices.Sorted(maps.Keys(addresses)) {
		var value any
		if addresses[role] != "" {
			value = addresses[role]
		}
		if err := e.amend(t, when, "addresses."+role, value); err != nil {
			return err
		}
	}
	return nil
}
