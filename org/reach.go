package org

import "slices"

// Concern is whom the changes of a day can concern: those about whom something changes, and
// those whose unit, leader or place in the tree it is that does.
type Concern struct {
	By     Changing
	People map[string]bool // by key; those of By are among them
	Units  map[string]bool
}

// Reach tells whom a change can concern. It goes by what entries ever say of one another,
// in any amendment, so it names too many rather than too few, and holds on every day.
//
// What something is on a day may follow from the unit that it stands in, that unit's
// successor and all that is above them, and from those who lead these. Of the leaders it
// follows only that they are there and who they are, not where they work.
type Reach struct {
	under map[string][]string // units that ever name a unit above them or as their successor
	staff map[string][]string // people who are ever in a unit
	leads map[string][]string // units that a person ever leads
}

// Reach works out whom the changes of the organisation can concern.
func (o *Organisation) Reach() *Reach {
	r := &Reach{under: map[string][]string{}, staff: map[string][]string{}, leads: map[string][]string{}}
	for _, u := range o.Units {
		for s := range ever(u, u.Versions) {
			note(r.under, s.Parent, u.Key)
			note(r.under, s.Successor, u.Key)
		}
		for _, m := range u.Managers {
			for s := range ever(m, m.Versions) {
				note(r.leads, s.Person, u.Key)
			}
		}
	}
	for _, p := range o.People {
		for _, e := range p.Engagements {
			for s := range ever(e, e.Versions) {
				note(r.staff, s.Unit, p.Key)
			}
		}
		for _, a := range p.Associations {
			for s := range ever(a, a.Versions) {
				note(r.staff, s.Unit, p.Key)
			}
		}
	}
	return r
}

// ever gives what is stated of a thing at first, and what each amendment makes of it.
func ever[T any](base *T, versions []Version[T]) func(func(*T) bool) {
	return func(yield func(*T) bool) {
		if !yield(base) {
			return
		}
		for _, v := range versions {
			if !yield(v.State) {
				return
			}
		}
	}
}

// note adds a key to those of another, once in a row: the same thing says it again and again.
func note(list map[string][]string, of, key string) {
	if of == "" {
		return
	}
	if n := len(list[of]); n > 0 && list[of][n-1] == key {
		return
	}
	list[of] = append(list[of], key)
}

// Of gives whom changes can concern.
func (r *Reach) Of(by Changing) Concern {
	c := Concern{By: by, People: map[string]bool{}, Units: map[string]bool{}}
	var next []string
	for _, u := range slices.Concat(by.Units, by.Led) {
		next = append(next, u.Key)
	}
	for _, p := range by.People {
		c.People[p.Key] = true
		next = append(next, r.leads[p.Key]...)
	}
	for len(next) > 0 {
		key := next[len(next)-1]
		next = next[:len(next)-1]
		if c.Units[key] {
			continue
		}
		c.Units[key] = true
		next = append(next, r.under[key]...)
		for _, person := range r.staff[key] {
			c.People[person] = true
		}
	}
	return c
}

// Concerns gives whom what [Organisation.Changes] finds can concern, by day.
func (o *Organisation) Concerns(after, last Day, m Margins) map[Day]Concern {
	reach, concerns := o.Reach(), map[Day]Concern{}
	for day, by := range o.Changes(after, last, m) {
		concerns[day] = reach.Of(by)
	}
	return concerns
}
