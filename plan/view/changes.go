package view

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// changes tells what the proposal changes, unit by unit. The first load is told in
// numbers: everything is new.
func (c *composer) changes() section {
	s := section{title: phrase{"Ændringer i organisationen", "Changes in the organisation"}.in(c.lang)}
	if c.first && isFirstLoad(c.plan.Changes) {
		s.groups = []group{{lines: c.summary()}}
		return s
	}
	changes, left := c.plan.Changes, 0
	if c.most > 0 && len(changes) > c.most+1 {
		changes, left = changes[:c.most], len(changes)-c.most
	}
	unit := "\x00"
	for _, ch := range changes {
		if ch.Unit != unit {
			unit = ch.Unit
			s.groups = append(s.groups, group{title: c.unitTitle(ch)})
		}
		g := &s.groups[len(s.groups)-1]
		g.lines = append(g.lines, line{mark: changeMark(ch), text: change.Sentence(ch, c.lang)})
	}
	if left > 0 {
		s.groups = append(s.groups, group{more: c.rest.format(c.lang, left)})
	}
	return s
}

// unitTitle names the unit under which changes stand, with the units above it.
func (c *composer) unitTitle(ch change.Change) string {
	trail := c.look.Trail(ch.Unit)
	switch {
	case len(trail) > 0:
		return strings.Join(trail, " › ")
	case ch.Unit == "":
		return phrase{"Hele kommunen", "The whole municipality"}.in(c.lang)
	case ch.Subject.Kind == change.SubjectUnit:
		return ch.Subject.Name
	}
	return ch.Unit
}

func changeMark(ch change.Change) mark {
	switch ch.Kind {
	case change.Hire, change.Rehire, change.Associate, change.UnitCreate:
		return markAdd
	case change.Leave, change.Annul, change.Dissociate, change.UnitClose, change.UnitRemoved, change.PersonRemoved, change.Vacate:
		return markRemove
	}
	switch ch.Field {
	case change.FieldNew:
		return markAdd
	case change.FieldRemoved:
		return markRemove
	}
	return markChange
}

func isFirstLoad(changes []change.Change) bool {
	return slices.ContainsFunc(changes, func(ch change.Change) bool {
		return ch.Kind == change.Settings && ch.Field == change.FieldNew
	})
}

// summary counts the first load by what is new.
func (c *composer) summary() []line {
	counts := []struct {
		name  counted
		kinds []change.Kind
	}{
		{counted{phrase{"enhed", "unit"}, phrase{"enheder", "units"}}, []change.Kind{change.UnitCreate}},
		{counted{phrase{"ansættelse", "job"}, phrase{"ansættelser", "jobs"}}, []change.Kind{change.Hire, change.Rehire}},
		{counted{phrase{"tilknytning uden løn", "association without pay"}, phrase{"tilknytninger uden løn", "associations without pay"}}, []change.Kind{change.Associate}},
		{counted{phrase{"leder", "leader"}, phrase{"ledere", "leaders"}}, []change.Kind{change.Appoint, change.AppointActing, change.LeaderChange}},
		{counted{phrase{"brugerkonto", "account"}, phrase{"brugerkonti", "accounts"}}, []change.Kind{change.Account}},
		{counted{phrase{"robot", "robot"}, phrase{"robotter", "robots"}}, []change.Kind{change.Robot}},
	}
	lines := []line{{mark: markAdd, text: phrase{
		"Organisationen læses ind for første gang; alt i den er nyt:",
		"The organisation is read for the first time; everything in it is new:",
	}.in(c.lang)}}
	for _, count := range counts {
		n := 0
		for _, ch := range c.plan.Changes {
			if slices.Contains(count.kinds, ch.Kind) {
				n++
			}
		}
		if n > 0 {
			lines[0].under = append(lines[0].under, count.name.of(n, c.lang))
		}
	}
	return lines
}

// coming tells what later days bring, by day. What was approved earlier is told in
// numbers, so that what follows from the proposal can be seen.
func (c *composer) coming() section {
	s := section{title: phrase{"De kommende dage", "The days to come"}.in(c.lang)}
	coming, said := c.plan.Coming, 0
	for len(coming) > 0 {
		next := slices.IndexFunc(coming, func(x plan.Coming) bool { return x.Day != coming[0].Day })
		if next < 0 {
			next = len(coming)
		}
		g := group{title: change.Day(coming[0].Day, c.lang), lines: c.comingDay(coming[:next])}
		if said += len(g.lines); c.most > 0 && said > c.most {
			s.groups = append(s.groups, group{more: c.rest.format(c.lang, len(coming))})
			return s
		}
		s.groups = append(s.groups, g)
		coming = coming[next:]
	}
	return s
}

func (c *composer) comingDay(coming []plan.Coming) []line {
	var lines []line
	approved := map[string]tally{}
	for _, x := range coming {
		if c.most == 0 || x.Origin == plan.FromChange {
			lines = append(lines, c.comingLine(x))
			continue
		}
		if approved[x.Target] == nil {
			approved[x.Target] = tally{}
		}
		approved[x.Target].add(x.Object.Kind, verbOf(x.Action, x.Attrs))
	}
	if len(lines) > c.most && c.most > 0 {
		g := c.cut(lines, c.most/2)
		lines = append(slices.Clone(g.lines), line{text: g.more})
	}
	var parts []string
	for _, t := range c.plan.Targets {
		if counts := approved[t.Name]; counts != nil {
			parts = append(parts, c.tallyText(t, counts))
		}
	}
	if len(parts) > 0 {
		lines = append(lines, line{mark: markChange, text: phrase{"Godkendt tidligere: %s.", "Approved earlier: %s."}.format(c.lang, strings.Join(parts, "; "))})
	}
	return lines
}

func (c *composer) comingLine(x plan.Coming) line {
	v := verbOf(x.Action, x.Attrs)
	text := c.object(x.Target, x.Object, x.Name) + " " + v.say(1, c.lang)
	if v == verbChange || v == verbMove {
		var names []string
		for _, a := range x.Attrs {
			names = append(names, attribute(x.Target, a.Name, c.lang))
		}
		text += ": " + strings.Join(names, ", ")
	}
	origin := phrase{"følger af dette forslag", "from this proposal"}
	if x.Origin != plan.FromChange {
		origin = phrase{"godkendt tidligere", "approved earlier"}
	}
	return line{mark: v.mark(), text: fmt.Sprintf("%s (%s).", text, origin.in(c.lang))}
}
