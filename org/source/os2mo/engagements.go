package os2mo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// engagementDraft is an engagement while leaves are added to it.
type engagementDraft struct {
	source.Engagement
	person id
}

func engagementPeriod(s *source.EngagementState) *org.Period { return &s.Period }

func sortPerson(p *source.Person) {
	slices.SortFunc(p.Engagements, func(a, b source.Engagement) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(p.Associations, func(a, b source.Association) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(p.Accounts, func(a, b source.Account) int { return cmp.Compare(a.ID, b.ID) })
}

func (a *assembly) readEngagements(r *register) {
	a.engagements = map[id]*engagementDraft{}
	for _, o := range r.engagements {
		at := origin("engagements", "engagement", o.UUID)
		list := take(a, at, o)
		if len(list) == 0 {
			continue
		}
		person, ok := belongsTo(a, at, list, func(e engagement) *ref { return e.Person })
		if !ok {
			a.dangling(at, "Ansættelsens person findes ikke i OS2mo. Ansættelsen er udeladt.")
			continue
		}
		now, _ := near(list, a.day)
		d := &engagementDraft{person: person, Engagement: source.Engagement{
			ID: string(o.UUID), UUID: org.UUID(o.UUID), Number: a.key(at, now.UserKey), Origin: at,
		}}
		for _, s := range list {
			d.States = append(d.States, a.engagementState(at, s))
		}
		d.States = join(d.States, engagementPeriod)
		a.engagements[o.UUID] = d
	}
}

// belongsTo gives the person whose an object is. OS2mo allows another one in each period;
// here it is the one of the day.
func belongsTo[T any](a *assembly, at source.Origin, list []span[T], of func(T) *ref) (id, bool) {
	now, _ := near(list, a.day)
	person := of(now).id()
	for _, s := range list {
		if of(s.Value).id() != person {
			a.notes.add(at, doubtMoved, "Det har tilhørt forskellige personer gennem tiden. Det er taget med hos den, det tilhører nu.")
		}
	}
	return person, a.people[person] != nil
}

func (a *assembly) engagementState(at source.Origin, s span[engagement]) source.EngagementState {
	e := s.Value
	state := source.EngagementState{
		Period: s.Period, Unit: a.unitID(at, e.Unit), Type: a.classID(at, e.Type, facetEngagementType),
		Fraction: a.fraction(at, e.Fraction),
	}
	title, right, ok := a.class(at, e.Job, facetJob)
	if ok {
		state.Title = title.name
	}
	if ok && right {
		state.TitleCode = string(e.Job.UUID)
	}
	if primary, _, ok := a.class(at, e.Primary, facetPrimary); ok {
		state.Primary = primary.key == "primary" || primary.key == "explicitly-primary"
	}
	for i, text := range e.extensions() {
		if strings.TrimSpace(text) != "" {
			field := fmt.Sprintf("extension_%d", i+1)
			a.notes.count("engagements", noExtension, "Antal perioder, hvor "+field+" er udfyldt på en ansættelse: %d. orgit har ikke plads til det felt; det er ikke taget med.")
		}
	}
	return state
}

// million is full time: OS2mo counts fractions in parts per million.
const million = 1_000_000

func (a *assembly) fraction(at source.Origin, parts *int64) float64 {
	switch {
	case parts == nil || *parts == 0:
		return 0
	case *parts < 0 || *parts > million:
		a.notes.add(at, doubtFraction, "Beskæftigelsesgraden er ikke mellem 0 og 1. Den er udeladt.")
		return 0
	}
	return float64(*parts) / million
}

// unitID gives the ID of a unit; "" with a note where OS2mo does not have it.
func (a *assembly) unitID(at source.Origin, r *ref) string {
	if a.units[r.id()] == nil {
		a.dangling(at, "Der henvises til en enhed, som ikke findes i OS2mo. Det er taget med uden enhed.")
		return ""
	}
	return string(r.UUID)
}

// readLeaves adds leaves to engagements. What kind of leave it is, is not read: the reason is
// nobody's business here.
func (a *assembly) readLeaves(r *register) {
	taken := map[string]bool{}
	for _, o := range r.leaves {
		at := origin("leaves", "leave", o.UUID)
		for _, s := range take(a, at, o) {
			d := a.engagements[s.Value.Engagement.id()]
			if d == nil {
				a.dangling(at, "Orloven hører til en ansættelse, som ikke findes i OS2mo. Den er udeladt.")
				continue
			}
			key := d.ID + " " + string(s.From) + " " + string(s.To)
			if taken[key] {
				a.notes.add(at, doubtLeave, "Ansættelsen har to orlover i samme periode. Kun den ene er taget med.")
				continue
			}
			taken[key] = true
			d.Leaves = append(d.Leaves, source.Leave{Period: s.Period, Origin: at, UUID: org.UUID(o.UUID)})
		}
	}
	for _, d := range a.engagements {
		slices.SortFunc(d.Leaves, func(a, b source.Leave) int {
			return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.UUID, b.UUID))
		})
	}
}
