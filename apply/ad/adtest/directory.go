package adtest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/text/unicode/norm"
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
	byGUID map[[16]byte]*node
	unique map[string]map[string]*node // sAMAccountName and userPrincipalName, folded
	usn    int64
	writes int
	graves []grave // what was deleted, in order
}

func newDirectory(o Options) (*directory, error) {
	parsed, err := ldap.ParseDN(o.BaseDN)
	if err != nil || len(parsed.RDNs) == 0 {
		return nil, fmt.Errorf("base DN %q is no distinguished name", o.BaseDN)
	}
	d := &directory{
		schema: newSchema(), rules: o.Rules, now: o.Now, newID: o.GUID, suffix: o.BaseDN,
		byGUID: map[[16]byte]*node{},
		unique: map[string]map[string]*node{"samaccountname": {}, "userprincipalname": {}},
	}
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
		"adminCount": {"1"}, "unicodePwd": {quoteUTF16(o.Password)},
	})); r != nil {
		return nil, fmt.Errorf("make the administrator: %w", r)
	}
	d.admin, _ = d.find(admin) // added above
	d.writes = 0
	return d, nil
}

// newNode makes an object and hangs it into the tree.
func (d *directory) newNode(parent *node, rdnType, rdnValue string, c *class) *node {
	n := &node{
		parent: parent, children: map[string]*node{}, rdnType: rdnType, rdnValue: rdnValue, class: c,
		guid: d.newID(), values: map[string][]string{}, links: map[string][]*node{}, back: map[string][]*node{},
	}
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

// fold makes two spellings that the directory takes for one name equal.
func (d *directory) fold(s string) string {
	s = strings.ToLower(s)
	if d.rules != Windows {
		return s
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return strings.ReplaceAll(plain, "ø", "o")
}

func (d *directory) rdnKey(rdnType, rdnValue string) string {
	return strings.ToLower(rdnType) + "=" + d.fold(rdnValue)
}

// dn spells the object's distinguished name.
func (n *node) dn() string {
	var b strings.Builder
	for at := n; at != nil; at = at.parent {
		if at.parent == nil {
			b.WriteString(at.suffix)
			break
		}
		b.WriteString(strings.ToUpper(at.rdnType) + "=" + escapeRDN(at.rdnValue) + ",")
	}
	return b.String()
}

// escapeRDN escapes a value as Samba does: hexadecimal for = ; and control
// characters, so that a client which compares spellings is found out.
func escapeRDN(value string) string {
	escaped := ldap.EscapeDN(value)
	return strings.NewReplacer("=", `\3D`, `\;`, `\3B`, "\n", `\0A`, "\r", `\0D`).Replace(escaped)
}

// below reports whether n is top or lies below it.
func (n *node) below(top *node) bool {
	for at := n; at != nil; at = at.parent {
		if at == top {
			return true
		}
	}
	return false
}

// find gives the object that a DN names, in the form <GUID=...> too. The code of
// the refusal is 34 for a malformed name and 32 for one that does not exist.
func (d *directory) find(dn string) (*node, *refusal) {
	if len(dn) > 6 && strings.EqualFold(dn[:6], "<GUID=") && dn[len(dn)-1] == '>' {
		if id, ok := parseGUID(dn[6 : len(dn)-1]); ok && d.byGUID[id] != nil {
			return d.byGUID[id], nil
		}
		return nil, refuse(32, "No such Base DN: %s", dn)
	}
	rdns, r := splitDN(dn)
	if r != nil {
		return nil, r
	}
	if n := d.walk(rdns); n != nil {
		return n, nil
	}
	return nil, refuse(32, "No such Base DN: %s", dn)
}

// walk follows a name down from the root, or gives nil.
func (d *directory) walk(rdns []*ldap.AttributeTypeAndValue) *node {
	suffix, _ := splitDN(d.suffix) // it was parsed when the directory was made
	below := len(rdns) - len(suffix)
	if below < 0 {
		return nil
	}
	for i, part := range suffix {
		if !rdns[below+i].EqualFold(part) {
			return nil
		}
	}
	at := d.root
	for i := below - 1; i >= 0 && at != nil; i-- {
		at = at.children[d.rdnKey(rdns[i].Type, rdns[i].Value)]
	}
	return at
}

// splitDN takes a DN apart, the deepest name first. Names of several attributes
// and values with an unescaped = are malformed in Active Directory.
func splitDN(dn string) ([]*ldap.AttributeTypeAndValue, *refusal) {
	malformed := refuse(34, "invalid dn '%s'", dn)
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return nil, malformed
	}
	var out []*ldap.AttributeTypeAndValue
	equals := 0
	for _, rdn := range parsed.RDNs {
		if len(rdn.Attributes) != 1 || rdn.Attributes[0].Value == "" {
			return nil, malformed
		}
		out = append(out, rdn.Attributes[0])
		equals++
	}
	if unescapedEquals(dn) != equals {
		return nil, malformed
	}
	return out, nil
}

func unescapedEquals(dn string) int {
	count := 0
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case '=':
			count++
		}
	}
	return count
}

// parseGUID reads an objectGUID in dashed form or as hexadecimal of its bytes.
func parseGUID(s string) (id [16]byte, ok bool) {
	digits := strings.ReplaceAll(s, "-", "")
	if len(digits) != 32 {
		return id, false
	}
	for i := range id {
		b, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			return id, false
		}
		id[i] = byte(b)
	}
	if len(s) == 36 {
		slices.Reverse(id[0:4])
		slices.Reverse(id[4:6])
		slices.Reverse(id[6:8])
	}
	return id, true
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
	for forward, back := range d.schema.backs {
		if name == back {
			return names(n.back[forward])
		}
	}
	if links := n.links[name]; len(links) > 0 {
		return names(links)
	}
	return n.values[name]
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
