package agenda

import (
	"strings"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// asks are the pairs that the comparison could not answer: an item for each candidate.
func (b *builder) asks(matches []compare.Match, kind compare.Kind) []Item {
	var items []Item
	for _, m := range matches {
		if m.Answer != compare.Ask {
			continue
		}
		for i, candidate := range m.Candidates {
			lead, other, turned := m.Lead, candidate.ID, false
			if lead == "" {
				lead, other, turned = candidate.ID, m.Other, true
			}
			item := Item{Kind: kind, Lead: b.side(kind, 0, b.record(kind, 0, lead)), Other: b.side(kind, 1, b.record(kind, 1, other))}
			item.Hidden = kind == AskPerson && (b.shielded(0, lead) || b.shielded(1, other))
			b.units(&item, [2]int{0, 1})
			if n := len(m.Candidates); n > 1 {
				asked := item.Lead.Name
				if turned {
					asked = item.Other.Name
				}
				item.Why = append(item.Why, phrase{"mulighed %d af %d for %s", "candidate %d of %d for %s"}.format(b.lang, i+1, n, asked))
			}
			item.Why = append(item.Why, b.reasons(candidate, item.Hidden)...)
			b.finish(&item)
			items = append(items, item)
		}
	}
	return items
}

// record is a unit or a person as a comparison gives it in differences.
func (b *builder) record(kind compare.Kind, side int, id string) compare.Side {
	s := compare.Side{Source: b.extracts[side].Source, ID: id}
	day := b.extracts[side].Day
	if kind == AskUnit {
		if u := b.unit[side][id]; u != nil {
			state, _ := source.Near(u.States, day)
			s.Name, s.Origin = state.Name, u.Origin
		}
		return s
	}
	if p := b.person[side][id]; p != nil {
		state, _ := source.Near(p.States, day)
		s.Name, s.Origin = oneLine(state.Given+" "+state.Surname), p.Origin
	}
	return s
}

// reasons say what speaks for a pair, what against it, and why that is not enough.
func (b *builder) reasons(c compare.Candidate, hidden bool) []string {
	var pro, contra []string
	for _, r := range joinedNames(c.Reasons) {
		text := schema.MaskCPR(reasonWords(r, b.lang, hidden))
		switch {
		case text == "":
		case r.Level == compare.Differs:
			contra = append(contra, text)
		default:
			pro = append(pro, text)
		}
	}
	var list []string
	if len(pro) > 0 {
		list = append(list, phrase{"For: %s", "For: %s"}.format(b.lang, strings.Join(pro, "; ")))
	}
	if len(contra) > 0 {
		list = append(list, phrase{"Imod: %s", "Against: %s"}.format(b.lang, strings.Join(contra, "; ")))
	}
	for _, d := range c.Doubts {
		list = append(list, phrase{"Tvivl: %s", "Doubt: %s"}.format(b.lang, doubtWords(d, b.lang)))
	}
	return list
}

// wholeName stands for given name and surname that are both equal.
const wholeName compare.Field = -1

// joinedNames makes one reason of two: the same given name and the same surname are the same name.
func joinedNames(reasons []compare.Reason) []compare.Reason {
	at := map[compare.Field]int{}
	for i, r := range reasons {
		if r.Level == compare.Equal {
			at[r.Field] = i + 1
		}
	}
	if at[compare.Given] == 0 || at[compare.Surname] == 0 {
		return reasons
	}
	var list []compare.Reason
	for _, r := range reasons {
		switch r.Field {
		case compare.Given:
			surname := reasons[at[compare.Surname]-1]
			list = append(list, compare.Reason{Field: wholeName, Level: compare.Equal, Lead: r.Lead + " " + surname.Lead, Other: r.Other + " " + surname.Other})
		case compare.Surname:
		default:
			list = append(list, r)
		}
	}
	return list
}
