package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/decisions"
	"orgit.dk/orgit/org/compare/view"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

const compareHelp = `Compare registers and say what the working group has to agree about: units that are
named or placed differently, people whom only one register has, other names, titles,
units, leaders and phones, accounts without a person and people without an account,
people who are there twice, and whom orgit cannot tell by itself. The first register
leads; each of the others is held against it. Nothing is written to any register.

` + registersHelp + `

--html writes one page to read, search and print; --xlsx a spreadsheet in which the group
writes what it decides. Both are in Danish and name people: only their owner may read
them. --decisions reads such a spreadsheet again: what has been decided is no longer on the
list, and goes into the new spreadsheet with what is new.

CPR numbers are compared where registers have them, and written nowhere. Of people with a
protected address there is name and unit alone.

Exit code 3 when a cell of --decisions cannot be read; all the rest is written all the same.
Rows about what has changed since are told, and asked about again.`

// firstItems is how many of each kind the terminal shows.
const firstItems = 5

type compareOptions struct {
	dir       string
	html      string
	xlsx      string
	decisions string
	json      bool
	verbose   bool
	registers []string
}

func newCompareCmd(env environment) *cobra.Command {
	var opts compareOptions
	cmd := &cobra.Command{
		Use:   "compare REGISTER REGISTER…",
		Short: "Say where registers differ, for the working group to agree",
		Long:  compareHelp,
		Example: `  orgit compare opus=ZLPE20260901224012_delta.xml os2mo
  orgit compare opus=ZLPE20260901224012_delta.xml repository=. --html sammenhold.html --xlsx sammenhold.xlsx
  orgit compare opus=ZLPE20260908224012_delta.xml repository=. --decisions sammenhold.xlsx --xlsx ny.xlsx`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.registers = args
			return runCompare(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", "", "the organisation repository's `DIR`, for its settings; none is needed")
	cmd.Flags().StringVar(&opts.html, "html", "", "write a page to `FILE`")
	cmd.Flags().StringVar(&opts.xlsx, "xlsx", "", "write a spreadsheet to decide in to `FILE`")
	cmd.Flags().StringVar(&opts.decisions, "decisions", "", "read what was decided from the spreadsheet `FILE`")
	cmd.Flags().BoolVar(&opts.json, "json", false, "write JSON")
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "show all, and not only the first of each kind")
	return cmd
}

// check refuses what would lose work before anything is read.
func (o compareOptions) check() error {
	if len(o.registers) < 2 {
		return invalidInput(errors.New("it takes two registers to compare"), "orgit compare opus=FILE repository=DIR; `orgit compare --help` names the kinds")
	}
	if o.xlsx != "" && !strings.EqualFold(filepath.Ext(o.xlsx), ".xlsx") {
		return invalidInput(fmt.Errorf("%s does not end in .xlsx", o.xlsx), "spreadsheet programs go by the ending")
	}
	before, errBefore := os.Stat(o.decisions)
	after, errAfter := os.Stat(o.xlsx)
	if errBefore == nil && errAfter == nil && os.SameFile(before, after) {
		return invalidInput(fmt.Errorf("%s is the file that --decisions reads", o.xlsx), "give --xlsx a new name: rows that cannot be read stand in the old one alone")
	}
	return nil
}

func runCompare(ctx context.Context, env environment, opts compareOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	o, err := settingsFor(env, opts.dir)
	if err != nil {
		return err
	}
	extracts, err := readRegisters(ctx, env, o, opts.registers)
	if err != nil {
		return err
	}
	settled, err := settle(extracts, opts.decisions)
	if err != nil {
		return err
	}
	if err := writeComparison(settled, opts); err != nil {
		return err
	}
	shown := settled.Open
	if lang := languageOf(o); lang != shown.Language {
		shown = inLanguage(settled, lang)
	}
	if opts.json {
		err = view.JSON(env.stdout, shown)
	} else {
		most := firstItems
		if opts.verbose {
			most = 0
		}
		err = view.Text(env.stdout, shown, view.TextOptions{Most: most})
	}
	return errors.Join(err, reportFaults(env, opts.decisions, settled.Faults))
}

// settingsFor reads the repository whose settings say what registers there are. Without a folder it is the current one,
// where that is a repository; a municipality compares before it has one.
func settingsFor(env environment, dir string) (*org.Organisation, error) {
	today, err := env.today()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		if _, err := os.Stat("organisation.cue"); err != nil {
			return nil, nil
		}
		dir = "."
	}
	o, findings, err := checkedFolder(dir, today)
	if err != nil {
		return nil, err
	}
	if schema.HasErrors(findings) {
		printDiagnostics(env.stderr, errorsIn(findings))
		return nil, errFaults
	}
	return o, nil
}

func languageOf(o *org.Organisation) string {
	if o != nil && o.Settings.Language == "en" {
		return "en"
	}
	return "da"
}

// readRegisters reads all that are named, the leading one first.
func readRegisters(ctx context.Context, env environment, o *org.Organisation, names []string) ([]*source.Extract, error) {
	day, err := env.today()
	if err != nil {
		return nil, err
	}
	var registers []register
	for _, name := range names {
		r, err := newRegister(o, name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(registers, func(before register) bool { return before.key == r.key }) {
			return nil, invalidInput(fmt.Errorf("%s is named twice", r.key), "give one of them a key of its own in the setting sources")
		}
		registers = append(registers, r)
	}
	var extracts []*source.Extract
	for _, r := range registers {
		x, err := r.read(ctx, env, day)
		if err != nil {
			return nil, err
		}
		extracts = append(extracts, x)
	}
	return extracts, nil
}

// settle compares, with what has been decided where a file says so.
func settle(extracts []*source.Extract, file string) (*decisions.Settled, error) {
	if file == "" {
		comparisons := compare.All(extracts[0], extracts[1:]...)
		a := agenda.New(comparisons, "da")
		return &decisions.Settled{Comparisons: comparisons, Decisions: &decisions.Decisions{}, Open: a, Sheet: a}, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("read the decisions: %w", err), "")
	}
	settled, err := decisions.Settle(extracts[0], extracts[1:], file, data)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("%s: %w", filepath.Base(file), err), "give the file that orgit compare --xlsx wrote, saved as .xlsx")
	}
	return settled, nil
}

// inLanguage is what is open in another language than the one of the page and the spreadsheet.
func inLanguage(settled *decisions.Settled, lang string) *agenda.Agenda {
	open := map[string]bool{}
	for _, item := range settled.Open.Items {
		open[item.ID] = true
	}
	a := agenda.New(settled.Comparisons, lang)
	return a.Only(slices.DeleteFunc(a.Items, func(item agenda.Item) bool { return !open[item.ID] }))
}

// writeComparison writes the files that are asked for. They name everybody whom registers do not agree about: their owner alone may read them.
func writeComparison(settled *decisions.Settled, opts compareOptions) error {
	if opts.html != "" {
		if err := privateFile(opts.html, "--html", func(f *os.File) error { return view.HTML(f, settled.Open) }); err != nil {
			return err
		}
	}
	if opts.xlsx != "" {
		return privateFile(opts.xlsx, "--xlsx", func(f *os.File) error { return decisions.Write(f, settled.Sheet, settled.Decisions) })
	}
	return nil
}

func privateFile(path, flag string, write func(*os.File) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return invalidInput(fmt.Errorf("write the comparison: %w", err), "give "+flag+" a file in a folder that you may write to")
	}
	defer closeInto(f, &err)
	return write(f)
}

// reportFaults tells what could not be read of the decisions. What an older comparison said is told and is no mistake.
func reportFaults(env environment, file string, faults []decisions.Fault) error {
	mistakes := false
	for _, f := range faults {
		fmt.Fprintf(env.stderr, "%s, %s: %s\n", filepath.Base(file), f.Cell, f.Text)
		mistakes = mistakes || f.Code != decisions.Older
	}
	if mistakes {
		return &shownError{&invalidError{errors.New("decisions cannot be read")}}
	}
	return nil
}
