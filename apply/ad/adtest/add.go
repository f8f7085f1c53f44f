package adtest

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// add carries out an add request.
func (d *directory) add(dn string, attributes []attributeValues) *refusal {
	rdns, r := splitDN(dn)
	if r != nil || len(rdns) == 0 {
		return refuse(34, "ldb_add: invalid dn '%s'", dn)
	}
	if d.walk(rdns) != nil {
		return refuse(68, "Entry %s already exists", dn)
	}
	parent := d.walk(rdns[1:])
	if parent == nil {
		return refuse(32, "Cannot add %s, parent does not exist!", dn)
	}
	rdnType, rdnValue := rdns[0].Type, rdns[0].Value
	var classes []string
	var others []attributeValues
	for _, a := range attributes {
		switch {
		case strings.EqualFold(a.name, "objectClass"):
			classes = append(classes, a.values...)
		case !strings.EqualFold(a.name, rdnType):
			others = append(others, a)
		case len(a.values) != 1 || !strings.EqualFold(a.values[0], rdnValue):
			return refuse(34, "RDN mismatch on %s", dn)
		}
	}
	c, r := d.schema.mostSpecific(classes)
	if r != nil {
		return r
	}
	if r := d.checkPlace(parent, c, rdnType, rdnValue); r != nil {
		return r
	}
	t := draft{values: map[string][]string{}, links: map[string][]*node{}}
	for _, a := range others {
		if r := d.addAttribute(&t, c, dn, a); r != nil {
			return r
		}
	}
	if r := d.settlePassword(&t, ""); r != nil {
		return r
	}
	if r := d.checkWhole(nil, c, withNewDefaults(t, c)); r != nil {
		return r
	}
	d.create(parent, c, rdnType, rdnValue, t)
	return nil
}

// addAttribute puts one attribute of an add request into the draft.
func (d *directory) addAttribute(t *draft, c *class, dn string, given attributeValues) *refusal {
	a, r := d.writable(c, given.name)
	if r != nil {
		return r
	}
	key := strings.ToLower(a.name)
	switch {
	case len(given.values) == 0:
		return refuse(19, "attribute '%s' on '%s' specified, but with 0 values (illegal)", a.name, dn)
	case !a.multi && len(t.values[key])+len(t.links[key])+len(given.values) > 1:
		return refuse(19, "SINGLE-VALUE attribute %s", a.name)
	case a.hidden:
		return d.setPassword(t, given.values)
	}
	t.pwdAsked = t.pwdAsked || a.name == "pwdLastSet"
	for _, v := range given.values {
		if a.syntax == link {
			if sameDN(v, dn) {
				return refuse(32, "Unable to find GUID for DN %s", v)
			}
			target, r := d.linkTarget(a, v)
			if r != nil {
				return r
			}
			t.links[key] = append(t.links[key], target)
			continue
		}
		if r := d.checkValue(a, v); r != nil {
			return r
		}
		t.values[key] = append(t.values[key], v)
	}
	return nil
}

// checkPlace checks that objects of class c may have this name below parent.
func (d *directory) checkPlace(parent *node, c *class, rdnType, rdnValue string) *refusal {
	if !strings.EqualFold(rdnType, c.rdn) {
		return refuse(64, "RDN attribute %s is not that of %s", rdnType, c.name)
	}
	if !containsFold(c.parents, parent.class.name) {
		return refuse(64, "%s cannot lie below %s", c.name, parent.class.name)
	}
	if d.rules.has(Lengths) && utf8.RuneCountInString(rdnValue) > maxWindowsRDN {
		return refuse(19, "%s is too long", rdnType)
	}
	return nil
}

// withNewDefaults gives a user what an add request that is silent about it means.
func withNewDefaults(t draft, c *class) draft {
	if c.name == "user" {
		if t.first("useraccountcontrol") == "" {
			t.values["useraccountcontrol"] = []string{strconv.Itoa(uacNormal | uacDisabled | uacNoPassword)}
		}
		if t.first("accountexpires") == "" {
			t.values["accountexpires"] = []string{neverExpires}
		}
	}
	return t
}

// create makes the object, with what the directory itself adds to it.
func (d *directory) create(parent *node, c *class, rdnType, rdnValue string, t draft) {
	n := d.newNode(parent, rdnType, rdnValue, c)
	t.values["instancetype"] = []string{"4"}
	switch c.name {
	case "user":
		t.values["samaccounttype"] = []string{typeUser}
		t.values["primarygroupid"] = []string{"513"}
		if t.first("pwdlastset") == "" {
			t.values["pwdlastset"] = []string{"0"}
		}
	case "group":
		t.values["samaccounttype"] = []string{typeGroup}
		if t.first("grouptype") == "" {
			t.values["grouptype"] = []string{"-2147483646"}
		}
	}
	if c.name == "user" || c.name == "group" {
		t.values["objectsid"] = []string{sid(n.usnCreated)}
		if t.first("samaccountname") == "" {
			t.values["samaccountname"] = []string{"$" + strings.ToUpper(hex.EncodeToString(n.guid[:8]))}
		}
	}
	d.commit(n, t)
	d.writes++
}

// linkTarget finds the object that a link names.
func (d *directory) linkTarget(a *attribute, dn string) (*node, *refusal) {
	target, r := d.find(dn)
	switch {
	case r == nil:
		return target, nil
	case a.name == "member":
		return nil, refuse(32, "00000525: specified dn doesn't exist: %s", dn)
	case r.code == 34:
		return nil, refuse(21, "attribute '%s' contains at least one invalid value", a.name)
	default:
		return nil, refuse(19, "000020B5: Referenced object not found: %s", dn)
	}
}

func sameDN(a, b string) bool {
	x, r := splitDN(a)
	if r != nil {
		return false
	}
	y, r := splitDN(b)
	if r != nil || len(x) != len(y) {
		return false
	}
	for i := range x {
		if !x[i].EqualFold(y[i]) {
			return false
		}
	}
	return true
}

// fileTime is Active Directory's count of 100 ns since 1601.
func fileTime(t time.Time) int64 {
	const secondsTo1970 = 11644473600
	return (t.Unix()+secondsTo1970)*1e7 + int64(t.Nanosecond()/100)
}
