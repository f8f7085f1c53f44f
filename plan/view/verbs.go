package view

import (
	"slices"
	"strings"

	"orgit.dk/orgit/plan"
)

// verb is what happens to an object, as people say it.
type verb int

// The verbs, in the order in which they are counted.
const (
	verbCreate verb = iota
	verbAdopt
	verbMove
	verbOpen
	verbRename
	verbChange
	verbClose
	verbRetire
	verbDelete
)

var verbs = map[verb]struct {
	mark      mark
	one, many phrase
}{
	verbCreate: {markAdd, phrase{"oprettes", "is created"}, phrase{"oprettes", "are created"}},
	verbAdopt:  {markChange, phrase{"overtages", "is taken over"}, phrase{"overtages", "are taken over"}},
	verbMove:   {markChange, phrase{"flyttes", "moves"}, phrase{"flyttes", "move"}},
	verbOpen:   {markChange, phrase{"åbnes", "is opened"}, phrase{"åbnes", "are opened"}},
	verbRename: {markChange, phrase{"skifter brugernavn", "changes login name"}, phrase{"skifter brugernavn", "change login name"}},
	verbChange: {markChange, phrase{"ændres", "is changed"}, phrase{"ændres", "are changed"}},
	verbClose:  {markRemove, phrase{"lukkes", "is closed"}, phrase{"lukkes", "are closed"}},
	verbRetire: {markRemove, phrase{"tages ud af brug", "is taken out of use"}, phrase{"tages ud af brug", "are taken out of use"}},
	verbDelete: {markRemove, phrase{"slettes", "is deleted"}, phrase{"slettes", "are deleted"}},
}

func (v verb) say(n int, lang string) string {
	if n == 1 {
		return verbs[v].one.in(lang)
	}
	return verbs[v].many.in(lang)
}

func (v verb) mark() mark { return verbs[v].mark }

// verbOf finds the word for an operation: the one that matters most to people when it
// changes several things.
func verbOf(action plan.Action, attrs []plan.AttrChange) verb {
	switch action {
	case plan.ActionCreate:
		return verbCreate
	case plan.ActionAdopt:
		return verbAdopt
	case plan.ActionDelete:
		return verbDelete
	case plan.ActionRetire:
		return verbRetire
	}
	is := func(test func(plan.AttrChange) bool) bool { return slices.ContainsFunc(attrs, test) }
	switch {
	case is(func(a plan.AttrChange) bool { return a.Name == "enabled" && slices.Equal(a.New, []string{"false"}) }):
		return verbClose
	case is(func(a plan.AttrChange) bool { return a.Loss == plan.LossRename }):
		return verbRename
	case is(func(a plan.AttrChange) bool { return places[a.Name] && len(a.Old) > 0 }):
		return verbMove
	case is(func(a plan.AttrChange) bool { return a.Name == "enabled" }):
		return verbOpen
	}
	return verbChange
}

// isLink reports whether the operation only does the rest of one that makes or changes the
// object: references to what is new, what a new account gets when it is there, or what
// follows its closing.
func isLink(op *plan.Operation) bool {
	return strings.HasSuffix(op.ID, "/link") || strings.HasSuffix(op.ID, "/later") || isRest(op)
}

// isRest reports whether the operation does what another one left that only closes.
func isRest(op *plan.Operation) bool { return strings.HasSuffix(op.ID, "/rest") }

// tally counts what happens to a target's objects by kind and verb.
type tally map[plan.Kind]map[verb]int

func tallyOf(target string, ops []plan.Operation) tally {
	t := tally{}
	for i := range ops {
		if op := &ops[i]; op.Target == target && !isLink(op) {
			t.add(op.Object.Kind, verbOf(op.Action, op.Attrs))
		}
	}
	return t
}

func (t tally) add(kind plan.Kind, v verb) {
	if t[kind] == nil {
		t[kind] = map[verb]int{}
	}
	t[kind][v]++
}

// kindsOf gives the kinds that the target describes, then any other, in order.
func (t tally) kindsOf(target plan.Target) []plan.Kind {
	var kinds, rest []plan.Kind
	for _, info := range target.Kinds {
		if t[info.Kind] != nil {
			kinds = append(kinds, info.Kind)
		}
	}
	for k := range t {
		if !slices.Contains(kinds, k) {
			rest = append(rest, k)
		}
	}
	slices.Sort(rest)
	return append(kinds, rest...)
}
