package main

import (
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/plan/view"
)

// importReport is what an import came to.
type importReport struct {
	Source    string           `json:"source"`
	Day       org.Day          `json:"day"`
	People    int              `json:"people"` // in the register
	Units     int              `json:"units"`
	Sure      []string         `json:"sure"`      // what is proposed, in sentences
	Questions []importQuestion `json:"questions"` // what only people can tell
	Refused   []refusedChange  `json:"refused,omitempty"`
	Nameless  []namelessHire   `json:"nameless,omitempty"` // who is hired without an account: the rules give no login name
	Notes     []string         `json:"notes,omitempty"`    // what the reader could not use
	Branches  []importBranch   `json:"branches,omitempty"`
	Classes   string           `json:"classes,omitempty"` // CUE: the classes that questions are about, as the register calls them
}

type importQuestion struct {
	Code  string    `json:"code"`
	Entry [2]string `json:"entry"`
	Where string    `json:"where"`
	Text  string    `json:"text"`
}

type importBranch struct {
	Branch  string `json:"branch"`
	Request int    `json:"request,omitempty"`
	Says    string `json:"says"`
}

func (i *importing) report() importReport {
	r := importReport{Source: i.x.Source, Day: i.x.Day, People: len(i.x.People), Units: len(i.x.Units), Refused: i.refused, Classes: i.proposed.Classes}
	for _, g := range i.groups {
		if len(g.questions) == 0 {
			r.Sure = append(r.Sure, g.outcome.Says...)
		}
		r.Nameless = append(r.Nameless, g.nameless...)
		if g.says != "" {
			b := importBranch{Branch: g.branch, Says: g.says}
			if g.outcome.MergeRequest != nil {
				b.Request = g.outcome.MergeRequest.IID
			}
			r.Branches = append(r.Branches, b)
		}
	}
	r.Branches = append(r.Branches, i.gone...)
	for _, q := range i.proposed.Questions {
		r.Questions = append(r.Questions, importQuestion{q.Code, q.Entry, q.Origin.String(), i.question(q)})
	}
	for _, n := range i.x.Notes {
		r.Notes = append(r.Notes, strings.TrimPrefix(n.Origin.String()+": "+n.Text, ": "))
	}
	return r
}

// print tells what the register says. HR and the working group read it.
func (i *importing) print() error {
	r := i.report()
	if i.opts.json {
		return writeJSON(i.env.stdout, r)
	}
	w := i.env.stdout
	fmt.Fprintf(w, i.say("%s, %s: %s og %s.\n", "%s, %s: %s and %s.\n"), i.x.Name, change.Day(r.Day, i.approved.Settings.Language),
		count(r.People, i.say("person", "person"), i.say("personer", "people")), count(r.Units, i.say("enhed", "unit"), i.say("enheder", "units")))
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(w, "\n%s (%d)\n", title, len(lines))
			for _, line := range lines {
				fmt.Fprintln(w, "  "+line)
			}
		}
	}
	section(i.say("Det siger registret", "What the register says"), r.Sure)
	asks := askLines(r.Questions)
	var nameless, refused, branches []string
	for _, n := range r.Nameless {
		nameless = append(nameless, i.nameless(n))
	}
	for _, f := range r.Refused {
		refused = append(refused, i.about(f.Entry)+": "+f.Why)
	}
	for _, b := range r.Branches {
		branches = append(branches, b.Branch+": "+b.Says)
	}
	section(i.say("Det skal I tage stilling til", "What you have to decide"), asks)
	if r.Classes != "" {
		fmt.Fprintln(w, i.say("\nSkal klasserne hedde, som registret siger, så skriv dette i classes.cue. Det godkendes af arbejdsgruppen, og næste import bruger dem:",
			"\nIf the classes are to be called as the register says, add this to classes.cue. The working group approves it, and the next import uses them:"))
		fmt.Fprint(w, "\n"+r.Classes)
	}
	section(i.say("De ansættes uden konto", "They are hired without an account"), nameless)
	section(i.say("Det kan ikke skrives, som registret siger", "What cannot be written as the register says"), refused)
	section(i.say("Det kunne ikke bruges fra registret", "What could not be used of the register"), r.Notes)
	section(i.say("Forslag", "Proposals"), branches)
	if len(r.Sure)+len(asks)+len(refused) == 0 {
		fmt.Fprintln(w, i.say("\nRegistret og filerne siger det samme.", "\nThe register and the files say the same."))
	} else if !i.opts.propose {
		fmt.Fprintln(w, i.say("\nIntet er foreslået. Med --propose bliver det til forslag.", "\nNothing was proposed. --propose makes merge requests of it."))
	}
	return nil
}

// askLines are the questions, each once: many may have one title that nobody knows.
func askLines(questions []importQuestion) (lines []string) {
	times := map[string]int{}
	for _, q := range questions {
		if times[q.Text]++; times[q.Text] == 1 {
			lines = append(lines, q.Text)
		}
	}
	for n, text := range lines {
		if times[text] > 1 {
			lines[n] += fmt.Sprintf(" (×%d)", times[text])
		}
	}
	return lines
}

// question asks in a sentence.
func (i *importing) question(q intake.Question) string {
	about, from, says, stands := i.about(q.Entry), i.x.Name, q.Says, i.stands(q)
	switch q.Code {
	case intake.AskByHand:
		return fmt.Sprintf(i.say("%s: %s siger %s, men filerne siger %s, og det er rettet i hånden. Hvad er rigtigt?",
			"%s: %s says %s, but the files say %s, which was edited by hand. Which is right?"), about, from, quoted(says), quoted(stands))
	case intake.AskVanished:
		return fmt.Sprintf(i.say("%s: ansættelsen %s er ikke længere i %s, og der står ikke, at nogen er fratrådt. Er den annulleret?",
			"%s: the engagement %s is no longer in %s, which does not say that anybody has left. Was it annulled?"), about, says, from)
	case intake.AskUnit:
		if len(q.Would) > 0 {
			return fmt.Sprintf(i.say("%s har enheden %s, som ingen enhed i filerne har koden på (sources). Skal den oprettes under %s?",
				"%s has the unit %s, whose code no unit in the files has (sources). Is it to be made, below %s?"), from, quoted(says), i.about([2]string{"units", q.Would[0].Parent}))
		}
		return fmt.Sprintf(i.say("%s har enheden %s, som ingen enhed i filerne har koden på (sources). Hvilken er det?",
			"%s has the unit %s, whose code no unit in the files has (sources). Which is it?"), from, quoted(says))
	case intake.AskTitle:
		return fmt.Sprintf(i.say("%s har titlen %s, som ikke er blandt titlerne i classes. Skal den oprettes, eller svarer den til en anden (sources.%s.titles)?",
			"%s has the title %s, which is not in classes. Is it to be made, or is it another one (sources.%s.titles)?"), from, quoted(says), i.x.Source)
	case intake.AskType:
		return fmt.Sprintf(i.say("%s har ansættelsesformen %s, som ikke er i classes. Hvilken svarer den til (sources.%s.engagementTypes)?",
			"%s has the type of engagement %s, which is not in classes. Which is it (sources.%s.engagementTypes)?"), from, quoted(says), i.x.Source)
	case intake.AskSame:
		return fmt.Sprintf(i.say("%s har en ny ansættelse %s af en, der hedder det samme som %s. Er det samme person?",
			"%s has a new engagement %s of somebody called as %s. Is it the same person?"), from, says, about)
	case intake.AskLeader:
		return fmt.Sprintf(i.say("%s: %s nævner en leder, som ikke er i filerne.", "%s: %s names a leader who is not in the files."), about, from)
	case intake.AskUnitEnded:
		return fmt.Sprintf(i.say("%s: enheden er nedlagt i %s med udgangen af %s. Skal den nedlægges, og hvem overtager?",
			"%s: the unit ended in %s with %s. Is it to be closed, and who follows?"), about, from, says)
	case intake.AskShielded:
		return fmt.Sprintf(i.say("%s: adressen er ikke længere beskyttet i %s. Skal beskyttelsen ophøre?", "%s: the address is no longer protected in %s. Is the protection to end?"), about, from)
	case intake.AskLeave:
		return fmt.Sprintf(i.say("%s: orloven er %s i %s og %s i filerne. Hvad er rigtigt?", "%s: the leave is %s in %s and %s in the files. Which is right?"), about, says, from, stands)
	case intake.AskMasked:
		if about == "" {
			about = i.say("ansættelsen ", "the engagement ") + says
		}
		return fmt.Sprintf(i.say("%s: navnet i %s indeholder noget, der ligner et CPR-nummer, og bliver ikke taget ind. Få det rettet i registret.",
			"%s: the name in %s holds what looks like a CPR number, and is not taken in. Have it corrected in the register."), about, from)
	case intake.AskFormer:
		return fmt.Sprintf(i.say("%s: ansættelsen er fortsat i %s, men den sluttede %s i filerne. Er vedkommende vendt tilbage?",
			"%s: the engagement goes on in %s, but it ended on %s in the files. Has the person come back?"), about, from, change.Day(org.Day(stands), i.approved.Settings.Language))
	}
	return about + ": " + says
}

// stands says in words what the files have: names of classes and units instead of keys.
func (i *importing) stands(q intake.Question) string {
	c := i.approved.Settings.Classes
	if u := i.approved.Unit(q.Stands); u != nil {
		return u.At(i.day).Name
	}
	for _, list := range []map[string]org.Class{c.Titles, c.EngagementTypes} {
		if class, ok := list[q.Stands]; ok && q.Stands != "" {
			return class.Name
		}
	}
	return q.Stands
}

func quoted(text string) string {
	if text == "" {
		return "–"
	}
	return "»" + text + "«"
}

// title is that of the group's merge request.
func (p *importPublishing) title(g *importGroup, w requestWriter) string {
	if len(g.questions) == 0 {
		return p.x.Name + ": " + w.title()
	}
	title := p.x.Name + p.say(" spørger: ", " asks: ") + p.about(g.questions[0].Entry)
	if runes := []rune(title); len(runes) > longestTitle {
		title = string(runes[:longestTitle-1]) + "…"
	}
	return title
}

// description says what the register has said, what it asks, and what an answer does.
func (p *importPublishing) description(g *importGroup, w requestWriter) string {
	var b strings.Builder
	origins := map[string]bool{}
	for _, part := range g.proposals {
		origins[part.Origin.Document] = true
	}
	fmt.Fprintf(&b, p.say("Forslaget kommer fra %s (%s).\n\n", "This was proposed from %s (%s).\n\n"), view.Escape(p.x.Name), view.Escape(strings.Join(sortedNames(origins), ", ")))
	for _, q := range g.questions {
		b.WriteString("**" + view.Escape(p.question(q)) + "**\n\n")
	}
	if len(g.questions) > 0 {
		b.WriteString(p.say("Godkend, hvis registret har ret. Luk forslaget uden at flette det, hvis det ikke har: så kommer det ikke igen, så længe registret siger det samme.\n\n",
			"Approve it if the register is right. Close it without merging if it is not: it does not come again while the register says the same.\n\n"))
	}
	if len(g.nameless) > 0 {
		b.WriteString(p.say("**De ansættes uden konto**\n\n", "**They are hired without an account**\n\n"))
		for _, n := range g.nameless {
			b.WriteString("- " + view.Escape(p.nameless(n)) + "\n")
		}
		b.WriteString("\n")
	}
	b.WriteString(w.description())
	return b.String()
}

func sortedNames(set map[string]bool) []string {
	var names []string
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
