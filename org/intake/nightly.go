package intake

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
)

// ErrPartial says that a register lacks so many of those who are known from it that it is not
// believed.
var ErrPartial = errors.New("the register lacks too many")

// Hands tells who stated a field of the files: whether it was last set by somebody else than
// the register that owns it. The history of the repository knows.
type Hands interface {
	ByHand(path ...string) (bool, error)
}

// Numbers knows the CPR numbers of persons. The CPR store does.
type Numbers interface {
	CPR(person org.UUID) (number cpr.Number, ok bool)
}

// NightOptions are what a night needs beside the repository and the register.
type NightOptions struct {
	Today   org.Day
	Hands   Hands   // nil: everything that differs was said by the register
	Numbers Numbers // nil: people are known by their employee numbers alone
	// Most is how many of the people known from the register may be missing from it before it
	// is taken for cut: a part of them, such as 0.05. At least five may always.
	Most float64
}

// Proposed is what a register says otherwise than the repository.
type Proposed struct {
	Proposals []Proposal // in order of entry
	Questions []Question // in order of code and entry
	Numbers   map[org.UUID]cpr.Number
	// Classes is what a root file has to say so that the classes exist that questions are about, each called and known by
	// its code as in the register; empty where no question is about any.
	Classes string
}

// Proposal are changes that belong together: they are about one person or one unit.
type Proposal struct {
	Changes []propose.Change
	Origin  source.Origin
}

// Question is something that only people can tell.
type Question struct {
	Code   string
	Entry  [2]string // kind and key of the entry it is about; empty where there is none
	Origin source.Origin
	Says   string // what the register says
	Stands string // what stands in the files
	// Would is what is to be done if the register is right; none where that cannot be said.
	Would []propose.Change
}

// Codes of questions.
const (
	AskByHand    = "by-hand"     // a field that the register owns was set by hand, to something else
	AskVanished  = "vanished"    // an engagement is no longer in the register: annulled?
	AskUnit      = "unit"        // the register has a unit that no entry names
	AskTitle     = "title"       // it has a title that no class is called
	AskType      = "type"        // it has a type of engagement that no class is called
	AskSame      = "same"        // somebody of that name is there already: the same person?
	AskLeader    = "leader"      // it names a leader who is not known
	AskUnitEnded = "unit-ended"  // it says that a unit has ended
	AskShielded  = "shielded"    // it no longer says that an address is protected
	AskLeave     = "leave-dates" // it has other days for a leave than the files
	AskMasked    = "masked"      // a name in it holds what looks like a CPR number
	AskFormer    = "former"      // it goes on with an engagement that has ended in the files
)

// Nightly says what a register says otherwise than the repository. It changes nothing. The
// error wraps ErrPartial when the register lacks so many people that it cannot be whole.
func Nightly(o *org.Organisation, x *source.Extract, opts NightOptions) (*Proposed, error) {
	n := newNight(o, x, opts)
	if err := n.matchPeople(); err != nil {
		return nil, err
	}
	if err := n.whole(); err != nil {
		return nil, err
	}
	n.unitsOf()
	for i := range x.People {
		if err := n.somebody(i); err != nil {
			return nil, err
		}
	}
	if err := n.unitChanges(); err != nil {
		return nil, err
	}
	n.leaders()
	n.vanished()
	if err := n.missingClasses(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(n.out.Questions, func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Entry[0], b.Entry[0]), cmp.Compare(a.Entry[1], b.Entry[1]), cmp.Compare(a.Origin.Line, b.Origin.Line))
	})
	slices.SortStableFunc(n.out.Proposals, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Changes[0].Person, b.Changes[0].Person), cmp.Compare(a.Changes[0].Unit, b.Changes[0].Unit))
	})
	return n.out, nil
}

// night is the comparison of one register with the repository under way.
type night struct {
	org    *org.Organisation
	view   *org.View
	x      *source.Extract
	opts   NightOptions
	owns   map[string]bool
	source org.Source
	out    *Proposed

	byNumber map[[2]string]*org.Engagement // by institution and number, those of this register
	byCPR    map[cpr.Number]*org.Person
	persons  []*org.Person // beside the extract's people; nil: nobody yet
	personOf map[string]string
	units    map[string]*org.Unit // by the register's ID
	seen     map[*org.Engagement]bool
	given    map[string]bool // keys of people that are made
	classes  *classes
	missing  *classes // those that questions are about; kept apart, since a night takes no class for one that is there
}

func newNight(o *org.Organisation, x *source.Extract, opts NightOptions) *night {
	n := &night{
		org: o, view: o.On(opts.Today), x: x, opts: opts, source: o.Settings.Sources[x.Source], owns: map[string]bool{},
		out:      &Proposed{Numbers: map[org.UUID]cpr.Number{}},
		byNumber: map[[2]string]*org.Engagement{}, byCPR: map[cpr.Number]*org.Person{},
		persons: make([]*org.Person, len(x.People)), personOf: map[string]string{},
		units: map[string]*org.Unit{}, seen: map[*org.Engagement]bool{}, given: map[string]bool{}, classes: newClasses(o), missing: newClasses(o),
	}
	for _, field := range n.source.Owns {
		n.owns[field] = true
	}
	return n
}

// whole refuses a register that lacks many of those who are known from it.
func (n *night) whole() error {
	known, missing := 0, 0
	there := n.numbersThere()
	for at, e := range n.byNumber {
		if e.ActiveOn(n.opts.Today) {
			known++
			if !there[at] {
				missing++
			}
		}
	}
	if missing > 5 && float64(missing) > n.opts.Most*float64(known) {
		return fmt.Errorf("%w: %d of the %d engagements that are known from %s are not in it (%s); is it cut, or another municipality's? Nothing was taken from it",
			ErrPartial, missing, known, n.name(), n.x.Day)
	}
	return nil
}

func (n *night) name() string { return cmp.Or(n.source.Name, n.x.Name, n.x.Source) }

func (n *night) numbersThere() map[[2]string]bool {
	there := map[[2]string]bool{}
	for _, p := range n.x.People {
		for _, e := range p.Engagements {
			there[[2]string{e.Institution, e.Number}] = true
		}
	}
	return there
}

func (n *night) ask(code string, entry [2]string, at source.Origin, says, stands string, would ...propose.Change) {
	n.out.Questions = append(n.out.Questions, Question{Code: code, Entry: entry, Origin: at, Says: says, Stands: stands, Would: would})
}

// byHand asks whether a field was set by hand; then it is a question and no change.
func (n *night) byHand(path ...string) (bool, error) {
	if n.opts.Hands == nil {
		return false, nil
	}
	byHand, err := n.opts.Hands.ByHand(path...)
	if err != nil {
		return false, fmt.Errorf("look who stated %v: %w", path, err)
	}
	return byHand, nil
}

// vanished asks about engagements that the register had and has no longer: it says when
// somebody leaves, so what vanishes may be annulled, or forgotten.
func (n *night) vanished() {
	for _, p := range n.org.People {
		for _, e := range p.Engagements {
			if n.isOurs(e) && !n.seen[e] && e.Annulled == "" && !e.Ended(n.opts.Today) {
				n.ask(AskVanished, [2]string{"people", p.Key}, source.Origin{Document: n.document()}, e.Payroll.Number, e.Key,
					propose.Change{Do: propose.DoAnnul, Person: p.Key, Engagement: e.Key, From: n.opts.Today})
			}
		}
	}
}

func (n *night) document() string {
	for _, p := range n.x.People {
		return p.Origin.Document
	}
	return n.x.Name
}

// isOurs reports whether an engagement is one that this register knows.
func (n *night) isOurs(e *org.Engagement) bool {
	return e.Payroll != nil && e.Payroll.System == n.x.Source && e.Payroll.Number != ""
}
