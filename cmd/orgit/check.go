package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

const checkHelp = `Check the files of an organisation repository: the form of every entry, and what
must hold between them (references, hierarchies, identities, periods, leaders, no
CPR numbers), and that Active Directory can hold what they ask for: every template of
targets.ad.attributes is filled in for everybody. Everything that is wrong is reported in one run, with file, line and
column. Warnings do not fail the check: they are what a town must be able to commit,
such as a leader who will be gone on a date.

GitLab shows the reports in a merge request: junit as what failed and what is new of it,
codequality against that of the default branch.

` + cacheHelp + `

Exit code 3 when there are errors.`

type checkOptions struct {
	dir     string
	on      string
	json    bool
	timings bool
	reports []string
}

func newCheckCmd(env environment) *cobra.Command {
	var opts checkOptions
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the files of an organisation repository",
		Long:  checkHelp,
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := chosenDir(cmd, args, opts.dir)
			if err != nil {
				return err
			}
			opts.dir = dir
			return runCheck(env, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`; the same as the argument")
	cmd.Flags().StringVar(&opts.on, "on", "", "the `DAY` that counts as today (YYYY-MM-DD)")
	cmd.Flags().BoolVar(&opts.json, "json", false, "write the findings as JSON")
	cmd.Flags().BoolVar(&opts.timings, "timings", false, timingsUsage)
	cmd.Flags().StringArrayVar(&opts.reports, "report", nil, "write the findings for GitLab's widgets too: junit=FILE, codequality=FILE; may be given for each")
	return cmd
}

func runCheck(env environment, opts checkOptions) error {
	env, end := env.staged(opts.timings)
	defer end()
	reports, err := parseReports(opts.reports)
	if err != nil {
		return err
	}
	day, err := env.dayFlag(opts.on)
	if err != nil {
		return err
	}
	if err := rootFolder(opts.dir); err != nil {
		return err
	}
	known := env.openCache()
	defer known.Close()
	loader := &org.Loader{Stage: env.stages.Stage, Memory: memoryIn(known)}
	o, findings, err := checkedFilesOf(loader, os.DirFS(opts.dir), day)
	if err != nil {
		return err
	}
	if findings, err = rememberedTargets(env, known, o, day, findings); err != nil {
		return err
	}
	if err := reports.write("orgit check", findings, nil); err != nil {
		return err
	}
	if opts.json {
		if findings == nil {
			findings = []schema.Diagnostic{}
		}
		if err := writeJSON(env.stdout, findings); err != nil {
			return err
		}
	} else {
		printDiagnostics(env.stdout, findings)
		printVerdict(env.stdout, o, findings)
	}
	if schema.HasErrors(findings) {
		return errFaults
	}
	return nil
}

// printDiagnostics writes each finding as one line that editors and pipelines can jump
// to, with its hint below.
func printDiagnostics(w io.Writer, findings []schema.Diagnostic) {
	for _, d := range findings {
		fmt.Fprintf(w, "%s: %s: %s", d.Position, d.Severity, d.Message)
		if d.From != "" {
			fmt.Fprintf(w, " (from %s)", d.From)
		}
		fmt.Fprintf(w, " [%s]\n", d.Code)
		if d.Path != "" {
			fmt.Fprintf(w, "    at   %s\n", d.Path)
		}
		if d.Hint != "" {
			fmt.Fprintf(w, "    hint %s\n", d.Hint)
		}
	}
}

func printVerdict(w io.Writer, o *org.Organisation, findings []schema.Diagnostic) {
	var errors, warnings int
	for _, d := range findings {
		if d.Severity == schema.Error {
			errors++
		} else {
			warnings++
		}
	}
	if len(findings) > 0 {
		fmt.Fprintln(w)
	}
	if errors > 0 {
		fmt.Fprintf(w, "%s, %s.\n", count(errors, "error", "errors"), count(warnings, "warning", "warnings"))
		return
	}
	fmt.Fprintf(w, "%s: %s and %s are in order, %s.\n", o.Settings.Name,
		count(len(o.Units), "unit", "units"), count(len(o.People), "person", "people"),
		count(warnings, "warning", "warnings"))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
