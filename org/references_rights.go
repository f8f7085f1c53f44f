package org

import (
	"fmt"

	"orgit.dk/orgit/schema"
)

// rights looks at what systems, role groups, assignments and conflicts name.
func (c *referenceCheck) rights() {
	for _, s := range c.org.Systems {
		checkStates(c, s.Path, "the system "+s.label(), s, s.Versions, func(s *System) []reference {
			return []reference{{[]string{"owner"}, "people", s.Owner}}
		})
		for _, j := range s.Jobs {
			checkStates(c, j.Path, "the job role "+j.label(), j, j.Versions, func(j *Job) []reference {
				return jobReferences("requires", j.Requires)
			})
		}
	}
	for _, g := range c.org.RoleGroups {
		checkStates(c, g.Path, "the role group "+g.label(), g, g.Versions, func(g *RoleGroup) []reference {
			return jobReferences("jobs", g.Jobs)
		})
	}
	for _, a := range c.org.Assignments {
		c.see(a.Path, "the assignment "+a.Key, assignmentReferences(a))
		c.assignedPost(a)
	}
	for _, f := range c.org.Conflicts {
		c.see(f.Path, "the conflict "+f.label(), append(jobReferences("one", f.One), jobReferences("other", f.Other)...))
		for _, e := range f.Exceptions {
			c.see(e.Path, fmt.Sprintf("the exception %q of the conflict %s", e.Key, f.label()), []reference{
				{[]string{"person"}, "people", e.Person},
				{[]string{"approvedBy"}, "people", e.ApprovedBy},
			})
		}
	}
}

func jobReferences(field string, refs []JobRef) []reference {
	var list []reference
	for i, ref := range refs {
		list = append(list, reference{[]string{field, fmt.Sprint(i)}, "jobs", string(ref)})
	}
	return list
}

func assignmentReferences(a *Assignment) []reference {
	refs := []reference{
		{[]string{"job"}, "jobs", string(a.Job)},
		{[]string{"group"}, "roleGroups", a.Group},
		{[]string{"person"}, "people", a.Person},
		{[]string{"unit"}, "units", a.Unit},
	}
	refs = append(refs, listReferences("titles", "classes.titles", a.Titles)...)
	refs = append(refs, listReferences("functions", "classes.associationTypes", a.Functions)...)
	for _, list := range []struct {
		field, kind string
		keys        []string
	}{{"people", "people", a.Except.People}, {"titles", "classes.titles", a.Except.Titles}, {"units", "units", a.Except.Units}} {
		for i, key := range list.keys {
			refs = append(refs, reference{[]string{"except", list.field, fmt.Sprint(i)}, list.kind, key})
		}
	}
	return refs
}

// assignedPost looks whether the person of an assignment has the post that it is tied to.
func (c *referenceCheck) assignedPost(a *Assignment) {
	p := c.org.Person(a.Person)
	if a.Post == "" || p == nil || p.Engagement(a.Post) != nil || p.Association(a.Post) != nil {
		return
	}
	c.add("unknown-engagement", a.Path("post"),
		fmt.Sprintf("the assignment %s is tied to %q, but %s has no engagement or association of that key", a.Key, a.Post, p.label()),
		engagementHint(p))
}

// label names a system for a reader: its name and key.
func (s *System) label() string { return s.Name + " (" + s.Key + ")" }

// label names a job for a reader: its name and what others name it by.
func (j *Job) label() string { return j.Name + " (" + string(j.Ref()) + ")" }

func (g *RoleGroup) label() string { return g.Name + " (" + g.Key + ")" }

func (c *Conflict) label() string { return c.Name + " (" + c.Key + ")" }

// rightsCheck gathers findings about systems, assignments and conflicts.
type rightsCheck struct {
	org      *Organisation
	findings []schema.Diagnostic
}

func (c *rightsCheck) fault(code string, path Path, message, hint string) {
	c.findings = append(c.findings, c.org.finding(schema.Error, code, path, message, hint))
}

func (c *rightsCheck) warn(code string, path Path, message, hint string) {
	c.findings = append(c.findings, c.org.finding(schema.Warning, code, path, message, hint))
}
