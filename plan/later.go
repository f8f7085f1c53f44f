package plan

import (
	"slices"
	"strings"
)

// laterSuffix marks the operation that finishes a new object in a pass of its own.
const laterSuffix = "/later"

// splitLater moves what a new object gets in a pass of its own (Attr.Later) into an
// operation that follows the one that makes it.
func (o *ordering) splitLater(t *TargetInput) {
	var later []Operation
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		if op.Target != t.Desired.Target || op.Action != ActionCreate {
			continue
		}
		want := t.Desired.Object(op.Object)
		var now, then []AttrChange
		for _, a := range op.Attrs {
			if want.Attr(a.Name).Later {
				then = append(then, a)
			} else {
				now = append(now, a)
			}
		}
		if len(then) == 0 {
			continue
		}
		finish := *op
		finish.ID, finish.Action, finish.Attrs, finish.Digest, finish.Note = op.ID+laterSuffix, ActionUpdate, then, "", ""
		finish.Origin, finish.Loss = strongest(then), lossesOf(then, LossNone)
		finish.Needs = []string{op.ID}
		// Two operations on one object never go together. References wait, not this one: an
		// account must not stay closed because its leader's could not be made.
		link := slices.IndexFunc(o.plan.Operations, func(x Operation) bool { return x.ID == op.ID+linkSuffix })
		if link >= 0 {
			o.plan.Operations[link].Needs = append(o.plan.Operations[link].Needs, finish.ID)
		}
		op.Attrs, op.Loss = now, lossesOf(now, LossNone)
		later = append(later, finish)
	}
	o.plan.Operations = append(o.plan.Operations, later...)
}

// sayNotes puts what the attributes have to say into the notes of their operations.
func (o *ordering) sayNotes(t *TargetInput) {
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		want := t.Desired.Object(op.Object)
		if op.Target != t.Desired.Target || want == nil {
			continue
		}
		for _, a := range op.Attrs {
			if asked := want.Attr(a.Name); asked != nil && asked.Said != "" {
				op.Note = strings.TrimSpace(op.Note + " " + asked.Said)
			}
		}
	}
}

// isSecondPass reports whether an operation only does the rest of another one.
func isSecondPass(op *Operation) bool {
	return strings.HasSuffix(op.ID, linkSuffix) || strings.HasSuffix(op.ID, laterSuffix) || strings.HasSuffix(op.ID, restSuffix)
}
