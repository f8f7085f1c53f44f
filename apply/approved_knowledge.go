package apply

import (
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// objectKey is an object of any target.
type objectKey struct {
	target string
	id     plan.ID
}

// knowledge is what people have seen in approved plans: what is done to each object, whatever operation does it.
type knowledge map[objectKey]*seenObject

type seenObject struct {
	actions []plan.Action
	handles []string
	from    org.Day // the earliest day from which the object itself comes or goes; empty where it does neither
	losses  []plan.Loss
	attrs   []seenAttr
	// dated says that an approved plan names the day on which the object comes or goes, and not with which attributes;
	// whole that the fresh plan does just that.
	dated, whole bool
}

type seenAttr struct {
	name string
	new  seenValue
	from org.Day // the day from which the value holds; empty: always
}

// seenValue is a value that people have seen: itself, or what an outline keeps of it.
type seenValue struct {
	values       []string
	salt, digest string
}

func (v seenValue) is(object objectKey, attribute string, values []string) bool {
	if v.digest != "" {
		return v.digest == valueDigest(v.salt, object, attribute, values)
	}
	return slices.Equal(v.values, values)
}

// String is the value for a reader.
func (v seenValue) String() string {
	if v.digest != "" {
		return "another value"
	}
	return quoted(v.values)
}

// plan takes in an approved plan.
func (k knowledge) plan(today org.Day, p *plan.Plan) {
	for i := range p.Operations {
		k.operation(&p.Operations[i])
	}
	for i := range p.Coming {
		if p.Coming[i].Day <= today {
			k.coming(&p.Coming[i])
		}
	}
}

// outline takes in the outline of an approved plan.
func (k knowledge) outline(today org.Day, outline Outline) {
	for i := range outline.Operations {
		op := &outline.Operations[i]
		if op.Day > today {
			continue
		}
		o := k.object(op.Target, op.Object)
		o.losses = append(o.losses, op.Loss...)
		if op.Action != "" {
			o.actions, o.handles = append(o.actions, op.Action), append(o.handles, op.Handle)
		}
		switch {
		case !comesOrGoes(op.Action):
		case op.Day != "":
			o.dated = true
			o.since(op.Day)
		default:
			o.since(op.Effect)
		}
		for _, a := range op.Attrs {
			o.attrs = append(o.attrs, seenAttr{a.Name, seenValue{salt: outline.Salt, digest: a.Value}, a.From})
		}
	}
}

func (k knowledge) object(target string, id plan.ID) *seenObject {
	key := objectKey{target, id}
	if k[key] == nil {
		k[key] = &seenObject{}
	}
	return k[key]
}

func (k knowledge) operation(op *plan.Operation) {
	o := k.object(op.Target, op.Object)
	o.actions = append(o.actions, op.Action)
	o.handles = append(o.handles, op.Handle)
	o.losses = append(o.losses, op.Loss...)
	if comesOrGoes(op.Action) {
		o.since(op.Effect)
	}
	for _, a := range op.Attrs {
		o.attrs = append(o.attrs, seenAttr{a.Name, seenValue{values: a.New}, attrDay(a)})
	}
}

// coming takes in what an approved plan showed for a day that has come by now.
func (k knowledge) coming(c *plan.Coming) {
	o := k.object(c.Target, c.Object)
	o.actions = append(o.actions, c.Action)
	if comesOrGoes(c.Action) {
		o.dated = true
		o.since(c.Day)
	}
	for _, a := range c.Attrs {
		o.losses = append(o.losses, lossesComing(a)...)
		o.attrs = append(o.attrs, seenAttr{a.Name, seenValue{values: a.New}, attrDay(a)})
	}
}

// lossesComing are the losses in a change that is shown for a later day.
func lossesComing(a plan.AttrChange) []plan.Loss {
	var list []plan.Loss
	if a.Loss != plan.LossNone {
		list = append(list, a.Loss)
	}
	if len(a.New) == 0 {
		list = append(list, plan.LossClear)
	}
	return list
}

// foreseen notes the objects that come or go in the fresh plan as an approved plan said for a later day. Such a plan shows the
// day and not the attributes, so they are not compared, in whatever operation of the object they stand.
func (k knowledge) foreseen(fresh *plan.Plan) {
	for i := range fresh.Operations {
		op := &fresh.Operations[i]
		if o := k[objectKey{op.Target, op.Object}]; o != nil && o.dated && comesOrGoes(op.Action) && slices.Contains(o.actions, op.Action) {
			o.whole = true
		}
	}
}

func (o *seenObject) since(day org.Day) {
	if o.from == "" || day < o.from {
		o.from = day
	}
}

func comesOrGoes(a plan.Action) bool {
	return a == plan.ActionCreate || a == plan.ActionRetire || a == plan.ActionDelete
}

// attrDay is the day from which an attribute's value holds: the latest of its facts.
func attrDay(a plan.AttrChange) org.Day {
	var day org.Day
	for _, f := range a.Why {
		day = max(day, f.Day)
	}
	return day
}
