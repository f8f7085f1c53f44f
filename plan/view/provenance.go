package view

import (
	"fmt"
	"maps"
	"slices"
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
	lines := []string{phrase{"Grundlag", "Made of"}.in(c.lang) + ": " + strings.Join(parts, ", ") + "."}
	if p.Snapshot != nil {
		lines = append(lines, c.snapshot(p.Snapshot)...)
	}
	return lines
}

// snapshot says what a plan cannot know for which no system was read.
func (c *composer) snapshot(s *plan.SnapshotSource) []string {
	lines := []string{phrase{
		"Systemerne er ikke læst til planen: den er lavet af et øjebliksbillede af dem. Hvad nogen har rettet siden, står her ikke; orgit apply læser dem selv.",
		"The systems were not read for the plan: it was made from a snapshot of them. What somebody has changed since is not in it; orgit apply reads them itself.",
	}.in(c.lang)}
	if s.Old {
		lines = append(lines, phrase{
			"ADVARSEL: Øjebliksbilledet er ældre, end det bør være. Se, om kørslen på main er gået godt.",
			"WARNING: The snapshot is older than it should be. See whether the run on main went well.",
		}.in(c.lang))
	}
	for _, target := range slices.Sorted(maps.Keys(s.Unseen)) {
		said := counted{phrase{
			"objekt, som filerne nævner nu, er ikke slået op i %s; planen regner med, at det ikke findes der i forvejen.",
			"object that the files name now was not looked for in %s; the plan takes it not to be there already.",
		}, phrase{
			"objekter, som filerne nævner nu, er ikke slået op i %s; planen regner med, at de ikke findes der i forvejen.",
			"objects that the files name now were not looked for in %s; the plan takes them not to be there already.",
		}}.of(s.Unseen[target], c.lang)
		lines = append(lines, fmt.Sprintf(said, TargetName(target)))
	}
	return lines
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
	said := phrase{"Systemerne blev læst %s kl. %s", "The systems were read on %s at %s"}
	if p.Provenance.Snapshot != nil {
		said = phrase{"Øjebliksbilledet blev læst %s kl. %s", "The snapshot was read on %s at %s"}
	}
	text := said.format(
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
