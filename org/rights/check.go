package rights

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Check finds what is wrong with the rights that people hold today: jobs held together that
// are in conflict, without an exception of the day; jobs without what they require; more
// holders than a job may have; and exceptions from conflicts that nobody needs. What is
// wrong with the statements themselves, [org.Organisation.Check] finds. The findings are in
// order of file and line.
func Check(o *org.Organisation, today org.Day) []schema.Diagnostic {
	if len(o.Assignments) == 0 && len(o.Conflicts) == 0 {
		return nil
	}
	c := &check{org: o, today: today, rights: On(o.On(today)), groups: map[string]*finding{}, used: map[*org.ConflictException]bool{}}
	c.holders()
	c.requirements()
	c.conflicts()
	c.exceptions()
	c.report()
	for i, d := range c.findings {
		c.findings[i] = d.Masked()
	}
	schema.SortDiagnostics(c.findings)
	return c.findings
}

type check struct {
	org      *org.Organisation
	today    org.Day
	rights   *Rights
	groups   map[string]*finding // by what they have in common
	used     map[*org.ConflictException]bool
	findings []schema.Diagnostic
}

// finding is one fault that several people may have for the same reason: it is said once.
type finding struct {
	code, hint string
	path       org.Path
	say        func(people string) string
	people     []string
}

// note adds somebody to the finding with this code and key.
func (c *check) note(key string, h *Holder, f finding) {
	key = f.code + " " + key
	if c.groups[key] == nil {
		c.groups[key] = &f
	}
	c.groups[key].people = append(c.groups[key].people, h.Person.Name.Full()+" ("+h.Person.Key+")")
}

func (c *check) report() {
	for _, key := range slices.Sorted(maps.Keys(c.groups)) {
		f := c.groups[key]
		c.add(schema.Error, f.code, f.path, f.say(someOf(f.people)), f.hint)
	}
}

func (c *check) add(severity schema.Severity, code string, path org.Path, message, hint string) {
	c.findings = append(c.findings, schema.Diagnostic{
		Severity: severity, Code: code, Position: c.org.Position(path), Path: string(path), Message: message, Hint: hint,
	})
}

// someOf names people for a reader, and counts those beyond the first three.
func someOf(people []string) string {
	const shown = 3
	text := strings.Join(people[:min(len(people), shown)], ", ")
	if more := len(people) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (c *check) holders() {
	count, stated := map[org.JobRef]int{}, map[org.JobRef]*org.Job{}
	for _, h := range c.rights.Holders {
		for _, held := range h.Jobs {
			if held.Job.MaxHolders > 0 {
				count[held.Job.Ref()]++
				stated[held.Job.Ref()] = held.Job
			}
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(stated)) {
		if j := stated[ref]; count[ref] > j.MaxHolders {
			c.add(schema.Error, org.CodeTooManyHolders, j.Path("maxHolders"),
				fmt.Sprintf("%d people hold %s today, and at most %d may", count[ref], jobName(j), j.MaxHolders),
				"take it from some of them, or raise maxHolders")
		}
	}
}

func jobName(j *org.Job) string { return j.Name + " (" + string(j.Ref()) + ")" }

func (c *check) requirements() {
	for _, h := range c.rights.Holders {
		for _, held := range h.Jobs {
			for _, required := range held.Job.Requires {
				missing := c.org.Job(required)
				if missing == nil || h.Job(required) != nil {
					continue
				}
				a := held.Reasons[0].Assignment
				c.note(fmt.Sprint(held.Job.Ref(), required, a.Key), h, finding{
					code: org.CodeRequirementUnmet, path: a.Path(), hint: "assign that to them too, or except them from this assignment",
					say: func(people string) string {
						return fmt.Sprintf("the assignment %s gives %s, which requires %s, and that is not held by %s", a.Key, jobName(held.Job), jobName(missing.At(c.today)), people)
					},
				})
			}
		}
	}
}

func (c *check) conflicts() {
	one := map[org.JobRef][]*org.Conflict{}
	for _, f := range c.org.Conflicts {
		if !f.Contains(c.today) {
			continue
		}
		for _, ref := range slices.Compact(slices.Sorted(slices.Values(f.One))) {
			one[ref] = append(one[ref], f)
		}
	}
	if len(one) == 0 {
		return
	}
	for _, h := range c.rights.Holders {
		for _, held := range h.Jobs {
			for _, f := range one[held.Job.Ref()] {
				c.conflict(h, f, held)
			}
		}
	}
}

// conflict looks whether somebody who holds a job of one side of a conflict holds one of the
// other side too.
func (c *check) conflict(h *Holder, f *org.Conflict, held *Held) {
	for _, ref := range f.Other {
		other := h.Job(ref)
		if other == nil || ref == held.Job.Ref() {
			continue
		}
		if e := f.ExceptionFor(h.Person.Key, c.today); e != nil {
			c.used[e] = true
			continue
		}
		a, b := held.Reasons[0].Assignment, other.Reasons[0].Assignment
		c.note(f.Key+fmt.Sprint(" ", held.Job.Ref(), ref, a.Key, " ", b.Key), h, finding{
			code: org.CodeConflictHeld, path: a.Path(), hint: "take one of the two from them, or have an exception approved in the conflict",
			say: func(people string) string {
				return fmt.Sprintf("the assignment %s gives %s, and %s (%s) gives %s: nobody may hold both by the conflict %s (%s), and these do: %s",
					a.Key, jobName(held.Job), b.Key, c.org.Position(b.Path()), jobName(other.Job), f.Name, c.org.Position(f.Path()), people)
			},
		})
	}
}

// exceptions finds those of today that nobody needs.
func (c *check) exceptions() {
	for _, f := range c.org.Conflicts {
		for _, e := range f.Exceptions {
			if p := c.org.Person(e.Person); p != nil && f.Contains(c.today) && e.Contains(c.today) && !c.used[e] {
				c.add(schema.Warning, "exception-unused", e.Path(),
					fmt.Sprintf("%s (%s) does not hold both sides of the conflict %s, so the exception is for nobody", p.Name.Full(), p.Key, f.Name),
					"take it out")
			}
		}
	}
}
