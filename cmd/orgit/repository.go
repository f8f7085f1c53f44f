package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// checkedFolder reads and checks the files of a folder. The findings are in order; the
// organisation is nil when the files could not be read as one.
func checkedFolder(dir string, today org.Day) (*org.Organisation, []schema.Diagnostic, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, invalidInput(fmt.Errorf("there is no folder %s", dir), "give the folder of an organisation repository; `orgit init DIR` makes one")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("open the repository: %w", err)
	}
	if !info.IsDir() {
		return nil, nil, invalidInput(fmt.Errorf("%s is not a folder", dir), "")
	}
	return checkedFiles(os.DirFS(dir), today)
}

// checkedFiles reads and checks files, wherever they are.
func checkedFiles(files fs.FS, today org.Day) (*org.Organisation, []schema.Diagnostic, error) {
	o, findings, err := org.LoadAndCheck(files, today)
	if err != nil {
		return nil, nil, fmt.Errorf("read the organisation: %w", err)
	}
	return o, findings, nil
}
