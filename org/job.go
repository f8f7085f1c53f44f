package org

import (
	"slices"

	"orgit.dk/orgit/schema/plain"
)

// How sensitive a job-function role is, which decides how often it is attested.
const (
	NotSensitive   = "no"
	Sensitive      = "sensitive"
	ExtraSensitive = "extra"
)

// Job is a job-function role (jobfunktionsrolle): the system roles that somebody who does a
// job needs in one system. It is what people and units are given. OS2rollekatalog calls it
// a user role.
type Job struct {
	Key              string          `json:"-"`
	System           *System         `json:"-"`
	Name             string          `json:"name"`
	StatedIdentifier string          `json:"identifier"` // empty: the reference; use Identifier
	Description      string          `json:"description"`
	Roles            Keyed[*JobRole] `json:"roles"`
	Sensitive        string          `json:"sensitive"`
	MaxHolders       int             `json:"maxHolders"` // 0: no bound
	Requires         []JobRef        `json:"requires"`   // what whoever holds it must hold too
	PersonOnly       bool            `json:"personOnly"` // given to people and never to units
	Period

	Versions []Version[Job] `json:"-"`
}

// UnmarshalPlain reads a job as the schema's #Job states it.
func (j *Job) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Job
	versions, err := decodeDated(d, v, (*own)(j))
	for _, v := range versions {
		j.Versions = append(j.Versions, Version[Job]{v.From, (*Job)(v.State)})
	}
	return err
}

func (j *Job) setKey(key string) {
	j.Key = key
	for _, v := range j.Versions {
		v.State.setKey(key)
	}
}

func (j *Job) bind(s *System) {
	j.System = s
	for _, v := range j.Versions {
		v.State.System = s
	}
}

// At returns what is stated of the job on the day, whether or not it holds then.
func (j *Job) At(day Day) *Job { return versionAt(j, j.Versions, day) }

// Ref is what others name the job by.
func (j *Job) Ref() JobRef { return JobRef(j.System.Key + "/" + j.Key) }

// Identifier is what the role catalogue knows the job by.
func (j *Job) Identifier() string {
	if j.StatedIdentifier != "" {
		return j.StatedIdentifier
	}
	return string(j.Ref())
}

// Path is where the job stands in the files.
func (j *Job) Path(fields ...string) Path {
	return j.System.Path(append([]string{"jobs", j.Key}, fields...)...)
}

// JobRole is a system role within a job, with what narrows it. Its key is that of the
// system role.
type JobRole struct {
	Key         string                  `json:"-"`
	Constraints Keyed[*ConstraintValue] `json:"constraints"`
}

func (r *JobRole) setKey(key string) { r.Key = key }

// From where a constraint inherits its values.
const (
	InheritUnit  = "unit"  // the unit where somebody works, or leads
	InheritBelow = "below" // that unit and everything below it
)

// ConstraintValue is what a system role is narrowed to (dataafgrænsning): exactly one of
// Values, Inherit and Postponed is stated. Its key is that of the constraint.
type ConstraintValue struct {
	Key       string   `json:"-"`
	Values    []string `json:"values"`
	Inherit   string   `json:"inherit"`
	Tasks     []string `json:"tasks"`     // the aspects of KLE numbers that are inherited; use Aspects
	Postponed bool     `json:"postponed"` // each assignment states the values (udskudt dataafgrænsning)
}

func (v *ConstraintValue) setKey(key string) { v.Key = key }

// Aspects are the aspects in which KLE numbers are inherited from a unit.
func (v *ConstraintValue) Aspects() []string {
	if len(v.Tasks) == 0 {
		return []string{TaskPerforming}
	}
	return v.Tasks
}

// RoleGroup is several job-function roles that are given together (rollebuket).
type RoleGroup struct {
	Key         string   `json:"-"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Jobs        []JobRef `json:"jobs"`
	Period

	Versions []Version[RoleGroup] `json:"-"`
}

// UnmarshalPlain reads a role group as the schema's #RoleGroup states it.
func (g *RoleGroup) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own RoleGroup
	versions, err := decodeDated(d, v, (*own)(g))
	for _, v := range versions {
		g.Versions = append(g.Versions, Version[RoleGroup]{v.From, (*RoleGroup)(v.State)})
	}
	return err
}

func (g *RoleGroup) setKey(key string) {
	g.Key = key
	for _, v := range g.Versions {
		v.State.setKey(key)
	}
}

// At returns what is stated of the group on the day, whether or not it holds then.
func (g *RoleGroup) At(day Day) *RoleGroup { return versionAt(g, g.Versions, day) }

// Path is where the group stands in the files.
func (g *RoleGroup) Path(fields ...string) Path { return PathOf("roleGroups", g.Key, fields...) }

// JobsOn are the jobs that an assignment gives or takes away on the day, in the order in
// which they are stated and each once: its job, or those of its group. A job or group that
// does not exist, or not on the day, gives nothing.
func (o *Organisation) JobsOn(a *Assignment, day Day) []*Job {
	refs := []JobRef{a.Job}
	if a.Group != "" {
		g := o.RoleGroup(a.Group)
		if g == nil || !g.Contains(day) {
			return nil
		}
		refs = g.At(day).Jobs
	}
	var jobs []*Job
	for _, ref := range refs {
		if j := o.Job(ref); j != nil && j.Contains(day) && !slices.Contains(jobs, j.At(day)) {
			jobs = append(jobs, j.At(day))
		}
	}
	return jobs
}
