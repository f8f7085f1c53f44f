package adtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

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
		b.WriteString(at.spelled)
		b.WriteByte(',')
	}
	return b.String()
}

// called gives the object its name in its container.
func (n *node) called(value string) {
	n.rdnValue, n.spelled = value, strings.ToUpper(n.rdnType)+"="+escapeRDN(value)
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
