package org

import (
	"fmt"
	"maps"
	"slices"

	"orgit.dk/orgit/schema"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// dated is something with days of its own, wherever it stands.
type dated struct {
	what string // in words, for messages
	at   interface{ Path(fields ...string) Path }
	Period
	annulled Day
	on       []Day
}

// everyDated calls yield for everything in the organisation that has days, in the order
// of keys.
func (o *Organisation) everyDated(yield func(dated)) {
	for _, u := range o.Units {
		yield(dated{"the unit", u, u.Period, "", amendmentDays(u.Versions)})
		for _, m := range u.Managers {
			yield(dated{"the leadership", m, m.Period, "", amendmentDays(m.Versions)})
		}
	}
	for _, p := range o.People {
		yield(dated{"the person", p, Period{}, "", amendmentDays(p.Versions)})
		for _, e := range p.Engagements {
			yield(dated{"the engagement", e, e.Period, e.Annulled, amendmentDays(e.Versions)})
			for _, l := range e.Leaves {
				yield(dated{"the leave", leaveOf{e, l.Key}, l.Period, "", nil})
			}
		}
		for _, a := range p.Associations {
			yield(dated{"the association", a, a.Period, a.Annulled, amendmentDays(a.Versions)})
		}
	}
	for _, r := range o.Robots {
		yield(dated{"the robot", r, r.Period, "", amendmentDays(r.Versions)})
	}
	for _, s := range o.Systems {
		yield(dated{"the system", s, Period{}, "", amendmentDays(s.Versions)})
		for _, j := range s.Jobs {
			yield(dated{"the job role", j, j.Period, "", amendmentDays(j.Versions)})
		}
	}
	for _, g := range o.RoleGroups {
		yield(dated{"the role group", g, g.Period, "", amendmentDays(g.Versions)})
	}
	for _, a := range o.Assignments {
		yield(dated{"the assignment", a, a.Period, "", nil})
	}
	for _, c := range o.Conflicts {
		yield(dated{"the conflict", c, c.Period, "", nil})
		for _, e := range c.Exceptions {
			yield(dated{"the exception", e, e.Period, "", nil})
		}
	}
	for _, a := range o.Accounts {
		yield(dated{"the account", a, a.Period, "", amendmentDays(a.Versions)})
	}
}

// leaveOf is where a leave stands.
type leaveOf struct {
	*Engagement
	key string
}

// Path is where the leave stands in the files.
func (l leaveOf) Path(fields ...string) Path {
	return l.Engagement.Path(append([]string{"leaves", l.key}, fields...)...)
}

func amendmentDays[T any](versions []Version[T]) []Day {
	var days []Day
	for _, v := range versions {
		days = append(days, v.From)
	}
	return days
}

// impossibleDays finds days that the calendar does not have, such as 2026-02-31, which
// the definitions let pass.
func impossibleDays(o *Organisation) []schema.Diagnostic {
	var findings []schema.Diagnostic
	known := map[Day]bool{"": true}
	see := func(day Day, path func() Path) {
		if known[day] {
			return
		}
		if _, err := ParseDay(string(day)); err != nil {
			findings = append(findings, o.finding(schema.Error, "impossible-day", path(),
				fmt.Sprintf("the calendar has no day %s", day), "write the day that is meant"))
			return
		}
		known[day] = true
	}
	o.everyDated(func(d dated) {
		see(d.From, func() Path { return d.at.Path("from") })
		see(d.To, func() Path { return d.at.Path("to") })
		see(d.annulled, func() Path { return d.at.Path("annulled") })
		for _, day := range d.on {
			see(day, func() Path { return d.at.Path("on", string(day)) })
		}
	})
	for _, a := range o.Allowances {
		see(a.Day, func() Path { return PathOf("allowances", a.Key, "day") })
	}
	for i, s := range o.Settings.Review.Substitutes {
		see(s.From, func() Path { return Path(fmt.Sprintf("review.substitutes[%d].from", i)) })
		see(s.To, func() Path { return Path(fmt.Sprintf("review.substitutes[%d].to", i)) })
	}
	return findings
}

// checkPeriods finds ends before beginnings and amendments outside the time of what they
// amend.
func (o *Organisation) checkPeriods() []schema.Diagnostic {
	var findings []schema.Diagnostic
	o.everyDated(func(d dated) {
		if d.To != "" && d.To < d.From {
			findings = append(findings, o.finding(schema.Error, "to-before-from", d.at.Path("to"),
				fmt.Sprintf("%s ends on %s, before it begins on %s", d.what, d.To, d.From),
				"to is the last day (til og med); what never happened is annulled instead"))
			return
		}
		for _, day := range d.on {
			if !d.Contains(day) {
				findings = append(findings, o.finding(schema.Error, "amendment-outside", d.at.Path("on", string(day)),
					fmt.Sprintf("%s is amended on %s, outside its time (%s)", d.what, day, d.Period.words()),
					"move the amendment into that time, or change the time"))
			}
		}
	})
	return findings
}

// words writes the period for a reader.
func (p Period) words() string {
	from, to := string(p.From), string(p.To)
	switch {
	case from == "" && to == "":
		return "always"
	case from == "":
		return "until " + to
	case to == "":
		return "from " + from
	}
	return from + " to " + to
}
