package ad_test

import (
	"testing"

	"orgit.dk/orgit/apply/ad"
)

// TestSelf: orgit knows the account that it logs in as, in every form in which the settings name it.
func TestSelf(t *testing.T) {
	const dn = "CN=orgit,CN=Users,DC=korsbaek,DC=example"
	for _, c := range []struct {
		name   string
		config ad.Config
	}{
		{"a DN", ad.Config{BindDN: "cn=Orgit, CN=Users,DC=korsbaek,DC=example"}},
		{"the old form", ad.Config{BindDN: `KORSBAEK\Orgit`}},
		{"a keytab's principal", ad.Config{Kerberos: &ad.Kerberos{User: "Orgit", Realm: "KORSBAEK.EXAMPLE"}}},
	} {
		if !ad.IsSelf(c.config, dn, "orgit") {
			t.Errorf("%s: it does not know itself", c.name)
		}
		if ad.IsSelf(c.config, "CN=annj,OU=Skole,DC=korsbaek,DC=example", "annj") {
			t.Errorf("%s: it takes somebody else for itself", c.name)
		}
	}
	if ad.IsSelf(ad.Config{Kerberos: &ad.Kerberos{}}, dn, "") {
		t.Error("without a name nobody is it")
	}
}
