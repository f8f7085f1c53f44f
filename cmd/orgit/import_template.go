package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	spreadsheets "orgit.dk/orgit/org/source/table"
)

const importTemplateHelp = `Write a spreadsheet for somebody who has no other register: a sheet of employees, one of
units, and a page that says what belongs in which column. orgit compare and orgit import
read it, as table=FILE or by its key in the setting sources. It is in Danish.

--source gives the columns the headings that the setting sources.KEY.columns has.`

type importTemplateOptions struct{ dir, source string }

func newImportTemplateCmd(env environment) *cobra.Command {
	var opts importTemplateOptions
	cmd := &cobra.Command{
		Use: "template FILE.xlsx", Short: "Write a spreadsheet to fill in", Long: importTemplateHelp, Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error { return runImportTemplate(env, opts, args[0]) },
	}
	cmd.Flags().StringVarP(&opts.dir, "dir", "C", ".", "the organisation repository's `DIR`, for --source")
	cmd.Flags().StringVar(&opts.source, "source", "", "with the headings of the setting sources.`KEY`")
	return cmd
}

func runImportTemplate(env environment, opts importTemplateOptions, file string) error {
	columns, err := opts.columns(env)
	if err != nil {
		return err
	}
	data, err := spreadsheets.Template(columns)
	if err != nil {
		return invalidInput(err, "correct columns of the setting sources."+opts.source)
	}
	if err := writeTemplate(file, data); err != nil {
		return err
	}
	key := opts.source
	if key == "" {
		key = "table"
	}
	_, err = fmt.Fprintf(env.stdout, "%s is ready to be filled in. It is read as %s=%s\n", file, key, file)
	return err
}

// columns are the headings that the settings have for the source that is named.
func (o importTemplateOptions) columns(env environment) (map[string]string, error) {
	if o.source == "" {
		return nil, nil
	}
	q := question{dir: o.dir}
	v, err := q.view(env)
	if err != nil {
		return nil, err
	}
	s, ok := v.Organisation().Settings.Sources[o.source]
	switch {
	case !ok:
		return nil, invalidInput(fmt.Errorf("%w in the settings: %s", errRegister, o.source), `state it in sources, with kind: "table", or leave --source out`)
	case s.Kind != "table":
		return nil, invalidInput(fmt.Errorf("the source %s is of the kind %s, and only a table is filled in by hand", o.source, s.Kind), "name another, or leave --source out")
	}
	return s.Columns, nil
}

// writeTemplate writes a spreadsheet to fill in, and never over one that may have been filled in.
func writeTemplate(file string, data []byte) error {
	if !strings.EqualFold(filepath.Ext(file), ".xlsx") {
		return invalidInput(errors.New("the spreadsheet's name must end in .xlsx"), "")
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return invalidInput(fmt.Errorf("write the spreadsheet: %w", err), "give a new name")
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(fmt.Errorf("write the spreadsheet: %w", err), f.Close())
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	return nil
}
