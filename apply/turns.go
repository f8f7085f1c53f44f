package apply

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/plan"
)

// turnsOf gives the order in which operations begin where nothing holds them back: the place of each, and the operation
// at each place. It is the plan's order, but that the objects that are made with references, and those that they refer
// to, take each other's places: first those that refer to none of them, then those that refer to these, and so on. Most
// references can then be set with the creation, since what they are to is there, and seldom is still under way. What has
// to wait for what is in the operations' Needs, so no order of beginning can do harm.
func turnsOf(operations []plan.Operation, byID map[string]int) (turns, inTurn []int) {
	l := links{operations: operations, byID: byID, depths: map[int]int{}}
	var places []int // of those that take each other's, in order
	for i := range operations {
		for _, at := range l.refersTo(i) {
			places = append(places, i, at)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	for _, i := range places {
		l.depth(i) // in the plan's order, which decides where references go round
	}
	sorted := slices.Clone(places)
	slices.SortFunc(sorted, func(i, j int) int { return cmp.Or(cmp.Compare(l.depth(i), l.depth(j)), cmp.Compare(i, j)) })
	inTurn = make([]int, len(operations))
	for i := range inTurn {
		inTurn[i] = i
	}
	for n, place := range places {
		inTurn[place] = sorted[n]
	}
	turns = make([]int, len(operations))
	for turn, i := range inTurn {
		turns[i] = turn
	}
	return turns, inTurn
}

// links says which creations refer to which operations.
type links struct {
	operations []plan.Operation
	byID       map[string]int
	depths     map[int]int // those that are known; 0 for one that is being looked at
}

// refersTo are the operations that make what the object of operation i refers to. There are none when i makes nothing,
// or has no operation that sets references.
func (l links) refersTo(i int) []int {
	create := &l.operations[i]
	link, ok := l.byID[create.LinkID()]
	if !ok || create.Action != plan.ActionCreate {
		return nil
	}
	var made []int
	for _, need := range l.operations[link].Needs {
		at, ok := l.byID[need]
		if ok && l.operations[at].Target == create.Target && l.operations[at].Object != create.Object {
			made = append(made, at)
		}
	}
	return made
}

// depth is how many references lead from the object of operation i to one that has none, at most. Where they lead back
// to the first one, the way ends there.
func (l links) depth(i int) int {
	if depth, ok := l.depths[i]; ok {
		return depth
	}
	l.depths[i] = 0
	depth := 0
	for _, at := range l.refersTo(i) {
		depth = max(depth, l.depth(at)+1)
	}
	l.depths[i] = depth
	return depth
}
