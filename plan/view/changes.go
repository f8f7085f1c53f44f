package view

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
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
		g.lines = append(g.lines, line{mark: changeMark(ch.Kind), text: change.Sentence(ch, c.lang)})
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

func changeMark(k change.Kind) mark {
	switch k {
	case change.Hire, change.Rehire, change.Associate, change.UnitCreate:
		return markAdd
	case change.Leave, change.Annul, change.Dissociate, change.UnitClose, change.UnitRemoved, change.PersonRemoved, change.Vacate:
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

// coming tells what later days bring, by day.
func (c *composer) coming() section {
	s := section{title: phrase{"De kommende dage", "The days to come"}.in(c.lang)}
	coming, left := c.plan.Coming, 0
	if c.most > 0 && len(coming) > c.most+1 {
		coming, left = coming[:c.most], len(coming)-c.most
	}
	day := org.Day("")
	for _, x := range coming {
		if x.Day != day {
			day = x.Day
			s.groups = append(s.groups, group{title: change.Day(day, c.lang)})
		}
		g := &s.groups[len(s.groups)-1]
		g.lines = append(g.lines, c.comingLine(x))
	}
	if left > 0 {
		s.groups = append(s.groups, group{more: c.rest.format(c.lang, left)})
	}
	return s
}

func (c *composer) comingLine(x plan.Coming) line {
	v := verbOf(x.Action, x.Attrs)
	text := c.object(x.Target, x.Object, x.Name) + " " + v.say(1, c.lang)
	if x.Action == plan.ActionUpdate {
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
