package fkorgtest

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SetClock changes the server's clock.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// Calls tells how often an operation was called. Empty fields of c match anything.
func (s *Server) Calls(c Call) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for k, count := range s.calls {
		if matches(c.Service, k.Service) && matches(c.Operation, k.Operation) && matches(c.UUID, k.UUID) {
			total += count
		}
	}
	return total
}

func matches(want, have string) bool { return want == "" || strings.EqualFold(want, have) }

// Writes tells how many calls there were that change something.
func (s *Server) Writes() int {
	total := 0
	for _, c := range s.Counts() {
		if writes(c.Operation) {
			total += c.Calls
		}
	}
	return total
}

// Count is how often an operation was called.
type Count struct {
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Calls     int    `json:"calls"`
}

// Counts tells how often each operation was called, sorted by service and operation.
func (s *Server) Counts() []Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	sums := map[Call]int{}
	for c, n := range s.calls {
		c.UUID = ""
		sums[c] += n
	}
	out := make([]Count, 0, len(sums))
	for c, n := range sums {
		out = append(out, Count{c.Service, c.Operation, n})
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Operation, b.Operation))
	})
	return out
}

// Journal gives every request so far, when Options.Journal is set.
func (s *Server) Journal() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal)
}
