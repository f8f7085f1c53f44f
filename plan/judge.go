package plan

import (
	"cmp"
	"maps"
	"slices"
)

// stronger reports whether a set of signs holds all of another and more.
func stronger(a, b uint64) bool { return a != b && a&b == b }

// judge decides about one object: sure when one object is found by more than every other
// is, nothing speaks against it, and nobody else has as good a claim to it.
func (m *matching) judge(want *Object, found map[*Object]evidence, rivals map[*Foreign][]*Object) *decision {
	mine := found[want]
	if len(mine) == 0 {
		return &decision{}
	}
	there := slices.SortedFunc(maps.Keys(mine), func(a, b *Foreign) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Candidate.Handle, b.Candidate.Handle))
	})
	var best *Foreign
	for _, f := range there {
		if !slices.ContainsFunc(there, func(g *Foreign) bool { return g != f && !stronger(mine[f], mine[g]) }) {
			best = f
		}
	}
	against := map[*Foreign][]Objection{}
	for _, f := range there {
		against[f] = objections(want.Kind, m.signs[want.ID], f.Candidate, mine[f])
		for _, other := range rivals[f] {
			if other != want && !stronger(mine[f], found[other][f]) {
				against[f] = append(against[f], Objection{Code: ObjectionClaimed, Ours: other.Name})
			}
		}
	}
	if best != nil && len(against[best]) == 0 {
		return &decision{verdict: verdictSure, foreign: best, signs: matchedSigns(m.signs[want.ID], best.Candidate, mine[best])}
	}
	d := &decision{verdict: verdictAsk}
	for _, f := range there {
		d.possible = append(d.possible, Possible{
			Ref: f.Ref, Handle: f.Candidate.Handle, Signs: matchedSigns(m.signs[want.ID], f.Candidate, mine[f]), Against: against[f],
		})
	}
	return d
}

func matchedSigns(signs []Sign, c *Candidate, found uint64) []SignMatch {
	var matched []SignMatch
	for i, s := range signs {
		if found&(1<<i) != 0 {
			matched = append(matched, SignMatch{Name: s.Name, Value: c.Shows[s.Name]})
		}
	}
	return matched
}

// objections are what speaks against taking an object that was found for the one that is
// asked for.
func objections(kind Kind, signs []Sign, c *Candidate, found uint64) []Objection {
	list := unusable(kind, c)
	strong, sure := false, false
	for i, s := range signs {
		if found&(1<<i) != 0 && !s.Unsure {
			strong, sure = strong || s.Strong, true
		}
	}
	for i, s := range signs {
		theirs := c.Signs[s.Name]
		switch {
		case found&(1<<i) != 0:
			if s.Unsure && !sure {
				list = append(list, Objection{Code: ObjectionUnsure, Name: s.Name})
			}
		case len(s.Values) == 0 || slices.ContainsFunc(theirs, func(v string) bool { return slices.Contains(s.Values, v) }):
		case s.Against && len(theirs) > 0, s.Confirms && !strong && len(theirs) > 0:
			list = append(list, Objection{Code: ObjectionDiffers, Name: s.Name, Theirs: c.Shows[s.Name], Ours: s.Show})
		case s.Confirms && !strong && c.Found != nil:
			list = append(list, Objection{Code: ObjectionLacks, Name: s.Name})
		}
	}
	return list
}

// unusable is why an object cannot be adopted, whichever it is.
func unusable(kind Kind, c *Candidate) []Objection {
	var list []Objection
	if c.Found == nil || c.Found.Kind != kind {
		list = append(list, Objection{Code: ObjectionKind, Theirs: c.Kind})
	}
	if c.Protected != "" {
		list = append(list, Objection{Code: ObjectionProtected, Name: string(c.Protected)})
	}
	if c.Owner != "" {
		list = append(list, Objection{Code: ObjectionOwner, Theirs: c.Owner})
	}
	return list
}
