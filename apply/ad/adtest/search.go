package adtest

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// windowsPageLimit is Windows' MaxPageSize: what a read without paging gets at most.
const windowsPageLimit = 1000

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
	all := len(asked) == 0 || slices.Contains(asked, "*")
	wanted := map[string]bool{}
	for _, name := range asked {
		wanted[strings.ToLower(name)] = true
	}
	var out []attributeValues
	for _, key := range slices.Sorted(maps.Keys(d.schema.attributes)) {
		a := d.schema.attributes[key]
		if a.hidden || (!all && !wanted[key]) || a.name == "canonicalName" {
			continue
		}
		if values := d.get(n, key); len(values) > 0 {
			out = append(out, attributeValues{a.name, values})
		}
	}
	return out
}

// rootDSE describes the server; it needs no bind.
func (d *directory) rootDSE(asked []string) found {
	all := []attributeValues{
		{"currentTime", []string{generalizedTime(d.now())}},
		{"defaultNamingContext", []string{d.suffix}},
		{"highestCommittedUSN", []string{strconv.FormatInt(d.usn, 10)}},
		{"namingContexts", []string{d.suffix}},
		{"rootDomainNamingContext", []string{d.suffix}},
		{"supportedCapabilities", []string{"1.2.840.113556.1.4.800"}}, // "this is an Active Directory"
		{"supportedControl", []string{ldap.ControlTypePaging}},
		{"supportedLDAPVersion", []string{"3"}},
	}
	if len(asked) == 0 || slices.Contains(asked, "*") {
		return found{"", all}
	}
	return found{"", slices.DeleteFunc(all, func(a attributeValues) bool { return !containsFold(asked, a.name) })}
}
