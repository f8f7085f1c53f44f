package adtest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// searchRequest is a search as the protocol carries it.
type searchRequest struct {
	base       string
	scope      int64
	match      filter
	attributes []string
}

// found is one object of a result, already rendered: later writes do not change
// the pages that are still to be sent.
type found struct {
	dn         string
	attributes []attributeValues
}

// search gives the objects of a request, in the order of their objectGUID: no
// client may rely on parents coming first.
func (d *directory) search(q searchRequest) ([]found, *refusal) {
	if q.base == "" && q.scope == ldap.ScopeBaseObject {
		return []found{d.rootDSE(q.attributes)}, nil
	}
	base, r := d.find(q.base)
	if r != nil {
		if f, ok := d.configured(q.base, q.attributes); ok && q.scope == ldap.ScopeBaseObject {
			return []found{f}, nil
		}
		return nil, r
	}
	var hits []*node
	d.collect(base, q, q.scope, &hits)
	slices.SortFunc(hits, func(a, b *node) int { return bytes.Compare(a.guid[:], b.guid[:]) })
	out := make([]found, len(hits))
	for i, n := range hits {
		out[i] = found{n.dn(), d.attributesOf(n, q.attributes)}
	}
	return out, nil
}

func (d *directory) collect(n *node, q searchRequest, scope int64, hits *[]*node) {
	if scope != ldap.ScopeSingleLevel && q.match(n) {
		*hits = append(*hits, n)
	}
	if scope == ldap.ScopeBaseObject {
		return
	}
	next := int64(ldap.ScopeWholeSubtree)
	if scope == ldap.ScopeSingleLevel {
		next = ldap.ScopeBaseObject
	}
	for _, child := range n.children {
		d.collect(child, q, next, hits)
	}
}

// attributesOf gives the attributes of an object that were asked for: by name, or
// all with * or an empty list. Passwords are never among them.
func (d *directory) attributesOf(n *node, asked []string) []attributeValues {
	parts := make([]wanted, 0, len(asked))
	for _, name := range asked {
		if name != "*" {
			parts = append(parts, parseWanted(name))
		}
	}
	if len(asked) == 0 || slices.Contains(asked, "*") {
		for _, key := range d.schema.names {
			if !slices.ContainsFunc(parts, func(w wanted) bool { return w.name == key }) {
				parts = append(parts, wanted{name: key, to: -1})
			}
		}
	}
	var out []attributeValues
	for _, w := range parts {
		a := d.schema.attributes[w.name]
		if a == nil || a.hidden || a.name == "canonicalName" {
			continue
		}
		if values := d.get(n, w.name); len(values) > 0 {
			out = append(out, d.part(a.name, values, w))
		}
	}
	slices.SortStableFunc(out, func(a, b attributeValues) int { return strings.Compare(a.name, b.name) })
	return out
}

// search answers a search request, a page of it when paging is asked for.
func (s *session) search(m *message) bool {
	if since, ok := dirSyncOf(m.controls); ok {
		return s.dirSync(m, since)
	}
	page, size, cookie := pagingOf(m.controls)
	var fault ReadFault
	if page {
		var hit bool
		if fault, hit = s.server.reads.page(); hit {
			if goesOn, answered := s.fail(m.id, fault); answered {
				return goesOn
			}
		}
	}
	rest, known := s.pages[cookie]
	delete(s.pages, cookie)
	switch {
	case cookie != "" && !known:
		return s.done(m.id, refuse(53, "unknown paging cookie"), nil)
	case cookie == "":
		var r *refusal
		var ok bool
		if rest, r, ok = s.find(m.op); !ok {
			return false
		}
		if r != nil {
			return s.done(m.id, r, nil)
		}
	}
	var r *refusal
	limit := len(rest)
	if page {
		limit = min(limit, size)
	}
	if s.server.dir.rules.has(PageLimit) && limit > windowsPageLimit {
		if limit = windowsPageLimit; !page {
			r = refuse(4, "size limit exceeded")
		}
	}
	for _, f := range rest[:limit] {
		if _, err := s.out.Write(entryMessage(m.id, f)); err != nil {
			return false
		}
	}
	if !page || fault.NoPaging {
		return s.done(m.id, r, nil)
	}
	answer := ldap.NewControlPaging(0)
	if limit < len(rest) {
		s.cookie++
		next := strconv.Itoa(s.cookie)
		s.pages[next] = rest[limit:]
		answer.SetCookie([]byte(next))
	}
	return s.done(m.id, nil, answer)
}

// find carries out a search; ok is false when the request cannot be read.
func (s *session) find(op *ber.Packet) (hits []found, r *refusal, ok bool) {
	parts, err := children(op, 8)
	if err != nil {
		return nil, nil, false
	}
	scope, err := integer(parts[1])
	if err != nil {
		return nil, nil, false
	}
	q := searchRequest{base: text(parts[0]), scope: scope}
	if !s.bound && (q.base != "" || scope != ldap.ScopeBaseObject) {
		return nil, errUnbound(), true
	}
	if q.match, err = s.server.dir.compile(parts[6]); err != nil {
		return nil, nil, false
	}
	for _, a := range parts[7].Children {
		q.attributes = append(q.attributes, text(a))
	}
	s.server.dir.mu.Lock()
	defer s.server.dir.mu.Unlock()
	hits, r = s.server.dir.search(q)
	return hits, r, true
}

func (s *session) done(id int64, r *refusal, c ldap.Control) bool {
	p := envelope(id, resultPacket(ldap.ApplicationSearchResultDone, r))
	if c != nil {
		controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "controls")
		controls.AppendChild(c.Encode())
		p.AppendChild(controls)
	}
	_, err := s.out.Write(p.Bytes())
	return err == nil
}

// pagingOf reads the paged results control (RFC 2696).
func pagingOf(controls []control) (ok bool, size int, cookie string) {
	for _, c := range controls {
		if c.oid != ldap.ControlTypePaging {
			continue
		}
		p, err := ber.DecodePacketErr(c.value)
		if err != nil || len(p.Children) != 2 {
			continue
		}
		n, err := integer(p.Children[0])
		if err != nil || n < 1 {
			n = 1
		}
		return true, int(min(n, maxMessage)), text(p.Children[1])
	}
	return false, 0, ""
}
