package main

import (
	"io/fs"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

func compareCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"decide": cmdDecide, "privatefiles": cmdPrivateFiles}
}

// cmdDecide fills a spreadsheet in as the working group does: decide FROM TO 'KIND/NAME=DECISION'….
func cmdDecide(ts *testscript.TestScript, _ bool, args []string) {
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	rows, err := f.GetRows("Sammenhold")
	ts.Check(err)
	for _, arg := range args[2:] {
		what, decision, _ := strings.Cut(arg, "=")
		kind, name, _ := strings.Cut(what, "/")
		heading, found := agenda.Heading(compare.Kind(kind), "da"), 0
		for i, row := range rows {
			if len(row) > 3 && row[1] == heading && row[3] == name {
				cell, err := excelize.CoordinatesToCellName(8, i+1)
				ts.Check(err)
				ts.Check(f.SetCellStr("Sammenhold", cell, decision))
				found++
			}
		}
		if found != 1 {
			ts.Fatalf("%s: %d rows in %v", what, found, rows)
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
	ts.Check(f.Close())
}

// cmdPrivateFiles demands that nobody but its owner may read a file.
func cmdPrivateFiles(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.Mode().Perm()&fs.FileMode(0o077) != 0 {
			ts.Fatalf("%s may be read by others: %v", name, info.Mode())
		}
	}
}
