package org

import (
	"slices"

	"orgit.dk/orgit/schema/plain"
)

// Name is what a person is called.
type Name struct {
	Given   string `json:"given"`
	Surname string `json:"surname"`
	Called  string `json:"called"` // the whole name as the person wants it shown (kaldenavn), when it differs
}

// Full returns the name to show: the called name when there is one.
func (n Name) Full() string {
	if n.Called != "" {
		return n.Called
	}
	return n.Given + " " + n.Surname
}

// Person is somebody who works for the municipality or is attached to it.
type Person struct {
	Key       string `json:"-"`
	UUID      UUID   `json:"uuid"`
	Name      Name   `json:"name"`
	Title     string `json:"title"`     // shown instead of the payroll title
	Addresses Values `json:"addresses"` // work addresses by role: phone, mobile, landline, email, room
	Shielded  bool   `json:"shielded"`  // protected address (adressebeskyttelse): no phone, room or photo anywhere
	Suspended bool   `json:"suspended"` // all accounts are closed, whatever else is stated

	Engagements  Keyed[*Engagement]  `json:"engagements"`
	Associations Keyed[*Association] `json:"associations"`
	Accounts     Keyed[*Account]     `json:"accounts"`

	Versions []Version[Person] `json:"-"` // what the amendments make of the person's own fields
}

// UnmarshalPlain reads a person as the schema's #Person states it.
func (p *Person) UnmarshalPlain(d *plain.Decoder, v plain.Value) (err error) {
	type own Person
	versions, err := decodeDated(d, v, (*own)(p))
	for _, v := range versions {
		p.Versions = append(p.Versions, Version[Person]{v.From, (*Person)(v.State)})
	}
	return err
}

func (p *Person) setKey(key string) {
	p.Key = key
	for _, v := range p.Versions {
		v.State.setKey(key)
	}
	for _, e := range p.Engagements {
		e.bind(p)
	}
	for _, a := range p.Associations {
		a.bind(p)
	}
	for _, a := range p.Accounts {
		a.bind(p.UUID, "people", p.Key)
	}
}

// At returns what the person's own fields state on the day. Use the engagements,
// associations and accounts of the person itself: they have dates of their own.
func (p *Person) At(day Day) *Person { return versionAt(p, p.Versions, day) }

// EverShielded reports whether the person is shielded on any day that is stated: what was or will be hidden is hidden.
func (p *Person) EverShielded() bool {
	return p.Shielded || slices.ContainsFunc(p.Versions, func(v Version[Person]) bool { return v.State.Shielded })
}

// Path is where the person stands in the files.
func (p *Person) Path(fields ...string) Path { return PathOf("people", p.Key, fields...) }

// Engagement returns the engagement with the key, or nil.
func (p *Person) Engagement(key string) *Engagement {
	for _, e := range p.Engagements {
		if e.Key == key {
			return e
		}
	}
	return nil
}

// Association returns the association with the key, or nil.
func (p *Person) Association(key string) *Association {
	for _, a := range p.Associations {
		if a.Key == key {
			return a
		}
	}
	return nil
}
