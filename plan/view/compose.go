package view

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// composer makes a document of a plan.
type composer struct {
	plan *plan.Plan
	look Lookup
	lang string
	most int    // how many lines a list may have; 0 when there is no bound
	rest phrase // how to see what was left out; takes the number
	// first says that a first load is told in numbers, not object by object.
	first bool
	// brief leaves the single values of new objects out.
	brief bool
}

func (c *composer) document() document {
	doc := document{title: c.title(), verdict: c.verdict(), counts: c.counts(), last: c.provenance()}
	for _, s := range []section{
		c.irreversible(), c.refusals(), c.human(), c.waiting(), c.changes(), c.coming(),
	} {
		if !s.empty() {
			doc.sections = append(doc.sections, s)
		}
	}
	for i := range c.plan.Targets {
		if s := c.operations(&c.plan.Targets[i]); !s.empty() {
			doc.sections = append(doc.sections, s)
		}
	}
	for _, s := range []section{c.drift(), c.foreign()} {
		if !s.empty() {
			doc.sections = append(doc.sections, s)
		}
	}
	return doc
}

// cut keeps as many lines as a list may have and says how many are left out.
func (c *composer) cut(lines []line, most int) group {
	if most == 0 || len(lines) <= most+1 { // one line more is no longer than to say that it is left out
		return group{lines: lines}
	}
	return group{lines: lines[:most], more: c.rest.format(c.lang, len(lines)-most)}
}

// list is a section of one list without headings.
func (c *composer) list(title phrase, lines []line, most int) section {
	return section{title: title.in(c.lang), groups: []group{c.cut(lines, most)}}
}

func (c *composer) title() string {
	return phrase{"Plan for %s, %s", "Plan for %s, %s"}.format(c.lang, c.plan.Municipality, change.Day(c.plan.Day, c.lang))
}

// verdict says in one line whether the plan may be carried out.
func (c *composer) verdict() line {
	p := c.plan
	switch {
	case len(p.Refusals) > 0:
		reasons := counted{phrase{"grund", "reason"}, phrase{"grunde", "reasons"}}
		return line{markWarn, phrase{
			"AFVIST: Planen kan ikke udføres, som den er. Der er %s; se nedenfor.",
			"REFUSED: The plan cannot be carried out as it is. There is %s: see below.",
		}.format(c.lang, reasons.of(len(p.Refusals), c.lang)), nil}
	case !p.Empty() && !c.proposes():
		return line{markNone, phrase{
			"Planen kan udføres. Alt i den er godkendt tidligere.",
			"The plan can be carried out. Everything in it was approved earlier.",
		}.in(c.lang), nil}
	case !p.Empty():
		return line{markNone, planApproves.in(c.lang), nil}
	case len(p.Changes) > 0 && len(p.Coming) > 0:
		return line{markNone, phrase{
			"Ingen ændringer i systemerne i dag. Det, der er ændret, får virkning senere.",
			"No changes in the systems today. What is changed takes effect later.",
		}.in(c.lang), nil}
	case slices.ContainsFunc(p.Targets, func(t plan.Target) bool { return len(t.Undecided) > 0 }):
		return line{markNone, phrase{
			"Ingen ændringer at udføre, før nogen har taget stilling; se \"Kræver et menneske\" nedenfor.",
			"Nothing to carry out before somebody has decided: see \"Needs a person\" below.",
		}.in(c.lang), nil}
	case len(p.Drift) > 0:
		return line{markNone, phrase{
			"Ingen ændringer at udføre. Nogen har rettet i systemerne uden om orgit; se \"Ændret uden om orgit\" nedenfor.",
			"Nothing to carry out. Somebody has changed the systems outside orgit: see \"Changed outside orgit\" below.",
		}.in(c.lang), nil}
	}
	return line{markNone, phrase{
		"Ingen ændringer. Systemerne er, som organisationens filer siger.",
		"No changes. The systems are as the organisation's files say.",
	}.in(c.lang), nil}
}

// proposes reports whether the plan holds anything that is not approved yet.
func (c *composer) proposes() bool {
	return len(c.plan.Changes) > 0 ||
		slices.ContainsFunc(c.plan.Operations, func(op plan.Operation) bool { return op.Origin == plan.FromChange })
}

// counts says how much the plan does, or what was compared when it does nothing.
func (c *composer) counts() []string {
	var lines []string
	if n := len(c.plan.Changes); n > 0 {
		lines = append(lines, counted{
			phrase{"ændring i organisationens filer.", "change in the organisation's files."},
			phrase{"ændringer i organisationens filer.", "changes in the organisation's files."},
		}.of(n, c.lang))
	}
	for _, t := range c.plan.Targets {
		if c.plan.Empty() {
			lines = append(lines, c.compared(t))
			continue
		}
		lines = append(lines, TargetName(t.Name)+": "+c.tallyText(t, tallyOf(t.Name, c.plan.Operations))+".")
	}
	return append(append(lines, c.origins()...), c.others()...)
}

// tallyText says what happens in a target: 2 AD-brugere oprettes, 1 flyttes.
func (c *composer) tallyText(t plan.Target, counts tally) string {
	var kinds []string
	for _, k := range counts.kindsOf(t) {
		var parts []string
		for v := verbCreate; v <= verbDelete; v++ {
			n := counts[k][v]
			switch {
			case n == 0:
			case len(parts) == 0:
				parts = append(parts, fmt.Sprintf("%d %s %s", n, kindName(t, k, n, c.lang), v.say(n, c.lang)))
			default:
				parts = append(parts, fmt.Sprintf("%d %s", n, v.say(n, c.lang)))
			}
		}
		kinds = append(kinds, strings.Join(parts, ", "))
	}
	if len(kinds) == 0 {
		return phrase{"ingen ændringer", "no changes"}.in(c.lang)
	}
	return strings.Join(kinds, "; ")
}

// compared says how many objects a plan that does nothing looked at.
func (c *composer) compared(t plan.Target) string {
	var parts []string
	for _, info := range t.Kinds {
		if n := t.Found[info.Kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kindName(t, info.Kind, n, c.lang)))
		}
	}
	if len(parts) == 0 {
		parts = []string{phrase{"intet fundet", "nothing found"}.in(c.lang)}
	}
	return phrase{"Sammenlignet i %s: %s.", "Compared in %s: %s."}.format(c.lang, TargetName(t.Name), strings.Join(parts, ", "))
}

// origins says how many operations this proposal does not bring about.
func (c *composer) origins() []string {
	var pending, repairs int
	for i := range c.plan.Operations {
		switch op := &c.plan.Operations[i]; {
		case isLink(op):
		case op.Origin == plan.FromPending:
			pending++
		case op.Origin == plan.FromDrift:
			repairs++
		}
	}
	var lines []string
	if pending > 0 && c.proposes() {
		lines = append(lines, counted{
			phrase{"af handlingerne er godkendt tidligere og endnu ikke udført.", "of the operations was approved earlier and is not carried out yet."},
			phrase{"af handlingerne er godkendt tidligere og endnu ikke udført.", "of the operations were approved earlier and are not carried out yet."},
		}.of(pending, c.lang))
	}
	if repairs > 0 {
		lines = append(lines, counted{
			phrase{"af handlingerne retter noget, som er ændret uden om orgit.", "of the operations puts right what was changed outside orgit."},
			phrase{"af handlingerne retter noget, som er ændret uden om orgit.", "of the operations put right what was changed outside orgit."},
		}.of(repairs, c.lang))
	}
	return lines
}

// others says what stands further down beside the operations.
func (c *composer) others() []string {
	var lines []string
	if n := len(c.plan.Attention); n > 0 {
		lines = append(lines, counted{
			phrase{"forhold kræver, at et menneske tager stilling.", "matter needs a person's decision."},
			phrase{"forhold kræver, at et menneske tager stilling.", "matters need a person's decision."},
		}.of(n, c.lang))
	}
	if n := len(c.plan.Drift); n > 0 {
		lines = append(lines, counted{
			phrase{"afvigelse er opstået uden om orgit.", "deviation arose outside orgit."},
			phrase{"afvigelser er opstået uden om orgit.", "deviations arose outside orgit."},
		}.of(n, c.lang))
	}
	return lines
}

// target finds a target of the plan by its name.
func (c *composer) target(name string) plan.Target {
	for _, t := range c.plan.Targets {
		if t.Name == name {
			return t
		}
	}
	return plan.Target{Name: name}
}

// object names an object as people do: AD-bruger Anna Jensen.
func (c *composer) object(target string, id plan.ID, name string) string {
	kind := kindName(c.target(target), id.Kind, 1, c.lang)
	if name == "" {
		name = string(id.UUID)
	}
	return kind + " " + name
}
