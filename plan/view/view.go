// Package view shows a plan to those who have to judge it: as text at a terminal, as
// Markdown in a merge request's note, and as JSON to other programs.
//
// # What comes first
//
// All three have the same order: the verdict with counts; what cannot be undone; why the
// plan is refused, when it is; what a person has to decide; the changes by unit, in HR's
// words; what later days bring; then, for those who run the systems, every operation with
// the attributes that change and the facts behind them; drift; what is not orgit's; and
// last what the plan was made of. Everything above the operations is for people who know
// the organisation and no system.
//
// A merge request's note (Note) is the same document as Markdown has, in the order in which a working group decides, with
// how it stands with approval and a drawing of the units that change; FaultsNote takes its place where there is no plan.
//
// # What may be shown
//
// Of people whose address is protected no phone number and no room is shown, whatever a
// system holds. The same plan gives the same text every time; the only words that depend
// on when it is shown are in the last line.
package view

import (
	"strings"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// Lookup tells what a plan's paths and keys mean in the organisation that was planned.
type Lookup interface {
	// Position is where a path stands in the files; zero when that is not known.
	Position(path org.Path) schema.Position
	// Trail names the unit with the key and those above it, from below the root down; it
	// is empty for a unit that is not known.
	Trail(unit string) []string
	// Shielded reports whether the path lies within a person whose address is protected
	// at any time.
	Shielded(path org.Path) bool
}

// TextOptions are how a terminal wants a plan.
type TextOptions struct {
	Colour  bool
	Verbose bool      // every operation, and no list cut short
	Width   int       // in characters; 80 when it is 0
	Now     time.Time // to say how old the read of the systems is; not said when zero
}

// NewLookup finds paths and units in an organisation; units are named as on the day.
func NewLookup(o *org.Organisation, day org.Day) Lookup {
	return organisation{o, day}
}

type organisation struct {
	org *org.Organisation
	day org.Day
}

// Position implements Lookup.
func (o organisation) Position(path org.Path) schema.Position { return o.org.Position(path) }

// Trail implements Lookup.
func (o organisation) Trail(unit string) []string {
	var names []string
	for steps := 0; unit != "" && steps <= len(o.org.Units); steps++ {
		u := o.org.Unit(unit)
		if u == nil {
			break
		}
		day := max(o.day, u.From) // a unit to come stands where it begins
		at := u.At(day)
		if at.Parent != "" || len(names) == 0 {
			names = append([]string{at.Name}, names...)
		}
		unit = at.Parent
	}
	return names
}

// Shielded implements Lookup.
func (o organisation) Shielded(path org.Path) bool {
	key, ok := strings.CutPrefix(string(path), `people."`)
	if !ok {
		return false
	}
	key, _, _ = strings.Cut(key, `"`)
	p := o.org.Person(key)
	if p == nil {
		return false
	}
	for _, v := range p.Versions {
		if v.State.Shielded {
			return true
		}
	}
	return p.Shielded
}
