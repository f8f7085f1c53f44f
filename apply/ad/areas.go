package ad

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// layoutFlat keeps all accounts in one OU; every other layout mirrors the units. The
// settings name a layout for the whole tree and others for areas: a unit and everything
// below it, as far as no further area begins there. The unit that an area begins with
// always has an OU of its own, which is the one OU of a flat area. An OU stands in that of
// the nearest unit above which has one.
const layoutFlat = "flat"

// attrGPLink names the group policies of an OU. It is read so that no OU is deleted with
// them.
const attrGPLink = "gPLink"

// areaPath is where the settings of an area stand.
func (x Domain) areaPath(key string, fields ...string) org.Path {
	return x.path(append([]string{"areas", key}, fields...)...)
}

// layoutOf is the layout that holds for a unit, and the unit that its area begins with;
// nil where the layout of the whole tree holds.
func (d *desired) layoutOf(u *org.UnitView) (layout string, top *org.UnitView) {
	for at := u; at != nil; at = at.Above {
		if area, ok := d.s.Areas[at.Key]; ok {
			return area.Layout, at
		}
	}
	return d.s.Layout, nil
}

// inScope reports whether a unit lies in the parts of the tree that have a place in the domain.
func (d *desired) inScope(u *org.UnitView) bool {
	if d.s.Units == nil {
		return true
	}
	for ; u != nil; u = u.Above {
		if slices.Contains(d.s.Units, u.Key) {
			return true
		}
	}
	return false
}

// mergedInto says why a unit has no OU of its own: a flat layout, or it lies in a part of the tree that has no place in the
// domain; nil when it has one.
func (d *desired) mergedInto(u *org.UnitView) *plan.Gone {
	if u == nil {
		return nil
	}
	if !d.inScope(u) {
		return &plan.Gone{Since: d.day, Why: []org.Fact{{Path: d.domain.path("units")}}, Delete: true}
	}
	layout, top := d.layoutOf(u)
	if layout != layoutFlat || top == u {
		return nil
	}
	why := org.Fact{Path: d.domain.path("layout"), Value: layout}
	if top != nil {
		why.Path = d.domain.areaPath(top.Key, "layout")
	}
	// The root's OU, and what is safeguarded, stay where they are, empty: no setting takes them.
	kept := u.Parent == "" || slices.Contains(d.o.Settings.Safeguarded.Units, u.Key)
	return &plan.Gone{Since: d.day, Why: []org.Fact{why}, Delete: !kept}
}

// ouFor is the OU in which the accounts of a unit stand.
func (d *desired) ouFor(u *org.UnitView) (ou plan.ID, name string, ok bool) {
	layout, top := d.layoutOf(u)
	switch {
	case layout == layoutFlat && top == nil, !d.inScope(u):
		return ownOU(usersRole), d.s.UsersOU, true
	case layout == layoutFlat:
		u = top
	}
	return ouID(u.Unit), u.Name, d.hasOU(u.Key)
}

// areaFaults finds areas that begin with a unit that there is not.
func (x Domain) areaFaults(o *org.Organisation) []fault {
	var faults []fault
	var keys []string
	for _, u := range o.Units {
		keys = append(keys, u.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(x.Settings(o).Areas)) {
		if o.Unit(key) != nil {
			continue
		}
		hint := "name the key of a unit"
		if near := schema.Nearest(key, keys); near != "" {
			hint = "did you mean " + near + "?"
		}
		faults = append(faults, fault{x.areaPath(key), "there is no unit " + key + " for an area to begin with", hint})
	}
	return faults
}

// Moving an OU moves everything in it, in one request. manyAccounts are so many that the
// plan says it; each object costs the directory so many milliseconds (measured on Samba),
// in which it carries out no other write.
const (
	manyAccounts  = 50
	moveCostMilli = 12
)

// subtree counts what stands below an OU.
type subtree struct{ accounts, ous int }

// noteCosts says of every OU with many accounts below what renaming or moving it takes.
func (d *desired) noteCosts() {
	parent := map[string]string{} // OU in OU, as references
	for _, o := range d.state.Objects {
		if at := o.Attr(attrContainer); at != nil && o.Kind == KindOU {
			parent[o.ID.String()] = at.Value[0]
		}
	}
	below := map[string]*subtree{}
	count := func(at string, add func(*subtree)) {
		for range len(parent) + 1 { // there is no circle: org.Check finds those
			if _, ok := parent[at]; !ok {
				return
			}
			if below[at] == nil {
				below[at] = &subtree{}
			}
			add(below[at])
			at = parent[at]
		}
	}
	for _, o := range d.state.Objects {
		at := o.Attr(attrContainer)
		switch {
		case at == nil:
		case o.Kind == KindUser:
			count(at.Value[0], func(s *subtree) { s.accounts++ })
		default:
			count(at.Value[0], func(s *subtree) { s.ous++ })
		}
	}
	for i := range d.state.Objects {
		o := &d.state.Objects[i]
		if s := below[o.ID.String()]; s != nil && s.accounts >= manyAccounts && o.Gone == nil && o.ID != ownOU(quarantineRole) {
			o.Notes = map[plan.Action]string{plan.ActionUpdate: s.cost(d.o.Settings.Language)}
		}
	}
}

// cost says what moving the subtree takes along and how long that holds the directory up.
func (s *subtree) cost(language string) string {
	seconds := max(1, (s.accounts+s.ous)*moveCostMilli/1000)
	if language == "en" {
		return fmt.Sprintf("with %d accounts and %d OUs below it (one request, about %d s)", s.accounts, s.ous, seconds)
	}
	return fmt.Sprintf("med %d konti og %d underliggende OU'er (ét kald, omkring %d s)", s.accounts, s.ous, seconds)
}
