package agenda

import (
	"cmp"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// Kinds of items beside those of [compare.Difference]: what the comparison could not answer itself.
const (
	AskUnit   compare.Kind = "ask unit"
	AskPerson compare.Kind = "ask person"
)

// Kinds are all kinds, in the order of an agenda: what is asked first, since answers change the rest.
func Kinds() []compare.Kind {
	return []compare.Kind{AskUnit, AskPerson, compare.Doubled, compare.UnitOnly, compare.UnitName, compare.UnitPlace, compare.UnitLeader, compare.LeaderOnly,
		compare.PersonOnly, compare.AccountOpen, compare.AccountClosed, compare.AccountWithoutPerson, compare.PersonWithoutAccount,
		compare.PersonName, compare.PersonUnit, compare.PersonTitle, compare.PersonManager, compare.PersonPhone}
}

// OfUnits reports whether items of a kind are about units; all others are about people.
func OfUnits(kind compare.Kind) bool {
	return slices.Contains([]compare.Kind{AskUnit, compare.UnitOnly, compare.UnitName, compare.UnitPlace, compare.UnitLeader, compare.LeaderOnly}, kind)
}

// Agenda is what there is to agree about.
type Agenda struct {
	Language  string // da or en
	Registers []Register
	Found     []Found // beside Registers, without the leading one
	Items     []Item  // in order of kind, unit, name
}

// Register is one of those that were compared; the first one leads.
type Register struct {
	Source        string  `json:"source"`
	Name          string  `json:"name"`
	Day           org.Day `json:"day"`
	Units, People int     `json:"-"`
	Notes         []Note  `json:"notes"` // what its reader took with doubt, or not at all
}

// Note is a sentence about something in a register, for whoever looks after it. It is in Danish in every language.
type Note struct {
	Origin string `json:"origin"`
	Text   string `json:"text"`
}

// Found is how much of the leading register another one has too.
type Found struct {
	Source        string
	Units, People int
}

// Item is one thing to agree about.
type Item struct {
	ID      string // stable: the same question has it in every comparison
	Version string // of what the registers say about it
	Kind    compare.Kind
	Name    string   // of the unit or person
	Units   []string // names of the units that it is about, or in which the person works
	Lead    Side
	Other   Side
	Why     []string // sentences without full stop
	Hidden  bool     // values are left out: the person has a protected address
}

// Side is what one register says.
type Side struct {
	Source   string // the zero value where the register does not have the unit or person
	Register string
	ID       string // empty where it is left out
	Name     string
	About    []string // what tells people or units of one name apart
	Values   []string // what the item is about
	Text     string   // what to show in a table
	Origin   string
	Key      Key
}

// Key is the record that a side is about; it is not for showing. ID is empty where the register has none.
type Key struct{ Source, ID string }

// New makes the agenda of comparisons that have one leading register, in a language: da or en.
func New(comparisons []*compare.Comparison, language string) *Agenda {
	a := &Agenda{Language: language}
	seen := map[string]bool{}
	for i, c := range comparisons {
		if i == 0 {
			a.Registers = append(a.Registers, register(c.Lead))
		}
		a.Registers = append(a.Registers, register(c.Other))
		a.Found = append(a.Found, Found{Source: c.Other.Source, Units: same(c.Units), People: same(c.People)})
		b := newBuilder(c, language)
		for _, item := range b.items() {
			if !seen[item.ID] { // somebody doubled in the leading register is so in every comparison
				seen[item.ID] = true
				a.Items = append(a.Items, item)
			}
		}
	}
	a.sort()
	return a
}

func (a *Agenda) sort() {
	order := map[compare.Kind]int{}
	for i, kind := range Kinds() {
		order[kind] = i
	}
	danish := org.DanishOrder()
	slices.SortStableFunc(a.Items, func(x, y Item) int {
		return cmp.Or(cmp.Compare(order[x.Kind], order[y.Kind]), danish(x.Unit(), y.Unit()), danish(x.Name, y.Name),
			cmp.Compare(x.Lead.Key.ID, y.Lead.Key.ID), cmp.Compare(x.Other.Key.ID, y.Other.Key.ID), cmp.Compare(x.ID, y.ID))
	})
}

// Unit is the first of the units, or nothing.
func (i Item) Unit() string {
	if len(i.Units) == 0 {
		return ""
	}
	return i.Units[0]
}

// Count is how many items of a kind there are.
func (a *Agenda) Count(kind compare.Kind) int {
	n := 0
	for _, item := range a.Items {
		if item.Kind == kind {
			n++
		}
	}
	return n
}

// Of gives the items of a kind.
func (a *Agenda) Of(kind compare.Kind) []Item {
	var list []Item
	for _, item := range a.Items {
		if item.Kind == kind {
			list = append(list, item)
		}
	}
	return list
}

// With is the agenda with more items; those that it has already stay as they are.
func (a *Agenda) With(items []Item) *Agenda {
	more := *a
	more.Items = slices.Clone(a.Items)
	seen := map[string]bool{}
	for _, item := range a.Items {
		seen[item.ID] = true
	}
	for _, item := range items {
		if !seen[item.ID] {
			seen[item.ID] = true
			more.Items = append(more.Items, item)
		}
	}
	more.sort()
	return &more
}

// Only is the agenda with some of its items.
func (a *Agenda) Only(items []Item) *Agenda {
	fewer := *a
	fewer.Items = items
	return &fewer
}

func register(x *source.Extract) Register {
	r := Register{Source: x.Source, Name: nameOf(x), Day: x.Day, Units: len(x.Units), People: len(x.People), Notes: []Note{}}
	for _, n := range x.Notes {
		r.Notes = append(r.Notes, Note{schema.MaskCPR(n.Origin.String()), schema.MaskCPR(n.Text)})
	}
	return r
}

func nameOf(x *source.Extract) string {
	if x.Name != "" {
		return x.Name
	}
	return x.Source
}

func same(list []compare.Match) int {
	n := 0
	for _, m := range list {
		if m.Answer == compare.Same {
			n++
		}
	}
	return n
}
