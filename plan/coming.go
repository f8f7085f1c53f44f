package plan

import (
	"fmt"
	"iter"
	"slices"

	"orgit.dk/orgit/org"
)

// Later is what is asked for on a later day, by the planned and by the approved
// organisation. It may leave out the objects of which it is sure that they are as on the
// day before.
type Later struct {
	Day     org.Day
	Desired State
	Base    *State
}

// Forecast says what each later day brings beside the day before it, if nothing else
// changes. What the approved organisation brings just so is not of the proposal. desired
// and base are of the planning day; days come in order, one at a time, so that what is left
// out of them is never held.
func Forecast(desired State, base *State, days iter.Seq2[Later, error]) ([]Coming, error) {
	if err := sortStates(&desired, base); err != nil {
		return nil, err
	}
	var coming []Coming
	planned, approved := newPassing(&desired), newPassing(base)
	for later, err := range days {
		if err == nil {
			err = sortStates(&later.Desired, later.Base)
		}
		if err != nil {
			return nil, fmt.Errorf("look ahead to %s: %w", later.Day, err)
		}
		pending := map[string]bool{}
		if later.Base != nil && approved != nil {
			for _, c := range approved.to(later.Day, later.Base) {
				pending[comingKey(c)] = true
			}
		}
		for _, c := range planned.to(later.Day, &later.Desired) {
			c.Origin = FromChange
			if pending[comingKey(c)] {
				c.Origin = FromPending
			}
			coming = append(coming, c)
		}
	}
	return coming, nil
}

// passing is what is asked for as the days pass: what it was at first, and what became of
// those objects about which a day said something.
type passing struct {
	first *State
	now   map[ID]*Object
}

// newPassing begins with a state; nil when there is none.
func newPassing(first *State) *passing {
	if first == nil {
		return nil
	}
	return &passing{first: first, now: map[ID]*Object{}}
}

func (p *passing) object(id ID) *Object {
	if o := p.now[id]; o != nil {
		return o
	}
	return p.first.Object(id)
}

// to passes to a day, and gives what it brings.
func (p *passing) to(day org.Day, after *State) []Coming {
	list := dayChanges(day, p.object, after)
	for i := range after.Objects {
		o := &after.Objects[i]
		p.now[o.ID] = o
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

func dayChanges(day org.Day, before func(ID) *Object, after *State) []Coming {
	var list []Coming
	for i := range after.Objects {
		now := &after.Objects[i]
		was := before(now.ID)
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
