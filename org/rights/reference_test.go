package rights_test

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// reference is what effective rights are, written as the rules are told to people: for
// everybody, every assignment and every post is asked whether it applies. It is slow, and
// shares nothing with the package but the model.
type reference struct {
	view *org.View
	o    *org.Organisation
}

// grant is one way in which somebody comes to a job.
type grant struct {
	a    *org.Assignment
	why  string        // as told writes it
	unit *org.UnitView // whose values are inherited; nil when there is none
}

// tell gives everything that is to be said of the rights of a day, line by line.
func (r reference) tell() []string {
	var lines []string
	for _, s := range r.view.Staff() {
		lines = append(lines, r.person(s)...)
	}
	return lines
}

func (r reference) person(s *org.StaffView) []string {
	granted, denied := map[string][]grant{}, map[string][]grant{}
	jobs := map[string]*org.Job{}
	var lines []string
	for _, a := range r.o.Assignments {
		if !a.Contains(r.view.Day) || len(r.o.JobsOn(a, r.view.Day)) == 0 {
			continue
		}
		grants, excepted := r.applies(a, s)
		for _, why := range excepted {
			lines = append(lines, fmt.Sprintf("%s excepted: %s", s.Key, why))
		}
		for _, j := range r.o.JobsOn(a, r.view.Day) {
			ref := string(j.Ref())
			jobs[ref] = j
			if a.Deny {
				denied[ref] = append(denied[ref], grants...)
			} else {
				granted[ref] = append(granted[ref], grants...)
			}
		}
	}
	held := map[string][]grant{}
	for ref, grants := range granted {
		for _, g := range grants {
			if len(denied[ref]) == 0 {
				held[ref] = append(held[ref], g)
				lines = append(lines, fmt.Sprintf("%s holds %s: %s", s.Key, ref, g.why))
			} else {
				lines = append(lines, fmt.Sprintf("%s is denied %s: %s", s.Key, ref, g.why))
			}
		}
		if len(grants) > 0 {
			for _, d := range denied[ref] {
				lines = append(lines, fmt.Sprintf("%s is denied %s by: %s", s.Key, ref, d.why))
			}
		}
	}
	for ref, grants := range held {
		lines = append(lines, r.roles(s, jobs[ref], grants, held, jobs)...)
	}
	slices.Sort(lines)
	return lines
}

// applies gives the ways in which an assignment reaches somebody, and those in which it
// would if it did not except them.
func (r reference) applies(a *org.Assignment, s *org.StaffView) (grants []grant, excepted []string) {
	if a.Person != "" {
		for _, p := range s.Posts {
			if a.Person == s.Key && (a.Post == "" || a.Post == p.Key()) {
				grants = append(grants, grant{a, fmt.Sprintf("%s post %s", r.source(a), p.Path()), p.Unit})
			}
		}
		return grants, nil
	}
	note := func(unit *org.UnitView, why, title string) {
		if slices.Contains(a.Except.People, s.Key) || title != "" && slices.Contains(a.Except.Titles, title) ||
			slices.ContainsFunc(a.Except.Units, func(key string) bool { return isWithin(unit, key) }) {
			excepted = append(excepted, why)
			return
		}
		grants = append(grants, grant{a, why, unit})
	}
	for _, p := range s.Posts {
		if a.Leaders || p.Unit == nil || !covers(a, p.Unit) || !narrowed(a, p) {
			continue
		}
		title := ""
		if p.Engagement != nil {
			title = p.Engagement.Title
		}
		note(p.Unit, fmt.Sprintf("%s unit %s post %s", r.source(a), p.Unit.Key, p.Path()), title)
	}
	for _, u := range r.view.Units() {
		for _, m := range u.Managers {
			if a.Leaders && covers(a, u) && !m.Vacant && m.Person == s.Key {
				note(u, fmt.Sprintf("%s unit %s leads %s", r.source(a), u.Key, m.Path()), "")
			}
		}
	}
	return grants, excepted
}

func (r reference) source(a *org.Assignment) string {
	if a.Group != "" {
		return a.Key + " group " + a.Group
	}
	return a.Key
}

// covers reports whether an assignment is for a unit.
func covers(a *org.Assignment, u *org.UnitView) bool {
	return u.Key == a.Unit || a.Below && isWithin(u, a.Unit)
}

// isWithin reports whether a unit is the one with the key, or below it.
func isWithin(u *org.UnitView, key string) bool {
	for ; u != nil; u = u.Above {
		if u.Key == key {
			return true
		}
	}
	return false
}

func narrowed(a *org.Assignment, p org.Post) bool {
	if p.Association != nil {
		return slices.Contains(a.Functions, p.Association.Type)
	}
	return slices.Contains(a.Titles, p.Engagement.Title) || len(a.Titles) == 0 && len(a.Functions) == 0
}

// roles says which system roles a job gives, narrowed to what.
func (r reference) roles(s *org.StaffView, j *org.Job, grants []grant, held map[string][]grant, jobs map[string]*org.Job) []string {
	heaviest := 0
	for ref := range held {
		for _, role := range jobs[ref].Roles {
			if jobs[ref].System.Key == j.System.Key {
				heaviest = max(heaviest, r.o.System(j.System.Key).Role(role.Key).Weight())
			}
		}
	}
	var lines []string
	for _, role := range j.Roles {
		line := fmt.Sprintf("%s has %s of %s", s.Key, role.Key, j.Ref())
		if r.o.System(j.System.Key).Role(role.Key).Weight() < heaviest {
			line += " outweighed"
		}
		for _, v := range role.Constraints {
			var values []string
			for _, g := range grants {
				values = append(values, r.values(j, v, g)...)
			}
			slices.Sort(values)
			line += fmt.Sprintf(" %s=%s", v.Key, strings.Join(slices.Compact(values), ","))
		}
		lines = append(lines, line)
	}
	return lines
}

func (r reference) values(j *org.Job, v *org.ConstraintValue, g grant) []string {
	switch {
	case v.Postponed:
		return g.a.Values[j.System.Key+"/"+v.Key]
	case v.Inherit == "":
		return v.Values
	case g.unit == nil:
		return nil
	}
	var values []string
	for _, u := range r.view.Units() {
		if u != g.unit && (v.Inherit == org.InheritUnit || !isWithin(u, g.unit.Key)) {
			continue
		}
		if r.o.System(j.System.Key).Constraint(v.Key).Kind == org.ConstraintUnit {
			values = append(values, u.Key)
			continue
		}
		for _, aspect := range v.Aspects() {
			values = append(values, u.KLE[aspect]...)
		}
	}
	return values
}
