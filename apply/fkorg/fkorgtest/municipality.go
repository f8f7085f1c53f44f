package fkorgtest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Municipality is what the stand-in holds for one CVR number. Nothing is shared between two of them.
type Municipality struct {
	server *Server
	cvr    string
}

// Of gives the municipality with a CVR number. It need not have been heard of before.
func (s *Server) Of(cvr string) *Municipality { return &Municipality{s, cvr} }

// Lists are the three lists of a registration, as elements.
type Lists struct{ Attributes, States, Relations *xmltree.Node }

func (l Lists) all() []*xmltree.Node { return []*xmltree.Node{l.Attributes, l.States, l.Relations} }

// lock gives the municipality's register; the caller unlocks.
func (m *Municipality) lock() (r *register, unlock func()) {
	m.server.mu.Lock()
	return m.server.store.of(m.cvr), m.server.mu.Unlock
}

// object finds an object; nil when there is none. The lock is held.
func (r *register) object(service, uuid string) *object {
	if sh := r.shelves[service]; sh != nil {
		return sh.objects[strings.ToLower(uuid)]
	}
	return nil
}

// Lost tells how many changes were overwritten by a ret when nobody had read the object since they were made.
func (m *Municipality) Lost() int {
	r, unlock := m.lock()
	defer unlock()
	return r.lost
}

// Dropped tells how many entries that were valid, or were to be, a ret has left out instead of sending them back or
// ending them. Relations that occur once and attributes do not count: they are overwritten. A correction counts: an entry
// whose beginning turns out to be another day, a second reference to the same address.
func (m *Municipality) Dropped() int {
	r, unlock := m.lock()
	defer unlock()
	return r.dropped
}

// UUIDs gives the objects of a service, sorted.
func (m *Municipality) UUIDs(service string) []string {
	r, unlock := m.lock()
	defer unlock()
	var out []string
	if sh := r.shelves[service]; sh != nil {
		for uuid := range sh.objects {
			out = append(out, uuid)
		}
	}
	slices.Sort(out)
	return out
}

// Object gives the newest registration of an object with all its entries, and its LivscyklusKode; ok is false when there
// is none.
func (m *Municipality) Object(service, uuid string) (lists Lists, code string, ok bool) {
	r, unlock := m.lock()
	defer unlock()
	o := r.object(service, uuid)
	if o == nil {
		return Lists{}, "", false
	}
	return r.shelves[service].service.tree(o.newest().lists), o.newest().code, true
}

// tree makes elements of entries.
func (s *service) tree(l lists) Lists {
	node := func(i int) *xmltree.Node {
		n := xmltree.Element(s.ns(), listNames[i])
		for _, e := range l[i] {
			n.Add(e.node())
		}
		return n
	}
	return Lists{node(attributes), node(states), node(relations)}
}

// node reads an entry back into an element.
func (e entry) node() *xmltree.Node {
	var b bytes.Buffer
	b.WriteString("<x")
	for space, prefix := range prefixes {
		b.WriteString(` xmlns:` + prefix + `="` + space + `"`)
	}
	b.WriteString(">")
	e.write(&b)
	b.WriteString("</x>")
	n, err := xmltree.Parse(b.Bytes())
	if err != nil {
		panic("an entry that was stored cannot be read: " + err.Error())
	}
	return n.Elements()[0]
}

// Registrations tells how often an object was registered.
func (m *Municipality) Registrations(service, uuid string) int {
	r, unlock := m.lock()
	defer unlock()
	o := r.object(service, uuid)
	if o == nil {
		return 0
	}
	return len(o.registrations)
}

// Edit registers what change makes of an object, as another system would. The rules are not asked, so that a test can
// store what the service would refuse today but holds from before.
func (m *Municipality) Edit(service, uuid string, change func(*Lists)) error {
	r, unlock := m.lock()
	defer unlock()
	o := r.object(service, uuid)
	if o == nil {
		return fmt.Errorf("edit %s %s: there is no such object", service, uuid)
	}
	sh := r.shelves[service]
	edited := sh.service.tree(o.newest().lists)
	change(&edited)
	var l lists
	for i, n := range edited.all() {
		l[i] = r.entries(n)
	}
	sh.add(o.uuid, registration{at: m.server.clock(), code: o.newest().code, lists: l})
	return nil
}

// Passivate ends an object, as another system would.
func (m *Municipality) Passivate(service, uuid string) error {
	r, unlock := m.lock()
	defer unlock()
	sh := r.shelves[service]
	if sh == nil {
		return fmt.Errorf("there is no service %s", service)
	}
	c := &call{register: r, shelf: sh, now: m.server.clock()}
	if res := c.end(strings.ToLower(uuid), codePassivated); res.status != statusOK {
		return fmt.Errorf("passivate %s %s: %s", service, uuid, res.message)
	}
	return nil
}

// DoubleAddress makes an object refer to its first address twice, as objects of the real service are found to do. Every
// ret that keeps both is refused.
func (m *Municipality) DoubleAddress(service, uuid string) error {
	found := false
	err := m.Edit(service, uuid, func(l *Lists) {
		first := l.Relations.Child(sd, "Adresser")
		if found = first != nil; found {
			l.Relations.Children = append([]*xmltree.Node{first.Clone()}, l.Relations.Children...)
		}
	})
	if err == nil && !found {
		return fmt.Errorf("double an address of %s %s: it has none", service, uuid)
	}
	return err
}

// Put registers an object made elsewhere: body is an ImportInput message. Rules hold as for importer.
func (m *Municipality) Put(service string, body []byte) error {
	in, err := xmltree.Parse(body)
	if err != nil {
		return err
	}
	return m.PutTree(service, in)
}

// PutTree is Put for a message that is not written out. It is the quick way to fill a store.
func (m *Municipality) PutTree(service string, in *xmltree.Node) error {
	sv := serviceNamed(service)
	if sv == nil {
		return fmt.Errorf("there is no service %s", service)
	}
	element, t := sv.input("importer")
	if !in.Is(sv.ns(), element) {
		return fmt.Errorf("importer %s: the message is %s, not %s", service, in.Name.Local, element)
	}
	if err := holdAgainst(in, t); err != nil {
		return err
	}
	r, unlock := m.lock()
	defer unlock()
	c := &call{register: r, shelf: r.shelves[service], now: m.server.clock()}
	if res := c.importer(in.Child(sv.ns(), sv.element)); res.status != statusOK {
		return fmt.Errorf("importer %s: status %d: %s", service, res.status, res.message)
	}
	return nil
}

// Dump writes everything that is valid now or later, sorted and readable, so that two states can be compared. Times of
// registration, indexes and life cycles of living objects are left out: they differ between two ways to the same state.
// So are CPR numbers: a test prints the difference.
func (m *Municipality) Dump() string {
	r, unlock := m.lock()
	defer unlock()
	var lines []string
	now := m.server.clock()
	for _, s := range services {
		for _, o := range r.shelves[s.name].objects {
			line := s.name + " " + o.uuid
			if !o.alive() {
				lines = append(lines, line+" "+o.newest().code)
				continue
			}
			for _, list := range o.newest().lists {
				for _, e := range list {
					if e.period.overlaps(interval{from: now}) {
						lines = append(lines, line+" "+entryText(e.node()))
					}
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// entryText is an entry in one line: its name and every text in it but the actor, the index and CPR numbers.
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
