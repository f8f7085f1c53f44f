package view

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// The sections of this file are for people who know the organisation and no system.

// irreversible lists what is deleted, closed, renamed or cleared, the gravest first.
func (c *composer) irreversible() section {
	order := []plan.Loss{
		plan.LossDelete, plan.LossDisable, plan.LossQuarantine, plan.LossInactivate, plan.LossRename, plan.LossClear,
	}
	var lines []line
	for _, worst := range order {
		for i := range c.plan.Operations {
			if op := &c.plan.Operations[i]; worstLoss(op, order) == worst {
				lines = append(lines, c.loss(op))
			}
		}
	}
	return c.list(phrase{"Kan ikke uden videre fortrydes", "Not easily undone"}, lines, c.most)
}

func worstLoss(op *plan.Operation, order []plan.Loss) plan.Loss {
	for _, l := range order {
		if slices.Contains(op.Loss, l) {
			return l
		}
	}
	return plan.LossNone
}

func (c *composer) loss(op *plan.Operation) line {
	l := line{mark: markRemove, text: c.object(op.Target, op.Object, op.Name) + " " + joined(c.lossWords(op), c.lang)}
	if why := c.because(op); why != "" {
		l.text += " (" + why + ")"
	}
	// What was approved earlier is not what is decided now. Of an account that is taken over nobody can tell: the proposal may
	// hold the word that it is the same.
	if op.Origin == plan.FromPending && op.Action != plan.ActionAdopt && c.proposes() {
		l.text += phrase{", godkendt tidligere", ", approved earlier"}.in(c.lang)
	}
	l.text += "."
	return l
}

// joined lists things as people do: a, b og c.
func joined(list []string, lang string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + phrase{" og ", " and "}.in(lang) + list[last]
}

// lossWords says each loss of an operation once, in their order of weight.
func (c *composer) lossWords(op *plan.Operation) []string {
	has := func(l plan.Loss) bool { return slices.Contains(op.Loss, l) }
	var words []string
	if has(plan.LossDelete) {
		words = append(words, phrase{"slettes", "is deleted"}.in(c.lang))
	}
	if has(plan.LossDisable) {
		words = append(words, phrase{"lukkes", "is closed"}.in(c.lang))
	}
	if has(plan.LossQuarantine) {
		words = append(words, phrase{"sættes i karantæne", "goes into quarantine"}.in(c.lang))
	}
	if has(plan.LossInactivate) {
		words = append(words, phrase{"gøres inaktiv", "is made inactive"}.in(c.lang))
	}
	for _, a := range op.Attrs {
		name := attribute(op.Target, a.Name, c.lang)
		was := c.value(a, a.ShowOld, a.Old)
		switch a.Loss {
		case plan.LossRename:
			words = append(words, phrase{"skifter %s fra %s til %s", "changes %s from %s to %s"}.format(c.lang, name, was, c.value(a, a.ShowNew, a.New)))
		case plan.LossClear:
			text := phrase{"mister %s", "loses %s"}.format(c.lang, name)
			if !isHidden(a.Old) {
				text += phrase{" (før: %s)", " (before: %s)"}.format(c.lang, was)
			}
			words = append(words, text)
		}
	}
	return words
}

// because says why something is taken away, as far as a fact of the files says it.
func (c *composer) because(op *plan.Operation) string {
	facts := slices.Clone(op.Why)
	for _, a := range op.Attrs {
		if a.Loss != plan.LossNone {
			facts = append(facts, a.Why...)
		}
	}
	var reasons []string
	for _, f := range facts {
		if r := reason(f, c.lang); r != "" && !slices.Contains(reasons, r) {
			reasons = append(reasons, r)
		}
	}
	return strings.Join(reasons, ", ")
}

// reason says a fact that ends something in people's words; empty for any other fact.
func reason(f org.Fact, lang string) string {
	path := string(f.Path)
	switch field := path[strings.LastIndexByte(path, '.')+1:]; {
	case strings.Contains(path, ".leaves."):
		return phrase{"orlov, der lukker brugerkonti", "a leave that closes accounts"}.in(lang)
	case field == "to" && f.Value != "":
		return phrase{"sidste dag %s", "last day %s"}.format(lang, change.Day(org.Day(f.Value), lang))
	case field == "annulled":
		return phrase{"annulleret", "annulled"}.in(lang)
	case field == "suspended":
		return phrase{"lukket i organisationens filer", "closed in the organisation's files"}.in(lang)
	case field == "shielded":
		return phrase{"adressebeskyttelse", "protected address"}.in(lang)
	case field == "successor":
		return phrase{"enheden er afløst af en anden", "another unit took its place"}.in(lang)
	}
	return ""
}

// refusals says why the plan may not be carried out, and what to do about it.
func (c *composer) refusals() section {
	var lines []line
	for _, r := range c.plan.Refusals {
		l := line{mark: markWarn, text: c.refusal(r)}
		if r.Path != "" {
			l.under = []string{c.where(r.Path)}
		}
		lines = append(lines, l)
	}
	return c.list(phrase{"Derfor er planen afvist", "Why the plan is refused"}, lines, c.most)
}

func (c *composer) refusal(r plan.Refusal) string {
	system := TargetName(r.Target)
	many := kindName(c.target(r.Target), r.Kind, 2, c.lang)
	name := r.Name
	if r.Object != nil {
		name = c.object(r.Target, *r.Object, r.Name)
	}
	switch r.Code {
	case plan.RefusedLimit:
		return phrase{
			"%s: Planen lukker, sletter eller rydder %d %s af %d. Grænsen er %d. Del ændringen op, eller få en tilladelse godkendt (allowances).",
			"%s: The plan closes, deletes or clears %d %s of %d. The limit is %d. Split the change, or have an allowance approved (allowances).",
		}.format(c.lang, system, r.Count, many, r.Of, r.Allowed)
	case plan.RefusedSafeguard:
		return phrase{
			"%s: %s er sikret i indstillingerne og må hverken lukkes eller slettes.",
			"%s: %s is safeguarded by the settings and may be neither closed nor deleted.",
		}.format(c.lang, system, name)
	case plan.RefusedEmpty:
		if r.Detail == "actual" && r.Count > 0 {
			return phrase{
				"%s: Der blev kun fundet %d %s, men der skulle være %d. Det ligner et forkert sted i indstillingerne eller en manglende ret til at læse; planen rører ikke systemet.",
				"%s: Only %d %s were found, but there should be %d. It looks like a wrong place in the settings or a missing right to read; the plan leaves the system alone.",
			}.format(c.lang, system, r.Count, many, r.Of)
		}
		if r.Detail == "actual" {
			return phrase{
				"%s: Der blev ikke fundet nogen %s, men der skulle være %d. Det ligner en fejl ved læsningen; planen rører ikke systemet.",
				"%s: No %s were found, but there should be %d. It looks like a failed read; the plan leaves the system alone.",
			}.format(c.lang, system, many, r.Of)
		}
		return phrase{
			"%s: Organisationens filer beder ikke om nogen %s, men %d er i brug. Det ligner en fejl i filerne; planen rører ikke systemet.",
			"%s: The organisation's files ask for no %s, but %d are in use. It looks like a mistake in the files; the plan leaves the system alone.",
		}.format(c.lang, system, many, r.Of)
	case plan.RefusedVanished:
		return phrase{
			"%s er slettet i organisationens filer. Den, der fratræder, og den enhed, der lukker, skal have en sidste dag; filen bliver stående.",
			"%s was deleted from the organisation's files. Who leaves and what closes is given a last day; the file stays.",
		}.format(c.lang, name)
	case plan.RefusedProblem:
		return phrase{"%s kan ikke rumme det, der står om %s: %s.", "%s cannot hold what is stated of %s: %s."}.format(
			c.lang, system, name, strings.TrimSuffix(r.Detail, "."))
	}
	if r.Code == plan.RefusedExisting {
		return c.existing(system, name, plan.ExistingProblem(r.Detail))
	}
	return strings.TrimSpace(string(r.Code) + " " + name + " " + r.Detail)
}

// human lists what a person has to decide.
func (c *composer) human() section {
	var lines []line
	for _, a := range c.plan.Attention {
		l := line{mark: markWarn, text: c.attention(a)}
		if a.Detail != "" && a.Code != plan.AttentionProblem && a.Code != plan.AttentionHeld && a.Code != plan.AttentionTaken &&
			a.Code != plan.AttentionLocked && a.Code != plan.AttentionBarred &&
			a.Code != plan.AttentionExisting && a.Code != plan.AttentionProtected && a.Code != plan.AttentionUnread {
			l.under = append(l.under, c.detail(a))
		}
		for _, p := range a.Possible {
			l.under = append(l.under, c.possible(a.Target, p))
		}
		if hint := c.hint(a); hint != "" {
			l.under = append(l.under, hint)
		}
		if a.Path != "" && a.Code == plan.AttentionProblem {
			l.under = append(l.under, c.where(a.Path))
		}
		lines = append(lines, l)
	}
	return c.list(phrase{"Kræver et menneske", "Needs a person"}, lines, c.most)
}

// detail is what a target says beside the code. Of what stands in the way of a deletion it says what kind of thing that is
// before a colon, and then which; the first is for programmers.
func (c *composer) detail(a plan.Attention) string {
	_, which, ok := strings.Cut(a.Detail, ": ")
	switch {
	case a.Code != plan.AttentionPinned || c.lang == "en":
		return a.Detail
	case !ok:
		return "Der er knyttet noget til den, som orgit ikke sletter (" + a.Detail + ")."
	}
	if example, more, ok := strings.Cut(which, " and "); ok && strings.HasSuffix(more, " more") {
		which = example
		if n := strings.TrimSuffix(more, " more"); n != "0" {
			which += " og " + n + " mere"
		}
	}
	return "Der ligger noget i den, som orgit ikke sletter: " + which
}

// hint says what the person may do.
func (c *composer) hint(a plan.Attention) string {
	switch {
	case a.Code == plan.AttentionLocked:
		return phrase{
			"Spærringen holder, til filerne siger suspended: true, eller orgit lock --lift løfter den.",
			"It holds until the files say suspended: true, or orgit lock --lift takes it away.",
		}.in(c.lang)
	case a.Code == plan.AttentionBarred:
		return phrase{
			"Skal den åbnes, så skriv on: {\"ÅÅÅÅ-MM-DD\": {suspended: false}} med en dag fra i dag på personen, eller brug orgit lock --lift.",
			"If it is to be opened, state on: {\"YYYY-MM-DD\": {suspended: false}} with a day from today on the person, or use orgit lock --lift.",
		}.in(c.lang)
	case a.Code == plan.AttentionMatch:
		return c.decideHint(a)
	case a.Code == plan.AttentionExisting:
		return c.where(a.Path)
	case a.Code != plan.AttentionTaken:
		return a.Hint
	case a.Hint == "":
		return phrase{"Flyt eller omdøb det, eller ret navnet i filerne.", "Move or rename it, or correct the name in the files."}.in(c.lang)
	}
	return phrase{
		"Er det den samme, så skriv %s på det, eller dets objectGUID ved kontoen i filerne (existing). Ellers flyt eller omdøb det, eller ret navnet i filerne. Indtil da mislykkes handlingen.",
		"If it is the same, write %s on it, or its objectGUID with the account in the files (existing). Else move or rename it, or correct the name in the files. Until then the operation fails.",
	}.format(c.lang, a.Hint)
}

// waiting lists what cannot be done yet and needs nobody to do anything.
func (c *composer) waiting() section {
	var lines []line
	for _, t := range c.plan.Targets {
		for _, w := range t.Waiting {
			lines = append(lines, line{mark: markChange, text: phrase{"%s venter: %s.", "%s waits: %s."}.format(
				c.lang, c.object(t.Name, w.Object, w.Name), w.Reason)})
		}
	}
	return c.list(phrase{"Venter", "Waiting"}, lines, c.most)
}

func (c *composer) attention(a plan.Attention) string {
	object, system := c.object(a.Target, a.Object, a.Name), TargetName(a.Target)
	switch a.Code {
	case plan.AttentionHeld:
		return phrase{
			"%s er spærret uden for orgit. orgit åbner den ikke igen.",
			"%s was closed outside orgit. orgit does not open it again.",
		}.format(c.lang, object)
	case plan.AttentionLocked:
		return phrase{
			"%s er spærret med orgit lock den %s. orgit åbner den ikke.",
			"%s was locked with orgit lock on %s. orgit does not open it.",
		}.format(c.lang, object, change.Day(a.Day, c.lang))
	case plan.AttentionBarred:
		return phrase{
			"%s var spærret, da den blev lukket den %s. Den åbnes ikke igen af sig selv.",
			"%s was suspended when it was closed on %s. It does not open by itself.",
		}.format(c.lang, object, change.Day(a.Day, c.lang))
	case plan.AttentionPinned:
		return phrase{"%s kan ikke slettes nu.", "%s cannot be deleted now."}.format(c.lang, object)
	case plan.AttentionAdopt:
		return phrase{
			"%s bliver stående: %s er under indkøring, og intet fjernes endnu.",
			"%s stays: %s is being taken over, and nothing is removed yet.",
		}.format(c.lang, object, system)
	case plan.AttentionOrphan:
		return phrase{
			"%s har orgits mærke, men står ikke i organisationens filer.",
			"%s has orgit's mark, but is not in the organisation's files.",
		}.format(c.lang, object)
	case plan.AttentionUnmarked:
		return phrase{
			"orgit har skrevet til %s før, men mærket, der siger hvad og hvornår, er her ikke. Forskelle regnes for rettelser, som nogen har lavet i systemet, og bliver stående. Hent refs/orgit/applied fra GitLab, og lav planen igen.",
			"orgit has written to %s before, but the mark that says what and when is not here. Differences are taken for changes that somebody made in the system, and stay. Fetch refs/orgit/applied from GitLab and plan again.",
		}.format(c.lang, system)
	case plan.AttentionTaken:
		return phrase{
			"%s står i vejen for %s: navnet er i brug hos noget, som orgit ikke ejer.",
			"%s stands in the way of %s: the name is used by something that is not orgit's.",
		}.format(c.lang, a.Detail, object)
	case plan.AttentionMatch:
		return phrase{
			"%s findes måske i %s i forvejen. Intet oprettes eller overtages, før det er afgjort.",
			"%s may be in %s already. Nothing is made or taken over before that is decided.",
		}.format(c.lang, object, system)
	case plan.AttentionExisting:
		return c.existing(system, object, plan.ExistingProblem(a.Detail))
	case plan.AttentionProtected:
		return phrase{"%s rører orgit ikke: %s.", "orgit does not touch %s: %s."}.format(c.lang, object, c.protection(a.Target, a.Detail))
	case plan.AttentionUnread:
		return phrase{
			"Hvad der sker med %s i %s, kan ikke siges her: øjebliksbilledet, som planen er lavet af, blev læst, før forslaget bad om den. Det gælder %s af dem, der findes; nye er med i planen.",
			"What happens to %s in %s cannot be told here: the snapshot that the plan was made from was read before the proposal asked for it. That is about %s of what is there; new ones are in the plan.",
		}.format(c.lang, attributeBoth(a.Target, a.Name, c.lang), system, a.Detail)
	case plan.AttentionProblem:
		return phrase{"%s kan ikke rumme det, der står om %s: %s.", "%s cannot hold what is stated of %s: %s."}.format(
			c.lang, system, object, strings.TrimSuffix(a.Detail, "."))
	}
	return strings.TrimSpace(object + ": " + string(a.Code))
}
