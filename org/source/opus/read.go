package opus

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

// Key is what the settings call this source.
const Key = "opus"

// fileName is how KMD names the file, with the time of its making.
var fileName = regexp.MustCompile(`(?i)^ZLPE(\d{4})(\d{2})(\d{2})\d{6}(?:_delta)?\.xml$`)

// limits are far above what is known: 100 MB for 50,000 employments, 50 elements in each.
func limits() xmlrecord.Limits {
	return xmlrecord.Limits{Document: 1 << 30, Token: 64 << 10, Elements: 5_000, Depth: 20}
}

// DayOf gives the day of a file from its name, such as ZLPE20260901224012_delta.xml.
func DayOf(name string) (org.Day, error) {
	found := fileName.FindStringSubmatch(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if found == nil {
		return "", errors.New("the name of an OPUS file holds its day, such as ZLPE20260901224012_delta.xml: give the file the name that KMD gave it")
	}
	day, err := org.ParseDay(found[1] + "-" + found[2] + "-" + found[3])
	if err != nil {
		return "", fmt.Errorf("the name of the OPUS file holds no day of the calendar: %w", err)
	}
	return day, nil
}

// Read reads a file to its end. The name is that of the file, with or without its folder. A
// file that is cut, or in which there are no units or no employments, is an error.
func Read(r io.Reader, name string) (*source.Extract, error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	x, err := read(r, name)
	if err != nil {
		return nil, fmt.Errorf("read the OPUS file: %w", err)
	}
	return x, nil
}

func read(r io.Reader, name string) (*source.Extract, error) {
	day, err := DayOf(name)
	if err != nil {
		return nil, err
	}
	records, err := xmlrecord.Open(r, limits())
	if err != nil {
		return nil, err
	}
	if root := records.Root().Name; root != "kmd" {
		return nil, fmt.Errorf("the root element is <%s> and not <kmd>: it is no file of OPUS", schema.MaskCPR(fmt.Sprintf("%.40s", root)))
	}
	f := newFile(name, day)
	for {
		record, err := records.Next()
		if err == io.EOF {
			return f.extract()
		}
		if err == nil {
			err = f.take(record)
		}
		if err != nil {
			return nil, err
		}
	}
}

// file is what was read of a file so far.
type file struct {
	name      string
	day       org.Day
	notes     payroll.Notes
	classes   map[source.Class]bool // without their names, those that there are
	named     []source.Class
	units     []source.Unit
	unitAt    map[string]int // where a unit is among units
	rows      []row
	rowAt     map[string]int
	left      map[string]source.Origin // where an employment is said to be over
	ignored   map[string]bool
	employees int
}

func newFile(name string, day org.Day) *file {
	return &file{
		name: name, day: day, classes: map[source.Class]bool{}, unitAt: map[string]int{}, rowAt: map[string]int{},
		left: map[string]source.Origin{}, ignored: map[string]bool{},
	}
}

// take takes a record of the file.
func (f *file) take(record *xmlrecord.Element) error {
	switch record.Name {
	case "orgUnit":
		return f.takeUnit(record)
	case "employee":
		return f.takeEmployee(record)
	}
	if !f.ignored[record.Name] {
		f.ignored[record.Name] = true
		f.notes.Add(f.origin(record, ""), payroll.NoteUnusedRecord, "Filen indeholder poster af en slags, der ikke kendes. De er ikke læst.")
	}
	return nil
}

// identifier is how OPUS numbers units and employments.
var identifier = regexp.MustCompile(`^[0-9A-Za-z]{1,20}$`)

// id gives the number of a record. A number that could be a CPR number is an error: it would
// be shown.
func (f *file) id(record *xmlrecord.Element) (string, error) {
	id := record.Attribute("id")
	switch {
	case !identifier.MatchString(id):
		return "", fmt.Errorf("line %d: <%s> has no number of its own (attribute id)", record.Line, record.Name)
	case isCPR(id):
		return "", fmt.Errorf("line %d: the number of <%s> could be a CPR number, and such a number is never taken as an identifier", record.Line, record.Name)
	}
	return id, nil
}

func (f *file) origin(record *xmlrecord.Element, what string) source.Origin {
	return source.Origin{Document: f.name, Line: record.Line, Record: what}
}

// class remembers a choice in a list of OPUS's, with the name that it has first, and gives
// how records refer to it: by its code, or by its text where it has no code.
func (f *file) class(kind, code, name string) string {
	if code == "" || len(code) > 40 || isCPR(code) {
		return name
	}
	if c := (source.Class{Kind: kind, ID: code}); !f.classes[c] {
		f.classes[c] = true
		c.Name = name
		f.named = append(f.named, c)
	}
	return code
}

// extract puts together what was read.
func (f *file) extract() (*source.Extract, error) {
	switch {
	case len(f.units) == 0:
		return nil, errors.New("there is no unit (orgUnit) in it")
	case f.employees == 0:
		return nil, errors.New("there is no employment (employee) in it")
	}
	x := &source.Extract{
		Source: Key, Name: "OPUS", Day: f.day, Classes: f.named, Units: f.units,
		Says: source.Says{Tree: true, Leaders: true, Engagements: true, Numbers: true, CPR: true},
	}
	f.notes.Tree(x)
	f.checkPlaces()
	x.People = f.people()
	x.Leaders = f.leaders(x.People)
	x.Notes = f.notes.List()
	x.Sort()
	if err := x.Check(); err != nil {
		return nil, err
	}
	return x, nil
}
