package view

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// hiddenValue takes the place of what may not be shown.
const hiddenValue = "hidden: protected address"

// shielded gives the plan without the phones and rooms of people whose address is
// protected: what a system still holds must not reach a note or a screen.
func shielded(p *plan.Plan, look Lookup) *plan.Plan {
	hidden := *p
	hidden.Operations = slices.Clone(p.Operations)
	for i := range hidden.Operations {
		op := &hidden.Operations[i]
		op.Attrs = hideAttrs(op.Attrs, look.Shielded(op.Entry))
	}
	hidden.Coming = slices.Clone(p.Coming)
	for i := range hidden.Coming {
		c := &hidden.Coming[i]
		c.Attrs = hideAttrs(c.Attrs, look.Shielded(c.Entry))
	}
	hidden.Drift = slices.Clone(p.Drift)
	for i := range hidden.Drift {
		d := &hidden.Drift[i]
		d.Attrs = hideAttrs(d.Attrs, look.Shielded(d.Entry))
	}
	return &hidden
}

// hideAttrs hides values when the person is shielded, or when that is why they change.
func hideAttrs(attrs []plan.AttrChange, person bool) []plan.AttrChange {
	attrs = slices.Clone(attrs)
	for i := range attrs {
		a := &attrs[i]
		if hiddenOf[a.Name] && person || containsShielding(a.Why) {
			a.Old, a.New = hide(a.Old), hide(a.New)
			a.ShowOld, a.ShowNew = "", ""
			a.Why = hideFacts(a.Why)
		}
	}
	return attrs
}

func hide(v []string) []string {
	if len(v) == 0 {
		return nil
	}
	return []string{hiddenValue}
}

func isHidden(v []string) bool { return len(v) == 1 && v[0] == hiddenValue }

// containsShielding reports whether an attribute has to do with the protection of an
// address: what is cleared for it, and what the settings make of what is protected.
func containsShielding(facts []org.Fact) bool { return slices.ContainsFunc(facts, isShielding) }

func isShielding(f org.Fact) bool { return strings.HasSuffix(string(f.Path), ".shielded") }

// hideFacts keeps where the facts stand and leaves out what they say, but for the fact
// that the person is shielded.
func hideFacts(facts []org.Fact) []org.Fact {
	facts = slices.Clone(facts)
	for i := range facts {
		if !isShielding(facts[i]) {
			facts[i].Value = ""
		}
	}
	return facts
}
