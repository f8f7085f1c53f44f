package ad

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// unitOU is the OU of a unit in the making.
type unitOU struct {
	unit      *org.Unit
	ref       org.Day // the day whose values it has
	container plan.Attr
	name      string
	nameField string // where the name stands: name or shortName; empty: in the settings of its area
}

// addUnits adds an OU for every unit that has one of its own by the layout and that is
// valid, that begins within the days of preparation, or that has ended and still holds
// accounts in their hours of grace.
func (d *desired) addUnits() {
	var ous, ended []*unitOU
	for _, u := range d.o.Units {
		ref, gone := d.unitStage(u)
		if gone != nil {
			if u.Ended(d.day) && d.mergedInto(d.view(u.To).Unit(u.Key)) == nil {
				ended = append(ended, &unitOU{unit: u, ref: u.To})
			}
			d.state.Objects = append(d.state.Objects, plan.Object{
				ID: ouID(u), Name: u.At(d.day).Name, Unit: u.Key, Entry: org.PathOf("units", u.Key), Gone: gone,
			})
			continue
		}
		ous = append(ous, &unitOU{unit: u, ref: ref})
	}
	for _, ou := range ous {
		d.place(ou)
	}
	for _, ou := range ended {
		d.placeEnded(ou)
	}
	d.uniqueNames(append(ended, ous...))
	for _, ou := range ous {
		d.addUnit(ou)
	}
}

func ouID(u *org.Unit) plan.ID { return plan.ID{Kind: KindOU, UUID: u.UUID} }

// hasOU reports whether a unit has an OU of its own.
func (d *desired) hasOU(key string) bool {
	has, known := d.ouOf[key]
	if u := d.o.Unit(key); !known && u != nil {
		_, gone := d.unitStage(u)
		has = gone == nil
		d.ouOf[key] = has
	}
	return has
}

// unitStage says as of which day a unit has an OU of its own, or since when it has none.
func (d *desired) unitStage(u *org.Unit) (ref org.Day, gone *plan.Gone) {
	if ref, gone = d.unitLife(u); gone != nil {
		return "", gone
	}
	return ref, d.mergedInto(d.view(ref).Unit(u.Key))
}

// unitLife says as of which day a unit is there, whether or not it has an OU of its own.
func (d *desired) unitLife(u *org.Unit) (ref org.Day, gone *plan.Gone) {
	switch {
	case u.Contains(d.day):
		return d.day, nil
	case u.Begins(d.day):
		if u.From <= d.day.Add(d.s.PrepareDays) {
			return u.From, nil
		}
		why := org.Fact{Path: org.PathOf("units", u.Key, "from"), Value: string(u.From), Day: u.From}
		return "", &plan.Gone{Since: d.day, Why: []org.Fact{why}, Delete: true}
	case d.day < d.closesOn(u.To):
		return u.To, nil
	}
	why := org.Fact{Path: org.PathOf("units", u.Key, "to"), Value: string(u.To), Day: u.To}
	return "", &plan.Gone{Since: u.To.Add(1), Why: []org.Fact{why}, Delete: true}
}

// place finds the unit's name and where its OU stands.
func (d *desired) place(ou *unitOU) {
	u := d.view(ou.ref).Unit(ou.unit.Key)
	ou.name, ou.nameField = norm.NFC.String(u.Name), "name"
	if utf8.RuneCountInString(ou.name) > maxCN && u.ShortName != "" {
		ou.name, ou.nameField = norm.NFC.String(u.ShortName), "shortName"
	}
	if area, ok := d.s.Areas[u.Key]; ok && area.OU != "" {
		ou.name, ou.nameField = norm.NFC.String(area.OU), ""
	}
	ou.container = plan.Attr{Name: attrContainer, Value: []string{atBase}, Rule: plan.Force}
	for above := u.Above; above != nil; above = above.Above {
		if d.hasOU(above.Key) {
			ou.container = container(ouID(above.Unit), above.Name)
			break
		}
	}
	ou.container.Why = []org.Fact{unitFact(ou.unit, ou.ref, "parent", func(u *org.Unit) string { return u.Parent })}
}

// placeEnded finds where the OU of a unit stood that has ended.
func (d *desired) placeEnded(ou *unitOU) {
	last := ou.unit.At(ou.ref)
	ou.name, ou.container = norm.NFC.String(last.Name), plan.Attr{Value: []string{atBase}}
	if d.hasOU(last.Parent) {
		ou.container.Value = []string{ouID(d.o.Unit(last.Parent)).String()}
	}
}

// uniqueNames appends the key to the name of a unit that has the name of an older one
// beside it. One that has ended counts for ever: its OU may still be there, and the name
// of its successor's must not change on the day on which it goes.
func (d *desired) uniqueNames(ous []*unitOU) {
	taken := map[string]bool{}
	place := func(container, name string) string { return container + "\x00" + fold(name) }
	for _, own := range d.state.Objects {
		if own.Gone == nil {
			taken[place(atBase, own.Name)] = true
		}
	}
	order := slices.Clone(ous)
	slices.SortFunc(order, func(a, b *unitOU) int {
		return cmp.Or(cmp.Compare(a.unit.From, b.unit.From), cmp.Compare(a.unit.Key, b.unit.Key))
	})
	for _, ou := range order {
		if taken[place(ou.container.Value[0], ou.name)] {
			ou.name = withSuffix(ou.name, " ("+ou.unit.Key+")", maxCN)
		}
		taken[place(ou.container.Value[0], ou.name)] = true
	}
}

func (d *desired) addUnit(ou *unitOU) {
	u := ou.unit
	why := d.nameFact(ou)
	o := plan.Object{
		ID: ouID(u), Name: u.At(ou.ref).Name, Unit: u.Key, Entry: org.PathOf("units", u.Key),
		Attrs: []plan.Attr{
			{Name: attrOU, Value: []string{ou.name}, Rule: plan.Force, Why: []org.Fact{why}},
			ou.container,
		},
	}
	attrs := o.Attrs
	o.Signs = func() []plan.Sign { return placeSigns(KindOU, attrs) }
	if u.From != "" {
		o.From = u.From.Add(-d.s.PrepareDays)
	}
	d.checkLength(o.ID, why.Path, "the name of the unit's OU", ou.name, maxCN, "give the unit a shortName")
	d.state.Objects = append(d.state.Objects, o)
}

// nameFact is where the name of the OU stands.
func (d *desired) nameFact(ou *unitOU) org.Fact {
	if ou.nameField == "" {
		return org.Fact{Path: d.domain.areaPath(ou.unit.Key, "ou"), Value: ou.name}
	}
	return unitFact(ou.unit, ou.ref, ou.nameField, func(u *org.Unit) string {
		if ou.nameField == "shortName" {
			return u.ShortName
		}
		return u.Name
	})
}
