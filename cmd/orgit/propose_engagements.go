package main

import (
	"errors"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

// engagementCommands propose what happens with jobs.
func engagementCommands() []proposeCommand {
	return slices.Concat(tenureCommands(), jobCommands(), absenceCommands())
}

// tenureCommands propose that jobs begin and end.
func tenureCommands() []proposeCommand {
	return []proposeCommand{
		{
			use: "hire [PERSON]", short: "Somebody gets a job; without PERSON somebody new",
			long: "Somebody gets a job; without PERSON it is somebody new, who gets an account in the system usernames.system. Without\n--login its name is made by usernames.patterns, where there are any: the first that is free. A name is taken that any\naccount has, had or will have, that stands on the list in usernames/, or that an open proposal has.",
			example: `  orgit propose hire --given Åse --surname Ør --login aasor --unit oestre-skole --title laerer --type maanedsloen --from 2027-01-01
  orgit propose hire annj --unit vestre-skole --title laerer --type timeloen --from 2027-01-01 --until 2027-06-30`,
			most: 1, flags: []string{"given", "surname", "called", "login", "no-account", "unit", "title", "type", "fraction", "primary", "from", "until"},
			change: hireChange,
		},
		{
			use: "leave PERSON", short: "Somebody leaves a job (fratræder)", least: 1, most: 1,
			flags: []string{"last", "from", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				if c.Last, err = f.lastDay(); err != nil {
					return c, err
				}
				return aboutJob(n, f, args, propose.DoLeave, c)
			},
		},
		{
			use: "extend PERSON", short: "A job that has an end lasts longer", least: 1, most: 1,
			flags: []string{"until", "open", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c.Open = f.open
				if c.Until, err = f.day("until"); err != nil {
					return c, err
				}
				return aboutJob(n, f, args, propose.DoExtend, c)
			},
		},
		{
			use: "annul PERSON", short: "A job never was: it is annulled", least: 1, most: 1, flags: []string{"engagement"},
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				return aboutJob(n, f, args, propose.DoAnnul, propose.Change{})
			},
		},
	}
}

// jobCommands propose what a job is.
func jobCommands() []proposeCommand {
	return []proposeCommand{
		{
			use: "move PERSON", short: "Somebody moves to another unit", least: 1, most: 1,
			flags: []string{"unit", "from", "correct", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				if err := needed("unit", f.text("unit")); err != nil {
					return c, err
				}
				if c.Unit, err = n.unit(f.text("unit")); err != nil {
					return c, err
				}
				return aboutJob(n, f, args, propose.DoMove, c)
			},
		},
		{
			use: "title PERSON", short: "A job gets another title", least: 1, most: 1,
			flags: []string{"title", "from", "correct", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				if c.Title, err = class(n.o.Settings.Classes.Titles, "title", f.text("title")); err != nil {
					return c, err
				}
				return aboutJob(n, f, args, propose.DoTitle, c)
			},
		},
		{
			use: "fraction PERSON", short: "A job gets another part of full time", least: 1, most: 1,
			flags: []string{"fraction", "from", "correct", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				return aboutJob(n, f, args, propose.DoFraction, propose.Change{Fraction: f.fraction})
			},
		},
	}
}

// absenceCommands propose leaves of absence.
func absenceCommands() []proposeCommand {
	return []proposeCommand{
		{
			use: "absence PERSON", short: "Somebody goes on leave (orlov)", least: 1, most: 1,
			long:  "Somebody goes on leave from a job (orlov). The reason is asked for nowhere, and belongs nowhere.",
			flags: []string{"from", "until", "closes-accounts", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				return aboutJob(n, f, args, propose.DoAbsence, propose.Change{ClosesAccounts: f.closes})
			},
		},
		{
			use: "return PERSON", short: "Somebody comes back from leave; --from is the first day back", least: 1, most: 1,
			long:  "Somebody comes back from leave; --from is the first day back. On the first day of a leave that has not begun yet, the\nleave is taken out.",
			flags: []string{"from", "engagement"},
			change: func(n naming, f *proposeFlags, args []string) (propose.Change, error) {
				return aboutJob(n, f, args, propose.DoReturn, propose.Change{})
			},
		},
	}
}

// aboutJob completes a change of one of a person's jobs.
func aboutJob(n naming, f *proposeFlags, args []string, do propose.Kind, c propose.Change) (propose.Change, error) {
	var err error
	c.Do, c.Engagement, c.Correct = do, f.text("engagement"), f.correct
	if c.Person, err = n.person(args[0]); err != nil || c.Last != "" {
		return c, err
	}
	var until org.Day
	c.From, until, err = f.days()
	if until != "" {
		c.Until = until
	}
	return c, err
}

func hireChange(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
	classes := n.o.Settings.Classes
	c = propose.Change{Do: propose.DoHire, Fraction: f.fraction, Primary: f.primary}
	c.Name = org.Name{Given: f.text("given"), Surname: f.text("surname"), Called: f.text("called")}
	if c.Login, c.NoAccount = strings.TrimSpace(f.text("login")), f.noLogin; c.Login != "" && c.NoAccount {
		return c, invalidInput(errors.New("--login and --no-account say opposite things"), "give one of them")
	}
	if len(args) > 0 {
		if c.Person, err = n.person(args[0]); err != nil {
			return c, err
		}
		for _, flag := range []string{"given", "surname", "called", "login", "no-account"} {
			if f.given(flag) {
				return c, invalidInput(errAlreadyThere, "leave --"+flag+" out; `orgit propose name` changes a name")
			}
		}
	}
	for _, flag := range []string{"unit", "title", "type", "from"} {
		if err := needed(flag, f.text(flag)); err != nil {
			return c, err
		}
	}
	if c.Unit, err = n.unit(f.text("unit")); err != nil {
		return c, err
	}
	if c.Title, err = class(classes.Titles, "title", f.text("title")); err != nil {
		return c, err
	}
	if c.Type, err = class(classes.EngagementTypes, "type", f.text("type")); err != nil {
		return c, err
	}
	c.From, c.Until, err = f.days()
	return c, err
}
