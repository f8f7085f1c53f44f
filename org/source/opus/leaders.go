package opus

import (
	"cmp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
)

// leaders finds who leads each unit: those who are leaders in their own unit and whose
// employment is not over. OPUS does not say since when, so a leadership has no first day
// unless the employment is still to come.
func (f *file) leaders(people []source.Person) []source.Leadership {
	person := map[string]string{} // by engagement
	for _, p := range people {
		for _, e := range p.Engagements {
			person[e.ID] = p.ID
		}
	}
	units := map[string][]row{}
	for _, r := range f.rows {
		if _, left := f.left[r.id]; r.leads && r.dated && !left && r.job.Unit != "" && !r.period.Ended(f.day) {
			units[r.job.Unit] = append(units[r.job.Unit], r)
		}
	}
	var leaders []source.Leadership
	for unit, rows := range units {
		for _, r := range f.leading(unit, rows) {
			leaders = append(leaders, source.Leadership{ID: unit + ":" + r.id, Origin: r.origin, States: []source.LeadershipState{{
				Period: f.leads(r), Unit: unit, Person: person[r.id], Engagement: r.id, Level: r.level,
			}}})
		}
	}
	return leaders
}

// leading leaves out who leads a unit at the same time as somebody of a lower level.
func (f *file) leading(unit string, rows []row) []row {
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(superior(a), superior(b)), payroll.CompareNumbers(a.id, b.id))
	})
	var chosen []row
	for _, r := range rows {
		i := slices.IndexFunc(chosen, func(other row) bool {
			_, both := other.period.Overlap(r.period)
			return both
		})
		if i < 0 {
			chosen = append(chosen, r)
			continue
		}
		f.notes.Add(r.origin, NoteLeaders, "Både %s og %s er ledere i enheden %s. Den med det laveste lederniveau er brugt (%s).", chosen[i].id, r.id, unit, chosen[i].id)
	}
	return chosen
}

func (f *file) leads(r row) org.Period {
	if r.period.Begins(f.day) {
		return r.period
	}
	return org.Period{To: r.period.To}
}

// superior is the level for comparing; who has none comes last.
func superior(r row) int {
	text, _, _ := strings.Cut(r.level, ".")
	if text == "" {
		return 1 << 30
	}
	n := 0
	for _, digit := range text {
		n = n*10 + int(digit-'0')
	}
	return n
}
