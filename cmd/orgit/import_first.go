package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
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
	if err := l.openStore(); err != nil {
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
					if a.System == "ad" && !taken.Has(name) && username.IsLogin(name) {
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

// openStore sees to it that the CPR store can be written to, before anything else is written: a first load is made once.
func (l *firstLoad) openStore() error {
	if l.env.getenv(cpr.StoreVariable) == "" {
		return nil
	}
	place, err := cprPlace(l.env)
	if err != nil {
		return err
	}
	if _, err = cpr.Open(place); errors.Is(err, cpr.ErrMissing) {
		_, err = cpr.Init(place)
	}
	return cprFault(err)
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
	return cprFault(cpr.Edit(place, func(s *cpr.Store) error {
		for person, number := range l.made.Numbers {
			s.Set(person, number)
		}
		return nil
	}))
}
