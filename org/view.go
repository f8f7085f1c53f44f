package org

import (
	"slices"
)

// View is the organisation as it is valid on one day. Its values are those of that day:
// amendments are applied, what has ended or not begun is left out, and whoever works in
// a unit that has closed stands in its successor.
//
// What nobody asks for is not worked out: a question about one person costs nothing of the
// others. A view belongs to one goroutine.
type View struct {
	Day   Day
	org   *Organisation
	units map[string]*UnitView  // those that were asked for; nil where not valid on the day
	staff map[string]*StaffView // the same
	// tree and people are nil until somebody asks for all of them.
	tree   []*UnitView
	people []*StaffView
}

// UnitView is a unit on the day of the view.
type UnitView struct {
	*Unit               // what it states on the day
	Above    *UnitView  // nil at the root
	Managers []*Manager // those of the day, in key order; a vacancy has no person
	view     *View
	below    []*UnitView
	posts    []Post
}

// StaffView is a person on the day of the view.
type StaffView struct {
	*Person        // what is stated on the day; its engagements are all, use Posts
	Posts   []Post // engagements first, then associations, each in key order
	view    *View
	leads   []*UnitView
}

// Post is an engagement or an association on the day of the view.
type Post struct {
	Person      *StaffView
	Unit        *UnitView    // where it is on the day: the stated unit or its successor
	Engagement  *Engagement  // nil for an association
	Association *Association // nil for an engagement
	Leave       *Leave       // set while the engagement is on leave
}

// Key is the key of the engagement or association within its person.
func (p Post) Key() string {
	if p.Engagement != nil {
		return p.Engagement.Key
	}
	return p.Association.Key
}

// UUID is the identity of the engagement or association.
func (p Post) UUID() UUID {
	if p.Engagement != nil {
		return p.Engagement.UUID()
	}
	return p.Association.UUID()
}

// Path is where the engagement or association stands in the files.
func (p Post) Path(fields ...string) Path {
	if p.Engagement != nil {
		return p.Engagement.Path(fields...)
	}
	return p.Association.Path(fields...)
}

// Period is the stated period of the engagement or association.
func (p Post) Period() Period {
	if p.Engagement != nil {
		return p.Engagement.Period
	}
	return p.Association.Period
}

// On returns the organisation as it is valid on the day.
func (o *Organisation) On(day Day) *View {
	return &View{Day: day, org: o, units: map[string]*UnitView{}, staff: map[string]*StaffView{}}
}

// Organisation returns what the view is a view of.
func (v *View) Organisation() *Organisation { return v.org }

// Unit returns the unit with the key, or nil when it is not valid on the day.
func (v *View) Unit(key string) *UnitView {
	if u, known := v.units[key]; known {
		return u
	}
	stated := v.org.Unit(key)
	if stated == nil || !stated.Contains(v.Day) {
		v.units[key] = nil
		return nil
	}
	u := &UnitView{Unit: stated.At(v.Day), view: v}
	v.units[key] = u // known before what is above: files that are wrong may run in circles
	if above := v.Standing(u.Parent); above != u {
		u.Above = above
	}
	for _, m := range stated.Managers {
		if m.Contains(v.Day) {
			u.Managers = append(u.Managers, m.At(v.Day))
		}
	}
	return u
}

// Standing returns the unit with the key, or the first of its successors that is valid on
// the day. It returns nil when there is none.
func (v *View) Standing(key string) *UnitView {
	u := v.org.StandingOn(key, v.Day)
	if u == nil {
		return nil
	}
	return v.Unit(u.Key)
}

// Person returns the person with the key, or nil when nothing ties them to the
// municipality on the day.
func (v *View) Person(key string) *StaffView {
	if s, known := v.staff[key]; known {
		return s
	}
	stated := v.org.Person(key)
	if stated == nil {
		return nil
	}
	s := v.place(stated)
	if len(s.Posts) == 0 {
		s = nil
	}
	v.staff[key] = s
	return s
}

// place gives a person with the posts of the day.
func (v *View) place(p *Person) *StaffView {
	s := &StaffView{Person: p.At(v.Day), view: v}
	for _, e := range p.Engagements {
		if e.ActiveOn(v.Day) {
			at := e.At(v.Day)
			s.Posts = append(s.Posts, Post{Person: s, Unit: v.Standing(at.Unit), Engagement: at, Leave: e.leaveOn(v.Day)})
		}
	}
	for _, a := range p.Associations {
		if a.ActiveOn(v.Day) {
			at := a.At(v.Day)
			s.Posts = append(s.Posts, Post{Person: s, Unit: v.Standing(at.Unit), Association: at})
		}
	}
	return s
}

func (e *Engagement) leaveOn(day Day) *Leave {
	for _, l := range e.Leaves {
		if l.Contains(day) {
			return l
		}
	}
	return nil
}

// Manager returns the first leadership of the unit itself on the day that names a
// person who works here or elsewhere on that day; nil when there is none.
func (v *View) Manager(u *UnitView) *Manager {
	for _, m := range u.Managers {
		if !m.Vacant && v.Person(m.Person) != nil {
			return m
		}
	}
	return nil
}

// Vacant reports whether the unit's leadership is stated as vacant on the day.
func (u *UnitView) Vacant() bool {
	for _, m := range u.Managers {
		if m.Vacant {
			return true
		}
	}
	return false
}

// LeaderOf returns the leadership that somebody who works in the unit answers to: the
// unit's own, else the nearest above (arvet leder). A person never answers to
// themselves: for the leader it is the next one above. It is nil when there is none.
func (v *View) LeaderOf(u *UnitView, person string) *Manager {
	for ; u != nil; u = u.Above {
		if m := v.Manager(u); m != nil && m.Person != person {
			return m
		}
	}
	return nil
}

// PrimaryPost returns the post that decides a person's title and unit where a system has
// room for one: among those of keys (all when empty) the engagement marked primary, else
// the engagement with the largest fraction, else the one that began first, then by key;
// an association only when there is no engagement.
func (s *StaffView) PrimaryPost(keys ...string) (Post, bool) {
	var best Post
	found := false
	for _, p := range s.Posts {
		if len(keys) > 0 && !slices.Contains(keys, p.Key()) {
			continue
		}
		if !found || p.before(best) {
			best, found = p, true
		}
	}
	return best, found
}

func (p Post) before(q Post) bool {
	if (p.Engagement != nil) != (q.Engagement != nil) {
		return p.Engagement != nil
	}
	if p.Engagement != nil {
		if p.Engagement.Primary != q.Engagement.Primary {
			return p.Engagement.Primary
		}
		if p.Engagement.Fraction != q.Engagement.Fraction {
			return p.Engagement.Fraction > q.Engagement.Fraction
		}
	}
	if p.Period().From != q.Period().From {
		return p.Period().From < q.Period().From
	}
	return p.Key() < q.Key()
}

// Title is what the post is called: the stated display title, else the title's name.
func (v *View) Title(p Post) string {
	if p.Association != nil {
		if p.Association.Title != "" {
			return p.Association.Title
		}
		return v.org.Settings.Classes.AssociationTypes[p.Association.Type].Name
	}
	if p.Engagement.DisplayTitle != "" {
		return p.Engagement.DisplayTitle
	}
	return v.org.Settings.Classes.Titles[p.Engagement.Title].Name
}
