package ad

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// managed is an attribute of accounts that orgit manages, and how.
type managed struct {
	attribute
	rule plan.Rule
	// templates make its value; nil: the value that orgit has for it without settings.
	templates []*valueTemplate
	// clears says that the settings clear it for everybody: the empty text, or no values.
	clears bool
	path   org.Path // where the settings speak of it; empty: nowhere
}

// templated reports whether the settings say the value.
func (m *managed) templated() bool { return m.templates != nil || m.clears }

// attributeSet is which attributes of accounts are managed: orgit's own, as the settings
// change them, and those that the settings add.
type attributeSet struct {
	byName map[string]*managed // by the name in small letters
	made   []*managed          // those whose value the settings say, in order of name
	faults []fault             // in order of path; an attribute with one is left alone
}

// named finds a managed attribute, whatever the case; nil where orgit leaves it to others.
func (s *attributeSet) named(name string) *managed {
	m := s.byName[keyName(name)]
	if m == nil || m.rule == ruleIgnore {
		return nil
	}
	return m
}

// attributeSetOf reads the settings. What is wrong with one attribute is a fault, and the
// attribute is then left alone: nothing is written by a rule that is not understood.
func (x Domain) attributeSetOf(s *org.ADSettings) *attributeSet {
	set := &attributeSet{byName: map[string]*managed{}}
	for _, name := range []string{attrCN, attrContainer, attrManager, attrExpires} {
		set.byName[keyName(name)] = &managed{attribute: attribute{name: name, own: true}, rule: plan.Force}
	}
	for _, a := range ownAttributes() {
		set.byName[keyName(a.name)] = &managed{attribute: a, rule: a.rule}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Attributes)) {
		if f := set.configure(x, s, name); f != nil {
			set.faults = append(set.faults, *f)
			set.leave(name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(set.byName)) {
		if m := set.byName[key]; m.templated() && m.rule != ruleIgnore {
			set.made = append(set.made, m)
		}
	}
	return set
}

// leave takes an attribute out that the settings ask for in a way that cannot be followed.
func (s *attributeSet) leave(name string) {
	key := keyName(name)
	if m := s.byName[key]; m != nil {
		m.rule, m.templates, m.clears = ruleIgnore, nil, false
	}
}

// configure takes over what the settings say about one attribute.
func (s *attributeSet) configure(x Domain, settings *org.ADSettings, name string) *fault {
	path, stated := x.path("attributes", name), settings.Attributes[name]
	m := s.byName[keyName(name)]
	if m == nil {
		a, known := plainNamed(name)
		if !known {
			message, hint := x.refusedName(name)
			return &fault{path, message, hint}
		}
		m = &managed{attribute: a, rule: a.rule}
		s.byName[keyName(name)] = m
	}
	if m.path != "" {
		return &fault{path, "the settings speak of " + m.name + " twice, in different cases of letters", "keep one of them"}
	}
	m.path = path
	if stated.Rule != "" {
		m.rule = plan.Rule(stated.Rule)
	}
	if stated.Value != nil {
		return m.value(x, settings, stated.Value)
	}
	if !m.own && m.rule != ruleIgnore {
		return &fault{path, "orgit has no value of its own for " + m.name, "give it one: " + m.name + `: {value: "{{.Unit.Name}}"}`}
	}
	return nil
}

// value takes over the templates of an attribute.
func (m *managed) value(x Domain, settings *org.ADSettings, texts []string) *fault {
	path := org.Path(string(m.path) + ".value")
	if f := m.mayHaveValue(x, settings); f != nil {
		f.path = path
		return f
	}
	if len(texts) > 1 && !m.set {
		return &fault{path, m.name + " holds one value, and the settings give several", "give one text"}
	}
	if len(texts) == 0 || len(texts) == 1 && strings.TrimSpace(texts[0]) == "" {
		m.clears = true
		return nil
	}
	for i, text := range texts {
		at := path
		if len(texts) > 1 {
			at = org.Path(schema.JoinPath(append(schema.SplitPath(string(path)), strconv.Itoa(i))...))
		}
		t, f := parseTemplate(text, at)
		if f != nil {
			m.templates = nil
			return f
		}
		m.templates = append(m.templates, t)
	}
	return nil
}

// mayHaveValue refuses a value for what orgit decides itself.
func (m *managed) mayHaveValue(x Domain, settings *org.ADSettings) *fault {
	switch {
	case strings.EqualFold(m.name, settings.CPRAttribute), strings.EqualFold(m.name, cprAttribute(settings)):
		return &fault{message: m.name + " holds CPR numbers (" + x.setting() + ".cprAttribute), which orgit only reads", hint: "choose another attribute"}
	case strings.EqualFold(m.name, markAttribute(settings.Anchor)), strings.EqualFold(m.name, settings.Anchor):
		return &fault{message: m.name + " is where orgit keeps its marks", hint: "choose another attribute, or another " + x.setting() + ".anchor"}
	}
	why := map[string]string{
		attrLogin:     "the login name stands on each account (accounts.….name)",
		attrCN:        "the name of the object has to be unique in the municipality, so orgit makes it from the person's name",
		attrContainer: "where accounts stand is set by " + x.setting() + ".layout and " + x.setting() + ".areas",
		attrManager:   "the leader follows from the units' managers",
		attrExpires:   "the expiry follows from the dates in the files and " + x.setting() + ".graceHours",
	}[m.name]
	if why == "" {
		return nil
	}
	return &fault{message: "the settings cannot say the value of " + m.name + ": " + why, hint: "leave the value out; the rule alone can be set"}
}

// PlainAttributes are the attributes of accounts that have to be read to see what the
// settings ask for: those that orgit manages and does not leave to others, and the names
// by which accounts are recognised.
func PlainAttributes(s *org.ADSettings) []string {
	set := Domain{}.attributeSetOf(s)
	var names []string
	for _, m := range set.byName {
		if _, plain := plainNamed(m.name); plain && m.rule != ruleIgnore {
			names = append(names, m.name)
		}
	}
	names = append(names, attrLogin, attrUPN, attrDisplayName)
	slices.Sort(names)
	return slices.Compact(names)
}

// plainOf finds the attributes of names; without names they are orgit's own.
func plainOf(names []string) []attribute {
	if names == nil {
		names = PlainAttributes(&org.ADSettings{})
	}
	var list []attribute
	for _, name := range names {
		if a, ok := plainNamed(name); ok {
			list = append(list, a)
		}
	}
	return list
}

// keyName is the form of a name under which attributes are kept.
func keyName(name string) string { return strings.ToLower(name) }
