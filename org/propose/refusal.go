package propose

import (
	"errors"
	"fmt"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// ErrProposal: what is proposed does not fit the organisation as it is. The text says why, and what to do.
var ErrProposal = errors.New("this cannot be proposed")

// Refusal is an ErrProposal that can be said in both languages.
type Refusal struct {
	format string
	args   []any
}

// Error says it in English.
func (r *Refusal) Error() string { return ErrProposal.Error() + ": " + r.In(change.English) }

// Unwrap gives ErrProposal.
func (r *Refusal) Unwrap() error { return ErrProposal }

// In says it in a language, Danish unless it is English.
func (r *Refusal) In(language string) string {
	format, args := r.format, make([]any, len(r.args))
	if da, ok := danish[format]; ok && language != change.English {
		format = da
	} else {
		language = change.English
	}
	for i, a := range r.args {
		switch a := a.(type) {
		case words:
			args[i] = a.in(language)
		case org.Day:
			args[i] = string(a)
			if language != change.English {
				args[i] = change.Day(a, language)
			}
		default:
			args[i] = a
		}
	}
	return fmt.Sprintf(format, args...)
}

func refuse(format string, args ...any) error { return &Refusal{format, args} }

// words are a part of a refusal in both languages.
type words struct{ en, da string }

func (w words) in(language string) string {
	if language == change.English {
		return w.en
	}
	return w.da
}

// danish are the refusals for those who fill in a spreadsheet, by their English text. They take the same values in the same
// order; what a command line would need (--from) is not in them.
var danish = map[string]string{
	"%s closed on %s; correct that day in the files if it is wrong":                 "%s lukkede %s; ret dagen i filerne, hvis den er forkert",
	"%s has this very job from %s on already (%s)":                                  "%s har allerede netop den ansættelse fra %s (%s)",
	"there is a leave from %s on already (%s)":                                      "der er allerede en orlov fra %s (%s)",
	"say the whole name (--given and --surname)":                                    "skriv både fornavn og efternavn",
	"say what the unit is called (--name)":                                          "skriv, hvad enheden hedder",
	"say what changes, such as --phone; an empty value takes one away":              "skriv mindst én kontaktoplysning",
	"say which units become one":                                                    "skriv, hvilke enheder der lægges sammen",
	"say which title (--title)":                                                     "skriv titlen",
	"say which type of engagement":                                                  "skriv ansættelsesformen",
	"say which number the engagement has in which payroll system":                   "skriv, hvilket nummer ansættelsen har i hvilket lønsystem",
	"the files of the commit do not have what it says to have changed (%s)":         "filerne har ikke det, der står i ændringen (%s)",
	"say from which day on it holds (--from), or that it always was so (--correct)": "skriv, fra hvilken dag det gælder, eller at det er en rettelse",
	"%s begins on %s, which is after %s":                                            "%s begynder %s, og det er efter %s",
	"%s ends on %s, which is before %s":                                             "%s slutter %s, og det er før %s",
	"a correction says that it always was so, and not only from %s on; leave the day out, or --correct where it is so from that day on":                          "en rettelse siger, at det hele tiden har været sådan, og ikke først fra %s. Lad dagen være tom, eller lad Rettelse være tom, hvis det gælder fra den dag",
	"a correction says that it was so all the time, which is from %s on and not only from %s; give the day %s, or leave --correct out where it is so from %s on": "en rettelse siger, at det har været sådan hele tiden, altså fra %s og ikke først fra %s. Skriv %s som den første dag, eller lad Rettelse være tom, hvis det gælder fra %s",
	"there is no person with the key %q":                                                              "der er ingen person med nøglen %q",
	"there is no unit with the key %q":                                                                "der er ingen enhed med nøglen %q",
	"the unit %s (%s) does not exist on %s":                                                           "enheden %s (%s) findes ikke %s",
	"the engagement %s of %s is annulled":                                                             "ansættelsen %s for %s er annulleret",
	"%s has no engagement %q; %s":                                                                     "%s har ingen ansættelse %q; %s",
	"say which engagement of %s is meant (--engagement); %s":                                          "skriv, hvilken ansættelse for %s der menes; %s",
	"say which day is the last one (--last), or the first one without the job (--from)":               "skriv den sidste dag",
	"the engagement begins on %s, so %s cannot be its last day; annul it if it never began":           "ansættelsen begynder %s, så %s kan ikke være den sidste dag; annullér den, hvis den aldrig begyndte",
	"the engagement ends on %s already; a later day is an extension":                                  "ansættelsen slutter allerede %s; en senere dag er en forlængelse",
	"the engagement has no end that could be put off":                                                 "ansættelsen har ingen slutdato, der kan udskydes",
	"the engagement ends on %s, which is not before %s":                                               "ansættelsen slutter %s, og det er ikke før %s",
	"a fraction of full time is more than 0 and at most 1, such as 0.6; it is 0 when somebody leaves": "beskæftigelsesgraden er over 0 og højst 100 %%",
	"say on which day the leave begins (--from)":                                                      "skriv, hvilken dag orloven begynder",
	"%s is on no leave from that engagement on %s":                                                    "%s har ikke orlov fra den ansættelse %s",
	"say from which day on (--from)":                                                                  "skriv, fra hvilken dag",
	"%s has a leader from %s on already (%s); take that out or choose another day":                    "%s har allerede en leder fra %s (%s); tag det ud, eller vælg en anden dag",
	"say on which day the job begins (--from)":                                                        "skriv, hvilken dag ansættelsen begynder",
	"%s has an engagement or association with the key %q already":                                     "%s har allerede en ansættelse eller tilknytning med nøglen %q",
	"there is a person with the key %q already":                                                       "der er allerede en person med nøglen %q",
	"say until which day (--until), or that there is no end any more (--open)":                        "skriv den nye sidste dag",
	"say from which day on the unit exists (--from)":                                                  "skriv, fra hvilken dag enheden findes",
	"%q is no key: small letters a-z, digits and dashes":                                              "%q er ingen nøgle: små bogstaver a-z, tal og bindestreger",
	"there is a unit with the key %q already":                                                         "der er allerede en enhed med nøglen %q",
	"say which day is the unit's last one (--last), or the first one without it (--from)":             "skriv enhedens sidste dag",
	"the unit begins on %s, so %s cannot be its last day":                                             "enheden begynder %s, så %s kan ikke være den sidste dag",
	"a unit cannot follow itself":                                                                     "en enhed kan ikke afløse sig selv",
	"say on which day the units become one (--from)":                                                  "skriv, hvilken dag enhederne lægges sammen",
	"the engagement %s of %s is not in %s on %s":                                                      "ansættelsen %s for %s er ikke i %s %s",

	"the login name %s is one of the forbidden words (usernames.forbidden)": "brugernavnet %s er et af de ord, der ikke må bruges (usernames.forbidden)",
	"the login name %s is taken: %s":                                        "brugernavnet %s er optaget: %s",
	"no login name can be made of the name: no pattern of usernames.patterns fits it; say the login name (--login), or that there is no account (--no-account)": "der kan ikke dannes et brugernavn af navnet: intet mønster i usernames.patterns passer. Skriv brugernavnet, eller \"ingen\", hvis der ikke skal være en konto",
	"all login names that usernames.patterns makes of the name are taken; say the login name (--login), or that there is no account (--no-account)":             "alle de brugernavne, som usernames.patterns danner af navnet, er optaget. Skriv brugernavnet, eller \"ingen\", hvis der ikke skal være en konto",
}
