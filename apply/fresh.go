package apply

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/plan"
)

// isDone reports whether the object already is as the operation wants it.
func isDone(op *plan.Operation, now *plan.Found) bool {
	if op.Action == plan.ActionDelete || now == nil {
		return op.Action == plan.ActionDelete && now == nil
	}
	if op.Action == plan.ActionRetire && !now.Out {
		return false
	}
	return !slices.ContainsFunc(op.Attrs, func(a plan.AttrChange) bool {
		return !slices.Equal(now.Attrs[a.Name], a.New)
	})
}

// moved says what somebody else changed since the plan was made; empty when nothing. An
// object that holds some of the operation's own new values and the old ones for the rest
// was left so by a run that was cut: the operation may finish it. So it is for an object
// that this run has written before, in another pass.
func moved(op *plan.Operation, now *plan.Found, ours bool) string {
	switch {
	case op.Action == plan.ActionCreate:
		return foreignValues(op, now, func(a plan.AttrChange, value []string) bool {
			return len(value) == 0 || slices.Equal(value, a.New)
		})
	case now == nil:
		return "it is no longer there"
	case now.Digest() == op.Digest:
		return ""
	case op.Action == plan.ActionDelete, op.Action == plan.ActionAdopt && !claimed(op, now):
		// A value that happens to be the new one proves nothing of an object that is not orgit's.
		return "it has changed since the plan was made"
	}
	if reason := foreignValues(op, now, func(a plan.AttrChange, value []string) bool {
		return slices.Equal(value, a.Old) || slices.Equal(value, a.New)
	}); reason != "" {
		return reason
	}
	if ours || op.Digest == "" || slices.ContainsFunc(op.Attrs, func(a plan.AttrChange) bool {
		return slices.Equal(now.Attrs[a.Name], a.New)
	}) {
		return ""
	}
	return "another attribute of it has changed since the plan was made"
}

// claimed reports whether an object that is adopted is orgit's by now.
func claimed(op *plan.Operation, now *plan.Found) bool {
	a := op.Attr(op.Claim)
	return a != nil && slices.Equal(now.Attrs[a.Name], a.New)
}

func foreignValues(op *plan.Operation, now *plan.Found, expected func(plan.AttrChange, []string) bool) string {
	if now == nil {
		return ""
	}
	var texts []string
	for _, a := range op.Attrs {
		if value := now.Attrs[a.Name]; !expected(a, value) {
			texts = append(texts, fmt.Sprintf("%s is %s, the plan read %s",
				a.Name, quoted(value), quoted(a.Old)))
		}
	}
	return strings.Join(texts, "; ")
}

func quoted(value []string) string {
	if len(value) == 0 {
		return "not set"
	}
	return fmt.Sprintf("%q", strings.Join(value, ", "))
}
