package compare

import "math"

// Decision is what somebody has said about a pair. It stands against all evidence.
type Decision struct {
	Unit        bool   // of units; else of people
	Lead, Other string // their identifiers
	Same        bool
}

// decidedBits are the weight of a decision: more than everything else together.
const decidedBits = 200

// decisions are those about people or those about units, by pair.
type decisions map[pair]bool

// decided finds the pairs of decisions. What names somebody whom an extract no longer has is left out.
func decided(list []Decision, unit bool, lead, other map[string]int32) decisions {
	d := decisions{}
	for _, one := range list {
		a, okA := lead[one.Lead]
		b, okB := other[one.Other]
		if one.Unit == unit && okA && okB {
			d[pairOf(a, b)] = one.Same
		}
	}
	return d
}

// apply gives the pairs that were decided about what was decided, and adds those that nothing speaks for.
func (d decisions) apply(edges []edge) []edge {
	if len(d) == 0 {
		return edges
	}
	seen := map[pair]bool{}
	kept := edges[:0]
	for _, e := range edges {
		same, ok := d[pairOf(e.a, e.b)]
		if ok {
			seen[pairOf(e.a, e.b)] = true
			e.bits, e.doubt = decidedBits, ""
		}
		if !ok || same {
			kept = append(kept, e)
		}
	}
	var added []pair
	for p, same := range d {
		if same && !seen[p] {
			added = append(added, p)
		}
	}
	for _, p := range sortedPairs(added) {
		kept = append(kept, edge{a: p.a(), b: p.b(), bits: decidedBits})
	}
	return kept
}

// reason is put before the others of a pair that was decided about.
func (d decisions) reason(a, b int32, reasons []Reason) []Reason {
	if same, ok := d[pairOf(a, b)]; ok && same {
		return append([]Reason{{Field: Decided, Level: Equal, Bits: decidedBits}}, reasons...)
	}
	return reasons
}

// odds are those of a pair. Bits are bounded, so that sums of them are numbers.
func odds(bits float64) float64 { return math.Exp2(max(-decidedBits, min(bits, decidedBits))) }
