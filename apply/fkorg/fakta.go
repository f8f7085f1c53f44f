package fkorg

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// stated says since when and where a value is stated that amendments may have changed: day is empty while the entry
// itself states it.
func stated[T any](base *T, versions []org.Version[T], day org.Day, get func(*T) string) (since org.Day) {
	now := get(base)
	for _, v := range versions {
		if v.From > day {
			break
		}
		if value := get(v.State); value != now {
			now, since = value, v.From
		}
	}
	return since
}

// fact is the statement behind a value: the field itself, or the amendment that changed it last.
func fact(path func(...string) org.Path, since, from org.Day, value string, fields ...string) org.Fact {
	if since != "" {
		return org.Fact{Path: path(append([]string{"on", string(since)}, fields...)...), Value: value, Day: since}
	}
	return org.Fact{Path: path(fields...), Value: value, Day: from}
}

// builder collects the desired state of one day.
type builder struct {
	org   *org.Organisation
	day   org.Day
	view  *org.View
	views map[org.Day]*org.View // of later days, for what begins then
	state plan.State
}

func (b *builder) viewOn(day org.Day) *org.View {
	if day == b.day {
		return b.view
	}
	if b.views[day] == nil {
		b.views[day] = b.org.On(day)
	}
	return b.views[day]
}

// usualAttrs is how many attributes most objects have.
const usualAttrs = 6

// entry is one desired object while it is put together.
type entry struct {
	*builder
	plan.Object
}

func (b *builder) entry(kind plan.Kind, uuid org.UUID, name string, path org.Path) *entry {
	return &entry{b, plan.Object{ID: plan.ID{Kind: kind, UUID: uuid}, Name: name, Entry: path, Attrs: make([]plan.Attr, 0, usualAttrs)}}
}

// set states an attribute. An empty value clears it.
func (e *entry) set(name, value string, rule plan.Rule, why ...org.Fact) *plan.Attr {
	a := plan.Attr{Name: name, Rule: rule, Why: why}
	if value != "" {
		a.Value = []string{value}
	}
	e.Attrs = append(e.Attrs, a)
	return &e.Attrs[len(e.Attrs)-1]
}

// text states a text, and a problem when FK Organisation has no room for it.
func (e *entry) text(name, value string, max int, rule plan.Rule, why org.Fact) *plan.Attr {
	value = Rens(value)
	if over := ForLang(value, max); over > 0 {
		e.problem(why.Path, over, max)
	}
	return e.set(name, value, rule, why)
}

// ref states a reference to an object that orgit keeps too.
func (e *entry) ref(name string, to plan.ID, show string, rule plan.Rule, why ...org.Fact) {
	a := e.set(name, string(to.UUID), rule, why...)
	a.Show, a.Refs = show, []plan.ID{to}
}

// gone says that the object is out of use since the day. Its last form is Inaktiv; a person has no state, and stays.
func (e *entry) gone(since org.Day, why ...org.Fact) {
	e.Attrs, e.From = nil, ""
	e.Gone = &plan.Gone{Since: since, Why: why}
	if e.Kind != KindPerson {
		e.Gone.Loss = plan.LossInactivate
		e.set(attrGyldighed, Inaktiv, plan.Force, why...)
	}
	e.add()
}

// add puts the object into the state.
func (e *entry) add() {
	if s := e.org.Settings.Targets.FKOrganisation; s != nil && slices.Contains(s.Recreate, e.UUID) {
		e.LastResort = sidsteUdvej(e.org.Settings.Language)
	}
	e.state.Objects = append(e.state.Objects, e.Object)
}

// sidsteUdvej tells a reader of the plan what may happen to an object that the settings name under recreate.
func sidsteUdvej(language string) string {
	if language == "en" {
		return "where FK Organisation refuses the change as wrong (status 40), the object is made passive and imported again with what it held (recreate in the settings)"
	}
	return "afviser FK Organisation ændringen som forkert (status 40), gøres objektet passivt og importeres igen med sit indhold (recreate i indstillingerne)"
}

// refs states a set of references to objects, classes or systems, each with the name that people read. It is compared as a
// set, so it is in order of reference; what people read is in order of name.
func (e *entry) refs(name string, set map[string]string, why ...org.Fact) *plan.Attr {
	a := e.set(name, "", plan.Force, why...)
	a.Value = slices.Sorted(maps.Keys(set))
	a.Show = strings.Join(slices.Compact(slices.Sorted(maps.Values(set))), ", ")
	return a
}

// known says that the organisation states, or has stated, the identity.
func (b *builder) known(kind plan.Kind, uuid org.UUID) {
	b.state.Known[plan.ID{Kind: kind, UUID: uuid}] = true
}
