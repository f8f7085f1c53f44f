package adtest

import (
	"sync"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// ReadFault is a failure of reading that the server is told to have. The zero value is none.
type ReadFault struct {
	AtPage   int    // the page of a paged search that it strikes: 1 is the next one
	DirSync  bool   // it strikes every search for changes instead
	Code     uint16 // the result code of the answer; 0: the connection is closed
	Referral string // the page is answered, and says that a part is kept there
	NoPaging bool   // the page is answered without saying whether there is another
	Times    int    // how often it strikes, each time at AtPage; 0: once
}

// readFaults holds the failure to come.
type readFaults struct {
	mu    sync.Mutex
	next  ReadFault
	count int
}

// InjectRead makes the server fail at reading, as f says. It replaces an earlier fault.
func (s *Server) InjectRead(f ReadFault) {
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	s.reads.next, s.reads.count = f, 0
}

// page counts a page that is asked for and gives the fault that meets it.
func (f *readFaults) page() (ReadFault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next.AtPage == 0 {
		return ReadFault{}, false
	}
	if f.count++; f.count < f.next.AtPage {
		return ReadFault{}, false
	}
	hit := f.next
	if f.count = 0; f.next.Times <= 1 {
		f.next = ReadFault{}
	} else {
		f.next.Times--
	}
	return hit, true
}

// changes gives the fault that meets a search for changes.
func (f *readFaults) changes() (ReadFault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next, f.next.DirSync
}

// fail answers a search as the fault says; ok is false when the fault lets it be answered.
func (s *session) fail(id int64, f ReadFault) (goesOn, ok bool) {
	switch {
	case f.Code != 0:
		return s.done(id, refuse(f.Code, "refused on request of the test"), nil), true
	case f.Referral != "":
		op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "reference")
		op.AppendChild(octets(f.Referral))
		return s.send(id, op), false
	case f.NoPaging:
		return true, false
	}
	return false, true
}
