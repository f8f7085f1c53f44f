package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

const cprImportHelp = `Put CPR numbers into the CPR store from a CSV file: a column with the key or UUID of a
person, and one with the CPR number, with or without hyphen; separated by ; or , and in
UTF-8 or Windows' encoding. A first line of headings is passed over. Numbers of persons
who are not in the file stay as they are.

Every line is checked first, and nothing is written when one is wrong (exit code 3). No
number is printed, in no message. Delete the CSV file afterwards; with - for FILE.csv the
lines come from the standard input, and there is none to delete.`

type cprImportOptions struct {
	dir  string
	file string
	json bool
}

func newCPRImportCmd(env environment) *cobra.Command {
	var opts cprImportOptions
	cmd := &cobra.Command{
		Use:     "import FILE.csv",
		Short:   "Put CPR numbers into the store from a CSV file",
		Long:    cprImportHelp,
		Example: `  orgit cpr import /secure/numbers.csv -C organisation`,
		Args:    wordless(1, "give the name of a CSV file"),
		RunE: func(_ *cobra.Command, args []string) error {
			opts.file = args[0]
			return runCPRImport(env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().BoolVar(&opts.json, "json", false, "write what was done as JSON")
	return cmd
}

func runCPRImport(env environment, opts cprImportOptions) error {
	place, err := cprPlace(env)
	if err != nil {
		return err
	}
	rows, faults, err := readCPRFile(env, opts.file)
	if err != nil {
		return err
	}
	q := question{dir: opts.dir}
	view, err := q.view(env)
	if err != nil {
		return err
	}
	i := &cprImport{people: peopleOf(view.Organisation()), faults: faults}
	i.take(rows)
	if len(i.faults) > 0 {
		return i.refuse(env, opts.file)
	}
	if err := i.store(place); err != nil {
		if len(i.faults) > 0 {
			return i.refuse(env, opts.file)
		}
		return cprFault(err)
	}
	return i.report(env, opts, place, view)
}

// fromStdin stands for the standard input in the place of a file's name.
const fromStdin = "-"

func readCPRFile(env environment, name string) ([]cpr.Row, []cpr.Fault, error) {
	from := env.stdin
	if name != fromStdin {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, invalidInput(fmt.Errorf("open the CSV file: %w", err), "give the name of a file with persons and CPR numbers")
		}
		defer f.Close()
		from = f
	}
	rows, faults, err := cpr.ReadCSV(from)
	if err != nil {
		return nil, nil, invalidInput(err, "see `orgit cpr import --help`")
	}
	return rows, faults, nil
}

// cprEntry is a line that can be imported.
type cprEntry struct {
	line   int
	person *org.Person
	number cpr.Number
}

// cprImport is an import under way.
type cprImport struct {
	people  people
	entries []cprEntry // each person once
	faults  []cpr.Fault
	done    cprImported
}

// cprImported says what an import did, in numbers.
type cprImported struct {
	New               int  `json:"new"`
	Changed           int  `json:"changed"`
	Unchanged         int  `json:"unchanged"`
	WithoutCheckDigit int  `json:"withoutCheckDigit"`
	NewStore          bool `json:"newStore"`
	Users             int  `json:"users"`   // persons with a user in FK Organisation today
	Missing           int  `json:"missing"` // those of them without a number
}

func (i *cprImport) fault(line int, format string, args ...any) {
	i.faults = append(i.faults, cpr.Fault{Line: line, Reason: fmt.Sprintf(format, args...)})
}

// take holds the lines against the organisation and each other. A person may stand in
// several lines, as in a list of jobs, when the number is the same.
func (i *cprImport) take(rows []cpr.Row) {
	ofPerson, ofNumber := map[*org.Person]cprEntry{}, map[cpr.Number]cprEntry{}
	for _, row := range rows {
		e := cprEntry{row.Line, i.people.find(row.Person), row.Number}
		if e.person == nil {
			i.fault(row.Line, "no person has this key or UUID") // which may be anything, so it is not repeated
			continue
		}
		before, known := ofPerson[e.person]
		other, taken := ofNumber[e.number]
		switch {
		case known && before.number != e.number:
			i.fault(row.Line, "line %d has another CPR number of %s", before.line, e.person.Key)
		case taken && other.person != e.person:
			i.fault(row.Line, "%s has the same CPR number as %s in line %d", e.person.Key, other.person.Key, other.line)
		case !known:
			ofPerson[e.person], ofNumber[e.number] = e, e
			i.entries = append(i.entries, e)
		}
	}
}

// store writes the numbers, all or none. Where there is a key and no store it makes one.
func (i *cprImport) store(place cpr.Place) error {
	err := cpr.Edit(place, i.edit)
	if !errors.Is(err, cpr.ErrMissing) {
		return err
	}
	if _, err := cpr.Init(place); err != nil {
		return err
	}
	i.done.NewStore = true
	return cpr.Edit(place, i.edit)
}

func (i *cprImport) edit(s *cpr.Store) error {
	for _, e := range i.entries {
		switch was, ok := s.CPR(e.person.UUID); {
		case !ok:
			i.done.New++
		case was == e.number:
			i.done.Unchanged++
		default:
			i.done.Changed++
		}
		if !e.number.HasCheckDigit() && !e.number.IsSubstitute() {
			i.done.WithoutCheckDigit++
		}
		s.Set(e.person.UUID, e.number)
	}
	i.same(s)
	if len(i.faults) > 0 {
		return errFaults
	}
	return nil
}

// same finds numbers that the store would have for two persons.
func (i *cprImport) same(s *cpr.Store) {
	holders := map[cpr.Number][]org.UUID{}
	for _, uuid := range s.Persons() {
		number, _ := s.CPR(uuid)
		holders[number] = append(holders[number], uuid)
	}
	for _, e := range i.entries {
		for _, uuid := range holders[e.number] {
			if uuid != e.person.UUID {
				i.fault(e.line, "%s has the same CPR number as %s has in the CPR store", e.person.Key, i.people.name(uuid))
			}
		}
	}
}

// mostFaults is how many wrong lines are told one by one.
const mostFaults = 20

// refuse tells what is wrong with the lines.
func (i *cprImport) refuse(env environment, file string) error {
	slices.SortStableFunc(i.faults, func(a, b cpr.Fault) int { return a.Line - b.Line })
	for n, f := range i.faults {
		if n == mostFaults {
			fmt.Fprintf(env.stderr, "… and %d more\n", len(i.faults)-n)
			break
		}
		fmt.Fprintf(env.stderr, "%s:%d: %s\n", schema.MaskCPR(file), f.Line, f.Reason)
	}
	return invalidInput(fmt.Errorf("nothing was imported: %s", count(len(i.faults), "line is wrong", "lines are wrong")), "correct the file and import it again")
}

func (i *cprImport) report(env environment, opts cprImportOptions, place cpr.Place, view *org.View) error {
	store, err := cpr.Open(place)
	if err != nil {
		return cprFault(err)
	}
	status, err := cprStatusOf(store, view)
	if err != nil {
		return err
	}
	i.done.Users, i.done.Missing = status.Users, len(status.Missing)
	if opts.json {
		err = writeJSON(env.stdout, i.done)
	} else {
		err = i.done.print(env)
	}
	if opts.file != fromStdin {
		fmt.Fprintf(env.stderr, "orgit: delete %s now, also from the bin: it holds CPR numbers that anybody can read\n", schema.MaskCPR(opts.file))
	}
	return err
}

func (d cprImported) print(env environment) error {
	w := env.stdout
	if d.NewStore {
		fmt.Fprintln(w, "There was no CPR store. A new one is made.")
	}
	fmt.Fprintf(w, "CPR numbers: %d new, %d changed, %d unchanged.\n", d.New, d.Changed, d.Unchanged)
	if d.WithoutCheckDigit > 0 {
		fmt.Fprintf(w, "%s no check digit (modulus 11). There are such numbers since 2007; a typing error looks the same.\n",
			count(d.WithoutCheckDigit, "number has", "numbers have"))
	}
	hint := ""
	if d.Missing > 0 {
		hint = " orgit cpr status names them."
	}
	_, err := fmt.Fprintf(w, "%s in FK Organisation, %d of them without a CPR number in the store.%s\n",
		count(d.Users, "person has a user", "persons have a user"), d.Missing, hint)
	return err
}
