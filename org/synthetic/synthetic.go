// Package synthetic makes municipalities of any size that do not exist, for trials,
// benchmarks and tests: a tree of units, people with Danish names, their jobs, leaders and
// accounts, in the statistical shape of a real one.
//
// # From town to extract
//
// [Generate] makes a [Town], in which everything is true at once. [Town.Payroll] is the part
// of it that payroll knows, [Town.Directory] the part that a directory knows, each as an
// extract in its register's own terms: other identifiers, other fields. Both describe the
// same people, so what a comparison has to find is known: [Town.Both] says who is who.
// What registers get wrong is not in here; tests plant it.
//
// # Other days
//
// [Town.Dates] says what was and will be otherwise than on the town's own day: units that close, are renamed or moved,
// people who are transferred or get other hours or another surname, leaders who come and go. Package
// org/synthetic/repository writes a town with its dates as an organisation repository.
//
// # The shape
//
// Units by depth as in a published tree of a Danish municipality (676 units, three roots, most
// of them six levels down); people in a unit log-normal, with many units of nobody to two;
// leaders 5-7 % of the people, one in twenty of them with two units, one place in
// twenty-five vacant; 8 % of the people with several engagements; a quarter paid by the hour; 3 % on
// leave; 1.5 % with a protected address; people who left in the last three months, who
// leave in the next ones, and who are about to begin, as a yearly turnover of 16 % brings.
// Names have the skew of Danish ones, with a long tail, so that of 5,000 people 3-5 % share
// their full name with somebody (more in a larger town, as in life).
//
// # What is invented
//
// Everybody. Telephone numbers begin with 1, which no Danish subscriber's does; CPR numbers
// are those of cprtest, which were never given to anybody; mail is under a domain that
// cannot exist. The same options give the same town for ever, on every machine.
package synthetic

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// Options say which town is made.
type Options struct {
	People int    // all whom payroll knows: those who just left and who are about to begin too
	Units  int    // at least 1; payroll has about 13 for a hundred people
	Seed   uint64 // another seed gives another town
	Day    org.Day
}

// Town is a municipality that does not exist.
type Town struct {
	Day    org.Day
	Units  []Unit // a unit stands after the one above it
	People []Person
}

// Unit is a unit of the town.
type Unit struct {
	UUID   org.UUID
	Code   string // four characters, unique, as payroll codes them
	Name   string // many units share one: every school has a kitchen
	Parent int    // index of the unit above; -1 at a root
	Depth  int    // 1 at a root
	Phone  string
	Leader int  // index of the person who leads it; -1 where nobody does
	Vacant bool // it has a leader's place, and nobody in it
	From   org.Day
	sector *sector
}

// Person is somebody in the town.
type Person struct {
	UUID     org.UUID
	CPR      source.Number
	Given    string // all given names
	Surname  string // with the middle names that are surnames
	Shielded bool
	Phone    string
	Mail     string
	Jobs     []Job    // at least one, in order of number
	Account  *Account // nil: has none
}

// Job is an engagement.
type Job struct {
	org.Period
	Number   string // employee number, unique in the town
	Unit     int
	Title    string
	Hourly   bool
	Fraction float64
	Leave    org.Period // the zero value: none
}

// Account is a person's account in the directory.
type Account struct {
	UUID     org.UUID // objectGUID
	Name     string
	Disabled bool
}

// Pair is one person as two registers know them, by their identifiers there.
type Pair struct{ Payroll, Directory string }

// Generate makes the town of the options.
func Generate(o Options) *Town {
	t := &Town{Day: o.Day}
	m := &maker{town: t, r: rand.New(rand.NewPCG(o.Seed, 0x6f72676974)), used: map[string]bool{}, accounts: map[string]int{},
		letters: strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa")}
	m.units(max(o.Units, 1))
	m.people(o.People)
	m.leaders()
	return t
}

// Both are the people whom payroll and directory both know, in the order of the town.
func (t *Town) Both() []Pair {
	var pairs []Pair
	for i := range t.People {
		if p := &t.People[i]; p.Account != nil {
			pairs = append(pairs, Pair{Payroll: p.payrollID(), Directory: string(p.Account.UUID)})
		}
	}
	return pairs
}

// payrollID is what payroll knows a person by: the lowest of their employee numbers.
func (p *Person) payrollID() string { return p.Jobs[0].Number }

// maker makes one town.
type maker struct {
	town     *Town
	r        *rand.Rand
	used     map[string]bool   // names of units at the top
	accounts map[string]int    // how many have an account name that begins so
	letters  *strings.Replacer // for account names
	next     int               // the employee number that was given last
	places   int               // of leaders
}

// chance is true in so many of a hundred cases.
func (m *maker) chance(percent float64) bool { return m.r.Float64()*100 < percent }

func (m *maker) one(list []string) string { return list[m.r.IntN(len(list))] }

func (m *maker) uuid() org.UUID {
	a, b := m.r.Uint64(), m.r.Uint64()
	return org.UUID(fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff))
}

// phone begins with 1: nobody can have it.
func (m *maker) phone() string { return fmt.Sprintf("+451%07d", m.r.IntN(10_000_000)) }
