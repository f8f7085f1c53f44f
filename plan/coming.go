package plan

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
)

// addComing says what each later day brings beside the day before it, if nothing else
// changes. What the approved organisation brings just so is not of the proposal.
func (p *Plan) addComing(t *TargetInput) {
	before, beforeBase := &t.Desired, t.Base
	for i := range t.Later {
		later := &t.Later[i]
		approved := map[string]bool{}
		if later.Base != nil && beforeBase != nil {
			for _, c := range dayChanges(later.Day, beforeBase, later.Base) {
				approved[comingKey(c)] = true
			}
		}
		for _, c := range dayChanges(later.Day, before, &later.Desired) {
			c.Origin = FromChange
			if approved[comingKey(c)] {
				c.Origin = FromPending
			}
			p.Coming = append(p.Coming, c)
		}
		before = &later.Desired
		if later.Base != nil {
			beforeBase = later.Base
		}
	}
	slices.SortStableFunc(p.Coming, func(a, b Coming) int { return cmp.Compare(a.Day, b.Day) })
}

func dayChanges(day org.Day, before, after *State) []Coming {
	var list []Coming
	for i := range after.Objects {
		now := &after.Objects[i]
		was := before.Object(now.ID)
		c := Coming{Day: day, Target: after.Target, Object: now.ID, Name: now.Name, Entry: now.Entry, Unit: now.Unit}
		switch {
		case was == nil && now.Gone == nil:
			c.Action = ActionCreate
		case was == nil:
			continue
		case now.Gone != nil && was.Gone == nil:
			c.Action = ActionRetire
			switch {
			case now.Gone.Delete && now.Gone.AfterDays == 0:
				c.Action = ActionDelete
			case !differs(was, now):
				continue // the target has nothing by which it would be out of use
			}
		default:
			c.Action = ActionUpdate
			c.Attrs = attrChanges(was, now)
			if len(c.Attrs) == 0 {
				continue
			}
		}
		list = append(list, c)
	}
	return list
}

// differs reports whether an object states a value that it did not state before.
func differs(was, now *Object) bool {
	return slices.ContainsFunc(now.Attrs, func(a Attr) bool {
		b := was.Attr(a.Name)
		return b == nil || !slices.Equal(a.Value, b.Value)
	})
}

func attrChanges(was, now *Object) []AttrChange {
	var changes []AttrChange
	for _, a := range now.Attrs {
		b := was.Attr(a.Name)
		if b == nil || slices.Equal(a.Value, b.Value) {
			continue
		}
		changes = append(changes, AttrChange{
			Name: a.Name, Old: b.Value, New: a.Value, ShowOld: b.Show, ShowNew: a.Show, Why: a.Why, Loss: a.Loss,
		})
	}
	return changes
}

// comingKey tells whether two expectations are the same.
func comingKey(c Coming) string {
	key := string(c.Day) + "/" + opID(c.Target, c.Object) + "/" + string(c.Action)
	for _, a := range c.Attrs {
		key += "\x00" + a.Name
		for _, v := range a.New {
			key += "\x01" + v
		}
	}
	return key
}
