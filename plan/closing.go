package plan

import "slices"

// restSuffix marks the operation that does what a closing leaves, when that is possible.
const restSuffix = "/rest"

// splitClosings makes a closing that would have to wait an operation that waits for nothing:
// nobody stays in because an OU could not be made. What may have to wait, the references and
// what makes up a name, follows in an operation of its own.
func (o *ordering) splitClosings(t *TargetInput) {
	rests := map[string]Operation{} // by the ID of the operation whose rest it is
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		want := t.asked(op.Object)
		if op.Target != t.Desired.Target || want == nil || len(op.Needs) == 0 || !closes(op, want) {
			continue
		}
		var now, later []AttrChange
		for _, a := range op.Attrs {
			if asked := want.Attr(a.Name); asked != nil && (len(asked.Refs) > 0 || t.Desired.isUnique(a.Name)) {
				later = append(later, a)
			} else {
				now = append(now, a)
			}
		}
		if len(later) == 0 {
			continue
		}
		rest := *op
		rest.ID, rest.Attrs, rest.Digest, rest.Note = op.ID+restSuffix, later, "", ""
		if op.Action == ActionAdopt { // it is orgit's by then
			rest.Action, rest.Handle, rest.Signs, rest.Claim = ActionUpdate, "", nil, ""
		}
		rest.Needs = append(slices.Clone(op.Needs), op.ID)
		// Going into quarantine is a part of being closed, and is told and counted there.
		rest.Loss = slices.DeleteFunc(lossesOf(later, LossNone), func(l Loss) bool { return l == LossQuarantine })
		op.Attrs, op.Needs = now, nil
		op.Loss = slices.DeleteFunc(slices.Clone(op.Loss), func(l Loss) bool { return slices.Contains(rest.Loss, l) })
		op.Origin, rest.Origin = strongest(now), strongest(later)
		rests[op.ID] = rest
		o.plan.Operations = append(o.plan.Operations, rest)
		o.byID[rest.ID] = len(o.plan.Operations) - 1
	}
	o.needRests(t, rests)
}

// needRests makes what waited for an operation that was split wait for both parts of it, but
// for a reference to what it adopts: that is orgit's with the first.
func (o *ordering) needRests(t *TargetInput, rests map[string]Operation) {
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		names := op.Action == ActionDelete || op.Action == ActionRetire ||
			slices.ContainsFunc(op.Attrs, func(a AttrChange) bool { return t.Desired.isUnique(a.Name) })
		for _, need := range slices.Clone(op.Needs) {
			if rest, split := rests[need]; split && rest.ID != op.ID && (names || rest.Object == op.Object) {
				op.Needs = append(op.Needs, rest.ID)
			}
		}
	}
}

// closes reports whether an operation takes an object out of use that people use.
func closes(op *Operation, want *Object) bool {
	return op.Action != ActionCreate && op.Action != ActionDelete && slices.ContainsFunc(op.Attrs, func(a AttrChange) bool {
		asked := want.Attr(a.Name)
		return asked != nil && asked.Closes && len(a.Old) > 0
	})
}

// isUnique reports whether the attribute is a part of a name that no two objects may have.
func (s *State) isUnique(attribute string) bool {
	return slices.ContainsFunc(s.Unique, func(set []string) bool { return slices.Contains(set, attribute) })
}
