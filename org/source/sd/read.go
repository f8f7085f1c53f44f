package sd

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

// Key is what the settings call this source.
const Key = "sd"

// Codes of notes of this reader's own.
const (
	NotePart         = "part"          // a saved answer about a part of what was asked for
	NoteStatus       = "status"        // an employment whose status is not said for a time
	NoteTitle        = "unknown-title" // a title that GetProfession does not have
	NoteSkippedUnit  = "skipped-unit"  // an employment in a unit that the settings leave out
	NoteParents      = "parents"       // a unit that lies in two places
	NoteSeveral      = "several"       // an employment under two CPR numbers
	NoteNobodyAtWork = "nobody"        // a person without an employment
)

// registered is how far back SD tells what was registered, in days.
const registered = 30

// Options say what is read.
type Options struct {
	Day          org.Day        // the day for which SD is asked, usually today
	Institutions []string       // codes of the institutions; a municipality may have several
	Since        org.Day        // asks also for what was registered from this day on, which tells of deleted employments; at most 30 days before Day
	SkipUnits    *regexp.Regexp // units whose code it matches are left out; nil: none
}

var institutionShape = regexp.MustCompile(`^[0-9A-ZÆØÅ]{1,4}$`)

func (o Options) check() error {
	if _, err := org.ParseDay(string(o.Day)); err != nil {
		return fmt.Errorf("the day for which SD is asked: %w", err)
	}
	if len(o.Institutions) == 0 {
		return errors.New("no institution is named: SD is asked for one institution at a time")
	}
	for i, code := range o.Institutions {
		if !institutionShape.MatchString(code) {
			return fmt.Errorf("institution %d is not named by its code, such as TA", i+1)
		}
	}
	if o.Since == "" {
		return nil
	}
	if days := o.Since.DaysUntil(o.Day); days < 0 || days > registered {
		return fmt.Errorf("SD tells what was registered on the last %d days; it cannot be asked from %s on", registered, o.Since)
	}
	return nil
}

// Read reads everything that SD says of the institutions, or gives an error.
func Read(ctx context.Context, asker Asker, o Options) (*source.Extract, error) {
	x, err := read(ctx, asker, o)
	if err != nil {
		return nil, fmt.Errorf("read SD-Løn: %w", err)
	}
	return x, nil
}

func read(ctx context.Context, asker Asker, o Options) (*source.Extract, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := newReader(asker, o)
	for _, institution := range o.Institutions {
		if err := r.institution(ctx, institution); err != nil {
			return nil, fmt.Errorf("institution %s: %w", institution, err)
		}
	}
	if err := r.comingPeople(ctx); err != nil {
		return nil, err
	}
	return r.extract()
}

// reader is what was read so far.
type reader struct {
	asker  Asker
	o      Options
	notes  payroll.Notes
	titles map[string]string // names by code
	units  unitsRead
	jobs   jobsRead
}

func newReader(asker Asker, o Options) *reader {
	return &reader{asker: asker, o: o, titles: map[string]string{}, units: newUnitsRead(), jobs: newJobsRead()}
}

// institution reads an institution.
func (r *reader) institution(ctx context.Context, code string) error {
	steps := []func(context.Context, string) error{
		r.known, r.professions, r.departments, r.structure, r.parents, r.employments, r.changedAtDate, r.changed, r.people,
	}
	for _, step := range steps {
		if err := step(ctx, code); err != nil {
			return err
		}
	}
	return nil
}

// known asks whether SD has the institution.
func (r *reader) known(ctx context.Context, code string) error {
	found := false
	question := url.Values{institutionCode: {code}, "UUIDIndicator": {"true"}}
	for _, indicator := range []string{"Administration", "ContactInformation", "PostalAddress", "ProductionUnit"} {
		question.Set(indicator+"Indicator", "false")
	}
	err := r.ask(ctx, getInstitution, question, nil, func(region *xmlrecord.Element) error {
		for institution := range region.All("Institution") {
			if institution.Value(institutionCode) == code {
				found = true
				if id := uuid(institution.Value("InstitutionUUIDIdentifier")); id != "" {
					r.units.institutions[id] = true
				}
			}
		}
		return nil
	})
	if err == nil && !found {
		err = errors.New("SD does not know it")
	}
	return err
}

// professions reads the names of titles. Codes are unique within a level, and employments
// have those of level 0.
func (r *reader) professions(ctx context.Context, code string) error {
	return r.ask(ctx, getProfession, url.Values{institutionCode: {code}}, nil, func(profession *xmlrecord.Element) error {
		r.profession(code, profession)
		return nil
	})
}

func (r *reader) profession(institution string, e *xmlrecord.Element) {
	id := e.Value("JobPositionIdentifier")
	if e.Name == "Profession" && e.Value("JobPositionLevelCode") == "0" && identifier.MatchString(id) && !isCPR(id) {
		at := origin(getProfession, institution, e, "profession "+id)
		if name := r.notes.Text(at, "JobPositionName", e.Value("JobPositionName")); r.titles[id] == "" {
			r.titles[id] = name
		}
	}
	for below := range e.All("Profession") {
		r.profession(institution, below)
	}
}

// extract puts together what was read.
func (r *reader) extract() (*source.Extract, error) {
	x := &source.Extract{
		Source: Key, Name: "SD-Løn", Day: r.o.Day, Units: r.units.made(&r.notes),
		Says: source.Says{Tree: true, Engagements: true, Future: true, Numbers: true, CPR: true},
	}
	if len(x.Units) == 0 {
		return nil, errors.New("every unit is left out by the settings")
	}
	r.notes.Tree(x)
	x.People = r.made()
	x.Classes = r.classes()
	x.Notes = r.notes.List()
	x.Sort()
	if err := x.Check(); err != nil {
		return nil, err
	}
	return x, nil
}

func (r *reader) classes() []source.Class {
	classes := []source.Class{
		{Kind: source.ClassEngagementType, ID: monthly, Name: "Månedsløn"}, {Kind: source.ClassEngagementType, ID: hourly, Name: "Timeløn"},
	}
	for id, name := range r.titles {
		classes = append(classes, source.Class{Kind: source.ClassTitle, ID: id, Name: name})
	}
	return classes
}

// identifier is how SD numbers employments, units and titles.
var identifier = regexp.MustCompile(`^[0-9A-Za-zÆØÅæøå_-]{1,20}$`)

var uuidShape = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// uuid gives a UUID in lower case, empty where it is none.
func uuid(text string) org.UUID {
	if text = strings.ToLower(text); uuidShape.MatchString(text) {
		return org.UUID(text)
	}
	return ""
}

func isCPR(text string) bool { return len(schema.FindCPR(text)) > 0 }

func origin(service, institution string, e *xmlrecord.Element, record string) source.Origin {
	return source.Origin{Document: service + " " + institution, Line: e.Line, Record: record}
}
