package adtest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// grave is what is left of a deleted object.
type grave struct {
	guid [16]byte
	usn  int64
}

// dirSyncOf reads the DirSync control (MS-ADTS 3.1.1.3.4.1.3).
func dirSyncOf(controls []control) (cookie string, ok bool) {
	for _, c := range controls {
		if c.oid != ldap.ControlTypeDirSync {
			continue
		}
		p, err := ber.DecodePacketErr(c.value)
		if err != nil || len(p.Children) != 3 {
			continue
		}
		return text(p.Children[2]), true
	}
	return "", false
}

// dirSync answers a search for what has changed since a cookie, which holds the update
// sequence number up to which everything was told.
func (s *session) dirSync(m *message, cookie string) bool {
	if fault, hit := s.server.reads.changes(); hit {
		goesOn, _ := s.fail(m.id, fault)
		return goesOn
	}
	parts, err := children(m.op, 8)
	if err != nil {
		return false
	}
	since := int64(0)
	if cookie != "" {
		if since, err = strconv.ParseInt(strings.TrimPrefix(cookie, "usn:"), 10, 64); err != nil {
			return s.done(m.id, refuse(12, "the cookie cannot be read"), nil)
		}
	}
	d := s.server.dir
	d.mu.Lock()
	hits, upTo, r, err := d.changedSince(text(parts[0]), parts[6], since)
	d.mu.Unlock()
	if err != nil {
		return false
	}
	if !s.bound {
		r = errUnbound()
	}
	if r != nil {
		return s.done(m.id, r, nil)
	}
	for _, f := range hits {
		if _, err := s.out.Write(entryMessage(m.id, f)); err != nil {
			return false
		}
	}
	return s.done(m.id, nil, ldap.NewRequestControlDirSync(0, 0, []byte("usn:"+strconv.FormatInt(upTo, 10))))
}

// changedSince gives the objects that have changed after a number, and deleted ones.
func (d *directory) changedSince(base string, p *ber.Packet, since int64) ([]found, int64, *refusal, error) {
	root, r := d.find(base)
	if r != nil || root != d.root {
		return nil, 0, refuse(53, "the base of DirSync is the domain"), nil
	}
	match, err := d.compile(p)
	if err != nil {
		return nil, 0, nil, err
	}
	var nodes []*node
	for _, n := range d.byGUID {
		if n.usnChanged > since && match(n) {
			nodes = append(nodes, n)
		}
	}
	slices.SortFunc(nodes, func(a, b *node) int { return bytes.Compare(a.guid[:], b.guid[:]) })
	var hits []found
	for _, n := range nodes {
		hits = append(hits, found{n.dn(), []attributeValues{{"objectGUID", []string{string(n.guid[:])}}}})
	}
	for _, g := range d.graves {
		if g.usn > since && since > 0 {
			hits = append(hits, found{"CN=deleted\\0ADEL:" + FormatGUID(g.guid) + ",CN=Deleted Objects," + d.suffix,
				[]attributeValues{{"isDeleted", []string{"TRUE"}}, {"objectGUID", []string{string(g.guid[:])}}}})
		}
	}
	return hits, d.usn, nil, nil
}
