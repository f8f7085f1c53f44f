package os2mo

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// assembly turns a register into an extract. What refers to something looks it up here.
type assembly struct {
	opts  Options
	zone  *time.Location
	day   org.Day
	notes *notes

	facets      map[id]string
	classes     map[id]classInfo
	systems     map[id]string // keys
	units       map[id]*unitDraft
	people      map[id]*personDraft
	engagements map[id]*engagementDraft
	accounts    map[id]*accountDraft
}

// assemble makes the extract of a register. It does not fail: whatever OS2mo holds that makes
// no sense becomes a note.
func assemble(r *register, opts Options, zone *time.Location, day org.Day) *source.Extract {
	a := &assembly{opts: opts, zone: zone, day: day, notes: newNotes()}
	x := &source.Extract{Source: "os2mo", Name: "OS2mo", Day: day, Says: source.Says{
		Tree: true, Leaders: true, Engagements: true, Accounts: true, Associations: true,
		History: true, Future: true, Numbers: true, CPR: true,
	}}
	x.Classes = a.readClasses(r)
	a.readUnits(r)
	a.readPeople(r)
	a.readEngagements(r)
	a.readAccounts(r)
	a.readAssociations(r)
	a.readAddresses(r)
	a.readTasks(r)
	a.readRelated(r)
	a.readLeaves(r)
	a.countRest(r)
	x.Leaders = a.leaders(r)
	x.Units = a.finishUnits(r)
	x.People = a.finishPeople(r)
	a.doubts(x)
	x.Notes = a.notes.all()
	x.Sort()
	return x
}

// countRest counts what orgit has no place for as a whole.
func (a *assembly) countRest(r *register) {
	for range r.owners {
		a.notes.count("owners", noOwner, "Antal ejerskaber, som orgit ikke har plads til: %d. Hvem der må rette i en enhed, styres af reglerne for godkendelse.")
	}
	for range r.roleBindings {
		a.notes.count("rolebindings", noRoleBinding, "Antal rollebindinger, som ikke er taget med: %d. Rettigheder i IT-systemer indlæses ikke herfra endnu.")
	}
}

func origin(collection, kind string, uuid id) source.Origin {
	return source.Origin{Document: collection, Record: kind + " " + string(uuid)}
}

// textMax is how many characters of a text are taken. No text of an organisation is as long.
const textMax = 1000

// text gives a text of the register as one line. One that holds what looks like a CPR number
// is left out: it may stand nowhere but in its own field.
func (a *assembly) text(at source.Origin, s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.C, r) }) >= 0 {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.C, r) }), " ")
	}
	switch {
	case len(schema.FindCPR(s)) > 0:
		a.notes.add(at, doubtCPRText, "En tekst ligner eller indeholder et CPR-nummer og er udeladt. Ret den i OS2mo.")
		return ""
	case utf8.RuneCountInString(s) > textMax:
		a.notes.add(at, doubtTextTooLong, "En tekst er på mere end %d tegn og er udeladt.", textMax)
		return ""
	}
	return s
}

// key gives a user_key, which is the object's UUID where nobody gave it one.
func (a *assembly) key(at source.Origin, s string) string {
	if s = a.text(at, s); uuidShape.MatchString(strings.ToLower(s)) {
		return ""
	}
	return s
}

// take gives an object's validities as periods of days, with a note where they are odd.
func take[T dated](a *assembly, at source.Origin, o object[T]) []span[T] {
	list, uneven := spans(a.zone, *o.Validities)
	switch {
	case len(*o.Validities) == 0:
		a.notes.add(at, doubtEmpty, "OS2mo har noteret et objekt uden nogen gyldighed; det er udeladt.")
	case uneven:
		a.notes.add(at, doubtDays, "En gyldighed begynder eller slutter midt på en dag, eller den har ingen længde. Den er rundet til hele dage, og hvor to deler en dag, gælder den seneste.")
	}
	return list
}

// dangling makes a note of a reference to what OS2mo does not have.
func (a *assembly) dangling(at source.Origin, form string, args ...any) {
	a.notes.add(at, doubtDangling, "%s", fmt.Sprintf(form, args...))
}
