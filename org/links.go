package org

import (
	"fmt"
	"slices"

	"orgit.dk/orgit/schema"
)

// checkLinks finds payout units and contact places at a time when the unit that is named
// is not there and has no successor that takes over. What comes about only after today is
// a warning with the day as its date.
func (o *Organisation) checkLinks(today Day) []schema.Diagnostic {
	var findings []schema.Diagnostic
	for _, u := range o.Units {
		if u.Ended(today) {
			continue
		}
		for _, l := range linksOf(u) {
			findings = o.appendLoose(findings, u, l, today)
		}
	}
	return findings
}

// link is a time in which a unit names another one for something.
type link struct {
	stay
	word string // what for
}

// linksOf gives what a unit names, from the state in which it begins to until the one in
// which it does not any more.
func linksOf(u *Unit) []link {
	var links []link
	for i, s := range append([]*Unit{u}, statesOf(u.Versions)...) {
		var at []string
		from := u.From
		if i > 0 {
			from = u.Versions[i-1].From
			at = []string{"on", string(from)}
		}
		now := namedBy(s)
		for j := range links {
			if l := &links[j]; l.To == u.To && !slices.ContainsFunc(now, l.same) {
				l.To = from.Add(-1)
			}
		}
		for _, n := range now {
			if !slices.ContainsFunc(links, func(l link) bool { return l.To == u.To && l.same(n) }) {
				n.Period = Period{from, u.To}
				n.path = u.Path(append(at, n.field...)...)
				links = append(links, n.link)
			}
		}
	}
	return links
}

// naming is a link in one state of a unit.
type naming struct {
	link
	field []string
}

func (l link) same(n naming) bool { return l.word == n.word && l.unit == n.unit }

func namedBy(u *Unit) []naming {
	var all []naming
	if u.PayoutUnit.Key != "" {
		all = append(all, naming{link{stay{unit: u.PayoutUnit.Key}, "payout unit"}, []string{"payoutUnit"}})
	}
	for i, key := range u.ContactUnits {
		all = append(all, naming{link{stay{unit: key}, "contact place"}, []string{"contactUnits", fmt.Sprint(i)}})
	}
	return all
}

func (o *Organisation) appendLoose(findings []schema.Diagnostic, u *Unit, l link, today Day) []schema.Diagnostic {
	named := o.Unit(l.unit)
	if named == nil || l.To != "" && (l.To < l.From || l.Ended(today)) {
		return findings // another rule's finding, or over
	}
	if l.From < named.From && named.From > today {
		findings = append(findings, o.finding(schema.Error, "link-away", l.path,
			fmt.Sprintf("%s names %s as its %s from %s, but that unit begins only on %s", u.label(), named.label(), l.word, l.From, named.From),
			"amend it from the day on which the unit begins"))
	}
	within := l.stay
	within.From = max(within.From, today)
	day, away := o.firstDayAway(within)
	if !away {
		return findings
	}
	severity, when := schema.Warning, "ends"
	if day <= today {
		severity, when = schema.Error, "ended"
	}
	d := o.finding(severity, "link-away", l.path,
		fmt.Sprintf("%s names %s as its %s, which %s on %s without a successor that goes on", u.label(), named.label(), l.word, when, named.To),
		"name a successor of "+named.label()+", or amend what names it from the day after")
	d.From = string(day)
	return append(findings, d)
}
