package plan

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
)

// ExistingProblem is why an object cannot be the one that the organisation says it is.
type ExistingProblem string

// The problems.
const (
	ExistingMissing   ExistingProblem = "missing"   // there is none in orgit's part of the target
	ExistingOwned     ExistingProblem = "owned"     // orgit has it as another object
	ExistingTwice     ExistingProblem = "twice"     // the organisation says so of two
	ExistingKind      ExistingProblem = "kind"      // it is something else
	ExistingProtected ExistingProblem = "protected" // orgit may not touch it
	ExistingOwner     ExistingProblem = "owner"     // something stands where orgit would write that it owns it
	ExistingOther     ExistingProblem = "other"     // orgit has another object as this one
)

// decideNamed follows what the organisation itself says about which objects are its own.
func (m *matching) decideNamed() {
	named := map[string][]*Object{}
	for _, id := range slices.SortedFunc(maps.Keys(m.missing), ID.Compare) {
		if want := m.missing[id]; namesHandle(want) && want.Gone == nil {
			named[want.Existing] = append(named[want.Existing], want)
		}
	}
	for _, f := range m.foreign {
		wants := named[strings.ToLower(f.Candidate.Handle)]
		for _, want := range wants {
			m.decided[want.ID] = m.named(want, f, len(wants) > 1)
		}
		if len(wants) == 1 && m.decided[wants[0].ID].verdict == verdictSure {
			m.take(wants[0], f)
		}
	}
	for handle, wants := range named {
		owned := slices.ContainsFunc(m.in.Actual.Objects, func(f Found) bool { return strings.EqualFold(f.Handle, handle) })
		for _, want := range wants {
			switch {
			case m.decided[want.ID] != nil:
			case owned:
				m.decided[want.ID] = &decision{verdict: verdictWrong, wrong: ExistingOwned}
			default:
				m.decided[want.ID] = &decision{verdict: verdictWrong, wrong: ExistingMissing}
			}
		}
	}
}

func (m *matching) named(want *Object, f *Foreign, twice bool) *decision {
	wrong := ExistingProblem("")
	for _, o := range unusable(want.Kind, f.Candidate) {
		switch o.Code {
		case ObjectionKind:
			wrong = ExistingKind
		case ObjectionProtected:
			wrong = ExistingProtected
		case ObjectionOwner:
			wrong = ExistingOwner
		}
	}
	if twice {
		wrong = ExistingTwice
	}
	if wrong != "" {
		return &decision{verdict: verdictWrong, wrong: wrong}
	}
	return &decision{verdict: verdictSure, foreign: f, signs: []SignMatch{{Name: SignExisting, Value: f.Candidate.Handle}}}
}

// namesHandle reports whether the organisation says which object it is.
func namesHandle(o *Object) bool {
	return o.Existing != "" && o.Existing != org.NotExisting
}

// wrongExisting refuses a proposal that says of an object what cannot be. Where that is
// approved already it must not keep everybody else's changes back.
func (c *comparison) wrongExisting(want *Object, wrong ExistingProblem) {
	if c.in.Base != nil {
		if base := c.in.Base.Object(want.ID); base != nil && namesHandle(base) && base.Existing == want.Existing {
			c.plan.Attention = append(c.plan.Attention, Attention{
				Code: AttentionExisting, Target: c.in.Desired.Target, Object: want.ID, Name: want.Name,
				Detail: string(wrong), Hint: want.Existing, Path: want.Entry,
			})
			return
		}
	}
	object := want.ID
	c.plan.Refusals = append(c.plan.Refusals, Refusal{
		Code: RefusedExisting, Target: c.in.Desired.Target, Kind: want.Kind, Object: &object, Name: want.Name,
		Path: want.Entry, Detail: string(wrong),
	})
}

// checkExisting finds an object that orgit has and that is not the one of which the
// organisation says that it is.
func (c *comparison) checkExisting(want *Object, have *Found) {
	if namesHandle(want) && have.Handle != "" && !strings.EqualFold(want.Existing, have.Handle) {
		c.wrongExisting(want, ExistingOther)
	}
}
