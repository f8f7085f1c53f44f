package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/schema"
)

const proposeHelp = `Propose a change of the organisation. orgit edits the files that say it, checks the
result, shows what happens in words and in the connected systems, commits on a new branch,
pushes it and opens the merge request. It works on what is approved now, and neither needs
nor touches the files that are checked out.

Persons and units are named as orgit show takes them: by key, UUID, login name, or a part
of the name where only one fits. --from is the first day on which it is so; without a job,
or without the unit, for somebody who leaves and a unit that closes (--last names their
last day instead). --correct says that it always was so.

  orgit propose --from FILE     many changes at once, from a spreadsheet (.xlsx or .csv)
  orgit propose template FILE   writes a spreadsheet to fill in
  orgit propose --again BRANCH  carries a proposal out once more, on what is approved now,
                                where it has become outdated or stands against another one

The commit's message and the branch's name hold keys, never names. Where origin has the
branch main, it is fetched first. The environment says how to log in: ORGIT_PUSH_TOKEN or
ORGIT_GITLAB_TOKEN (or …_FILE); --local asks no server and leaves the branch here.

Where the token is a service's, GitLab does not know who proposes. ORGIT_PROPOSAL_KEY_FILE
names an SSH key (ed25519) with which the commits are signed then, and ORGIT_OPERATOR (in
GitLab CI also GITLAB_USER_LOGIN) the person: their own approval does not count.

Exit codes: 0 proposed; 3 it does not fit, or the files would have errors; 4 the server
refuses the login; 6 it stands against what has been approved meanwhile, or the branch has
moved; 7 the server does not answer.`

// proposeOptions are what all of its commands take.
type proposeOptions struct {
	dir    string
	branch string
	again  string
	file   string
	dryRun bool
	noPlan bool
	local  bool
	json   bool
}

func newProposeCmd(env environment) *cobra.Command {
	var opts proposeOptions
	cmd := &cobra.Command{
		Use:   "propose",
		Short: "Propose a change of the organisation",
		Long:  proposeHelp,
		Example: `  orgit propose move "Anna Jensen" --unit vej-og-park --from 2027-01-01
  orgit propose leave annj --last 2026-12-31 --dry-run
  orgit propose --from ansættelser.xlsx`,
		Args: proposeArguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if given := []bool{opts.file != "", opts.again != ""}; given[0] == given[1] {
				return invalidInput(errors.New("say what is proposed: a command such as move, --from FILE, or --again BRANCH"), "`orgit propose --help` lists them")
			}
			if opts.again != "" {
				return runProposeAgain(cmd.Context(), env, opts)
			}
			return runProposeFile(cmd.Context(), env, opts)
		},
	}
	cmd.SuggestionsMinimumDistance = 2
	opts.addFlags(cmd)
	cmd.Flags().StringVar(&opts.file, "from", "", "propose all that a spreadsheet says: `FILE`, .xlsx or .csv")
	cmd.Flags().StringVar(&opts.again, "again", "", "carry the proposal of `BRANCH` out again, on what is approved now")
	for _, group := range [][]proposeCommand{engagementCommands(), personCommands(), unitCommands(), leaderCommands()} {
		for _, c := range group {
			cmd.AddCommand(newProposeChangeCmd(env, c))
		}
	}
	cmd.AddCommand(newProposeTemplateCmd(env))
	return cmd
}

func (o *proposeOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&o.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&o.branch, "branch", "", "add to the proposal on `BRANCH`, instead of beginning a new one")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "only show what it would be; commit nothing")
	cmd.Flags().BoolVar(&o.noPlan, "no-plan", false, "do not ask the connected systems for a plan")
	cmd.Flags().BoolVar(&o.local, "local", false, "ask no server: work on what was fetched last, and leave the branch here")
	cmd.Flags().BoolVar(&o.json, "json", false, "for programs")
}

// proposeCommand is one kind of change as a command.
type proposeCommand struct {
	use, short, long, example string
	least, most               int // arguments; most -1: any number
	flags                     []string
	// change says what is proposed, from the arguments and flags.
	change func(n naming, f *proposeFlags, args []string) (propose.Change, error)
}

func newProposeChangeCmd(env environment, c proposeCommand) *cobra.Command {
	var opts proposeOptions
	var flags proposeFlags
	cmd := &cobra.Command{
		Use: c.use, Short: c.short, Long: c.long, Example: c.example,
		Args: proposeArguments(c.least, c.most),
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.given = cmd.Flags().Changed
			if err := noCPR(cmd, args); err != nil {
				return err
			}
			return runPropose(cmd.Context(), env, opts, func(n naming) ([]propose.Change, error) {
				change, err := c.change(n, &flags, args)
				return []propose.Change{change}, err
			})
		},
	}
	opts.addFlags(cmd)
	flags.add(cmd, c.flags)
	return cmd
}

// runPropose proposes changes that are named in terms of the organisation as it is.
func runPropose(ctx context.Context, env environment, opts proposeOptions, changes func(naming) ([]propose.Change, error)) error {
	p, err := startProposal(ctx, env, opts)
	if err != nil {
		return err
	}
	list, err := changes(naming{env: env, o: p.before, day: p.day})
	if err != nil {
		return err
	}
	for _, c := range list {
		if c, err = p.giveLogin(ctx, c); err != nil {
			return err
		}
		if _, err := p.session.Do(c); err != nil {
			return err
		}
	}
	return p.finish(ctx)
}

// finish checks, shows and publishes what the session has edited.
func (p *proposal) finish(ctx context.Context) error {
	if err := p.checkResult(); err != nil {
		return err
	}
	o := &proposeOutcome{DryRun: p.opts.dryRun, Base: p.provenance.Base}
	if err := p.describe(o); err != nil {
		return err
	}
	p.planFor(ctx, o)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.opts.dryRun {
		if err := p.publish(ctx, o); err != nil {
			return err
		}
		if err := p.request(ctx, o); err != nil {
			return errors.Join(err, printProposal(p.env, o, p.opts)) // the branch is there, and has to be known
		}
	}
	return printProposal(p.env, o, p.opts)
}

// proposeArguments refuses another number of arguments without repeating any: one may be a CPR number.
func proposeArguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		hint := "see `" + cmd.CommandPath() + " --help`"
		switch {
		case cmd.Name() == "propose" && len(args) > 0:
			err := errors.New("there is no such kind of change")
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				return invalidInput(err, "did you mean orgit propose "+near[0]+"?")
			}
			return invalidInput(err, hint)
		case len(args) < least:
			return invalidInput(fmt.Errorf("something is missing: orgit propose %s", cmd.Use), hint)
		case most >= 0 && len(args) > most:
			return invalidInput(fmt.Errorf("%d arguments were given, and %d are too many", len(args), len(args)-most), "a text with blanks goes in quotes; "+hint)
		}
		return nil
	}
}

// noCPR refuses a command line with what looks like a CPR number, before anything of it can be printed or written.
func noCPR(cmd *cobra.Command, args []string) error {
	texts := args
	for _, name := range textFlags() {
		if f := cmd.Flags().Lookup(name); f != nil {
			texts = append(texts, f.Value.String())
		}
	}
	for _, text := range texts {
		if len(schema.FindCPR(text)) > 0 && !schema.IsPhone(text) {
			return invalidInput(errors.New("what was given holds something that looks like a CPR number"),
				"CPR numbers never go into the files; name people by key, login name or name (`orgit cpr --help` for the store)")
		}
	}
	return nil
}
