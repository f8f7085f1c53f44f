package plan

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// linkSuffix marks the operation that sets references in a pass of its own.
const linkSuffix = "/link"

// order puts the operations in the order in which they can be carried out: containers
// before what they hold, references after both of their ends, removals last and from the
// leaves up. Where nothing forces an order it is by target, kind and name.
func (p *Plan) order(targets []TargetInput) error {
	o := &ordering{plan: p, byID: map[string]int{}, rank: map[string]int{}}
	for i := range targets {
		o.sayNotes(&targets[i])
		o.splitLinks(&targets[i])
		o.splitLater(&targets[i])
	}
	for i, op := range p.Operations {
		o.byID[op.ID] = i
	}
	for i := range targets {
		o.rankKinds(i, &targets[i])
		o.needReferences(&targets[i])
		o.needLetGo(&targets[i])
	}
	for i := range targets {
		o.needNames(&targets[i])
	}
	for i := range targets {
		o.splitClosings(&targets[i])
	}
	sorted, err := o.sort()
	if err != nil {
		return err
	}
	p.Operations = sorted
	return nil
}

type ordering struct {
	plan *Plan
	byID map[string]int // operation by its ID
	rank map[string]int // target and kind in the order of writing
}

func opID(target string, id ID) string { return target + "/" + string(id.Kind) + "/" + string(id.UUID) }

// splitLinks moves references to objects that this plan makes into operations of their
// own, so that two new objects may refer to each other.
func (o *ordering) splitLinks(t *TargetInput) {
	made := map[ID]bool{}
	for _, op := range o.plan.Operations {
		if op.Target == t.Desired.Target && isMade(op.Action) {
			made[op.Object] = true
		}
	}
	var links []Operation
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		if op.Target != t.Desired.Target || !isMade(op.Action) && op.Action != ActionUpdate {
			continue
		}
		want := t.Desired.Object(op.Object)
		if want == nil {
			continue
		}
		var now, later []AttrChange
		for _, a := range op.Attrs {
			if asked := want.Attr(a.Name); asked != nil && asked.Link && refersTo(asked, made) {
				later = append(later, a)
			} else {
				now = append(now, a)
			}
		}
		if len(later) == 0 || len(now) == 0 && op.Action == ActionUpdate {
			continue
		}
		link := *op
		link.ID, link.Action, link.Attrs, link.Digest, link.Note = op.ID+linkSuffix, ActionUpdate, later, "", ""
		link.Handle, link.Signs, link.Claim = "", nil, ""
		link.Origin, link.Loss, link.Needs = strongest(later), lossesOf(later, LossNone), []string{op.ID}
		op.Attrs, op.Loss = now, lossesOf(now, LossNone)
		links = append(links, link)
	}
	o.plan.Operations = append(o.plan.Operations, links...)
}

// isMade reports whether the object is orgit's only when the operation is through.
func isMade(a Action) bool { return a == ActionCreate || a == ActionAdopt }

func refersTo(a *Attr, made map[ID]bool) bool {
	return slices.ContainsFunc(a.Refs, func(id ID) bool { return made[id] })
}

func (o *ordering) rankKinds(target int, t *TargetInput) {
	for i, k := range t.Desired.Kinds {
		o.rank[t.Desired.Target+"/"+string(k.Kind)] = target*100 + i
	}
}

// needReferences makes an operation wait for those on the objects it refers to.
func (o *ordering) needReferences(t *TargetInput) {
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		want := t.asked(op.Object)
		if op.Target != t.Desired.Target || want == nil || op.Action == ActionDelete {
			continue
		}
		for _, a := range op.Attrs {
			asked := want.Attr(a.Name)
			if asked == nil {
				continue
			}
			for _, ref := range asked.Refs {
				o.need(op, ref, asked.Link)
			}
		}
	}
}

func (o *ordering) need(op *Operation, ref ID, link bool) {
	id := opID(op.Target, ref)
	at, ok := o.byID[id]
	if !ok || ref == op.Object {
		return
	}
	action := o.plan.Operations[at].Action
	if isMade(action) || !link && action == ActionUpdate {
		op.Needs = append(op.Needs, id)
	}
}

// needLetGo makes the removal of an object wait for the operations on what stands in it
// or hangs on it now.
func (o *ordering) needLetGo(t *TargetInput) {
	users := map[ID][]ID{}
	for _, f := range t.Actual.Objects {
		for _, used := range f.Uses {
			users[used] = append(users[used], f.ID)
		}
	}
	for i := range o.plan.Operations {
		op := &o.plan.Operations[i]
		if op.Target != t.Desired.Target || op.Action != ActionDelete && op.Action != ActionRetire {
			continue
		}
		for _, user := range users[op.Object] {
			if id := opID(op.Target, user); user != op.Object && o.has(id) {
				op.Needs = append(op.Needs, id)
			}
		}
	}
}

func (o *ordering) has(id string) bool { _, ok := o.byID[id]; return ok }

// sort is Kahn's algorithm; among what may come next, the least by phase, target, kind
// and name does.
func (o *ordering) sort() ([]Operation, error) {
	ops := o.plan.Operations
	waits := make([]int, len(ops))
	frees := make([][]int, len(ops))
	for i := range ops {
		slices.Sort(ops[i].Needs)
		ops[i].Needs = slices.Compact(ops[i].Needs)
		for _, need := range ops[i].Needs {
			at := o.byID[need]
			frees[at] = append(frees[at], i)
			waits[i]++
		}
	}
	next := &readyOps{ordering: o}
	for i := range ops {
		if waits[i] == 0 {
			heap.Push(next, i)
		}
	}
	sorted := make([]Operation, 0, len(ops))
	for next.Len() > 0 {
		i := heap.Pop(next).(int)
		sorted = append(sorted, ops[i])
		for _, j := range frees[i] {
			if waits[j]--; waits[j] == 0 {
				heap.Push(next, j)
			}
		}
	}
	if len(sorted) < len(ops) {
		return nil, fmt.Errorf("order the operations: these wait for each other: %s", o.stuck(waits))
	}
	return sorted, nil
}

func (o *ordering) stuck(waits []int) string {
	var ids []string
	for i, n := range waits {
		if n > 0 {
			ids = append(ids, o.plan.Operations[i].ID)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

func (o *ordering) compare(i, j int) int {
	a, b := &o.plan.Operations[i], &o.plan.Operations[j]
	return cmp.Or(
		cmp.Compare(phase(a), phase(b)),
		cmp.Compare(o.place(a), o.place(b)),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.ID, b.ID),
	)
}

// place is an operation's target and kind in the order of writing, turned round for
// removals.
func (o *ordering) place(op *Operation) int {
	rank := o.rank[op.Target+"/"+string(op.Object.Kind)]
	if phase(op) > 1 {
		return rank/100*100 + 99 - rank%100
	}
	return rank
}

// phase: what is made and changed, then references, then what is taken out of use, then
// what is deleted.
func phase(op *Operation) int {
	switch {
	case op.Action == ActionDelete:
		return 3
	case op.Action == ActionRetire:
		return 2
	case isSecondPass(op):
		return 1
	}
	return 0
}

// readyOps is the heap of operations that nothing holds back any more.
type readyOps struct {
	ordering *ordering
	ops      []int
}

// Len is the number of operations in the heap.
func (r *readyOps) Len() int { return len(r.ops) }

// Less orders two of them.
func (r *readyOps) Less(i, j int) bool { return r.ordering.compare(r.ops[i], r.ops[j]) < 0 }

// Swap exchanges two of them.
func (r *readyOps) Swap(i, j int) { r.ops[i], r.ops[j] = r.ops[j], r.ops[i] }

// Push adds an operation.
func (r *readyOps) Push(x any) { r.ops = append(r.ops, x.(int)) }

// Pop removes the last operation.
func (r *readyOps) Pop() any {
	last := r.ops[len(r.ops)-1]
	r.ops = r.ops[:len(r.ops)-1]
	return last
}
