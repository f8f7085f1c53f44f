package propose_test

import (
	"errors"
	"strings"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

// TestCorrectionAsks: a correction with a day on which nothing began is asked about, for it would rewrite all that was before;
// one without a day, or with that on which the value began, is none.
func TestCorrectionAsks(t *testing.T) {
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	base := load(t, texts)
	name := org.Name{Given: "Ditte", Surname: "Holm"}
	of := func(person string, do propose.Kind, from org.Day) propose.Change {
		return propose.Change{Do: do, Person: person, From: from, Correct: true, Unit: "raadhuset", Title: "direktoer", Fraction: 0.5,
			Texts: propose.Texts{Name: name, Addresses: map[string]string{"phone": "+4544332299"}}}
	}
	unit := func(do propose.Kind, from org.Day) propose.Change {
		return propose.Change{Do: do, Unit: "vestre", Parent: "skolen", From: from, Correct: true,
			Texts: propose.Texts{UnitName: "Søen", Addresses: map[string]string{"phone": "+4544332299"}}}
	}
	for what, c := range map[string]struct {
		change propose.Change
		says   string // empty: it is done
	}{
		"no day":                   {of("pdated1", propose.DoMove, ""), ""},
		"its first day":            {of("pdated1", propose.DoMove, "2020-01-01"), ""},
		"another day":              {of("pdated1", propose.DoMove, "2027-01-01"), "fra 1. januar 2020 og ikke først fra 1. januar 2027. Skriv 1. januar 2020"},
		"an amendment's day":       {of("pdated1", propose.DoTitle, "2027-02-01"), ""},
		"the day after":            {of("pdated1", propose.DoTitle, "2027-02-02"), "fra 1. februar 2027 og ikke først fra 2. februar 2027"},
		"another field's":          {of("pdated1", propose.DoTitle, "2026-01-01"), "fra 1. januar 2020 og"},
		"a part's day":             {of("pdated1", propose.DoFraction, "2026-01-01"), ""},
		"a name":                   {of("pdated1", propose.DoName, ""), ""},
		"a name from a day":        {of("pdated1", propose.DoName, "2027-01-01"), "ikke først fra 1. januar 2027. Lad dagen være tom"},
		"a phone from a day":       {of("pdated1", propose.DoContact, "2027-01-01"), "ikke først fra 1. januar 2027. Lad dagen være tom"},
		"a unit's name":            {unit(propose.DoRenameUnit, "2007-01-01"), ""},
		"a unit's name from a day": {unit(propose.DoRenameUnit, "2027-01-01"), "fra 1. januar 2007 og"},
		"a unit's place":           {unit(propose.DoMoveUnit, "2027-01-01"), "fra 1. januar 2007 og"},
		"a unit's phone":           {unit(propose.DoUnitContact, "2027-01-01"), "fra 1. januar 2007 og"},
		"nobody":                   {of("p0", propose.DoName, "2027-01-01"), "ingen person"},
	} {
		t.Run(what, func(t *testing.T) {
			_, err := session(t, texts, base, today).Do(c.change)
			var refusal *propose.Refusal
			switch {
			case c.says == "" && err != nil:
				t.Error(err)
			case c.says == "":
			case !errors.As(err, &refusal) || !strings.Contains(refusal.In("da"), c.says):
				t.Errorf("got %v, want one with %q", err, c.says)
			}
		})
	}
}
