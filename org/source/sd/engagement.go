package sd

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// inForce gives the periods in which an employment is in force, in order and without gaps
// between those that follow each other.
func (e *employment) inForce() []org.Period {
	if e.deleted || len(e.status) == 0 {
		return nil
	}
	var periods []org.Period
	if first := e.status[0].From; e.since != "" && e.since < first {
		periods = append(periods, org.Period{From: e.since, To: first.Add(-1)})
	}
	for i, s := range e.status {
		if !inForce(s.value) {
			continue
		}
		if i == len(e.status)-1 {
			s.To = "" // an end is said by a status, never by silence
		}
		periods = append(periods, s.Period)
	}
	return runs(periods)
}

// engagement makes an engagement of an employment: a state for each time in which its unit,
// title and working time are the same.
func (r *reader) engagement(e *employment) source.Engagement {
	made := source.Engagement{ID: e.id, Institution: e.institution, Number: e.number, Origin: e.origin, Annulled: e.deleted}
	if e.deleted {
		return made
	}
	r.checkStatus(e)
	for _, s := range e.status {
		if s.value == "3" {
			made.Leaves = append(made.Leaves, source.Leave{Period: s.Period, Origin: e.origin})
		}
	}
	for _, period := range e.inForce() {
		made.States = append(made.States, r.states(e, period)...)
	}
	r.checkPlaces(e, made.States)
	return made
}

func (r *reader) states(e *employment, period org.Period) []source.EngagementState {
	days := changes([]org.Day{period.From}, e.unit, period)
	days = changes(days, e.title, period)
	days = changes(days, e.time, period)
	slices.Sort(days)
	days = slices.Compact(days)
	var states []source.EngagementState
	for i, day := range days {
		s := r.state(e, day)
		s.Period = org.Period{From: day, To: period.To}
		if i+1 < len(days) {
			s.To = days[i+1].Add(-1)
		}
		if n := len(states); n > 0 && same(states[n-1], s) {
			states[n-1].To = s.To
			continue
		}
		states = append(states, s)
	}
	return states
}

// state is what is so on a day.
func (r *reader) state(e *employment, day org.Day) source.EngagementState {
	title, time := on(e.title, day), on(e.time, day)
	return source.EngagementState{
		Unit: string(on(e.unit, day)), Title: cmp.Or(title.name, r.titles[title.code]), TitleCode: title.code,
		Type: time.kind, Fraction: time.fraction,
	}
}

func same(a, b source.EngagementState) bool {
	a.Period = b.Period
	return a == b
}

// checkStatus notes where SD does not say whether somebody is employed.
func (r *reader) checkStatus(e *employment) {
	if len(e.status) == 0 {
		r.notes.Add(e.origin, NoteStatus, "SD siger ikke, om ansættelsen er i kraft.")
		return
	}
	if last := e.status[len(e.status)-1]; inForce(last.value) && last.To != "" {
		r.notes.Add(e.origin, NoteStatus, "SD siger ikke, hvad der sker efter %s. Ansættelsen er regnet for at fortsætte.", last.To)
	}
	for i := range e.status[1:] {
		if before, after := e.status[i], e.status[i+1]; before.To != "" && before.To.Add(1) < after.From {
			r.notes.Add(e.origin, NoteStatus, "SD siger ikke, om ansættelsen er i kraft fra %s til %s.", before.To.Add(1), after.From.Add(-1))
		}
	}
}

// checkPlaces notes units, of the day or later, that are not there, and titles without a name.
func (r *reader) checkPlaces(e *employment, states []source.EngagementState) {
	for _, s := range states {
		if s.Ended(r.o.Day) {
			continue
		}
		id := org.UUID(s.Unit)
		switch unit := r.units.byID[id]; {
		case r.units.skipped[id]:
			r.notes.Add(e.origin, NoteSkippedUnit, "Ansættelsen er i en enhed, som opsætningen udelader.")
		case unit == nil:
			r.notes.Add(e.origin, payroll.NoteUnknownUnit, "Ansættelsen er i en enhed, der ikke findes, fra %s.", max(s.From, r.o.Day))
		case !unit.covers(max(s.From, r.o.Day)):
			r.notes.Add(e.origin, payroll.NoteUnitDays, "Ansættelsen er i en enhed, der ikke findes den %s.", max(s.From, r.o.Day))
		}
		if s.Title == "" {
			r.notes.Add(e.origin, NoteTitle, "Stillingen har ingen betegnelse, hverken på ansættelsen eller i listen over stillinger (kode %s).", cmp.Or(s.TitleCode, "ikke angivet"))
		}
	}
}

func (d *department) covers(day org.Day) bool {
	return slices.ContainsFunc(d.states, func(s span[source.UnitState]) bool { return s.Contains(day) })
}
