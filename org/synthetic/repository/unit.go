package repository

import (
	"fmt"
	"math/rand/v2"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/synthetic"
)

// random is a source of its own for each entry, so that files may be made in any order.
func (r *Repository) random(purpose uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(r.opts.Seed, purpose<<32|uint64(i)))
}

// Purposes of randomness.
const (
	forUnits = iota + 1
	forPeople
	forStyle
)

// unit is what a unit's file says.
func (r *Repository) unit(i int) entry {
	u, d := &r.town.Units[i], &r.dates.Units[i]
	fields := edit.Struct{{Name: "uuid", Value: string(u.UUID)}, {Name: "name", Value: d.Name}}
	if d.Parent >= 0 {
		fields = append(fields, edit.Field{Name: "parent", Value: r.units[d.Parent]})
	}
	fields = append(fields, edit.Field{Name: "type", Value: unitType(i, u)})
	if u.Depth == 1 && i > 0 {
		fields = append(fields, edit.Field{Name: "legalForm", Value: "self-governing"})
	}
	fields = append(fields, period(d.Period)...)
	if d.Successor >= 0 {
		fields = append(fields, edit.Field{Name: "successor", Value: r.units[d.Successor]})
	}
	fields = append(fields, edit.Field{Name: "sources", Value: edit.Struct{{Name: "sd", Value: []string{u.Code}}}})
	fields = append(fields, r.unitContact(i, u, d)...)
	var terms edit.Struct
	for k, t := range d.Terms {
		terms = append(terms, edit.Field{Name: letter(k), Value: r.term(t)})
	}
	var on edit.Struct
	for _, change := range d.Changes {
		on = append(on, edit.Field{Name: string(change.From), Value: r.unitChange(change)})
	}
	for _, f := range []edit.Field{{Name: "managers", Value: terms}, {Name: "on", Value: on}} {
		if len(f.Value.(edit.Struct)) > 0 {
			fields = append(fields, f)
		}
	}
	return entry{kind: "units", key: r.units[i], fields: fields}
}

// unitType is the class of a unit by its place in the tree.
func unitType(i int, u *synthetic.Unit) string {
	switch {
	case i == 0:
		return "kommune"
	case u.Depth == 1:
		return "selvejende"
	case u.Depth == 2:
		return "forvaltning"
	case u.Depth == 3:
		return "afdeling"
	case u.Depth == 4:
		return "institution"
	}
	return "team"
}

// unitContact are a unit's numbers, addresses and tasks.
func (r *Repository) unitContact(i int, u *synthetic.Unit, d *synthetic.UnitDates) (fields edit.Struct) {
	random := r.random(forUnits, i)
	if u.Depth <= 4 {
		fields = append(fields, edit.Field{Name: "numbers", Value: edit.Struct{{Name: "p", Value: fmt.Sprintf("109%07d", i)}, {Name: "ean", Value: ean(i)}}})
	}
	addresses := edit.Struct{{Name: "phone", Value: u.Phone}}
	if u.Depth <= 4 || random.IntN(3) == 0 {
		addresses = append(addresses, edit.Field{Name: "email", Value: r.units[i] + "@synteby.invalid"})
	}
	switch street := street(random); {
	case u.Depth <= 2:
		addresses = append(addresses, townHall()...)
	case u.Depth <= 4:
		addresses = append(addresses, edit.Field{Name: "visit", Value: street}, edit.Field{Name: "post", Value: d.Name + ", " + street})
	}
	if u.Depth == 4 {
		addresses = append(addresses, edit.Field{Name: "visitHours", Value: "Hverdage kl. 6.30-17"}) // as the template _institution has it
	}
	fields = append(fields, edit.Field{Name: "addresses", Value: addresses})
	if u.Depth == 4 && random.IntN(4) == 0 {
		fields = append(fields, edit.Field{Name: "internal", Value: []string{"email"}})
	}
	if tasks := u.Tasks(); u.Depth <= 3 && i > 0 {
		fields = append(fields, edit.Field{Name: "kle", Value: edit.Struct{{Name: "responsible", Value: tasks[:1+random.IntN(len(tasks))]}}})
	}
	if u.Depth > 4 && random.IntN(30) == 0 {
		fields = append(fields, edit.Field{Name: "systems", Value: []string{"esdh", "omsorg"}[:1+random.IntN(2)]})
	}
	return fields
}

// townHall are the addresses of units in the town hall, as the template _raadhuset has them.
func townHall() edit.Struct {
	return edit.Struct{{Name: "visit", Value: "Rådhuspladsen 1, 4299 Synteby"}, {Name: "post", Value: "Synteby Kommune, Rådhuspladsen 1, 4299 Synteby"}}
}

// street is an address in a place that is not there: the post code is not in use.
func street(random *rand.Rand) string {
	names := []string{"Møllevej", "Kirkegade", "Åboulevarden", "Østergade", "Skolevej", "Industrivej", "Jernbanegade", "Søndre Ringvej", "Kærvej", "Strandvejen"}
	return fmt.Sprintf("%s %d, 4299 Synteby", names[random.IntN(len(names))], 1+random.IntN(199))
}

// ean is an EAN number of the unit's own, with a right check digit.
func ean(i int) string {
	for last := range 10 {
		if number := fmt.Sprintf("579809%06d%d", i, last); org.IsEAN(number) {
			return number
		}
	}
	panic("a number has no check digit") // every one has
}

func (r *Repository) term(t synthetic.Term) edit.Struct {
	var s edit.Struct
	if t.Person < 0 {
		s = append(s, edit.Field{Name: "vacant", Value: true})
	} else {
		s = append(s, edit.Field{Name: "person", Value: r.people[t.Person]})
	}
	if t.Acting {
		s = append(s, edit.Field{Name: "role", Value: "konstitueret"})
	}
	return append(s, period(t.Period)...)
}

func (r *Repository) unitChange(c synthetic.UnitChange) (s edit.Struct) {
	if c.Name != "" {
		s = append(s, edit.Field{Name: "name", Value: c.Name})
	}
	if c.Parent >= 0 {
		s = append(s, edit.Field{Name: "parent", Value: r.units[c.Parent]})
	}
	return s
}

func period(p org.Period) edit.Struct {
	s := edit.Struct{{Name: "from", Value: string(p.From)}}
	if p.To != "" {
		s = append(s, edit.Field{Name: "to", Value: string(p.To)})
	}
	return s
}

// letter is the key of the k-th of several things: a, b, c …
func letter(k int) string { return string(rune('a' + k)) }
