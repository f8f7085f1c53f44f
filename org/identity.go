package org

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/schema"
)

// holding is a thing that has an identity in outside systems.
type holding struct {
	what string
	path Path
}

// checkIdentities finds a UUID that two things have, whether it is stated or derived: to
// an outside system they would be one.
func (o *Organisation) checkIdentities() []schema.Diagnostic {
	first := map[UUID]holding{}
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
		findings = append(findings, o.finding(schema.Error, "duplicate-uuid", h.path,
			fmt.Sprintf("%s has the same UUID as %s (%s)", h.what, other.what, o.Position(other.path)),
			"give the newer of the two a UUID of its own"))
	})
	return findings
}

func (o *Organisation) everyIdentity(see func(UUID, holding)) {
	for _, u := range o.Units {
		see(u.UUID, holding{"the unit " + u.label(), u.Path("uuid")})
		for _, m := range u.Managers {
			see(m.UUID(), holding{fmt.Sprintf("the leadership %q of %s", m.Key, u.label()), m.Path()})
		}
	}
	for _, p := range o.People {
		see(p.UUID, holding{"the person " + p.label(), p.Path("uuid")})
		for _, e := range p.Engagements {
			see(e.UUID(), holding{fmt.Sprintf("the engagement %q of %s", e.Key, p.label()), e.Path("uuid")})
		}
		for _, a := range p.Associations {
			see(a.UUID(), holding{fmt.Sprintf("the association %q of %s", a.Key, p.label()), a.Path("uuid")})
		}
	}
	for _, r := range o.Robots {
		see(r.UUID, holding{"the robot " + r.Name + " (" + r.Key + ")", r.Path("uuid")})
	}
	for h, a := range o.Accounts {
		see(a.UUID(), holding{"the account " + a.Name + " of " + h.label(), a.Path("uuid")})
	}
	for _, s := range o.Systems {
		see(s.UUID, holding{"the system " + s.Name + " (" + s.Key + ")", PathOf("systems", s.Key, "uuid")})
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
