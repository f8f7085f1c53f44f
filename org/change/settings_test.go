package change_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
)

// TestSettingsOfDirectories: a setting is named by the directory whose it is, and its path is that of
// the files, with the keys that people choose in quotes.
func TestSettingsOfDirectories(t *testing.T) {
	settings := func(set func(*org.ADSettings)) *org.Organisation {
		s := org.Settings{Name: "Korsbæk Kommune", Targets: org.Targets{AD: &org.ADSettings{}, Domains: map[string]*org.ADSettings{"skole": {}}}}
		set(s.Targets.AD)
		set(s.Targets.Domains["skole"])
		return org.New(org.Organisation{Settings: s}, nil)
	}
	with := func(mode, unit, rule string) *org.Organisation {
		return settings(func(s *org.ADSettings) {
			s.Mode, s.Areas = mode, map[string]org.ADArea{"skoler": {Layout: unit}}
			s.Attributes = map[string]org.ADAttribute{"title": {Rule: rule}}
			s.Passwords = &org.ADPasswords{Recipients: map[string]string{"p1": unit}}
		})
	}
	got := map[string]string{}
	for _, c := range change.Compare(with("adopt", "flat", "keep"), with("full", "mirror", "force")) {
		got[string(c.Path)] = change.Sentence(c, change.Danish)
	}
	want := map[string]string{}
	for at, name := range map[string]string{"targets.ad": "AD (", `targets.domains."skole"`: "AD-domænet skole ("} {
		for path, what := range map[string]string{
			".mode": "mode): ændres fra adopt til full.", `.areas."skoler".layout`: "areas.skoler.layout): ændres fra flat til mirror.",
			`.attributes."title".rule`: "attributes.title.rule): ændres fra keep til force.", `.passwords.recipients."p1"`: "passwords.recipients.p1): ændres fra flat til mirror.",
		} {
			want[at+path] = "Indstillinger – " + name + what
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
