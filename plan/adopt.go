package plan

import (
	"maps"
	"slices"
)

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
