package table

import (
	"maps"
	"slices"
	"strings"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/schema"
)

// unitsRead are the units so far.
type unitsRead struct {
	list    []source.Unit
	leaders []source.Leadership
	codes   map[string]int      // place in the list by code in small letters
	names   map[string][]string // codes by name in small letters
	rows    []*cells            // of the sheet of units, in the order of the list
	stated  bool                // there is a sheet of units
}

func newUnitsRead() unitsRead {
	return unitsRead{codes: map[string]int{}, names: map[string][]string{}}
}

// readUnits reads the sheet of units.
func (r *reader) readUnits(g *grid) {
	r.units.stated = true
	for _, row := range g.Rows[1:] {
		r.unit(r.cells(g, row))
	}
	for i, c := range r.units.rows {
		if above := c.text(colParent); above != "" {
			r.units.list[i].States[0].Parent = c.unit(colParent)
			if r.units.list[i].States[0].Parent == r.units.list[i].ID {
				c.fault(colParent, "er enheden selv")
			}
		}
	}
}

func (r *reader) unit(c *cells) {
	code, name := c.id(colUnitCode), c.name(colUnitName)
	if code == "" {
		c.fault(colUnitCode, "mangler")
		return
	}
	if name == "" {
		c.fault(colUnitName, "mangler")
	}
	if at, twice := r.units.codes[strings.ToLower(code)]; twice {
		c.fault(colUnitCode, "%q står også i række %d", code, r.units.rows[at].row.Number)
		return
	}
	numbers := map[string]string{}
	if p := c.number(colP, "p"); p != "" {
		numbers["p"] = p
	}
	if ean := c.number(colEAN, "ean"); ean != "" {
		numbers["ean"] = ean
	}
	r.units.rows = append(r.units.rows, c)
	r.addUnit(source.Unit{ID: code, Origin: c.at, States: []source.UnitState{{Period: c.period(colUnitFrom, colUnitTo), Name: name, Code: code,
		Type: c.name(colUnitType), Numbers: numbers, Addresses: c.addresses(map[column]string{colUnitPhone: "phone"}, colUnitEmail, "")}}})
}

// number reads a number of a unit, which must have its form.
func (c *cells) number(of column, kind string) string {
	text := strings.ReplaceAll(c.text(of), " ", "")
	var probe payroll.Notes
	number := probe.Number(c.at, kind, text)
	if len(probe.List()) > 0 {
		c.fault(of, "har ikke den rigtige form")
	}
	return number
}

func (r *reader) addUnit(u source.Unit) {
	r.units.codes[strings.ToLower(u.ID)] = len(r.units.list)
	r.units.list = append(r.units.list, u)
	name := strings.ToLower(u.States[0].Name)
	r.units.names[name] = append(r.units.names[name], u.ID)
}

// unit is the ID of the unit that a cell names, by code or by a name that only one has. Without a sheet of units, the
// name is the unit.
func (c *cells) unit(of column) string {
	text := strings.Join(strings.Fields(c.text(of)), " ")
	if text == "" {
		return ""
	}
	low := strings.ToLower(text)
	if at, ok := c.r.units.codes[low]; ok {
		return c.r.units.list[at].ID
	}
	if !c.r.units.stated {
		id := c.r.notes.Text(c.at, c.r.headings[of], text)
		if id != "" {
			c.r.addUnit(source.Unit{ID: id, Origin: c.at, States: []source.UnitState{{Name: id}}})
		}
		return id
	}
	switch codes := c.r.units.names[low]; len(codes) {
	case 1:
		return codes[0]
	case 0:
		hint := ""
		if near := schema.Nearest(text, slices.Collect(maps.Keys(c.r.units.names))); near != "" {
			hint = "; mente du " + c.r.units.list[c.r.units.codes[strings.ToLower(c.r.units.names[near][0])]].States[0].Name + "?"
		}
		c.fault(of, "enheden %q findes ikke i arket med enheder%s", text, hint)
	default:
		c.fault(of, "%q er navnet på flere enheder; skriv koden: %s", text, strings.Join(codes, ", "))
	}
	return ""
}

// lead ties leaders to the units, when the people have been read.
func (r *reader) lead() {
	for i, c := range r.units.rows {
		text := c.text(colLeader)
		if text == "" {
			continue
		}
		person, ok := r.people.find(text)
		if !ok {
			c.fault(colLeader, "%q er ikke en medarbejders nummer, personnøgle eller brugernavn", text)
			continue
		}
		u := r.units.list[i]
		r.units.leaders = append(r.units.leaders, source.Leadership{ID: "leader " + u.ID, Origin: c.at,
			States: []source.LeadershipState{{Period: u.States[0].Period, Unit: u.ID, Person: person}}})
	}
}
