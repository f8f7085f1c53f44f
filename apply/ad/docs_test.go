package ad_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
)

// TestDocs: the page for administrators names every attribute that orgit writes, with its
// length, and every field of templates; and no field that there is not.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/active-directory.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, a := range ad.Catalogue() {
		if strings.HasPrefix(a.Name, "extensionAttribute") || strings.HasPrefix(a.Name, "msDS-cloud") {
			continue // given as a range
		}
		want := "`" + a.Name + "`"
		if a.Set {
			want += "*"
		}
		if a.Max > 0 {
			want += fmt.Sprintf(" %d", a.Max)
		}
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	known := map[string]bool{}
	for _, name := range ad.FieldNames() {
		known[name] = true
		if part, rest, _ := strings.Cut(name, "."); part == "Above" || part == "Area" {
			name = "Unit." + rest
		}
		if !strings.Contains(page, "`."+name+"`") {
			t.Errorf("the page does not say .%s", name)
		}
	}
	for _, m := range regexp.MustCompile(`[{ `+"`"+`]\.([A-Z][A-Za-z.]+)`).FindAllStringSubmatch(page, -1) {
		if name := strings.TrimSuffix(m[1], "."); !known[name] && name != "Above" && name != "Area" {
			t.Errorf("the page says .%s, which there is not", name)
		}
	}
}

// TestDelegation: the rights that the page delegates are those with which .ci/samba/least.sh proves that they are enough,
// and every attribute that orgit writes without settings is among them.
func TestDelegation(t *testing.T) {
	page, err := os.ReadFile("../../docs/active-directory.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("../../.ci/samba/delegate.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ class, constant string }{{"user", "OF_USERS"}, {"organizationalUnit", "OF_OUS"}} {
		told := regexp.MustCompile(`for %a in \(([^)]*)\) do dsacls %OU% /I:S /G "%TO%:RPWP;%a;` + c.class + `"`).FindSubmatch(page)
		tried := regexp.MustCompile(c.constant + ` = "+([^"]*)"+\.split`).FindSubmatch(script)
		if told == nil || tried == nil {
			t.Fatalf("%s: the page or the script does not list attributes", c.class)
		}
		if diff := cmp.Diff(sorted(strings.Fields(string(tried[1]))), sorted(strings.Fields(string(told[1])))); diff != "" {
			t.Errorf("%s (-tried +told)\n%s", c.class, diff)
		}
		for _, name := range ad.PlainAttributes(&org.ADSettings{}) {
			if c.class == "user" && !slices.Contains(strings.Fields(string(told[1])), name) {
				t.Errorf("the right to write %s is not delegated", name)
			}
		}
	}
}
