package ad_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"orgit.dk/orgit/apply/ad"
)

// TestCatalogue holds the attributes that orgit may write against the schema of a real
// directory: each is there, holds one value or several as orgit takes it, takes as many
// characters, and may stand on an account. Exchange's are not in every schema.
func TestCatalogue(t *testing.T) {
	d := realDirectory(t)
	conn := d.connect(t)
	schema := "CN=Schema,CN=Configuration," + d.base
	for _, a := range ad.Catalogue() {
		found, err := conn.Search(search(schema, ldap.ScopeSingleLevel, "(lDAPDisplayName="+a.Name+")",
			"lDAPDisplayName", "isSingleValued", "rangeUpper", "attributeSyntax", "systemOnly"))
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Entries) == 0 {
			if !strings.HasPrefix(a.Name, "extensionAttribute") && !strings.HasPrefix(a.Name, "msExch") && a.Name != "mailNickname" {
				t.Errorf("%s is not in the schema", a.Name)
			}
			continue
		}
		e := found.Entries[0]
		if name := e.GetAttributeValue("lDAPDisplayName"); name != a.Name {
			t.Errorf("%s is written %s", a.Name, name)
		}
		single := e.GetAttributeValue("isSingleValued") == "TRUE"
		if single == a.Set && a.Name != "description" {
			t.Errorf("%s: single-valued %v, orgit takes it for a set %v", a.Name, single, a.Set)
		}
		if upper, err := strconv.Atoi(e.GetAttributeValue("rangeUpper")); err == nil && (a.Max == 0 || a.Max > upper) {
			t.Errorf("%s takes %d characters, orgit lets %d through", a.Name, upper, a.Max)
		}
		if syntax := e.GetAttributeValue("attributeSyntax"); !slices.Contains([]string{"2.5.5.12", "2.5.5.5", "2.5.5.4", "2.5.5.8"}, syntax) {
			t.Errorf("%s has the syntax %s, which is no text", a.Name, syntax)
		}
		if e.GetAttributeValue("systemOnly") == "TRUE" {
			t.Errorf("%s is the directory's own", a.Name)
		}
	}
}

// TestExchangeIsNotThere: attributes that the schema lacks are said before anything is
// planned.
func TestExchangeIsNotThere(t *testing.T) {
	s := newSandbox(t, realDirectory(t))
	l := newLine(t, s)
	o := organisation(t, s.unique(smallTown), withAttribute("extensionAttribute1", "", "{{.Account.Name}}"))
	r, err := ad.OpenReader(t.Context(), l.config(o))
	s.must(err)
	defer r.Close()
	if _, err := r.Actual(t.Context()); !errors.Is(err, ad.ErrNotConfigured) || !strings.Contains(err.Error(), "no extensionAttribute1") {
		t.Errorf("%v", err)
	}
}

// TestCatalogueOnAnAccount: every attribute of the catalogue that the schema has may be
// written to an account.
func TestCatalogueOnAnAccount(t *testing.T) {
	d := realDirectory(t)
	s := newSandbox(t, d)
	s.must(s.addUser("CN=alle,"+s.ou, "sAMAccountName", s.login("alle")))
	for _, a := range ad.Catalogue() {
		value := map[string]string{"sAMAccountName": s.login("alle2"), "userPrincipalName": s.login("alle") + "@x.example", "c": "DK", "proxyAddresses": "smtp:a@x.example"}[a.Name]
		if value == "" {
			value = "1"
		}
		err := s.modify("CN=alle,"+s.ou, "replace", a.Name, value)
		if ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchAttribute) && (strings.HasPrefix(a.Name, "ext") || strings.HasPrefix(a.Name, "msExch") || a.Name == "mailNickname") {
			continue // Exchange's schema is not there
		}
		if err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
}
