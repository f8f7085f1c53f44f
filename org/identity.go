package org

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/schema"
)

// holding is a thing that has an identity in outside systems. What it is called is worked
// out only when there is something to say of it.
type holding interface {
	what() string
	identity() Path // where the UUID stands, or what it is derived from
}

func (u *Unit) what() string      { return "the unit " + u.label() }
func (u *Unit) identity() Path    { return u.Path("uuid") }
func (m *Manager) what() string   { return fmt.Sprintf("the leadership %q of %s", m.Key, m.Unit.label()) }
func (m *Manager) identity() Path { return m.Path() }
func (p *Person) what() string    { return "the person " + p.label() }
func (p *Person) identity() Path  { return p.Path("uuid") }
func (e *Engagement) what() string {
	return fmt.Sprintf("the engagement %q of %s", e.Key, e.Person.label())
}
func (e *Engagement) identity() Path { return e.Path("uuid") }
func (a *Association) what() string {
	return fmt.Sprintf("the association %q of %s", a.Key, a.Person.label())
}
func (a *Association) identity() Path { return a.Path("uuid") }
func (r *Robot) what() string         { return "the robot " + r.Name + " (" + r.Key + ")" }
func (r *Robot) identity() Path       { return r.Path("uuid") }
func (s *System) what() string        { return "the system " + s.Name + " (" + s.Key + ")" }
func (s *System) identity() Path      { return PathOf("systems", s.Key, "uuid") }

// heldAccount is an account with whose it is.
type heldAccount struct {
	*Account
	of Holder
}

func (a heldAccount) what() string   { return "the account " + a.Name + " of " + a.of.label() }
func (a heldAccount) identity() Path { return a.Path("uuid") }

// checkIdentities finds a UUID that two things have, whether it is stated or derived: to
// an outside system they would be one.
func (o *Organisation) checkIdentities() []schema.Diagnostic {
	first := make(map[UUID]holding, 4*len(o.People)+2*len(o.Units))
	var findings []schema.Diagnostic
	o.everyIdentity(func(id UUID, h holding) {
		if id == "" {
			return
		}
		other, taken := first[id]
		if !taken {
			first[id] = h
			return
		}
		findings = append(findings, o.finding(schema.Error, "duplicate-uuid", h.identity(),
			fmt.Sprintf("%s has the same UUID as %s (%s)", h.what(), other.what(), o.Position(other.identity())),
			"give the newer of the two a UUID of its own"))
	})
	return findings
}

func (o *Organisation) everyIdentity(see func(UUID, holding)) {
	for _, u := range o.Units {
		see(u.UUID, u)
		for _, m := range u.Managers {
			see(m.UUID(), m)
		}
	}
	for _, p := range o.People {
		see(p.UUID, p)
		for _, e := range p.Engagements {
			see(e.UUID(), e)
		}
		for _, a := range p.Associations {
			see(a.UUID(), a)
		}
	}
	for _, r := range o.Robots {
		see(r.UUID, r)
	}
	for h, a := range o.Accounts {
		see(a.UUID(), heldAccount{a, h})
	}
	for _, s := range o.Systems {
		see(s.UUID, s)
	}
}

// label names the holder of an account for a reader.
func (h Holder) label() string {
	if h.Robot != nil {
		return h.Robot.Name + " (" + h.Robot.Key + ")"
	}
	return h.Person.label()
}

// checkLogins finds a login name that two accounts of one system have, capitals aside.
// It does not matter when: the name of somebody who left is not given to somebody else,
// because mail, logs and rights elsewhere still know it as theirs.
func (o *Organisation) checkLogins() []schema.Diagnostic {
	type login struct{ system, name string }
	type user struct {
		account *Account
		what    string
		path    Path
	}
	first := map[login]user{}
	var findings []schema.Diagnostic
	for h, a := range o.Accounts {
		see := func(name string, path Path) {
			key := login{a.System, strings.ToLower(name)}
			other, taken := first[key]
			switch {
			case !taken:
				first[key] = user{a, h.label(), path}
			case other.account != a:
				findings = append(findings, o.finding(schema.Error, "duplicate-account", path,
					fmt.Sprintf("the account name %s in %s belongs to %s and to %s (%s)", name, a.System, h.label(), other.what, o.Position(other.path)),
					"give the newer account another name; names of people who left are not used again"))
			}
		}
		see(a.Name, a.Path("name"))
		for _, v := range a.Versions {
			see(v.State.Name, a.Path("on", string(v.From), "name"))
		}
	}
	return findings
}
