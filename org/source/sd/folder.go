package sd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"sort"
	"strings"

	"orgit.dk/orgit/schema"
)

// Folder answers with files: those of a service are called by its name, such as
// GetEmployment20111201.xml or GetDepartmentParent20190701-TOMM.xml. Which of them answers a
// question is told by the question that the file repeats.
type Folder struct{ Files fs.FS }

// Ask opens the file that answers a question. The error says which file is missing.
func (f Folder) Ask(_ context.Context, service string, parameters url.Values) (io.ReadCloser, error) {
	names, err := fs.Glob(f.Files, service+"*.xml")
	if err != nil {
		return nil, fmt.Errorf("look for saved answers: %w", err)
	}
	sort.Strings(names)
	var others []string
	for _, name := range names {
		err := f.answers(name, service, parameters)
		if fault := (*Fault)(nil); err == nil || errors.As(err, &fault) {
			return f.Files.Open(name)
		}
		others = append(others, fmt.Sprintf("%s: %v", name, err))
	}
	missing := fmt.Sprintf("there is no saved answer to %s with %s; save it as %s", service, question(parameters), fileName(service, parameters))
	if len(others) > 0 {
		missing += " (" + strings.Join(others, "; ") + ")"
	}
	return nil, errors.New(schema.MaskCPR(missing)) // whatever people call their files
}

// answers says whether a file answers a question.
func (f Folder) answers(name, service string, parameters url.Values) error {
	file, err := f.Files.Open(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it is only read
	answer, err := open(file, service)
	if err != nil {
		return err
	}
	return answers(answer.echo, parameters)
}

// question writes what decides between two answers of a service.
func question(parameters url.Values) string {
	var parts []string
	for _, name := range []string{institutionCode, departmentUUID, effectiveDate, activation, deactivation} {
		if value := parameters.Get(name); value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	return strings.Join(parts, ", ")
}

func fileName(service string, parameters url.Values) string {
	for _, name := range []string{departmentUUID, institutionCode} {
		if value := parameters.Get(name); value != "" {
			return service + "-" + value + ".xml"
		}
	}
	return service + ".xml"
}
