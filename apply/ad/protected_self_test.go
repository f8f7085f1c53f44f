package ad_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/ad"
)

// credentialCache writes a cache without tickets, as MIT's version 4 of it.
func credentialCache(t *testing.T, realm string, components ...string) string {
	t.Helper()
	data := []byte{5, 4, 0, 12, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0}
	number := func(n int) { data = binary.BigEndian.AppendUint32(data, uint32(n)) }
	number(1) // a principal
	number(len(components))
	for _, text := range append([]string{realm}, components...) {
		number(len(text))
		data = append(data, text...)
	}
	return cacheOf(t, data)
}

func cacheOf(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cache")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSelf: orgit knows the account that it logs in as, in every form in which the settings, or a
// ticket, name it.
func TestSelf(t *testing.T) {
	const dn, upn = "CN=orgit,CN=Users,DC=korsbaek,DC=example", "svc-orgit@korsbaek.example"
	for _, c := range []struct {
		name   string
		config ad.Config
	}{
		{"a DN", ad.Config{BindDN: "cn=Orgit, CN=Users,DC=korsbaek,DC=example"}},
		{"the old form", ad.Config{BindDN: `KORSBAEK\Orgit`}},
		{"a UPN", ad.Config{BindDN: "SVC-orgit@korsbaek.example"}},
		{"a keytab's principal", ad.Config{Kerberos: &ad.Kerberos{User: "Orgit", Realm: "KORSBAEK.EXAMPLE"}}},
		{"a UPN in a keytab", ad.Config{Kerberos: &ad.Kerberos{User: "svc-orgit", Realm: "KORSBAEK.EXAMPLE"}}},
		{"a cache", ad.Config{Kerberos: &ad.Kerberos{CacheFile: credentialCache(t, "KORSBAEK.EXAMPLE", "orgit")}}},
		{"a cache beside another principal in the settings",
			ad.Config{Kerberos: &ad.Kerberos{User: "annj", CacheFile: credentialCache(t, "KORSBAEK.EXAMPLE", "orgit")}}},
	} {
		for _, object := range []struct {
			dn, login, upn string
			self           bool
		}{
			{dn, "orgit", upn, true},
			{"CN=annj,OU=Skole,DC=korsbaek,DC=example", "annj", "annj@korsbaek.example", false},
			{"CN=tom,OU=Skole,DC=korsbaek,DC=example", "", "", false},
		} {
			if got, err := ad.IsSelf(c.config, object.dn, object.login, object.upn); err != nil || got != object.self {
				t.Errorf("%s: %s is itself: %v %v, want %v", c.name, object.dn, got, err, object.self)
			}
		}
	}
	if got, err := ad.IsSelf(ad.Config{Kerberos: &ad.Kerberos{}}, dn, "", ""); err != nil || got {
		t.Errorf("without a name somebody is it: %v", err)
	}
}

// TestCacheThatCannotBeRead: a file that is no cache, or a part of one, is the settings' fault, and
// nothing goes on without knowing who logs in.
func TestCacheThatCannotBeRead(t *testing.T) {
	whole, err := os.ReadFile(credentialCache(t, "K.EXAMPLE", "orgit"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"nothing": filepath.Join(t.TempDir(), "nothing"), "text": cacheOf(t, []byte("no cache")), "nobody": credentialCache(t, "K.EXAMPLE"),
	}
	for n := range len(whole) {
		files["cut at "+string(rune('0'+n/10))+string(rune('0'+n%10))] = cacheOf(t, whole[:n])
	}
	for name, file := range files {
		_, err := ad.IsSelf(ad.Config{Kerberos: &ad.Kerberos{CacheFile: file}}, "CN=x", "", "")
		if !errors.Is(err, ad.ErrNotConfigured) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
