package fkorgtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Trouble is what goes wrong with one call. The zero value: nothing.
type Trouble struct {
	Latency    time.Duration
	DropBefore bool // the connection is cut and nothing was done
	DropAfter  bool // it was done, and the connection is cut before the answer
	HTTPStatus int  // answered with this status and a page of HTML; nothing was done
	Status     int  // answered with this StatusKode; nothing was done
	Message    string
	Forgery    Forgery // what is wrong with the security of the answer
}

// SetTrouble asks f before every call what shall go wrong with it; nil ends it. f may inspect and edit the server, and is
// called by several goroutines at once when there are several callers.
func (s *Server) SetTrouble(f func(Call) Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = f
}

func (s *Server) troubleFor(c Call) Trouble {
	s.mu.Lock()
	f := s.trouble
	s.mu.Unlock()
	if f == nil {
		return Trouble{}
	}
	return f(c)
}

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

// Writes tells how many calls there were that change something.
func (s *Server) Writes() int {
	total := 0
	for _, op := range []string{"importer", "ret", "passiver", "slet"} {
		total += s.Calls(Call{Operation: op})
	}
	return total
}

func matches(want, have string) bool { return want == "" || strings.EqualFold(want, have) }

// Journal gives every request so far, when Options.Journal is set.
func (s *Server) Journal() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal)
}

// Lost tells how many changes were overwritten by a writer who had not read the object after they were made.
func (s *Server) Lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.lost
}

// UUIDs gives the objects of a service, sorted.
func (s *Server) UUIDs(service string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for k := range s.store.objects {
		if k.service == service {
			out = append(out, k.uuid)
		}
	}
	slices.Sort(out)
	return out
}

// Object gives the newest registration of an object with all its entries, and its LivscyklusKode; ok is false when there
// is none.
func (s *Server) Object(service, uuid string) (lists Lists, code string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.store.objects[id{service, strings.ToLower(uuid)}]
	if o == nil {
		return Lists{}, "", false
	}
	return o.newest().clone(), o.newest().code, true
}

// Registrations tells how often an object was registered.
func (s *Server) Registrations(service, uuid string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.store.objects[id{service, strings.ToLower(uuid)}]
	if o == nil {
		return 0
	}
	return len(o.registrations)
}

// Edit registers what change makes of an object, as another system would. The rules are not asked, so that a test can
// store what the service would refuse today but holds from before.
func (s *Server) Edit(service, uuid string, change func(*Lists)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := id{service, strings.ToLower(uuid)}
	o := s.store.objects[at]
	if o == nil {
		return fmt.Errorf("edit %s %s: there is no such object", service, uuid)
	}
	lists := o.newest().clone()
	change(&lists)
	s.store.add(at, registration{at: s.clock(), code: o.newest().code, Lists: lists})
	return nil
}

// Put registers an object made elsewhere: body is an ImportInput message. Rules hold as for importer.
func (s *Server) Put(service string, body []byte) error {
	sv := serviceNamed(service)
	if sv == nil {
		return fmt.Errorf("there is no service %s", service)
	}
	in, err := xmltree.Parse(body)
	if err != nil {
		return err
	}
	_, t := sv.input("importer")
	if err := holdAgainst(in, t); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if res := s.store.importer(sv, in.Child(sv.ns(), sv.element), s.clock()); res.status != statusOK {
		return fmt.Errorf("importer %s: status %d: %s", service, res.status, res.message)
	}
	return nil
}

// Dump writes everything that is valid now or later, sorted and readable, so that two states can be compared. Times of
// registration, indexes and life cycles of living objects are left out: they differ between two ways to the same state.
func (s *Server) Dump() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	now := s.clock()
	for k, o := range s.store.objects {
		line := k.service + " " + k.uuid
		if !o.alive() {
			lines = append(lines, line+" "+o.newest().code)
			continue
		}
		for _, list := range o.newest().all() {
			for _, e := range list.Elements() {
				if validityOf(e).overlaps(interval{from: now}) {
					lines = append(lines, line+" "+entryText(e))
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// entryText is an entry in one line: its name and every text in it but the actor and the index.
func entryText(e *xmltree.Node) string {
	var words []string
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for _, c := range n.Children {
			switch {
			case c.IsText():
				words = append(words, c.Text)
			case c.Name.Local == "AktoerRef" || c.Name.Local == "AktoerTypeKode" || c.Name.Local == "Indeks" || c.Name.Local == "Label" ||
				c.Name.Local == "CPR-NummerTekst":
			default:
				walk(c)
			}
		}
	}
	walk(e)
	return e.Name.Local + " " + strings.Join(words, " ")
}
