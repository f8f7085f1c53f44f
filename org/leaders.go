package org

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// checkLeaders finds leaders who are not there and units that nobody leads. A unit that
// never had a leader of its own inherits the one above; that is not worth a word.
func (o *Organisation) checkLeaders(today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, u := range o.Units {
		if u.Ended(today) {
			continue
		}
		for _, m := range u.Managers {
			findings = append(findings, o.absences(u, m, today)...)
		}
		if d, ok := o.leaderless(u, today); ok {
			findings = append(findings, d)
		}
	}
	return findings
}

// absences finds times of a leadership, from today on, at which the leader has neither
// engagement nor association anywhere: an error when that is today, else a warning.
func (o *Organisation) absences(u *Unit, m *Manager, today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, s := range staysOf(m.Period, m.personPath, m, m.Versions, func(m *Manager) string { return m.Person }) {
		leading, ok := s.Period.Overlap(u.Period)
		p := o.Person(s.unit)
		if !ok || p == nil || leading.Ended(today) {
			continue
		}
		day, away := firstGap(p.posts(), Period{max(leading.From, today), leading.To})
		switch {
		case away && day == today:
			findings = append(findings, o.finding(schema.Error, "leader-gone", s.path,
				fmt.Sprintf("%s leads %s but has no engagement or association today (%s)", p.label(), u.label(), today),
				"end the leadership (to), name another leader, or state that the post is vacant"))
		case away:
			d := o.finding(schema.Warning, "leader-will-be-gone", s.path,
				fmt.Sprintf("%s leads %s but has no engagement or association from %s", p.label(), u.label(), day),
				"end the leadership the day before, and name another leader or a vacancy from then on")
			d.From = string(day)
			findings = append(findings, d)
		}
	}
	return findings
}

// personPath is Path for a statement of the person, in the shape that staysOf asks for.
func (m *Manager) personPath(fields ...string) Path {
	fields = slices.Clone(fields)
	fields[len(fields)-1] = "person"
	return m.Path(fields...)
}

// posts are the times of the person's engagements and associations that happen.
func (p *Person) posts() []Period {
	var list []Period
	for _, e := range p.Engagements {
		if e.Annulled == "" {
			list = append(list, e.Period)
		}
	}
	for _, a := range p.Associations {
		if a.Annulled == "" {
			list = append(list, a.Period)
		}
	}
	return list
}

// firstGap gives the first day within a time that none of the periods contains.
func firstGap(periods []Period, within Period) (Day, bool) {
	sorted := slices.SortedFunc(slices.Values(periods), func(a, b Period) int { return strings.Compare(string(a.From), string(b.From)) })
	day := within.From
	for _, p := range sorted {
		if !p.Contains(day) {
			continue
		}
		if p.To == "" {
			return "", false
		}
		day = p.To.Add(1)
	}
	return day, within.To == "" || day <= within.To
}

// leaderless finds a unit without a leader: one that has had leaders of its own and from
// some day on has none, nor a stated vacancy; or a root that never had any.
func (o *Organisation) leaderless(u *Unit, today Day) (schema.Diagnostic, bool) {
	from := max(u.From, today)
	if len(u.Managers) == 0 {
		if u.At(from).Parent != "" {
			return schema.Diagnostic{}, false
		}
		d := o.finding(schema.Warning, "no-leader", u.Path(),
			fmt.Sprintf("%s has no leader, and there is no unit above it whose leader it inherits", u.label()),
			"name one in managers, or state that the post is vacant")
		d.From = string(from)
		return d, true
	}
	var led []Period
	for _, m := range u.Managers {
		led = append(led, m.Period)
	}
	day, gap := firstGap(led, Period{from, u.To})
	if !gap {
		return schema.Diagnostic{}, false
	}
	d := o.finding(schema.Warning, "no-leader", u.Path("managers"),
		fmt.Sprintf("%s has neither a leader nor a stated vacancy from %s", u.label(), day),
		"name the next leader, or state that the post is vacant (vacant: true)")
	d.From = string(day)
	return d, true
}
