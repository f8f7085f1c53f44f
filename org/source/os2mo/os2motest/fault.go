package os2motest

// FaultKind is what goes wrong.
type FaultKind int

const (
	ErrorIn200     FaultKind = iota + 1 // errors and no data, with status 200
	PartialData                         // errors beside data
	BadGateway                          // 502
	ExpiredToken                        // 401, and the token is not taken any more
	RepeatedCursor                      // the cursor that was sent comes back as the next
	MissingPage                         // the objects of the page are left out
	RepeatedPage                        // the objects of the page come twice
	CutAnswer                           // the connection breaks off in the middle
	CutJSON                             // the text ends in the middle, with a whole answer's length
	NoPageInfo                          // nothing is said of further pages
)

// Fault goes wrong with a page of a collection, or with the token endpoint ("token").
type Fault struct {
	Collection string
	Operation  string // name of the operation; empty for each
	Page       int    // from 1; 0 for each
	Kind       FaultKind
	Times      int // how often; each time when 0
}

// Fault makes something go wrong from now on.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// strike gives the fault of a page, 0 for none, and counts it.
func (s *Server) strike(collection string, page int, kinds ...FaultKind) FaultKind {
	for _, f := range s.faults {
		if f.Collection != collection || f.Operation != "" && f.Operation != s.asking || f.Page != 0 && f.Page != page || f.Times < 0 {
			continue
		}
		for _, kind := range kinds {
			if f.Kind != kind {
				continue
			}
			if f.Times--; f.Times == 0 {
				f.Times = -1
			} else if f.Times < 0 {
				f.Times = 0
			}
			return kind
		}
	}
	return 0
}
