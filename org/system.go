package org

import (
	"strings"

	"orgit.dk/orgit/schema/plain"
)

// System is an IT system: who answers for it, what rights it knows (Roles), by what they
// can be narrowed (Constraints), and what people are given there (Jobs).
type System struct {
	Key              string `json:"-"`
	UUID             UUID   `json:"uuid"`
	Name             string `json:"name"`
	StatedIdentifier string `json:"identifier"` // empty: the key; use Identifier
	Description      string `json:"description"`
	Owner            string `json:"owner"` // key of the person who answers for it (systemejer)

	Constraints Keyed[*Constraint] `json:"constraints"`
	Roles       Keyed[*SystemRole] `json:"roles"`
	Jobs        Keyed[*Job]        `json:"jobs"`

	Versions []Version[System] `json:"-"` // what the amendments make of the system's own fields
}

// UnmarshalPlain reads a system as the schema's #System states it.
func (s *System) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own System
	versions, err := decodeDated(d, v, (*own)(s))
	for _, v := range versions {
		s.Versions = append(s.Versions, Version[System]{v.From, (*System)(v.State)})
	}
	return err
}

func (s *System) setKey(key string) {
	s.Key = key
	for _, v := range s.Versions {
		v.State.setKey(key)
	}
	for _, c := range s.Constraints {
		c.System = s
	}
	for _, r := range s.Roles {
		r.System = s
	}
	for _, j := range s.Jobs {
		j.bind(s)
	}
}

// At returns what the system's own fields state on the day. Use the jobs of the system
// itself: they have dates of their own.
func (s *System) At(day Day) *System { return versionAt(s, s.Versions, day) }

// Identifier is what the role catalogue knows the system by.
func (s *System) Identifier() string {
	if s.StatedIdentifier != "" {
		return s.StatedIdentifier
	}
	return s.Key
}

// Constraint returns the constraint with the key, or nil.
func (s *System) Constraint(key string) *Constraint {
	for _, c := range s.Constraints {
		if c.Key == key {
			return c
		}
	}
	return nil
}

// Role returns the system role with the key, or nil.
func (s *System) Role(key string) *SystemRole {
	for _, r := range s.Roles {
		if r.Key == key {
			return r
		}
	}
	return nil
}

// Job returns the job-function role with the key, or nil.
func (s *System) Job(key string) *Job {
	for _, j := range s.Jobs {
		if j.Key == key {
			return j
		}
	}
	return nil
}

// Path is where the system stands in the files.
func (s *System) Path(fields ...string) Path { return PathOf("systems", s.Key, fields...) }

// Kinds of constraints: what their values are.
const (
	ConstraintText   = "text"
	ConstraintChoice = "choice"
	ConstraintUnit   = "unit" // keys of units
	ConstraintKLE    = "kle"  // KLE numbers
)

// Constraint is a way in which the rights in a system can be narrowed to some of its data
// (dataafgrænsningstype).
type Constraint struct {
	Key        string            `json:"-"`
	System     *System           `json:"-"`
	Name       string            `json:"name"`
	Identifier string            `json:"identifier"` // what the system knows it by
	Kind       string            `json:"kind"`
	Choices    map[string]string `json:"choices"` // names of what may be chosen
}

func (c *Constraint) setKey(key string) { c.Key = key }

// Path is where the constraint stands in the files.
func (c *Constraint) Path(fields ...string) Path {
	return c.System.Path(append([]string{"constraints", c.Key}, fields...)...)
}

// ConstraintRequired in SystemRole.Constraints says that the role is given with a value
// for the constraint, or not at all.
const ConstraintRequired = "required"

// SystemRole is a right in a system as the system itself knows it (systemrolle).
type SystemRole struct {
	Key              string            `json:"-"`
	System           *System           `json:"-"`
	Name             string            `json:"name"`
	StatedIdentifier string            `json:"identifier"` // empty: the key; use Identifier
	Description      string            `json:"description"`
	StatedWeight     int               `json:"weight"`      // 0: not stated; use Weight
	Constraints      map[string]string `json:"constraints"` // those that it takes: optional or required
}

func (r *SystemRole) setKey(key string) { r.Key = key }

// Identifier is what the system knows the role by.
func (r *SystemRole) Identifier() string {
	if r.StatedIdentifier != "" {
		return r.StatedIdentifier
	}
	return r.Key
}

// Weight (vægt) says which of several roles in one system a person has: only the heaviest.
func (r *SystemRole) Weight() int { return max(r.StatedWeight, 1) }

// Path is where the role stands in the files.
func (r *SystemRole) Path(fields ...string) Path {
	return r.System.Path(append([]string{"roles", r.Key}, fields...)...)
}

// JobRef names a job-function role: the key of its system, a slash, and its own key.
type JobRef string

// System is the key of the system.
func (r JobRef) System() string { system, _, _ := strings.Cut(string(r), "/"); return system }

// Key is the key of the job within its system.
func (r JobRef) Key() string { _, key, _ := strings.Cut(string(r), "/"); return key }
