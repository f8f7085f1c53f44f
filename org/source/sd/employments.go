package sd

import (
	"context"
	"fmt"
	"net/url"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// IDs of the types of employment: SalariedIndicator.
const (
	monthly = "monthly"
	hourly  = "hourly"
)

// employment is an employment as the services tell of it.
type employment struct {
	id          string // institution and number
	institution string
	number      string
	origin      source.Origin
	since       org.Day // EmploymentDate
	deleted     bool    // status S
	status      []span[string]
	unit        []span[org.UUID]
	title       []span[profession]
	time        []span[workingTime]
}

type profession struct{ code, name string }

type workingTime struct {
	kind     string
	fraction float64
}

// jobsRead is what was read of employments and people.
type jobsRead struct {
	byID   map[string]*employment
	people []*person
	whose  map[string]*person // by employment
	byCPR  map[source.Number]*person
}

func newJobsRead() jobsRead {
	return jobsRead{byID: map[string]*employment{}, whose: map[string]*person{}, byCPR: map[source.Number]*person{}}
}

// indicators are what the services on employments tell.
func indicators(question url.Values) url.Values {
	for _, indicator := range []string{"Department", "EmploymentStatus", "Profession", "WorkingTime", "UUID"} {
		question.Set(indicator+"Indicator", "true")
	}
	for _, indicator := range []string{"SalaryAgreement", "SalaryCodeGroup"} {
		question.Set(indicator+"Indicator", "false")
	}
	return question
}

// employments reads who is employed on the day, and whose employment is over.
func (r *reader) employments(ctx context.Context, code string) error {
	question := indicators(url.Values{
		institutionCode: {code}, effectiveDate: {written(r.o.Day)}, "StatusActiveIndicator": {"true"}, "StatusPassiveIndicator": {"true"},
	})
	before := len(r.jobs.byID)
	if err := r.ask(ctx, getEmployment, question, nil, r.taking(getEmployment, code)); err != nil {
		return err
	}
	if len(r.jobs.byID) == before {
		return fmt.Errorf("%s tells of no employment: what is missing would look like people who left", getEmployment)
	}
	return nil
}

// changed reads what is so from the day on.
func (r *reader) changed(ctx context.Context, code string) error {
	question := indicators(url.Values{institutionCode: {code}, activation: {written(r.o.Day)}, deactivation: {"31.12.9999"}})
	return r.ask(ctx, getChanged, question, r.part(getChanged, code), r.taking(getChanged, code))
}

// changedAtDate reads what was registered lately, deletions among it. It comes before
// GetEmploymentChanged, which tells how it stands now.
func (r *reader) changedAtDate(ctx context.Context, code string) error {
	if r.o.Since == "" {
		return nil
	}
	question := indicators(url.Values{
		institutionCode: {code}, activation: {written(r.o.Since)}, "ActivationTime": {"00:00:00"},
		deactivation: {written(r.o.Day)}, "DeactivationTime": {"23:59:59"}, "FutureInformationIndicator": {"true"},
	})
	return r.ask(ctx, getChangedAtDate, question, r.part(getChangedAtDate, code), r.taking(getChangedAtDate, code))
}

// part notes that a saved answer tells of a part of the institution; what the others have
// coming is not known then.
func (r *reader) part(service, institution string) func(string) {
	return func(parameter string) {
		r.notes.Add(source.Origin{Document: service + " " + institution}, NotePart,
			"Svaret omfatter kun en del af institutionen (%s). For de øvrige er kommende ændringer ukendte.", parameter)
	}
}

// taking gives what takes the people of an answer. What a later answer tells goes over what
// earlier ones told of the same days.
func (r *reader) taking(service, institution string) func(*xmlrecord.Element) error {
	return func(e *xmlrecord.Element) error {
		if e.Name != "Person" {
			return nil
		}
		var told []employment
		for job := range e.All("Employment") {
			one, err := r.employment(service, institution, job)
			if err != nil {
				return err
			}
			told = append(told, one)
		}
		if len(told) == 0 {
			return nil
		}
		p := r.whose(told[0].origin, e.Value(civilNumber), ids(told))
		for _, one := range told {
			known := r.jobs.byID[one.id]
			if known == nil {
				known = &employment{id: one.id, institution: one.institution, number: one.number, origin: one.origin}
				r.jobs.byID[one.id] = known
			}
			known.add(one)
			r.belongs(p, one)
		}
		return nil
	}
}

func ids(told []employment) []string {
	list := make([]string, len(told))
	for i, e := range told {
		list[i] = e.id
	}
	return list
}

// add puts what is told over what is known. A deletion stays.
func (known *employment) add(told employment) {
	if told.since != "" {
		known.since = told.since
	}
	known.deleted = known.deleted || told.deleted
	known.status = overlay(known.status, told.status)
	known.unit = overlay(known.unit, told.unit)
	known.title = overlay(known.title, told.title)
	known.time = overlay(known.time, told.time)
}

// employment takes what an answer tells of an employment.
func (r *reader) employment(service, institution string, e *xmlrecord.Element) (employment, error) {
	number := e.Value("EmploymentIdentifier")
	if !identifier.MatchString(number) || isCPR(number) {
		return employment{}, fmt.Errorf("the employment in line %d has no number", e.Line)
	}
	id := institution + "/" + number
	at := origin(service, institution, e, "employment "+id)
	told := employment{id: id, institution: institution, number: number, origin: at}
	told.since, _ = r.notes.Day(at, "EmploymentDate", e.Value("EmploymentDate"))
	for s := range e.All("EmploymentStatus") {
		code := s.Value("EmploymentStatusCode")
		if !inForce(code) && !over(code) && code != "S" {
			return employment{}, fmt.Errorf("employment %s has a status that is not known (line %d); whether it is in force cannot be told", id, s.Line)
		}
		told.deleted = told.deleted || code == "S"
		told.status = spans(&r.notes, at, told.status, s, code)
	}
	for d := range e.All("EmploymentDepartment") {
		told.unit = spans(&r.notes, at, told.unit, d, uuid(d.Value(departmentUUID)))
	}
	for p := range e.All("Profession") {
		code := p.Value("JobPositionIdentifier")
		if !identifier.MatchString(code) || isCPR(code) {
			code = ""
		}
		told.title = spans(&r.notes, at, told.title, p, profession{code, r.notes.Text(at, "EmploymentName", p.Value("EmploymentName"))})
	}
	for w := range e.All("WorkingTime") {
		told.time = spans(&r.notes, at, told.time, w, hoursOf(w))
	}
	return told, nil
}

// spans adds what an element tells, for its period.
func spans[T any](notes *payroll.Notes, at source.Origin, list []span[T], e *xmlrecord.Element, value T) []span[T] {
	period, ok := notes.Period(at, e.Value(activation), e.Value(deactivation))
	if !ok || period.From == "" {
		return list
	}
	return overlay(list, []span[T]{{period, value}})
}

func hoursOf(e *xmlrecord.Element) workingTime {
	var w workingTime
	switch e.Value("SalariedIndicator") {
	case "true":
		w.kind = monthly
	case "false":
		w.kind = hourly
	}
	if rate, ok := payroll.Decimal(e.Value("OccupationRate")); ok {
		w.fraction = payroll.Fraction(rate)
	}
	return w
}

// inForce reports whether somebody is employed with a status: employed but not in pay, in
// pay, on leave (temporarily out of pay), in a conflict.
func inForce(status string) bool {
	return status == "0" || status == "1" || status == "3" || status == "4"
}

// over reports whether somebody is no longer employed: emigrated or dead, left, in pension.
func over(status string) bool { return status == "7" || status == "8" || status == "9" }
