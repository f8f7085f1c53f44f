package org

import (
	"fmt"

	"orgit.dk/orgit/schema"
)

// stay is a time in one unit, as an engagement or association states it.
type stay struct {
	Period
	unit string
	path Path // of the statement of the unit
}

// staysOf takes the time of a post apart by the unit that it is in.
func staysOf[T any](period Period, path func(...string) Path, base *T, versions []Version[T], unit func(*T) string) []stay {
	stays := []stay{{period, unit(base), path("unit")}}
	for _, v := range versions {
		last := &stays[len(stays)-1]
		if key := unit(v.State); key != last.unit {
			last.To = v.From.Add(-1)
			stays = append(stays, stay{Period{v.From, period.To}, key, path("on", string(v.From), "unit")})
		}
	}
	return stays
}

// checkPosts finds engagements and associations at a time when their unit is not there
// and has no successor that takes them over: before it begins, or after it has ended.
// When the unit ends only after today, that is a warning with the day after as its date.
func (o *Organisation) checkPosts(today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, p := range o.People {
		for _, e := range p.Engagements {
			if e.Annulled != "" {
				continue
			}
			who := fmt.Sprintf("the engagement %q of %s", e.Key, p.label())
			stays := staysOf(e.Period, e.Path, e, e.Versions, func(e *Engagement) string { return e.Unit })
			findings = o.appendHomeless(findings, who, stays, today)
		}
		for _, a := range p.Associations {
			if a.Annulled != "" {
				continue
			}
			who := fmt.Sprintf("the association %q of %s", a.Key, p.label())
			stays := staysOf(a.Period, a.Path, a, a.Versions, func(a *Association) string { return a.Unit })
			findings = o.appendHomeless(findings, who, stays, today)
		}
	}
	return findings
}

func (o *Organisation) appendHomeless(findings []schema.Diagnostic, who string, stays []stay, today Day) []schema.Diagnostic {
	for _, s := range stays {
		u := o.Unit(s.unit)
		if u == nil || s.To != "" && s.To < s.From {
			continue // that is another rule's finding
		}
		if s.From < u.From {
			findings = append(findings, o.finding(schema.Error, "outside-unit", s.path,
				fmt.Sprintf("%s is in %s from %s, but the unit begins only on %s", who, u.label(), s.From, u.From),
				"let it begin later, or the unit earlier"))
		}
		if day, away := o.firstDayAway(s); away {
			findings = append(findings, o.homeless(who, u, s, day, today))
		}
	}
	return findings
}

// firstDayAway gives the first day of a stay on which neither the unit nor a successor
// is there, though the unit has begun.
func (o *Organisation) firstDayAway(s stay) (Day, bool) {
	u := o.Unit(s.unit)
	day := max(s.From, u.From)
	for range len(o.units) + 1 {
		if !s.Contains(day) {
			return "", false
		}
		at := o.StandingOn(s.unit, day)
		if at == nil {
			return day, true
		}
		if at.To == "" {
			return "", false
		}
		day = at.To.Add(1)
	}
	return "", false // a circle of successors: another rule's finding
}

func (o *Organisation) homeless(who string, u *Unit, s stay, day, today Day) schema.Diagnostic {
	hint := "state who takes over (successor on the unit), move the engagement, or end it"
	if s.From >= day || day <= today {
		d := o.finding(schema.Error, "outside-unit", s.path,
			fmt.Sprintf("%s is in %s, which ended on %s without a successor that goes on", who, u.label(), u.To), hint)
		d.From = string(day)
		return d
	}
	d := o.finding(schema.Warning, "outlives-unit", s.path,
		fmt.Sprintf("%s goes on after %s ends on %s, and no successor goes on", who, u.label(), u.To), hint)
	d.From = string(day)
	return d
}
