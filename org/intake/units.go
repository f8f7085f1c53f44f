package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

// findRoot tells which unit is the repository's root: the only one that the leading register
// has above all others, else the one that is called as the municipality.
func (l *load) findRoot() {
	var roots []int
	for i, c := range l.town.Units {
		if c[0].Extract == 0 && l.parent(i) < 0 {
			roots = append(roots, i)
		}
	}
	if len(roots) > 1 {
		roots = slices.DeleteFunc(roots, func(i int) bool {
			x := l.town.Extracts[0]
			s, ok := source.Near(x.Units[l.town.Units[i][0].Index].States, l.opts.Day)
			return !ok || !strings.EqualFold(s.Name, l.org.Settings.Name)
		})
	}
	if len(roots) != 1 {
		return
	}
	u := &l.units[roots[0]]
	u.root, u.key = true, l.org.Units[0].Key
}

// parent gives the unit above, as the first register says that has the unit and knows a tree: -1 where that has none above it.
func (l *load) parent(i int) int {
	above, _, ok := decide(l, l.town.Units[i], "unitPlace", func(x *source.Extract, at int) (int, bool) {
		s, ok := source.Near(x.Units[at].States, l.opts.Day)
		if !ok || !x.Says.Tree {
			return -1, false
		}
		if above, known := l.unitOf[[2]string{x.Source, s.Parent}]; known && above != i {
			return above, true
		}
		return -1, true
	})
	if !ok {
		return -1
	}
	return above
}

// chooseUnits leaves units out that neither the leading register has, nor one that owns what units are called or where they
// stand, unless something that is taken is in or below them: whether they are units, people have to say.
func (l *load) chooseUnits() {
	needed := map[int]bool{}
	var need func(i int)
	need = func(i int) {
		if i >= 0 && !needed[i] {
			needed[i] = true
			need(l.parent(i))
		}
	}
	for i, c := range l.town.Units {
		if slices.ContainsFunc(c, func(r Record) bool {
			return r.Extract == 0 || l.town.WantedUnits[r] || l.owns(r, "unitName") || l.owns(r, "unitPlace")
		}) {
			need(i)
		}
	}
	for i := range l.town.People {
		if l.people[i].skipped {
			continue
		}
		for _, p := range l.posts(i) {
			for _, at := range p.places {
				need(at.unit)
				l.begin(at.unit, at.from)
			}
		}
	}
	for i, c := range l.town.Units {
		u := &l.units[i]
		if u.skipped = !needed[i]; u.skipped {
			l.finding(OnlyThere, l.town.Extracts[c[0].Extract].Units[c[0].Index].Origin, u.name, "Enheden findes kun i dette register, som ikke bestemmer over enheder, og ingen arbejder i den. Den er ikke taget med.")
		}
	}
}

// begin lets a unit, and those above it, begin no later than somebody's work in it: payroll knows when it gave a unit its
// number, and not always how long there has been one.
func (l *load) begin(i int, from org.Day) {
	for seen := map[int]bool{}; i >= 0 && !seen[i]; i = l.parent(i) {
		seen[i] = true
		if u := &l.units[i]; u.worked == "" || l.since(from) < u.worked {
			u.worked = l.since(from)
		}
	}
}

// from is the first day of a unit: the register's, or an earlier one on which somebody worked there.
func (l *load) from(i int, states []source.UnitState, at source.Origin) org.Day {
	u, from := l.units[i], l.since(states[0].From)
	if u.worked == "" || u.worked >= from {
		return from
	}
	l.finding(Earlier, at, u.name, fmt.Sprintf("Enheden begynder den %s i registret, men nogen har arbejdet i den siden %s. Her begynder den på den tidligste af de to dage.",
		change.Day(from, change.Danish), change.Day(u.worked, change.Danish)))
	return u.worked
}

// owns reports whether the register of a record decides about a field.
func (l *load) owns(r Record, field string) bool {
	return slices.Contains(l.org.Settings.Sources[l.town.Extracts[r.Extract].Source].Owns, field)
}

// writeUnits writes every unit that has not ended before the time that is taken.
func (l *load) writeUnits() error {
	for i := range l.town.Units {
		if err := l.writeUnit(i); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) writeUnit(i int) error {
	u := l.units[i]
	if u.skipped {
		return nil
	}
	fields, err := l.unitFields(i)
	if err != nil || fields == nil {
		return err
	}
	if !u.root {
		return l.files.Add("units", u.key, fields)
	}
	for _, f := range fields {
		switch f.Name {
		case "name", "from", "to", "parent", "type", "on":
			continue // the root stands as long as the municipality, and is called as it is
		}
		if err := l.files.Set(f.Value, "units", u.key, f.Name); err != nil {
			return err
		}
	}
	return nil
}

// unitFields are the fields of a unit; nil when it is not taken.
func (l *load) unitFields(i int) (edit.Struct, error) {
	u, c := l.units[i], l.town.Units[i]
	states, from, ok := decide(l, c, "unitName", func(x *source.Extract, at int) ([]source.UnitState, bool) {
		return x.Units[at].States, len(x.Units[at].States) > 0
	})
	if !ok {
		return nil, nil
	}
	x, at := l.town.Extracts[from], l.record(c, from)
	period := source.Whole(states)
	if period.To != "" && period.To < l.opts.Since {
		return nil, nil
	}
	if hasGap(states) {
		l.finding(Gap, x.Units[at].Origin, u.name, "Enheden er i registret ophørt en tid og kommet igen. Her er den sat til at findes hele tiden.")
	}
	first := states[0]
	fields := edit.Struct{{Name: "uuid", Value: string(u.uuid)}, {Name: "name", Value: firstOf(first.Name, u.name)}}
	if first.ShortName != "" && first.ShortName != first.Name {
		fields = append(fields, edit.Field{Name: "shortName", Value: first.ShortName})
	}
	fields = append(fields, edit.Field{Name: "parent", Value: l.parentKey(i)},
		edit.Field{Name: "type", Value: l.unitType(x, first)}, edit.Field{Name: "from", Value: string(l.from(i, states, x.Units[at].Origin))})
	if period.To != "" {
		fields = append(fields, edit.Field{Name: "to", Value: string(period.To)})
	}
	if next, ok := l.unitKey(x, x.Units[at].Successor); ok && period.To != "" {
		fields = append(fields, edit.Field{Name: "successor", Value: next})
	}
	fields = append(fields, l.unitExtras(c, x, first)...)
	if managers := l.managers(i); len(managers) > 0 {
		fields = append(fields, edit.Field{Name: "managers", Value: managers})
	}
	if on := l.unitLater(x, states); len(on) > 0 {
		fields = append(fields, edit.Field{Name: "on", Value: on})
	}
	return fields, nil
}

// record is the place of an extract's record in a cluster that has one.
func (l *load) record(c Cluster, extract int) int {
	for _, r := range c {
		if r.Extract == extract {
			return r.Index
		}
	}
	return -1
}

// since gives a first day; a register that says none has had it as long as the municipality.
func (l *load) since(from org.Day) org.Day {
	if root := l.org.Units[0].From; from == "" || from < root {
		return root
	}
	return from
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func (l *load) parentKey(i int) string {
	if above := l.parent(i); above >= 0 {
		return l.units[above].key
	}
	c := l.town.Units[i]
	if x := l.town.Extracts[c[0].Extract]; !l.units[i].root {
		l.finding(SeveralRoots, x.Units[c[0].Index].Origin, l.units[i].name, "Enheden har ingen overenhed i registrene. Her er den sat lige under kommunen.")
	}
	return l.org.Units[0].Key
}

func (l *load) unitType(x *source.Extract, s source.UnitState) string {
	return l.classes.of(unitTypeList(), x, s.Type, firstOf(className(x, source.ClassUnitType, s.Type), s.Type, s.Level), "Enhed")
}

// unitExtras are what a unit has beside its name and place: codes, numbers, addresses, tasks.
func (l *load) unitExtras(c Cluster, x *source.Extract, first source.UnitState) edit.Struct {
	var fields edit.Struct
	codes := map[string]string{}
	for _, r := range c {
		if of := l.town.Extracts[r.Extract]; isPayroll(l.org, of.Source) {
			u := of.Units[r.Index]
			s, _ := source.Near(u.States, l.opts.Day)
			codes[of.Source] = firstOf(s.Code, u.ID)
		}
	}
	var known edit.Struct
	for _, src := range slices.Sorted(maps.Keys(codes)) {
		known = append(known, edit.Field{Name: src, Value: []string{codes[src]}})
	}
	if len(known) > 0 {
		fields = append(fields, edit.Field{Name: "sources", Value: known})
	}
	if numbers := textFields(first.Numbers); len(numbers) > 0 {
		fields = append(fields, edit.Field{Name: "numbers", Value: numbers})
	}
	if addresses := textFields(first.Addresses); len(addresses) > 0 {
		fields = append(fields, edit.Field{Name: "addresses", Value: addresses})
	}
	if hidden := slices.DeleteFunc(slices.Clone(first.Hidden), func(role string) bool { return first.Addresses[role] == "" }); len(hidden) > 0 {
		slices.Sort(hidden)
		fields = append(fields, edit.Field{Name: "internal", Value: hidden})
	}
	var tasks edit.Struct
	for _, aspect := range org.TaskAspects() {
		if list := slices.Compact(slices.Sorted(slices.Values(first.Tasks[aspect]))); len(list) > 0 {
			tasks = append(tasks, edit.Field{Name: aspect, Value: list})
		}
	}
	if len(tasks) > 0 {
		fields = append(fields, edit.Field{Name: "kle", Value: tasks})
	}
	return fields
}

// isPayroll reports whether a source is a payroll system: its codes of units are kept, so that
// what it says later finds its place.
func isPayroll(o *org.Organisation, src string) bool {
	kind := o.Settings.Sources[src].Kind
	return kind == "opus" || kind == "sd" || kind == "" && (src == "opus" || src == "sd")
}

// unitLater are the amendments of a unit: what each later state says otherwise.
func (l *load) unitLater(x *source.Extract, states []source.UnitState) edit.Struct {
	var on edit.Struct
	for i := 1; i < len(states); i++ {
		before, now := states[i-1], states[i]
		var changed edit.Struct
		if now.Name != before.Name && now.Name != "" {
			changed = append(changed, edit.Field{Name: "name", Value: now.Name})
		}
		if now.Parent != before.Parent {
			if above, ok := l.unitOf[[2]string{x.Source, now.Parent}]; ok {
				changed = append(changed, edit.Field{Name: "parent", Value: l.units[above].key})
			}
		}
		if a, b := l.unitType(x, before), l.unitType(x, now); a != b {
			changed = append(changed, edit.Field{Name: "type", Value: b})
		}
		for name, pair := range map[string][2]map[string]string{"numbers": {before.Numbers, now.Numbers}, "addresses": {before.Addresses, now.Addresses}} {
			if diff := changedTexts(pair[0], pair[1]); len(diff) > 0 {
				changed = append(changed, edit.Field{Name: name, Value: diff})
			}
		}
		slices.SortStableFunc(changed, func(a, b edit.Field) int { return strings.Compare(a.Name, b.Name) })
		if len(changed) > 0 {
			on = append(on, edit.Field{Name: string(now.From), Value: changed})
		}
	}
	return on
}

func hasGap(states []source.UnitState) bool {
	for i := 1; i < len(states); i++ {
		if states[i].From != states[i-1].To.Add(1) {
			return true
		}
	}
	return false
}

// textFields are texts by name, in order, without those that are empty.
func textFields(m map[string]string) edit.Struct {
	var fields edit.Struct
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if m[name] != "" {
			fields = append(fields, edit.Field{Name: name, Value: m[name]})
		}
	}
	return fields
}

// changedTexts are the texts that differ; those that are gone are null.
func changedTexts(before, now map[string]string) edit.Struct {
	var fields edit.Struct
	names := map[string]bool{}
	for _, m := range []map[string]string{before, now} {
		for name := range m {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch {
		case before[name] == now[name]:
		case now[name] == "":
			fields = append(fields, edit.Field{Name: name})
		default:
			fields = append(fields, edit.Field{Name: name, Value: now[name]})
		}
	}
	return fields
}
