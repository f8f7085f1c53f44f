package plan

import (
	"cmp"
	"slices"
)

// attrOrigin says why the attribute differs, by where the value that is asked for came
// from: the proposal, something approved since the target was last written, or neither.
func (c *comparison) attrOrigin(id ID, a *Attr) Origin {
	if a.Stays && !c.wasOtherwise(id, a) {
		return FromDrift
	}
	if !states(c.in.Base, id, a) {
		return FromChange
	}
	if c.forgotten {
		return FromDrift
	}
	if c.in.Open[id] || !states(c.in.Applied, id, a) {
		return FromPending
	}
	return FromDrift
}

// wasOtherwise reports whether the files asked for another value of the attribute before, in
// an object in use, or a closing for that reason is known to have failed. Without that,
// whatever a run left undone of the object, orgit has not brought about what is there: it is
// that of whoever had the object before orgit adopted it.
func (c *comparison) wasOtherwise(id ID, a *Attr) bool {
	for _, s := range []*State{c.in.Base, c.in.Applied} {
		if b := attrIn(s, id, a.Name); b != nil && uses(s, id) && !slices.Equal(b.Value, a.Value) {
			return true
		}
	}
	return c.in.Closing[id]
}

// repairs reports whether the settings say that drift of the attribute is put right. What
// stays as it was when the object was adopted is not: only what orgit itself had written,
// and somebody has changed since.
func (c *comparison) repairs(a *Attr, have *Found) bool {
	return slices.Contains(c.in.Repair, a.Name) && !a.NoRepair && (!a.Stays || have.Overruled[a.Name])
}

// objectOrigin says why an object that is asked for is not there.
func (c *comparison) objectOrigin(id ID) Origin {
	if !uses(c.in.Base, id) {
		return FromChange
	}
	if c.in.Open[id] || !uses(c.in.Applied, id) {
		return FromPending
	}
	return FromDrift
}

// goneOrigin says why an object is to be removed.
func (c *comparison) goneOrigin(id ID) Origin {
	if uses(c.in.Base, id) {
		return FromChange
	}
	return FromPending
}

// states reports whether the state asks for just this value.
func states(s *State, id ID, a *Attr) bool {
	b := attrIn(s, id, a.Name)
	return b != nil && slices.Equal(b.Value, a.Value)
}

// uses reports whether the state asks for the object to be in use.
func uses(s *State, id ID) bool {
	if s == nil {
		return false
	}
	o := s.Object(id)
	return o != nil && o.Gone == nil
}

func attrIn(s *State, id ID, name string) *Attr {
	if s == nil {
		return nil
	}
	o := s.Object(id)
	if o == nil {
		return nil
	}
	return o.Attr(name)
}

// strongest is the origin of an operation with several attributes: the proposal's before
// what is pending, and drift only when there is nothing else.
func strongest(attrs []AttrChange) Origin {
	origin := FromDrift
	for _, a := range attrs {
		switch a.Origin {
		case FromChange:
			return FromChange
		case FromPending:
			origin = FromPending
		}
	}
	return origin
}

func compareAttrs(a, b AttrChange) int { return cmp.Compare(a.Name, b.Name) }

func compareNames(a, b string) int { return cmp.Compare(a, b) }

func compareForeign(a, b Foreign) int { return cmp.Compare(a.Ref, b.Ref) }
