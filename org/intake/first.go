package intake

import (
	"fmt"
	"io/fs"
	"slices"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/source"
)

// First makes the files of a first load. o and fsys are the repository as `orgit init` made
// it: settings, classes, the root unit, and no people. The error says what stands in the way
// of a first load as such.
func First(o *org.Organisation, fsys fs.FS, town Town, opts Options) (*Result, error) {
	if len(o.People) > 0 || len(o.Units) != 1 {
		return nil, fmt.Errorf("take the registers in: the repository has %d units and %d people already: a first load fills one that `orgit init` has just made", len(o.Units), len(o.People))
	}
	files, err := edit.Open(fsys)
	if err != nil {
		return nil, err
	}
	l := newLoad(o, files, town, opts)
	l.fit()
	l.cutCircles()
	l.findRoot()
	l.nameUnits()
	l.namePeople()
	l.choosePeople()
	l.chooseUnits()
	l.findLeaders()
	for _, step := range []func() error{l.writeUnits, l.writePeople} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	l.foreignAccounts()
	sortFindings(l.findings)
	changed := files.Changed()
	text, err := l.classes.file()
	if err != nil {
		return nil, err
	}
	changed[importedFile] = text
	return &Result{Files: changed, Numbers: l.numbers, Findings: l.findings}, nil
}

// load is a first load under way.
type load struct {
	org      *org.Organisation
	files    *edit.Files
	town     Town
	opts     Options
	classes  *classes
	numbers  map[org.UUID]cpr.Number
	findings []Finding
	logins   map[string]string // the person's key by system and login name
	misfits  map[string]bool   // what has been said of values that do not fit
	foreign  map[[2]string]int // accounts in IT systems that the files do not have, by source and system

	units   []unit            // beside Town.Units
	people  []person          // beside Town.People
	postsOf [][]post          // beside Town.People, once they are asked for
	unitOf  map[[2]string]int // by source and ID
	person  map[[2]string]int
}

func newLoad(o *org.Organisation, files *edit.Files, town Town, opts Options) *load {
	l := &load{
		org: o, files: files, town: town, opts: opts, classes: newClasses(o), numbers: map[org.UUID]cpr.Number{}, logins: map[string]string{}, foreign: map[[2]string]int{}, misfits: map[string]bool{},
		units: make([]unit, len(town.Units)), people: make([]person, len(town.People)), postsOf: make([][]post, len(town.People)), unitOf: map[[2]string]int{}, person: map[[2]string]int{},
	}
	for i, c := range town.Units {
		for _, r := range c {
			x := town.Extracts[r.Extract]
			l.unitOf[[2]string{x.Source, x.Units[r.Index].ID}] = i
		}
	}
	for i, c := range town.People {
		for _, r := range c {
			x := town.Extracts[r.Extract]
			l.person[[2]string{x.Source, x.People[r.Index].ID}] = i
		}
	}
	return l
}

// order gives the extracts in the order in which they decide a field: those that own it first.
func (l *load) order(field string) []int {
	var list []int
	for _, owns := range []bool{true, false} {
		for i, x := range l.town.Extracts {
			if slices.Contains(l.org.Settings.Sources[x.Source].Owns, field) == owns {
				list = append(list, i)
			}
		}
	}
	return list
}

// decide gives the first value that a register has for a field. Records are those of one
// cluster; has tells whether the record of an extract says something.
func decide[T any](l *load, c Cluster, field string, has func(x *source.Extract, index int) (T, bool)) (value T, from int, ok bool) {
	for _, i := range l.order(field) {
		for _, r := range c {
			if r.Extract != i {
				continue
			}
			if value, ok = has(l.town.Extracts[i], r.Index); ok {
				return value, i, true
			}
		}
	}
	return value, -1, false
}

// precedence is the place of an extract in the order of identities.
func (l *load) precedence(x *source.Extract) int {
	if s, ok := l.org.Settings.Sources[x.Source]; ok && s.Precedence > 0 {
		return s.Precedence
	}
	return 100
}

// identity gives the UUID of a cluster: that of the register that goes first, else one that
// is derived from the leading record.
func (l *load) identity(c Cluster, kind string, of func(x *source.Extract, index int) (id string, uuid org.UUID)) org.UUID {
	best, at := org.UUID(""), 0
	for _, r := range c {
		x := l.town.Extracts[r.Extract]
		if _, uuid := of(x, r.Index); uuid != "" && (best == "" || l.precedence(x) < at) {
			best, at = uuid, l.precedence(x)
		}
	}
	if best != "" {
		return best
	}
	x := l.town.Extracts[c[0].Extract]
	id, _ := of(x, c[0].Index)
	return org.DeriveUUID(org.UUID(l.org.Settings.CVR), kind, x.Source, id)
}
