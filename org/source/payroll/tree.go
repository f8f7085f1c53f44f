package payroll

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/org/source"
)

// namedRoots bounds how many roots a note names.
const namedRoots = 10

// Tree looks at which unit is above which on the extract's day, or where a unit begins later,
// then, and notes what is no tree: a unit above that the register does not have, several
// roots, and circles. The reference to an unknown unit stays as it stands. A circle is opened
// at its unit with the lowest ID, so that who goes upwards comes to an end.
func (n *Notes) Tree(x *source.Extract) {
	at := map[string]*source.UnitState{}
	var roots []string
	for i := range x.Units {
		u := &x.Units[i]
		if state := near(u, x); state != nil {
			at[u.ID] = state
			if state.Parent == "" && state.Contains(x.Day) {
				roots = append(roots, fmt.Sprintf("%s (%s)", state.Name, Known(u.ID, state)))
			}
		}
	}
	exists := map[string]bool{}
	for _, u := range x.Units {
		exists[u.ID] = true
	}
	for _, u := range x.Units {
		if state := at[u.ID]; state != nil && state.Parent != "" && !exists[state.Parent] {
			n.Add(u.Origin, NoteUnknownUnit, "Enheden %s ligger under en enhed, der ikke findes (%s).", Known(u.ID, state), state.Parent)
		}
	}
	if len(roots) > 1 {
		more := ""
		if len(roots) > namedRoots {
			roots, more = roots[:namedRoots], " …"
		}
		n.Add(source.Origin{Document: x.Units[0].Origin.Document}, NoteRoots, "Flere enheder ligger ikke under nogen enhed: %s%s.", strings.Join(roots, ", "), more)
	}
	n.circles(x, at)
}

func near(u *source.Unit, x *source.Extract) *source.UnitState {
	for i := range u.States {
		if s := &u.States[i]; !s.Ended(x.Day) {
			return s
		}
	}
	return nil
}

// circles opens each circle, once.
func (n *Notes) circles(x *source.Extract, at map[string]*source.UnitState) {
	origins := map[string]source.Origin{}
	for _, u := range x.Units {
		origins[u.ID] = u.Origin
	}
	walk := map[string]int{} // in which walk a unit was come by
	for i, u := range x.Units {
		id := u.ID
		for at[id] != nil && walk[id] == 0 {
			walk[id] = i + 1
			id = at[id].Parent
		}
		if at[id] == nil || walk[id] != i+1 {
			continue
		}
		lowest := id
		for next := at[id].Parent; next != id; next = at[next].Parent {
			lowest = min(lowest, next)
		}
		n.Add(origins[lowest], NoteCircle, "Enheden %s ligger under sig selv. Dens overenhed er ikke taget med.", Known(lowest, at[lowest]))
		at[lowest].Parent = ""
	}
}

// Known is what people know a unit by: its code, or else its ID.
func Known(id string, state *source.UnitState) string {
	if state != nil && state.Code != "" {
		return state.Code
	}
	return id
}
