package ad

import (
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// Known is an attribute of the catalogue, for the test that holds it against a schema.
type Known struct {
	Name string
	Max  int
	Set  bool
}

// Catalogue gives the attributes that orgit may write.
func Catalogue() []Known {
	var list []Known
	for _, a := range catalogue() {
		list = append(list, Known{a.name, a.max, a.set})
	}
	return list
}

// FieldNames are the fields of templates.
func FieldNames() []string { return fieldNames() }

// OrderOfControllers names the targets of SRV records in the order in which they are tried.
func OrderOfControllers(records []*net.SRV, random func(int) int) string {
	var names []string
	for _, r := range inOrder(records, random) {
		names = append(names, strings.TrimSuffix(r.Target, "."))
	}
	return strings.Join(names, " ")
}

// IsSelf reports whether a connection with a configuration takes an account for its own.
func IsSelf(c Config, dn, login, upn string) (bool, error) {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return false, err
	}
	if c.Kerberos, err = c.Kerberos.holder(); err != nil {
		return false, err
	}
	entry := ldap.NewEntry(dn, map[string][]string{attrUPN: {upn}})
	return (&connection{config: c}).isSelf(&object{Entry: entry, dn: parsed}, login), nil
}
