package org

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/schema"
)

// checkSources finds what the settings say of how a directory is read as a register and that cannot be followed, or has no effect.
func (o *Organisation) checkSources() []schema.Diagnostic {
	c := &sourceCheck{org: o}
	for _, key := range sortedKeys(o.Settings.Sources) {
		c.key, c.source = key, o.Settings.Sources[key]
		c.accounts("serviceAccounts", c.source.ServiceAccounts)
		c.accounts("adminAccounts", c.source.AdminAccounts)
		c.number()
	}
	return c.findings
}

// sourceCheck looks at one source after the other.
type sourceCheck struct {
	org      *Organisation
	key      string
	source   Source
	findings []schema.Diagnostic
}

func (c *sourceCheck) add(severity schema.Severity, message, hint string, at ...string) {
	c.findings = append(c.findings, c.org.finding(severity, "source-accounts", PathOf("sources", c.key, at...), message, hint))
}

// unused finds a setting of directories at a source that is none.
func (c *sourceCheck) unused(field string) bool {
	if c.source.Kind == "ad" {
		return false
	}
	c.add(schema.Warning, fmt.Sprintf("the source %s is no directory: its %s is never used", c.key, field), `state it at the source with kind: "ad"`, field)
	return true
}

// shortestPattern is how many characters a pattern with * has at least. Fewer are in the login names of most people, who would be
// in the directory no longer.
const shortestPattern = 2

func (c *sourceCheck) accounts(field string, p AccountPattern) {
	if len(p.Logins)+len(p.OUs) == 0 || c.unused(field) {
		return
	}
	for i, pattern := range p.Logins {
		at := []string{field, "logins", strconv.Itoa(i)}
		if strings.Contains(pattern, "*") && len([]rune(strings.Trim(pattern, "*"))) < shortestPattern {
			c.add(schema.Error, fmt.Sprintf("the pattern %s fits the accounts of many people", pattern), "name more of what those accounts have in common, such as svc-*", at...)
		}
		if field == "adminAccounts" && slices.ContainsFunc(c.source.ServiceAccounts.Logins, func(other string) bool { return strings.EqualFold(other, pattern) }) {
			c.add(schema.Warning, fmt.Sprintf("the pattern %s is in serviceAccounts too, which counts", pattern), "take one of them out", at...)
		}
	}
	for i, ou := range p.OUs {
		if dn, err := ldap.ParseDN(ou); err != nil || len(dn.RDNs) == 0 {
			c.add(schema.Error, fmt.Sprintf("%q is no distinguished name", ou), "it looks like OU=Servicekonti,OU=Organisation,DC=korsbaek,DC=example", field, "ous", strconv.Itoa(i))
		}
	}
}

// number finds an attribute for employee numbers that holds CPR numbers.
func (c *sourceCheck) number() {
	name := c.source.NumberAttribute
	if name == "" || c.unused("numberAttribute") {
		return
	}
	ad := c.org.Settings.Targets.AD
	if ad == nil || ad.CPRAttribute == "" && !slices.Contains(ad.Match, "cpr") {
		return
	}
	if strings.EqualFold(name, cmp.Or(ad.CPRAttribute, "employeeID")) {
		c.add(schema.Error, fmt.Sprintf("the attribute %s holds CPR numbers (targets.ad.match, cprAttribute) and cannot hold employee numbers too", name),
			"name the attribute with the employee number", "numberAttribute")
	}
}
