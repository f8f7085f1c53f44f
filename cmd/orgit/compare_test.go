package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/sd"
)

// TestRegistersExit: a register that refuses the login, or does not answer, ends a command as any other system does.
func TestRegistersExit(t *testing.T) {
	for err, want := range map[error]int{
		os2mo.ErrDenied: exitUnauthorised, sd.ErrDenied: exitUnauthorised, os2mo.ErrUnreachable: exitUnreachable, sd.ErrUnreachable: exitUnreachable,
		errRegister: exitUnexpected, invalidInput(errRegister, ""): exitInvalid,
	} {
		if got := exitCode(fmt.Errorf("read OPUS: %w", err)); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}

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
