package change_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestStory says everything that lies between before.cue and after.cue in both languages.
func TestStory(t *testing.T) {
	changes := story(t)
	for _, lang := range []string{change.Danish, change.English} {
		var b strings.Builder
		for _, c := range changes {
			fmt.Fprintf(&b, "%-17s %s: %s\n", c.Unit, c.Kind, change.Sentence(c, lang))
		}
		golden(t, "testdata/story."+lang+".golden", b.String())
	}
}

// TestStoryHasEveryKind holds the story against the constants, so that no kind is without
// a sentence that somebody has read.
func TestStoryHasEveryKind(t *testing.T) {
	source, err := os.ReadFile("change.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, c := range story(t) {
		said[string(c.Kind)] = true
	}
	kinds := regexp.MustCompile(`Kind\s+= "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 30 {
		t.Fatalf("found only %d kinds in change.go", len(kinds))
	}
	for _, k := range kinds {
		if !said[k[1]] {
			t.Errorf("the story has no change of kind %s", k[1])
		}
	}
}

// TestShieldedValuesAreHidden looks for the phone numbers of people who are or were
// shielded.
func TestShieldedValuesAreHidden(t *testing.T) {
	found := false
	for _, c := range story(t) {
		if c.Subject.Key == "p-kim" && c.Kind == change.Contact {
			found = true
		}
		for _, text := range []string{c.From, c.To, change.Sentence(c, change.Danish), change.Sentence(c, change.English)} {
			if strings.Contains(text, "+453333") {
				t.Errorf("%s shows the phone number of a shielded person: %s", c.Path, text)
			}
		}
	}
	if !found {
		t.Error("the change of the phone number goes unsaid")
	}
}

func TestDay(t *testing.T) {
	tests := []struct {
		day    org.Day
		da, en string
	}{
		{"2026-12-01", "1. december 2026", "1 December 2026"},
		{"2027-03-31", "31. marts 2027", "31 March 2027"},
		{"", "", ""},
		{"snart", "snart", "snart"},
	}
	for _, tt := range tests {
		if got := change.Day(tt.day, change.Danish); got != tt.da {
			t.Errorf("Day(%q, da) = %q, want %q", tt.day, got, tt.da)
		}
		if got := change.Day(tt.day, change.English); got != tt.en {
			t.Errorf("Day(%q, en) = %q, want %q", tt.day, got, tt.en)
		}
	}
}

func story(t *testing.T) []change.Change {
	t.Helper()
	return change.Compare(parseFile(t, "testdata/before.cue"), parseFile(t, "testdata/after.cue"))
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", file, diff)
	}
}

// TestSentenceOfParts: a part of full time is said as people write it, also where a hundred times it is not quite a whole number.
func TestSentenceOfParts(t *testing.T) {
	c := change.Change{Kind: change.Fraction, Field: "fraction", From: "0.07", To: "0.676", Effect: "2027-01-01", Subject: change.Subject{Name: "Bo Ek"}}
	if got, want := change.Sentence(c, change.Danish), "Bo Ek går fra 7 % til 67,6 % af fuld tid fra 1. januar 2027."; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// TestSentenceOfLeaders: a leader who is not the ordinary one is called by the role.
func TestSentenceOfLeaders(t *testing.T) {
	of := func(kind change.Kind, field, role string) change.Change {
		return change.Change{Kind: kind, Field: field, Role: role, From: "Bo Ek", To: "Ida Dal", Effect: "2027-01-01", Subject: change.Subject{Name: "Østre Skole"}}
	}
	for want, c := range map[string]change.Change{
		"Ny leder af Østre Skole: Ida Dal (afløser Bo Ek) fra 1. januar 2027.":                          of(change.LeaderChange, "", ""),
		"Ny konstitueret leder af Østre Skole: Ida Dal (afløser Bo Ek) fra 1. januar 2027.":             of(change.LeaderChange, "", change.ActingRole),
		"Ny souschef i Østre Skole: Ida Dal (afløser Bo Ek) fra 1. januar 2027.":                        of(change.LeaderChange, "", "Souschef"),
		"Ny HR-ansvarlig i Østre Skole: Ida Dal fra 1. januar 2027.":                                    of(change.Appoint, "", "HR-ansvarlig"),
		"Bo Ek er konstitueret leder af Østre Skole til og med 1. januar 2027.":                         of(change.LeaderCorrect, "to", change.ActingRole),
		"Østre Skole er uden leder fra 1. januar 2027: Bo Ek er souschef til og med 31. december 2026.": of(change.Vacate, "", "Souschef"),
	} {
		if got := change.Sentence(c, change.Danish); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
