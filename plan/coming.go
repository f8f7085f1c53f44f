package plan

import (
	"fmt"
	"iter"
	"slices"

	"orgit.dk/orgit/org"
)

// Later is what is asked for on a later day, by the planned and by the approved
// organisation.
type Later struct {
	Day     org.Day
	Desired State
	Base    *State
}

// Forecast says what each later day brings beside the day before it, if nothing else
// changes. What the approved organisation brings just so is not of the proposal. desired
// and base are of the planning day; days come in order, one at a time, so that no more
// than two of them are held at once.
func Forecast(desired State, base *State, days iter.Seq2[Later, error]) ([]Coming, error) {
	var coming []Coming
	before, beforeBase := &desired, base
	if err := sortStates(before, beforeBase); err != nil {
		return nil, err
	}
	for later, err := range days {
		if err == nil {
			err = sortStates(&later.Desired, later.Base)
		}
		if err != nil {
			return nil, fmt.Errorf("look ahead to %s: %w", later.Day, err)
		}
		coming = append(coming, brings(&later, before, beforeBase)...)
		before = &later.Desired
		if later.Base != nil {
			beforeBase = later.Base
		}
	}
	return coming, nil
}

func brings(later *Later, before, beforeBase *State) []Coming {
	approved := map[string]bool{}
	if later.Base != nil && beforeBase != nil {
		for _, c := range dayChanges(later.Day, beforeBase, later.Base) {
			approved[comingKey(c)] = true
		}
	}
	list := dayChanges(later.Day, before, &later.Desired)
	for i := range list {
		list[i].Origin = FromChange
		if approved[comingKey(list[i])] {
			list[i].Origin = FromPending
		}
	}
	return list
}

func sortStates(states ...*State) error {
	for _, s := range states {
		if s == nil {
			continue
		}
		if err := s.Sort(); err != nil {
			return err
		}
	}
	return nil
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
		switch {
		case b == nil && (was.Gone != nil || len(a.Value) == 0):
			continue // what comes back comes whole; and nobody knows whether there is anything to clear
		case b == nil:
			b = &Attr{} // it begins to be stated
		case slices.Equal(a.Value, b.Value):
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
