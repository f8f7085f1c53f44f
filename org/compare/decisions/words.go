package decisions

import (
	"slices"
	"strings"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

// Word is what was decided.
type Word string

// The words, as they are written in the spreadsheet. UseSource stands for "brug" and the name of a register.
const (
	Same      Word = "samme"        // the two records are one unit or person
	Different Word = "forskellige"  // they are two
	Include   Word = "medtag"       // what only one register has is taken
	LeaveOut  Word = "udelad"       // it is not taken
	AtSource  Word = "ret i kilden" // a register is wrong and will be put right there: nothing is decided here
	UseSource Word = "brug"         // the value of a register goes
)

// Choices are what can be decided about an item, as it is written in the spreadsheet.
func Choices(item agenda.Item) []string {
	switch item.Kind {
	case agenda.AskUnit, agenda.AskPerson, compare.Doubled:
		return []string{string(Same), string(Different), string(AtSource)}
	case compare.UnitOnly, compare.PersonOnly, compare.AccountOpen, compare.AccountWithoutPerson, compare.PersonWithoutAccount:
		if item.Lead.Key.ID != "" && item.Other.Key.ID != "" {
			return []string{string(Include), string(LeaveOut), string(AtSource)}
		}
		return []string{string(Include), string(LeaveOut), string(Same), string(AtSource)}
	}
	return []string{use(item.Lead.Register), use(item.Other.Register), string(AtSource)}
}

func use(register string) string { return string(UseSource) + " " + register }

// allWords are what the drop-down offers: rows are sorted and filtered, and a drop-down stays where it is.
func allWords(a *agenda.Agenda) []string {
	list := []string{string(Same), string(Different)}
	for _, r := range a.Registers {
		list = append(list, use(r.Name))
	}
	return append(list, string(Include), string(LeaveOut), string(AtSource))
}

// understood finds the choice that a text means, whatever its capitals and blanks.
func understood(text string, choices []string) (string, bool) {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	i := slices.IndexFunc(choices, func(choice string) bool { return plain(choice) == plain(text) })
	if i < 0 {
		return "", false
	}
	return choices[i], true
}

// Decision is what was decided about an item.
type Decision struct {
	Item   agenda.Item
	Word   Word
	Source string      // with UseSource: the key of the register
	With   agenda.Item // with Same of something that only one register has: what of the other one it is
	Remark string
	Cell   string // where it stands: H12
}

// pair are the two records that a decision is about.
func (d Decision) pair() (lead, other agenda.Key) {
	lead, other = d.Item.Lead.Key, d.Item.Other.Key
	if d.With.ID == "" {
		return lead, other
	}
	if lead.ID == "" {
		lead = d.With.Lead.Key
	} else {
		other = d.With.Other.Key
	}
	return lead, other
}

// Decisions are those of a spreadsheet, in its order.
type Decisions struct {
	List    []Decision
	Remarks map[string]string // by the item's ID, those without a decision too
}

// Open are the items of an agenda that nobody has decided about.
func (d *Decisions) Open(a *agenda.Agenda) []agenda.Item {
	decided := map[string]bool{}
	for _, one := range d.List {
		decided[one.Item.ID] = true
		if one.With.ID != "" {
			decided[one.With.ID] = true
		}
	}
	var open []agenda.Item
	for _, item := range a.Items {
		if !decided[item.ID] {
			open = append(open, item)
		}
	}
	return open
}

// Pairs are what a comparison of two registers has to be told.
func (d *Decisions) Pairs(lead, other string) []compare.Decision {
	var list []compare.Decision
	for _, one := range d.List {
		a, b := one.pair()
		if one.Item.Kind == compare.Doubled || one.Word != Same && one.Word != Different || a.Source != lead || b.Source != other {
			continue
		}
		list = append(list, compare.Decision{Unit: agenda.OfUnits(one.Item.Kind), Lead: a.ID, Other: b.ID, Same: one.Word == Same})
	}
	return list
}
