package org

import "slices"

// whole is everything that is valid on the day of a view.
type whole struct {
	units []*UnitView
	staff []*StaffView
}

// Units are the units of the day, in key order.
func (v *View) Units() []*UnitView { return v.all().units }

// Staff are the people with an engagement or association on the day, in key order.
func (v *View) Staff() []*StaffView { return v.all().staff }

// Below are the units directly below, in order of name, then key.
func (u *UnitView) Below() []*UnitView {
	u.view.all()
	return u.below
}

// Posts say who works in the unit, in order of person and key.
func (u *UnitView) Posts() []Post {
	u.view.all()
	return u.posts
}

// Leads are the units that the person leads, in key order.
func (s *StaffView) Leads() []*UnitView {
	s.view.all()
	return s.leads
}

// Roots returns the units of the main hierarchy that have none above.
func (v *View) Roots() []*UnitView {
	var roots []*UnitView
	for _, u := range v.Units() {
		if u.Above == nil {
			roots = append(roots, u)
		}
	}
	sortByName(roots, DanishOrder())
	return roots
}

// all works out everything, once.
func (v *View) all() *whole {
	if v.whole != nil {
		return v.whole
	}
	v.whole = &whole{}
	v.allUnits()
	for _, p := range v.org.People {
		s := v.Person(p.Key)
		if s == nil {
			continue
		}
		v.whole.staff = append(v.whole.staff, s)
		for _, post := range s.Posts {
			if post.Unit != nil {
				post.Unit.posts = append(post.Unit.posts, post)
			}
		}
	}
	for _, u := range v.whole.units {
		for _, m := range u.Managers {
			if s := v.Person(m.Person); s != nil && !slices.Contains(s.leads, u) {
				s.leads = append(s.leads, u)
			}
		}
	}
	return v.whole
}

func (v *View) allUnits() {
	for _, stated := range v.org.Units {
		u := v.Unit(stated.Key)
		if u == nil {
			continue
		}
		v.whole.units = append(v.whole.units, u)
		if u.Above != nil {
			u.Above.below = append(u.Above.below, u)
		}
	}
	order := DanishOrder()
	for _, u := range v.whole.units {
		sortByName(u.below, order)
	}
}
