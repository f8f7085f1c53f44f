package org

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/schema"
)

// checkReview finds rules of approval that say something else than they seem to: names that mean nothing, approvals that
// nobody can give, and classes that stand in each other's way. A rule that is not understood would judge every proposal
// from the day on which it is merged.
func (o *Organisation) checkReview() []schema.Diagnostic {
	c := &reviewCheck{org: o, rules: o.Settings.Review}
	c.group()
	c.substitutes()
	c.login()
	for _, name := range sortedKeys(c.rules.Classes) {
		c.class(name, c.rules.Classes[name])
	}
	c.kindsOnce()
	return c.findings
}

type reviewCheck struct {
	org      *Organisation
	rules    Review
	findings []schema.Diagnostic
}

func (c *reviewCheck) add(severity schema.Severity, code, message, hint string, at ...string) {
	path := Path(schema.JoinPath(append([]string{"review"}, at...)...))
	c.findings = append(c.findings, c.org.finding(severity, code, path, message, hint))
}

func (c *reviewCheck) group() {
	seen := map[string]bool{}
	for i, name := range c.rules.Group {
		if seen[strings.ToLower(name)] {
			c.add(schema.Error, "review-twice", name+" stands in the working group twice", "a person counts once; take one out", "group", strconv.Itoa(i))
		}
		seen[strings.ToLower(name)] = true
	}
	c.enough(len(seen), c.rules.Approvals, "group")
	for _, name := range sortedKeys(c.rules.Classes) {
		if class := c.rules.Classes[name]; class.Approvers == ByGroup && class.Approvals > c.rules.Approvals {
			c.enough(len(seen), class.Approvals, "classes", name, "approvals")
		}
	}
}

// enough looks whether a group can give so many approvals, and still can when one of its members is the proposer. A group of
// one is how a new repository begins, and is let pass until somebody joins.
func (c *reviewCheck) enough(members, approvals int, at ...string) {
	switch {
	case len(c.rules.Group) == 0 && approvals == 0: // the settings could not be read
	case members < approvals:
		c.add(schema.Error, "review-group-small", fmt.Sprintf("the working group has %d and %d have to approve: nothing can be merged", members, approvals),
			"name more people in review.group, or ask for fewer approvals", at...)
	case members > 1 && members-1 < approvals:
		c.add(schema.Warning, "review-group-tight", fmt.Sprintf("the working group has %d and %d have to approve: what one of them proposes cannot be approved", members, approvals),
			"nobody approves their own proposal, so name one more", at...)
	}
}

func (c *reviewCheck) substitutes() {
	for i, s := range c.rules.Substitutes {
		at := []string{"substitutes", strconv.Itoa(i)}
		switch {
		case strings.EqualFold(s.For, s.Is):
			c.add(schema.Error, "review-substitute", s.For+" stands in for themselves", "name somebody else", at...)
		case !c.inGroup(s.For) && !c.hasLogin(s.For):
			c.add(schema.Error, "review-substitute", fmt.Sprintf("%s stands in for %s, who approves nothing", s.Is, s.For),
				"name a member of review.group, or a leader by their account in the system of review.login", at...)
		}
		if s.To < s.From {
			c.add(schema.Error, "to-before-from", fmt.Sprintf("%s stands in for %s until %s, and from %s only", s.Is, s.For, s.To, s.From),
				"to is the last day (til og med)", append(at, "to")...)
		}
	}
}

func (c *reviewCheck) inGroup(name string) bool {
	return slices.ContainsFunc(c.rules.Group, func(member string) bool { return strings.EqualFold(member, name) })
}

// hasLogin reports whether somebody has, at any time, an account of that name in the system of review.login.
func (c *reviewCheck) hasLogin(name string) bool {
	if c.rules.Login == "" {
		return false
	}
	for h, a := range c.org.Accounts {
		for _, s := range append([]*Account{a}, statesOf(a.Versions)...) {
			if h.Person != nil && s.System == c.rules.Login && strings.EqualFold(s.Name, name) {
				return true
			}
		}
	}
	return false
}

func (c *reviewCheck) login() {
	if login := c.rules.Login; login != "" && !c.org.exists("systems", login) {
		c.add(schema.Error, "unknown-system", "leaders are to be recognised by their accounts in "+login+", which is no system",
			"the systems are "+strings.Join(c.org.keysOf("systems"), ", "), "login")
	}
}

func (c *reviewCheck) class(name string, class ReviewClass) {
	c.kinds(name, "kinds", class.Kinds)
	c.kinds(name, "never", class.Never)
	c.source(name, class)
	at := []string{"classes", name}
	switch class.Approvers {
	case ByRule:
		if class.Source == "" || class.PerRun == 0 {
			c.add(schema.Error, "review-rule", "the class "+name+" is approved by rule and does not say from which source, or how many at a time: it approves nothing",
				`state both, such as source: "opus", perRun: 60`, at...)
		}
	case ByLeader:
		if class.Approvals > 1 {
			c.add(schema.Error, "review-leader", "the class "+name+" asks for several leaders, but an area has one that is nearest",
				"leave approvals out, or let the working group approve", append(at, "approvals")...)
		}
		if c.rules.Login == "" {
			c.add(schema.Warning, "review-login", "the class "+name+" is for leaders, and nothing says which user in GitLab a leader is: the working group decides instead",
				"state review.login: the system whose account names are the usernames in GitLab", append(at, "approvers")...)
		}
	}
	for i, kind := range class.Kinds {
		if k, ok := ReviewKindNamed(kind); ok && k.GroupOnly && class.Approvers != ByGroup {
			c.add(schema.Error, "review-group-only", fmt.Sprintf("only the working group can approve %s (%s)", kind, k.English),
				"take it out of the class "+name, append(at, "kinds", strconv.Itoa(i))...)
		}
	}
}

func (c *reviewCheck) kinds(class, field string, kinds []string) {
	var known []string
	for _, k := range ReviewKinds() {
		known = append(known, k.Name)
	}
	for i, kind := range kinds {
		at := []string{"classes", class, field, strconv.Itoa(i)}
		switch {
		case !slices.Contains(known, kind):
			hint := "the kinds are " + strings.Join(known, ", ")
			if near := schema.Nearest(kind, known); near != "" {
				hint = "did you mean " + near + "?"
			}
			c.add(schema.Error, "review-kind", fmt.Sprintf("%q is no kind of change", kind), hint, at...)
		case slices.Contains(kinds[:i], kind):
			c.add(schema.Error, "review-twice", kind+" is named twice", "take one out", at...)
		}
	}
}

// kindsOnce finds kinds that two classes claim. A rule may stand beside one class for what does not come from its source.
func (c *reviewCheck) kindsOnce() {
	claimed := map[string]string{}
	for _, name := range sortedKeys(c.rules.Classes) {
		class := c.rules.Classes[name]
		for i, kind := range class.Kinds {
			claim := kind + " of people"
			if class.Approvers == ByRule {
				claim = kind + " of the source " + class.Source
			}
			if other := claimed[claim]; other != "" && other != name {
				c.add(schema.Error, "review-kind-twice", fmt.Sprintf("the classes %s and %s both name %s", other, name, kind),
					"a kind belongs to one class", "classes", name, "kinds", strconv.Itoa(i))
			}
			claimed[claim] = name
		}
	}
}
