package org

import (
	"fmt"
	"slices"

	"orgit.dk/orgit/schema"
)

// checkAssignments finds assignments that contradict themselves or what they give, and
// those that give nothing from some day on.
func (o *Organisation) checkAssignments(today Day) []schema.Diagnostic {
	c := &rightsCheck{org: o}
	for _, a := range o.Assignments {
		if !c.assignmentForm(a) {
			continue
		}
		c.assignmentValues(a)
		c.personOnly(a)
		c.idle(a, today)
	}
	return c.findings
}

// assignmentForm looks whether an assignment says one thing that is given, one receiver,
// and nothing that does not go with it.
func (c *rightsCheck) assignmentForm(a *Assignment) bool {
	before := len(c.findings)
	bad := func(message, hint string, fields ...string) {
		c.fault("assignment-form", a.Path(fields...), "the assignment "+a.Key+" "+message, hint)
	}
	if (a.Job == "") == (a.Group == "") {
		bad("has to name one job role or one role group", "state job or group, and not both")
	}
	if (a.Person == "") == (a.Unit == "") {
		bad("has to name one person or one unit", "state person or unit, and not both")
	}
	if a.Unit == "" && a.Person != "" {
		for _, field := range a.forUnits() {
			bad("is to a person and states "+field+", which is for units", "take it out", field)
		}
	}
	for _, n := range []struct {
		field string
		keys  []string
	}{{"titles", a.Titles}, {"functions", a.Functions}} {
		switch {
		case n.keys != nil && len(n.keys) == 0:
			bad("is narrowed to no "+n.field, "name some, or take it out", n.field)
		case n.keys != nil && a.Leaders:
			bad("is for leaders and states "+n.field, "leave one of them out: leaders are reached wherever they work", n.field)
		}
	}
	switch {
	case a.Post != "" && a.Person == "":
		bad("is tied to a post of nobody", "state person beside post", "post")
	case len(a.Except.Units) > 0 && !a.Below:
		bad("excepts units and does not reach units below", "state below: true, or take except.units out", "except", "units")
	case len(a.Except.Titles) > 0 && a.Leaders:
		bad("is for leaders and excepts titles", "except people instead: leaders are reached wherever they work", "except", "titles")
	case a.Deny && len(a.Values) > 0:
		bad("takes away and states values", "take the values out: the whole job role is taken away", "values")
	}
	return len(c.findings) == before
}

// forUnits are the fields that an assignment states and that have a meaning for units only.
func (a *Assignment) forUnits() []string {
	var fields []string
	note := func(field string, stated bool) {
		if stated {
			fields = append(fields, field)
		}
	}
	note("below", a.Below)
	note("titles", a.Titles != nil)
	note("functions", a.Functions != nil)
	note("leaders", a.Leaders)
	note("except", a.Except.People != nil || a.Except.Titles != nil || a.Except.Units != nil)
	return fields
}

// assignmentValues looks whether exactly the constraints that are postponed get values.
func (c *rightsCheck) assignmentValues(a *Assignment) {
	if a.Deny {
		return
	}
	postponed := c.postponed(a)
	for _, ref := range sortedKeys(a.Values) {
		path := a.Path("values", ref)
		k := postponed[ref]
		if k == nil {
			c.fault("constraint-value", path, fmt.Sprintf("the assignment %s states values for %s, which nothing that it gives leaves open", a.Key, ref),
				"take them out, or state postponed: true in the job role")
			continue
		}
		for _, value := range a.Values[ref] {
			c.value("the assignment "+a.Key, k, value, path)
		}
	}
	for _, ref := range sortedKeys(postponed) {
		if len(a.Values[ref]) == 0 {
			c.fault("constraint-missing", a.Path(), fmt.Sprintf("the assignment %s has to say what %s is narrowed to", a.Key, postponed[ref].Name),
				fmt.Sprintf("state values: %q: […]", ref))
		}
	}
}

// postponed are the constraints that what an assignment gives leaves open at some time, by
// system/constraint.
func (c *rightsCheck) postponed(a *Assignment) map[string]*Constraint {
	open := map[string]*Constraint{}
	c.assigned(a, func(j *Job) {
		for _, role := range j.Roles {
			for _, v := range role.Constraints {
				if k := c.org.System(j.System.Key).Constraint(v.Key); v.Postponed && k != nil {
					open[j.System.Key+"/"+v.Key] = k
				}
			}
		}
	})
	return open
}

// assigned calls yield for every state of every job that an assignment gives or takes away
// during its time.
func (c *rightsCheck) assigned(a *Assignment, yield func(state *Job)) {
	days := []Day{max(a.From, "0001-01-01")}
	note := func(list []Day) {
		for _, day := range list {
			if a.Contains(day) {
				days = append(days, day)
			}
		}
	}
	see := func(ref JobRef) {
		if j := c.org.Job(ref); j != nil {
			note(append(amendmentDays(j.Versions), j.From))
		}
	}
	see(a.Job)
	if g := c.org.RoleGroup(a.Group); g != nil {
		note(append(amendmentDays(g.Versions), g.From))
		for _, state := range append([]*RoleGroup{g}, statesOf(g.Versions)...) {
			for _, ref := range state.Jobs {
				see(ref)
			}
		}
	}
	slices.Sort(days)
	var seen []*Job
	for _, day := range slices.Compact(days) {
		for _, j := range c.org.JobsOn(a, day) {
			if !slices.Contains(seen, j) {
				seen = append(seen, j)
				yield(j)
			}
		}
	}
}

func (c *rightsCheck) personOnly(a *Assignment) {
	if a.Unit == "" || a.Deny {
		return
	}
	var named []JobRef
	c.assigned(a, func(j *Job) {
		if !j.PersonOnly || slices.Contains(named, j.Ref()) {
			return
		}
		named = append(named, j.Ref())
		c.fault("person-only", a.Path("unit"), fmt.Sprintf("the assignment %s gives %s to a unit, but it is given to people only (%s)", a.Key, j.label(), c.org.Position(j.Path("personOnly"))),
			"assign it to each person who needs it")
	})
}

// idle warns of an assignment that gives nothing, today or from a later day of its time on,
// because what it names is not there then.
func (c *rightsCheck) idle(a *Assignment, today Day) {
	if a.Ended(today) {
		return
	}
	within := Period{max(a.From, today), a.To}
	see := func(what string, times []Period, field string) {
		day, gone := firstGap(times, within)
		if !gone {
			return
		}
		d := c.org.finding(schema.Warning, "assignment-idle", a.Path(field),
			fmt.Sprintf("the assignment %s gives nothing from %s, because %s is not there then", a.Key, day, what),
			"end it the day before; where another takes over, state an assignment to that one")
		d.From = string(day)
		c.findings = append(c.findings, d)
	}
	if u := c.org.Unit(a.Unit); u != nil {
		see("the unit "+u.label(), []Period{u.Period}, "unit")
	}
	if j := c.org.Job(a.Job); j != nil {
		see("the job role "+j.label(), []Period{j.Period}, "job")
	}
	if g := c.org.RoleGroup(a.Group); g != nil {
		see("the role group "+g.label(), []Period{g.Period}, "group")
	}
	p := c.org.Person(a.Person)
	switch {
	case p == nil || a.Post != "" && p.Engagement(a.Post) == nil && p.Association(a.Post) == nil: // another rule's finding
	case a.Post == "":
		see("an engagement or association of "+p.label(), p.posts(), "person")
	default:
		see(fmt.Sprintf("the post %q of %s", a.Post, p.label()), p.postNamed(a.Post), "post")
	}
}

// postNamed is when the person has the engagement or association of that key.
func (p *Person) postNamed(key string) []Period {
	var times []Period
	if e := p.Engagement(key); e != nil && e.Annulled == "" {
		times = append(times, e.Period)
	}
	if a := p.Association(key); a != nil && a.Annulled == "" {
		times = append(times, a.Period)
	}
	return times
}

// checkConflicts finds conflicts that say nothing, or that nobody can be free of, and
// exceptions that are over.
func (o *Organisation) checkConflicts(today Day) []schema.Diagnostic {
	c := &rightsCheck{org: o}
	for _, f := range o.Conflicts {
		if len(f.One) == 0 || len(f.Other) == 0 {
			c.fault("conflict-form", f.Path(), "the conflict "+f.label()+" names no job role on one of its sides", "name those that nobody may hold together with the others")
		}
		for i, ref := range f.Other {
			if slices.Contains(f.One, ref) {
				c.fault("conflict-form", f.Path("other", fmt.Sprint(i)), fmt.Sprintf("the conflict %s sets %s against itself", f.label(), ref), "take it out of one of the two")
			}
		}
		for _, e := range f.Exceptions {
			c.exception(e, today)
		}
	}
	return c.findings
}

func (c *rightsCheck) exception(e *ConflictException, today Day) {
	who := fmt.Sprintf("the exception %q of the conflict %s", e.Key, e.Conflict.label())
	switch {
	case e.Person == e.ApprovedBy:
		c.fault("exception-self", e.Path("approvedBy"), who+" was approved by the person whom it is for", "somebody else has to approve it")
	case e.Ended(today):
		c.warn("exception-expired", e.Path("to"), fmt.Sprintf("%s is over since %s", who, e.To), "take it out, or have a new one approved")
	}
}
