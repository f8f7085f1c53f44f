package os2mo

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// unitDraft is a unit while others add to it.
type unitDraft struct {
	source.Unit
	overlays []ranked[source.UnitState]
}

// ranked is an overlay with its place among those of the same object.
type ranked[S any] struct {
	overlay[S]
	rank int
	by   id
}

func inOrder[S any](list []ranked[S]) []overlay[S] {
	slices.SortStableFunc(list, func(a, b ranked[S]) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.by, b.by), cmp.Compare(a.From, b.From))
	})
	out := make([]overlay[S], len(list))
	for i, r := range list {
		out[i] = r.overlay
	}
	return out
}

func unitPeriod(s *source.UnitState) *org.Period { return &s.Period }

func (a *assembly) readUnits(r *register) {
	a.units = map[id]*unitDraft{}
	known := map[id]bool{}
	for _, o := range r.units {
		known[o.UUID] = len(*o.Validities) > 0
	}
	for _, o := range r.units {
		at := origin("org_units", "unit", o.UUID)
		list := take(a, at, o)
		if len(list) == 0 {
			continue
		}
		d := &unitDraft{Unit: source.Unit{ID: string(o.UUID), UUID: org.UUID(o.UUID), Origin: at}}
		for _, s := range list {
			d.States = append(d.States, a.unitState(at, s, known))
		}
		a.units[o.UUID] = d
	}
}

func (a *assembly) unitState(at source.Origin, s span[unit], known map[id]bool) source.UnitState {
	u := s.Value
	state := source.UnitState{
		Period: s.Period, Name: a.text(at, u.Name), Code: a.key(at, u.UserKey), Parent: string(u.Parent.id()),
		Type: a.classID(at, u.Type, facetUnitType), Level: a.className(at, u.Level, facetUnitLevel),
	}
	if state.Name == "" {
		a.notes.add(at, doubtNothingStated, "Enheden har intet navn, som kan bruges.")
	}
	if u.Parent != nil && !known[u.Parent.UUID] {
		a.dangling(at, "Enhedens overenhed findes ikke i OS2mo. Enheden er taget med som en øverste enhed.")
		state.Parent = ""
	}
	if u.Hierarchy != nil {
		a.notes.count("org_units", noHierarchy, "Antal perioder, hvor en enhed er opmærket med et hierarki (linjeorganisation o.l.), som orgit ikke har plads til: %d.")
	}
	if u.Time != nil {
		a.notes.count("org_units", noTime, "Antal perioder, hvor en enhed har en tidsregistrering, som orgit ikke har plads til: %d.")
	}
	return state
}

// overUnit lets another object say something about a unit in a period.
func (a *assembly) overUnit(at source.Origin, target id, by id, rank int, p org.Period, put func(*source.UnitState)) {
	d := a.units[target]
	if d == nil {
		a.dangling(at, "Der henvises til en enhed, som ikke findes i OS2mo. Det er udeladt.")
		return
	}
	if !slices.ContainsFunc(d.States, func(s source.UnitState) bool { _, ok := s.Overlap(p); return ok }) {
		a.notes.add(at, doubtOutside, "Det gælder kun i en tid, hvor enheden ikke findes. Det er udeladt.")
		return
	}
	d.overlays = append(d.overlays, ranked[source.UnitState]{overlay[source.UnitState]{p, put}, rank, by})
}

var kleShape = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?$`)

// readTasks reads the KLE marks of units.
func (a *assembly) readTasks(r *register) {
	for _, o := range r.kles {
		at := origin("kles", "kle", o.UUID)
		for _, s := range take(a, at, o) {
			number, _, ok := a.class(at, s.Value.Number, facetKLENumber)
			if !ok {
				continue
			}
			if !kleShape.MatchString(number.key) {
				a.notes.add(at, doubtKLE, "„%s“ er ikke et KLE-nummer. Opmærkningen er udeladt.", number.key)
				continue
			}
			for _, aspect := range s.Value.Aspects.ids {
				a.readTask(at, o.UUID, s, number.key, aspect)
			}
		}
	}
}

func (a *assembly) readTask(at source.Origin, by id, s span[kle], number string, aspect id) {
	info, _, ok := a.class(at, &ref{aspect}, facetKLEAspect)
	if !ok {
		return
	}
	role := aspectRole(info)
	if role == "" {
		a.notes.add(at, doubtKLE, "Aspektet „%s“ er hverken Ansvarlig, Udførende eller Indsigt. Opmærkningen er udeladt.", info.name)
		return
	}
	a.overUnit(at, s.Value.Unit.id(), by, 0, s.Period, func(state *source.UnitState) {
		if state.Tasks == nil {
			state.Tasks = map[string][]string{}
		}
		state.Tasks[role] = with(state.Tasks[role], number)
	})
}

// aspectRole gives the schema's name of an aspect.
func aspectRole(c classInfo) string {
	words := c.words()
	switch {
	case strings.Contains(words, "ansvar"):
		return "responsible"
	case strings.Contains(words, "udf"):
		return "performing"
	case strings.Contains(words, "indsigt"):
		return "informed"
	}
	return ""
}

// with adds a text to a sorted list, once.
func with(list []string, text string) []string {
	at, found := slices.BinarySearch(list, text)
	if found {
		return list
	}
	return slices.Insert(slices.Clone(list), at, text)
}

// readRelated reads which units are tied to each other.
func (a *assembly) readRelated(r *register) {
	for _, o := range r.related {
		at := origin("related_units", "related_unit", o.UUID)
		for _, s := range take(a, at, o) {
			pair := slices.Compact(slices.Sorted(slices.Values(s.Value.Units.ids)))
			if len(pair) != 2 {
				a.notes.add(at, doubtRelatedNumber, "En sammenkobling er mellem %d enheder og ikke to. Den er udeladt.", len(pair))
				continue
			}
			if a.units[pair[0]] == nil || a.units[pair[1]] == nil {
				a.dangling(at, "En sammenkobling henviser til en enhed, som ikke findes i OS2mo. Den er udeladt.")
				continue
			}
			for i, one := range pair {
				other := string(pair[1-i])
				a.overUnit(at, one, o.UUID, 0, s.Period, func(state *source.UnitState) { state.Related = with(state.Related, other) })
			}
		}
	}
}

func (a *assembly) finishUnits(r *register) []source.Unit {
	var list []source.Unit
	for _, o := range r.units {
		d := a.units[o.UUID]
		if d == nil {
			continue
		}
		d.States = join(lay(d.States, unitPeriod, inOrder(d.overlays)), unitPeriod)
		list = append(list, d.Unit)
	}
	return list
}
