package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/propose/sheet"
	"orgit.dk/orgit/schema"
)

// runProposeFile proposes all that a spreadsheet says, or nothing where any of it is wrong.
func runProposeFile(ctx context.Context, env environment, opts proposeOptions) error {
	data, err := os.ReadFile(opts.file)
	if err != nil {
		return invalidInput(fmt.Errorf("read the spreadsheet: %w", err), "")
	}
	rows, cells, err := spreadsheet.Read(opts.file, data)
	if err != nil {
		return invalidInput(err, "save it as .xlsx, or as .csv with ; or , between the cells")
	}
	p, err := startProposal(ctx, env, opts)
	if err != nil {
		return err
	}
	items, faults := sheet.Read(rows, cells, p.before, p.day)
	if faults = append(faults, p.rows(ctx, items)...); len(faults) > 0 {
		return p.refuseRows(faults)
	}
	return p.finish(ctx)
}

// rows carries out what the rows propose, and says of each that cannot be why.
func (p *proposal) rows(ctx context.Context, items []sheet.Item) (faults []sheet.Fault) {
	for _, item := range items {
		c, err := p.giveLogin(ctx, item.Change)
		if err == nil {
			_, err = p.session.Do(c)
		}
		var refusal *propose.Refusal
		switch {
		case err == nil:
		case errors.As(err, &refusal):
			faults = append(faults, sheet.Fault{Row: item.Row, Text: schema.MaskCPR(refusal.In(change.Danish))})
		default:
			faults = append(faults, sheet.Fault{Row: item.Row, Text: schema.MaskCPR("kan ikke skrives i filerne: " + err.Error())})
		}
	}
	return faults
}

// refuseRows tells everything that is wrong with a spreadsheet. HR reads it, so it is in Danish.
func (p *proposal) refuseRows(faults []sheet.Fault) error {
	slices.SortStableFunc(faults, func(a, b sheet.Fault) int { return a.Row - b.Row })
	if p.opts.json {
		if err := writeJSON(p.env.stdout, map[string]any{"faults": faults}); err != nil {
			return err
		}
		return errFaults
	}
	for _, f := range faults {
		fmt.Fprintln(p.env.stderr, f)
	}
	fmt.Fprintf(p.env.stderr, "Intet er foreslået. %s i %s.\n", count(len(faults), "fejl", "fejl"), schema.MaskCPR(filepath.Base(p.opts.file)))
	return errFaults
}

const proposeTemplateHelp = `Write a spreadsheet to fill in with many changes: the headings with notes, drop-downs with
the units and classes of the organisation, and a page that says which change needs which
columns. orgit propose --from FILE reads it. It is in Danish.`

func newProposeTemplateCmd(env environment) *cobra.Command {
	dir := ""
	cmd := &cobra.Command{
		Use: "template FILE.xlsx", Short: "Write a spreadsheet to fill in", Long: proposeTemplateHelp, Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error { return runProposeTemplate(env, dir, args[0]) },
	}
	cmd.Flags().StringVarP(&dir, "dir", "C", ".", "the organisation repository's `DIR`")
	return cmd
}

func runProposeTemplate(env environment, dir, file string) error {
	p := question{dir: dir}
	v, err := p.view(env)
	if err != nil {
		return err
	}
	data, err := sheet.Template(v.Organisation())
	if err != nil {
		return err
	}
	if err := writeTemplate(file, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s is ready to be filled in. Next: orgit propose --from %s\n", file, file)
	return err
}
