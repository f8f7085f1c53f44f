package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
)

const cprHelp = `Keep the CPR numbers that FK Organisation is given: in the CPR store, an encrypted
file outside git. No command shows a number. The environment says where the store is:
  ORGIT_CPR_STORE          the store, a file outside every git repository
  ORGIT_CPR_IDENTITY_FILE  its key, readable by its owner alone (mode 0600)
See docs/cpr.md.`

func newCPRCmd(env environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cpr",
		Short: "Keep CPR numbers, outside git",
		Long:  cprHelp,
		Args:  wordless(0, "give one of its commands: init, import, erase, status"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, _ error) error { // whose text repeats what was typed
		return invalidInput(errors.New("a flag is not known, or its value is missing"), "see `"+cmd.CommandPath()+" --help`")
	})
	cmd.AddCommand(newCPRInitCmd(env), newCPRImportCmd(env), newCPREraseCmd(env), newCPRStatusCmd(env))
	return cmd
}

// wordless demands a number of arguments and never repeats one: somebody may have typed a
// CPR number.
func wordless(n int, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == n:
			return nil
		case n == 0:
			return invalidInput(fmt.Errorf("%s takes no argument", cmd.Name()), hint)
		}
		return invalidInput(fmt.Errorf("%s takes one argument, and %d were given", cmd.Name(), len(args)), hint)
	}
}

func cprPlace(env environment) (cpr.Place, error) {
	p, err := cpr.PlaceFrom(env.getenv)
	return p, cprFault(err)
}

// cprFault makes the faults of the CPR store that the user can mend the user's, with what
// to do.
func cprFault(err error) error {
	for _, f := range []struct {
		is   error
		hint string
	}{
		{cpr.ErrNotConfigured, cpr.StoreVariable + " names the store and " + cpr.IdentityVariable + " its key; `orgit cpr --help`"},
		{cpr.ErrPlace, "choose a folder outside every git repository"},
		{cpr.ErrMissing, "`orgit cpr init` makes one; if there was one, is " + cpr.StoreVariable + " right, and is its drive there?"},
		{cpr.ErrExists, "nothing was changed"},
		{cpr.ErrIdentity, cpr.IdentityVariable + " names a file with an age identity that only its owner may read (chmod 600); `orgit cpr init` makes one"},
		{cpr.ErrWrongIdentity, "give the key that the store was made with, or one that is kept beside it"},
		{cpr.ErrDamaged, "take it from a backup, or make a new one and import the numbers again; docs/cpr.md says how"},
	} {
		if errors.Is(err, f.is) {
			return invalidInput(err, f.hint)
		}
	}
	if errors.Is(err, cpr.ErrBusy) {
		return withHint(err, "wait until it is through, and try again")
	}
	return err
}

// people finds persons by key or UUID.
type people struct {
	byText map[string]*org.Person
	byUUID map[org.UUID]*org.Person
}

func peopleOf(o *org.Organisation) people {
	p := people{byText: map[string]*org.Person{}, byUUID: map[org.UUID]*org.Person{}}
	for _, person := range o.People {
		p.byText[person.Key], p.byText[string(person.UUID)], p.byUUID[person.UUID] = person, person, person
	}
	return p
}

// find gives the person with a key or UUID, or nil.
func (p people) find(text string) *org.Person {
	if found := p.byText[text]; found != nil {
		return found
	}
	return p.byText[strings.ToLower(text)]
}

// name is a person's key, or the UUID of one whom no entry states.
func (p people) name(uuid org.UUID) string {
	if found := p.byUUID[uuid]; found != nil {
		return found.Key
	}
	return string(uuid)
}

const cprInitHelp = `Make an empty CPR store and its key, where ORGIT_CPR_STORE and ORGIT_CPR_IDENTITY_FILE
say. A key that is there is used, and a store that is there is left alone (exit code 3).
What is printed is the public part of the key; it is no secret.

With --recipient another key can open the store too: make one with age-keygen, keep it
in a safe, and give its public part here.`

type cprInitOptions struct{ recipients []string }

func newCPRInitCmd(env environment) *cobra.Command {
	var opts cprInitOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make the CPR store and its key",
		Long:  cprInitHelp,
		Args:  wordless(0, "see `orgit cpr init --help`"),
		RunE:  func(*cobra.Command, []string) error { return runCPRInit(env, opts) },
	}
	cmd.Flags().StringArrayVar(&opts.recipients, "recipient", nil, "the public part (age1…) of a further `KEY` that opens the store; may be repeated")
	return cmd
}

func runCPRInit(env environment, opts cprInitOptions) error {
	place, err := cprPlace(env)
	if err != nil {
		return err
	}
	recipient, err := cpr.Init(place, opts.recipients...)
	if err != nil {
		return cprFault(err)
	}
	_, err = fmt.Fprintln(env.stdout, recipient)
	return err
}
