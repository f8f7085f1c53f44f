package sd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// unitsRead is what was read of units.
type unitsRead struct {
	list         []*department
	byID         map[org.UUID]*department
	skipped      map[org.UUID]bool
	parent       map[org.UUID]org.UUID // empty at a root
	institutions map[org.UUID]bool     // what stands above a root
	asked        map[org.UUID]bool     // whose parent was asked for
}

func newUnitsRead() unitsRead {
	return unitsRead{
		byID: map[org.UUID]*department{}, skipped: map[org.UUID]bool{}, parent: map[org.UUID]org.UUID{},
		institutions: map[org.UUID]bool{}, asked: map[org.UUID]bool{},
	}
}

// department is a unit with its periods.
type department struct {
	id          org.UUID
	institution string
	origin      source.Origin
	states      []span[source.UnitState]
}

// departments reads the units with all their periods.
func (r *reader) departments(ctx context.Context, code string) error {
	question := url.Values{institutionCode: {code}, activation: {"01.01.1930"}, deactivation: {"31.12.9999"}, "EmploymentDepartmentIndicator": {"false"}}
	for _, indicator := range []string{"ContactInformation", "DepartmentName", "PostalAddress", "ProductionUnit", "UUID"} {
		question.Set(indicator+"Indicator", "true")
	}
	units := 0
	err := r.ask(ctx, getDepartment, question, nil, func(e *xmlrecord.Element) error {
		if e.Name != "Department" {
			return r.aboutInstitution(e)
		}
		units++
		return r.department(code, e)
	})
	if err == nil && units == 0 {
		err = fmt.Errorf("%s tells of no unit: what is missing would look like units that were closed", getDepartment)
	}
	return err
}

// aboutInstitution takes what stands beside the units: which institution it is.
func (r *reader) aboutInstitution(e *xmlrecord.Element) error {
	if id := uuid(e.Text); e.Name == "InstitutionUUIDIdentifier" && id != "" {
		r.units.institutions[id] = true
	}
	return nil
}

func (r *reader) department(institution string, e *xmlrecord.Element) error {
	id, code := uuid(e.Value(departmentUUID)), e.Value("DepartmentIdentifier")
	switch {
	case id == "":
		return fmt.Errorf("the unit in line %d has no UUID (ask with UUIDIndicator=true)", e.Line)
	case !identifier.MatchString(code) || isCPR(code):
		return fmt.Errorf("the unit in line %d has no code", e.Line)
	case r.o.SkipUnits != nil && r.o.SkipUnits.MatchString(code):
		r.units.skipped[id] = true
		return nil
	}
	at := origin(getDepartment, institution, e, "unit "+code)
	d := r.units.byID[id]
	if d == nil {
		d = &department{id: id, institution: institution, origin: at}
		r.units.byID[id] = d
		r.units.list = append(r.units.list, d)
	}
	period, ok := r.notes.Period(at, e.Value(activation), e.Value(deactivation))
	if !ok || period.From == "" {
		return nil
	}
	for _, s := range d.states {
		if _, both := s.Overlap(period); both {
			r.notes.Add(at, payroll.NoteDouble, "Enheden %s har to oplysninger for de samme dage. Den sidste er brugt.", code)
			break
		}
	}
	d.states = overlay(d.states, []span[source.UnitState]{{period, r.unitState(at, code, e)}})
	return nil
}

func (r *reader) unitState(at source.Origin, code string, e *xmlrecord.Element) source.UnitState {
	s := source.UnitState{
		Origin: at, Code: code, Name: r.notes.Text(at, "DepartmentName", e.Value("DepartmentName")),
		Level: r.notes.Text(at, "DepartmentLevelIdentifier", e.Value("DepartmentLevelIdentifier")),
	}
	if p := r.notes.Number(at, "p", e.Value("ProductionUnitIdentifier")); p != "" {
		s.Numbers = map[string]string{"p": p}
	}
	addresses := r.contact(at, e.First("ContactInformation"))
	if post := r.post(at, e.First("PostalAddress")); post != "" {
		addresses["post"] = post
	}
	if len(addresses) > 0 {
		s.Addresses = addresses
	}
	return s
}

// contact gives the first phone number and mail address that are one.
func (r *reader) contact(at source.Origin, e *xmlrecord.Element) map[string]string {
	found := map[string]string{}
	for phone := range e.All("TelephoneNumberIdentifier") {
		if number := r.notes.Phone(at, phone.Text); number != "" && found["phone"] == "" {
			found["phone"] = number
		}
	}
	for mail := range e.All("EmailAddressIdentifier") {
		if address := r.notes.Mail(at, mail.Text); address != "" && found["email"] == "" {
			found["email"] = address
		}
	}
	return found
}

func (r *reader) post(at source.Origin, e *xmlrecord.Element) string {
	street := r.notes.Text(at, "StandardAddressIdentifier", e.Value("StandardAddressIdentifier"))
	if street == "" {
		return ""
	}
	place := r.notes.Text(at, "DistrictName", strings.TrimSpace(e.Value("PostalCode")+" "+e.Value("DistrictName")))
	if place == "" {
		return street
	}
	return street + ", " + place
}

// structure reads which unit is above which, from the leaves upwards.
func (r *reader) structure(ctx context.Context, code string) error {
	day := written(r.o.Day)
	question := url.Values{institutionCode: {code}, activation: {day}, deactivation: {day}, "UUIDIndicator": {"true"}}
	return r.ask(ctx, getOrganization, question, nil, func(e *xmlrecord.Element) error {
		if e.Name != "Organization" {
			return r.aboutInstitution(e)
		}
		if from, to := e.Value(activation), e.Value(deactivation); from > string(r.o.Day) || to < string(r.o.Day) {
			return nil
		}
		return r.above(code, e)
	})
}

// above takes the units within an element: each lies under the one within it.
func (r *reader) above(institution string, e *xmlrecord.Element) error {
	for leaf := range e.All("DepartmentReference") {
		unit := leaf
		for unit != nil {
			over := unit.First("DepartmentReference")
			id, parent := uuid(unit.Value(departmentUUID)), uuid(over.Value(departmentUUID))
			if id == "" || over != nil && parent == "" {
				return fmt.Errorf("the unit in line %d has no UUID (ask with UUIDIndicator=true)", unit.Line)
			}
			if known, placed := r.units.parent[id]; !placed {
				r.units.parent[id] = parent
			} else if known != parent {
				at := origin(getOrganization, institution, unit, "unit "+string(id))
				r.notes.Add(at, NoteParents, "Enheden ligger under to enheder på samme tid. Den første er brugt.")
			}
			unit = over
		}
	}
	return nil
}

// parents asks for the places of the units that the structure lacks, upwards to a unit whose
// place is known. What is over is not asked for.
func (r *reader) parents(ctx context.Context, institution string) error {
	for _, d := range r.units.list {
		if d.institution != institution {
			continue
		}
		id, day := d.id, r.o.Day
		for id != "" && !r.units.asked[id] {
			if _, placed := r.units.parent[id]; placed {
				break
			}
			d := r.units.byID[id]
			if d == nil { // of another institution, or left out: the tree's notes say so
				break
			}
			from, over := d.next(r.o.Day)
			if over {
				break
			}
			r.units.asked[id] = true // a circle ends here
			parent, err := r.askParent(ctx, id, max(day, from))
			if err != nil {
				return fmt.Errorf("the place of unit %s: %w", id, err)
			}
			r.units.parent[id] = parent
			id = parent
		}
	}
	return nil
}

// next gives the first day from a day on, on which the unit is there.
func (d *department) next(day org.Day) (from org.Day, over bool) {
	for _, s := range d.states {
		if !s.Ended(day) {
			return s.From, false
		}
	}
	return "", true
}

// askParent gives the unit above a unit; empty for a root, above which SD has nothing or the
// institution.
func (r *reader) askParent(ctx context.Context, id org.UUID, day org.Day) (org.UUID, error) {
	var parent org.UUID
	question := url.Values{departmentUUID: {string(id)}, effectiveDate: {written(day)}}
	err := r.ask(ctx, getParent, question, nil, func(e *xmlrecord.Element) error {
		if e.Name != "DepartmentParent" {
			return nil
		}
		if parent = uuid(e.Value(departmentUUID)); parent == "" {
			return errors.New("the unit above has no UUID")
		}
		return nil
	})
	if r.units.institutions[parent] {
		parent = ""
	}
	return parent, err
}

// made makes the units of what was read. Each has, in all its periods, the place of the day.
func (u *unitsRead) made(notes *payroll.Notes) []source.Unit {
	var list []source.Unit
	for _, d := range u.list {
		unit := source.Unit{ID: string(d.id), UUID: d.id, Origin: d.origin}
		slices.SortStableFunc(d.states, func(a, b span[source.UnitState]) int { return cmp.Compare(a.From, b.From) })
		for _, s := range d.states {
			state := s.value
			state.Period, state.Parent = s.Period, string(u.parent[d.id])
			unit.States = append(unit.States, state)
		}
		list = append(list, unit)
	}
	return list
}
