package adtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	uacDisabled   = 0x2
	uacNoPassword = 0x20 // no password required
	uacNormal     = 0x200
	neverExpires  = "9223372036854775807"
	typeUser      = "805306368" // sAMAccountType of a user
	typeGroup     = "268435456" // and of a group
)

// draft is what an object would carry after a change. Checks read the draft; only
// commit touches the object, so a request with one bad part changes nothing.
type draft struct {
	values      map[string][]string
	links       map[string][]*node
	password    bool
	secret      string // the password itself
	newPassword string // of this request
	pwdAsked    bool   // the request says something of pwdLastSet
}

func draftOf(n *node) draft {
	d := draft{values: map[string][]string{}, links: map[string][]*node{}, password: n.password, secret: n.secret}
	for name, v := range n.values {
		d.values[name] = slices.Clone(v)
	}
	for name, v := range n.links {
		d.links[name] = slices.Clone(v)
	}
	return d
}

func (t draft) equals(n *node) bool {
	return t.password == n.password && t.secret == n.secret && maps.EqualFunc(t.values, n.values, slices.Equal) &&
		maps.EqualFunc(t.links, n.links, slices.Equal)
}

func (t draft) first(name string) string {
	if v := t.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// writable finds an attribute type that a client may set on objects of class c.
func (d *directory) writable(c *class, name string) (*attribute, *refusal) {
	a, r := d.schema.attribute(name)
	switch {
	case r != nil:
		return nil, r
	case a.back:
		return nil, refuse(53, "'%s' must not be modified directly, it is a linked attribute", a.name)
	case a.system:
		return nil, refuse(19, "'%s' can only be modified as system", a.name)
	case !d.schema.allows(c, a):
		return nil, refuse(65, "attribute '%s' does not exist in the specified objectclasses", a.name)
	}
	return a, nil
}

// checkValue checks one value of an attribute that is no link.
func (d *directory) checkValue(a *attribute, v string) *refusal {
	invalid := refuse(21, "attribute '%s' contains at least one invalid value", a.name)
	if v == "" {
		return invalid
	}
	if a.syntax == number {
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			return invalid
		}
	}
	if a.max > 0 && utf8.RuneCountInString(v) > a.max {
		if d.rules.has(Lengths) {
			return refuse(19, "attribute '%s' is too long", a.name)
		}
		return invalid
	}
	switch a.name {
	case "sAMAccountName":
		return d.checkUserName(v)
	case "pwdLastSet":
		return d.checkPwdLastSet(v)
	}
	return nil
}

func (d *directory) checkUserName(v string) *refusal {
	if i := strings.IndexAny(v, "\"/\\[]:;|=,+*?<>"); i >= 0 {
		return refuse(19, "sAMAccountName contains invalid '%c' character", v[i])
	}
	if strings.HasSuffix(v, ".") {
		return refuse(19, "sAMAccountName ends with '.'")
	}
	if d.rules.has(Lengths) && utf8.RuneCountInString(v) > maxWindowsUserName {
		return refuse(80, "00000523: sAMAccountName is too long")
	}
	return nil
}

// checkWhole checks what concerns the object as a whole: names that must be
// unique, and that an enabled account has a password.
func (d *directory) checkWhole(n *node, c *class, t draft) *refusal {
	for name, code := range map[string]uint16{"samaccountname": 68, "userprincipalname": 19} {
		v := t.first(name)
		if other := d.unique[name][d.fold(v)]; v != "" && other != nil && other != n {
			return refuse(code, "%s '%s' is already in use", name, v)
		}
	}
	two := len(t.values["description"]) > 1 && (c.name == "user" || c.name == "group")
	if two && (n != nil || d.rules.has(OneDescription)) {
		return refuse(20, "description can have one value")
	}
	if c.name != "user" || !d.rules.has(PasswordToEnable) {
		return nil
	}
	uac, _ := strconv.ParseInt(t.first("useraccountcontrol"), 10, 64) // checked as a number
	if uac&(uacDisabled|uacNoPassword) == 0 && !t.password {
		return refuse(53, "0000052D: an account without a password cannot be enabled")
	}
	return nil
}

// commit makes the draft the object's state and keeps the indexes in step.
func (d *directory) commit(n *node, t draft) {
	for name, index := range d.unique {
		if old := n.values[name]; len(old) > 0 {
			delete(index, d.fold(old[0]))
		}
		if v := t.first(name); v != "" {
			index[d.fold(v)] = n
		}
	}
	for name, targets := range n.links {
		for _, target := range targets {
			target.back[name] = without(target.back[name], n)
		}
	}
	for name, targets := range t.links {
		for _, target := range targets {
			target.back[name] = append(target.back[name], n)
		}
	}
	n.values, n.links, n.password = t.values, t.links, t.password
	n.secret = t.secret
	d.touch(n)
}

func without(list []*node, n *node) []*node {
	return slices.DeleteFunc(slices.Clone(list), func(x *node) bool { return x == n })
}
