package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// atMost refuses more than n arguments as invalid input.
func atMost(n int) cobra.PositionalArgs { return arguments(0, n) }

// exactly refuses any other number of arguments as invalid input.
func exactly(n int) cobra.PositionalArgs { return arguments(n, n) }

func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, list []string) error {
		hint := "see `" + cmd.CommandPath() + " --help`"
		switch {
		case len(list) < least:
			_, what, _ := strings.Cut(cmd.Use, " ")
			return invalidInput(fmt.Errorf("%s needs an argument: %s", cmd.Name(), what), hint)
		case most == 0 && len(list) > 0:
			return invalidInput(fmt.Errorf("%s takes no argument, and %q was given", cmd.Name(), list[0]), hint)
		case len(list) > most:
			return invalidInput(fmt.Errorf("%s takes one argument, and %d were given: %s",
				cmd.Name(), len(list), strings.Join(list, ", ")), "a text with blanks goes in quotes; "+hint)
		}
		return nil
	}
}

// unknownCommand is the error of a command line whose command is not known; nil when it
// is.
func unknownCommand(root *cobra.Command, args []string) error {
	if _, _, err := root.Find(args); err == nil {
		return nil
	}
	name := ""
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			name = a
			break
		}
	}
	err := fmt.Errorf("%q is no command", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return invalidInput(err, "did you mean orgit "+strings.Join(near, " or orgit ")+"?")
	}
	return invalidInput(err, "`orgit help` lists them")
}

// newHelpCmd is cobra's help with the exit codes of everything else.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := unknownCommand(cmd.Root(), args); err != nil {
				return err
			}
			about, _, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// chosenDir is the folder that a command is given as its argument or with -C.
func chosenDir(cmd *cobra.Command, args []string, flag string) (string, error) {
	switch {
	case len(args) == 0:
		return flag, nil
	case cmd.Flags().Changed("dir"):
		return "", invalidInput(errors.New("the folder is given twice, as an argument and with -C"), "give it once")
	}
	return args[0], nil
}

// isUUID reports whether a text is an identity as the files write it, in small letters.
func isUUID(text string) bool {
	return regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(text)
}
