package plan

import (
	"slices"

	"orgit.dk/orgit/org"
)

// gone plans taking an object out of use, and deleting it when its time has come.
func (c *comparison) gone(want *Object, have *Found, orphan bool) {
	due := want.Gone.Delete && (want.Gone.AfterDays == 0 ||
		have.Out && have.OutSince != "" && have.OutSince.Add(want.Gone.AfterDays) <= c.day)
	if due {
		c.remove(want, have, orphan)
		return
	}
	todo, drift := c.differences(want, have)
	if have.Out {
		c.report(want, have, drift)
		if len(todo) == 0 {
			return
		}
	} else {
		// Whatever made it live again, the files say that it is out of use: closing it
		// does not wait for anybody's setting about drift.
		todo = append(todo, drift...)
		slices.SortFunc(todo, compareAttrs)
		if len(todo) == 0 {
			return
		}
	}
	if orphan && c.keepsOrphan(want, have) {
		return
	}
	op := c.operation(want, have, ActionRetire)
	op.Attrs = todo
	op.Why = want.Gone.Why
	op.Origin = strongest(todo)
	op.Effect = want.Gone.Since
	if !have.Out {
		op.Loss = lossesOf(todo, want.Gone.Loss)
	} else {
		op.Action = ActionUpdate
		op.Loss = lossesOf(todo, LossNone)
	}
	c.plan.Operations = append(c.plan.Operations, op)
}

func (c *comparison) remove(want *Object, have *Found, orphan bool) {
	attention := Attention{Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Path: want.Entry}
	switch {
	case orphan && c.keepsOrphan(want, have):
		return
	case c.in.Mode == org.ModeAdopt:
		attention.Code = AttentionAdopt
		c.plan.Attention = append(c.plan.Attention, attention)
		return
	case have.Pinned != "":
		attention.Code, attention.Detail = AttentionPinned, have.Pinned
		c.plan.Attention = append(c.plan.Attention, attention)
		return
	}
	op := c.operation(want, have, ActionDelete)
	op.Why = want.Gone.Why
	op.Origin = c.goneOrigin(want.ID)
	op.Effect = want.Gone.Since
	if want.Gone.AfterDays > 0 && have.OutSince != "" {
		op.Effect = have.OutSince.Add(want.Gone.AfterDays)
	}
	op.Loss = []Loss{LossDelete}
	c.plan.Operations = append(c.plan.Operations, op)
}

// orphan deals with an object of orgit's that no entry states any more.
func (c *comparison) orphan(have *Found) {
	if c.in.Desired.Orphan == nil {
		c.plan.Attention = append(c.plan.Attention, Attention{
			Code: AttentionOrphan, Target: c.in.Desired.Target, Object: have.ID, Name: have.Name, Detail: have.Ref,
		})
		return
	}
	want := c.in.Desired.Orphan(*have)
	slices.SortFunc(want.Attrs, func(a, b Attr) int { return compareNames(a.Name, b.Name) })
	if want.Gone == nil {
		want.Gone = &Gone{Since: c.day}
	}
	if c.in.orphans == nil {
		c.in.orphans = map[ID]*Object{}
	}
	c.in.orphans[want.ID] = &want
	c.gone(&want, have, true)
}

// keepsOrphan reports, and says in the plan, that an orphan stays as it is: in adopt mode
// nothing goes that no entry closes with a date.
func (c *comparison) keepsOrphan(want *Object, have *Found) bool {
	if c.in.Mode != org.ModeAdopt {
		return false
	}
	c.plan.Attention = append(c.plan.Attention, Attention{
		Code: AttentionAdopt, Target: c.in.Desired.Target, Object: want.ID, Name: have.Name, Detail: have.Ref,
	})
	return true
}
