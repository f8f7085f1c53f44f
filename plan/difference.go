package plan

import (
	"slices"
	"sort"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// comparison goes through one target's objects and sorts every difference into the plan:
// to be done, drift, or for a person to look at.
type comparison struct {
	plan  *Plan
	in    *TargetInput
	day   org.Day
	found []Found // what orgit owns there, in order of ID
	// forgotten: orgit has written the target, and it is not known what.
	forgotten bool
	matches   *matching
	// waiting is what each object has to wait for, as far as it was asked for; blocked says
	// that there is any such thing.
	waiting map[ID]*Object
	blocked bool
}

func (c *comparison) run() {
	c.matches = c.match()
	c.plan.Targets[len(c.plan.Targets)-1].Recognised = c.matches.recognised()
	for i := range c.found {
		c.follow(&c.found[i])
	}
	for i := range c.in.Desired.Objects {
		want := &c.in.Desired.Objects[i]
		have := c.foundObject(want.ID)
		switch {
		case c.open(want.ID):
			c.waitToRead(want)
		case have == nil && want.Gone != nil:
			// Nothing is made only to be gone.
		case have == nil:
			c.missing(want)
		case want.Gone != nil:
			c.gone(want, have, false)
		default:
			c.checkExisting(want, have)
			c.present(want, have)
		}
	}
	for i := range c.found {
		if c.in.Desired.Object(c.found[i].ID) == nil {
			c.orphan(&c.found[i])
		}
	}
	c.holdsProtected()
	c.holdBack()
	c.leaveForeign()
	c.sayUnread()
}

func (c *comparison) foundObject(id ID) *Found {
	i, ok := sort.Find(len(c.found), func(i int) int { return id.Compare(c.found[i].ID) })
	if !ok {
		return nil
	}
	return &c.found[i]
}

// create plans an object that is not there yet. One that was made before and has been
// removed since is drift.
func (c *comparison) create(want *Object) {
	origin := c.objectOrigin(want.ID)
	op := c.operation(want, nil, ActionCreate)
	for _, a := range want.Attrs {
		if len(a.Value) > 0 {
			op.Attrs = append(op.Attrs, AttrChange{Name: a.Name, New: a.Value, ShowNew: a.Show, Origin: origin, Why: a.Why})
		}
	}
	op.Origin = origin
	op.Effect = effectOf(c.day, want.From, op.Attrs)
	repair := slices.Contains(c.in.Repair, RepairMissing)
	if origin == FromDrift {
		c.plan.Drift = append(c.plan.Drift, Drift{
			Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Missing: true,
			Repair: repair, Entry: want.Entry,
		})
		if !repair {
			return
		}
	}
	c.plan.Operations = append(c.plan.Operations, op)
}

// present plans what differs in an object that is in use on both sides.
func (c *comparison) present(want *Object, have *Found) {
	todo, drift := c.differences(want, have)
	c.report(want, have, drift)
	if len(todo) == 0 {
		return
	}
	op := c.operation(want, have, ActionUpdate)
	op.Attrs = todo
	op.Origin = strongest(todo)
	op.Effect = effectOf(c.day, "", todo)
	op.Loss = lossesOf(todo, LossNone)
	c.plan.Operations = append(c.plan.Operations, op)
}

// differences finds the attributes that differ, and tells those to be written from those
// that somebody else changed.
func (c *comparison) differences(want *Object, have *Found) (todo, drift []AttrChange) {
	for _, name := range c.differing(want, have) {
		a := want.Attr(name)
		d := changeOf(a, have)
		d.New, d.Origin = c.asked(want.ID, a, have), c.attrOrigin(want.ID, a)
		stays, overruled := held(a, have)
		d.Despite, d.Origin = overruled, c.ownOrigin(want.ID, a, have, overruled, d.Origin)
		switch {
		case stays != "":
			c.holdAttention(want, name, have)
		case a.Rule == Create:
		case c.keeps(want.ID, a, have):
			d.Origin = FromDrift
			drift = append(drift, d)
		case d.Origin == FromDrift && !c.repairs(a, have):
			drift = append(drift, d)
		default:
			todo = append(todo, d)
		}
	}
	return todo, drift
}

// changeOf is what has to change in an attribute that differs.
func changeOf(a *Attr, have *Found) AttrChange {
	d := AttrChange{
		Name: a.Name, Old: have.Attrs[a.Name], New: a.Value, ShowOld: have.Shows[a.Name], ShowNew: a.Show, Loss: a.Loss, Why: a.Why,
	}
	switch {
	case len(a.Value) == 0 && !a.Own:
		d.Loss = LossClear
	case d.Loss == LossRename && len(d.Old) == 0:
		d.Loss = LossNone // a first name takes nothing away
	}
	return d
}

// differing returns, in order, the names of the stated attributes whose values differ.
// The cheap test comes first; go-cmp looks only into objects that are known to differ.
func (c *comparison) differing(want *Object, have *Found) []string {
	same := true
	for i := range want.Attrs {
		a := &want.Attrs[i]
		if !c.unread(a.Name) && !slices.Equal(c.asked(want.ID, a, have), have.Attrs[a.Name]) {
			same = false
			break
		}
	}
	if same {
		return nil
	}
	asked, there := map[string][]string{}, map[string][]string{}
	for i := range want.Attrs {
		a := &want.Attrs[i]
		if c.unread(a.Name) {
			continue
		}
		asked[a.Name] = append([]string{}, c.asked(want.ID, a, have)...)
		there[a.Name] = append([]string{}, have.Attrs[a.Name]...)
	}
	var names nameReporter
	cmp.Equal(asked, there, cmp.Reporter(&names))
	slices.Sort(names.names)
	return slices.Compact(names.names)
}

// nameReporter collects the map keys under which go-cmp finds a difference.
type nameReporter struct {
	path  cmp.Path
	names []string
}

// PushStep is called by go-cmp when it goes into a value.
func (r *nameReporter) PushStep(step cmp.PathStep) { r.path = append(r.path, step) }

// PopStep is called by go-cmp when it leaves a value.
func (r *nameReporter) PopStep() { r.path = r.path[:len(r.path)-1] }

// Report is called by go-cmp for every leaf.
func (r *nameReporter) Report(result cmp.Result) {
	if result.Equal() {
		return
	}
	for _, step := range r.path {
		if index, ok := step.(cmp.MapIndex); ok {
			r.names = append(r.names, index.Key().String())
			return
		}
	}
}

// keeps reports whether an attribute under the rule Keep stays as it is: the target has a
// value that orgit did not write. Clearing by null is asked for, so it is not held back.
func (c *comparison) keeps(id ID, a *Attr, have *Found) bool {
	value := have.Attrs[a.Name]
	if a.Rule != Keep || a.Set || len(value) == 0 || len(a.Value) == 0 {
		return false
	}
	written := attrIn(c.in.Applied, id, a.Name)
	return written == nil || !slices.Equal(written.Value, value)
}

// asked is the value that an attribute is to have: what is stated, and for several values
// under Keep those beside it that orgit did not write. Clearing takes them all.
func (c *comparison) asked(id ID, a *Attr, have *Found) []string {
	if !a.Set || a.Rule != Keep || len(a.Value) == 0 {
		return a.Value
	}
	var written []string
	if w := attrIn(c.in.Applied, id, a.Name); w != nil {
		written = w.Value
	}
	others := slices.DeleteFunc(slices.Clone(have.Attrs[a.Name]), func(v string) bool { return slices.Contains(written, v) })
	if c.in.Desired.Beside != nil {
		return c.in.Desired.Beside(a.Name, others, a.Value)
	}
	all := append(others, a.Value...)
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *comparison) report(want *Object, have *Found, drift []AttrChange) {
	if len(drift) == 0 {
		return
	}
	c.plan.Drift = append(c.plan.Drift, Drift{
		Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Ref: have.Ref,
		Attrs: drift, Entry: want.Entry,
	})
}

func (c *comparison) operation(want *Object, have *Found, action Action) Operation {
	op := Operation{
		ID:     c.in.Desired.Target + "/" + string(want.Kind) + "/" + string(want.UUID),
		Target: c.in.Desired.Target, Object: want.ID, Name: want.Name, Unit: want.Unit,
		Entry: want.Entry, Action: action, Note: want.Notes[action],
	}
	if have != nil {
		op.Ref, op.Digest, op.LastResort = have.Ref, have.Digest(), want.LastResort
	}
	return op
}

// effectOf is the day since which the facts behind an operation hold: the latest of them
// that is not in the future.
func effectOf(day, from org.Day, attrs []AttrChange) org.Day {
	effect := from
	for _, a := range attrs {
		for _, f := range a.Why {
			if f.Day > effect && f.Day <= day {
				effect = f.Day
			}
		}
	}
	if effect == "" {
		return day
	}
	return effect
}

func lossesOf(attrs []AttrChange, more Loss) []Loss {
	var losses []Loss
	if more != LossNone {
		losses = append(losses, more)
	}
	for _, a := range attrs {
		if a.Loss != LossNone {
			losses = append(losses, a.Loss)
		}
	}
	slices.Sort(losses)
	return slices.Compact(losses)
}
