package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Errors of Within, by which the exit code is chosen.
var (
	// ErrMore: the plan would do something that nobody has seen in an approved plan.
	ErrMore = errors.New("the plan does more than what was approved")
	// ErrNotRecorded: it is not known what was to happen with a merge when it was approved.
	ErrNotRecorded = errors.New("no record says what was approved")
	// ErrNoBase: the plan does not tell what the new merges bring from what was approved before.
	ErrNoBase = errors.New("the plan cannot be held against what was approved")
)

// Surplus is what a fresh plan does beyond the approved ones.
type Surplus struct {
	Target string
	Object plan.ID
	Name   string
	Reason SurplusReason
	// Attr is the attribute that it is about; empty for the operation itself. Fresh and Approved are the values, or the
	// actions or days.
	Attr            string
	Fresh, Approved string
}

// SurplusReason says in which way something is more.
type SurplusReason string

// The reasons.
const (
	MoreOperation SurplusReason = "operation" // no approved plan touches the object
	MoreAction    SurplusReason = "action"    // the approved plans do something milder to it
	MoreAttribute SurplusReason = "attribute" // no approved plan changes the attribute
	MoreValue     SurplusReason = "value"     // the approved plans give it another value
	MoreEarlier   SurplusReason = "earlier"   // the approved plans do it from a later day
	MoreLoss      SurplusReason = "loss"      // it takes away what the approved plans do not
	MoreHandle    SurplusReason = "handle"    // another object is taken over than was approved
)

// MoreError lists everything that a plan does beyond what was approved. It is an ErrMore.
type MoreError struct{ Surplus []Surplus }

// Error names the first of what is more, and how much there is.
func (e *MoreError) Error() string {
	const most = 5
	var texts []string
	for _, s := range e.Surplus[:min(most, len(e.Surplus))] {
		texts = append(texts, s.String())
	}
	if more := len(e.Surplus) - most; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%v: %s", ErrMore, strings.Join(texts, "; "))
}

// Is reports whether the error is of the kind.
func (e *MoreError) Is(target error) bool { return target == ErrMore }

// String writes a surplus on one line.
func (s Surplus) String() string {
	where := s.Target + " " + string(s.Object.Kind) + " " + s.Name
	if s.Attr != "" {
		where += ", " + s.Attr
	}
	switch s.Reason {
	case MoreOperation:
		return where + ": nobody has seen " + s.Fresh
	case MoreAttribute:
		return where + ": nobody has seen that it becomes " + s.Fresh
	case MoreEarlier:
		return where + ": it would hold from " + s.Fresh + ", approved was " + s.Approved
	}
	return where + ": " + s.Fresh + ", approved was " + s.Approved
}

// Within holds a fresh plan against the plans that were approved, by what their operations do: an error that is ErrMore
// lists what the fresh plan does beyond them, and nil says that there is nothing. To do less is fine: fewer operations,
// fewer attributes, a later day. So is what was approved earlier and waits (plan.FromPending), and the repair of drift that
// the settings ask for; both would be done by a run of tonight without any new merge.
//
// To tell the one from the other, the fresh plan must have been computed with what was approved before the merges as base:
// TargetInput.Base of what the commit that was applied last asks for, and Provenance.Base that commit. approved are the plans
// that people approved for the merges since then, each made from the head that was merged. A fresh plan whose base is its own
// commit, beside approved plans, gives ErrNoBase: in it everything would seem to wait, and nothing to be more.
func Within(fresh *plan.Plan, approved ...*plan.Plan) error {
	seen := knowledge{}
	for _, p := range approved {
		seen.plan(fresh.Day, p)
	}
	return seen.holds(fresh, len(approved))
}

// WithinOutlines is Within for plans of which only the outlines are known.
func WithinOutlines(fresh *plan.Plan, approved ...Outline) error {
	seen := knowledge{}
	for _, o := range approved {
		seen.outline(fresh.Day, o)
	}
	return seen.holds(fresh, len(approved))
}

// holds holds a fresh plan against what people have seen in a number of approved plans.
func (k knowledge) holds(fresh *plan.Plan, approved int) error {
	if approved > 0 && (fresh.Provenance.Base == "" || fresh.Provenance.Base == fresh.Provenance.Commit) {
		return fmt.Errorf("%w: it was compared with its own commit (%s); compute it with the commit that was applied last as its base",
			ErrNoBase, short(fresh.Provenance.Commit))
	}
	k.foreseen(fresh)
	var surplus []Surplus
	for i := range fresh.Operations {
		surplus = append(surplus, k.beyond(&fresh.Operations[i])...)
	}
	if len(surplus) == 0 {
		return nil
	}
	return &MoreError{surplus}
}

// beyond lists what an operation does that no approved plan shows.
func (k knowledge) beyond(op *plan.Operation) []Surplus {
	var list []Surplus
	add := func(reason SurplusReason, attr, fresh, approved string) {
		list = append(list, Surplus{Target: op.Target, Object: op.Object, Name: op.Name, Reason: reason, Attr: attr, Fresh: fresh, Approved: approved})
	}
	if op.Origin != plan.FromChange && !slices.ContainsFunc(op.Attrs, func(a plan.AttrChange) bool { return a.Origin == plan.FromChange }) {
		return nil
	}
	o := k[objectKey{op.Target, op.Object}]
	if o == nil {
		add(MoreOperation, "", string(op.Action), "")
		return list
	}
	if op.Origin == plan.FromChange {
		k.action(o, op, add)
	}
	for _, a := range op.Attrs {
		if a.Origin == plan.FromChange && !o.whole {
			o.attr(objectKey{op.Target, op.Object}, a, add)
		}
	}
	return list
}

type addSurplus func(reason SurplusReason, attr, fresh, approved string)

// milder are the actions that are no more than another one which was approved.
var milder = map[plan.Action][]plan.Action{
	plan.ActionCreate: {plan.ActionUpdate}, // it was made meanwhile
	plan.ActionAdopt:  {plan.ActionUpdate},
	plan.ActionDelete: {plan.ActionRetire},
	plan.ActionRetire: {plan.ActionUpdate}, // closed meanwhile, and a part is left
}

func (k knowledge) action(o *seenObject, op *plan.Operation, add addSurplus) {
	fits := func(approved plan.Action) bool {
		return approved == op.Action || slices.Contains(milder[approved], op.Action)
	}
	if !slices.ContainsFunc(o.actions, fits) {
		add(MoreAction, "", string(op.Action), join(o.actions))
		return
	}
	if op.Action == plan.ActionAdopt && !slices.Contains(o.handles, op.Handle) {
		add(MoreHandle, "", op.Handle, join(o.handles))
	}
	if comesOrGoes(op.Action) && op.Effect < o.from {
		add(MoreEarlier, "", string(op.Effect), string(o.from))
	}
	for _, loss := range op.Loss {
		of := slices.ContainsFunc(op.Attrs, func(a plan.AttrChange) bool { return a.Loss == loss && a.Origin != plan.FromChange })
		if !of && !o.whole && !slices.Contains(o.losses, loss) {
			add(MoreLoss, "", string(loss), join(o.losses))
		}
	}
}

func (o *seenObject) attr(object objectKey, a plan.AttrChange, add addSurplus) {
	var values []string
	var days []org.Day
	for _, seen := range o.attrs {
		if seen.name != a.Name {
			continue
		}
		if text := seen.new.String(); !slices.Contains(values, text) {
			values = append(values, text)
		}
		if seen.new.is(object, a.Name, a.New) {
			days = append(days, seen.from)
		}
	}
	day := attrDay(a)
	switch {
	case len(values) == 0:
		add(MoreAttribute, a.Name, quoted(a.New), "")
	case len(days) == 0:
		add(MoreValue, a.Name, quoted(a.New), strings.Join(values, " or "))
	case !slices.ContainsFunc(days, func(seen org.Day) bool { return seen <= day }):
		add(MoreEarlier, a.Name, dayWord(day), dayWord(slices.Min(days)))
	}
}

func dayWord(day org.Day) string {
	if day == "" {
		return "always"
	}
	return string(day)
}

// join writes a list of words once each, for a reader.
func join[T ~string](list []T) string {
	var words []string
	for _, w := range list {
		if w != "" && !slices.Contains(words, string(w)) {
			words = append(words, string(w))
		}
	}
	if len(words) == 0 {
		return "nothing of the kind"
	}
	return strings.Join(words, ", ")
}
