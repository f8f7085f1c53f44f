package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

const cprStatusHelp = `Say how many CPR numbers the CPR store has, which persons with a user in FK Organisation
today have none there, and which persons have one and are not in the files any more. No
number is shown.`

type cprStatusOptions struct {
	dir  string
	json bool
}

func newCPRStatusCmd(env environment) *cobra.Command {
	var opts cprStatusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say who has no CPR number in the store",
		Long:  cprStatusHelp,
		Args:  wordless(0, "see `orgit cpr status --help`"),
		RunE:  func(*cobra.Command, []string) error { return runCPRStatus(env, opts) },
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().BoolVar(&opts.json, "json", false, "write JSON")
	return cmd
}

func runCPRStatus(env environment, opts cprStatusOptions) error {
	place, err := cprPlace(env)
	if err != nil {
		return err
	}
	q := question{dir: opts.dir}
	view, err := q.view(env)
	if err != nil {
		return err
	}
	store, err := cpr.Open(place)
	if err != nil {
		return cprFault(err)
	}
	status, err := cprStatusOf(store, view)
	if err != nil {
		return err
	}
	if opts.json {
		return writeJSON(env.stdout, status)
	}
	return status.print(env.stdout)
}

// cprStatus says of whom the store has numbers, never which.
type cprStatus struct {
	Numbers int        `json:"numbers"`
	Users   int        `json:"users"`   // persons with a user in FK Organisation on the day
	Missing []string   `json:"missing"` // keys of those without a number
	Unknown []org.UUID `json:"unknown"` // persons with a number whom no entry states
	Join    bool       `json:"join"`    // whether the settings say that apply uses the numbers
}

func cprStatusOf(store *cpr.Store, view *org.View) (cprStatus, error) {
	o := view.Organisation()
	s := cprStatus{Missing: []string{}, Unknown: []org.UUID{}, Join: joinsCPR(o)}
	users, err := fkPersons(view)
	if err != nil {
		return s, err
	}
	known := peopleOf(o)
	for _, uuid := range store.Persons() {
		s.Numbers++
		if known.byUUID[uuid] == nil {
			s.Unknown = append(s.Unknown, uuid)
		}
	}
	for _, p := range o.People {
		if !users[p.UUID] {
			continue
		}
		s.Users++
		if _, ok := store.CPR(p.UUID); !ok {
			s.Missing = append(s.Missing, p.Key)
		}
	}
	return s, nil
}

// fkPersons are the persons with a user in FK Organisation on the day of the view.
func fkPersons(view *org.View) (map[org.UUID]bool, error) {
	state, err := fkorg.Desired(view.Organisation(), view.Day)
	if err != nil {
		return nil, err
	}
	persons := map[org.UUID]bool{}
	eachPerson(state, func(uuid org.UUID) { persons[uuid] = true })
	return persons, nil
}

func eachPerson(state plan.State, see func(org.UUID)) {
	for _, object := range state.Objects {
		if object.Kind == fkorg.KindPerson && object.Gone == nil {
			see(object.UUID)
		}
	}
}

func (s cprStatus) print(w io.Writer) error {
	fmt.Fprintf(w, "The CPR store has %s.\n", count(s.Numbers, "number", "numbers"))
	fmt.Fprintf(w, "%s in FK Organisation, %d of them without a CPR number in the store%s\n",
		count(s.Users, "person has a user", "persons have a user"), len(s.Missing), endOrList(len(s.Missing)))
	for _, key := range s.Missing {
		fmt.Fprintf(w, "  %s\n", key)
	}
	if len(s.Unknown) > 0 {
		fmt.Fprintf(w, "%s whom the files do not state; orgit cpr erase takes a number out:\n", count(len(s.Unknown), "number is of a person", "numbers are of persons"))
		for _, uuid := range s.Unknown {
			fmt.Fprintf(w, "  %s\n", uuid)
		}
	}
	use := "apply does not use the numbers: targets.fkOrganisation.cpr is not \"join\"."
	if s.Join {
		use = "apply gives FK Organisation the numbers (targets.fkOrganisation.cpr is \"join\")."
	}
	_, err := fmt.Fprintln(w, use)
	return err
}

func endOrList(n int) string {
	if n > 0 {
		return ":"
	}
	return "."
}

// joinsCPR reports whether the settings say that persons are made with their CPR number.
func joinsCPR(o *org.Organisation) bool {
	fk := o.Settings.Targets.FKOrganisation
	return fk != nil && fk.CPR == org.JoinCPR
}
