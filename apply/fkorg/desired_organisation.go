package fkorg

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// organisation asks that the municipality's Organisation object points to the root unit. The object is KOMBIT's: it is
// there before orgit, and orgit never makes, closes or deletes it, nor writes anything else in it.
//
// FK Organisation wants one root. With two the files are wrong (org.Check says so), and then the pointer stays as it is:
// readers trust it to tell which of several units without Overordnet is the root. A new root is made, and the old one put
// below it, before the pointer moves.
func (b *builder) organisation() {
	s := b.org.Settings.Targets.FKOrganisation
	if s == nil || s.Organisation == "" {
		return
	}
	b.known(KindOrganisation, s.Organisation)
	e := b.entry(KindOrganisation, s.Organisation, b.org.Settings.Name, "targets.fkOrganisation.organisation")
	switch roots := b.view.Roots(); len(roots) {
	case 0: // the organisation has not begun
	case 1:
		root := roots[0]
		e.Unit = root.Key
		e.ref(attrRod, plan.ID{Kind: KindEnhed, UUID: root.UUID}, root.Name, plan.Force, b.rootFact(root))
	default:
		var names []string
		for _, u := range roots {
			names = append(names, u.Name+" ("+u.Key+")")
		}
		b.state.Problems = append(b.state.Problems, plan.Problem{
			Object: e.ID, Path: e.Entry,
			Message: fmt.Sprintf("FK Organisation has room for one root unit, and there are %d: %s", len(roots), strings.Join(names, ", ")),
			Hint:    "state what is above the others (parent)",
		})
	}
	e.add()
}

// rootFact is why a unit is the root: it states no unit above it, from the beginning or from a day on.
func (b *builder) rootFact(root *org.UnitView) org.Fact {
	u := b.org.Unit(root.Key)
	since := stated(u, u.Versions, b.day, func(u *org.Unit) string { return u.Parent })
	return org.Fact{Path: u.Path("uuid"), Value: string(u.UUID), Day: max(u.From, since)}
}
