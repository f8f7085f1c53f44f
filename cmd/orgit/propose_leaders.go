package main

import "orgit.dk/orgit/org/propose"

// leaderCommands propose who leads a unit.
func leaderCommands() []proposeCommand {
	return []proposeCommand{
		{
			use: "appoint UNIT PERSON", short: "A unit gets a leader", least: 2, most: 2,
			long:   "A unit gets a leader. Whoever leads it in the same role stops the day before. Who was to begin on that very day, which\nis still to come, does not begin: to undo an appointment, appoint the leader before from the same day on.",
			flags:  []string{"from", "until", "role"},
			change: leaderChange(propose.DoAppoint),
		},
		{
			use: "acting UNIT PERSON", short: "A unit gets an acting leader (konstitueret)", least: 2, most: 2,
			flags:  []string{"from", "until"},
			change: leaderChange(propose.DoActing),
		},
		{
			use: "vacate UNIT", short: "A unit is left without a leader", least: 1, most: 1,
			flags:  []string{"from"},
			change: leaderChange(propose.DoVacate),
		},
	}
}

func leaderChange(do propose.Kind) func(naming, *proposeFlags, []string) (propose.Change, error) {
	return func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
		c.Do = do
		if c.Unit, err = n.unit(args[0]); err != nil {
			return c, err
		}
		if len(args) > 1 {
			if c.Person, err = n.person(args[1]); err != nil {
				return c, err
			}
		}
		if c.Role, err = class(n.o.Settings.Classes.ManagerRoles, "role", f.text("role")); err != nil {
			return c, err
		}
		c.From, c.Until, err = f.days()
		return c, err
	}
}
