package view

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// The sections of this file are those of a plan as a note has them: for a working group that reads it once and decides.

// lossesNowAndLater adds to what cannot be undone today what the proposal takes away on later days. A unit that closes at
// the turn of the year is approved now.
func (c *composer) lossesNowAndLater() section {
	s := c.irreversible()
	if len(s.groups) == 0 || len(s.groups[0].lines) == 0 {
		s.groups = nil
	}
	var lines []line
	for _, x := range c.plan.Coming {
		if what := c.laterLoss(x); x.Origin == plan.FromChange && what != "" {
			lines = append(lines, line{mark: markRemove, text: fmt.Sprintf("%s: %s %s.", change.Day(x.Day, c.lang), c.object(x.Target, x.Object, x.Name), what)})
		}
	}
	if len(lines) > 0 {
		g := c.cut(lines, c.most)
		g.title = phrase{"Senere, som følge af forslaget", "Later, because of the proposal"}.in(c.lang)
		s.groups = append(s.groups, g)
	}
	return s
}

// laterLoss says what a later day takes away from an object; empty when that is nothing.
func (c *composer) laterLoss(x plan.Coming) string {
	if v := verbOf(x.Action, x.Attrs); v.mark() == markRemove {
		return v.say(1, c.lang)
	}
	op := plan.Operation{Target: x.Target}
	for _, a := range x.Attrs {
		switch { // an expected attribute has the loss that it would be, whether or not there is one
		case len(a.Old) > 0 && len(a.New) == 0:
			a.Loss = plan.LossClear
		case len(a.Old) == 0 || a.Loss != plan.LossRename:
			a.Loss = plan.LossNone
		}
		op.Attrs = append(op.Attrs, a)
	}
	return joined(c.lossWords(&op), c.lang)
}

// warnings lists what the proposal brings into the files that stops nothing and that somebody should look at.
func (c *composer) warnings(opts NoteOptions) section {
	var lines []line
	for _, d := range opts.Warnings {
		lines = append(lines, findingLine(d.Masked(), c.lang, []*org.Organisation{opts.Planned, opts.Approved}))
	}
	return c.list(phrase{"Værd at se på", "Worth a look"}, lines, c.most)
}

// mostDays is how many effect days are counted one by one.
const mostDays = 8

// changesByDay says above the changes how many there are of each effect day.
func (c *composer) changesByDay() section {
	s := c.changes()
	if c.first && isFirstLoad(c.plan.Changes) {
		return s
	}
	byDay := map[org.Day]int{}
	for _, ch := range c.plan.Changes {
		byDay[ch.Effect]++
	}
	var parts []string
	var days []org.Day
	for day := range byDay {
		if day != "" {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	for i, day := range days {
		if i == mostDays {
			parts = append(parts, phrase{"resten senere", "the rest later"}.in(c.lang))
			break
		}
		parts = append(parts, phrase{"%d den %s", "%d on %s"}.format(c.lang, byDay[day], change.Day(day, c.lang)))
	}
	if n := byDay[""]; n > 0 {
		parts = append(parts, phrase{"%d uden dag, for eksempel rettelser", "%d without a day, such as corrections"}.format(c.lang, n))
	}
	if len(parts) > 0 {
		s.intro = phrase{"Virkning: ", "Effect: "}.in(c.lang) + strings.Join(parts, "; ") + "."
	}
	return s
}

// comingFolded folds the coming days away: they say of each system's objects what the changes above say of people and units.
func (c *composer) comingFolded() section {
	s := c.coming()
	if s.empty() {
		return s
	}
	ours := 0
	for _, x := range c.plan.Coming {
		if x.Origin == plan.FromChange {
			ours++
		}
	}
	s.title = phrase{"De kommende dage i systemerne", "The days to come in the systems"}.in(c.lang)
	s.intro = phrase{
		"%d følger af dette forslag, %d er godkendt tidligere.",
		"%d from this proposal, %d approved earlier.",
	}.format(c.lang, ours, len(c.plan.Coming)-ours)
	if ours == 0 {
		s.intro = phrase{"det hele er godkendt tidligere.", "all of it was approved earlier."}.in(c.lang)
	}
	s.technical = true
	return s
}

// toldApart gives the plan with those people's objects named by more than the name whose name somebody else has too: one
// in thirty shares it, and a group must not approve that the wrong one is closed.
func toldApart(p *plan.Plan, o *org.Organisation) *plan.Plan {
	if o == nil {
		return p
	}
	persons := change.Persons(o)
	name := func(entry org.Path, name string) string {
		key, ok := strings.CutPrefix(string(entry), `people."`)
		key, _, _ = strings.Cut(key, `"`)
		person := o.Person(key)
		if !ok || person == nil || name == "" {
			return name
		}
		s, shared := persons(person, p.Day)
		if !shared {
			return name
		}
		var parts []string
		if name == s.Name && s.About != "" {
			parts = append(parts, s.About)
		}
		if s.Number != "" {
			parts = append(parts, phrase{"nr. ", "no. "}.in(p.Language)+s.Number)
		}
		if len(parts) == 0 {
			return name
		}
		return name + " (" + strings.Join(parts, ", ") + ")"
	}
	told := *p
	told.Operations, told.Coming = slices.Clone(p.Operations), slices.Clone(p.Coming)
	told.Drift, told.Attention = slices.Clone(p.Drift), slices.Clone(p.Attention)
	for i := range told.Operations {
		told.Operations[i].Name = name(told.Operations[i].Entry, told.Operations[i].Name)
	}
	for i := range told.Coming {
		told.Coming[i].Name = name(told.Coming[i].Entry, told.Coming[i].Name)
	}
	for i := range told.Drift {
		told.Drift[i].Name = name(told.Drift[i].Entry, told.Drift[i].Name)
	}
	for i := range told.Attention {
		told.Attention[i].Name = name(told.Attention[i].Path, told.Attention[i].Name)
	}
	return &told
}
