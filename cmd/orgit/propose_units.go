package main

import (
	"strings"

	"orgit.dk/orgit/org/propose"
)

// unitCommands propose what happens with units.
func unitCommands() []proposeCommand {
	roles := []string{"phone", "landline", "email", "web", "post", "visit", "location", "phone-hours", "visit-hours"}
	return []proposeCommand{
		{
			use: "create-unit NAME", short: "There is a new unit", least: 1, most: 1,
			example: `  orgit propose create-unit "SFO Engen" --parent oestre-skole --type sfo --from 2027-01-01`,
			flags:   []string{"parent", "type", "key", "from"}, change: createUnitChange,
		},
		{
			use: "rename-unit UNIT", short: "A unit is called something else", least: 1, most: 1,
			flags: []string{"name", "from", "correct"},
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				c := propose.Change{Do: propose.DoRenameUnit, Correct: f.correct}
				c.UnitName = strings.TrimSpace(f.text("name"))
				return aboutUnit(n, f, args[0], c)
			},
		},
		{
			use: "move-unit UNIT", short: "A unit, and all below it, gets another unit above", least: 1, most: 1,
			flags: []string{"parent", "from", "correct"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c = propose.Change{Do: propose.DoMoveUnit, Correct: f.correct}
				if err := needed("parent", f.text("parent")); err != nil {
					return c, err
				}
				if c.Parent, err = n.unit(f.text("parent")); err != nil {
					return c, err
				}
				return aboutUnit(n, f, args[0], c)
			},
		},
		{
			use: "close-unit UNIT", short: "A unit closes; those who work there go on in --successor", least: 1, most: 1,
			flags: []string{"last", "from", "successor"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c.Do = propose.DoCloseUnit
				if c.Last, err = f.lastDay(); err != nil {
					return c, err
				}
				if c.Successor, err = n.unit(f.text("successor")); err != nil {
					return c, err
				}
				c.Unit, err = n.unit(args[0])
				return c, err
			},
		},
		{
			use: "merge-units UNIT…", short: "Units become part of another one", least: 1, most: -1,
			example: "  orgit propose merge-units vejafdelingen parkafdelingen --into vej-og-park --from 2027-01-01",
			flags:   []string{"into", "from"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c.Do = propose.DoMergeUnits
				if err := needed("into", f.text("into")); err != nil {
					return c, err
				}
				for _, text := range args {
					unit, err := n.unit(text)
					if err != nil {
						return c, err
					}
					c.Units = append(c.Units, unit)
				}
				return aboutUnit(n, f, f.text("into"), c)
			},
		},
		{
			use: "split-unit UNIT", short: "A part of a unit becomes a unit of its own", least: 1, most: 1,
			long:    "A part of a unit becomes a unit of its own, beside it or below --parent. Each --person goes along: with the one\nengagement that they have there, or PERSON:KEY with the engagement of that key.",
			example: "  orgit propose split-unit it-drift --name Servicevagten --type team --person pbfaf5b --person pf8vgcq:a --from 2027-01-01",
			flags:   []string{"name", "key", "parent", "type", "person", "from"}, change: splitUnitChange,
		},
		{
			use: "unit-contact UNIT", short: "A unit's phone, e-mail or other contact data changes", least: 1, most: 1,
			flags: append(roles, "from", "correct"),
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				c := propose.Change{Do: propose.DoUnitContact, Correct: f.correct}
				c.Addresses = f.addresses(roles)
				return aboutUnit(n, f, args[0], c)
			},
		},
	}
}

// aboutUnit completes a change of one unit.
func aboutUnit(n naming, f *proposeFlags, text string, c propose.Change) (propose.Change, error) {
	var err error
	if c.Unit, err = n.unit(text); err != nil {
		return c, err
	}
	c.From, err = f.day("from")
	return c, err
}

func createUnitChange(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
	c = propose.Change{Do: propose.DoCreateUnit}
	c.UnitName = strings.TrimSpace(args[0])
	if err := needed("parent", f.text("parent")); err != nil {
		return c, err
	}
	if err := n.made(&c, f); err != nil {
		return c, err
	}
	c.From, err = f.day("from")
	return c, err
}

// made completes what is said of a unit that is made.
func (n naming) made(c *propose.Change, f *proposeFlags) (err error) {
	if err := needed("type", f.text("type")); err != nil {
		return err
	}
	if c.Key = f.text("key"); c.Key == "" {
		c.Key = propose.KeyOf(c.UnitName)
	}
	if c.Type, err = class(n.o.Settings.Classes.UnitTypes, "type", f.text("type")); err != nil {
		return err
	}
	c.Parent, err = n.unit(f.text("parent"))
	return err
}

func splitUnitChange(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
	c = propose.Change{Do: propose.DoSplitUnit}
	if err := needed("name", f.text("name")); err != nil {
		return c, err
	}
	c.UnitName = strings.TrimSpace(f.text("name"))
	if err := n.made(&c, f); err != nil {
		return c, err
	}
	for _, text := range f.people {
		who, engagement, _ := strings.Cut(text, ":")
		person, err := n.person(who)
		if err != nil {
			return c, err
		}
		c.People = append(c.People, propose.Of{Person: person, Engagement: engagement})
	}
	return aboutUnit(n, f, args[0], c)
}
