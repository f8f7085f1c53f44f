package plan

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// Input is everything that a plan is computed from.
type Input struct {
	Day        org.Day
	Provenance Provenance
	// Org is what is planned; Approved what stands on the approved branch, nil when
	// nothing does yet. Rules (limits, safeguards) come from Approved where it is there.
	Org, Approved *org.Organisation
	Changes       []change.Change // what lies between the two, in HR's words
	Targets       []TargetInput
}

// TargetInput is one target's side of a plan.
type TargetInput struct {
	Mode   string   // org.ModeAdopt or org.ModeFull
	Repair []string // attributes whose drift is put right; RepairMissing for objects
	// Desired is what the planned organisation asks for on the planning day, Base what
	// the approved one does (nil: nothing is approved), Applied what was asked for when
	// the target was last written completely (nil: never).
	Desired       State
	Base, Applied *State
	Actual        Actual
	// Open are objects whose operations of that last run did not succeed: they wait still.
	Open map[ID]bool
	// Closing are those of them that the run was to take out of use.
	Closing map[ID]bool
	// Unmarked says that it is not known whether the target was ever written: there is no
	// mark of it. A target in which orgit's own marks stand was; what differs there is
	// then taken for somebody else's, and reported.
	Unmarked bool
	Coming   []Coming // what Forecast says of later days

	orphans map[ID]*Object // the last forms of what no entry states any more
}

// asked is what is asked of an object: by the organisation, or because no entry states it
// any more.
func (t *TargetInput) asked(id ID) *Object {
	if o := t.Desired.Object(id); o != nil {
		return o
	}
	return t.orphans[id]
}

// RepairMissing in TargetInput.Repair says that objects which somebody removed in the
// target are made again.
const RepairMissing = "missing"

// Compute compares what is asked for with what is there. It returns an error only where
// its input contradicts itself; what speaks against carrying the plan out is in the
// plan's Refusals.
func Compute(in Input) (*Plan, error) {
	rules := in.Org
	if in.Approved != nil {
		rules = in.Approved
	}
	p := &Plan{
		Version:      FileVersion,
		Municipality: rules.Settings.Name,
		CVR:          rules.Settings.CVR,
		Language:     rules.Settings.Language,
		Day:          in.Day,
		Provenance:   in.Provenance,
		Changes:      in.Changes,
	}
	p.refuseVanished(in.Org, in.Approved)
	for i := range in.Targets {
		if err := p.addTarget(in, &in.Targets[i]); err != nil {
			return nil, err
		}
	}
	if err := p.order(in.Targets); err != nil {
		return nil, err
	}
	p.refuseLosses(rules, in.Targets)
	p.sortFindings()
	p.Digest = p.digest()
	return p, nil
}

func (p *Plan) addTarget(in Input, t *TargetInput) error {
	if err := t.sort(); err != nil {
		return err
	}
	found := t.ownedFound()
	info := Target{
		Name: t.Desired.Target, Mode: t.Mode, First: t.Applied == nil,
		Kinds: t.Desired.Kinds, Found: map[Kind]int{}, Foreign: t.Actual.Foreign,
		Waiting: t.Desired.Waiting,
	}
	for _, f := range found {
		if !f.Out {
			info.Found[f.Kind]++
		}
	}
	p.Targets = append(p.Targets, info)
	p.addProblems(in.Org, t)
	if p.refuseEmpty(t, info) {
		return nil
	}
	c := comparison{plan: p, in: t, day: in.Day, found: found, forgotten: t.Unmarked && t.Desired.Known == nil && len(found) > 0}
	if c.forgotten {
		p.Targets[len(p.Targets)-1].First = false
		p.Attention = append(p.Attention, Attention{Code: AttentionUnmarked, Target: info.Name, Name: info.Name})
	}
	c.run()
	c.taken()
	p.Coming = append(p.Coming, t.Coming...)
	return nil
}

func (t *TargetInput) sort() error {
	if err := sortStates(&t.Desired, t.Base, t.Applied); err != nil {
		return err
	}
	return t.Actual.Sort()
}

// ownedFound leaves out, and counts as foreign, what the organisation never stated, in a
// target that has no marks of its own.
func (t *TargetInput) ownedFound() []Found {
	if t.Desired.Known == nil {
		return t.Actual.Objects
	}
	owned := make([]Found, 0, len(t.Actual.Objects))
	for _, f := range t.Actual.Objects {
		if t.Desired.Known[f.ID] || t.Applied != nil && t.Applied.Known[f.ID] {
			owned = append(owned, f)
			continue
		}
		t.Actual.Foreign = append(t.Actual.Foreign, Foreign{Kind: f.Kind, Ref: string(f.UUID), Name: f.Name})
	}
	slices.SortFunc(t.Actual.Foreign, compareForeign)
	return owned
}

func (p *Plan) addProblems(o *org.Organisation, t *TargetInput) {
	for _, problem := range t.Desired.Problems {
		if problem.Bearable || t.Base != nil && slices.Contains(t.Base.Problems, problem) {
			p.Attention = append(p.Attention, Attention{
				Code: AttentionProblem, Target: t.Desired.Target, Object: problem.Object,
				Name: nameIn(&t.Desired, problem.Object), Detail: problem.Message, Hint: problem.Hint,
				Path: problem.Path, Position: o.Position(problem.Path),
			})
			continue
		}
		object := problem.Object
		p.Refusals = append(p.Refusals, Refusal{
			Code: RefusedProblem, Target: t.Desired.Target, Object: &object,
			Name: nameIn(&t.Desired, problem.Object), Detail: problem.Message, Path: problem.Path,
		})
	}
}

func nameIn(s *State, id ID) string {
	if o := s.Object(id); o != nil {
		return o.Name
	}
	return ""
}
