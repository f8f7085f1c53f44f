package plan

import "slices"

// undecided notes that something about the object waits for a person.
func (c *comparison) undecided(id ID) {
	t := &c.plan.Targets[len(c.plan.Targets)-1]
	if at, there := slices.BinarySearchFunc(t.Undecided, id, ID.Compare); !there {
		t.Undecided = slices.Insert(t.Undecided, at, id)
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
