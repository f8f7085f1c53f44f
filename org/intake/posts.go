package intake

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

// post is an engagement or association as it is written.
type post struct {
	id          string // source and ID in it
	from        org.Day
	places      []place // where it is, at any time
	association bool
	fields      edit.Struct
}

// place is a unit (in Town.Units) in which something is from a day on.
type place struct {
	unit int
	from org.Day
}

// posts are somebody's engagements and associations that are taken, the oldest first. They
// come from the first register that says any of the kind: two registers say the same ones.
func (l *load) posts(i int) []post {
	if l.postsOf[i] != nil {
		return l.postsOf[i]
	}
	c := l.town.People[i]
	var list []post
	for _, kind := range []string{"hire", "association"} {
		found, _, _ := decide(l, c, kind, func(x *source.Extract, at int) ([]post, bool) {
			var found []post
			says := x.Says.Engagements
			if kind == "hire" {
				found = l.engagements(x, x.People[at])
			} else {
				says, found = x.Says.Associations, l.associations(x, x.People[at])
			}
			return found, says && len(found) > 0
		})
		slices.SortStableFunc(found, func(a, b post) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id)) })
		list = append(list, found...)
	}
	if list == nil {
		list = []post{}
	}
	l.postsOf[i] = list
	return list
}

// engagements are those of a record. Where one stops and begins anew there are two: an
// engagement has no gaps.
func (l *load) engagements(x *source.Extract, p source.Person) []post {
	var list []post
	for _, e := range p.Engagements {
		if e.Annulled || e.EndsOnly() {
			continue
		}
		for n, run := range runs(e.States, func(s source.EngagementState) org.Period { return s.Period }) {
			if whole := source.Whole(run); whole.To != "" && whole.To < l.opts.Since {
				continue
			}
			if n > 0 {
				e.UUID = "" // an identity is one thing's
			}
			if fields := l.engagement(x, e, run); fields != nil {
				list = append(list, post{id: x.Source + "\x00" + e.ID, from: run[0].From, places: l.places(x, run), fields: fields})
			}
		}
	}
	return list
}

// places are the units in which an engagement is at any time.
func (l *load) places(x *source.Extract, states []source.EngagementState) (list []place) {
	for _, s := range states {
		if i, ok := l.unitOf[[2]string{x.Source, s.Unit}]; ok {
			list = append(list, place{i, s.From})
		}
	}
	return list
}

// runs are the states of something without the gaps between them.
func runs[T any](states []T, at func(T) org.Period) (list [][]T) {
	for i, s := range states {
		if i == 0 || at(states[i-1]).To.Add(1) != at(s).From {
			list = append(list, nil)
		}
		last := len(list) - 1
		list[last] = append(list[last], s)
	}
	return list
}

func (l *load) engagement(x *source.Extract, e source.Engagement, states []source.EngagementState) edit.Struct {
	first := states[0]
	unit, ok := l.unitKey(x, first.Unit)
	if !ok {
		l.finding(NoUnit, e.Origin, e.Number, "Ansættelsen står i en enhed, som ingen af registrene kender. Den er ikke taget med.")
		return nil
	}
	fields := edit.Struct{}
	if e.UUID != "" {
		fields = append(fields, edit.Field{Name: "uuid", Value: string(e.UUID)})
	}
	fields = append(fields, edit.Field{Name: "unit", Value: unit}, edit.Field{Name: "title", Value: l.title(x, first)}, edit.Field{Name: "type", Value: l.engagementType(x, first)})
	if f := fraction(first.Fraction); f > 0 {
		fields = append(fields, edit.Field{Name: "fraction", Value: f})
	}
	if first.Primary {
		fields = append(fields, edit.Field{Name: "primary", Value: true})
	}
	fields = append(fields, edit.Field{Name: "from", Value: string(l.since(first.From))})
	if to := states[len(states)-1].To; to != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(to)})
	}
	if e.Number != "" {
		payroll := edit.Struct{{Name: "system", Value: x.Source}}
		if e.Institution != "" {
			payroll = append(payroll, edit.Field{Name: "institution", Value: e.Institution})
		}
		fields = append(fields, edit.Field{Name: "payroll", Value: append(payroll, edit.Field{Name: "number", Value: e.Number})})
	}
	whole := source.Whole(states)
	if leaves := leavesWithin(e.Leaves, whole, l.opts.Since); len(leaves) > 0 {
		fields = append(fields, edit.Field{Name: "leaves", Value: leaves})
	}
	if on := l.engagementLater(x, states); len(on) > 0 {
		fields = append(fields, edit.Field{Name: "on", Value: on})
	}
	return fields
}

func (l *load) unitKey(x *source.Extract, id string) (string, bool) {
	at, ok := l.unitOf[[2]string{x.Source, id}]
	if !ok {
		return "", false
	}
	return l.units[at].key, true
}

func (l *load) title(x *source.Extract, s source.EngagementState) string {
	return l.classes.of(titleList(), x, s.TitleCode, s.Title, "Medarbejder")
}

func (l *load) engagementType(x *source.Extract, s source.EngagementState) string {
	return l.classes.of(engagementList(), x, s.Type, cmp.Or(className(x, source.ClassEngagementType, s.Type), s.Type), "Ansat")
}

// fraction rounds a fraction of full time to what payroll systems have, four decimals, and
// leaves out what is none.
func fraction(f float64) float64 {
	if f <= 0 || f > 1 || math.IsNaN(f) {
		return 0
	}
	return math.Round(f*10000) / 10000
}

// part is a fraction as a text: empty where there is none.
func part(f float64) string {
	if f = fraction(f); f == 0 {
		return ""
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// engagementLater are the amendments of an engagement: what each later state says otherwise.
func (l *load) engagementLater(x *source.Extract, states []source.EngagementState) edit.Struct {
	var on edit.Struct
	for i := 1; i < len(states); i++ {
		before, now := states[i-1], states[i]
		var changed edit.Struct
		set := func(name string, was, is any) {
			if was != is {
				changed = append(changed, edit.Field{Name: name, Value: is})
			}
		}
		if unit, ok := l.unitKey(x, now.Unit); ok && now.Unit != before.Unit {
			set("unit", "", unit)
		}
		set("title", l.title(x, before), l.title(x, now))
		set("type", l.engagementType(x, before), l.engagementType(x, now))
		switch a, b := fraction(before.Fraction), fraction(now.Fraction); {
		case a == b:
		case b == 0:
			changed = append(changed, edit.Field{Name: "fraction"})
		default:
			set("fraction", a, b)
		}
		set("primary", before.Primary, now.Primary)
		if len(changed) > 0 {
			on = append(on, edit.Field{Name: string(now.From), Value: changed})
		}
	}
	return on
}

// leavesWithin are the leaves that lie in the time of an engagement.
func leavesWithin(leaves []source.Leave, whole org.Period, since org.Day) edit.Struct {
	var fields edit.Struct
	for _, leave := range leaves {
		shared, ok := leave.Period.Overlap(whole)
		if !ok || shared.To != "" && shared.To < since {
			continue
		}
		s := edit.Struct{{Name: "from", Value: string(shared.From)}}
		if shared.To != "" && leave.To != "" {
			s = append(s, edit.Field{Name: "to", Value: string(shared.To)})
		}
		fields = append(fields, edit.Field{Name: letterKey(len(fields)), Value: s})
	}
	return fields
}

// associations are the unpaid ties of a record. As of engagements there are two where one stops and begins anew.
func (l *load) associations(x *source.Extract, p source.Person) []post {
	var list []post
	for _, a := range p.Associations {
		for n, run := range runs(a.States, func(s source.AssociationState) org.Period { return s.Period }) {
			if whole := source.Whole(run); whole.To != "" && whole.To < l.opts.Since {
				continue
			}
			if _, ok := l.unitKey(x, run[0].Unit); !ok {
				l.finding(NoUnit, a.Origin, "", "Tilknytningen står i en enhed, som ingen af registrene kender. Den er ikke taget med.")
				continue
			}
			uuid := a.UUID
			if n > 0 {
				uuid = "" // an identity is one thing's
			}
			made := post{id: x.Source + "\x00" + a.ID, from: run[0].From, association: true, fields: l.association(x, uuid, run)}
			for _, s := range run {
				if i, ok := l.unitOf[[2]string{x.Source, s.Unit}]; ok {
					made.places = append(made.places, place{i, s.From})
				}
			}
			list = append(list, made)
		}
	}
	return list
}

func (l *load) association(x *source.Extract, uuid org.UUID, states []source.AssociationState) edit.Struct {
	first, last := states[0], states[len(states)-1]
	fields := edit.Struct{}
	if uuid != "" {
		fields = append(fields, edit.Field{Name: "uuid", Value: string(uuid)})
	}
	unit, _ := l.unitKey(x, first.Unit)
	fields = append(fields, edit.Field{Name: "unit", Value: unit}, edit.Field{Name: "type", Value: l.associationType(x, first)})
	if first.Title != "" {
		fields = append(fields, edit.Field{Name: "title", Value: first.Title})
	}
	fields = append(fields, edit.Field{Name: "from", Value: string(l.since(first.From))})
	if last.To != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(last.To)})
	}
	var on edit.Struct
	for i := 1; i < len(states); i++ {
		before, now := states[i-1], states[i]
		var changed edit.Struct
		if unit, ok := l.unitKey(x, now.Unit); ok && now.Unit != before.Unit {
			changed = append(changed, edit.Field{Name: "unit", Value: unit})
		}
		if a, b := l.associationType(x, before), l.associationType(x, now); a != b {
			changed = append(changed, edit.Field{Name: "type", Value: b})
		}
		if now.Title != before.Title {
			changed = append(changed, optional("title", now.Title, now.Title == ""))
		}
		if len(changed) > 0 {
			on = append(on, edit.Field{Name: string(now.From), Value: changed})
		}
	}
	if len(on) > 0 {
		fields = append(fields, edit.Field{Name: "on", Value: on})
	}
	return fields
}

func (l *load) associationType(x *source.Extract, s source.AssociationState) string {
	return l.classes.of(associationList(), x, s.Type, cmp.Or(className(x, source.ClassAssociationType, s.Type), s.Type), "Tilknyttet")
}
