package compare

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org/source"
)

// Kind is what kind of difference it is.
type Kind string

// The kinds, in the order in which they are given.
const (
	UnitOnly             Kind = "unit only"              // only one extract has the unit
	UnitName             Kind = "unit name"              // it is called otherwise
	UnitPlace            Kind = "unit place"             // it stands below another unit
	UnitLeader           Kind = "unit leader"            // each has a leader for it, and not the same
	LeaderOnly           Kind = "leader only"            // only one knows a leader
	PersonOnly           Kind = "person only"            // only one extract has the person, or in the other they have left
	AccountOpen          Kind = "account open"           // they have left, and can log in
	AccountClosed        Kind = "account closed"         // they work here today, and none of their accounts is open: its side has them
	AccountWithoutPerson Kind = "account without person" // only a register of accounts has the person
	PersonWithoutAccount Kind = "person without account" // a register of accounts has none for the person
	Doubled              Kind = "doubled"                // one extract probably has the person twice: both sides are its
	PersonName           Kind = "person name"
	PersonTitle          Kind = "person title"
	PersonUnit           Kind = "person unit"
	PersonManager        Kind = "person manager"
	PersonPhone          Kind = "person phone"
)

var kindOrder = []Kind{UnitOnly, UnitName, UnitPlace, UnitLeader, LeaderOnly, PersonOnly, AccountOpen, AccountClosed, AccountWithoutPerson, PersonWithoutAccount,
	Doubled, PersonName, PersonTitle, PersonUnit, PersonManager, PersonPhone}

// Difference is one thing in which two registers differ, or that one of them says twice.
type Difference struct {
	Kind Kind
	// Lead and Other are what the two say. Of what only one has, the other's side says at most
	// whose it would be (the unit of a leader), and where nothing of it is there, or somebody has left, the zero value.
	Lead, Other Side
	// Level is how near the two are, where it is about names: Equal is a matter of letters alone (æ, ae).
	Level Level
	// Chance is how likely it is that a doubled person is one, from 0 to 1; 0 of the others.
	Chance float64
}

// Side is what one register says.
type Side struct {
	Source string   // the extract's
	ID     string   // of the unit or the person there; empty where it has neither
	Name   string   // what the unit or person is called there
	Values []string // what differs, as it is written there
	Origin source.Origin
}

// Differences are what the two extracts say differently of the same units and people, and what only
// one of them has. What is asked about is no difference yet, and neither is what a register is not
// able to say ([source.Says]) or does not say.
func (c *Comparison) Differences() []Difference {
	d := newDiffer(c)
	list := slices.Concat(d.units(), d.leaders(), d.people(), d.doubles())
	order := map[Kind]int{}
	for i, kind := range kindOrder {
		order[kind] = i
	}
	slices.SortStableFunc(list, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(a.Lead.ID, b.Lead.ID), cmp.Compare(a.Other.ID, b.Other.ID))
	})
	return list
}

// differ finds differences. In its arrays the leading extract is at 0.
type differ struct {
	extracts [2]*source.Extract
	matches  *Comparison
	unit     [2]map[string]*source.Unit
	person   [2]map[string]*source.Person
	pairs    [2]map[string]string // units that are the same: who they are in the other extract
	asked    [2]map[string]bool   // units that are asked about
	one      map[string]string    // people of the leading extract: who they are in the other one
	open     [2]map[string]bool   // people who are asked about
	leader   [2]map[string][]source.Leadership
}

func newDiffer(c *Comparison) *differ {
	d := &differ{extracts: [2]*source.Extract{c.Lead, c.Other}, matches: c, one: map[string]string{}}
	for side, x := range d.extracts {
		d.unit[side], d.person[side] = map[string]*source.Unit{}, map[string]*source.Person{}
		d.pairs[side], d.leader[side] = map[string]string{}, map[string][]source.Leadership{}
		for i := range x.Units {
			d.unit[side][x.Units[i].ID] = &x.Units[i]
		}
		for i := range x.People {
			d.person[side][x.People[i].ID] = &x.People[i]
		}
		for _, l := range x.Leaders {
			if state, ok := source.On(l.States, x.Day); ok && state.Person != "" {
				d.leader[side][state.Unit] = append(d.leader[side][state.Unit], l)
			}
		}
	}
	d.asked, d.open = askedAbout(c.Units), askedAbout(c.People)
	for _, m := range c.Units {
		if m.Answer == Same {
			d.pairs[0][m.Lead], d.pairs[1][m.Other] = m.Other, m.Lead
		}
	}
	for _, m := range c.People {
		if m.Answer == Same {
			d.one[m.Lead] = m.Other
		}
	}
	return d
}

// askedAbout are those of both sides of whom it is not known who they are.
func askedAbout(matches []Match) [2]map[string]bool {
	asked := [2]map[string]bool{{}, {}}
	same := map[string]bool{}
	for _, m := range matches {
		if m.Answer == Same {
			same[m.Other] = true
		}
	}
	for _, m := range matches {
		switch {
		case m.Answer != Ask:
		case m.Lead != "":
			asked[0][m.Lead] = true
			for _, candidate := range m.Candidates {
				if !same[candidate.ID] {
					asked[1][candidate.ID] = true
				}
			}
		default:
			asked[1][m.Other] = true
		}
	}
	return asked
}

// unitSide is what an extract says of a unit; the zero value of none.
func (d *differ) unitSide(side int, id string, values ...string) Side {
	s := Side{Source: d.extracts[side].Source, ID: id, Values: values}
	if u := d.unit[side][id]; u != nil {
		state, _ := source.Near(u.States, d.extracts[side].Day)
		s.Name, s.Origin = state.Name, nonZero(state.Origin, u.Origin)
	}
	return s
}

// personSide is what an extract says of a person.
func (d *differ) personSide(side int, p *source.Person, values ...string) Side {
	return personSide(d.extracts[side], p, values...)
}

func personSide(x *source.Extract, p *source.Person, values ...string) Side {
	state, _ := source.Near(p.States, x.Day)
	return Side{Source: x.Source, ID: p.ID, Name: fullName(p, x), Values: values, Origin: nonZero(state.Origin, p.Origin)}
}

func (d *differ) parent(side int, id string) string {
	if u := d.unit[side][id]; u != nil {
		state, _ := source.Near(u.States, d.extracts[side].Day)
		return state.Parent
	}
	return ""
}

// known is the nearest unit from id upwards, itself among them, that both extracts have, by its
// identifier in the leading one. It is not decided where one on the way is asked about.
func (d *differ) known(side int, id string) (lead string, decided bool) {
	for range maxDepth {
		other, ok := d.pairs[side][id]
		switch {
		case id == "":
			return "", true
		case d.asked[side][id]:
			return "", false
		case ok && side == 0:
			return id, true
		case ok:
			return other, true
		}
		id = d.parent(side, id)
	}
	return "", true
}
