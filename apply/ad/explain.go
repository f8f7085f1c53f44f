package ad

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Sources says of the accounts of a person how each attribute that the settings or orgit
// manage is made, and of those that nothing is asked for why. entry is the person's path.
func (x Domain) Sources(o *org.Organisation, day org.Day, entry org.Path) (map[plan.ID][]plan.Source, error) {
	if x.Settings(o) == nil {
		return nil, nil
	}
	d, err := x.newDesired(o, day)
	if err != nil {
		return nil, err
	}
	d.sources = map[plan.ID][]plan.Source{}
	d.trace = func(a *account) bool { return a.holder.Person.Path() == entry }
	if _, err := d.whole(); err != nil {
		return nil, err
	}
	return d.sources, nil
}

// explain notes how the settings make an attribute, where somebody asks.
func (u *userAttributes) explain(m *managed, inputs []plan.FieldInput, isManaged bool) {
	if u.sources == nil {
		return
	}
	s := plan.Source{Attribute: m.name, Rule: m.rule, Setting: m.path, Templates: m.texts(), Inputs: inputs}
	if !isManaged {
		s.Unmanaged = u.say("filerne siger ikke nok til skabelonen", "the files do not say enough for the template")
	}
	*u.sources = append(*u.sources, s)
}

// explainRest notes the attributes that nothing is asked for, with the reason.
func (u *userAttributes) explainRest() {
	if u.sources == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(u.d.set.byName)) {
		m := u.d.set.byName[key]
		stated := slices.ContainsFunc(u.attrs, func(a plan.Attr) bool { return a.Name == m.name })
		told := slices.ContainsFunc(*u.sources, func(s plan.Source) bool { return s.Attribute == m.name })
		if stated || told {
			continue
		}
		*u.sources = append(*u.sources, plan.Source{Attribute: m.name, Rule: m.rule, Setting: m.path, Unmanaged: u.unstated(m)})
	}
}

// unstated says why nothing is asked for.
func (u *userAttributes) unstated(m *managed) string {
	path := ""
	for _, c := range contactRoles {
		if c.attribute == m.name {
			path = "addresses." + c.role
		}
	}
	switch {
	case m.rule == ruleIgnore:
		return u.say("reglen er ignore: overladt til andre", "the rule is ignore: left to others")
	case m.personal && u.a.at.Kind == org.AccountAdmin:
		return u.say("en administratorkonto har det ikke", "an admin account has none")
	case m.name == "employeeNumber":
		path = "payroll.number"
	}
	if path == "" {
		return u.say("filerne siger intet om det", "the files say nothing about it")
	}
	return fmt.Sprintf(u.say("%s er ikke angivet", "%s is not stated"), path)
}

// say chooses between the languages of plans.
func (u *userAttributes) say(danish, english string) string {
	if strings.EqualFold(u.d.o.Settings.Language, "en") {
		return english
	}
	return danish
}
