package main

import (
	"errors"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

var errAlreadyThere = errors.New("PERSON is somebody who is there already, and has a name")

// personCommands propose what happens with people themselves.
func personCommands() []proposeCommand {
	roles := []string{"phone", "mobile", "landline", "email", "room"}
	return []proposeCommand{
		{
			use: "name PERSON", short: "Somebody changes name", least: 1, most: 1,
			long:  "Somebody changes name. What is not given stays as it is; the login name stays.",
			flags: []string{"given", "surname", "called", "from", "correct"},
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c = propose.Change{Do: propose.DoName, Correct: f.correct}
				if c.Person, err = n.person(args[0]); err != nil {
					return c, err
				}
				if c.From, err = f.day("from"); err != nil {
					return c, err
				}
				day := c.From
				if day == "" {
					day = n.day
				}
				c.Name = n.o.Person(c.Person).At(day).Name
				return c, renamed(&c.Name, f)
			},
		},
		{
			use: "contact PERSON", short: "Somebody's phone, e-mail or room at work changes", least: 1, most: 1,
			flags: append(roles, "from", "correct"),
			change: func(n naming, f *proposeFlags, args []string) (c propose.Change, err error) {
				c = propose.Change{Do: propose.DoContact, Correct: f.correct}
				c.Addresses = f.addresses(roles)
				if c.Person, err = n.person(args[0]); err != nil {
					return c, err
				}
				c.From, err = f.day("from")
				return c, err
			},
		},
	}
}

// renamed puts the parts of a name that are given in place of those that are there.
func renamed(name *org.Name, f *proposeFlags) error {
	parts := map[string]*string{"given": &name.Given, "surname": &name.Surname, "called": &name.Called}
	some := false
	for flag, part := range parts {
		if f.given(flag) {
			*part, some = strings.TrimSpace(f.text(flag)), true
		}
	}
	if !some {
		return invalidInput(errors.New("the new name is missing"), "give --given, --surname or --called")
	}
	return nil
}

// addresses are the contact data that are given, by role.
func (f *proposeFlags) addresses(roles []string) map[string]string {
	given := map[string]string{}
	for _, role := range roles {
		if f.given(role) {
			given[roleOf(role)] = contactValue(role, f.text(role))
		}
	}
	return given
}

// roleOf is the role of an address as the files call it: phone-hours is phoneHours.
func roleOf(flag string) string {
	first, second, two := strings.Cut(flag, "-")
	if !two {
		return flag
	}
	return first + capital(second)
}

// contactValue gives a phone number the form that the files want.
func contactValue(role, text string) string {
	text = strings.TrimSpace(text)
	if role == "phone" || role == "mobile" || role == "landline" {
		return propose.Phone(text)
	}
	return text
}
