package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/repository"
)

const generateHelp = `Make an organisation repository of any size in DIR, which must be empty or not there yet:
a municipality that does not exist, for trials, tests and measurements.

Its shape is that of a real one: a tree of seven levels, units of nobody and units of
many, leaders and vacancies, people with several jobs, people who have left and who are
about to come, and changes before and after its own day. Nobody in it exists, and there
are no CPR numbers.

Most files are plain data, as orgit itself writes it. --cue says how many of a hundred use
templates, references and whatever else CUE has. The same flags give the same bytes on
every machine. Nothing is committed: git init, git add and git commit do that.`

// Bounds of what is made: more than Denmark's largest municipality has, and still in memory.
const (
	mostPeople = 1_000_000
	mostUnits  = 100_000
)

type generateOptions struct {
	dir    string
	people int
	units  int
	seed   uint64
	cue    int
	day    string
}

func newGenerateCmd(env environment) *cobra.Command {
	var opts generateOptions
	cmd := &cobra.Command{
		Use:   "generate DIR",
		Short: "Make a municipality of any size that does not exist",
		Long:  generateHelp,
		Example: `  orgit generate town
  orgit generate --people 50000 --units 5000 --seed 7 large`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.dir = args[0]
			if !cmd.Flags().Changed("units") {
				opts.units = max(1, opts.people*13/100)
			}
			return runGenerate(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().IntVar(&opts.people, "people", 500, "how many people, those who left or are about to come included")
	cmd.Flags().IntVar(&opts.units, "units", 0, "how many units (default 13 for a hundred people)")
	cmd.Flags().Uint64Var(&opts.seed, "seed", 1, "another number gives another municipality")
	cmd.Flags().IntVar(&opts.cue, "cue", 2, "how many of a hundred files use more of CUE than plain data")
	cmd.Flags().StringVar(&opts.day, "day", string(korsbaek.Today), "the day around which its changes lie")
	return cmd
}

func runGenerate(ctx context.Context, env environment, opts generateOptions) error {
	town, err := opts.town()
	if err != nil {
		return err
	}
	if err := emptyFolder(opts.dir); err != nil {
		return err
	}
	// The town stays in memory to the end: collecting as seldom as other commands do would take five times its size.
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	made, err := repository.New(town)
	if err != nil {
		return err
	}
	p := newProgress(env)
	err = made.Write(ctx, opts.dir, func(done, of int) {
		p.say(func() string { return fmt.Sprintf("%d/%d files", done, of) })
	})
	p.finish()
	if err != nil {
		return errors.Join(err, emptyAgain(opts.dir))
	}
	fmt.Fprintf(env.stdout, "%s is in %s: %s and %s, around %s. Nothing is committed.\nNext: orgit check -C %s\n", made.Name(), opts.dir,
		count(town.Units, "unit", "units"), count(town.People, "person", "people"), town.Day, opts.dir)
	return nil
}

// town checks what was asked for.
func (o generateOptions) town() (repository.Options, error) {
	for _, bound := range []struct {
		flag             string
		value, low, high int
	}{{"people", o.people, 1, mostPeople}, {"units", o.units, 1, mostUnits}, {"cue", o.cue, 0, 100}} {
		if bound.value < bound.low || bound.value > bound.high {
			return repository.Options{}, invalidInput(fmt.Errorf("--%s is %d", bound.flag, bound.value), fmt.Sprintf("give a number from %d to %d", bound.low, bound.high))
		}
	}
	day, err := org.ParseDay(o.day)
	if err != nil {
		return repository.Options{}, invalidInput(fmt.Errorf("--day: %w", err), "leave it out for "+string(korsbaek.Today))
	}
	if day < synthetic.FirstDay || day > synthetic.LastDay {
		return repository.Options{}, invalidInput(fmt.Errorf("--day is %s", day), fmt.Sprintf("give a day from %s to %s", synthetic.FirstDay, synthetic.LastDay))
	}
	return repository.Options{Options: synthetic.Options{People: o.people, Units: o.units, Seed: o.seed, Day: day}, CUE: o.cue}, nil
}
