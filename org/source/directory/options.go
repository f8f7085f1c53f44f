package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/org"
)

// Options say what is read and how it is understood. Names of attributes, DNs and prefixes are
// compared without regard to case.
type Options struct {
	Source   string  // key of the source; empty: "ad"
	Name     string  // what people call it; empty: "AD"
	System   string  // of the accounts; empty: "ad"
	Document string  // the file or the server, for origins
	Day      org.Day // the day on which the directory said this
	BaseDN   string  // the root; what is not below it is left out

	Skip   []string // DNs that are left out with all that is below them
	Number string   // the attribute with the employee number; empty: employeeNumber
	CPR    string   // the attribute with the CPR number, such as employeeID; empty: there is none
	Anchor string   // the attribute with orgit's mark; empty: adminDescription
	// Grace is how long after its last day orgit lets an account work: accountExpires of an account with orgit's mark is so much later.
	Grace time.Duration
	// OwnOUs are the marks of OUs in which orgit keeps accounts and that are no units: quarantine
	// and the like.
	OwnOUs []org.UUID

	Service Pattern // accounts that programs run as
	Admin   Pattern // accounts that people have beside their own, to administer with
}

// Pattern tells accounts by where they stand or how they are named.
type Pattern struct {
	OUs    []string // DNs; everything below counts
	Logins []string // login names without regard to case; * at an end stands for anything: svc-*
}

// check fills in what is left out, and gives the base and the patterns in a form that compares.
func (o Options) check() (Options, *ldap.DN, error) {
	for _, d := range []struct {
		value    *string
		standard string
	}{{&o.Source, "ad"}, {&o.Name, "AD"}, {&o.System, "ad"}, {&o.Number, "employeeNumber"}, {&o.Anchor, "adminDescription"}} {
		if *d.value == "" {
			*d.value = d.standard
		}
	}
	if _, err := org.ParseDay(string(o.Day)); err != nil {
		return o, nil, fmt.Errorf("the day of the extract: %w", err)
	}
	if strings.EqualFold(o.CPR, o.Number) {
		return o, nil, errors.New("one attribute cannot hold both the employee number and the CPR number")
	}
	base, err := ldap.ParseDN(o.BaseDN)
	if err != nil || len(base.RDNs) == 0 {
		return o, nil, fmt.Errorf("the base DN %q is no distinguished name", o.BaseDN)
	}
	for _, list := range []*[]string{&o.Skip, &o.Service.OUs, &o.Admin.OUs} {
		*list = slices.Clone(*list)
		for i, text := range *list {
			dn, err := ldap.ParseDN(text)
			if err != nil || len(dn.RDNs) == 0 {
				return o, nil, fmt.Errorf("%q is no distinguished name", text)
			}
			(*list)[i] = key(dn)
		}
	}
	return o, base, nil
}

// matches reports whether an account is one of the pattern's.
func (p Pattern) matches(dn, login string) bool {
	return within(dn, p.OUs) || slices.ContainsFunc(p.Logins, func(pattern string) bool {
		return isCalled(strings.ToLower(login), strings.ToLower(pattern))
	})
}

// isCalled reports whether a pattern speaks of a login name; both in small letters.
func isCalled(login, pattern string) bool {
	middle, before := strings.CutPrefix(pattern, "*")
	middle, after := strings.CutSuffix(middle, "*")
	switch {
	case middle == "":
		return false // anything at all is nobody's naming
	case before && after:
		return strings.Contains(login, middle)
	case before:
		return strings.HasSuffix(login, middle)
	case after:
		return strings.HasPrefix(login, middle)
	}
	return login == middle
}

// within reports whether a DN is one of the list or below one; all as key gives them.
func within(dn string, list []string) bool {
	return slices.ContainsFunc(list, func(above string) bool { return dn == above || strings.HasSuffix(dn, ","+above) })
}

// key is a DN in a form in which two spellings of one name are equal.
func key(dn *ldap.DN) string { return strings.ToLower(dn.String()) }

// Attributes are those that are read.
func Attributes(o Options) []string {
	list := []string{"objectClass", "objectGUID", "ou", "sAMAccountName", "userPrincipalName", "userAccountControl", "accountExpires",
		"givenName", "sn", "displayName", "title", "mail", "telephoneNumber", "mobile", "physicalDeliveryOfficeName", "manager",
		"adminCount", "isCriticalSystemObject", "servicePrincipalName"}
	for _, name := range []string{o.Number, o.CPR, o.Anchor, "employeeNumber", "adminDescription"} {
		if name != "" && !slices.ContainsFunc(list, func(n string) bool { return strings.EqualFold(n, name) }) {
			list = append(list, name)
		}
	}
	return list
}
