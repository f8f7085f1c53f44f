package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply/serverlock"
)

const unlockHelp = `Say who holds the lock of orgit apply on the server, or break it.

Only one orgit apply at a time holds the lock. One that was killed leaves it behind, and
it is said to be old when nobody has refreshed it for 15 minutes; but a machine that has
only lost the network may still be writing. So look at the job first, and make sure that
it is dead. Then name the lock's ID.

Exit codes: 0 nobody holds it (any more), 3 it is held and the ID was not given or is
another one, 7 the server does not answer.`

func newUnlockCmd(env environment) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "unlock [ID]",
		Short: "Say who holds the lock on the server, or break it",
		Long:  unlockHelp,
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			return runUnlock(cmd.Context(), env, dir, id)
		},
	}
	cmd.Flags().StringVarP(&dir, "dir", "C", ".", "the organisation repository's `DIR`")
	return cmd
}

func runUnlock(ctx context.Context, env environment, dir, id string) error {
	server, err := lockServer(env, dir)
	if err != nil {
		return err
	}
	h, err := server.Break(ctx, id)
	switch {
	case errors.Is(err, serverlock.ErrFree):
		_, err = fmt.Fprintln(env.stdout, "Nobody holds the lock.")
		return err
	case errors.Is(err, serverlock.ErrOther):
		return invalidInput(fmt.Errorf("nothing was broken: %s", h.Says(env.now())),
			"when that run is surely dead, orgit unlock "+h.ID+" breaks its lock")
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "Broken: %s.\n", h.Says(env.now()))
	return err
}
