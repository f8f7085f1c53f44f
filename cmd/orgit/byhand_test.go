package main

import (
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/apply"
)

// cmdDrag moves an object of the directory by hand, as somebody does with the mouse: drag LOGIN
// OU puts an account into the OU with that name, and drag ou OLD NEW renames an OU.
func cmdDrag(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	conn := d.dial(ts)
	defer conn.Close()
	if args[0] == "ou" {
		ts.Check(conn.ModifyDN(ldap.NewModifyDNRequest(d.ou(ts, conn, args[1]), "OU="+ldap.EscapeDN(args[2]), true, "")))
		return
	}
	dn := d.dn(ts, conn, args[0])
	name, err := ldap.ParseDN(dn)
	ts.Check(err)
	rdn := "CN=" + strings.ReplaceAll(ldap.EscapeDN(name.RDNs[0].Attributes[0].Value), "=", `\=`)
	ts.Check(conn.ModifyDN(ldap.NewModifyDNRequest(dn, rdn, true, d.ou(ts, conn, args[1]))))
}

// cmdScope lets orgit keep the OU with that name alone, or with no name all of it again.
func cmdScope(ts *testscript.TestScript, _ bool, args []string) {
	d := directoryOf(ts)
	if len(args) == 0 {
		ts.Setenv("ORGIT_AD_BASE_DN", d.base)
		return
	}
	conn := d.dial(ts)
	defer conn.Close()
	ts.Setenv("ORGIT_AD_BASE_DN", d.ou(ts, conn, args[0]))
}

// ou finds the OU with a name.
func (d *directory) ou(ts *testscript.TestScript, conn *ldap.Conn, name string) string {
	found, err := conn.Search(ldap.NewSearchRequest(d.base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, "(ou="+ldap.EscapeFilter(name)+")", []string{"1.1"}, nil))
	ts.Check(err)
	if len(found.Entries) != 1 {
		ts.Fatalf("%d OUs %s in the directory, want 1", len(found.Entries), name)
	}
	return found.Entries[0].DN
}

// cmdBusy is another run under way in the repository until the script ends: busy DIR.
func cmdBusy(ts *testscript.TestScript, _ bool, args []string) {
	release, err := apply.Lock(ts.MkAbs(args[0] + "/.git/orgit"))
	ts.Check(err)
	ts.Defer(func() { ts.Check(release()) })
}
