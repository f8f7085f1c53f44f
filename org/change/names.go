package change

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/org"
)

// names says what keys mean to people in one of the two organisations, or in the other
// where it does not have them.
type names struct {
	org   *org.Organisation
	other *org.Organisation
	// shared are full names that several people have.
	shared map[string]bool
}

func namesOf(o, other *org.Organisation) names {
	seen := map[string]int{}
	for _, p := range o.People {
		called := map[string]bool{p.Name.Full(): true}
		for _, v := range p.Versions {
			called[v.State.Name.Full()] = true
		}
		for name := range called {
			seen[name]++
		}
	}
	n := names{org: o, other: other, shared: map[string]bool{}}
	for name, count := range seen {
		n.shared[name] = count > 1
	}
	return n
}

// Persons gives how people tell a person of the organisation from others on a day (latest
// of all when it is empty), and whether somebody else has the same name at any time.
func Persons(o *org.Organisation) func(p *org.Person, day org.Day) (s Subject, shared bool) {
	n := namesOf(o, o)
	return func(p *org.Person, day org.Day) (Subject, bool) {
		s, _ := n.aboutPerson(p, day)
		return s, n.shared[s.Name]
	}
}

// latest is a day after every amendment: what a thing came to be called is what people
// call it, where a change has no day of its own.
const latest org.Day = "9999-12-31"

func dayOr(day org.Day) org.Day {
	if day == "" {
		return latest
	}
	return day
}

func (n names) unit(key string, day org.Day) string {
	u := n.org.Unit(key)
	if u == nil {
		u = n.other.Unit(key)
	}
	if u == nil {
		return key
	}
	return u.At(dayOr(day)).Name
}

func (n names) person(key string, day org.Day) string {
	p := n.org.Person(key)
	if p == nil {
		p = n.other.Person(key)
	}
	if p == nil {
		return key
	}
	return p.At(dayOr(day)).Name.Full()
}

func class(classes map[string]org.Class, key string) string {
	if name := classes[key].Name; name != "" {
		return name
	}
	return key
}

func (n names) title(e *org.Engagement) string {
	if e.DisplayTitle != "" {
		return small(e.DisplayTitle)
	}
	return small(class(n.org.Settings.Classes.Titles, e.Title))
}

// small writes a title as it stands within a sentence: "lærer", but "IT-konsulent".
func small(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	second, _ := utf8.DecodeRuneInString(title[size:])
	if unicode.IsUpper(first) && unicode.IsLower(second) {
		return string(unicode.ToLower(first)) + title[size:]
	}
	return title
}

// read gives a field's value as people read it on the day. Values that are words of the
// schema itself (self-governing, true) stay as they are: Sentence has words for them.
func (n names) read(s show, v value, day org.Day) string {
	texts := make([]string, 0, len(v))
	for _, text := range v {
		if s != nil {
			text = s(n, text, day)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

// show tells what one text of a value means.
type show func(n names, text string, day org.Day) string

func showUnit(n names, key string, day org.Day) string {
	if key == "" {
		return ""
	}
	return n.unit(key, day)
}

func showPerson(n names, key string, day org.Day) string { return n.person(key, day) }

func showTitle(n names, key string, _ org.Day) string {
	return small(class(n.org.Settings.Classes.Titles, key))
}

func showSmall(_ names, title string, _ org.Day) string { return small(title) }

func showUnitType(n names, key string, _ org.Day) string {
	return class(n.org.Settings.Classes.UnitTypes, key)
}

func showEngagementType(n names, key string, _ org.Day) string {
	return class(n.org.Settings.Classes.EngagementTypes, key)
}

func showAssociationType(n names, key string, _ org.Day) string {
	return class(n.org.Settings.Classes.AssociationTypes, key)
}

func showRole(n names, key string, _ org.Day) string {
	return class(n.org.Settings.Classes.ManagerRoles, key)
}

func (n names) aboutUnit(u *org.Unit, day org.Day) Subject {
	return Subject{Kind: SubjectUnit, Key: u.Key, UUID: u.UUID, Name: u.At(dayOr(day)).Name}
}

func (n names) aboutRobot(r *org.Robot, day org.Day) Subject {
	return Subject{Kind: SubjectRobot, Key: r.Key, UUID: r.UUID, Name: r.At(dayOr(day)).Name}
}

// aboutPerson names a person with the job that tells most about them on the day, and gives
// the unit of that job.
func (n names) aboutPerson(p *org.Person, day org.Day) (Subject, string) {
	s := Subject{Kind: SubjectPerson, Key: p.Key, UUID: p.UUID, Name: p.At(dayOr(day)).Name.Full()}
	title, unit := "", ""
	if e := mainEngagement(p, day); e != nil {
		at := e.At(dayOr(day))
		title, unit = n.title(at), at.Unit
		s.Number = n.number(at)
	} else if a := mainAssociation(p, day); a != nil {
		at := a.At(dayOr(day))
		title, unit = n.associationTitle(at), at.Unit
	}
	if shown := p.At(dayOr(day)).Title; shown != "" {
		title = small(shown)
	}
	s.About = about(title, n.unit(unit, day))
	return s, unit
}

func (n names) associationTitle(a *org.Association) string {
	if a.Title != "" {
		return small(a.Title)
	}
	return small(class(n.org.Settings.Classes.AssociationTypes, a.Type))
}

// number is the payroll number of the engagement, where the name alone could mean
// somebody else.
func (n names) number(e *org.Engagement) string {
	p := e.Person
	if e.Payroll == nil || !n.shared[p.Name.Full()] && !n.shared[p.At(latest).Name.Full()] {
		return ""
	}
	return e.Payroll.Number
}

func about(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// mainEngagement is the engagement that people know somebody by on the day: one that
// holds then, else the last to begin; the primary one first.
func mainEngagement(p *org.Person, day org.Day) *org.Engagement {
	if len(p.Engagements) == 0 {
		return nil
	}
	return slices.MaxFunc(p.Engagements, func(a, b *org.Engagement) int {
		return cmp.Or(
			order(a.ActiveOn(day), b.ActiveOn(day)),
			order(a.Annulled == "", b.Annulled == ""),
			order(day != "" || a.To == "", day != "" || b.To == ""),
			order(a.At(dayOr(day)).Primary, b.At(dayOr(day)).Primary),
			cmp.Compare(a.From, b.From),
			cmp.Compare(b.Key, a.Key),
		)
	})
}

func mainAssociation(p *org.Person, day org.Day) *org.Association {
	if len(p.Associations) == 0 {
		return nil
	}
	return slices.MaxFunc(p.Associations, func(a, b *org.Association) int {
		return cmp.Or(order(a.ActiveOn(day), b.ActiveOn(day)), cmp.Compare(a.From, b.From), cmp.Compare(b.Key, a.Key))
	})
}

// order ranks what is so above what is not.
func order(a, b bool) int {
	switch {
	case a && !b:
		return 1
	case b && !a:
		return -1
	}
	return 0
}
