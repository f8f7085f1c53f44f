package view

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// The sections of this file are for those who run the systems.

// operations lists what is done in one target, in the order in which it is done.
func (c *composer) operations(t *plan.Target) section {
	var lines []line
	for i := range c.plan.Operations {
		if op := &c.plan.Operations[i]; op.Target == t.Name {
			lines = append(lines, c.operation(t, op))
		}
	}
	if len(lines) == 0 {
		return section{}
	}
	s := section{
		title:     phrase{"Handlinger i %s", "Operations in %s"}.format(c.lang, TargetName(t.Name)),
		intro:     c.tallyText(*t, tallyOf(t.Name, c.plan.Operations)) + ".",
		technical: true,
	}
	if c.first && t.First && len(lines) > fewFirst {
		s.groups = []group{{lines: append(c.noted(t), line{text: c.firstLoad()})}}
		if taken := c.takenOver(t); len(taken) > 0 {
			s.groups = append(s.groups, c.cut(taken, c.most))
		}
		return s
	}
	s.groups = []group{c.cut(lines, c.most)}
	return s
}

// fewFirst is how many operations of a first load are shown one by one.
const fewFirst = 12

func (c *composer) firstLoad() string {
	return phrase{
		"Første indlæsning: orgit har endnu ikke skrevet alt til systemet. De enkelte handlinger vises med --verbose.",
		"First load: orgit has not yet written everything to the system. The single operations are shown with --verbose.",
	}.in(c.lang)
}

// noted counts the operations that do something beside their attributes, where they are
// not told one by one.
func (c *composer) noted(t *plan.Target) []line {
	byNote := map[string]tally{}
	for i := range c.plan.Operations {
		if op := &c.plan.Operations[i]; op.Target == t.Name && op.Note != "" {
			if byNote[op.Note] == nil {
				byNote[op.Note] = tally{}
			}
			byNote[op.Note].add(op.Object.Kind, verbOf(op.Action, op.Attrs))
		}
	}
	var lines []line
	for _, note := range slices.Sorted(maps.Keys(byNote)) {
		lines = append(lines, line{text: c.tallyText(*t, byNote[note]) + " " + note + "."})
	}
	return lines
}

func (c *composer) operation(t *plan.Target, op *plan.Operation) line {
	v := verbOf(op.Action, op.Attrs)
	if isRest(op) {
		v = verbOf(plan.ActionUpdate, op.Attrs) // that it goes out of use was said before
	}
	l := line{mark: v.mark(), text: c.object(op.Target, op.Object, op.Name) + " " + v.say(1, c.lang)}
	switch {
	case isRest(op):
		l.text += phrase{" (når den er lukket, og stedet og navnet er klar)", " (when it is closed, and the place and the name are ready)"}.in(c.lang)
	case strings.HasSuffix(op.ID, "/link"):
		l.text += phrase{" (henvisninger, når begge ender findes)", " (references, when both ends exist)"}.in(c.lang)
	}
	if op.Note != "" {
		l.text += " " + op.Note
	}
	l.text += ", " + originWords[op.Origin].in(c.lang)
	if op.Effect != "" && op.Effect != c.plan.Day {
		l.text += phrase{", virkning %s", ", effect %s"}.format(c.lang, change.Day(op.Effect, c.lang))
	}
	if c.brief && op.Action == plan.ActionCreate {
		l.under = []string{c.created(op)}
		return l
	}
	if op.Action == plan.ActionAdopt {
		l.under = append(l.under, c.knownBy(op))
	}
	for _, a := range op.Attrs {
		l.under = append(l.under, c.attr(t.Name, op.Action, a))
	}
	if op.LastResort != "" {
		l.under = append(l.under, op.LastResort)
	}
	l.under = append(l.under, c.reasons(op)...)
	return l
}

// created says how much is written about a new object, and where it stands in the files.
func (c *composer) created(op *plan.Operation) string {
	text := counted{phrase{"oplysning", "value"}, phrase{"oplysninger", "values"}}.of(len(op.Attrs), c.lang)
	if op.Entry != "" {
		text += phrase{" fra ", " from "}.in(c.lang) + c.where(op.Entry)
	}
	return text
}

var originWords = map[plan.Origin]phrase{
	plan.FromChange:  {"følger af dette forslag", "from this proposal"},
	plan.FromPending: {"godkendt tidligere", "approved earlier"},
	plan.FromDrift:   {"retter en afvigelse", "puts a deviation right"},
}

// attr says an attribute's old and new value.
func (c *composer) attr(target string, action plan.Action, a plan.AttrChange) string {
	name := attributeBoth(target, a.Name, c.lang)
	now := c.value(a, a.ShowNew, a.New)
	if action == plan.ActionCreate {
		return name + ": " + now
	}
	return name + ": " + c.value(a, a.ShowOld, a.Old) + " → " + now
}

// value writes a value as people read it.
func (c *composer) value(a plan.AttrChange, show string, v []string) string {
	switch {
	case isHidden(v):
		return phrase{"(vises ikke: adressebeskyttelse)", "(not shown: protected address)"}.in(c.lang)
	case len(v) == 0:
		return phrase{"(tom)", "(empty)"}.in(c.lang)
	case len(v) == 1 && values[a.Name][v[0]] != phrase{}:
		return values[a.Name][v[0]].in(c.lang)
	case values[a.Name][show] != phrase{}:
		return values[a.Name][show].in(c.lang)
	case show != "":
		return show
	}
	texts := make([]string, len(v))
	for i, text := range v {
		texts[i] = text
		if len(text) != len("2006-01-02") {
			continue // no day: most values, and the parser's error costs more than this function
		}
		if day, err := org.ParseDay(text); err == nil {
			texts[i] = change.Day(day, c.lang)
		}
	}
	return strings.Join(texts, ", ")
}

// reasons gives the facts behind an operation, each once, with file and line.
func (c *composer) reasons(op *plan.Operation) []string {
	var lines []string
	for _, f := range factsOf(op) {
		lines = append(lines, phrase{"fordi: ", "because: "}.in(c.lang)+c.fact(f))
	}
	return lines
}

// factsOf gives the facts behind an operation, each once.
func factsOf(op *plan.Operation) []org.Fact {
	var facts []org.Fact
	add := func(list []org.Fact) {
		for _, f := range list {
			if !slices.Contains(facts, f) {
				facts = append(facts, f)
			}
		}
	}
	add(op.Why)
	for _, a := range op.Attrs {
		add(a.Why)
	}
	return facts
}

// fact writes a fact as the files do: what is stated, since when, and where. The entry is
// named only where the file does not tell it.
func (c *composer) fact(f org.Fact) string {
	text, at := string(f.Path), c.look.Position(f.Path)
	if at.File != "" {
		text = belowEntry(text)
	}
	switch {
	case f.Value != "":
		text += " = " + f.Value
	case strings.HasSuffix(text, ".to"):
		text += phrase{" er ikke angivet", " is not stated"}.in(c.lang)
	}
	if day := string(f.Day); day != "" && day != f.Value && !strings.Contains(text, day) {
		text += phrase{", fra ", ", from "}.in(c.lang) + day
	}
	if at.File != "" {
		at.Column = 0
		text += " (" + at.String() + ")"
	}
	return text
}

// belowEntry takes the entry off a path: people."p7k3f9q".name becomes name.
func belowEntry(path string) string {
	kind, rest, quoted := strings.Cut(path, `."`)
	_, below, ok := strings.Cut(rest, `".`)
	if !quoted || !ok || strings.Contains(kind, ".") {
		return path
	}
	return below
}

// where gives file and line of a path, or the path where they are not known.
func (c *composer) where(path org.Path) string {
	if at := c.look.Position(path); at.File != "" {
		at.Column = 0
		return at.String()
	}
	return string(path)
}

// drift lists what somebody changed in the systems.
func (c *composer) drift() section {
	var lines []line
	for _, d := range c.plan.Drift {
		lines = append(lines, c.driftLine(d))
	}
	s := c.list(phrase{"Ændret uden om orgit", "Changed outside orgit"}, lines, c.most)
	s.intro = phrase{
		"Systemerne siger noget andet end det godkendte. Det rettes kun, hvor indstillingerne siger det.",
		"The systems say something else than what is approved. It is put right only where the settings say so.",
	}.in(c.lang)
	return s
}

func (c *composer) driftLine(d plan.Drift) line {
	object, system := c.object(d.Target, d.Object, d.Name), TargetName(d.Target)
	l := line{mark: markWarn, text: object + ":"}
	if d.Missing {
		l.text = phrase{"%s er fjernet i %s.", "%s was removed in %s."}.format(c.lang, object, system)
		if d.Repair {
			l.text += phrase{" Den oprettes igen.", " It is made again."}.in(c.lang)
		}
	}
	if d.Unmarked {
		l.text = phrase{"%s står i %s uden orgits mærke.", "%s is in %s without orgit's mark."}.format(c.lang, object, system)
		if d.Repair {
			l.text += phrase{" Den overtages igen.", " It is taken over again."}.in(c.lang)
		} else {
			l.under = append(l.under, phrase{
				"Er det den samme, så skriv dens objectGUID ved kontoen i filerne (existing), eller sæt mærket igen.",
				"If it is the same, write its objectGUID with the account in the files (existing), or set the mark again.",
			}.in(c.lang))
		}
		l.under = append(l.under, d.Ref)
	}
	if d.Reason != "" {
		l.under = append(l.under, d.Reason)
	}
	for _, a := range d.Attrs {
		l.under = append(l.under, phrase{"%s er %s i %s; filerne siger %s", "%s is %s in %s; the files say %s"}.format(
			c.lang, attribute(d.Target, a.Name, c.lang), c.value(a, a.ShowOld, a.Old), system, c.value(a, a.ShowNew, a.New)))
	}
	return l
}

// fewForeign is how many foreign objects are named one by one.
const fewForeign = 10

// foreign counts what stands in orgit's part of the systems and is not orgit's.
func (c *composer) foreign() section {
	var lines []line
	for _, t := range c.plan.Targets {
		n := len(t.Foreign)
		if n == 0 {
			continue
		}
		objects := counted{
			phrase{"objekt, som orgit ikke har oprettet og ikke rører", "object that orgit did not make and does not touch"},
			phrase{"objekter, som orgit ikke har oprettet og ikke rører", "objects that orgit did not make and does not touch"},
		}
		l := line{text: TargetName(t.Name) + ": " + objects.of(n, c.lang) + "."}
		if n <= fewForeign || c.most == 0 {
			for _, f := range t.Foreign {
				l.under = append(l.under, foreignText(f))
			}
		}
		lines = append(lines, l)
	}
	return c.list(phrase{"Uden for orgit", "Outside orgit"}, lines, 0)
}

func foreignText(f plan.Foreign) string {
	text := f.Ref
	if f.Name != "" && !strings.Contains(f.Ref, f.Name) {
		text = f.Name + " (" + f.Ref + ")"
	}
	if f.Note != "" {
		text += ": " + f.Note
	}
	return text
}
