package opus

import (
	"strings"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

func isCPR(text string) bool { return len(schema.FindCPR(text)) > 0 }

// takeUnit takes an orgUnit. One that occurs twice is as it stands last.
func (f *file) takeUnit(record *xmlrecord.Element) error {
	id, err := f.id(record)
	if err != nil {
		return err
	}
	at := f.origin(record, "unit "+id)
	u := source.Unit{ID: id, Origin: at}
	if period, ok := f.notes.Period(at, record.Value("startDate"), record.Value("endDate")); ok {
		state := f.unitState(at, record)
		state.Period, state.Code = period, id
		u.States = []source.UnitState{state}
	}
	if i, twice := f.unitAt[id]; twice {
		f.notes.Add(at, payroll.NoteDouble, "Enheden %s står to gange i filen. Den sidste er brugt.", id)
		f.units[i] = u
		return nil
	}
	f.unitAt[id] = len(f.units)
	f.units = append(f.units, u)
	return nil
}

func (f *file) unitState(at source.Origin, record *xmlrecord.Element) source.UnitState {
	text := func(name string) string { return f.notes.Text(at, name, record.Value(name)) }
	s := source.UnitState{
		Name: text("longName"), ShortName: text("shortName"), Parent: record.Value("parentOrgUnit"),
		Type: f.class(source.ClassUnitType, record.Value("orgType"), text("orgTypeTxt")),
	}
	if s.Parent != "" && !identifier.MatchString(s.Parent) || isCPR(s.Parent) {
		f.notes.Add(at, payroll.NoteUnknownUnit, "Enheden %s ligger under noget, der ikke er et enhedsnummer.", record.Attribute("id"))
		s.Parent = ""
	}
	put := func(into *map[string]string, key, value string) {
		if value == "" {
			return
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[key] = value
	}
	put(&s.Numbers, "p", f.notes.Number(at, "p", record.Value("pNr")))
	put(&s.Numbers, "ean", f.notes.Number(at, "ean", record.Value("eanNr")))
	put(&s.Numbers, "se", f.notes.Number(at, "se", record.Value("seNr")))
	put(&s.Numbers, "cvr", f.notes.Number(at, "cvr", record.Value("cvrNr")))
	put(&s.Addresses, "phone", f.notes.Phone(at, record.Value("phoneNumber")))
	put(&s.Addresses, "post", address(text("street"), text("addressSupplement"), strings.TrimSpace(text("zipCode")+" "+text("city"))))
	return s
}

// address writes an address in a line; a place without a street is none.
func address(street, supplement, place string) string {
	if street == "" {
		return ""
	}
	parts := []string{street}
	for _, part := range []string{supplement, place} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
