package org

import "slices"

// Units are the units of the day, in key order.
func (v *View) Units() []*UnitView { return v.everyUnit() }

// Staff are the people with an engagement or association on the day, in key order.
func (v *View) Staff() []*StaffView { return v.everybody() }

// Below are the units directly below, in order of name, then key.
func (u *UnitView) Below() []*UnitView {
	u.view.everyUnit()
	return u.below
}

// Posts say who works in the unit, in order of person and key.
func (u *UnitView) Posts() []Post {
	u.view.everybody()
	return u.posts
}

// Leads are the units that the person leads, in key order.
func (s *StaffView) Leads() []*UnitView {
	s.view.everybody()
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

// everybody works out who works where and who leads what, once.
func (v *View) everybody() []*StaffView {
	if v.people != nil {
		return v.people
	}
	v.people = []*StaffView{}
	for _, p := range v.org.People {
		s := v.Person(p.Key)
		if s == nil {
			continue
		}
		v.people = append(v.people, s)
		for _, post := range s.Posts {
			if post.Unit != nil {
				post.Unit.posts = append(post.Unit.posts, post)
			}
		}
	}
	for _, u := range v.Units() {
		for _, m := range u.Managers {
			if s := v.Person(m.Person); s != nil && !slices.Contains(s.leads, u) {
				s.leads = append(s.leads, u)
			}
		}
	}
	return v.people
}

// everyUnit works out the tree, once.
func (v *View) everyUnit() []*UnitView {
	if v.tree != nil {
		return v.tree
	}
	v.tree = []*UnitView{}
	for _, stated := range v.org.Units {
		u := v.Unit(stated.Key)
		if u == nil {
			continue
		}
		v.tree = append(v.tree, u)
		if u.Above != nil {
			u.Above.below = append(u.Above.below, u)
		}
	}
	order := DanishOrder()
	for _, u := range v.tree {
		sortByName(u.below, order)
	}
	return v.tree
}
