package compare

import (
	"testing"
	"unicode"

	"orgit.dk/orgit/org/source"
)

func TestPlain(t *testing.T) {
	for _, test := range []struct{ a, b string }{
		{"Søren Åkjær", "soeren aakjaer"},
		{"SØREN  åkjær ", "Soeren Aakjaer"},
		{"Bækga\u030ard", "Bækgård"},
		{"René", "rene"},
		{"Anne-Marie", "Anne Marie"},
		{"O'Brien", "OBrien"},
		{"Łukasz Weiß", "lukasz weiss"},
		{"Þóra Guðrún", "thora gudrun"},
		{"ǣ", "ae"},
		{" - ", ""},
	} {
		if plain(test.a) != plain(test.b) {
			t.Errorf("plain(%q) = %q and plain(%q) = %q, want them equal", test.a, plain(test.a), test.b, plain(test.b))
		}
	}
}

func TestSound(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		alike bool
	}{
		{"kristian", "christian", true}, {"mads", "matz", false}, {"sofie", "sophie", true}, {"jakob", "jacob", true}, {"kjeld", "keld", true},
		{"hansen", "hanssen", true}, {"soerensen", "sorensen", true}, {"birte", "birthe", true}, {"majbritt", "maibrit", true},
		{"schmidt", "smidt", true}, {"wagner", "vagner", true}, {"jensen", "jansen", false}, {"anna", "anne", false},
	} {
		if got := sound(test.a) == sound(test.b); got != test.alike {
			t.Errorf("%s and %s sound alike: %v (%s, %s), want %v", test.a, test.b, got, sound(test.a), sound(test.b), test.alike)
		}
	}
}

func TestTypo(t *testing.T) {
	for _, test := range []struct {
		a, b string
		typo bool
	}{
		{"hansen", "hanesn", true}, {"hansen", "hanse", true}, {"bo", "ba", false}, {"lis", "lise", false}, {"pedersen", "petersen", true},
		{"kristoffersen", "kristofersne", true}, {"mette", "emil", false}, {"vestergaard", "oestergaard", true},
	} {
		a, b := word{text: test.a, mask: mask(test.a)}, word{text: test.b, mask: mask(test.b)}
		if isTypo(&a, &b) != test.typo || isTypo(&b, &a) != test.typo {
			t.Errorf("%s is a slip of %s: %v, want %v", test.a, test.b, !test.typo, test.typo)
		}
	}
}

func TestNicknames(t *testing.T) {
	lines := nicknameLines()
	for _, pair := range [][2]string{{"pernille", "nille"}, {"hans", "hasse"}, {"charlotte", "lotte"}} {
		if !share(lines[pair[0]], lines[pair[1]]) {
			t.Errorf("%s is not called %s", pair[0], pair[1])
		}
	}
	if share(lines["pernille"], lines["hasse"]) {
		t.Error("Pernille is called Hasse")
	}
}

// FuzzNames: whatever stands in a register can be compared, and a plain form is its own plain form.
func FuzzNames(f *testing.F) {
	f.Add("Søren", "Åkjær-Holm", "A.", "ǣ ")
	f.Add("", "\xff", "İ", "ﬁ½\u0301")
	f.Fuzz(func(t *testing.T, given, surname, otherGiven, otherSurname string) {
		for _, text := range []string{given, surname, otherGiven, otherSurname} {
			once := plain(text)
			if twice := plain(once); twice != once {
				t.Errorf("plain(%q) = %q, and that once more %q", text, once, twice)
			}
			for _, r := range once {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' {
					t.Errorf("plain(%q) has %q", text, r)
				}
			}
		}
		person := func(id, given, surname string) source.Person {
			return source.Person{ID: id, States: []source.PersonState{{Given: given, Surname: surname, Called: given + surname}}}
		}
		a := &source.Extract{Day: "2026-12-01", People: []source.Person{person("1", given, surname), person("2", otherGiven, otherSurname)},
			Units: []source.Unit{{ID: "a", States: []source.UnitState{{Name: given + surname, Parent: "a"}}}}}
		b := &source.Extract{Day: "2026-12-01", People: []source.Person{person("1", otherGiven, otherSurname), person("2", surname, given)},
			Units: []source.Unit{{ID: "a", States: []source.UnitState{{Name: otherSurname, Parent: "b"}}}}}
		Compare(a, b).Differences()
	})
}
