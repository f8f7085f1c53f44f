package adtest

import "strings"

// rename carries out a modify-DN request. superior is nil when the object stays
// below its parent. Names of the form <GUID=...> are not understood here, neither
// by Samba nor by this server.
func (d *directory) rename(dn, newRDN string, deleteOld bool, superior *string) *refusal {
	if strings.HasPrefix(dn, "<") {
		return refuse(32, "No such Base DN: %s", dn)
	}
	n, r := d.find(dn)
	if r != nil {
		return r
	}
	rdn, r := splitDN(newRDN)
	if r != nil || len(rdn) != 1 {
		return refuse(80, "invalid new RDN '%s'", newRDN)
	}
	if !deleteOld {
		return refuse(53, "Unwilling to perform. Old RDN must be deleted")
	}
	parent := n.parent
	if superior != nil {
		if parent, r = d.find(*superior); r != nil || strings.HasPrefix(*superior, "<") {
			return refuse(80, "Cannot rename %s, parent does not exist!", dn)
		}
	}
	if parent == nil || parent.below(n) {
		return refuse(53, "Cannot rename %s to be a child of itself", dn)
	}
	if r := d.checkPlace(parent, n.class, rdn[0].Type, rdn[0].Value); r != nil {
		return r
	}
	key := d.rdnKey(rdn[0].Type, rdn[0].Value)
	if other := parent.children[key]; other != nil && other != n {
		return refuse(68, "Entry %s already exists", other.dn())
	}
	d.writes++
	if parent == n.parent && rdn[0].Value == n.rdnValue {
		return nil
	}
	delete(n.parent.children, d.rdnKey(n.rdnType, n.rdnValue))
	n.parent = parent
	n.called(rdn[0].Value)
	parent.children[key] = n
	d.touch(n)
	return nil
}
