package propose

import (
	"maps"
	"slices"

	"orgit.dk/orgit/org"
)

// ask refuses a correction that gives a day on which nothing began: who writes it may mean that it is so from that day on,
// and all that was before would be rewritten. Changes that were read from a commit have been asked about already.
func (e *Editor) ask(c Change) error {
	if !c.Correct || c.From == "" || c.V != 0 {
		return nil
	}
	t, fields, err := e.corrected(c)
	if err != nil {
		return err
	}
	for _, field := range fields {
		began := t.period.From
		if at := e.inForce(t, c.From, field); at != nil {
			began = org.Day(at[1])
		}
		switch {
		case began == c.From:
		case began == "":
			return refuse("a correction says that it always was so, and not only from %s on; leave the day out, or --correct where it is so from that day on", c.From)
		default:
			return refuse("a correction says that it was so all the time, which is from %s on and not only from %s; give the day %s, or leave --correct out where it is so from %s on",
				began, c.From, began, c.From)
		}
	}
	return nil
}

// corrected is what a change amends, and which of its fields. Of a change that amends nothing there are none.
func (e *Editor) corrected(c Change) (t thing, fields [][]string, err error) {
	switch c.Do {
	case DoMove, DoTitle, DoFraction:
		x, err := e.of(c.of(), c.From)
		if err != nil {
			return t, nil, err
		}
		field := map[Kind]string{DoMove: "unit", DoTitle: "title", DoFraction: "fraction"}[c.Do]
		return engagementThing(x), [][]string{{field}}, nil
	case DoName, DoContact:
		p, err := e.person(c.Person)
		if err != nil {
			return t, nil, err
		}
		if c.Do == DoName {
			return personThing(p, ""), [][]string{{"name"}}, nil
		}
		return personThing(p, ""), addressFields(c.Addresses), nil
	case DoRenameUnit, DoMoveUnit, DoUnitContact:
		u, err := e.unit(c.Unit)
		if err != nil {
			return t, nil, err
		}
		if c.Do == DoUnitContact {
			return unitThing(u), addressFields(c.Addresses), nil
		}
		field := map[Kind]string{DoRenameUnit: "name", DoMoveUnit: "parent"}[c.Do]
		return unitThing(u), [][]string{{field}}, nil
	}
	return t, nil, nil
}

func addressFields(addresses map[string]string) (fields [][]string) {
	for _, role := range slices.Sorted(maps.Keys(addresses)) {
		fields = append(fields, []string{"addresses", role})
	}
	return fields
}
