package review

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// consequences adds what the proposal does in the systems and no change in it says: a unit that closes and takes accounts
// along, a template that renames, a value that is cleared for somebody else.
func (c *classifier) consequences() {
	if c.Plan == nil {
		c.add(Item{Kind: org.KindUnknown})
		return
	}
	said := maps.Clone(c.said) // by changes alone: a consequence does not excuse another one
	seen := map[string]bool{}  // another system may lose the same
	for i := range c.Plan.Operations {
		op := &c.Plan.Operations[i]
		for _, kind := range lossKinds(op) {
			c.consequence(said, seen, kind, op.Name, op.Entry, op.Effect)
		}
	}
	for i := range c.Plan.Coming {
		if coming := &c.Plan.Coming[i]; coming.Origin == plan.FromChange {
			for _, kind := range comingKinds(coming) {
				c.consequence(said, seen, kind, coming.Name, coming.Entry, coming.Day)
			}
		}
	}
}

// lossKinds are the kinds of what an operation takes away because of the proposal.
func lossKinds(op *plan.Operation) []string {
	kinds := map[string]bool{}
	for _, a := range op.Attrs {
		if a.Loss != plan.LossNone && a.Origin == plan.FromChange {
			kinds[kindOfLoss(a.Loss)] = true
		}
	}
	if op.Origin == plan.FromChange {
		switch op.Action {
		case plan.ActionRetire, plan.ActionDelete:
			for _, loss := range op.Loss {
				kinds[kindOfLoss(loss)] = true
			}
			if len(op.Loss) == 0 {
				kinds[org.KindAccountClosed] = true
			}
		case plan.ActionAdopt:
			kinds[org.KindAccount] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

func comingKinds(coming *plan.Coming) []string {
	switch coming.Action {
	case plan.ActionRetire:
		return []string{org.KindAccountClosed}
	case plan.ActionDelete:
		return []string{org.KindDeletion}
	}
	kinds := map[string]bool{}
	for _, a := range coming.Attrs {
		switch {
		case a.Loss == plan.LossRename && len(a.Old) == 0:
		case a.Loss != plan.LossNone:
			kinds[kindOfLoss(a.Loss)] = true
		case len(a.New) == 0:
			kinds[org.KindCleared] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

func kindOfLoss(loss plan.Loss) string {
	if kind := kindsOfLosses[loss]; kind != "" {
		return kind
	}
	return org.KindUnknown
}

func (c *classifier) consequence(said map[string][]string, seen map[string]bool, kind, name string, entry org.Path, effect org.Day) {
	switch root, _, _ := strings.Cut(string(entry), "."); {
	case root == "people":
	case root == "units" && kind != org.KindDeletion:
		kind = org.KindUnit
	case root == "units":
	case root == "robots":
		kind = org.KindRobot
	default:
		kind = org.KindUnknown // no entry states it, so a setting brought it about
	}
	for _, cause := range causes[kind] {
		if slices.Contains(said[entryOf(entry)], cause) {
			return
		}
	}
	once := kind + " " + string(entry)
	if seen[once] {
		return
	}
	seen[once] = true
	item := Item{Kind: kind, Name: name, Path: entry, Effect: effect}
	c.mark(&item)
	c.add(item)
}

// entryOf is the path of the entry that a path lies in, such as people."p1".
func entryOf(path org.Path) string {
	names := schema.SplitPath(string(path))
	if len(names) < 2 {
		return string(path)
	}
	return schema.JoinPath(names[:2]...)
}
