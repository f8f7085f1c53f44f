package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/org"
)

// proposeFlags are the values of the flags that say what is proposed.
type proposeFlags struct {
	texts    map[string]*string
	correct  bool
	open     bool
	primary  bool
	closes   bool
	noLogin  bool
	fraction float64
	people   []string
	given    func(flag string) bool
}

// text is the value of a flag; empty where the command has none of the name.
func (f *proposeFlags) text(name string) string {
	if v := f.texts[name]; v != nil {
		return *v
	}
	return ""
}

// proposeTexts are the flags that take a text, and their usage.
func proposeTexts() map[string]string {
	return map[string]string{
		"from":       "the first `DAY` on which it is so (YYYY-MM-DD)",
		"until":      "the last `DAY` on which it is so",
		"last":       "the last `DAY`, instead of --from",
		"engagement": "the `KEY` of the engagement, where somebody has several",
		"unit":       "the `UNIT`",
		"title":      "the `TITLE`: its key or its name in classes.cue",
		"type":       "the `TYPE`: its key or its name in classes.cue",
		"role":       "the leader's `ROLE`: its key or its name in classes.cue",
		"name":       "the unit's `NAME`",
		"key":        "the new unit's `KEY`; made of its name when left out",
		"parent":     "the `UNIT` above",
		"successor":  "the `UNIT` where those who work there go on",
		"into":       "the `UNIT` that they become",
		"given":      "the given `NAME`",
		"surname":    "the `SURNAME`",
		"called":     "the whole `NAME` as it is to be shown, where it differs",
		"login":      "the login `NAME` of the account; made by usernames.patterns when left out",

		"phone": "`NUMBER`; an empty one takes it away, as with all that follow", "mobile": "`NUMBER`", "landline": "`NUMBER`",
		"email": "`ADDRESS`", "room": "`ROOM`", "web": "`ADDRESS`", "post": "postal `ADDRESS`", "visit": "visiting `ADDRESS`",
		"location": "`PLACE`", "phone-hours": "`HOURS`", "visit-hours": "`HOURS`",
	}
}

// textFlags are the names of all flags that take a text.
func textFlags() []string {
	names := []string{"person"}
	for name := range proposeTexts() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// add gives a command the flags of these names.
func (f *proposeFlags) add(cmd *cobra.Command, names []string) {
	f.texts = map[string]*string{}
	usages := proposeTexts()
	for _, name := range names {
		switch name {
		case "correct":
			cmd.Flags().BoolVar(&f.correct, name, false, "it always was so (a correction): the value is edited where it stands")
		case "open":
			cmd.Flags().BoolVar(&f.open, name, false, "there is no last day any more")
		case "primary":
			cmd.Flags().BoolVar(&f.primary, name, false, "it is the main job")
		case "no-account":
			cmd.Flags().BoolVar(&f.noLogin, name, false, "there is no account")
		case "closes-accounts":
			cmd.Flags().BoolVar(&f.closes, name, false, "the accounts are closed meanwhile")
		case "fraction":
			cmd.Flags().Float64Var(&f.fraction, name, 0, "the `PART` of full time, such as 0.8")
		case "person":
			cmd.Flags().StringArrayVar(&f.people, name, nil, "a `PERSON` who goes along; may be given several times")
		default:
			f.texts[name] = cmd.Flags().String(name, "", usages[name])
		}
	}
}

// day reads a flag that takes a day.
func (f *proposeFlags) day(name string) (org.Day, error) {
	text := f.text(name)
	if text == "" {
		return "", nil
	}
	day, err := org.ParseDay(text)
	if err != nil {
		return "", invalidInput(fmt.Errorf("--%s: %w", name, err), "")
	}
	return day, nil
}

// days reads --from and --until.
func (f *proposeFlags) days() (from, until org.Day, err error) {
	from, err = f.day("from")
	until, errUntil := f.day("until")
	if err = errors.Join(err, errUntil); err == nil && until != "" && until < from {
		err = invalidInput(fmt.Errorf("--until %s lies before --from %s", until, from), "")
	}
	return from, until, err
}

// lastDay is the last day of what ends: --last, or the day before --from.
func (f *proposeFlags) lastDay() (org.Day, error) {
	from, err := f.day("from")
	last, errLast := f.day("last")
	switch err := errors.Join(err, errLast); {
	case err != nil:
		return "", err
	case from != "" && last != "":
		return "", invalidInput(errors.New("--from and --last say the same thing in two ways"), "--last is the last day, --from the first one after it; give one of them")
	case last == "" && from == "":
		return "", invalidInput(errors.New("the day is missing"), "--last is the last day, --from the first one after it; give one of them")
	case last == "":
		last = from.Add(-1)
	}
	return last, nil
}
