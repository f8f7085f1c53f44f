package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source"
)

const importHelp = `Take what a register says into the organisation. orgit reads the register whole, holds it
against what is approved, and says what differs: as changes that people read and approve,
and as questions where only people can tell. The setting sources says what a register
owns; the rest stays as it is.

Without --propose nothing is written anywhere. With it each person or unit about whom there
is a question gets a merge request of its own, and everything else goes into one, which a
rule of the review (approvers: "rule", source: the register's key) may approve the same
night. A merge request that somebody has approved is left alone, and one that was closed
does not come again while the register says the same.

A field that the register owns and somebody has edited by hand is a question, never
overwritten. Somebody who is no longer in the register is asked about, never removed. A
register that lacks many of those who are known from it, has not changed its day for a week,
or is older than one that was taken in already, is refused (exit code 5). What an earlier night proposed and the register says no
longer is taken back.

With --first it fills a repository that orgit init has just made, from several registers
that have been compared (orgit compare): files in the folder, for people to look through
and commit. It proposes and commits nothing.

Those who are hired as new get a login name by the setting usernames, as with orgit propose
hire. Who was proposed before keeps theirs.

` + registersHelp + `

ORGIT_IMPORT_KEY_FILE names the SSH key that the commits are signed with: rules approve
nothing else. ORGIT_CPR_STORE and ORGIT_CPR_IDENTITY_FILE name the CPR store, by which
somebody is recognised who comes back, and which gets the numbers of those who are new.

Exit codes: 0 done; 3 what was given, or the register, is faulty; 4 a system refuses the
login; 5 the register lacks too many, or is old; 7 a system does not answer.`

type importOptions struct {
	proposeOptions
	register  string
	propose   bool
	first     bool
	decisions string
	since     string
	old       bool
}

func newImportCmd(env environment) *cobra.Command {
	var opts importOptions
	cmd := &cobra.Command{
		Use:   "import REGISTER…",
		Short: "Take what payroll or another register says into the organisation",
		Long:  importHelp,
		Example: `  orgit import opus=ZLPE20260901224012_delta.xml
  orgit import sd --propose
  orgit import --first opus=ZLPE20260901224012_delta.xml ad=ad.ldif --decisions sammenhold.xlsx`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return invalidInput(errors.New("the register is missing"), "name it, such as opus=FILE; `orgit import --help` lists them")
			case opts.first && opts.propose:
				return invalidInput(errors.New("--first does not go with --propose: a new repository has nothing to propose to"), "leave one of them out")
			case opts.first:
				return runImportFirst(cmd.Context(), env, opts, args)
			case opts.decisions != "" || opts.since != "":
				return invalidInput(errors.New("--decisions and --since go with --first alone"), "leave them out")
			case len(args) > 1:
				return invalidInput(fmt.Errorf("%d registers are named, and a night takes in one at a time", len(args)), "with --first several fill a new repository")
			}
			opts.register = args[0]
			return runImport(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().BoolVar(&opts.propose, "propose", false, "make the merge requests")
	cmd.Flags().BoolVar(&opts.first, "first", false, "fill the new repository in DIR from several registers, the leading one first")
	cmd.Flags().StringVar(&opts.decisions, "decisions", "", "what the working group has decided: the spreadsheet `FILE` of orgit compare --xlsx (with --first)")
	cmd.Flags().StringVar(&opts.since, "since", "", "take jobs and units too that ended on this `DAY` (YYYY-MM-DD) or later (with --first)")
	cmd.Flags().BoolVar(&opts.old, "old", false, "take a register in though what it says is more than a week old, or older than what was taken in already")
	cmd.Flags().BoolVar(&opts.local, "local", false, "ask no server: work on what was fetched last, and leave the branches here")
	cmd.Flags().BoolVar(&opts.json, "json", false, "for programs")
	cmd.AddCommand(newImportTemplateCmd(env))
	return cmd
}

// missingMost is how many of those known from a register may be missing before it is taken for cut.
const missingMost = 0.05

func runImport(ctx context.Context, env environment, opts importOptions) error {
	p, err := openProposal(ctx, env, opts.proposeOptions)
	if err != nil {
		return err
	}
	r, err := newRegister(p.approved, opts.register)
	if err != nil {
		return err
	}
	if _, configured := p.approved.Settings.Sources[r.key]; !configured {
		return invalidInput(fmt.Errorf("%w in the settings: %s", errRegister, r.key), "state it in sources in organisation.cue, with what it owns")
	}
	x, err := r.read(ctx, env, p.day)
	if err != nil {
		return err
	}
	i := &importing{proposal: p, opts: opts, x: x}
	if err := i.timely(ctx); err != nil {
		return err
	}
	if err := i.compare(ctx); err != nil {
		return err
	}
	if opts.propose {
		if err := i.publishAll(ctx); err != nil {
			return errors.Join(err, i.print())
		}
	}
	return i.print()
}

// importing is an import under way.
type importing struct {
	*proposal
	opts     importOptions
	x        *source.Extract
	store    *cpr.Store // nil: none is configured
	proposed *intake.Proposed
	names    *importLogins // nil: nobody who is hired gets a login name
	groups   []*importGroup
	refused  []refusedChange
	gone     []importBranch // merge requests of earlier nights that the register no longer says
}

// compare says what the register says otherwise than what is approved, and what would come of it.
func (i *importing) compare(ctx context.Context) error {
	night := intake.NightOptions{Today: i.day, Most: missingMost}
	var err error
	if i.store, err = importStore(i.env); err != nil {
		return err
	}
	if i.store != nil {
		night.Numbers = i.store
	}
	if night.Hands, err = newHandwriting(i.proposal, i.x.Source); err != nil {
		return err
	}
	if i.proposed, err = intake.Nightly(i.approved, i.x, night); err != nil {
		return err
	}
	if err := i.readNames(ctx); err != nil {
		return err
	}
	return i.group()
}

// importStore opens the CPR store where the environment names one.
func importStore(env environment) (*cpr.Store, error) {
	if env.getenv(cpr.StoreVariable) == "" && env.getenv(cpr.IdentityVariable) == "" {
		return nil, nil
	}
	return openCPRStore(env)
}
