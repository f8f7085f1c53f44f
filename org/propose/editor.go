package propose

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/schema"
)

// Editor makes changes in the files of an organisation. Several changes in one editor see the files that the ones before
// left, but the organisation as it was: they must be about different things, or be given in the order in which they build on
// each other by key.
type Editor struct {
	o     *org.Organisation
	files *edit.Files
	today org.Day
	ids   IDs
}

// IDs gives keys and UUIDs to what is new.
type IDs interface {
	Key() string // of a person: opaque, such as p7k3f9q
	UUID() org.UUID
}

// New begins to edit. o is what fsys was loaded as.
func New(o *org.Organisation, fsys fs.FS, today org.Day, ids IDs) (*Editor, error) {
	files, err := edit.Open(fsys)
	if err != nil {
		return nil, err
	}
	return &Editor{o: o, files: files, today: today, ids: ids}, nil
}

// Changed gives the files that differ, with their new text.
func (e *Editor) Changed() map[string][]byte { return e.files.Changed() }

// When is from which day on something holds, and whether it is a correction.
type When struct {
	From    org.Day
	Correct bool // it always was so: the value is edited where it stands
}

// thing is what can be amended: a unit, a person, an engagement …
type thing struct {
	path     []string
	name     words // for messages
	period   org.Period
	versions []org.Day // days of its amendments, in order
}

func thingOf[T any](path org.Path, name words, period org.Period, versions []org.Version[T]) thing {
	t := thing{path: schema.SplitPath(string(path)), name: name, period: period}
	for _, v := range versions {
		t.versions = append(t.versions, v.From)
	}
	return t
}

// amend gives a field of a thing a value, from a day on or as a correction.
func (e *Editor) amend(t thing, when When, field string, value any) error {
	path := func(more ...string) []string { return append(slices.Clone(t.path), more...) }
	name := strings.Split(field, ".")
	if when.Correct {
		return e.files.Set(value, path(append(e.inForce(t, when.From, name), name...)...)...)
	}
	switch {
	case when.From == "":
		return refuse("say from which day on it holds (--from), or that it always was so (--correct)")
	case when.From == t.period.From:
		return e.files.Set(value, path(name...)...)
	case when.From < t.period.From:
		return refuse("%s begins on %s, which is after %s", t.name, t.period.From, when.From)
	case t.period.To != "" && when.From > t.period.To:
		return refuse("%s ends on %s, which is before %s", t.name, t.period.To, when.From)
	}
	return e.files.Set(value, path(append([]string{"on", string(when.From)}, name...)...)...)
}

// endThing sets the last day of a thing, and takes out the amendments after it.
func (e *Editor) endThing(t thing, last org.Day) error {
	for _, from := range t.versions {
		if from <= last {
			continue
		}
		if err := e.files.Remove(append(slices.Clone(t.path), "on", string(from))...); err != nil {
			return err
		}
	}
	return e.files.Set(string(last), append(slices.Clone(t.path), "to")...)
}

// inForce is where the value stands that holds on the day: below the latest amendment until then that states the field, or
// nowhere in particular. Without a day it is that of today.
func (e *Editor) inForce(t thing, day org.Day, field []string) []string {
	if day == "" {
		day = e.today
	}
	for _, from := range slices.Backward(t.versions) {
		at := append([]string{"on", string(from)}, field...)
		if from <= day && e.files.States(append(slices.Clone(t.path), at...)...) {
			return at[:2]
		}
	}
	return nil
}

// person finds somebody by key.
func (e *Editor) person(key string) (*org.Person, error) {
	if p := e.o.Person(key); p != nil {
		return p, nil
	}
	return nil, refuse("there is no person with the key %q", key)
}

// unit finds a unit by key.
func (e *Editor) unit(key string) (*org.Unit, error) {
	if u := e.o.Unit(key); u != nil {
		return u, nil
	}
	return nil, refuse("there is no unit with the key %q", key)
}

// unitOn finds a unit that exists on the day.
func (e *Editor) unitOn(key string, day org.Day) (*org.Unit, error) {
	u, err := e.unit(key)
	if err != nil || day == "" || u.Contains(day) {
		return u, err
	}
	return nil, refuse("the unit %s (%s) does not exist on %s", u.At(day).Name, key, day)
}

// engagement finds the engagement that is meant: the one with the key, or the only one that holds on the day or is yet to
// come. The day is today where none is given.
func (e *Editor) engagement(p *org.Person, key string, day org.Day) (*org.Engagement, error) {
	if key != "" {
		switch found := p.Engagement(key); {
		case found != nil && found.Annulled != "":
			return nil, refuse("the engagement %s of %s is annulled", key, p.Name.Full())
		case found != nil:
			return found, nil
		}
		return nil, refuse("%s has no engagement %q; %s", p.Name.Full(), key, e.engagementsOf(p))
	}
	if day == "" {
		day = e.today
	}
	var open []*org.Engagement
	for _, x := range p.Engagements {
		if x.Annulled == "" && !x.Ended(day) {
			open = append(open, x)
		}
	}
	if len(open) != 1 {
		return nil, refuse("say which engagement of %s is meant (--engagement); %s", p.Name.Full(), e.engagementsOf(p))
	}
	return open[0], nil
}

// engagementsOf lists what may be meant.
func (e *Editor) engagementsOf(p *org.Person) words {
	var en, da []string
	for _, x := range p.Engagements {
		at := x.At(max(e.today, x.From))
		title, unit := e.o.Settings.Classes.Titles[at.Title].Name, at.Unit
		if u := e.o.Unit(unit); u != nil {
			unit = u.At(e.today).Name
		}
		en = append(en, fmt.Sprintf("%s: %s, %s, from %s", x.Key, title, unit, x.From))
		da = append(da, fmt.Sprintf("%s: %s, %s, fra %s", x.Key, title, unit, change.Day(x.From, change.Danish)))
	}
	if en == nil {
		return words{"there is none", "der er ingen"}
	}
	return words{"there are " + strings.Join(en, "; "), "der er " + strings.Join(da, "; ")}
}

// freeKey is the first of a, b, c … that is not taken.
func freeKey(taken func(string) bool) string {
	for n := 0; ; n++ {
		key := ""
		for k := n; k >= 0; k = k/26 - 1 {
			key = string(rune('a'+k%26)) + key
		}
		if !taken(key) {
			return key
		}
	}
}
