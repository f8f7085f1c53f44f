package plan

import (
	"slices"
	"strings"
)

// needNames makes an operation that gives an object a name wait for the one that takes it from another object of orgit's: of
// two people of one name, one marries and the other gets the plain name that is free then. Where two objects want each
// other's names nothing forces an order; the target refuses the first of them.
func (o *ordering) needNames(t *TargetInput) {
	fold := t.Actual.Fold
	if fold == nil {
		fold = strings.ToLower
	}
	for _, set := range t.Desired.Unique {
		n := naming{ordering: o, target: t, set: set, fold: fold, holders: map[string]ID{}}
		for i := range t.Actual.Objects {
			f := &t.Actual.Objects[i]
			if key := n.key(f.Kind, func(name string) []string { return f.Attrs[name] }); key != "" {
				n.holders[key] = f.ID
			}
		}
		for i := range o.plan.Operations {
			if op := &o.plan.Operations[i]; op.Target == t.Desired.Target && op.Action != ActionDelete && n.changes(op) {
				n.wait(op)
			}
		}
	}
}

// naming is one set of attributes that are unique together, and who holds which values.
type naming struct {
	*ordering
	target  *TargetInput
	set     []string
	fold    func(string) string
	holders map[string]ID
}

// key is what an object would be called by the set; empty when it lacks a part.
func (n *naming) key(kind Kind, value func(name string) []string) string {
	var key strings.Builder
	key.WriteString(string(kind))
	for _, name := range n.set {
		v := value(name)
		if len(v) != 1 {
			return ""
		}
		key.WriteString("\x00" + n.fold(v[0]))
	}
	return key.String()
}

func (n *naming) changes(op *Operation) bool {
	return slices.ContainsFunc(n.set, func(name string) bool { return op.Attr(name) != nil })
}

func (n *naming) wait(op *Operation) {
	have := n.target.Actual.Object(op.Object)
	key := n.key(op.Object.Kind, func(name string) []string {
		switch a := op.Attr(name); {
		case a != nil:
			return a.New
		case have != nil:
			return have.Attrs[name]
		}
		return nil
	})
	holder, held := n.holders[key]
	if key == "" || !held || holder == op.Object {
		return
	}
	id := opID(op.Target, holder)
	at, ok := n.byID[id]
	if !ok || n.plan.Operations[at].Action != ActionDelete && !n.changes(&n.plan.Operations[at]) || n.leadsTo(id, op.ID, map[string]bool{}) {
		return
	}
	op.Needs = append(op.Needs, id)
}

// leadsTo reports whether an operation already waits, by others, for the one that is sought.
func (o *ordering) leadsTo(id, sought string, seen map[string]bool) bool {
	if id == sought {
		return true
	}
	at, ok := o.byID[id]
	if !ok || seen[id] {
		return false
	}
	seen[id] = true
	return slices.ContainsFunc(o.plan.Operations[at].Needs, func(need string) bool { return o.leadsTo(need, sought, seen) })
}
