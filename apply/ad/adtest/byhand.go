package adtest

import (
	"maps"
	"slices"
	"strings"
)

// Entry is an object as Entries shows it.
type Entry struct {
	DN         string
	Attributes map[string][]string
}

// Entries gives every object with all its attributes, sorted by name. It is for
// tests that compare two states of a directory.
func (s *Server) Entries() []Entry {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	var out []Entry
	for _, n := range s.dir.byGUID {
		e := Entry{DN: n.dn(), Attributes: map[string][]string{}}
		for _, a := range s.dir.attributesOf(n, []string{"*"}) {
			e.Attributes[a.name] = a.values
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.DN, b.DN) })
	return out
}

// Put adds an object by hand, as an administrator would beside orgit.
func (s *Server) Put(dn string, attributes map[string][]string) error {
	return s.byHand(func(d *directory) *refusal { return d.add(dn, sortedAttributes(attributes)) })
}

// Set replaces an attribute's values by hand; no values remove it.
func (s *Server) Set(dn, attribute string, values ...string) error {
	return s.byHand(func(d *directory) *refusal {
		return d.modify(dn, []modification{{replaceValues, attributeValues{attribute, values}}})
	})
}

// HasPassword reports whether somebody could log in as the object with the password, its
// being disabled and having to change it aside.
func (s *Server) HasPassword(dn, password string) bool {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	n, r := s.dir.find(dn)
	return r == nil && n.password && n.secret == password
}

// Remove deletes an object by hand.
func (s *Server) Remove(dn string) error {
	return s.byHand(func(d *directory) *refusal { return d.remove(dn) })
}

func (s *Server) byHand(change func(*directory) *refusal) error {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	before := s.dir.writes
	r := change(s.dir)
	s.dir.writes = before
	if r != nil {
		return r
	}
	return nil
}

func sortedAttributes(m map[string][]string) []attributeValues {
	var out []attributeValues
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, attributeValues{name, m[name]})
	}
	return out
}
