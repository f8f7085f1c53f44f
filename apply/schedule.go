package apply

import (
	"container/heap"
	"slices"
	"sync"

	"orgit.dk/orgit/plan"
)

// schedule says which operation comes next. It keeps three promises:
//
//   - an operation begins when all that it needs are through, well or badly;
//   - of those that may begin, a target's first in the plan's order does, but that objects to which others refer are made
//     before those (see turns);
//   - a removal begins when everything of its target that stands before it and is no removal is through: what is made
//     and changed is in place before anything goes.
//
// Two operations on the same object are never under way together: the later one needs the earlier one.
type schedule struct {
	operations []plan.Operation
	byID       map[string]int
	frees      [][]int // which operations wait for this one
	turns      []int   // by operation: its place in the order in which they begin
	inTurn     []int   // the operations in that order

	mutex   sync.Mutex
	changed *sync.Cond
	waits   []int // how many operations this one still waits for
	done    []bool
	claimed []bool // carried out with the operation that it waits for
	targets map[string]*queue
}

// queue is what is left of one target.
type queue struct {
	left     int     // operations that nobody has begun
	changes  indexes // the turns of those that are ready and no removals
	removals indexes // those that are ready
	kept     []int   // all that are no removals, in order; those before first are through
	first    int
}

func newSchedule(operations []plan.Operation) *schedule {
	s := &schedule{
		operations: operations, byID: make(map[string]int, len(operations)), frees: make([][]int, len(operations)),
		waits: make([]int, len(operations)), done: make([]bool, len(operations)), claimed: make([]bool, len(operations)),
		targets: map[string]*queue{},
	}
	s.changed = sync.NewCond(&s.mutex)
	for i := range operations {
		s.byID[operations[i].ID] = i
	}
	for i := range operations {
		q := s.targets[operations[i].Target]
		if q == nil {
			q = &queue{}
			s.targets[operations[i].Target] = q
		}
		q.left++
		if !s.removes(i) {
			q.kept = append(q.kept, i)
		}
		for _, need := range operations[i].Needs {
			if at, ok := s.byID[need]; ok {
				s.frees[at] = append(s.frees[at], i)
				s.waits[i]++
			}
		}
	}
	s.turns, s.inTurn = turnsOf(operations, s.byID)
	for i := range operations {
		if s.waits[i] == 0 {
			s.ready(i)
		}
	}
	return s
}

func (s *schedule) removes(i int) bool {
	action := s.operations[i].Action
	return action == plan.ActionRetire || action == plan.ActionDelete
}

func (s *schedule) ready(i int) {
	q := s.targets[s.operations[i].Target]
	if s.removes(i) {
		heap.Push(&q.removals, i)
		return
	}
	heap.Push(&q.changes, s.turns[i])
}

// next waits for an operation of the target that may begin and gives its place in the plan; ok is false when there is
// none left. The first operation of the plan that is not through can always begin or is under way, so nobody waits for
// ever.
func (s *schedule) next(target string) (i int, ok bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	q := s.targets[target]
	for q.left > 0 {
		switch from := q.begins(); from {
		case nil:
		case &q.changes:
			q.left--
			return s.inTurn[heap.Pop(from).(int)], true
		default:
			q.left--
			return heap.Pop(from).(int), true
		}
		s.changed.Wait()
	}
	return 0, false
}

// begins is the heap whose least operation may begin now, nil when none may.
func (q *queue) begins() *indexes {
	open := -1
	if q.first < len(q.kept) {
		open = q.kept[q.first]
	}
	switch {
	case len(q.removals) > 0 && (open < 0 || q.removals[0] < open):
		return &q.removals
	case len(q.changes) > 0:
		return &q.changes
	}
	return nil
}

// claimLink gives the operation that sets the references of the object that operation i makes, when it waits for
// nothing but i. It is then under way together with i, and next does not give it to anybody else.
func (s *schedule) claimLink(i int) (link int, ok bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	create := &s.operations[i]
	link, ok = s.byID[create.LinkID()]
	if !ok || create.Action != plan.ActionCreate || s.removes(link) || s.waits[link] != 1 || !slices.Contains(s.frees[i], link) {
		return 0, false
	}
	s.claimed[link] = true
	s.targets[create.Target].left--
	return link, true
}

// through notes that an operation is through.
func (s *schedule) through(i int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.done[i] = true
	for _, j := range s.frees[i] {
		if s.waits[j]--; s.waits[j] == 0 && !s.claimed[j] {
			s.ready(j)
		}
	}
	q := s.targets[s.operations[i].Target]
	for q.first < len(q.kept) && s.done[q.kept[q.first]] {
		q.first++
	}
	s.changed.Broadcast()
}

// indexes is a heap of places in the plan, or of turns.
type indexes []int

// Len is how many there are.
func (x indexes) Len() int { return len(x) }

// Less orders two of them.
func (x indexes) Less(i, j int) bool { return x[i] < x[j] }

// Swap exchanges two of them.
func (x indexes) Swap(i, j int) { x[i], x[j] = x[j], x[i] }

// Push adds one.
func (x *indexes) Push(i any) { *x = append(*x, i.(int)) }

// Pop removes the last one.
func (x *indexes) Pop() any {
	last := (*x)[len(*x)-1]
	*x = (*x)[:len(*x)-1]
	return last
}
