// Package korsbaek is Korsbæk Kommune, a municipality that does not exist, as the CUE
// files of an organisation repository: what `orgit demo` shows and what tests run on.
//
// # What is in it
//
// Some eighty units in four levels below the municipality, six hundred and fifty people,
// and one of each case that a Danish municipality has to deal with (see the constants,
// each with the key of its case). The sample's present is [Today]; dated things lie
// around it, so that a plan made on that day has something behind it and something to
// come.
//
// # What is invented
//
// Everybody. Telephone numbers begin with 1, which no Danish subscriber's does; CVR and
// P-numbers begin with digits that are not given out; the post codes 4298 and 4299 are
// not in use. EAN numbers have a right check digit. Keys and UUIDs are fixed for ever:
// golden files everywhere hold them.
//
// # Writing it out
//
// [Write] lays the sample out in a folder as `orgit init` would have made it, with the
// schema beside it. [DemoChange] then makes the change that the demonstration proposes.
package korsbaek

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Today is the sample's present day.
const Today = org.Day("2026-12-01")

//go:embed all:files
var files embed.FS

// Files returns the sample's files as they stand in an organisation repository, without
// the copy of the schema.
func Files() fs.FS { return below(files, "files") }

// below returns the part of embedded files under a folder that is known to be there.
func below(embedded embed.FS, folder string) fs.FS {
	sub, err := fs.Sub(embedded, folder)
	if err != nil {
		panic(err) // only for a folder name that no file system takes
	}
	return sub
}

// Write lays the sample out in a folder as an organisation repository, with the copy of
// the schema that makes a stock `cue vet -c ./...` work offline. The folder is made if it
// is not there; a file that is already there is never overwritten, but an error.
func Write(dir string) error {
	if err := os.CopyFS(dir, Files()); err != nil {
		return fmt.Errorf("write the sample municipality: %w", err)
	}
	vendored := filepath.Join(dir, filepath.FromSlash(schema.VendorDir))
	if err := os.CopyFS(vendored, schema.Source()); err != nil {
		return fmt.Errorf("write the schema of the sample municipality: %w", err)
	}
	return nil
}
