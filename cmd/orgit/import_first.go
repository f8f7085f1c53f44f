package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/decisions"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/username"
	"orgit.dk/orgit/schema"
)

// firstLoad is a repository's first load under way.
type firstLoad struct {
	env      environment
	opts     importOptions
	org      *org.Organisation // as orgit init made it
	texts    org.Texts
	day      org.Day
	extracts []*source.Extract
	town     *decisions.Result
	made     *intake.Result
	open     int // questions of the comparison that nobody has answered
	findings []schema.Diagnostic
}

// runImportFirst fills a new repository from registers. It writes into the folder and commits nothing: people look at it first.
func runImportFirst(ctx context.Context, env environment, opts importOptions, registers []string) error {
	l, err := openFirstLoad(env, opts)
	if err != nil {
		return err
	}
	if err := l.read(ctx, registers); err != nil {
		return err
	}
	if err := l.make(); err != nil {
		return err
	}
	if err := l.write(); err != nil {
		return err
	}
	if err := l.keepNumbers(); err != nil {
		return err
	}
	return l.print()
}

func openFirstLoad(env environment, opts importOptions) (*firstLoad, error) {
	day, err := env.today()
	if err != nil {
		return nil, err
	}
	texts, err := org.ReadTexts(os.DirFS(opts.dir))
	if err != nil {
		return nil, err
	}
	o, findings, err := org.LoadAndCheck(texts, day)
	if err != nil {
		return nil, err
	}
	if schema.HasErrors(findings) {
		printDiagnostics(env.stderr, errorsIn(findings))
		return nil, errFaults
	}
	return &firstLoad{env: env, opts: opts, org: o, texts: texts, day: day}, nil
}

// read reads the registers and puts together who and what is the same.
func (l *firstLoad) read(ctx context.Context, names []string) error {
	var err error
	if l.extracts, err = readRegisters(ctx, l.env, l.org, names); err != nil {
		return err
	}
	settled, err := settle(l.extracts, l.opts.decisions)
	if err != nil {
		return err
	}
	if err := reportFaults(l.env, l.opts.decisions, settled.Faults); err != nil {
		return withHint(err, "correct the cells; nothing was written")
	}
	comparisons := settled.Comparisons
	for n, a := range l.extracts[1:] { // who is in none but the others would be two
		for _, b := range l.extracts[n+2:] {
			comparisons = append(comparisons, compare.Compare(a, b, settled.Decisions.Pairs(a.Source, b.Source)...))
		}
	}
	l.town, l.open = settled.Decisions.Town(l.extracts, comparisons), len(settled.Open.Items)
	return nil
}

func (l *firstLoad) make() error {
	since := l.day
	if l.opts.since != "" {
		var err error
		if since, err = org.ParseDay(l.opts.since); err != nil {
			return invalidInput(fmt.Errorf("--since: %w", err), "")
		}
	}
	var err error
	if l.made, err = intake.First(l.org, l.texts, l.town.Town, intake.Options{Day: l.day, Since: since}); err != nil {
		return invalidInput(err, "")
	}
	if err := l.usedNames(); err != nil {
		return err
	}
	_, findings, err := org.LoadAndCheck(l.texts.With(l.made.Files), l.day)
	l.findings = findings
	return err
}

// usedNames puts the login names that are in the registers and belong to nobody in the files on the list of used names, so
// that nobody gets a name that somebody else has or had.
func (l *firstLoad) usedNames() error {
	made, _, err := org.Load(l.texts.With(l.made.Files))
	if err != nil {
		return err
	}
	taken, used := username.TakenIn(made), map[string]bool{}
	for _, x := range l.extracts {
		for _, p := range x.People {
			for _, a := range p.Accounts {
				for _, name := range append([]string{a.Name}, a.Former...) {
					if a.System == "ad" && !taken.Has(name) && len(schema.FindCPR(name)) == 0 {
						used[name] = true
					}
				}
			}
		}
	}
	files, err := username.List(l.texts, slices.Sorted(maps.Keys(used)))
	if err == nil {
		maps.Copy(l.made.Files, files)
	}
	return err
}

func (l *firstLoad) write() error {
	for _, name := range slices.Sorted(maps.Keys(l.made.Files)) {
		path := filepath.Join(l.opts.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(path, l.made.Files[name], 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// keepNumbers puts the CPR numbers into the CPR store, where one is configured.
func (l *firstLoad) keepNumbers() error {
	if len(l.made.Numbers) == 0 || l.env.getenv(cpr.StoreVariable) == "" {
		return nil
	}
	place, err := cprPlace(l.env)
	if err != nil {
		return err
	}
	fill := func(s *cpr.Store) error {
		for person, number := range l.made.Numbers {
			s.Set(person, number)
		}
		return nil
	}
	err = cpr.Edit(place, fill)
	if errors.Is(err, cpr.ErrMissing) {
		if _, err = cpr.Init(place); err == nil {
			err = cpr.Edit(place, fill)
		}
	}
	return cprFault(err)
}

// print tells what was made, and what people have to look at.
func (l *firstLoad) print() error {
	made, _, err := org.Load(l.texts.With(l.made.Files))
	if err != nil {
		return err
	}
	say := func(da, en string) string {
		if l.org.Settings.Language == change.English {
			return en
		}
		return da
	}
	w := l.env.stdout
	fmt.Fprintf(w, say("%s og %s er skrevet i %s.\n", "%s and %s were written to %s.\n"),
		count(len(made.Units), say("enhed", "unit"), say("enheder", "units")), count(len(made.People), say("person", "person"), say("personer", "people")), l.opts.dir)
	switch {
	case len(l.made.Numbers) > 0 && l.env.getenv(cpr.StoreVariable) == "":
		fmt.Fprint(w, say("CPR-numrene fra registrene er ikke gemt: ORGIT_CPR_STORE siger ikke, hvor.\n", "The registers' CPR numbers were not kept: ORGIT_CPR_STORE does not say where.\n"))
	case len(l.made.Numbers) > 0:
		fmt.Fprintf(w, say("%s er lagt i CPR-lageret.\n", "%s are in the CPR store.\n"), count(len(l.made.Numbers), say("CPR-nummer", "CPR number"), say("CPR-numre", "CPR numbers")))
	}
	if l.open > 0 {
		fmt.Fprintf(w, say("%s fra sammenholdet er der ikke taget stilling til; `orgit compare` viser dem.\n", "%s of the comparison have not been decided; `orgit compare` shows them.\n"),
			count(l.open, say("punkt", "item"), say("punkter", "items")))
	}
	findings := slices.Clone(l.made.Findings)
	for _, n := range l.town.NotApplied {
		findings = append(findings, intake.Finding{Code: "decision", About: cmp.Or(n.Cell, n.Name), Text: n.Text})
	}
	if len(findings) > 0 {
		fmt.Fprintf(w, say("\nDet skal I se på (%d)\n", "\nTo look at (%d)\n"), len(findings))
		for _, f := range findings {
			at := f.Origin.String()
			if f.About != "" {
				at = f.About + " (" + at + ")"
			}
			fmt.Fprintf(w, "  %s: %s\n", schema.MaskCPR(at), schema.MaskCPR(f.Text))
		}
	}
	fmt.Fprintln(w)
	if schema.HasErrors(l.findings) {
		printDiagnostics(l.env.stderr, l.findings)
		fmt.Fprintln(l.env.stderr, "orgit: the files are written, and have these errors; correct them, or what the registers say, before you commit")
		return errFaults
	}
	fmt.Fprintf(w, say("Næste: se filerne igennem, `orgit plan -C %s`, og commit dem.\n", "Next: look through the files, `orgit plan -C %s`, and commit them.\n"), l.opts.dir)
	return nil
}
