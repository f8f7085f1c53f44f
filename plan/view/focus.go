package view

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// Focus is what of a plan is about one entry.
type Focus struct {
	Key, Name string
	Part      *plan.Plan         // plan.Input.Focus
	Whole     *plan.Plan         // what it is a part of
	Explained []plan.Explanation // nil: no explanation is asked for
}

// FocusText writes the part of a plan that is about one entry for a terminal, and why it
// is so where that is asked for.
func FocusText(w io.Writer, f Focus, look Lookup, opts TextOptions) error {
	c := composer{plan: shielded(f.Part, look), look: look, lang: f.Part.Language}
	t := textWriter{out: bufio.NewWriter(w), width: opts.Width, colour: opts.Colour}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.document(c.focused(f))
	if at := readAt(f.Part, opts.Now); at != "" {
		t.line("", "", at)
	}
	return t.out.Flush()
}

// focused is the document of a part. Why the whole may not be carried out is a part of
// every part.
func (c *composer) focused(f Focus) document {
	doc := c.document()
	doc.title = phrase{"%s: kun %s (%s)", "%s: %s (%s) only"}.format(c.lang, c.title(), f.Name, f.Key)
	doc.counts = []string{phrase{
		"Planen er beregnet for hele organisationen og har %d handlinger; %d af dem handler om %s.",
		"The plan was computed for the whole organisation and has %d operations; %d of them are about %s.",
	}.format(c.lang, len(f.Whole.Operations), len(f.Part.Operations), f.Name)}
	if len(f.Part.Operations) == 0 && len(f.Part.Refusals) == 0 {
		doc.verdict = line{text: phrase{"Ingen handlinger for %s i dag.", "No operations for %s today."}.format(c.lang, f.Name)}
	}
	for _, e := range f.Explained {
		doc.sections = append(doc.sections, c.explanation(e))
	}
	if f.Explained != nil && len(f.Explained) == 0 {
		doc.sections = append(doc.sections, c.list(phrase{"Forklaring", "Explanation"}, []line{{text: phrase{
			"Der bedes ikke om noget i AD for %s, og der er intet.", "Nothing is asked for in AD for %s, and there is nothing.",
		}.format(c.lang, f.Name)}}, 0))
	}
	return doc
}

// explanation says of one object why each of its attributes is as the plan has it.
func (c *composer) explanation(e plan.Explanation) section {
	s := section{title: phrase{"Forklaring: %s", "Explanation: %s"}.format(c.lang, c.object(e.Target, e.Object, e.Name)), intro: e.Ref}
	switch {
	case e.Ref == "":
		s.intro = phrase{"Findes ikke i %s endnu.", "It is not in %s yet."}.format(c.lang, TargetName(e.Target))
	case e.Gone:
		s.intro += phrase{". Ude af brug i organisationens filer.", ". Out of use in the organisation's files."}.in(c.lang)
	}
	g := group{}
	for _, x := range e.Attrs {
		g.lines = append(g.lines, c.explained(e, hideExplained(x, c.look.Shielded(e.Entry))))
	}
	s.groups = []group{g}
	return s
}

// fates say what becomes of an attribute.
var fates = map[plan.Fate]struct {
	mark mark
	text phrase
}{
	plan.FateSame:      {markNone, phrase{"er, som filerne siger", "is as the files say"}},
	plan.FateWritten:   {markChange, phrase{"skrives", "is written"}},
	plan.FateKept:      {markWarn, phrase{"bliver stående: en anden har skrevet den (reglen keep)", "stays: somebody else wrote it (the rule keep)"}},
	plan.FateDrift:     {markWarn, phrase{"ændret uden om orgit; rettes kun, hvis %s.repair nævner den", "changed outside orgit; put right only where %s.repair names it"}},
	plan.FateHeld:      {markWarn, phrase{"bestemt uden for orgit; bliver stående", "decided outside orgit; stays"}},
	plan.FateCreate:    {markNone, phrase{"bliver stående: skrives kun ved oprettelse (reglen create)", "stays: written only when it is made (the rule create)"}},
	plan.FateUnmanaged: {markNone, phrase{"styres ikke", "is not managed"}},
	plan.FateUnread:    {markWarn, phrase{"kan ikke siges: øjebliksbilledet rummer den ikke", "cannot be told: the snapshot does not hold it"}},
	plan.FateWaiting:   {markWarn, phrase{"skrives ikke: planen gør intet ved objektet", "is not written: the plan does nothing about the object"}},
}

func (c *composer) explained(e plan.Explanation, x plan.Explained) line {
	fate := fates[x.Fate]
	l := line{mark: fate.mark, text: attributeBoth(e.Target, x.Attribute, c.lang)}
	if x.Rule != "" {
		l.text += ", " + string(x.Rule)
	}
	switch x.Fate {
	case plan.FateDrift:
		l.text += ": " + fate.text.format(c.lang, settingOf(e.Target))
	default:
		l.text += ": " + fate.text.in(c.lang)
	}
	switch x.Fate {
	case plan.FateWritten:
		l.text += ", " + originWords[x.Origin].in(c.lang)
	case plan.FateUnmanaged:
		l.text += ": " + x.Unmanaged
	}
	l.under = append(c.valuesOf(e, x), c.madeOf(x)...)
	return l
}

// valuesOf says what is there, what is asked for, and what comes of the two.
func (c *composer) valuesOf(e plan.Explanation, x plan.Explained) []string {
	as := func(show string, v []string) string { return c.value(plan.AttrChange{Name: x.Attribute}, show, v) }
	have := as(x.ShowHave, x.Have)
	there := phrase{"%s har: %s", "%s holds: %s"}.format(c.lang, TargetName(e.Target), have)
	switch {
	case x.Fate == plan.FateUnmanaged && len(x.Have) == 0:
		return nil
	case x.Fate == plan.FateSame, x.Fate == plan.FateUnmanaged:
		return []string{there}
	}
	asked := as(x.ShowAsked, x.Asked)
	lines := []string{phrase{"filerne giver: %s", "the files give: %s"}.format(c.lang, asked)}
	if e.Ref != "" && x.Fate != plan.FateUnread {
		lines = append([]string{there}, lines...)
	}
	if result := as(x.ShowAsked, x.Result); x.Fate == plan.FateWritten && len(x.Result) > 1 && result != asked {
		lines = append(lines, phrase{"sammen bliver det: %s", "together that is: %s"}.format(c.lang, result))
	}
	return lines
}

// madeOf says what a value is made of: the template with its fields, or the facts.
func (c *composer) madeOf(x plan.Explained) []string {
	var lines []string
	for _, text := range x.Templates {
		line := phrase{"skabelon: ", "template: "}.in(c.lang) + text
		if at := c.look.Position(x.Setting); at.File != "" {
			line += " (" + c.where(x.Setting) + ")"
		}
		lines = append(lines, line)
	}
	if len(x.Templates) == 0 && x.Setting != "" {
		lines = append(lines, phrase{"regel: ", "rule: "}.in(c.lang)+c.where(x.Setting))
	}
	for _, in := range x.Inputs {
		lines = append(lines, c.fieldInput(in))
	}
	if len(x.Inputs) > 0 {
		return lines
	}
	for _, f := range x.Why {
		if f.Path != x.Setting {
			lines = append(lines, phrase{"fordi: ", "because: "}.in(c.lang)+c.fact(f))
		}
	}
	return lines
}

// fieldInput says what a field of a template is, and where that stands.
func (c *composer) fieldInput(in plan.FieldInput) string {
	text := "." + in.Field + " = "
	switch {
	case isHidden([]string{in.Value}):
		text += phrase{"(vises ikke: adressebeskyttelse)", "(not shown: protected address)"}.in(c.lang)
	case !in.Stated:
		text += phrase{"ikke angivet", "not stated"}.in(c.lang)
	case in.Value == "":
		text += phrase{"(tom)", "(empty)"}.in(c.lang)
	default:
		text += in.Value
	}
	if len(in.Why) == 0 {
		return text
	}
	last := in.Why[len(in.Why)-1]
	where := belowEntry(string(last.Path))
	if at := c.look.Position(last.Path); at.File != "" && in.Stated {
		where += ", " + c.where(last.Path)
	}
	return text + " (" + where + ")"
}

// hideExplained hides what may not be seen of somebody whose address is protected.
func hideExplained(x plan.Explained, person bool) plan.Explained {
	guarded := hiddenOf[x.Attribute] && person || containsShielding(x.Why)
	for _, in := range x.Inputs {
		guarded = guarded || containsShielding(in.Why)
	}
	if !guarded {
		return x
	}
	x.Have, x.Asked, x.Result = hide(x.Have), hide(x.Asked), hide(x.Result)
	x.ShowHave, x.ShowAsked = "", ""
	x.Why = hideFacts(x.Why)
	inputs := x.Inputs
	x.Inputs = nil
	for _, in := range inputs {
		if in.Value != "" && containsShielding(in.Why) {
			in.Value = hiddenValue
		}
		in.Why = hideFacts(in.Why)
		x.Inputs = append(x.Inputs, in)
	}
	return x
}

// focusJSON is a part of a plan with what it is a part of.
type focusJSON struct {
	Only       onlyJSON          `json:"only"`
	Plan       planJSON          `json:"plan"` // the part that is about it
	Explained  []explanationJSON `json:"explained,omitempty"`
	Operations int               `json:"operations"` // of the whole plan
}

type onlyJSON struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

type explanationJSON struct {
	plan.Explanation
	Attributes []explainedJSON `json:"attributes"`
}

type explainedJSON struct {
	plan.Explained
	SettingPosition *schema.Position `json:"settingPosition,omitempty"`
	Why             []reasonJSON     `json:"why,omitempty"`
	Inputs          []inputJSON      `json:"inputs,omitempty"`
}

type inputJSON struct {
	plan.FieldInput
	Why []reasonJSON `json:"why,omitempty"`
}

// FocusJSON writes the part of a plan that is about one entry for other programs.
func FocusJSON(w io.Writer, f Focus, look Lookup) error {
	c := composer{plan: shielded(f.Part, look), look: look, lang: f.Part.Language}
	out := focusJSON{Only: onlyJSON{f.Key, f.Name}, Plan: c.json(), Operations: len(f.Whole.Operations)}
	for _, e := range f.Explained {
		out.Explained = append(out.Explained, c.explanationJSON(e))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write the plan as JSON: %w", err)
	}
	return nil
}

func (c *composer) explanationJSON(e plan.Explanation) explanationJSON {
	out := explanationJSON{Explanation: e, Attributes: []explainedJSON{}}
	for _, x := range e.Attrs {
		x = hideExplained(x, c.look.Shielded(e.Entry))
		j := explainedJSON{Explained: x, Why: c.factsJSON(x.Why)}
		if x.Setting != "" {
			j.SettingPosition = c.position(x.Setting)
		}
		for _, in := range x.Inputs {
			j.Inputs = append(j.Inputs, inputJSON{in, c.factsJSON(in.Why)})
		}
		out.Attributes = append(out.Attributes, j)
	}
	return out
}

func (c *composer) factsJSON(facts []org.Fact) []reasonJSON {
	var reasons []reasonJSON
	for _, f := range facts {
		reasons = append(reasons, reasonJSON{f, c.position(f.Path)})
	}
	return reasons
}
