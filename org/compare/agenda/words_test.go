package agenda

import (
	"testing"

	"orgit.dk/orgit/org/compare"
)

// TestWords: whatever a comparison can say is said in both languages.
func TestWords(t *testing.T) {
	for _, kind := range Kinds() {
		for _, lang := range []string{"da", "en"} {
			if text := Heading(kind, lang); text == "" || text == string(kind) {
				t.Errorf("%s has no heading in %s: %q", kind, lang, text)
			}
		}
	}
	silent := map[compare.Field]bool{compare.Identity: true, compare.Manager: true, compare.SharedPhone: true, compare.Decided: true, wholeName: true} // never differ
	for f := wholeName; f <= compare.Decided; f++ {
		for l := compare.Differs; l <= compare.Near; l++ {
			words := fieldWords(f, l)
			if (words.da == "" || words.en == "") != (l == compare.Differs && silent[f]) {
				t.Errorf("%v %v: %q, %q", f, l, words.da, words.en)
			}
		}
	}
	for _, d := range []compare.Doubt{compare.TooLittle, compare.Several, compare.OtherCPR, compare.OtherName, compare.NotPersonal, compare.MatchedBetter} {
		if doubtWords(d, "da") == "" || doubtWords(d, "en") == doubtWords(d, "da") {
			t.Errorf("the doubt %s: %q, %q", d, doubtWords(d, "da"), doubtWords(d, "en"))
		}
	}
}

func TestReasonWords(t *testing.T) {
	for _, test := range []struct {
		reason compare.Reason
		hidden bool
		want   string
	}{
		{compare.Reason{Field: compare.CPR, Level: compare.Equal, Lead: "0101010000", Other: "0101010000"}, false, "samme CPR-nummer"},
		{compare.Reason{Field: compare.CPR, Level: compare.Differs, Lead: "0101010000", Other: "0301010001"}, false, "forskellige CPR-numre"},
		{compare.Reason{Field: compare.Number, Level: compare.Equal, Lead: "1003", Other: "1003"}, false, "samme medarbejdernummer 1003"},
		{compare.Reason{Field: compare.Number, Level: compare.Equal, Lead: "1003, 1004", Other: "1004"}, false, "samme medarbejdernummer 1004"},
		{compare.Reason{Field: compare.Number, Level: compare.Equal, Lead: "1003", Other: "1003"}, true, "samme medarbejdernummer"},
		{compare.Reason{Field: compare.Surname, Level: compare.Spelling, Lead: "Kristensen", Other: "Christensen"}, true, "efternavnet lyder ens: Kristensen / Christensen"},
		{compare.Reason{Field: compare.Given, Level: compare.Nickname, Lead: "Pernille", Other: "Nille"}, false, "det ene fornavn er et kaldenavn: Pernille / Nille"},
		{compare.Reason{Field: compare.Unit, Level: compare.Equal, Lead: "Skolen", Other: "Skolen"}, true, "samme enhed Skolen"},
		{compare.Reason{Field: compare.Phone, Level: compare.Differs, Lead: "+4510000001", Other: "+4510000002"}, true, "forskellige telefonnumre"},
		{compare.Reason{Field: compare.Name, Level: compare.Typo, Lead: "Skole", Other: "Skoel"}, false, "navnet ligner: Skole / Skoel"},
	} {
		if got := reasonWords(test.reason, "da", test.hidden); got != test.want {
			t.Errorf("%+v: %q, want %q", test.reason, got, test.want)
		}
	}
}

// TestIdentifier: the same records have the same ID, other ones another, and a letter that is wrong is noticed.
func TestIdentifier(t *testing.T) {
	a, b := Key{"opus", "1001"}, Key{"ad", "x"}
	id := identifier(compare.PersonName, a, b)
	if id != identifier(compare.PersonName, a, b) || !WellFormed(id) || id[0] != 'P' {
		t.Errorf("%s", id)
	}
	for _, other := range []string{identifier(compare.PersonPhone, a, b), identifier(compare.PersonName, Key{"opus", "1002"}, b), identifier(compare.PersonName, a, Key{"ad", ""}), identifier(AskUnit, a, b)} {
		if other == id || !WellFormed(other) {
			t.Errorf("%s and %s", id, other)
		}
	}
	noticed := 0
	for _, letter := range letters {
		if !WellFormed(id[:3] + string(letter) + id[4:]) {
			noticed++
		}
	}
	if noticed < 28 { // of 31 that are wrong
		t.Errorf("of 31 mistyped IDs %d are noticed", noticed)
	}
	for _, text := range []string{"", "P", "H12", id + "X", "X" + id[1:]} {
		if WellFormed(text) {
			t.Errorf("%q is taken for an ID", text)
		}
	}
}
