package compare

import (
	"slices"

	"orgit.dk/orgit/org/source"
)

// unknown is the level of a field of which one side says nothing that can be compared.
const unknown Level = -1

// unitPairs is which unit of the other extract each of the leading one's units is.
type unitPairs struct {
	to    []int32 // by leading unit; -1: none, or not known
	above []int32 // by other unit; -1: a root
	near  []int32 // by other unit: people in the units around it
	size  []int32 // by other unit: its people
}

func newUnitPairs(r *register, side int, to []int32) *unitPairs {
	x := r.extracts[side]
	p := &unitPairs{to: to, above: parents(x, r.unitAt[side]), near: make([]int32, len(x.Units)), size: r.size[side]}
	below := make([]int32, len(x.Units))
	for i, parent := range p.above {
		if parent >= 0 {
			below[parent] += p.size[i]
		}
	}
	for i, parent := range p.above {
		p.near[i] = below[i]
		if parent >= 0 {
			p.near[i] += p.size[parent] + below[parent] - p.size[i]
		}
	}
	return p
}

// parents are the units above each unit of an extract; -1 at a root.
func parents(x *source.Extract, at map[string]int32) []int32 {
	list := make([]int32, len(x.Units))
	for i, u := range x.Units {
		list[i] = -1
		if state, ok := source.Near(u.States, x.Day); ok {
			if parent, ok := at[state.Parent]; ok && parent != int32(i) {
				list[i] = parent
			}
		}
	}
	return list
}

// level says how the places of two people agree, how often two people's do, and in which
// unit of the other extract they are together.
func (p *unitPairs) level(a, b *profile, n float64) (l Level, u float64, together int32) {
	l, u = unknown, 1
	if len(b.units) == 0 {
		return l, u, -1
	}
	for _, unit := range a.units {
		other := p.to[unit]
		if other < 0 {
			continue
		}
		if slices.Contains(b.units, other) {
			return Equal, float64(p.size[other]+1) / n, other
		}
		if l == unknown {
			l, u = Differs, different
		}
		if p.isNear(other, b.units) && l != Near {
			l, u = Near, float64(p.near[other]+2)/n
		}
	}
	return l, u, -1
}

func (p *unitPairs) isNear(unit int32, list []int32) bool {
	for _, other := range list {
		if parent := p.above[unit]; parent >= 0 && (parent == other || parent == p.above[other]) || p.above[other] == unit {
			return true
		}
	}
	return false
}
