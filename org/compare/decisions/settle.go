package decisions

import (
	"slices"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
	"orgit.dk/orgit/org/source"
)

// Settled is a comparison after what has been decided.
type Settled struct {
	Comparisons []*compare.Comparison // told what was decided
	Decisions   *Decisions
	Faults      []Fault
	Open        *agenda.Agenda // what is still to be agreed about, in Danish
	Sheet       *agenda.Agenda // the same, and what has been decided: for the next spreadsheet
}

// rounds is how often an answer may bring up new questions, each answered in the same spreadsheet.
const rounds = 4

// Settle compares registers and reads the spreadsheet of an earlier comparison. Who is decided to be the same is compared like others
// who are, so that decisions can bring up differences that were not there before; those too are read from the spreadsheet.
func Settle(lead *source.Extract, others []*source.Extract, name string, data []byte) (*Settled, error) {
	s := &Settled{Comparisons: compare.All(lead, others...)}
	known := agenda.New(s.Comparisons, "da")
	now, pairs := known, 0
	for range rounds {
		var err error
		if s.Decisions, s.Faults, err = Read(name, data, known); err != nil {
			return nil, err
		}
		n := 0
		for i, other := range others {
			said := s.Decisions.Pairs(lead.Source, other.Source)
			s.Comparisons[i] = compare.Compare(lead, other, said...)
			n += len(said)
		}
		if n == pairs {
			break
		}
		pairs, now = n, agenda.New(s.Comparisons, "da")
		known = known.With(now.Items)
	}
	s.Open = now.Only(s.Decisions.Open(now))
	s.Sheet = now.With(slices.DeleteFunc(slices.Clone(known.Items), func(item agenda.Item) bool { return !s.Decisions.about(item.ID) }))
	return s, nil
}

// about reports whether something has been written about an item.
func (d *Decisions) about(id string) bool {
	return d.Remarks[id] != "" || slices.ContainsFunc(d.List, func(one Decision) bool { return one.Item.ID == id || one.With.ID == id })
}
