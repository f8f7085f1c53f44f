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

// undecided notes that something about the object waits for a person.
func (c *comparison) undecided(id ID) {
	t := &c.plan.Targets[len(c.plan.Targets)-1]
	if at, there := slices.BinarySearchFunc(t.Undecided, id, ID.Compare); !there {
		t.Undecided = slices.Insert(t.Undecided, at, id)
	}
}

// missing plans an object that orgit does not have yet: it is made, or adopted where it is
// there already, or left until somebody has decided.
func (c *comparison) missing(want *Object) {
	d := c.matches.decided[want.ID]
	if d == nil {
		d = &decision{}
	}
	if c.waits(want) != nil {
		return // said with everything else that waits
	}
	switch d.verdict {
	case verdictSure:
		c.adopt(want, d)
	case verdictAsk:
		c.undecided(want.ID)
		c.plan.Attention = append(c.plan.Attention, Attention{
			Code: AttentionMatch, Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Path: want.Entry,
			Hint: c.markText(want.ID), Possible: d.possible,
		})
	case verdictWrong:
		c.undecided(want.ID)
		c.wrongExisting(want, d.wrong)
	case verdictUnread:
		c.waitToRead(want)
	case verdictHidden:
		c.wait(want, "om den findes i forvejen, kan kun afgøres med CPR-lageret, som ikke er her",
			"whether it is there already can only be told with the CPR store, which is not here")
	default:
		c.create(want)
	}
}

func (c *comparison) markText(id ID) string {
	if c.in.Actual.Mark == nil {
		return ""
	}
	attribute, value := c.in.Actual.Mark(id)
	return attribute + " = " + value
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

// adopt plans to make an object orgit's that is there already, with what differs by the
// rules of its attributes. It never opens what is closed.
func (c *comparison) adopt(want *Object, d *decision) {
	have := *d.foreign.Candidate.Found
	have.ID = want.ID
	c.follow(&have)
	origin := c.objectOrigin(want.ID)
	if origin == FromDrift && namesHandle(want) {
		origin = FromPending // somebody has decided since
	}
	if origin == FromDrift {
		repair := slices.Contains(c.in.Repair, RepairMissing)
		c.plan.Drift = append(c.plan.Drift, Drift{
			Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Ref: have.Ref, Unmarked: true, Repair: repair, Entry: want.Entry,
		})
		if !repair {
			return
		}
	}
	todo, kept := c.adopted(want, &have, origin)
	c.report(want, &have, kept)
	op := c.operation(want, &have, ActionAdopt)
	op.Handle, op.Signs = d.foreign.Candidate.Handle, d.signs
	if c.in.Actual.Mark != nil {
		attribute, value := c.in.Actual.Mark(want.ID)
		op.Claim = attribute
		todo = append(todo, AttrChange{Name: attribute, New: []string{value}, Origin: origin})
		slices.SortFunc(todo, compareAttrs)
	}
	op.Attrs, op.Origin = todo, origin
	op.Effect = effectOf(c.day, want.From, todo)
	op.Loss = lossesOf(todo, LossNone)
	c.plan.Operations = append(c.plan.Operations, op)
}

// adopted tells what an adoption changes in an object from what it leaves.
func (c *comparison) adopted(want *Object, have *Found, origin Origin) (todo, kept []AttrChange) {
	for _, name := range c.differing(want, have) {
		a := want.Attr(name)
		d := changeOf(a, have)
		d.New, d.Origin = c.asked(want.ID, a, have), origin
		stays, overruled := held(a, have)
		d.Despite = overruled
		switch {
		case stays != "":
			c.holdAttention(want, name, have)
		case a.Rule == Create:
		case a.NoRepair, a.Stays, a.Rule == Keep && len(d.Old) > 0 && len(d.New) > 0:
			d.Origin, d.Loss = FromDrift, LossNone
			kept = append(kept, d)
		default:
			todo = append(todo, d)
		}
	}
	return todo, kept
}

// follow gives an object's references to what is adopted their new form: to move below
// the same OU, once that is orgit's, is no move.
func (c *comparison) follow(f *Found) {
	if len(c.matches.became) == 0 {
		return
	}
	var attrs map[string][]string
	for name, values := range f.Attrs {
		if len(values) != 1 {
			continue
		}
		if now, ok := c.matches.became[values[0]]; ok {
			if attrs == nil {
				attrs = maps.Clone(f.Attrs)
			}
			attrs[name] = []string{now}
		}
	}
	if attrs != nil {
		f.Attrs = attrs
	}
}

// waits gives what has to be decided before an object can be made or moved to where it
// belongs; nil when nothing has.
func (c *comparison) waits(want *Object) *Object {
	if !c.blocks() {
		return nil
	}
	if on, known := c.waiting[want.ID]; known {
		return on
	}
	c.waiting[want.ID] = nil // what stands in itself waits for nothing here
	for i := range want.Attrs {
		if a := &want.Attrs[i]; !a.Link {
			if on := c.unmade(a); on != nil {
				c.waiting[want.ID] = on
				return on
			}
		}
	}
	return nil
}

// blocks reports whether anything that is asked for is not made by this plan, so that
// something else may wait for it.
func (c *comparison) blocks() bool {
	if c.waiting != nil {
		return c.blocked
	}
	c.waiting = map[ID]*Object{}
	for i := range c.in.Desired.Objects {
		c.blocked = c.blocked || c.leaves(&c.in.Desired.Objects[i])
	}
	return c.blocked
}

// leaves reports whether the plan does not make an object that is asked for.
func (c *comparison) leaves(want *Object) bool {
	if want.Gone != nil || c.foundObject(want.ID) != nil {
		return false
	}
	d := c.matches.decided[want.ID]
	return want.Protected != "" || c.open(want.ID) || d != nil && (d.verdict == verdictAsk || d.verdict == verdictWrong || d.verdict == verdictHidden || d.verdict == verdictUnread)
}

// unmade gives an object that an attribute refers to and that the plan does not make.
func (c *comparison) unmade(a *Attr) *Object {
	if !c.blocks() {
		return nil
	}
	for _, ref := range a.Refs {
		want := c.in.Desired.Object(ref)
		if want == nil || want.Gone != nil || c.foundObject(ref) != nil {
			continue
		}
		if c.leaves(want) {
			return want
		}
		if on := c.waits(want); on != nil {
			return on
		}
	}
	return nil
}

// holdBack leaves out of the plan what refers to an object that somebody has to decide
// about first, and says what waits for it.
func (c *comparison) holdBack() {
	for i := range c.in.Desired.Objects {
		want := &c.in.Desired.Objects[i]
		if want.Gone != nil || c.foundObject(want.ID) != nil {
			continue
		}
		if on := c.waits(want); on != nil {
			c.waitFor(want, on)
		}
	}
	c.eachOperation(func(op *Operation) bool {
		want := c.in.Desired.Object(op.Object)
		if want == nil || op.Action == ActionDelete {
			return true
		}
		before := len(op.Attrs)
		op.Attrs = slices.DeleteFunc(op.Attrs, func(change AttrChange) bool {
			a := want.Attr(change.Name)
			if a == nil {
				return false
			}
			on := c.unmade(a)
			if on != nil && !a.Link {
				c.waitFor(want, on)
			}
			return on != nil
		})
		if len(op.Attrs) == before {
			return true
		}
		c.undecided(op.Object)
		more := LossNone
		if op.Action == ActionRetire && want.Gone != nil {
			more = want.Gone.Loss
		}
		op.Loss = lossesOf(op.Attrs, more)
		return len(op.Attrs) > 0
	})
}

// waitFor says that an object waits for another one to be decided about.
func (c *comparison) waitFor(want, on *Object) {
	name := string(on.Kind)
	for _, k := range c.in.Desired.Kinds {
		switch {
		case k.Kind != on.Kind:
		case c.plan.Language == "en":
			name = k.English
		default:
			name = k.Singular
		}
	}
	c.wait(want, "det skal først afgøres, om "+name+" "+on.Name+" findes i forvejen",
		"it has to be decided first whether "+name+" "+on.Name+" is there already")
}

func (c *comparison) wait(want *Object, danish, english string) {
	c.undecided(want.ID)
	reason := danish
	if c.plan.Language == "en" {
		reason = english
	}
	t := &c.plan.Targets[len(c.plan.Targets)-1]
	w := Waiting{Object: want.ID, Name: want.Name, Path: want.Entry, Reason: reason}
	if !slices.Contains(t.Waiting, w) {
		t.Waiting = append(t.Waiting, w)
	}
}

// adopts counts the objects of a kind that the plan adopts: limits are of what is in use
// there, and those are.
func (p *Plan) adopts(target string, kind Kind) int {
	n := 0
	for i := range p.Operations {
		if op := &p.Operations[i]; op.Target == target && op.Object.Kind == kind && op.Action == ActionAdopt {
			n++
		}
	}
	return n
}

// leaveForeign takes what is adopted off the list of what is not orgit's.
func (c *comparison) leaveForeign() {
	adopts := map[string]bool{}
	for i := range c.plan.Operations {
		if op := &c.plan.Operations[i]; op.Target == c.in.Desired.Target && op.Action == ActionAdopt {
			adopts[op.Handle] = true
		}
	}
	if len(adopts) == 0 {
		return
	}
	t := &c.plan.Targets[len(c.plan.Targets)-1]
	t.Foreign = nil
	for _, f := range c.in.Actual.Foreign {
		if f.Candidate == nil || !adopts[f.Candidate.Handle] {
			t.Foreign = append(t.Foreign, f)
		}
	}
}
