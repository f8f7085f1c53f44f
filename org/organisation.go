// Package org is the organisation of a municipality as Go values: its units, people,
// engagements, leaders and accounts, as the CUE files of an organisation repository
// state them.
//
// # What is stated and what is valid
//
// An Organisation holds everything the files state, past and future: every entity has
// its period, its amendments (Versions) and its parts with periods of their own. Ask
// [Organisation.On] for the [View] of one day: who works where and who leads what then.
//
// # Reading and checking
//
// Load reads a repository from a folder or a git tree and returns diagnostics with
// file, line and column. What it returns without errors is complete: every reference
// leads somewhere, there is one root in each hierarchy, and no identity occurs twice.
//
// # Keys and identities
//
// References use keys, which are unique and never change. Outside systems know UUIDs:
// those of people, units, engagements and accounts. Names are neither.
package org

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"orgit.dk/orgit/schema"
)

// Organisation is everything that the files of one commit state.
type Organisation struct {
	Settings    Settings           `json:"settings"`
	Units       Keyed[*Unit]       `json:"units"`
	People      Keyed[*Person]     `json:"people"`
	Robots      Keyed[*Robot]      `json:"robots"`
	Systems     Keyed[*System]     `json:"systems"`
	RoleGroups  Keyed[*RoleGroup]  `json:"roleGroups"`
	Assignments Keyed[*Assignment] `json:"assignments"`
	Conflicts   Keyed[*Conflict]   `json:"conflicts"`
	Allowances  Keyed[*Allowance]  `json:"allowances"`

	units     map[string]*Unit
	people    map[string]*Person
	systems   map[string]*System
	groups    map[string]*RoleGroup
	positions func(Path) schema.Position
	mayExist  func(kind, key string) bool // whether files state an entry that could not be read; nil when they come from none
	digest    func() [sha256.Size]byte    // of the files; nil when they come from none
}

// New makes an organisation of parts that are in key order. positions tells where a path
// stands in the files; nil when they come from no file.
func New(parts Organisation, positions func(Path) schema.Position) *Organisation {
	o := parts
	o.positions = positions
	o.units = make(map[string]*Unit, len(o.Units))
	o.people = make(map[string]*Person, len(o.People))
	o.systems = make(map[string]*System, len(o.Systems))
	o.groups = make(map[string]*RoleGroup, len(o.RoleGroups))
	sortByKey(o.Units, func(u *Unit) string { return u.Key })
	sortByKey(o.People, func(p *Person) string { return p.Key })
	sortByKey(o.Systems, func(s *System) string { return s.Key })
	sortByKey(o.RoleGroups, func(g *RoleGroup) string { return g.Key })
	sortByKey(o.Assignments, func(a *Assignment) string { return a.Key })
	sortByKey(o.Conflicts, func(c *Conflict) string { return c.Key })
	for _, u := range o.Units {
		o.units[u.Key] = u
	}
	for _, s := range o.Systems {
		o.systems[s.Key] = s
	}
	for _, g := range o.RoleGroups {
		o.groups[g.Key] = g
	}
	for _, p := range o.People {
		o.people[p.Key] = p
	}
	return &o
}

// Digest identifies everything that the files state, with where it stands: what follows
// from the organisation alone is the same where the digest is. ok is false when it comes
// from no files. The digest is made anew each time, of all texts.
func (o *Organisation) Digest() (digest [sha256.Size]byte, ok bool) {
	if o.digest == nil {
		return digest, false
	}
	return o.digest(), true
}

func sortByKey[T any](list []T, key func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// Unit returns the unit with the key, or nil.
func (o *Organisation) Unit(key string) *Unit { return o.units[key] }

// Person returns the person with the key, or nil.
func (o *Organisation) Person(key string) *Person { return o.people[key] }

// System returns the IT system with the key, or nil.
func (o *Organisation) System(key string) *System { return o.systems[key] }

// RoleGroup returns the role group with the key, or nil.
func (o *Organisation) RoleGroup(key string) *RoleGroup { return o.groups[key] }

// Job returns the job-function role that a reference names, or nil.
func (o *Organisation) Job(ref JobRef) *Job {
	s := o.System(ref.System())
	if s == nil {
		return nil
	}
	return s.Job(ref.Key())
}

// Position tells where a path stands in the files: the value itself, or the nearest
// thing around it that is there. The zero Position means that it is not known.
func (o *Organisation) Position(path Path) schema.Position {
	if o.positions == nil {
		return schema.Position{}
	}
	return o.positions(path)
}

// Holder is who an account belongs to: a person or a robot.
type Holder struct {
	Person *Person
	Robot  *Robot
}

// Accounts calls yield for every account of people and robots, in key order.
func (o *Organisation) Accounts(yield func(Holder, *Account) bool) {
	for _, p := range o.People {
		for _, a := range p.Accounts {
			if !yield(Holder{Person: p}, a) {
				return
			}
		}
	}
	for _, r := range o.Robots {
		for _, a := range r.Accounts {
			if !yield(Holder{Robot: r}, a) {
				return
			}
		}
	}
}
