package plan

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"orgit.dk/orgit/org"
)

// Kind is a kind of object in a target, in the target's own words: "ou", "user", "enhed".
type Kind string

// ID is the identity of an object within its target. The UUID is orgit's: the one that the
// organisation's files state or that is derived from it. It never changes with a name.
type ID struct {
	Kind Kind     `json:"kind"`
	UUID org.UUID `json:"uuid"`
}

// String writes the identity as kind:uuid.
func (id ID) String() string { return string(id.Kind) + ":" + string(id.UUID) }

// Compare orders identities by kind, then UUID.
func (id ID) Compare(other ID) int {
	if id.Kind != other.Kind {
		return strings.Compare(string(id.Kind), string(other.Kind))
	}
	return strings.Compare(string(id.UUID), string(other.UUID))
}

// Rule says how an attribute that the organisation states is kept in a target.
type Rule string

const (
	// Force writes what is stated; a difference that somebody else made is drift.
	Force Rule = "force"
	// Keep writes where the target has no value, or still has the one that orgit wrote
	// before; anybody else's value stays and is reported.
	Keep Rule = "keep"
	// Create writes once, when the object is made.
	Create Rule = "create"
)

// Loss is what changing an attribute takes away from people. Losses are counted against
// limits and shown first.
type Loss string

// The losses.
const (
	LossNone       Loss = ""
	LossDelete     Loss = "delete"     // the object is gone
	LossDisable    Loss = "disable"    // an account is closed
	LossInactivate Loss = "inactivate" // an object is made Inaktiv
	LossQuarantine Loss = "quarantine" // an account is moved out of use
	LossClear      Loss = "clear"      // a value is cleared
	LossRename     Loss = "rename"     // a login name changes
)

// Attr is one attribute that the organisation states for an object.
type Attr struct {
	Name  string
	Value []string // canonical and compared as it stands; none clears the attribute
	Show  string   // the value as people read it, when Value is a reference or code
	Rule  Rule
	// Loss is what is lost when the attribute changes to Value; LossNone for most. A
	// cleared attribute is a loss without being marked.
	Loss Loss
	// Refs are the objects that Value refers to: they must exist before it is written.
	Refs []ID
	// Link marks a reference that may run in circles (a leader's leader): where what it
	// refers to is new, it is written in a pass of its own, after all objects exist.
	Link bool
	// Set says that the attribute holds several values in no order. Under Keep orgit's
	// values then stand beside those of others, and only what orgit wrote goes.
	Set bool
	// NoRepair keeps a difference that somebody else made, whatever the settings say about
	// repairing: an account that was closed outside orgit is not opened.
	NoRepair bool
	// Own marks a note of orgit's own about the object, such as that it is suspended: what
	// differs is never drift, and taking the note away is no loss.
	Own bool
	// Later marks what a new object gets in a pass of its own (/later), after it was made.
	Later bool
	// Closes marks the value that takes the object out of use: writing it waits for nothing.
	// Where the rest of an operation has to wait, that becomes one of its own (/rest).
	Closes bool
	// Said goes into the note of the operation that writes the attribute: words that go on
	// from the verb, in the organisation's language.
	Said string
	// Stays keeps what an object has that is adopted, then and later: an account that people
	// use already is not closed because it would have been made closed. The value is written
	// only where the files asked for another one before.
	Stays bool
	// Decided is the day of a decision of the files, in so many words, that goes before what
	// is held in the target since that day or an earlier one (Hold.FilesDecide).
	Decided org.Day
	Why     []org.Fact
}

// Object is a desired object: what the organisation asks of a target.
type Object struct {
	ID
	Name  string   // as people know it
	Unit  string   // key of the unit that the plan shows it under; empty when none
	Entry org.Path // the entry it comes from
	Attrs []Attr   // in order of name
	From  org.Day  // the day that brought it about, for a new object: its effect day
	Gone  *Gone    // set when the organisation no longer uses it
	// LastResort says in a reader's words what apply may do where the target refuses every change of the object;
	// empty when it may do nothing.
	LastResort string
	// Signs are how the object is recognised where it is there already and orgit does not
	// own it, in the order in which they are named to a reader. They are asked for only where
	// the object is missing; nil where orgit makes everything itself.
	Signs func() []Sign
	// Existing is the Candidate.Handle of the object that it is, where the organisation says
	// so; org.NotExisting where it is none of those there; empty where nobody has said.
	Existing string
	// Protected is why orgit never makes or changes the object, whatever the rest says.
	Protected Protection
	// Notes say, by action, what an operation does beside its attributes, such as "med
	// CPR-nummer": words that go on from the verb, in the organisation's language. They are
	// compared with nothing.
	Notes map[Action]string
}

// Gone says that an object is out of use. Attrs then describe its last form (disabled, in
// quarantine). An object that does not exist is never made only to be gone.
type Gone struct {
	Since org.Day    // the first day on which it is out of use
	Why   []org.Fact // what ended it
	// Delete says that the object is deleted: AfterDays days after the day on which the
	// target says that it went out of use, at once when AfterDays is 0.
	Delete    bool
	AfterDays int
	Loss      Loss // what going out of use takes away, beside the attributes' own
}

// Attr returns the attribute with the name, or nil.
func (o *Object) Attr(name string) *Attr {
	for i := range o.Attrs {
		if o.Attrs[i].Name == name {
			return &o.Attrs[i]
		}
	}
	return nil
}

// Problem is something the organisation states that a target cannot hold, such as a name
// that is too long. It is found before anything is written.
type Problem struct {
	Object  ID       `json:"object"`
	Path    org.Path `json:"path"`
	Message string   `json:"message"` // English, one sentence
	// Setting is what in the settings makes the value, such as a template; empty: nothing does.
	Setting org.Path `json:"setting,omitempty"`
	Hint    string   `json:"hint,omitempty"`
	// Bearable says that the rest is asked for all the same: a person has to look at it,
	// and it refuses no plan.
	Bearable bool `json:"bearable,omitempty"`
}

// State is what the organisation asks of one target on one day.
type State struct {
	Target   string
	Objects  []Object // in order of ID
	Problems []Problem
	// Known are all identities that the organisation has ever stated, so that a target
	// without marks of its own can tell what orgit owns. Nil where it has marks.
	Known map[ID]bool
	// Unique are sets of attributes whose values together no two objects of a kind may have:
	// a login name, or a name and the place in which it stands.
	Unique [][]string
	// Waiting are objects that cannot be asked for yet, with the reason.
	Waiting []Waiting
	// Kinds describe the target's kinds in the order in which they are made.
	Kinds []KindInfo
	// Beside puts orgit's values of a Set attribute beside those of others, in canonical
	// form; nil: all of them in order, each once.
	Beside func(attribute string, others, ours []string) []string
	// Orphan gives the last form of an object that orgit owns in the target and that
	// the organisation no longer states at all; nil Gone in its result is a mistake.
	Orphan func(Found) Object
}

// KindInfo describes a kind of object for a reader of the plan.
type KindInfo struct {
	Kind     Kind
	Singular string // Danish: "AD-bruger"
	Plural   string // Danish: "AD-brugere"
	English  string // "AD user"
	Englishs string // "AD users"
	// Few says that there may come to be none of the kind: nothing asked for is then no
	// sign of files that were lost.
	Few bool `json:",omitempty"`
}

// Waiting is an object that waits for something outside the plan.
type Waiting struct {
	Object ID       `json:"object"`
	Name   string   `json:"name"`
	Path   org.Path `json:"path"`
	Reason string   `json:"reason"` // Danish or English by the organisation's language
}

// Object returns the object with the identity, or nil.
func (s *State) Object(id ID) *Object {
	i, ok := sort.Find(len(s.Objects), func(i int) int { return id.Compare(s.Objects[i].ID) }) // copies no object
	if !ok {
		return nil
	}
	return &s.Objects[i]
}

// Sort puts objects and attributes in order and refuses two of the same identity.
func (s *State) Sort() error {
	if !inOrder(len(s.Objects), func(i, j int) int { return s.Objects[i].ID.Compare(s.Objects[j].ID) }) {
		s.Objects = sorted(s.Objects)
	}
	for i := range s.Objects {
		if i > 0 && s.Objects[i].ID == s.Objects[i-1].ID {
			return fmt.Errorf("%s: %s is asked for twice: by %s and by %s",
				s.Target, s.Objects[i].ID, s.Objects[i-1].Entry, s.Objects[i].Entry)
		}
		attrs := s.Objects[i].Attrs
		if !inOrder(len(attrs), func(i, j int) int { return strings.Compare(attrs[i].Name, attrs[j].Name) }) {
			slices.SortFunc(attrs, func(a, b Attr) int { return strings.Compare(a.Name, b.Name) })
		}
	}
	slices.SortFunc(s.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), a.Object.Compare(b.Object), cmp.Compare(a.Message, b.Message))
	})
	slices.SortFunc(s.Waiting, func(a, b Waiting) int { return a.Object.Compare(b.Object) })
	return nil
}

// sorted gives objects in order. They are large: each is moved once, when its place is known.
func sorted(objects []Object) []Object {
	places := make([]int, len(objects))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Or(objects[a].ID.Compare(objects[b].ID), cmp.Compare(a, b)) })
	moved := make([]Object, len(objects))
	for i, place := range places {
		moved[i] = objects[place]
	}
	return moved
}

// inOrder reports whether there is nothing to sort, as in what was sorted before, and copies nothing to find that out.
func inOrder(n int, compare func(i, j int) int) bool {
	for i := 1; i < n; i++ {
		if compare(i-1, i) > 0 {
			return false
		}
	}
	return true
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
