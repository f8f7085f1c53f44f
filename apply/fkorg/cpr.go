package fkorg

import (
	"slices"
	"sync"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/soap/xmltree"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// CPRNumbers is where persons' CPR numbers come from.
type CPRNumbers interface {
	CPR(person org.UUID) (number cpr.Number, ok bool)
}

// CPROutcome is what became of a person's CPR number when the person was written. None says
// anything about the number.
type CPROutcome int

// The outcomes.
const (
	CPRUntouched CPROutcome = iota // the person was not written, or was so already
	CPRJoined                      // the register has the number of the store now
	CPRMissing                     // neither the store nor the register has one
	// CPRKept: the register has one and keeps it: of a person without a number in the store, or the same.
	CPRKept
	// CPRDiffers: the register has another one than the store, and keeps it. Somebody has decided so, here or there.
	CPRDiffers
)

// CPRJoin gives persons their CPR number when they are made, or when they are changed anyway and the register has none. A
// number that is in the register is never replaced. It remembers what became of each person, and no number. It is safe
// for concurrent use.
type CPRJoin struct {
	numbers CPRNumbers

	mu       sync.Mutex
	outcomes map[org.UUID]CPROutcome
}

// NewCPRJoin joins with the numbers of a store.
func NewCPRJoin(numbers CPRNumbers) *CPRJoin {
	return &CPRJoin{numbers: numbers, outcomes: map[org.UUID]CPROutcome{}}
}

// Outcome is what became of a person's number.
func (j *CPRJoin) Outcome(person org.UUID) CPROutcome {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.outcomes[person]
}

// WithCPR makes the writer give persons their CPR number, from before its first use on, and returns it. Without it, and
// with nil, the writer never looks one up, and a number that is in the register stays.
func (w *Writer) WithCPR(join *CPRJoin) *Writer {
	w.cpr = join
	return w
}

// cprNotes say in a plan that persons get their CPR number. The settings alone decide it: a plan is made where there is
// no CPR store, and says nothing about a number.
func (b *builder) cprNotes() map[plan.Action]string {
	fk := b.org.Settings.Targets.FKOrganisation
	switch {
	case fk == nil || fk.CPR != org.JoinCPR:
		return nil
	case b.org.Settings.Language == "en":
		return map[plan.Action]string{plan.ActionCreate: "with the CPR number", plan.ActionUpdate: "and gets the CPR number if it has none"}
	}
	return map[plan.Action]string{plan.ActionCreate: "med CPR-nummer", plan.ActionUpdate: "og får CPR-nummer, hvis det mangler"}
}

// join puts the number into the attributes of a person before they are compared and sent. changes says whether the
// person is changed without it. A nil CPRJoin leaves them alone.
func (j *CPRJoin) join(person org.UUID, e *Egenskab, changes bool) {
	if j == nil {
		return
	}
	there := slices.IndexFunc(e.foer, func(n *xmltree.Node) bool { return n.Is(nsSTS, elementCPR) })
	has := ""
	if there >= 0 {
		has = e.foer[there].Content()
	}
	number, ok := j.numbers.CPR(person)
	switch {
	case has != "" && ok && has != number.Digits():
		j.note(person, CPRDiffers)
	case has != "":
		j.note(person, CPRKept)
	case !changes:
		j.note(person, CPRUntouched)
	case !ok:
		j.note(person, CPRMissing)
	default:
		// What was read shares the list, so it gets a new one; an empty element, which the schema does not allow, goes.
		e.foer = slices.DeleteFunc(slices.Clone(e.foer), func(n *xmltree.Node) bool { return n.Is(nsSTS, elementCPR) })
		e.foer = append(e.foer, xmltree.Leaf(nsSTS, elementCPR, number.Digits()))
		j.note(person, CPRJoined)
	}
}

func (j *CPRJoin) note(person org.UUID, outcome CPROutcome) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if outcome == CPRKept && j.outcomes[person] == CPRJoined {
		return // an earlier try of this run has put it there
	}
	j.outcomes[person] = outcome
}

// maskeret is an error that may quote what a service quoted of a message: its text shows no CPR number.
type maskeret struct{ err error }

func (m *maskeret) Error() string { return schema.MaskCPR(m.err.Error()) }

func (m *maskeret) Unwrap() error { return m.err }
