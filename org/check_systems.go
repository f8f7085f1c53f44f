package org

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"orgit.dk/orgit/schema"
)

// longestRoleIdentifier is how many characters the role catalogue has room for in the
// identifier of a job-function role.
const longestRoleIdentifier = 128

// checkSystems finds roles and constraints of systems that do not fit together, and
// identifiers that the role catalogue would take for one.
func (o *Organisation) checkSystems() []schema.Diagnostic {
	c := &rightsCheck{org: o}
	for _, s := range o.Systems {
		for _, k := range s.Constraints {
			c.constraint(k)
		}
		for _, r := range s.Roles {
			for _, key := range sortedKeys(r.Constraints) {
				if s.Constraint(key) == nil {
					c.unknownConstraint(s, r.Path("constraints", key), "the role "+r.Name, key)
				}
			}
		}
		for _, j := range s.Jobs {
			c.job(j)
		}
	}
	c.groups()
	c.identifiers()
	return c.findings
}

func (c *rightsCheck) unknownConstraint(s *System, path Path, who, key string) {
	var keys []string
	for _, k := range s.Constraints {
		keys = append(keys, k.Key)
	}
	hint := "state it in constraints of " + s.label()
	if near := schema.Nearest(key, keys); near != "" {
		hint = "did you mean " + near + "?"
	}
	c.fault("unknown-constraint", path, fmt.Sprintf("%s names the constraint %q, which %s does not have", who, key, s.label()), hint)
}

func (c *rightsCheck) constraint(k *Constraint) {
	switch {
	case k.Kind == ConstraintChoice && len(k.Choices) == 0:
		c.fault("constraint-choices", k.Path(), "the constraint "+k.Name+" is a choice, and there is nothing to choose", "state choices")
	case k.Kind != ConstraintChoice && len(k.Choices) > 0:
		c.fault("constraint-choices", k.Path("choices"), "the constraint "+k.Name+" has choices and is not of the kind choice", `state kind: "choice", or take the choices out`)
	}
}

// job looks at what a job states from the beginning, and at each amendment of its roles.
func (c *rightsCheck) job(j *Job) {
	for i, state := range append([]*Job{j}, statesOf(j.Versions)...) {
		var at []string
		if i > 0 {
			before := j
			if i > 1 {
				before = j.Versions[i-2].State
			}
			if reflect.DeepEqual(state.Roles, before.Roles) {
				continue
			}
			at = []string{"on", string(j.Versions[i-1].From)}
		}
		for _, role := range state.Roles {
			c.jobRole(j, role, append(slices.Clone(at), "roles", role.Key))
		}
	}
	if slices.Contains(j.Requires, j.Ref()) {
		c.fault("requires-itself", j.Path("requires"), "the job role "+j.label()+" requires itself", "take it out of requires")
	}
}

func (c *rightsCheck) jobRole(j *Job, role *JobRole, at []string) {
	system := c.org.System(j.System.Key)
	r := system.Role(role.Key)
	if r == nil {
		var keys []string
		for _, r := range system.Roles {
			keys = append(keys, r.Key)
		}
		hint := "state it in roles of " + system.label()
		if near := schema.Nearest(role.Key, keys); near != "" {
			hint = "did you mean " + near + "?"
		}
		c.fault("unknown-role", j.Path(at...), fmt.Sprintf("the job role %s names the role %q, which %s does not have", j.label(), role.Key, system.label()), hint)
		return
	}
	for _, v := range role.Constraints {
		k, path := system.Constraint(v.Key), j.Path(append(slices.Clone(at), "constraints", v.Key)...)
		switch {
		case k == nil:
			c.unknownConstraint(system, path, "the job role "+j.label(), v.Key)
		case r.Constraints[v.Key] == "":
			c.fault("constraint-not-taken", path, fmt.Sprintf("the job role %s narrows the role %s by %s, which that role does not take", j.label(), r.Name, k.Name),
				"take it out, or state it in constraints of the role")
		default:
			c.constraintValue(j, k, v, path)
		}
	}
	for _, key := range sortedKeys(r.Constraints) {
		if r.Constraints[key] == ConstraintRequired && !slices.ContainsFunc(role.Constraints, func(v *ConstraintValue) bool { return v.Key == key }) {
			c.fault("constraint-missing", j.Path(at...), fmt.Sprintf("the job role %s does not narrow the role %s by %q, which that role requires", j.label(), r.Name, key),
				"state values, inherit or postponed for it")
		}
	}
}

func (c *rightsCheck) constraintValue(j *Job, k *Constraint, v *ConstraintValue, path Path) {
	ways := 0
	for _, stated := range []bool{len(v.Values) > 0, v.Inherit != "", v.Postponed} {
		if stated {
			ways++
		}
	}
	inherits := k.Kind == ConstraintUnit || k.Kind == ConstraintKLE
	switch {
	case ways != 1:
		c.fault("constraint-value", path, fmt.Sprintf("the job role %s says in %d ways what %s is narrowed to", j.label(), ways, k.Name),
			"state exactly one of values, inherit and postponed: true")
	case v.Inherit != "" && !inherits:
		c.fault("constraint-value", path, fmt.Sprintf("the job role %s inherits %s from the unit, and a unit has no values of the kind %s", j.label(), k.Name, k.Kind),
			"only constraints of the kinds unit and kle are inherited")
	case len(v.Tasks) > 0 && (k.Kind != ConstraintKLE || v.Inherit == ""):
		c.fault("constraint-value", path, fmt.Sprintf("the job role %s states tasks for %s, which are for KLE numbers that are inherited", j.label(), k.Name), "take tasks out")
	}
	for _, value := range v.Values {
		c.value("the job role "+j.label(), k, value, path)
	}
}

var kleShape = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?$`)

// value looks whether a constraint can have a value.
func (c *rightsCheck) value(who string, k *Constraint, value string, path Path) {
	hint := ""
	switch k.Kind {
	case ConstraintChoice:
		if _, ok := k.Choices[value]; !ok {
			hint = "the choices are " + strings.Join(sortedKeys(k.Choices), ", ")
		}
	case ConstraintUnit:
		if !c.org.exists("units", value) {
			hint = c.org.unknownHint("units", value)
		}
	case ConstraintKLE:
		if !kleShape.MatchString(value) {
			hint = "a KLE number is a main group, group or subject, such as 27, 27.12 or 27.12.04"
		}
	}
	if hint != "" {
		c.fault("constraint-value", path, fmt.Sprintf("%s narrows %s to %q, which is no value of the kind %s", who, k.Name, value, k.Kind), hint)
	}
}

// groups finds role groups that cannot be told apart by name, capitals aside: the role
// catalogue has nothing else to know them by.
func (c *rightsCheck) groups() {
	first := map[string]*RoleGroup{}
	for _, g := range c.org.RoleGroups {
		for _, state := range append([]*RoleGroup{g}, statesOf(g.Versions)...) {
			name := strings.ToLower(state.Name)
			if other := first[name]; other != nil && other != g {
				c.fault("duplicate-group-name", g.Path("name"), fmt.Sprintf("the role groups %s and %s (%s) have the same name", g.label(), other.Key, c.org.Position(other.Path("name"))),
					"give one of them another name: the role catalogue knows groups by name")
				break
			}
			first[name] = g
		}
	}
}

// identifiers finds systems, system roles and job roles that the role catalogue would take
// for one, because it tells no capitals apart, and derived identifiers that are too long.
func (c *rightsCheck) identifiers() {
	systems, jobs := c.unique("systems"), c.unique("job roles")
	for _, s := range c.org.Systems {
		systems(s.Identifier(), s.Path("identifier"))
		roles := c.unique("roles of " + s.label())
		for _, r := range s.Roles {
			roles(r.Identifier(), r.Path("identifier"))
		}
		for _, j := range s.Jobs {
			jobs(j.Identifier(), j.Path("identifier"))
			if n := utf8.RuneCountInString(j.Identifier()); n > longestRoleIdentifier {
				c.fault("identifier-long", j.Path(), fmt.Sprintf("the job role %s has an identifier of %d characters, and the role catalogue has room for %d", j.label(), n, longestRoleIdentifier),
					"state a shorter identifier")
			}
		}
	}
}

func (c *rightsCheck) unique(what string) func(identifier string, path Path) {
	first := map[string]Path{}
	return func(identifier string, path Path) {
		key := strings.ToLower(identifier)
		if other, taken := first[key]; taken {
			c.fault("duplicate-identifier", path, fmt.Sprintf("two %s have the identifier %s, capitals aside; the other stands at %s", what, identifier, c.org.Position(other)),
				"state another identifier for one of them")
			return
		}
		first[key] = path
	}
}
