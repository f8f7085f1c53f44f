package schema

import "testing"

// TestGuarded: a person's contact data is not repeated; everything else is.
func TestGuarded(t *testing.T) {
	for path, kept := range map[string]bool{
		`people."p1".addresses.phone`:                     false,
		`people."p1".addresses`:                           false,
		`people."p1".on."2026-12-01".addresses.room`:      false,
		`people."p1".engagements."a".unit`:                true,
		`units."skolen".addresses.phone`:                  true,
		`people."addresses".engagements."addresses".unit`: true,
		``: true,
	} {
		d := Diagnostic{Path: path, Message: `"10 55 98 76" does not fit`, Hint: "write +4510559876"}.Guarded()
		if got := d.Message == `"10 55 98 76" does not fit` && d.Hint != ""; got != kept {
			t.Errorf("%s: %+v", path, d)
		}
	}
}
