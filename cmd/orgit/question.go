package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// question is what show, tree and list have in common: which files, on which day.
type question struct {
	dir  string
	on   string
	json bool
}

func (q *question) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&q.dir, "dir", "C", ".", "the organisation repository's `DIR`")
	cmd.Flags().StringVar(&q.on, "on", "", "what is valid on this `DAY` (YYYY-MM-DD); today when left out")
	cmd.Flags().BoolVar(&q.json, "json", false, "write JSON")
}

// view reads the files and gives the organisation on the day that is asked for. Faults
// are reported and end the command: an answer from half an organisation would mislead. That
// people hold what they may not does not: whoever has to put that right has to see it.
func (q *question) view(env environment) (*org.View, error) {
	day, err := env.dayFlag(q.on)
	if err != nil {
		return nil, err
	}
	today, err := env.today()
	if err != nil {
		return nil, err
	}
	o, findings, err := checkedFolder(q.dir, today)
	if err != nil {
		return nil, err
	}
	faults := slices.DeleteFunc(errorsIn(findings), org.AboutHolders)
	if len(faults) > 0 {
		printDiagnostics(env.stderr, faults)
		fmt.Fprintln(env.stderr, "orgit: the files have errors, so there is no answer that could be trusted; `orgit check` says more")
		return nil, errFaults
	}
	return o.On(day), nil
}

func errorsIn(findings []schema.Diagnostic) []schema.Diagnostic {
	var list []schema.Diagnostic
	for _, d := range findings {
		if d.Severity == schema.Error {
			list = append(list, d)
		}
	}
	return list
}
