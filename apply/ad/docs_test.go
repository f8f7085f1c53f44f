package ad_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"orgit.dk/orgit/apply/ad"
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
