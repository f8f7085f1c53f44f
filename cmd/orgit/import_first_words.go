package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/schema"
)

// firstReport is what a first load came to.
type firstReport struct {
	Units    int            `json:"units"`  // in the folder, with the root
	People   int            `json:"people"` // in the folder
	Numbers  int            `json:"cprNumbers"`
	Kept     bool           `json:"cprNumbersKept"` // in the CPR store
	Open     int            `json:"undecided"`      // items of the comparison
	Findings []firstFinding `json:"findings"`       // what people have to decide or to know
	Notes    []firstNote    `json:"notes"`          // what the registers say that could not be used
	Errors   int            `json:"errors"`         // of orgit check
}

type firstFinding struct {
	Code  string `json:"code"`
	Where string `json:"where,omitempty"`
	About string `json:"about,omitempty"`
	Text  string `json:"text"`
}

type firstNote struct {
	Register string `json:"register"`
	Code     string `json:"code"`
	Where    string `json:"where,omitempty"`
	Text     string `json:"text"`
}

func (l *firstLoad) report() (firstReport, error) {
	made, _, err := org.Load(l.texts.With(l.made.Files))
	if err != nil {
		return firstReport{}, err
	}
	r := firstReport{
		Units: len(made.Units), People: len(made.People), Numbers: len(l.made.Numbers), Kept: len(l.made.Numbers) > 0 && l.env.getenv(cpr.StoreVariable) != "",
		Open: l.open, Findings: []firstFinding{}, Notes: []firstNote{}, Errors: len(errorsIn(l.findings)),
	}
	findings := slices.Clone(l.made.Findings)
	for _, n := range l.town.NotApplied {
		findings = append(findings, intake.Finding{Code: "decision", About: cmp.Or(n.Cell, n.Name), Text: n.Text})
	}
	for _, f := range findings {
		r.Findings = append(r.Findings, firstFinding{f.Code, schema.MaskCPR(f.Origin.String()), schema.MaskCPR(f.About), schema.MaskCPR(f.Text)})
	}
	for _, x := range l.extracts {
		for _, n := range x.Notes {
			r.Notes = append(r.Notes, firstNote{x.Name, n.Code, schema.MaskCPR(n.Origin.String()), schema.MaskCPR(n.Text)})
		}
	}
	return r, nil
}

// say is a text in the language of the organisation.
func (l *firstLoad) say(da, en string) string {
	if l.org.Settings.Language == change.English {
		return en
	}
	return da
}

// print tells what was made, and what people have to look at.
func (l *firstLoad) print() error {
	r, err := l.report()
	if err != nil {
		return err
	}
	if l.opts.json {
		err = writeJSON(l.env.stdout, r)
	} else {
		l.printReport(r)
	}
	switch {
	case err != nil:
		return err
	case r.Errors > 0:
		printDiagnostics(l.env.stderr, l.findings)
		fmt.Fprintln(l.env.stderr, "orgit: the files are written, and have these errors; correct them, or what the registers say, before you commit")
		return errFaults
	case !l.opts.json:
		fmt.Fprintf(l.env.stdout, l.say("Næste: se filerne igennem, `orgit plan -C %s`, og commit dem.\n", "Next: look through the files, `orgit plan -C %s`, and commit them.\n"), l.opts.dir)
	}
	return nil
}

func (l *firstLoad) printReport(r firstReport) {
	w, say := l.env.stdout, l.say
	fmt.Fprintf(w, say("%s og %s er skrevet i %s.\n", "%s and %s were written to %s.\n"),
		count(r.Units, say("enhed", "unit"), say("enheder", "units")), count(r.People, say("person", "person"), say("personer", "people")), l.opts.dir)
	switch {
	case r.Kept:
		fmt.Fprintf(w, say("%s er lagt i CPR-lageret.\n", "%s are in the CPR store.\n"), count(r.Numbers, say("CPR-nummer", "CPR number"), say("CPR-numre", "CPR numbers")))
	case r.Numbers > 0:
		fmt.Fprint(w, say("CPR-numrene fra registrene er ikke gemt: ORGIT_CPR_STORE siger ikke, hvor.\n", "The registers' CPR numbers were not kept: ORGIT_CPR_STORE does not say where.\n"))
	}
	if r.Open > 0 {
		fmt.Fprintf(w, say("%s fra sammenholdet er der ikke taget stilling til; `orgit compare` viser dem.\n", "%s of the comparison have not been decided; `orgit compare` shows them.\n"),
			count(r.Open, say("punkt", "item"), say("punkter", "items")))
	}
	if len(r.Findings) > 0 {
		fmt.Fprintf(w, say("\nDet skal I se på (%d)\n", "\nTo look at (%d)\n"), len(r.Findings))
		for _, f := range r.Findings {
			at := f.Where
			if f.About != "" {
				at = f.About + " (" + at + ")"
			}
			fmt.Fprintf(w, "  %s: %s\n", at, f.Text)
		}
	}
	l.printNotes(r.Notes)
	fmt.Fprintln(w)
}

// mostNotes is how many notes of one kind are printed; --json gives them all.
const mostNotes = 10

// printNotes prints what could not be used of the registers, a kind at a time.
func (l *firstLoad) printNotes(notes []firstNote) {
	if len(notes) == 0 {
		return
	}
	w := l.env.stdout
	fmt.Fprintf(w, l.say("\nDet kunne ikke bruges fra registrene, eller er tvivlsomt (%d)\n", "\nWhat could not be used of the registers, or is doubtful (%d)\n"), len(notes))
	notes = slices.Clone(notes)
	slices.SortStableFunc(notes, func(a, b firstNote) int {
		return cmp.Or(cmp.Compare(a.Register, b.Register), cmp.Compare(a.Code, b.Code))
	})
	for at := 0; at < len(notes); {
		next := at
		for next < len(notes) && notes[next].Register == notes[at].Register && notes[next].Code == notes[at].Code {
			next++
		}
		for _, n := range notes[at:min(next, at+mostNotes)] {
			fmt.Fprintf(w, "  %s, %s\n", n.Register, strings.TrimPrefix(n.Where+": "+n.Text, ": "))
		}
		if more := next - at - mostNotes; more > 0 {
			fmt.Fprintf(w, l.say("  … og %d mere af samme slags (%s); --json har dem alle\n", "  … and %d more of the kind (%s); --json has them all\n"), more, notes[at].Code)
		}
		at = next
	}
}
