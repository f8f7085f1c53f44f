package adtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// syntax is how values of an attribute are compared and checked.
type syntax int

const (
	textual syntax = iota // compared without regard to case
	number                // a signed 64-bit integer
	link                  // a distinguished name of an object that exists
	octet                 // bytes
	stamp                 // generalized time
)

// attribute is an attribute type of the schema.
type attribute struct {
	name   string
	syntax syntax
	multi  bool // holds more than one value
	max    int  // longest value in characters; 0 is no limit
	system bool // set by the directory alone: code 19
	back   bool // a back link, the other side of a link: code 53
	hidden bool // never returned: passwords
}

// class is an object class.
type class struct {
	name     string
	chain    []string // objectClass of an object of this class
	category string   // the objectCategory's cn
	rdn      string   // the naming attribute
	parents  []string // the classes it may lie below
	allowed  []string // its attributes beyond those of top
}

// schema is the part of Active Directory's schema (2012 R2) that the stand-in has.
type schema struct {
	attributes map[string]*attribute // by lower-case name
	classes    map[string]*class     // by lower-case name
	names      []string              // of the attributes, in lower case and in order
	top        []string              // the attributes that every class allows
	// forwards gives the link of a back link: directReports is the other side of manager.
	forwards map[string]string
}

// attribute finds an attribute type by its name in any case.
func (s *schema) attribute(name string) (*attribute, *refusal) {
	if a := s.attributes[strings.ToLower(name)]; a != nil {
		return a, nil
	}
	return nil, refuse(16, "attribute '%s' was not found in the schema", name)
}

// allows reports whether objects of class c may carry a.
func (s *schema) allows(c *class, a *attribute) bool {
	return slices.Contains(s.top, a.name) || slices.Contains(c.allowed, a.name)
}

func newSchema() *schema {
	s := &schema{
		attributes: map[string]*attribute{},
		classes:    map[string]*class{},
		forwards:   map[string]string{"directreports": "manager", "memberof": "member", "managedobjects": "managedby"},
	}
	s.addAttributes()
	s.names = slices.Sorted(maps.Keys(s.attributes))
	s.addClasses()
	return s
}

func (s *schema) define(a attribute) { s.attributes[strings.ToLower(a.name)] = &a }

// addAttributes fills in the attribute types. The lengths are the schema's rangeUpper.
func (s *schema) addAttributes() {
	for name, max := range map[string]int{
		"adminDescription": 1024, "adminDisplayName": 256, "displayName": 256, "wWWHomePage": 2048,
		"c": 3, "co": 128, "company": 64, "countryCode": 0, "department": 64, "division": 256,
		"employeeID": 16, "employeeNumber": 512, "employeeType": 256, "facsimileTelephoneNumber": 64,
		"givenName": 64, "homePhone": 64, "info": 1024, "initials": 6, "ipPhone": 64, "l": 128, "mail": 256,
		"mobile": 64, "pager": 64, "physicalDeliveryOfficeName": 128, "postalCode": 40, "sAMAccountName": 256,
		"sn": 64, "st": 128, "street": 1024, "streetAddress": 1024, "telephoneNumber": 64, "title": 128,
		"userPrincipalName": 1024, "gPLink": 0, "gPOptions": 0, "homeDirectory": 0, "scriptPath": 0,
		// The naming attributes are not checked for length: so Samba does.
		"cn": 0, "ou": 0,
	} {
		s.define(attribute{name: name, max: max})
	}
	for i := 1; i <= 20; i++ {
		s.define(attribute{name: fmt.Sprintf("msDS-cloudExtensionAttribute%d", i)})
	}
	for name, max := range map[string]int{
		"description": 1024, "extensionName": 0, "url": 0, "businessCategory": 128, "otherTelephone": 64,
		"servicePrincipalName": 0, "proxyAddresses": 1123, "objectClass": 0,
	} {
		s.define(attribute{name: name, multi: true, max: max})
	}
	for _, name := range []string{"accountExpires", "adminCount", "codePage", "groupType", "instanceType",
		"primaryGroupID", "pwdLastSet", "userAccountControl"} {
		s.define(attribute{name: name, syntax: number})
	}
	s.define(attribute{name: "manager", syntax: link})
	s.define(attribute{name: "managedBy", syntax: link})
	s.define(attribute{name: "member", syntax: link, multi: true})
	s.define(attribute{name: "unicodePwd", syntax: octet, hidden: true})
	for _, name := range []string{"directReports", "memberOf", "managedObjects"} {
		s.define(attribute{name: name, syntax: link, multi: true, back: true})
	}
	for name, kind := range map[string]syntax{
		"objectGUID": octet, "objectSid": octet, "whenCreated": stamp, "whenChanged": stamp, "uSNCreated": number,
		"uSNChanged": number, "sAMAccountType": number, "distinguishedName": link, "canonicalName": textual,
		"objectCategory": link, "name": textual,
	} {
		s.define(attribute{name: name, syntax: kind, system: true})
	}
}

func (s *schema) addClasses() {
	s.top = []string{"objectClass", "cn", "name", "description", "displayName", "adminDescription", "adminDisplayName",
		"extensionName", "url", "wWWHomePage", "instanceType", "distinguishedName", "objectGUID", "objectCategory",
		"whenCreated", "whenChanged", "uSNCreated", "uSNChanged", "canonicalName",
		"directReports", "memberOf", "managedObjects"}
	person := []string{"accountExpires", "adminCount", "businessCategory", "c", "co", "codePage", "company",
		"countryCode", "department", "division", "employeeID", "employeeNumber", "employeeType",
		"facsimileTelephoneNumber", "givenName", "homeDirectory", "homePhone", "info", "initials", "ipPhone", "l",
		"mail", "manager", "mobile", "objectSid", "otherTelephone", "ou", "pager", "physicalDeliveryOfficeName",
		"postalCode", "primaryGroupID", "proxyAddresses", "pwdLastSet", "sAMAccountName", "sAMAccountType",
		"scriptPath", "servicePrincipalName", "sn", "st", "street", "streetAddress", "telephoneNumber", "title",
		"unicodePwd", "userAccountControl", "userPrincipalName"}
	for i := 1; i <= 20; i++ {
		person = append(person, fmt.Sprintf("msDS-cloudExtensionAttribute%d", i))
	}
	folders := []string{"organizationalUnit", "container", "domainDNS"}
	for _, c := range []class{
		{name: "domainDNS", chain: []string{"top", "domain", "domainDNS"}, category: "Domain-DNS", rdn: "dc"},
		{name: "container", chain: []string{"top", "container"}, category: "Container", rdn: "cn", parents: folders},
		{name: "organizationalUnit", chain: []string{"top", "organizationalUnit"}, category: "Organizational-Unit",
			rdn: "ou", parents: []string{"organizationalUnit", "domainDNS"},
			allowed: []string{"ou", "c", "co", "managedBy", "street", "l", "st", "postalCode", "businessCategory",
				"telephoneNumber", "facsimileTelephoneNumber", "physicalDeliveryOfficeName", "gPLink", "gPOptions"}},
		{name: "user", chain: []string{"top", "person", "organizationalPerson", "user"}, category: "Person",
			rdn: "cn", parents: folders, allowed: person},
		{name: "group", chain: []string{"top", "group"}, category: "Group", rdn: "cn", parents: folders,
			allowed: []string{"adminCount", "groupType", "info", "mail", "managedBy", "member", "objectSid",
				"proxyAddresses", "sAMAccountName", "sAMAccountType", "telephoneNumber"}},
	} {
		s.classes[strings.ToLower(c.name)] = &c
	}
}

// mostSpecific gives the class of an object from the objectClass values of an add
// request: the one whose chain holds all that were named.
func (s *schema) mostSpecific(names []string) (*class, *refusal) {
	if len(names) == 0 {
		return nil, refuse(65, "no objectClass")
	}
	known := map[string]bool{}
	for _, c := range s.classes {
		for _, name := range c.chain {
			known[strings.ToLower(name)] = true
		}
	}
	for _, name := range names {
		if !known[strings.ToLower(name)] {
			return nil, refuse(16, "objectClass '%s' was not found in the schema", name)
		}
	}
	for _, name := range names {
		c := s.classes[strings.ToLower(name)]
		if c != nil && !slices.ContainsFunc(names, func(n string) bool { return !containsFold(c.chain, n) }) {
			return c, nil
		}
	}
	return nil, refuse(65, "no structural class in %s", strings.Join(names, ", "))
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}
