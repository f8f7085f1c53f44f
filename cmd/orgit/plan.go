package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
)

const planHelp = `Say what the files in the repository, compared with what is approved, do in the
connected systems: what changes in words, the operations, what needs a human, what
later days bring, and what somebody changed by hand. Nothing is written.

How to reach the systems stands in targets of organisation.cue on the approved branch.
The environment goes before it:
  ORGIT_AD_URL, ORGIT_AD_BASE_DN, ORGIT_AD_BIND_DN, ORGIT_AD_CA_FILE,
  ORGIT_AD_PASSWORD_FILE (or ORGIT_AD_PASSWORD),
  ORGIT_FK_URL, ORGIT_FK_STS_URL, ORGIT_FK_CERTIFICATE_FILE, ORGIT_FK_KEY_FILE,
  ORGIT_FK_CERTIFICATE_PASSWORD_FILE (or ORGIT_FK_CERTIFICATE_PASSWORD),
  ORGIT_FK_STS_CERTIFICATES and ORGIT_FK_SERVICE_CERTIFICATES (lists of files)
What is approved is the branch main (of origin, where there is one); ORGIT_BRANCH
names another.

--only shows what is about one person, unit or robot; the plan is computed whole all the
same, exit codes are those of the whole, and a part can neither be saved nor applied.

--snapshot FILE plans from what the systems held when orgit snapshot wrote FILE, without
any connection: the age identity in ORGIT_SNAPSHOT_IDENTITY_FILE opens it, and no other
variable is read. A snapshot older than ORGIT_SNAPSHOT_MAX_AGE (48h) is refused with
exit code 6; the plan says how old it is and what it cannot know. orgit apply takes no
plan file that was made so.

` + cacheHelp + ` With --out it is not used.

Exit code 5 when a limit or a safeguard refuses the plan; with --detailed-exitcode 2
when there is something to do.`

type planOptions struct {
	dir      string
	out      string
	format   string
	snapshot string
	only     string
	explain  bool
	verbose  bool
	detailed bool
	timings  bool
}

func newPlanCmd(env environment) *cobra.Command {
	var opts planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say what a proposal does in the connected systems",
		Long:  planHelp,
		Example: `  orgit plan
  orgit plan --only anna-jensen --explain`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPlan(cmd.Context(), env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&opts.out, "out", "", "write the plan to `FILE`, for orgit apply")
	cmd.Flags().StringVar(&opts.format, "format", "text", "text, markdown or json")
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "read the snapshot `FILE` instead of the systems")
	cmd.Flags().StringVar(&opts.only, "only", "", "show only what is about one person, unit or robot: `KEY`, or what orgit show takes")
	cmd.Flags().BoolVar(&opts.explain, "explain", false, "with --only: say of each attribute in Active Directory the rule, what it is made of, and what becomes of it")
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "show every operation")
	cmd.Flags().BoolVar(&opts.timings, "timings", false, timingsUsage)
	cmd.Flags().BoolVar(&opts.detailed, "detailed-exitcode", false, "exit with 2 when there is something to do")
	return cmd
}

func runPlan(ctx context.Context, env environment, opts planOptions) error {
	if formats := []string{"text", "markdown", "json"}; !slices.Contains(formats, opts.format) {
		return invalidInput(fmt.Errorf("%q is no format", opts.format), "one of "+strings.Join(formats, ", "))
	}
	if err := opts.checkFocus(); err != nil {
		return err
	}
	env, end := env.staged(opts.timings)
	defer end()
	if opts.out == "" { // what is carried out is not made from it
		known := env.openCache()
		defer known.Close()
		env.memory = memoryIn(known)
	}
	p, err := preparePlanningFrom(env, opts.dir, opts.snapshot)
	if err != nil {
		return err
	}
	made, err := p.compute(ctx)
	if err != nil {
		return err
	}
	if err := showPlan(env, p, made, opts); err != nil {
		return err
	}
	if opts.out != "" {
		if err := savePlan(opts.out, made); err != nil {
			return err
		}
	}
	return planVerdict(made, opts)
}

func showPlan(env environment, p *planning, made *plan.Plan, opts planOptions) error {
	look := view.NewLookup(p.planned, made.Day)
	if opts.only != "" {
		return showFocus(env, p, made, look, opts)
	}
	switch opts.format {
	case "json":
		return view.JSON(env.stdout, made, look)
	case "markdown":
		return view.Markdown(env.stdout, made, look)
	}
	return view.Text(env.stdout, made, look, textOptions(env, opts.verbose))
}

func textOptions(env environment, verbose bool) view.TextOptions {
	return view.TextOptions{Colour: env.colour(), Verbose: verbose, Now: env.now()}
}

// planVerdict is how the command ends when a plan could be made.
func planVerdict(made *plan.Plan, opts planOptions) error {
	switch {
	case len(made.Refusals) > 0:
		return errRefusedShown
	case opts.detailed && !made.Empty():
		return errChanges
	}
	return nil
}

// savePlan writes the plan file. It may be read by its owner alone: it says who comes and
// goes before everybody knows.
func savePlan(path string, made *plan.Plan) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return invalidInput(fmt.Errorf("write the plan file: %w", err), "give --out a file in a folder that you may write to")
	}
	defer closeInto(f, &err)
	return plan.WriteFile(f, made)
}

// closeInto closes c and keeps its error unless there is one already.
func closeInto(c io.Closer, err *error) {
	if closeErr := c.Close(); *err == nil {
		*err = closeErr
	}
}
