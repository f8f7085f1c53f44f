package ad_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// account finds the desired account with a login name among live objects.
func account(t *testing.T, s plan.State, login string) *plan.Object {
	t.Helper()
	for i := range s.Objects {
		if a := s.Objects[i].Attr("sAMAccountName"); a != nil && a.Value[0] == login {
			return &s.Objects[i]
		}
	}
	t.Fatalf("no account with the login name %s", login)
	return nil
}

func desired(t *testing.T, o *org.Organisation, day org.Day) plan.State {
	t.Helper()
	s, err := ad.Desired(o, day)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// values shows an object's attributes: the readable form where there is one.
func values(o *plan.Object) map[string]string {
	out := map[string]string{}
	for _, a := range o.Attrs {
		out[a.Name] = a.Show
		if a.Show == "" {
			out[a.Name] = strings.Join(a.Value, "|")
		}
	}
	return out
}

func TestDesiredAccount(t *testing.T) {
	s := desired(t, organisation(t, smallTown), "2026-11-23")
	want := map[string]string{
		"sAMAccountName": "annj", "userPrincipalName": "annj@korsbaek.example", "givenName": "Anna", "sn": "Jensen", "suspended": "",
		"displayName": "Anna Jensen", "cn": "Anna Jensen", "mail": "annj@korsbaek.example", "telephoneNumber": "+4511111111",
		"title": "Lærer", "department": "Østre Skole", "company": "Korsbæk Kommune", "employeeNumber": "11003",
		"manager": "Lars Leder", "container": "Østre Skole", "enabled": "true", "accountExpires": "2026-12-01 12:00",
	}
	anna := account(t, s, "annj")
	if diff := cmp.Diff(want, values(anna)); diff != "" {
		t.Errorf("Anna Jensen (-want +got):\n%s", diff)
	}
	rules := map[plan.Rule][]string{}
	for _, a := range anna.Attrs {
		rules[a.Rule] = append(rules[a.Rule], a.Name)
	}
	if diff := cmp.Diff([]string{"mail", "telephoneNumber"}, rules[plan.Keep]); diff != "" {
		t.Errorf("kept if set (-want +got):\n%s", diff)
	}
	admin := slices.Sorted(maps.Keys(values(account(t, s, "adm-dorae"))))
	for _, name := range []string{"mail", "telephoneNumber", "employeeNumber"} {
		if slices.Contains(admin, name) {
			t.Errorf("the admin account has %s", name)
		}
	}
	if got := account(t, s, "adm-dorae").Attr("cn").Value[0]; got != "Dorte Ærø (adm-dorae)" {
		t.Errorf("the admin account is called %s", got)
	}
}

// TestDesiredReasons: every value says where it stands and since when.
func TestDesiredReasons(t *testing.T) {
	text := edited(t, smallTown,
		`"addresses": {"phone": "+4511111111"`, `"on": {"2026-11-01": {"name": {"given": "Anna", "surname": "Holm"}}}, "addresses": {"phone": "+4511111111"`,
		`"payroll": {"system": "sd", "institution": "XY", "number": "11003"}`, `"on": {"2026-11-10": {"unit": "teknik"}}`)
	s := desired(t, organisation(t, text), "2026-11-23")
	got := map[string][]string{}
	for _, a := range account(t, s, "annj").Attrs {
		for _, f := range a.Why {
			got[a.Name] = append(got[a.Name], fmt.Sprintf("%s %s", f.Path, f.Day))
		}
	}
	person := `people."anna".`
	unit := person + `engagements."a".on."2026-11-10".unit 2026-11-10`
	name := person + `on."2026-11-01".name 2026-11-01`
	want := map[string][]string{
		"sAMAccountName": {person + `accounts."ad".name `}, "userPrincipalName": {person + `accounts."ad".name `},
		"givenName": {person + "name "}, "sn": {name}, "suspended": {`people."anna".suspended `}, "displayName": {name}, "cn": {name},
		"mail": {person + "addresses.email "}, "telephoneNumber": {person + "addresses.phone "},
		"title": {person + `engagements."a".title 2021-08-01`}, "company": {"name "},
		"container": {unit}, "department": {unit, `units."teknik".name 2010-01-01`},
		"manager":        {unit, `units."teknik".parent 2010-01-01`, `units."korsbaek".managers."a".person 2020-01-01`},
		"enabled":        {person + `engagements."a".from 2021-08-01`},
		"accountExpires": {person + `engagements."a".to 2026-11-30`},
	}
	// The whole name is one value in the files: given and surname change together.
	want["givenName"] = want["sn"]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestDesiredNames(t *testing.T) {
	person := func(n int, given, surname, from, login string) string {
		return fmt.Sprintf(`"p%d": {"uuid": "00000000-0000-4000-8000-00000000010%d", "name": {"given": %q, "surname": %q},
			"engagements": {"a": {"unit": "a", "title": "laerer", "type": "m", "from": %q}},
			"accounts": {"ad": {"system": "ad", "name": %q, "kind": "personal"}}}`, n, n, given, surname, from, login)
	}
	long := strings.Repeat("Ann", 30)
	text := `{"units": {
		"a": {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Korsbæk", "type": "x", "from": "2010-01-01"},
		"b": {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Skole", "parent": "a", "type": "x", "from": "2012-01-01"},
		"c": {"uuid": "00000000-0000-4000-8000-000000000003", "name": "SKOLE", "parent": "a", "type": "x", "from": "2011-01-01"},
		"d": {"uuid": "00000000-0000-4000-8000-000000000004", "name": "Skole", "parent": "b", "type": "x", "from": "2010-01-01"},
		"e": {"uuid": "00000000-0000-4000-8000-000000000005", "name": "karantaene", "type": "x", "from": "2010-01-01"},
		"f": {"uuid": "00000000-0000-4000-8000-000000000006", "name": "Karantæne", "type": "x", "from": "2010-01-01"},
		"g": {"uuid": "00000000-0000-4000-8000-000000000007", "name": "` + long + `", "shortName": "Kort", "type": "x", "from": "2010-01-01"}
	}, "people": {` + strings.Join([]string{
		person(1, "Søren", "Bach", "2021-01-01", "soeb"),
		person(2, "Soren", "BACH", "2020-01-01", "sorb"),
		person(3, "Søren", "Bach", "2022-01-01", "soeb2"),
		person(4, long, "Bach", "2020-01-01", "lang"),
		person(5, long, "Bech", "2021-01-01", "lang2"),
	}, ",") + `}}`
	s := desired(t, organisation(t, text), "2026-11-23")
	got := map[string]string{}
	for _, o := range s.Objects {
		for _, name := range []string{"cn", "ou"} {
			if a := o.Attr(name); a != nil {
				key := string(o.Entry)
				got[key] = a.Value[0]
				if n := len([]rune(a.Value[0])); n > 64 {
					t.Errorf("%s: a name of %d characters", key, n)
				}
			}
		}
	}
	cutName := (long + " Bach")[:64]
	want := map[string]string{
		"":                          "Karantæne",
		`units."a"`:                 "Korsbæk",
		`units."b"`:                 "Skole (b)",
		`units."c"`:                 "SKOLE",
		`units."d"`:                 "Skole",
		`units."e"`:                 "karantaene (e)",
		`units."f"`:                 "Karantæne (f)",
		`units."g"`:                 "Kort",
		`people."p1".accounts."ad"`: "Søren Bach (soeb)",
		`people."p2".accounts."ad"`: "Soren BACH",
		`people."p3".accounts."ad"`: "Søren Bach (soeb2)",
		`people."p4".accounts."ad"`: cutName,
		`people."p5".accounts."ad"`: cutName[:64-len(" (lang2)")] + " (lang2)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestDesiredNameOfAnEndedUnit: its OU may still be there, so its successor's name says
// which it is, before and after.
func TestDesiredNameOfAnEndedUnit(t *testing.T) {
	text := `{"units": {
		"a": {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Korsbæk", "type": "x", "from": "2010-01-01"},
		"vej": {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Vej", "parent": "a", "type": "x", "from": "2012-01-01", "to": "2026-11-30", "successor": "ny"},
		"ny": {"uuid": "00000000-0000-4000-8000-000000000003", "name": "Vej", "parent": "a", "type": "x", "from": "2026-12-01"}
	}, "people": {}}`
	for _, day := range []org.Day{"2026-11-30", "2026-12-01", "2026-12-02", "2028-01-01"} {
		s := desired(t, organisation(t, text), day)
		ny := s.Object(plan.ID{Kind: ad.KindOU, UUID: "00000000-0000-4000-8000-000000000003"})
		if got := ny.Attr("ou").Value[0]; got != "Vej (ny)" {
			t.Errorf("%s: %s", day, got)
		}
		vej := s.Object(plan.ID{Kind: ad.KindOU, UUID: "00000000-0000-4000-8000-000000000002"})
		if gone := vej.Gone != nil; gone != (day >= "2026-12-02") {
			t.Errorf("%s: the unit that ends is gone: %v", day, gone)
		}
	}
}

func TestDesiredProblems(t *testing.T) {
	long := strings.Repeat("æ", 129)
	for _, c := range []struct {
		name, old, new string
		path           org.Path
		says           string
	}{
		{"login too long", `"name": "annj"`, `"name": "anna-jensen-oestreskole"`, `people."anna".accounts."ad".name`, "23 characters, Active Directory takes 20"},
		{"login ends in a dot", `"name": "annj"`, `"name": "annj."`, `people."anna".accounts."ad".name`, "ends in a dot"},
		{"login like another", `"name": "annj"`, `"name": "LÅRL"`, `people."leder".accounts."ad".name`, "the same as LÅRL"},
		{"title too long", `"title": "laerer", "type": "m", "from": "2021`, `"displayTitle": "` + long + `", "title": "laerer", "type": "m", "from": "2021`,
			`people."anna".engagements."a".displayTitle`, "129 characters"},
		{"given name too long", `"given": "Anna"`, `"given": "` + long + `"`, `people."anna".name`, "givenName has 129 characters, Active Directory takes 64"},
		{"unit name too long", `"name": "Østre Skole"`, `"name": "` + long + `"`, `units."skole".name`, "Active Directory takes 64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := desired(t, organisation(t, edited(t, smallTown, c.old, c.new)), "2026-11-23")
			var found bool
			for _, p := range s.Problems {
				found = found || p.Path == c.path && strings.Contains(p.Message, c.says) && p.Hint != ""
			}
			if !found {
				t.Errorf("problems %+v, want one at %s that says %q", s.Problems, c.path, c.says)
			}
		})
	}
	if s := desired(t, organisation(t, smallTown), "2026-11-23"); len(s.Problems) != 0 {
		t.Errorf("problems without cause: %+v", s.Problems)
	}
}

func TestDesiredRules(t *testing.T) {
	o := organisation(t, smallTown, func(s *org.ADSettings) {
		s.Attributes = map[string]org.ADAttribute{"TITLE": {Rule: "keep"}, "company": {Rule: "ignore"}, "mail": {Rule: "force"}, "container": {Rule: "ignore"}}
	})
	anna := account(t, desired(t, o, "2026-11-23"), "annj")
	if a := anna.Attr("title"); a.Rule != plan.Keep {
		t.Errorf("title: %s", a.Rule)
	}
	if a := anna.Attr("mail"); a.Rule != plan.Force {
		t.Errorf("mail: %s", a.Rule)
	}
	if anna.Attr("company") != nil {
		t.Error("company is not ignored")
	}
	for _, attribute := range []string{"enabled", "unicodePwd", "titel"} {
		o := organisation(t, smallTown, func(s *org.ADSettings) { s.Attributes = map[string]org.ADAttribute{attribute: {Rule: "ignore"}} })
		if found := ad.CheckSettings(o); len(found) != 1 || found[0].Path != "targets.ad.attributes."+attribute {
			t.Errorf("%s: %v, want a finding", attribute, found)
		}
	}
}

func TestDesiredSettings(t *testing.T) {
	for says, set := range map[string]func(*org.ADSettings){
		"targets.ad.anchor":      func(s *org.ADSettings) { s.Anchor = "employeenumber" },
		"targets.ad.accountUUID": func(s *org.ADSettings) { s.AccountUUID = "objectGUID" },
	} {
		if _, err := ad.Desired(organisation(t, smallTown, set), "2026-11-23"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error that says %q", err, says)
		}
	}
}

// TestDesiredLeaves: what is declared only, and what is not of this system, is left alone.
func TestDesiredLeaves(t *testing.T) {
	text := edited(t, smallTown, `"adm": {"system": "ad", "name": "adm-dorae", "kind": "admin", "fk": false}`,
		`"svc": {"system": "ad", "name": "svc", "kind": "service"}, "kmd": {"system": "kmd", "name": "dorte", "kind": "personal"}`)
	for _, o := range desired(t, organisation(t, text), "2026-11-23").Objects {
		if strings.Contains(string(o.Entry), `"svc"`) || strings.Contains(string(o.Entry), `"kmd"`) {
			t.Errorf("%s is asked for", o.Entry)
		}
	}
}

// TestDesiredLeaveToTheEnd: an account that is closed by a leave up to the last day stays
// closed in the hours of grace, also where they cross the change to or from summer time.
func TestDesiredLeaveToTheEnd(t *testing.T) {
	for _, last := range []org.Day{"2026-11-30", "2026-03-28", "2026-10-24"} {
		text := edited(t, smallTown, `"to": "2026-11-30",`,
			fmt.Sprintf(`"to": %q, "leaves": {"a": {"from": "2026-02-01", "to": %q, "closesAccounts": true}},`, last, last))
		o := organisation(t, text)
		for _, day := range []org.Day{last, last.Add(1)} {
			if got := account(t, desired(t, o, day), "annj").Attr("enabled").Value[0]; got != "false" {
				t.Errorf("last day %s: on %s the account is enabled: %s", last, day, got)
			}
		}
	}
}

func TestFlatLayout(t *testing.T) {
	eachDirectory(t, func(t *testing.T, d directory) {
		s := newSandbox(t, d)
		l := newLine(t, s)
		o := organisation(t, s.unique(smallTown), func(s *org.ADSettings) { s.Layout = "flat" })
		p := l.apply(o)
		if len(p.Operations) != 2+4+2 {
			t.Errorf("operations: %v", summary(p))
		}
		if got := mustDN(t, s.byLogin("annj").DN).RDNs[1].Attributes[0].Value; got != "Brugere" {
			t.Errorf("the account stands in %s", got)
		}
	})
}
