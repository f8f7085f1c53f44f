package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// version is what `orgit version` and a plan's provenance say. A release sets it with
// -ldflags "-X main.version=…".
var version = "0.1.0-dev"

const rootHelp = `orgit keeps a municipality's organisation as files in git.

HR proposes a change as a branch, orgit plan says what it does in FK Organisation
and Active Directory, and orgit apply makes the approved state real there.

Start with:
  orgit demo            the whole line on a sample municipality, on this machine
  orgit init DIR        an organisation repository of your own`

const exitHelp = `0    done, or nothing to do
1    unexpected error
2    there are changes (orgit plan and orgit review, --detailed-exitcode)
3    invalid input: files, flags or arguments
4    not authorised by a system, or not approved
5    refused by a limit, a safeguard or another rule
6    the plan is stale, another run is under way, or a proposal stands against what is approved now
7    a system does not answer, or answered in part
8    carried out in part
130  interrupted`

// execute runs one command line and returns the exit code.
func execute(ctx context.Context, env environment, args []string) int {
	root := newRootCmd(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		if unknown := unknownCommand(root, args); unknown != nil {
			err = unknown
		}
	}
	printError(env.stderr, err)
	return exitCode(err)
}

func newRootCmd(env environment) *cobra.Command {
	root := &cobra.Command{
		Use:           "orgit",
		Short:         "A municipality's organisation as files in git",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
	}
	root.SetIn(env.stdin)
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return invalidInput(err, "see `"+cmd.CommandPath()+" --help`")
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetHelpCommand(newHelpCmd())
	root.AddCommand(
		newDemoCmd(env),
		newInitCmd(env),
		newGenerateCmd(env),
		newCheckCmd(env),
		newShowCmd(env),
		newTreeCmd(env),
		newListCmd(env),
		newLogCmd(env),
		newProposeCmd(env),
		newImportCmd(env),
		newPlanCmd(env),
		newReviewCmd(env),
		newMergeCmd(env),
		newApplyCmd(env),
		newSnapshotCmd(env),
		newLockCmd(env),
		newUnlockCmd(env),
		newEvidenceCmd(env),
		newDoctorCmd(env),
		newSimulateCmd(env),
		newCompareCmd(env),
		newCPRCmd(env),
		&cobra.Command{
			Use: "version", Short: "Say which version this is", Args: exactly(0),
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprintln(env.stdout, "orgit version "+version)
				return err
			},
		},
		&cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitHelp},
	)
	return root
}
