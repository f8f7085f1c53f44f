package intake

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// unitChanges are what the register says otherwise of units themselves. Units that it has and
// no entry names are questions, and so is that one has ended: a reorganisation is decided by
// people, not by payroll.
func (n *night) unitChanges() error {
	for _, u := range n.x.Units {
		s, ok := source.On(u.States, n.opts.Today)
		ended := source.Whole(u.States).Ended(n.opts.Today)
		stands := n.units[u.ID]
		switch {
		case stands == nil && !ended && (n.owns["unitName"] || n.owns["unitPlace"]):
			n.newUnit(u)
		case stands == nil:
		case !ok && ended && stands.Contains(n.opts.Today) && n.onlyCode(stands):
			n.ask(AskUnitEnded, [2]string{"units", stands.Key}, u.Origin, string(source.Whole(u.States).To), string(stands.To))
		case ok && stands.Contains(n.opts.Today):
			if err := n.unitChange(u, s, stands); err != nil {
				return err
			}
		}
	}
	return nil
}

// newUnit asks whether a unit that no entry names is a new one. If it is, the register says what it is called and where it
// stands.
func (n *night) newUnit(u source.Unit) {
	words := n.unitWords(u.ID)
	n.out.Questions = slices.DeleteFunc(n.out.Questions, func(q Question) bool {
		return q.Code == AskUnit && q.Says == words && q.Entry == [2]string{} && len(q.Would) == 0
	})
	s, _ := source.Near(u.States, n.opts.Today)
	from := cmp.Or(string(source.Whole(u.States).From), string(n.opts.Today))
	c := propose.Change{Do: propose.DoCreateUnit, Parent: n.unit(s.Parent, max(n.opts.Today, org.Day(from))), From: org.Day(from), Texts: propose.Texts{
		UnitName: oneLine(s.Name), Codes: map[string]string{n.x.Source: cmp.Or(s.Code, u.ID)},
	}}
	if c.Type = n.class(unitTypeList(), s.Type, cmp.Or(className(n.x, source.ClassUnitType, s.Type), s.Type)); c.Type == "" {
		n.lacks(unitTypeList(), s.Type, className(n.x, source.ClassUnitType, s.Type))
	}
	same := map[string]int{}
	for _, other := range n.org.Units {
		same[propose.KeyOf(other.Name)] = 2
	}
	c.Key = keyOfUnit(c.UnitName, cmp.Or(s.Code, u.ID), same, n.given)
	if c.Parent == "" || c.Type == "" || c.UnitName == "" || schema.IsMasked(c.UnitName) || n.org.Unit(c.Key) != nil {
		n.ask(AskUnit, [2]string{}, u.Origin, words, "")
		return
	}
	n.given[c.Key] = true
	c.New = org.DeriveUUID(org.UUID(n.org.Settings.CVR), "units", n.x.Source, u.ID)
	n.ask(AskUnit, [2]string{"units", c.Key}, u.Origin, words, "", c)
}

// onlyCode reports whether the register knows a unit by one code alone, so that its end is the
// unit's.
func (n *night) onlyCode(u *org.Unit) bool {
	return len(u.At(n.opts.Today).Sources[n.x.Source]) == 1
}

func (n *night) unitChange(u source.Unit, s source.UnitState, stands *org.Unit) error {
	at := stands.At(n.opts.Today)
	if at.Parent == "" {
		return nil // the root is called as the municipality
	}
	if schema.IsMasked(s.Name) {
		n.ask(AskMasked, [2]string{"units", stands.Key}, u.Origin, "", "")
		return nil
	}
	from := max(n.since(s.From), stands.From)
	if from == "" {
		from = n.opts.Today
	}
	var changes []propose.Change
	differs := func(owned, field, says, holds string, c propose.Change) error {
		if !n.owns[owned] || says == "" || says == holds || !n.onlyCode(stands) {
			return nil
		}
		c.Unit, c.From, c.Correct = stands.Key, from, from == stands.From
		byHand, err := n.byHand("units", stands.Key, field)
		if err != nil {
			return err
		}
		if byHand {
			n.ask(AskByHand, [2]string{"units", stands.Key}, u.Origin, says, holds, c)
			return nil
		}
		changes = append(changes, c)
		return nil
	}
	if err := differs("unitName", "name", oneLine(s.Name), at.Name, propose.Change{Do: propose.DoRenameUnit, Texts: propose.Texts{UnitName: oneLine(s.Name)}}); err != nil {
		return err
	}
	parent := n.unit(s.Parent, n.opts.Today)
	if err := differs("unitPlace", "parent", parent, n.above(at), propose.Change{Do: propose.DoMoveUnit, Parent: parent}); err != nil {
		return err
	}
	if len(changes) > 0 {
		n.out.Proposals = append(n.out.Proposals, Proposal{Changes: changes, Origin: u.Origin})
	}
	return nil
}

// above is the unit above one on the day.
func (n *night) above(at *org.Unit) string {
	if u := n.org.StandingOn(at.Parent, n.opts.Today); u != nil {
		return u.Key
	}
	return at.Parent
}
