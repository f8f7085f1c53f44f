package org

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// reference is a key that an entry states to name something else.
type reference struct {
	fields []string // where it stands, below the path of what states it
	kind   string   // of what it names, such as units or classes.titles
	key    string
}

// checkReferences finds keys that name nothing.
func (o *Organisation) checkReferences() []schema.Diagnostic {
	c := &referenceCheck{org: o}
	for _, u := range o.Units {
		c.unit(u)
	}
	for _, p := range o.People {
		c.person(p)
	}
	for _, r := range o.Robots {
		checkStates(c, r.Path, "the robot "+r.Name+" ("+r.Key+")", r, r.Versions, robotReferences)
		for _, a := range r.Accounts {
			checkStates(c, a.Path, "the account "+a.Name, a, a.Versions, accountReferences)
			c.accountFor(nil, a)
		}
	}
	c.rights()
	c.safeguarded()
	c.domains()
	c.sourceReferences()
	c.usernameSystem()
	return c.findings
}

type referenceCheck struct {
	org      *Organisation
	findings []schema.Diagnostic
}

// checkStates looks at what a thing states from the beginning and at what each
// amendment adds to that.
func checkStates[T any](c *referenceCheck, path func(...string) Path, who string, base *T, versions []Version[T], of func(*T) []reference) {
	before := of(base)
	c.see(path, who, before)
	for _, v := range versions {
		now := of(v.State)
		var added []reference
		for _, r := range now {
			if !slices.ContainsFunc(before, func(b reference) bool {
				return b.key == r.key && slices.Equal(b.fields, r.fields)
			}) {
				r.fields = append([]string{"on", string(v.From)}, r.fields...)
				added = append(added, r)
			}
		}
		c.see(path, who, added)
		before = now
	}
}

func (c *referenceCheck) see(path func(...string) Path, who string, refs []reference) {
	for _, r := range refs {
		if r.key == "" || c.org.exists(r.kind, r.key) {
			continue
		}
		word := kindWord(r.kind)
		c.add("unknown-"+strings.ReplaceAll(strings.ToLower(word), " ", "-"), path(r.fields...),
			fmt.Sprintf("%s refers to the %s %q, which does not exist", who, word, r.key),
			c.org.unknownHint(r.kind, r.key))
	}
}

func (c *referenceCheck) add(code string, path Path, message, hint string) {
	c.findings = append(c.findings, c.org.finding(schema.Error, code, path, message, hint))
}

func (c *referenceCheck) unit(u *Unit) {
	checkStates(c, u.Path, "the unit "+u.label(), u, u.Versions, unitReferences)
	for _, m := range u.Managers {
		who := fmt.Sprintf("the leadership %q of %s", m.Key, u.label())
		checkStates(c, m.Path, who, m, m.Versions, managerReferences)
		switch {
		case m.Person == "" && !m.Vacant:
			c.add("leader-or-vacant", m.Path(), who+" names nobody", "write person: \"…\", or vacant: true when the post is vacant")
		case m.Person != "" && m.Vacant:
			c.add("leader-or-vacant", m.Path("vacant"), who+" names a person and is vacant", "take one of the two away")
		}
	}
}

func unitReferences(u *Unit) []reference {
	refs := []reference{
		{[]string{"parent"}, "units", u.Parent},
		{[]string{"type"}, "classes.unitTypes", u.Type},
		{[]string{"successor"}, "units", u.Successor},
		{[]string{"payoutUnit"}, "units", u.PayoutUnit.Key},
	}
	for _, h := range sortedKeys(u.Parents) {
		refs = append(refs,
			reference{[]string{"parents", h}, "hierarchies", h},
			reference{[]string{"parents", h}, "units", u.Parents[h]})
	}
	refs = append(refs, listReferences("contactUnits", "units", u.ContactUnits)...)
	refs = append(refs, listReferences("systems", "itSystems", u.Systems)...)
	return append(refs, listReferences("related", "units", u.Related)...)
}

func listReferences(field, kind string, keys []string) []reference {
	var refs []reference
	for i, key := range keys {
		refs = append(refs, reference{[]string{field, fmt.Sprint(i)}, kind, key})
	}
	return refs
}

func managerReferences(m *Manager) []reference {
	return []reference{
		{[]string{"person"}, "people", m.Person},
		{[]string{"role"}, "classes.managerRoles", m.Role},
	}
}

func (c *referenceCheck) person(p *Person) {
	for _, e := range p.Engagements {
		who := fmt.Sprintf("the engagement %q of %s", e.Key, p.label())
		checkStates(c, e.Path, who, e, e.Versions, engagementReferences)
		c.covers(who, e)
	}
	for _, a := range p.Associations {
		who := fmt.Sprintf("the association %q of %s", a.Key, p.label())
		checkStates(c, a.Path, who, a, a.Versions, associationReferences)
	}
	for _, a := range p.Accounts {
		who := fmt.Sprintf("the account %s of %s", a.Name, p.label())
		checkStates(c, a.Path, who, a, a.Versions, accountReferences)
		c.accountFor(p, a)
	}
}

func engagementReferences(e *Engagement) []reference {
	refs := []reference{
		{[]string{"unit"}, "units", e.Unit},
		{[]string{"title"}, "classes.titles", e.Title},
		{[]string{"type"}, "classes.engagementTypes", e.Type},
	}
	if e.Covers != nil {
		refs = append(refs, reference{[]string{"covers", "person"}, "people", e.Covers.Person})
	}
	return refs
}

func associationReferences(a *Association) []reference {
	return []reference{
		{[]string{"unit"}, "units", a.Unit},
		{[]string{"type"}, "classes.associationTypes", a.Type},
		{[]string{"sponsor"}, "people", a.Sponsor},
	}
}

func accountReferences(a *Account) []reference {
	return []reference{{[]string{"system"}, "systems", a.System}}
}

func robotReferences(r *Robot) []reference {
	return []reference{
		{[]string{"owner"}, "people", r.Owner},
		{[]string{"unit"}, "units", r.Unit},
	}
}

// covers looks at whom a temp works for, beyond that the person exists.
func (c *referenceCheck) covers(who string, e *Engagement) {
	states := append([]*Engagement{e}, statesOf(e.Versions)...)
	for i, s := range states {
		if s.Covers == nil || i > 0 && states[i-1].Covers != nil && *states[i-1].Covers == *s.Covers {
			continue
		}
		var at []string
		if i > 0 {
			at = []string{"on", string(e.Versions[i-1].From)}
		}
		covered := c.org.Person(s.Covers.Person)
		switch {
		case s.Covers.Person == e.Person.Key:
			c.add("covers-self", e.Path(append(at, "covers", "person")...), who+" stands in for the same person",
				"name the person who is away")
		case covered != nil && s.Covers.Engagement != "" && covered.Engagement(s.Covers.Engagement) == nil:
			c.add("unknown-engagement", e.Path(append(at, "covers", "engagement")...),
				fmt.Sprintf("%s stands in for the engagement %q of %s, which does not exist", who, s.Covers.Engagement, covered.label()),
				engagementHint(covered))
		}
	}
}

func statesOf[T any](versions []Version[T]) []*T {
	var states []*T
	for _, v := range versions {
		states = append(states, v.State)
	}
	return states
}

func engagementHint(p *Person) string {
	if len(p.Engagements) == 0 {
		return p.label() + " has no engagement: leave the field out"
	}
	var keys []string
	for _, e := range p.Engagements {
		keys = append(keys, e.Key)
	}
	return "the engagements of " + p.label() + " are " + strings.Join(keys, ", ")
}

// accountFor looks at what an account exists for; p is nil for a robot's.
func (c *referenceCheck) accountFor(p *Person, a *Account) {
	var before []string
	for i, s := range append([]*Account{a}, statesOf(a.Versions)...) {
		var at []string
		if i > 0 {
			at = []string{"on", string(a.Versions[i-1].From)}
		}
		for j, key := range s.For {
			switch {
			case slices.Contains(before, key):
			case p == nil:
				c.add("unknown-engagement", a.Path(append(at, "for", fmt.Sprint(j))...),
					fmt.Sprintf("the account %s belongs to a robot and exists for %q, but a robot has no engagement", a.Name, key),
					"leave for out")
			case p.Engagement(key) == nil && p.Association(key) == nil:
				c.add("unknown-engagement", a.Path(append(at, "for", fmt.Sprint(j))...),
					fmt.Sprintf("the account %s exists for %q, but %s has no engagement or association of that key", a.Name, key, p.label()),
					engagementHint(p))
			}
		}
		before = s.For
	}
}

// domains finds directories whose accounts no system stands for, and parts of the tree that do not exist.
func (c *referenceCheck) domains() {
	for _, key := range slices.Sorted(maps.Keys(c.org.Settings.Targets.Domains)) {
		path := func(fields ...string) Path { return PathOf("targets", "domains", append([]string{key}, fields...)...) }
		c.see(path, "the directory "+key, []reference{{nil, "itSystems", key}})
		c.directoryUnits(path, c.org.Settings.Targets.Domains[key])
	}
	if s := c.org.Settings.Targets.AD; s != nil {
		c.directoryUnits(func(fields ...string) Path { return PathOf("targets", "ad", fields...) }, s)
	}
}

func (c *referenceCheck) directoryUnits(path func(...string) Path, s *ADSettings) {
	for i, key := range s.Units {
		c.see(path, "the directory", []reference{{[]string{"units", fmt.Sprint(i)}, "units", key}})
	}
}

// safeguarded finds keys that protect nothing because they are misspelt.
func (c *referenceCheck) safeguarded() {
	at := func(list string, i int) func(...string) Path {
		return func(...string) Path { return Path(fmt.Sprintf("safeguarded.%s[%d]", list, i)) }
	}
	for i, key := range c.org.Settings.Safeguarded.Units {
		c.see(at("units", i), "the list of what is safeguarded", []reference{{nil, "units", key}})
	}
	for i, key := range c.org.Settings.Safeguarded.People {
		c.see(at("people", i), "the list of what is safeguarded", []reference{{nil, "people", key}})
	}
}
