package plan

import (
	"slices"

	"orgit.dk/orgit/org"
)

// Effect is one target's side of Effects.
type Effect struct {
	Before, After State    // what the two organisations ask of it on one day
	Coming        []Coming // what Forecast says of later days, where it is known
}

// Effects says what a change of the organisation does in the systems, if they hold just what is asked of them before it: a
// plan whose operations are the change's own, without a read of any system. It is for judging a change, never for carrying
// it out: what is there is not known, so nothing is recognised, held or drift.
func Effects(day org.Day, before, after *org.Organisation, targets []Effect) (*Plan, error) {
	in := Input{Day: day, Org: after, Approved: before}
	for _, t := range targets {
		base, applied := t.Before, t.Before
		in.Targets = append(in.Targets, TargetInput{
			Mode: org.ModeFull, Desired: t.After, Base: &base, Applied: &applied, Actual: asAsked(t.Before), Coming: t.Coming,
		})
	}
	return Compute(in)
}

// asAsked is a target that holds what is asked of it.
func asAsked(s State) Actual {
	actual := Actual{Target: s.Target}
	for i := range s.Objects {
		o := &s.Objects[i]
		if o.Gone != nil {
			continue
		}
		found := Found{ID: o.ID, Name: o.Name, Attrs: map[string][]string{}}
		for _, a := range o.Attrs {
			if len(a.Value) > 0 {
				found.Attrs[a.Name] = slices.Clone(a.Value)
			}
		}
		actual.Objects = append(actual.Objects, found)
	}
	return actual
}
