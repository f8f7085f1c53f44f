package username

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

func candidates(rules org.Usernames, given, surname string) []string {
	return slices.Collect(Candidates(rules, org.Name{Given: given, Surname: surname}))
}

func TestCandidates(t *testing.T) {
	tests := []struct {
		name           string
		rules          org.Usernames
		given, surname string
		want           []string
	}{
		{"leading letters", org.Usernames{Patterns: []string{"FFFL", "FFLL"}}, "Anna Marie", "Jensen", []string{"annj", "anje"}},
		{"further given names", org.Usernames{Patterns: []string{"F123L", "F12LL"}}, "Anna Bodil Camilla Dorte Eva", "Friis", []string{"abcdf", "abcfr"}},
		{"a part that is missing", org.Usernames{Patterns: []string{"F12L", "FFL"}}, "Anna Bodil", "Friis", []string{"anf"}},
		{"a part that is too short", org.Usernames{Patterns: []string{"FFFL", "FFLL"}}, "Bo", "Li", []string{"boli"}},
		{"Danish letters", org.Usernames{Patterns: []string{"FFFLLL", "F*L"}}, "Søren", "Ærø", []string{"soeaer", "soerena"}},
		{"letters as the rules say", org.Usernames{Patterns: []string{"FFFL"}, Letters: map[string]string{"ø": "o", "å": "a"}}, "Søren", "Åby", []string{"sora"}},
		{"composed and not", org.Usernames{Patterns: []string{"F*"}, MinLength: 2}, "A\u030ase", "B", []string{"aase"}},
		{"whole parts", org.Usernames{Patterns: []string{"F*.L*", "F*-LL"}}, "Bo", "von der Lippe", []string{"bo.vonderlippe", "bo-vo"}},
		{"a number of one digit", org.Usernames{Patterns: []string{"FFFL", "FFFLX"}}, "Anna", "Jensen",
			[]string{"annj", "annj2", "annj3", "annj4", "annj5", "annj6", "annj7", "annj8", "annj9"}},
		{"a number alone begins with 1", org.Usernames{Patterns: []string{"FFFLX"}}, "Anna", "Jensen",
			[]string{"annj1", "annj2", "annj3", "annj4", "annj5", "annj6", "annj7", "annj8", "annj9"}},
		{"forbidden words", org.Usernames{Patterns: []string{"FFFL", "FFFLX", "FFLL", "FFFFL"}, Forbidden: []string{"annj", "*ej*"}}, "Anna", "Jensen", []string{"anje", "annaj"}},
		{"without vowels", org.Usernames{Patterns: []string{"FFFLLL"}, WithoutVowels: true}, "Anna", "Jensen", []string{"annjns"}},
		{"too short", org.Usernames{Patterns: []string{"FL", "FLL"}, MinLength: 3}, "Bo", "Li", []string{"bli"}},
		{"too long", org.Usernames{Patterns: []string{"F*L*", "F*"}}, "Christoffersine", "Bartholomæussen", []string{"christoffersine"}},
		{"no letters at all", org.Usernames{Patterns: []string{"F*"}}, "--", "''", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, candidates(test.rules, test.given, test.surname)); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryScript: a name in any script gives a login name of a-z.
func TestEveryScript(t *testing.T) {
	for given, want := range map[string]string{"Žofie": "zofie", "Łukasz": "lukasz", "Ђорђе": "djordje", "Þór": "thor", "Đặng": "dang", "Müller": "muller", "İpek": "ipek", "Ñandú": "nandu", "Straße": "strasse"} {
		got := candidates(org.Usernames{Patterns: []string{"F*"}}, given, "B")
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", given, diff)
		}
	}
}

func TestChoose(t *testing.T) {
	rules := org.Usernames{Patterns: []string{"FFFL", "FFFLX"}}
	taken := &Taken{names: map[string]bool{}}
	taken.Add("ANNJ", "ånnj2")
	anna := org.Name{Given: "Anna", Surname: "Jensen"}
	got, err := Choose(rules, anna, taken.Has)
	if err != nil || got != "annj3" {
		t.Errorf("%q, %v; want annj3: annj is taken in another case, annj2 with another letter", got, err)
	}
	all := func(string) bool { return true }
	for _, test := range []struct {
		rules org.Usernames
		name  org.Name
		want  string
	}{
		{org.Usernames{}, anna, "no rules"},
		{rules, anna, "9 were tried"},
		{rules, org.Name{Given: "Bo", Surname: "Li"}, "no pattern"},
	} {
		if _, err := Choose(test.rules, test.name, all); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %q", test.rules.Patterns, err, test.want)
		}
	}
}

func TestTakenIn(t *testing.T) {
	account := func(name string, later ...string) *org.Account {
		a := &org.Account{Name: name}
		for _, l := range later {
			a.Versions = append(a.Versions, org.Version[org.Account]{From: "2030-01-01", State: &org.Account{Name: l}})
		}
		return a
	}
	o := org.New(org.Organisation{
		Settings: org.Settings{
			Targets:     org.Targets{AD: &org.ADSettings{Protected: []string{"krbtgt"}}, Domains: map[string]*org.ADSettings{"x": {Protected: []string{"svc"}}}},
			Safeguarded: org.Safeguarded{Accounts: []string{"Administrator"}},
		},
		People: org.Keyed[*org.Person]{{Key: "p", Accounts: org.Keyed[*org.Account]{account("annj", "annh")}}},
		Robots: org.Keyed[*org.Robot]{{Key: "r", Accounts: org.Keyed[*org.Account]{account("robot1")}}},
	}, nil)
	taken := TakenIn(o)
	for _, login := range []string{"annj", "annh", "robot1", "krbtgt", "svc", "administrator"} {
		if !taken.Has(login) {
			t.Errorf("%s is free", login)
		}
	}
	if taken.Has("bool") {
		t.Error("a name that nobody has is taken")
	}
}

func TestUsed(t *testing.T) {
	fsys := fstest.MapFS{
		"usernames/an.txt": {Data: []byte("anna\nannj\n0101801234\nan nj\n")},
		"usernames/README": {Data: []byte("not read")},
	}
	used, findings, err := Used(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"anna", "annj"}, used); diff != "" {
		t.Errorf("used (-want +got):\n%s", diff)
	}
	var at []string
	for _, d := range findings {
		at = append(at, d.Position.String())
		if strings.Contains(d.Message+d.Hint, "0101801234") {
			t.Errorf("the finding shows the line: %+v", d)
		}
	}
	if diff := cmp.Diff([]string{"usernames/an.txt:3:1", "usernames/an.txt:4:1"}, at); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	changed, err := List(fsys, []string{"ann-x", "Annb", "bo"})
	if err != nil {
		t.Fatal(err)
	}
	delete(changed, "usernames/an.txt")
	changed2, err := List(fstest.MapFS{"usernames/an.txt": {Data: []byte("anna\nannj\n")}}, []string{"annb", "anna"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][]byte{"usernames/bo.txt": []byte("bo\n")}, changed); diff != "" {
		t.Errorf("a new file (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]byte{"usernames/an.txt": []byte("anna\nannb\nannj\n")}, changed2); diff != "" {
		t.Errorf("a file that is there (-want +got):\n%s", diff)
	}
	if again, err := List(fstest.MapFS{"usernames/bo.txt": {Data: []byte("bo\n")}}, []string{"bo"}); err != nil || len(again) > 0 {
		t.Errorf("a name that is listed changes %v, %v", again, err)
	}
}

// FuzzCandidates: whatever somebody is called, a login name has letters that every system takes.
func FuzzCandidates(f *testing.F) {
	f.Add("Søren Åge", "Ærø-Ñandú")
	f.Add("", "李")
	f.Fuzz(func(t *testing.T, given, surname string) {
		rules := org.Usernames{Patterns: []string{"FFFL", "F12L", "F*.L*", "FFFLXX"}, MinLength: 3}
		for _, login := range candidates(rules, given, surname) {
			if strings.Trim(login, "abcdefghijklmnopqrstuvwxyz.0123456789") != "" || len(login) < 3 || len(login) > org.LongestLogin {
				t.Errorf("%q %q gives %q", given, surname, login)
			}
		}
	})
}
