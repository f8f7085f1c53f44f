package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/rights"
	"orgit.dk/orgit/org/username"
	"orgit.dk/orgit/schema"
)

// checkedFolder reads and checks the files of a folder. The findings are in order; the
// organisation is nil when the files could not be read as one.
func checkedFolder(dir string, today org.Day) (*org.Organisation, []schema.Diagnostic, error) {
	if err := rootFolder(dir); err != nil {
		return nil, nil, err
	}
	return checkedFiles(os.DirFS(dir), today)
}

// rootFolder refuses a folder that is no organisation repository, or only a part of one,
// before its files are judged as if they were everything.
func rootFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return invalidInput(fmt.Errorf("there is no folder %s", dir), "give the folder of an organisation repository; `orgit init DIR` makes one")
	}
	if err != nil {
		return fmt.Errorf("open the repository: %w", err)
	}
	if !info.IsDir() {
		return invalidInput(fmt.Errorf("%s is not a folder", dir), "give the folder of an organisation repository")
	}
	for _, name := range []string{"organisation.cue", "cue.mod"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return nil // whatever else is missing is for the check to say
		}
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("open the repository: %w", err)
	}
	for at := filepath.Dir(whole); at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "organisation.cue")); err == nil {
			return invalidInput(fmt.Errorf("%s is only a part of the organisation repository %s", whole, at), "give the whole: -C "+at)
		}
	}
	return invalidInput(fmt.Errorf("there is no organisation repository in %s: no organisation.cue", whole),
		"give its folder with -C; `orgit init DIR` makes one")
}

// withTargets adds what the connected systems cannot hold of what an organisation asks for.
// Values are made only of files without errors; settings are always looked at.
func withTargets(stages *stages, o *org.Organisation, today org.Day, findings []schema.Diagnostic) ([]schema.Diagnostic, error) {
	if o == nil {
		return findings, nil
	}
	more := ad.CheckSettings(o)
	if !schema.HasErrors(findings) {
		defer stages.Stage("ad: values of everybody")()
		var err error
		if more, err = ad.Check(o, today); err != nil {
			return nil, fmt.Errorf("work out what ad is asked for: %w", err)
		}
	}
	findings = append(findings, more...)
	schema.SortDiagnostics(findings)
	return findings, nil
}

// checkedFiles reads and checks files, wherever they are.
func checkedFiles(files fs.FS, today org.Day) (*org.Organisation, []schema.Diagnostic, error) {
	return checkedFilesOf(new(org.Loader), files, today)
}

// checkedFilesOf is checkedFiles for one of several versions that a loader loads.
func checkedFilesOf(loader *org.Loader, files fs.FS, today org.Day) (*org.Organisation, []schema.Diagnostic, error) {
	o, findings, err := loader.LoadAndCheck(files, today)
	if err != nil {
		return nil, nil, fmt.Errorf("read the organisation: %w", err)
	}
	_, more, err := username.Used(files)
	if err != nil {
		return nil, nil, fmt.Errorf("read the used login names: %w", err)
	}
	if !schema.HasErrors(findings) { // what an entry that was left out gives and requires is not known
		more = append(more, rights.Check(o, today)...)
	}
	if len(more) > 0 {
		findings = append(findings, more...)
		schema.SortDiagnostics(findings)
	}
	return o, findings, nil
}

// checkedAgain is what is wrong, today, with an organisation that was read before.
func checkedAgain(o *org.Organisation, today org.Day) []schema.Diagnostic {
	return append(o.Check(today), rights.Check(o, today)...)
}
