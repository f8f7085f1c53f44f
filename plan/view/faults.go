package view

import (
	"bufio"
	"io"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/schema"
)

// Faults are why no plan could be made of a proposal, for the note of its merge request.
type Faults struct {
	Language string
	Commit   string // the proposed one
	// Findings are what is wrong in the files. Warnings are left out: they stop nothing.
	Findings []schema.Diagnostic
	// Approved says that it is the approved files that are wrong, not the proposal's.
	Approved bool
	// System is one that did not answer or would not let orgit in, where the files are in order.
	System string
	// Organisations are where to look for the names of those the findings are about, the first first; any may be nil.
	Organisations []*org.Organisation
	Job           string // address of the job that tells more
}

// FaultsNote writes the note of a merge request of which no plan could be made: what stood there before would be taken for
// the plan of what is proposed now.
func FaultsNote(w io.Writer, f Faults) error {
	var errors []schema.Diagnostic
	for _, d := range f.Findings {
		if d.Severity == schema.Error {
			errors = append(errors, d.Masked())
		}
	}
	doc := f.document(errors)
	m := markdownWriter{out: bufio.NewWriter(w), whole: newLink(phrase{"se jobbet", "see the job"}.in(f.Language), f.Job)}
	m.put("%sdigest=none -->\n", noteMarker)
	m.document(doc)
	if m.whole != (link{}) {
		m.put("%s\n", m.whole.markdown())
	}
	return m.out.Flush()
}

func (f Faults) document(errors []schema.Diagnostic) document {
	doc := document{title: phrase{"Der er ingen plan for dette forslag", "There is no plan for this proposal"}.in(f.Language)}
	mistakes := counted{phrase{"fejl", "mistake"}, phrase{"fejl", "mistakes"}}.of(len(errors), f.Language)
	c := composer{lang: f.Language, most: mostMarkdown, rest: phrase{"… og %d flere", "… and %d more"}}
	switch {
	case len(errors) > 0 && f.Approved:
		doc.verdict.text = phrase{
			"Der er %s i det, der allerede er godkendt. Det skal rettes, før noget forslag kan planlægges.",
			"What is approved already holds %s. That has to be corrected before any proposal can be planned.",
		}.format(f.Language, mistakes)
	case len(errors) > 0:
		doc.verdict.text = phrase{
			"Forslaget kan ikke bruges endnu: Der er %s i filerne. Ret dem, så kommer planen her.",
			"The proposal cannot be used yet: its files hold %s. Correct that, and the plan comes here.",
		}.format(f.Language, mistakes)
	case f.System != "":
		doc.verdict.text = phrase{
			"%s svarer ikke, eller orgit må ikke læse det, så planen kunne ikke laves. Det er ikke forslagets skyld. Kør jobbet igen, eller spørg it.",
			"%s does not answer, or orgit may not read it, so the plan could not be made. It is not the proposal's fault. Run the job again, or ask IT.",
		}.format(f.Language, TargetName(f.System))
	default:
		doc.verdict.text = phrase{
			"Planen kunne ikke laves. Jobbet siger hvorfor; spørg it.",
			"The plan could not be made. The job says why; ask IT.",
		}.in(f.Language)
	}
	if len(errors) > 0 {
		var lines []line
		for _, d := range errors {
			lines = append(lines, findingLine(d, f.Language, f.Organisations))
		}
		doc.sections = []section{c.list(phrase{"Det skal rettes", "To be corrected"}, lines, c.most)}
	}
	if f.Commit != "" {
		doc.last = []string{phrase{"Grundlag: forslaget %s.", "Made of: the proposal %s."}.format(f.Language, short(f.Commit))}
	}
	return doc
}

// FindingWords says what a finding means to people who edit an organisation and read no CUE, in one sentence.
func FindingWords(d schema.Diagnostic, lang string) string {
	d = d.Guarded()
	if text := faultWords(d.Code).in(lang); text != "" {
		return text
	}
	return strings.TrimSuffix(d.Message, ".") + "."
}

// findingLine says a finding in words, with what the program says of it below.
func findingLine(d schema.Diagnostic, lang string, named []*org.Organisation) line {
	d = d.Guarded()
	text := FindingWords(d, lang)
	if about := schema.MaskCPR(entryName(d.Path, named)); about != "" {
		text = about + ": " + text
	}
	l := line{mark: markWarn, text: text}
	if d.From != "" {
		l.text += phrase{" Fra %s.", " From %s."}.format(lang, change.Day(org.Day(d.From), lang))
	}
	d.Position.Column = 0
	if at := d.Position.String(); at != "" {
		l.under = append(l.under, at)
	}
	if lang != "en" {
		l.under = append(l.under, phrase{"orgits egne ord: ", ""}.in(lang)+d.Message)
	}
	if d.Hint != "" {
		l.under = append(l.under, phrase{"forslag: ", "hint: "}.in(lang)+d.Hint)
	}
	return l
}

// entryName says whom or what a path lies in, as people call it; empty when that is not known.
func entryName(path string, named []*org.Organisation) string {
	kind, rest, _ := strings.Cut(path, `."`)
	key, _, ok := strings.Cut(rest, `"`)
	if !ok {
		return ""
	}
	for _, o := range named {
		if o == nil {
			continue
		}
		if p := o.Person(key); kind == "people" && p != nil {
			return p.Name.Full()
		}
		if u := o.Unit(key); kind == "units" && u != nil {
			return u.Name
		}
	}
	return ""
}

// faultWords says what a rule's code means to people who edit an organisation and read no CUE; empty for a code that is
// not known here.
func faultWords(code string) phrase {
	if da, ok := faultsDanish[code]; ok {
		return phrase{da: da}
	}
	if strings.HasPrefix(code, "unknown-") {
		return phrase{da: "Der henvises til noget, som ikke findes. Er nøglen stavet rigtigt?"}
	}
	return phrase{}
}

var faultsDanish = map[string]string{
	"ad-setting":            "En indstilling for AD kan ikke bruges.",
	"ad-value":              "AD kan ikke rumme det, der står.",
	"amendment-outside":     "En dateret ændring ligger uden for den periode, som den hører til.",
	"assignment-form":       "En tildeling af roller modsiger sig selv: den siger ikke præcis, hvad der gives, eller til hvem.",
	"assignment-idle":       "En tildeling giver ikke noget mere, fordi enheden, personen eller rollen ikke er der.",
	"bad-key":               "Nøglen kan ikke bruges. Den må kun bestå af små bogstaver a-z, tal og bindestreg.",
	"bad-value":             "Værdien kan ikke bruges her.",
	"binding":               "organisation.cue mangler linjen, der knytter filerne til orgits regler.",
	"conflict-form":         "En regel om funktionsadskillelse modsiger sig selv.",
	"conflict-held":         "Nogen har to roller, som ingen må have på samme tid. Tag den ene fra dem, eller få godkendt en undtagelse.",
	"constraint-choices":    "En dataafgrænsning mangler valgmuligheder, eller har nogle, den ikke skal have.",
	"constraint-missing":    "Der mangler en værdi til en dataafgrænsning.",
	"constraint-not-taken":  "En rolle kan ikke afgrænses på den måde.",
	"constraint-value":      "Værdien passer ikke til dataafgrænsningen.",
	"covers-self":           "Nogen står som vikar for sig selv.",
	"cpr-number":            "Der står noget, der ligner et CPR-nummer. Fjern det: CPR-numre må ikke stå i filerne.",
	"cycle":                 "Enheder ligger i ring: en enhed kan ikke ligge under sig selv.",
	"duplicate-account":     "Brugernavnet er allerede i brug hos en anden.",
	"duplicate-entry":       "Det samme er skrevet to gange, i hver sin fil eller to steder i den samme.",
	"duplicate-group-name":  "To rollebuketter hedder det samme. Giv den ene et andet navn.",
	"duplicate-identifier":  "To systemer eller roller har samme betegnelse i rollekataloget.",
	"duplicate-uuid":        "To har samme UUID. Hver skal have sin egen.",
	"ean-check-digit":       "EAN-nummeret er skrevet forkert: kontrolcifret passer ikke.",
	"empty":                 "Der er ingen filer at læse.",
	"entry-form":            "Filen er ikke bygget op, som den skal være.",
	"exception-expired":     "En undtagelse fra funktionsadskillelse er udløbet.",
	"exception-self":        "Nogen har godkendt en undtagelse for sig selv.",
	"exception-unused":      "En undtagelse fra funktionsadskillelse er ikke nødvendig mere.",
	"file-attribute":        "Filen er ikke bygget op, som den skal være.",
	"file-name":             "Filens navn indeholder tegn, der ikke kan vises.",
	"import":                "Filen henter noget ind, som den ikke må.",
	"identifier-long":       "En rolles betegnelse er længere, end rollekataloget har plads til.",
	"impossible-day":        "Datoen findes ikke i kalenderen.",
	"leader-gone":           "Lederen er ikke længere ansat eller tilknyttet. Slut ledelsen, eller angiv en ny leder.",
	"leader-or-vacant":      "Angiv enten en leder, eller at stillingen er ledig.",
	"leader-will-be-gone":   "Lederen er ikke ansat eller tilknyttet i hele perioden.",
	"link-away":             "Der henvises til en enhed, som ikke findes på det tidspunkt.",
	"many-roots":            "Der er mere end én øverste enhed.",
	"merge-conflict":        "Forslaget og noget, der er godkendt imens, ændrer det samme. Nogen skal afgøre, hvad der gælder.",
	"missing-field":         "Der mangler en oplysning, som skal være der.",
	"mixed-file":            "Indstillinger og enheder eller personer står i samme fil. Del dem.",
	"module":                "Mappen cue.mod er ikke, som den skal være.",
	"no-leader":             "Enheden har ingen leder, heller ikke fra en enhed over sig.",
	"no-organisation":       "Filen organisation.cue mangler.",
	"no-units":              "Der er ingen enheder.",
	"not-a-file":            "Det er et link eller andet, som ikke er en almindelig fil.",
	"not-searched":          "Filen er for stor til at blive gennemsøgt for CPR-numre.",
	"outlives-unit":         "Nogen fortsætter i en enhed, efter at den er lukket.",
	"outside-unit":          "Nogen er placeret i en enhed på et tidspunkt, hvor den ikke findes.",
	"package":               "Filen skal begynde med linjen: package org.",
	"parent-away":           "Enheden ligger under en enhed, som ikke findes på det tidspunkt.",
	"reference":             "Filen bruger noget fra en anden fil, og det må den ikke. Skriv selve værdien.",
	"review-group-only":     "En klasse i reglerne for godkendelse nævner noget, som kun arbejdsgruppen kan godkende.",
	"review-group-small":    "Arbejdsgruppen er for lille: den kan ikke give så mange godkendelser, som der kræves.",
	"review-group-tight":    "Arbejdsgruppen er så lille, at det, som et medlem foreslår, ikke kan godkendes.",
	"review-kind":           "Reglerne for godkendelse nævner en art af ændring, som ikke findes.",
	"review-kind-twice":     "To klasser i reglerne for godkendelse nævner den samme art af ændring.",
	"review-leader":         "En klasse i reglerne for godkendelse kræver flere ledere, men der er kun én nærmeste.",
	"review-login":          "Det er ikke sagt, hvem lederne er i GitLab, så arbejdsgruppen afgør det i stedet.",
	"review-rule":           "En regel i reglerne for godkendelse siger ikke, fra hvilket register, eller hvor mange ad gangen.",
	"review-source":         "En regel i reglerne for godkendelse nævner et register, som ikke står i indstillingerne.",
	"review-substitute":     "En stedfortræder i reglerne for godkendelse passer ikke.",
	"person-only":           "En rolle, der kun må gives til personer, er givet til en enhed.",
	"requirement-unmet":     "Nogen har en rolle uden den, som den forudsætter.",
	"requires-itself":       "En rolle forudsætter sig selv.",
	"review-twice":          "Det samme er nævnt to gange i reglerne for godkendelse.",
	"schema-copy":           "Kopien af orgits regler i cue.mod er ikke den nyeste.",
	"setting-place":         "En indstilling står i en fil med enheder eller personer. Den hører til i organisation.cue.",
	"successor-cycle":       "Enheder afløser hinanden i ring.",
	"successor-without-end": "Enheden har en afløser, men ingen sidste dag, så ingen flytter.",
	"syntax":                "Filen er skrevet forkert: et tegn mangler eller er for meget.",
	"template-place":        "En skabelon står i en fil med enheder eller personer. Den hører til i templates.cue.",
	"too-many-holders":      "Flere har rollen, end der må.",
	"to-before-from":        "Sidste dag ligger før første dag.",
	"too-large":             "Filen er for stor til at blive læst.",
	"top-level":             "Filen er ikke bygget op, som den skal være.",
	"unknown-field":         "Der står en oplysning, som orgit ikke kender. Er den stavet rigtigt?",
	"unknown-value":         "Værdien er ikke en af dem, der kan vælges.",
	"unused-import":         "Filen henter noget ind, som den ikke bruger.",
	"used-name":             "Listen over brugte brugernavne har en linje, der ikke er et brugernavn.",
	"username-rule":         "En regel for nye brugernavne bliver aldrig brugt.",
	"wrong-type":            "Værdien er af en forkert slags, for eksempel tekst, hvor der skal stå et tal.",
}
