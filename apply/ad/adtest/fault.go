package adtest

import "sync"

// FaultKind is a way in which a directory fails its client.
type FaultKind int

const (
	// LostRequest closes the connection; the write is not carried out.
	LostRequest FaultKind = iota
	// LostAnswer carries the write out and closes the connection unanswered.
	LostAnswer
	// NoAnswer carries the write out and keeps the connection open, unanswered:
	// what a client sees as a timeout.
	NoAnswer
	// Refused answers the write with Fault.Code and does not carry it out.
	Refused
)

// Fault is one failure that the server is told to have.
type Fault struct {
	// AtWrite is the write request that it strikes: 1 is the next one.
	AtWrite int
	// Kind is what happens to that request.
	Kind FaultKind
	// Code is the result code of a Refused write.
	Code uint16
	// Stay: from then on every connection is closed, also new ones, until Mend.
	// It shows what a killed run or a server that stays away leaves behind.
	Stay bool
}

// faults holds the failure to come. The zero value has none.
type faults struct {
	mu     sync.Mutex
	next   *Fault
	stays  bool
	deaths int // how often a fault that stays has struck
}

// Inject makes the server fail once, as f says. It replaces an earlier fault.
func (s *Server) Inject(f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.next = &f
}

// Mend removes a fault that has not struck and ends one that stays.
func (s *Server) Mend() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.next, s.faults.stays = nil, false
}

// strike counts a write request and gives the fault that meets it, or nil.
func (f *faults) strike() *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next == nil {
		return nil
	}
	f.next.AtWrite--
	if f.next.AtWrite > 0 {
		return nil
	}
	hit := f.next
	f.next = nil
	if hit.Stay {
		f.stays = true
		f.deaths++
	}
	return hit
}

// gone reports whether the server plays dead.
func (f *faults) gone() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stays
}

// lived is how many deaths of the server a session that begins now comes after.
func (f *faults) lived() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deaths
}

// died reports whether the server has died since. What a dead server had read and not
// carried out is never done, not even when it lives again.
func (f *faults) died(since int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deaths != since
}
