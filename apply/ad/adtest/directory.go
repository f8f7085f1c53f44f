package adtest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// refusal is a result other than success: a code of RFC 4511, and a text that no
// client may decide by.
type refusal struct {
	code uint16
	text string
}

func (r *refusal) Error() string { return fmt.Sprintf("result code %d: %s", r.code, r.text) }

func refuse(code uint16, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

// node is an object of the directory. Links point at nodes, not at names, so a
// name that changes is right everywhere at once.
type node struct {
	parent   *node
	children map[string]*node // by rdnKey
	rdnType  string
	rdnValue string
	spelled  string // type and value as they stand in a DN
	class    *class
	guid     [16]byte
	values   map[string][]string // by the attribute's lower-case name
	links    map[string][]*node  // likewise
	back     map[string][]*node  // who links here, by the link's lower-case name
	password bool
	secret   string // the password itself
	suffix   string // the whole name of the root; empty elsewhere

	created, changed       time.Time
	usnCreated, usnChanged int64
}

// directory is the tree of objects. Exported functions of Server and the session
// take mu; the methods here expect it to be held.
type directory struct {
	mu     sync.Mutex
	schema *schema
	rules  Rules
	now    func() time.Time
	newID  func() [16]byte
	root   *node
	suffix string // the root's own name
	admin  *node
	// invocation is the identity of the database, which a restored one would change.
	invocation [16]byte
	byGUID     map[[16]byte]*node
	unique     map[string]map[string]*node // sAMAccountName and userPrincipalName, folded
	usn        int64
	writes     int
	graves     []grave // what was deleted, in order
}

func newDirectory(o Options) (*directory, error) {
	parsed, err := ldap.ParseDN(o.BaseDN)
	if err != nil || len(parsed.RDNs) == 0 {
		return nil, fmt.Errorf("base DN %q is no distinguished name", o.BaseDN)
	}
	d := &directory{
		schema: newSchema(), now: o.Now, newID: o.GUID, suffix: o.BaseDN,
		byGUID: map[[16]byte]*node{},
		unique: map[string]map[string]*node{"samaccountname": {}, "userprincipalname": {}},
	}
	d.invocation = o.GUID()
	first := parsed.RDNs[0].Attributes[0]
	d.root = d.newNode(nil, first.Type, first.Value, d.schema.classes["domaindns"])
	d.root.suffix = o.BaseDN
	users := map[string][]string{"objectClass": {"container"}}
	if r := d.add("CN=Users,"+o.BaseDN, sortedAttributes(users)); r != nil {
		return nil, fmt.Errorf("make the Users container: %w", r)
	}
	admin := "CN=Administrator,CN=Users," + o.BaseDN
	if r := d.add(admin, sortedAttributes(map[string][]string{
		"objectClass": {"user"}, "sAMAccountName": {"Administrator"}, "userAccountControl": {"66048"},
		"adminCount": {"1"},
	})); r != nil {
		return nil, fmt.Errorf("make the administrator: %w", r)
	}
	d.admin, _ = d.find(admin) // added above
	d.rules = o.Rules          // the administrator's password, which the server keeps, is no matter of the policy
	d.writes = 0
	return d, nil
}

// newNode makes an object and hangs it into the tree.
func (d *directory) newNode(parent *node, rdnType, rdnValue string, c *class) *node {
	n := &node{
		parent: parent, children: map[string]*node{}, rdnType: rdnType, class: c,
		guid: d.newID(), values: map[string][]string{}, links: map[string][]*node{}, back: map[string][]*node{},
	}
	n.called(rdnValue)
	n.created = d.now()
	d.byGUID[n.guid] = n
	if parent != nil {
		parent.children[d.rdnKey(rdnType, rdnValue)] = n
	}
	d.touch(n)
	n.usnCreated = n.usnChanged
	return n
}

// touch notes that an object has changed.
func (d *directory) touch(n *node) {
	d.usn++
	n.usnChanged = d.usn
	n.changed = d.now()
}

// get gives the values of an attribute as they are returned. The name is in lower
// case.
func (d *directory) get(n *node, name string) []string {
	switch name {
	case "distinguishedname":
		return []string{n.dn()}
	case "objectguid":
		return []string{string(n.guid[:])}
	case "name", strings.ToLower(n.rdnType):
		return []string{n.rdnValue}
	case "objectclass":
		return n.class.chain
	case "objectcategory":
		return []string{"CN=" + n.class.category + ",CN=Schema,CN=Configuration," + d.suffix}
	case "whencreated":
		return []string{generalizedTime(n.created)}
	case "whenchanged":
		return []string{generalizedTime(n.changed)}
	case "usncreated":
		return []string{strconv.FormatInt(n.usnCreated, 10)}
	case "usnchanged":
		return []string{strconv.FormatInt(n.usnChanged, 10)}
	}
	if forward := d.schema.forwards[name]; forward != "" {
		return names(n.back[forward])
	}
	if links := n.links[name]; len(links) > 0 {
		return names(links)
	}
	return n.values[name]
}

// first is the only value of an attribute that is no link, empty when it has none.
func (n *node) first(name string) string {
	if v := n.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func names(nodes []*node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.dn())
	}
	slices.Sort(out)
	return out
}

func generalizedTime(t time.Time) string { return t.UTC().Format("20060102150405") + ".0Z" }

// sid makes a security identifier of this domain from the object's place in time.
func sid(n int64) string {
	b := []byte{1, 5, 0, 0, 0, 0, 0, 5}
	for _, part := range []uint32{21, 1111111111, 2222222222, 3333333333, uint32(n) + 1000} {
		b = binary.LittleEndian.AppendUint32(b, part)
	}
	return string(b)
}
