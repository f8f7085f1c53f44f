package opus

import (
	"strings"

	"orgit.dk/orgit/internal/xmlrecord"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// Codes of notes of this reader's own.
const (
	NotePension  = "pension"     // a row without an entryDate
	NoteBereaved = "bereaved"    // a row with the position Efterindtægt
	NoteLeaders  = "leaders"     // somebody who is a leader beside another
	NoteFraction = "fraction"    // working time that is no number
	NoteRehired  = "left-and-in" // an employment that is over in one row and not in another
)

// bereaved is the position in rows that pay the bereaved of an employee.
const bereaved = "efterindtægt"

// row is an employment as the file states it.
type row struct {
	id      string
	origin  source.Origin
	changed org.Day // when OPUS last changed it; decides between two rows of a person
	cpr     source.Number
	person  source.PersonState
	job     source.EngagementState
	period  org.Period
	dated   bool // its period is one
	leads   bool
	level   string // superior.subordinate
	login   string
}

// takeEmployee takes an employee.
func (f *file) takeEmployee(record *xmlrecord.Element) error {
	id, err := f.id(record)
	if err != nil {
		return err
	}
	at := f.origin(record, "employee "+id)
	if strings.EqualFold(record.Attribute("action"), "leave") {
		f.left[id] = at
		return nil
	}
	f.employees++
	switch {
	case record.Value("entryDate") == "":
		f.notes.Add(at, NotePension, "Rækken har ingen ansættelsesdato (tjenestemandspension). Den er ikke en ansættelse og er ikke taget med.")
		return nil
	case strings.EqualFold(record.Value("position"), bereaved):
		f.notes.Add(at, NoteBereaved, "Rækken er efterindtægt. Den er ikke en ansættelse og er ikke taget med.")
		return nil
	}
	r := f.row(id, at, record)
	if i, twice := f.rowAt[id]; twice {
		f.notes.Add(at, payroll.NoteDouble, "Medarbejdernummeret %s står to gange i filen. Den sidste række er brugt.", id)
		f.rows[i] = r
		return nil
	}
	f.rowAt[id] = len(f.rows)
	f.rows = append(f.rows, r)
	return nil
}

func (f *file) row(id string, at source.Origin, record *xmlrecord.Element) row {
	text := func(name string) string { return f.notes.Text(at, name, record.Value(name)) }
	r := row{
		id: id, origin: at, cpr: f.notes.CPR(at, record.Value("cpr")), login: text("userId"),
		leads: strings.EqualFold(record.Value("isManager"), "true"),
		level: level(record.Value("superiorLevel")) + "." + level(record.Value("subordinateLevel")),
	}
	r.changed, _ = org.ParseDay(record.Attribute("lastChanged"))
	r.period, r.dated = f.notes.Period(at, record.Value("entryDate"), record.Value("leaveDate"))
	r.person = f.personState(at, record)
	r.job = source.EngagementState{
		Unit: record.Value("orgUnit"), Title: text("position"), Fraction: f.fraction(at, record),
		Type: f.class(source.ClassEngagementType, record.Value("workContract"), contract(record.Value("workContract"), text("workContractText"))),
	}
	r.job.TitleCode = f.class(source.ClassTitle, record.Value("positionId"), r.job.Title)
	if record.Value("positionId") == "" {
		r.job.TitleCode = ""
	}
	if !identifier.MatchString(r.job.Unit) || isCPR(r.job.Unit) {
		r.job.Unit = ""
	}
	return r
}

func (f *file) personState(at source.Origin, record *xmlrecord.Element) source.PersonState {
	home := record.First("address")
	s := source.PersonState{
		Given: f.notes.Text(at, "firstName", record.Value("firstName")), Surname: f.notes.Text(at, "lastName", record.Value("lastName")),
		Shielded: payroll.Protected(home.Attribute("protected"), record.Value("address")),
	}
	if s.Given == "" && s.Surname == "" {
		f.notes.Add(at, payroll.NoteName, "Der står intet navn.")
	}
	phone, mail := "", f.notes.Mail(at, record.Value("email"))
	if !s.Shielded {
		phone = f.notes.Phone(at, record.Value("workPhone"))
	}
	for role, value := range map[string]string{"phone": phone, "email": mail} {
		if value == "" {
			continue
		}
		if s.Addresses == nil {
			s.Addresses = map[string]string{}
		}
		s.Addresses[role] = value
	}
	return s
}

// fraction is the part of full time; 0 where it is not said.
func (f *file) fraction(at source.Origin, record *xmlrecord.Element) float64 {
	above, below := record.Value("numerator"), record.Value("denominator")
	if above == "" && below == "" {
		return 0
	}
	hours, ok := payroll.Decimal(above)
	full, okFull := payroll.Decimal(below)
	switch {
	case !ok || !okFull:
		f.notes.Add(at, NoteFraction, "Arbejdstiden er ikke to tal og er ikke taget med.")
		return 0
	case full == 0:
		return 0
	}
	return payroll.Fraction(hours / full)
}

// contract is what a kind of employment is called, also where the file gives its code alone.
func contract(code, text string) string {
	if text != "" {
		return text
	}
	switch code {
	case "00":
		return "Månedsløn forud"
	case "01":
		return "Månedsløn bagud"
	case "03":
		return "Måneds-/timeløn"
	case "08":
		return "Tj.pension"
	}
	return ""
}

// level is a level of leaders as OPUS writes it, empty where it is no number.
func level(text string) string {
	if text = strings.TrimSpace(text); len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return ""
	}
	return text
}
