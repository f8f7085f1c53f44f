package propose

import (
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
)

// Of names an engagement of a person; Engagement may be empty where it is clear which is meant.
type Of struct {
	Person     string `json:"person"`
	Engagement string `json:"engagement,omitempty"`
}

func (e *Editor) of(x Of, day org.Day) (*org.Engagement, error) {
	p, err := e.person(x.Person)
	if err != nil {
		return nil, err
	}
	return e.engagement(p, x.Engagement, day)
}

func engagementThing(x *org.Engagement) thing {
	return thingOf(x.Path(), words{"the engagement " + x.Key + " of " + x.Person.Name.Full(), "ansættelsen " + x.Key + " for " + x.Person.Name.Full()}, x.Period, x.Versions)
}

// Leave ends an engagement with a last day (fratræder).
func (e *Editor) Leave(of Of, last org.Day) error {
	x, err := e.of(of, last)
	if err != nil {
		return err
	}
	switch {
	case last == "":
		return refuse("say which day is the last one (--last), or the first one without the job (--from)")
	case last < x.From:
		return refuse("the engagement begins on %s, so %s cannot be its last day; annul it if it never began", x.From, last)
	case x.To != "" && x.To < last:
		return refuse("the engagement ends on %s already; a later day is an extension", x.To)
	}
	return e.end(x, last)
}

// end sets the last day. Amendments after it would contradict it, so they are taken out.
func (e *Editor) end(x *org.Engagement, last org.Day) error {
	return e.endThing(engagementThing(x), last)
}

// Extend gives an engagement that has an end a later one, or none where last is empty.
func (e *Editor) Extend(of Of, last org.Day) error {
	x, err := e.of(of, "")
	if err != nil {
		return err
	}
	path := append(engagementThing(x).path, "to")
	switch {
	case x.To == "":
		return refuse("the engagement has no end that could be put off")
	case last == "":
		return e.files.Remove(path...)
	case last <= x.To:
		return refuse("the engagement ends on %s, which is not before %s", x.To, last)
	}
	return e.files.Set(string(last), path...)
}

// Annul says that an engagement never happened. Found is the day on which that was found; today where it is empty.
func (e *Editor) Annul(of Of, found org.Day) error {
	x, err := e.of(of, "")
	if err != nil {
		return err
	}
	if found == "" {
		found = e.today
	}
	return e.files.Set(string(found), append(engagementThing(x).path, "annulled")...)
}

// Move moves an engagement to another unit.
func (e *Editor) Move(of Of, unit string, when When) error {
	x, err := e.of(of, when.From)
	if err != nil {
		return err
	}
	if _, err := e.unitOn(unit, when.From); err != nil {
		return err
	}
	return e.amend(engagementThing(x), when, "unit", unit)
}

// Title gives an engagement another title, by its key.
func (e *Editor) Title(of Of, title string, when When) error {
	x, err := e.of(of, when.From)
	if err != nil {
		return err
	}
	return e.amend(engagementThing(x), when, "title", title)
}

// Fraction gives an engagement another part of full time, more than 0 and at most 1.
func (e *Editor) Fraction(of Of, fraction float64, when When) error {
	x, err := e.of(of, when.From)
	if err != nil {
		return err
	}
	if fraction <= 0 || fraction > 1 {
		return refuse("a fraction of full time is more than 0 and at most 1, such as 0.6; it is 0 when somebody leaves")
	}
	return e.amend(engagementThing(x), when, "fraction", fraction)
}

// Type gives an engagement another type, by its key.
func (e *Editor) Type(of Of, kind string, when When) error {
	x, err := e.of(of, when.From)
	if err != nil {
		return err
	}
	return e.amend(engagementThing(x), when, "type", kind)
}

// Number says how payroll knows an engagement.
func (e *Editor) Number(of Of, payroll org.Payroll) error {
	x, err := e.of(of, "")
	if err != nil {
		return err
	}
	return e.files.Set(payrollFields(payroll), append(engagementThing(x).path, "payroll")...)
}

// Absence is a leave of absence (orlov). To is empty where nobody knows when it ends.
type Absence struct {
	From, To       org.Day
	ClosesAccounts bool
}

// Absence says that somebody is away from an engagement for a time.
func (e *Editor) Absence(of Of, a Absence) error {
	x, err := e.of(of, a.From)
	if err != nil {
		return err
	}
	if a.From == "" {
		return refuse("say on which day the leave begins (--from)")
	}
	fields := edit.Struct{{Name: "from", Value: string(a.From)}}
	if a.To != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(a.To)})
	}
	if a.ClosesAccounts {
		fields = append(fields, edit.Field{Name: "closesAccounts", Value: true})
	}
	for _, l := range x.Leaves {
		if !l.Ended(a.From) && (a.To == "" || l.From <= a.To) {
			return refuse("there is a leave from %s on already (%s)", l.From, l.Key)
		}
	}
	key := freeKey(func(key string) bool {
		for _, l := range x.Leaves {
			if l.Key == key {
				return true
			}
		}
		return false
	})
	return e.files.Set(fields, append(engagementThing(x).path, "leaves", key)...)
}

// Return ends the leave that somebody is on: the day given is the first one back. A leave that is yet to come and begins on that
// very day never does: it is taken out.
func (e *Editor) Return(of Of, first org.Day) error {
	x, err := e.of(of, first)
	if err != nil {
		return err
	}
	if first == "" {
		first = e.today
	}
	for _, l := range x.Leaves {
		if l.From == first && l.From > e.today {
			return e.files.Remove(append(engagementThing(x).path, "leaves", l.Key)...)
		}
		if l.From < first && !l.Ended(first.Add(-1)) {
			return e.files.Set(string(first.Add(-1)), append(engagementThing(x).path, "leaves", l.Key, "to")...)
		}
	}
	return refuse("%s is on no leave from that engagement on %s", x.Person.Name.Full(), first.Add(-1))
}
