package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/compare/decisions"
)

// cmdComparisons compares registers in every form that there is, decides in the spreadsheet, one cell of it wrongly, and compares again
// with what was decided. All that is said, and the spreadsheets' own files, are below the folder DIR: comparisons DIR REGISTER REGISTER….
func cmdComparisons(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: comparisons DIR REGISTER REGISTER…")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	at := func(name string) string { return filepath.Join(dir, name) }
	run := func(name string, flags ...string) error {
		err := ts.Exec("orgit", append(append([]string{"compare", "-C", "main"}, args[1:]...), flags...)...)
		for _, stream := range []string{"stdout", "stderr"} {
			ts.Check(os.WriteFile(at(name+"."+stream), []byte(ts.ReadFile(stream)), 0o600))
		}
		return err
	}
	ts.Check(run("text", "--html", at("page.html"), "--xlsx", at("first.xlsx")))
	ts.Check(run("verbose", "-v"))
	ts.Check(run("json", "--json"))
	decideAll(ts, at("first.xlsx"), at("decided.xlsx"))
	for name, flags := range map[string][]string{"again": {"-v", "--html", at("again.html"), "--xlsx", at("again.xlsx")}, "againjson": {"--json"}} {
		if run(name, append(flags, "--decisions", at("decided.xlsx"))...) == nil {
			ts.Fatalf("a wrong cell is taken")
		}
	}
	for _, name := range []string{"first", "decided", "again"} {
		unzip(ts, at(name+".xlsx"), at(name))
	}
}

// decideAll answers every row of a spreadsheet, the last one with a word that there is not.
func decideAll(ts *testscript.TestScript, from, to string) {
	f, err := excelize.OpenFile(from)
	ts.Check(err)
	defer f.Close() //nolint:errcheck // it was read only
	rows, err := f.GetRows("Sammenhold")
	ts.Check(err)
	answers := map[string]decisions.Word{}
	for _, kind := range agenda.Kinds() {
		answers[agenda.Heading(kind, "da")] = decisions.AtSource
	}
	for _, kind := range []compare.Kind{agenda.AskUnit, agenda.AskPerson, compare.Doubled} {
		answers[agenda.Heading(kind, "da")] = decisions.Same
	}
	last := ""
	for i, row := range rows {
		if len(row) < 2 || answers[row[1]] == "" {
			continue
		}
		last, err = excelize.CoordinatesToCellName(8, i+1)
		ts.Check(err)
		ts.Check(f.SetCellStr("Sammenhold", last, string(answers[row[1]])))
	}
	if last == "" {
		ts.Fatalf("nothing is to be decided: the search shows nothing")
	}
	ts.Check(f.SetCellStr("Sammenhold", last, "måske"))
	ts.Check(f.SaveAs(to))
}

// unzip writes the files of an archive into a folder, so that they can be searched.
func unzip(ts *testscript.TestScript, archive, dir string) {
	r, err := zip.OpenReader(archive)
	ts.Check(err)
	defer r.Close() //nolint:errcheck // it was read only
	for _, file := range r.File {
		in, err := file.Open()
		ts.Check(err)
		text, err := io.ReadAll(in)
		ts.Check(err)
		ts.Check(in.Close())
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
		ts.Check(os.WriteFile(path, text, 0o600))
	}
}
