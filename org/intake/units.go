package intake

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

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
	if period.To != "" && period.To < l.opts.Since && !u.used {
		return nil, nil
	}
	if hasGap(states) {
		l.finding(Gap, x.Units[at].Origin, u.name, "Enheden er i registret ophørt en tid og kommet igen. Her er den sat til at findes hele tiden.")
	}
	first := states[0]
	fields := edit.Struct{{Name: "uuid", Value: string(u.uuid)}, {Name: "name", Value: cmp.Or(first.Name, u.name)}}
	if first.ShortName != "" && first.ShortName != first.Name {
		fields = append(fields, edit.Field{Name: "shortName", Value: first.ShortName})
	}
	parent := l.parentKey(i)
	placer, _ := l.placedBy(i)
	if placer == x {
		parent = l.aboveIn(x, i, first)
	}
	fields = append(fields, edit.Field{Name: "parent", Value: parent},
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
	if on := l.unitLater(x, i, states, placer == x); len(on) > 0 {
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

func (l *load) parentKey(i int) string {
	if above := l.parent(i); above >= 0 {
		return l.units[above].key
	}
	c := l.town.Units[i]
	if x := l.town.Extracts[c[0].Extract]; !l.units[i].root && !l.units[i].cut {
		l.finding(SeveralRoots, x.Units[c[0].Index].Origin, l.units[i].name, "Enheden har ingen overenhed i registrene. Her er den sat lige under kommunen.")
	}
	return l.org.Units[0].Key
}

func (l *load) unitType(x *source.Extract, s source.UnitState) string {
	return l.classes.of(unitTypeList(), x, s.Type, cmp.Or(className(x, source.ClassUnitType, s.Type), s.Type, s.Level), "Enhed")
}

// unitExtras are what a unit has beside its name and place: codes, numbers, addresses, tasks.
func (l *load) unitExtras(c Cluster, x *source.Extract, first source.UnitState) edit.Struct {
	var fields edit.Struct
	codes := map[string]string{}
	for _, r := range c {
		if of := l.town.Extracts[r.Extract]; isPayroll(l.org, of.Source) {
			u := of.Units[r.Index]
			s, _ := source.Near(u.States, l.opts.Day)
			codes[of.Source] = cmp.Or(s.Code, u.ID)
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
	if list := hidden(first); len(list) > 0 {
		fields = append(fields, edit.Field{Name: "internal", Value: list})
	}
	if list := tasks(first); len(list) > 0 {
		fields = append(fields, edit.Field{Name: "kle", Value: list})
	}
	if list := l.related(x, first); len(list) > 0 {
		fields = append(fields, edit.Field{Name: "related", Value: list})
	}
	return fields
}

// hidden are the roles of the addresses that a unit has and that are not shown to the public.
func hidden(s source.UnitState) []string {
	list := slices.DeleteFunc(slices.Clone(s.Hidden), func(role string) bool { return s.Addresses[role] == "" })
	slices.Sort(list)
	return list
}

func tasks(s source.UnitState) edit.Struct {
	var fields edit.Struct
	for _, aspect := range org.TaskAspects() {
		if list := slices.Compact(slices.Sorted(slices.Values(s.Tasks[aspect]))); len(list) > 0 {
			fields = append(fields, edit.Field{Name: aspect, Value: list})
		}
	}
	return fields
}

// related are the keys of the units that a register ties to one, of those that are taken.
func (l *load) related(x *source.Extract, s source.UnitState) []string {
	var keys []string
	for _, id := range s.Related {
		if i, ok := l.unitOf[[2]string{x.Source, id}]; ok && !l.units[i].skipped {
			keys = append(keys, l.units[i].key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// optional is a field that is cleared where it is empty.
func optional(name string, value any, empty bool) edit.Field {
	if empty {
		return edit.Field{Name: name}
	}
	return edit.Field{Name: name, Value: value}
}

// isPayroll reports whether a source is a payroll system: its codes of units are kept, so that
// what it says later finds its place.
func isPayroll(o *org.Organisation, src string) bool {
	kind := o.Settings.Sources[src].Kind
	return kind == "opus" || kind == "sd" || kind == "" && (src == "opus" || src == "sd")
}

// unitLater are the amendments of a unit: what each later state says otherwise; where it stands only where the register decides that.
func (l *load) unitLater(x *source.Extract, i int, states []source.UnitState, places bool) edit.Struct {
	var on edit.Struct
	for n := 1; n < len(states); n++ {
		before, now := states[n-1], states[n]
		var changed edit.Struct
		if now.Name != before.Name && now.Name != "" {
			changed = append(changed, edit.Field{Name: "name", Value: now.Name})
		}
		if a, b := l.aboveIn(x, i, before), l.aboveIn(x, i, now); places && a != b {
			changed = append(changed, edit.Field{Name: "parent", Value: b})
		}
		if now.ShortName != before.ShortName {
			changed = append(changed, optional("shortName", now.ShortName, now.ShortName == ""))
		}
		if a, b := tasks(before), tasks(now); !reflect.DeepEqual(a, b) {
			changed = append(changed, optional("kle", b, len(b) == 0))
		}
		if a, b := hidden(before), hidden(now); !slices.Equal(a, b) {
			changed = append(changed, optional("internal", b, len(b) == 0))
		}
		if a, b := l.related(x, before), l.related(x, now); !slices.Equal(a, b) {
			changed = append(changed, optional("related", b, len(b) == 0))
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
