package view

import (
	"strings"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// provenance says what the plan was made of. It names no time: the same plan gives the
// same text.
func (c *composer) provenance() []string {
	p := c.plan.Provenance
	commit := short(p.Commit)
	if p.Uncommitted {
		commit = phrase{"filer, der ikke er gemt i git", "files that are not committed"}.in(c.lang)
	}
	var parts []string
	add := func(name phrase, value string) {
		if value != "" {
			parts = append(parts, name.in(c.lang)+" "+value)
		}
	}
	add(phrase{"planlagt:", "planned:"}, commit)
	add(phrase{"godkendt:", "approved:"}, short(p.Base))
	add(phrase{"orgit", "orgit"}, p.Tool)
	add(phrase{"skema", "schema"}, short(p.Schema))
	add(phrase{"plan", "plan"}, short(c.plan.Digest))
	return []string{phrase{"Grundlag", "Made of"}.in(c.lang) + ": " + strings.Join(parts, ", ") + "."}
}

// short cuts a digest or commit to what tells it apart.
func short(digest string) string {
	if len(digest) > 12 {
		return digest[:12]
	}
	return digest
}

// readAt says when the systems were read, and how long ago where now is known.
func readAt(p *plan.Plan, now time.Time) string {
	at, err := time.Parse(time.RFC3339, p.Provenance.Read)
	if err != nil {
		return ""
	}
	local := at
	if zone, err := org.Copenhagen(); err == nil {
		local = at.In(zone)
	}
	text := phrase{"Systemerne blev læst %s kl. %s", "The systems were read on %s at %s"}.format(
		p.Language, change.Day(org.Day(local.Format(time.DateOnly)), p.Language), local.Format("15.04"))
	if !now.IsZero() {
		text += phrase{", for %s siden", ", %s ago"}.format(p.Language, age(now.Sub(at), p.Language))
	}
	return text + "."
}

// age writes a time span in the largest unit that fits.
func age(d time.Duration, lang string) string {
	units := []struct {
		length time.Duration
		name   counted
	}{
		{24 * time.Hour, counted{phrase{"dag", "day"}, phrase{"dage", "days"}}},
		{time.Hour, counted{phrase{"time", "hour"}, phrase{"timer", "hours"}}},
		{time.Minute, counted{phrase{"minut", "minute"}, phrase{"minutter", "minutes"}}},
	}
	for _, u := range units {
		if n := int(d / u.length); n > 0 {
			return u.name.of(n, lang)
		}
	}
	return phrase{"mindre end et minut", "less than a minute"}.in(lang)
}
