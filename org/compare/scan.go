package compare

import (
	"runtime"
	"sync"
)

// Pairs that are less likely than one in 2¹² are forgotten, whatever a manager might add.
const leastBits = -12

// certain is the number of bits from which a pair that a sure key joins teaches the model.
const certain = 7

// learn counts on the pairs that sure keys join how often people's fields agree.
func (s *scorer) learn(seeds [][2]int32) {
	var counted [fields][levels]int
	for _, seed := range seeds {
		t := s.score(&s.r.people[0][seed[0]], &s.r.people[1][seed[1]])
		if t.bits < certain || t.doubt != "" {
			continue
		}
		for _, e := range t.entries[:t.n] {
			counted[e.field][e.level]++
		}
	}
	s.model = learn(&counted)
}

// sure is who each of the leading people is, by the seeds that nothing speaks against.
func (s *scorer) sure(seeds [][2]int32) []int32 {
	to := make([]int32, len(s.r.people[0]))
	for i := range to {
		to[i] = -1
	}
	for _, seed := range seeds {
		if t := s.score(&s.r.people[0][seed[0]], &s.r.people[1][seed[1]]); t.bits >= certain && t.doubt == "" {
			to[seed[0]] = seed[1]
		}
	}
	return to
}

// scan weighs every pair that has something in common, in order.
func (s *scorer) scan() []edge {
	lead, others := s.r.people[0], s.r.people[s.side]
	x := newIndex(s.r.words, others)
	return inParts(len(lead), func(from, to int) []edge {
		var edges []edge
		var keys []blockKey
		seen := make([]int32, len(others))
		for i := from; i < to; i++ {
			keys = s.r.words.blockKeys(keys, &lead[i], s.units.to, asking)
			for _, key := range keys {
				for _, j := range x.find(key) {
					if seen[j] == int32(i)+1 || s.side == 0 && j <= int32(i) {
						continue
					}
					seen[j] = int32(i) + 1
					if t := s.score(&lead[i], &others[j]); t.bits >= leastBits || t.keys > 0 {
						edges = append(edges, edge{a: int32(i), b: j, bits: t.bits, key: t.keys > 0, doubt: t.doubt})
					}
				}
			}
		}
		return edges
	})
}

// again weighs pairs once more, now that it is known who the managers are.
func (s *scorer) again(edges []edge) []edge {
	return inParts(len(edges), func(from, to int) []edge {
		part := edges[from:to:to]
		for i := range part {
			t := s.score(&s.r.people[0][part[i].a], &s.r.people[s.side][part[i].b])
			part[i].bits, part[i].key, part[i].doubt = t.bits, t.keys > 0, t.doubt
		}
		return part
	})
}

// inParts does 0 to n in parts side by side and gives what they make in order.
func inParts(n int, part func(from, to int) []edge) []edge {
	parts := make([][]edge, runtime.GOMAXPROCS(0))
	var running sync.WaitGroup
	for i := range parts {
		running.Go(func() { parts[i] = part(n*i/len(parts), n*(i+1)/len(parts)) })
	}
	running.Wait()
	var all []edge
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
