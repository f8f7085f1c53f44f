package compare

import (
	"cmp"
	"slices"
)

// assembly makes matches of settled pairs.
type assembly struct {
	ids     [2][]string
	explain func(a, b int32) []Reason
	partner [2][]int32 // whom each is the same as; -1: nobody
	asked   [2][][]edge
}

// assemble makes the answers for everybody of both sides.
func assemble(edges []edge, leading, others []string, explain func(a, b int32) []Reason) []Match {
	s := &assembly{ids: [2][]string{leading, others}, explain: explain}
	for side, ids := range s.ids {
		s.partner[side], s.asked[side] = make([]int32, len(ids)), make([][]edge, len(ids))
		for i := range ids {
			s.partner[side][i] = -1
		}
	}
	var sure []edge
	for _, e := range edges {
		switch e.answer() {
		case Same:
			s.partner[0][e.a], s.partner[1][e.b] = e.b, e.a
			sure = append(sure, e)
		case Ask:
			s.asked[0][e.a] = append(s.asked[0][e.a], e)
			s.asked[1][e.b] = append(s.asked[1][e.b], e)
		}
	}
	chances := make(map[int32]float64, len(sure))
	for _, e := range sure {
		chances[e.a] = e.chance
	}
	return slices.Concat(s.leading(chances), s.others())
}

func (s *assembly) leading(chances map[int32]float64) []Match {
	list := make([]Match, 0, len(s.ids[0]))
	for i, id := range s.ids[0] {
		m := Match{Lead: id}
		switch j := s.partner[0][i]; {
		case j >= 0:
			m.Answer, m.Other = Same, s.ids[1][j]
			m.Candidates = []Candidate{{ID: m.Other, Chance: chances[int32(i)], Reasons: s.explain(int32(i), j)}}
		case len(s.asked[0][i]) > 0:
			m.Answer, m.Candidates = Ask, s.candidates(0, s.asked[0][i])
		default:
			m.Answer = Different
		}
		list = append(list, m)
	}
	return list
}

// others are those of the other extract whom no match of the leading one mentions.
func (s *assembly) others() []Match {
	var list []Match
	for j, id := range s.ids[1] {
		if s.partner[1][j] >= 0 {
			continue
		}
		m := Match{Answer: Different, Other: id}
		if asked := s.asked[1][j]; len(asked) > 0 {
			if slices.ContainsFunc(asked, func(e edge) bool { return s.partner[0][e.a] < 0 }) {
				continue
			}
			m.Answer, m.Candidates = Ask, s.candidates(1, asked)
		}
		list = append(list, m)
	}
	return list
}

// candidates are whom one of a side could be.
func (s *assembly) candidates(side int, asked []edge) []Candidate {
	asked = slices.Clone(asked)
	slices.SortStableFunc(asked, func(x, y edge) int { return cmp.Compare(y.chance, x.chance) })
	list := make([]Candidate, len(asked))
	for i, e := range asked {
		at := e.b
		if side == 1 {
			at = e.a
		}
		list[i] = Candidate{ID: s.ids[1-side][at], Chance: e.chance, Reasons: s.explain(e.a, e.b), Doubts: s.doubts(e)}
	}
	return list
}

// doubts are why a pair is asked about.
func (s *assembly) doubts(e edge) []Doubt {
	var list []Doubt
	if e.doubt != "" {
		list = append(list, e.doubt)
	}
	if s.partner[0][e.a] >= 0 || s.partner[1][e.b] >= 0 {
		list = append(list, MatchedBetter)
	}
	if len(s.asked[0][e.a]) > 1 || len(s.asked[1][e.b]) > 1 {
		list = append(list, Several)
	}
	if len(list) == 0 {
		list = append(list, TooLittle)
	}
	return list
}
