package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
)

const cprEraseHelp = `Take a person's CPR number out of the CPR store. PERSON is a key, or a UUID, also of
somebody whom the files no longer state. The store is written anew, so that nothing of
the number stays in it. What FK Organisation has is not touched, and backups of the store
are yours to delete.

Exit code 3 when the store has no number of that person.`

type cprEraseOptions struct {
	dir    string
	person string
}

func newCPREraseCmd(env environment) *cobra.Command {
	var opts cprEraseOptions
	cmd := &cobra.Command{
		Use:   "erase PERSON",
		Short: "Take a person's CPR number out of the store",
		Long:  cprEraseHelp,
		Args:  wordless(1, "give the key or UUID of a person"),
		RunE: func(_ *cobra.Command, args []string) error {
			opts.person = strings.TrimSpace(args[0])
			return runCPRErase(env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`; not read when PERSON is a UUID")
	return cmd
}

func runCPRErase(env environment, opts cprEraseOptions) error {
	place, err := cprPlace(env)
	if err != nil {
		return err
	}
	uuid, name, err := personToErase(env, opts)
	if err != nil {
		return err
	}
	nothing := invalidInput(fmt.Errorf("there is nothing to erase: the CPR store has no number of %s", name),
		"`orgit cpr status` counts what it has")
	err = cpr.Edit(place, func(s *cpr.Store) error {
		if !s.Erase(uuid) {
			return nothing
		}
		return nil
	})
	if err != nil {
		return cprFault(err)
	}
	_, err = fmt.Fprintf(env.stdout, "The CPR number of %s is erased from the CPR store. FK Organisation and backups of the store are as they were.\n", name)
	return err
}

// personToErase never repeats what was typed unless it is a UUID or the key of a person: it
// may be a CPR number.
func personToErase(env environment, opts cprEraseOptions) (uuid org.UUID, name string, err error) {
	if text := strings.ToLower(opts.person); isUUID(text) {
		return org.UUID(text), text, nil
	}
	q := question{dir: opts.dir}
	view, err := q.view(env)
	if err != nil {
		return "", "", err
	}
	person := view.Organisation().Person(opts.person)
	if person == nil {
		return "", "", invalidInput(errors.New("no person has the key that was given"),
			"give a person's key, as `orgit list people` lists them, or a UUID")
	}
	return person.UUID, person.Key, nil
}
