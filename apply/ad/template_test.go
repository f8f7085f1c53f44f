package ad_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// richTown is the small town with more to say about Anna and her school.
func richTown(t *testing.T, pairs ...string) string {
	t.Helper()
	text := edited(t, smallTown,
		`"phone": "+4511111111", "email": "annj@korsbaek.example"`, `"phone": "+4511111111", "mobile": null, "room": "B 12", "email": "annj@korsbaek.example"`,
		`"name": "Østre Skole", "parent"`, `"name": "Østre Skole", "shortName": "ØS", "addresses": {"phone": "+4544332211", "web": null}, "parent"`)
	return edited(t, text, pairs...)
}

// withAttribute gives the settings one attribute.
func withAttribute(name, rule string, values ...string) func(*org.ADSettings) {
	return func(s *org.ADSettings) {
		s.Attributes = map[string]org.ADAttribute{name: {Rule: rule, Value: values}}
	}
}

// TestTemplates: what a template comes to for Anna; "unmanaged" where nothing is asked for.
func TestTemplates(t *testing.T) {
	for _, c := range []struct{ template, want string }{
		{"fast", "fast"},
		{"{{.Person.Name}} ({{.Unit.ShortName}})", "Anna Jensen (ØS)"},
		{"{{.Above.ShortName}}", "Korsbæk Kommune"},
		{"{{.Area.Name}} {{.Area.Key}}", "Østre Skole skole"},
		{"{{.Post.Title}}, {{.Post.From}}, {{.Post.To}}", "Lærer, 2021-08-01, 2026-11-30"},
		{"{{.Engagement.Payroll.System}}/{{.Engagement.Payroll.Institution}}/{{.Engagement.Payroll.Number}}", "sd/XY/11003"},
		{"{{.Leader.Name}} <{{.Leader.Account}}>, {{.Leader.Title}}", "Lars Leder <larl>, Leder"},
		{"{{.Municipality.Name}} {{.Municipality.CVR}}", "Korsbæk Kommune 12345678"},
		{"{{.Account.Name | upper}} {{.Account.Kind}}", "ANNJ personal"},
		{"{{.Unit.Type}}{{.Unit.Phone}}", "+4544332211"},
		{"{{.Unit.Name | ascii | lower}}", "oestre skole"},
		{"{{short 6 .Unit.Name}}|", "Østre|"},
		{"{{.Engagement.DisplayTitle | default .Post.Title}}", "Lærer"},
		{`{{if eq .Account.Kind "admin"}}Administrator{{else}}{{.Person.Given}}{{end}}`, "Anna"},
		{"{{if and .Person.Room .Person.Phone}}{{.Person.Room}}{{end}}", "B 12"},

		// Not stated: not managed.
		{"{{.Person.Landline}}", "unmanaged"},
		{"tlf. {{.Person.Landline}}", "unmanaged"},
		{"{{.Unit.EAN}}", "unmanaged"},
		{"{{if .Person.Landline}}{{.Person.Name}}{{end}}", "unmanaged"}, // nothing comes of it, and not all is stated
		// Stated as none: cleared.
		{"{{.Person.Mobile}}", ""},
		{"mobil {{.Person.Mobile}}", ""},
		{"{{.Unit.Web}}", ""},
		{"{{.Association.Company}}", ""}, // what she has is an engagement
		{"{{if .Person.Mobile}}{{.Person.Name}}{{end}}", ""},
		{"", ""},
		// One of two.
		{"{{.Person.Mobile}} {{.Person.Phone}}", "+4511111111"},
		{"{{.Person.Landline}} {{.Person.Phone}}", "+4511111111"},
	} {
		o := organisation(t, richTown(t), withAttribute("info", "", c.template))
		if found := ad.CheckSettings(o); len(found) > 0 {
			t.Errorf("%s: %v", c.template, found)
			continue
		}
		s := desired(t, o, "2026-11-23")
		if len(s.Problems) > 0 {
			t.Errorf("%s: %v", c.template, s.Problems)
		}
		got := "unmanaged"
		if a := account(t, s, "annj").Attr("info"); a != nil {
			got = strings.Join(a.Value, "|")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
}

// TestTemplateReasons: each value says which facts it is made of, and which setting.
func TestTemplateReasons(t *testing.T) {
	o := organisation(t, richTown(t), withAttribute("info", "keep", "{{.Person.Room}} {{.Unit.Phone}} {{.Person.Landline}}"))
	a := account(t, desired(t, o, "2026-11-23"), "annj").Attr("info")
	var got []string
	for _, f := range a.Why {
		got = append(got, fmt.Sprintf("%s = %s", f.Path, f.Value))
	}
	want := []string{
		`people."anna".addresses.room = B 12`, `people."anna".engagements."a".unit = skole`, `units."skole".addresses.phone = +4544332211`,
		"targets.ad.attributes.info = {{.Person.Room}} {{.Unit.Phone}} {{.Person.Landline}}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if a.Rule != plan.Keep {
		t.Errorf("rule %s", a.Rule)
	}
}

// TestTemplateFaults: what the settings cannot ask for is said at the place where it stands.
func TestTemplateFaults(t *testing.T) {
	for _, c := range []struct {
		name       string
		values     []string
		path, says string
	}{
		{"info", []string{"{{.Person.Name"}, ".value", "unclosed action"},
		{"info", []string{"{{.Person.CPR}}"}, ".value", "names the field .Person.CPR"},
		{"info", []string{"{{.Person}}"}, ".value", "names the field .Person,"},
		{"info", []string{"{{.}}"}, ".value", "does not take"},
		{"info", []string{"{{$x := .Person.Name}}{{$x}}"}, ".value", "the variable"},
		{"info", []string{"{{range .Person.Name}}{{.}}{{end}}"}, ".value", "does not take"},
		{"info", []string{"{{with .Person.Name}}{{.}}{{end}}"}, ".value", "does not take"},
		{"info", []string{`{{define "x"}}{{end}}`}, ".value", "define and block"},
		{"info", []string{`{{template "x"}}`}, ".value", "does not take"},
		{"info", []string{`{{printf "%d" .Person.Name}}`}, ".value", "the function printf"},
		{"info", []string{`{{env "PATH"}}`}, ".value", "cannot be read"},
		{"info", []string{`{{short .Person.Name 3}}`}, ".value", "the template fails"},
		{"info", []string{`{{short 0 .Person.Name}}`}, ".value", "above 0"},
		{"info", []string{"a", "b"}, ".value", "holds one value"},
		{"proxyAddresses", []string{"smtp:{{.Account.Name}}@x.example", "{{.Person.Nam}}"}, ".value[1]", "there is not"},
		{"unicodePwd", []string{"x"}, "", "passwords do not stand in a repository"},
		{"USERACCOUNTCONTROL", []string{"66048"}, "", "opens and closes"},
		{"thumbnailPhoto", []string{"x"}, "", "photos"},
		{"homePhone", []string{"x"}, "", "private"},
		{"servicePrincipalName", []string{"x"}, "", "gives rights"},
		{"scriptPath", []string{"x"}, "", "runs or is opened"},
		{"sAMAccountName", []string{"x"}, ".value", "stands on each account"},
		{"cn", []string{"x"}, ".value", "unique"},
		{"adminDisplayName", []string{"x"}, "", "marks"},
		{"employeeID", []string{"x"}, ".value", "CPR numbers"},
		{"extensionAttribute16", []string{"x"}, "", "does not know"},
		{"division", nil, "", "no value of its own"},
	} {
		o := organisation(t, smallTown, withAttribute(c.name, "", c.values...), func(s *org.ADSettings) { s.CPRAttribute = "employeeID" })
		found := ad.CheckSettings(o)
		if len(found) != 1 || found[0].Path != "targets.ad.attributes."+c.name+c.path || found[0].Severity != schema.Error || found[0].Hint == "" ||
			!strings.Contains(strings.ToLower(found[0].Message), strings.ToLower(c.says)) && !strings.Contains(found[0].Message, "its bits open and close") {
			t.Errorf("%s %q: %+v, want %q", c.name, c.values, found, c.says)
		}
		// The rest is asked for all the same, so that what was approved with a fault can be corrected.
		s, err := ad.Desired(o, "2026-11-23")
		if err != nil || len(s.Problems) != 1 {
			t.Errorf("%s %q: %v %v", c.name, c.values, s.Problems, err)
		}
	}
}

// TestTemplateValues: what the directory would not take is found before anything is
// written, and the attribute is left alone.
func TestTemplateValues(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, c := range []struct{ name, template, says string }{
		{"division", strings.Repeat("x", 257), "257 characters, Active Directory takes 256"},
		{"mobile", "{{.Person.Name}}" + long, "takes 64"},
		{"initials", "{{.Person.Name}}", "11 characters, Active Directory takes 6"},
		{"mail", "{{.Account.Name}}@korsbaek", "no e-mail address"},
		{"userPrincipalName", "{{.Person.Name}}@korsbaek.example", "no login address"},
		{"proxyAddresses", "smtp:{{.Person.Name}}", "no address"},
		{"mailNickname", "{{.Unit.Name}}", "before the @"},
		{"c", "dk", "two letters"},
		{"msExchHideFromAddressLists", "ja", "TRUE or FALSE"},
		{"division", "a\nb", "line break"},
		{"division", "{{.Post.From | short 4}}0101011234", "20210101011234"}, // no CPR number: other digits touch it
		{"division", "010101-1234", "CPR number"},
	} {
		o := organisation(t, smallTown, withAttribute(c.name, "", c.template))
		found, err := ad.Check(o, "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		if c.says == "20210101011234" {
			if len(found) != 0 {
				t.Errorf("%s %s: %v", c.name, c.template, found)
			}
			continue
		}
		if len(found) == 0 || !strings.Contains(found[0].Message, c.says) || found[0].Code != "ad-value" {
			t.Errorf("%s %s: %v, want %q", c.name, c.template, found, c.says)
		}
		if a := account(t, desired(t, o, "2026-11-23"), "annj").Attr(c.name); a != nil {
			t.Errorf("%s: %q is asked for", c.name, a.Value)
		}
	}
}

// TestCheckAhead: a value that will not do on a later day is a warning with the day.
func TestCheckAhead(t *testing.T) {
	text := edited(t, smallTown, `"addresses": {"phone": "+4522222222"}`,
		`"on": {"2026-12-20": {"name": {"given": "Anna-Sofie Amalie", "surname": "Jensen"}}}, "addresses": {"phone": "+4522222222"}`)
	o := organisation(t, text, withAttribute("employeeID", "", "{{.Person.Name}}"))
	found, err := ad.Check(o, "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Severity != schema.Warning || found[0].From != "2026-12-20" || !strings.Contains(found[0].Message, "24 characters") {
		t.Errorf("%+v", found)
	}
}

// TestTemplateShielded: nothing of a protected address is written by a template, whatever
// its rule; what else it says is.
func TestTemplateShielded(t *testing.T) {
	text := richTown(t, `"addresses": {"phone": "+4511111111"`, `"shielded": true, "addresses": {"phone": "+4511111111"`)
	for template, want := range map[string]string{
		"{{.Person.Phone}} {{.Person.Room}}": "", "{{.Person.Name}}, {{.Person.Room}}": "Anna Jensen,", "{{.Person.Mail}}": "annj@korsbaek.example",
	} {
		for _, name := range []string{"info", "telephoneNumber"} {
			a := account(t, desired(t, organisation(t, text, withAttribute(name, "create", template)), "2026-11-23"), "annj").Attr(name)
			if a == nil || strings.Join(a.Value, "|") != want {
				t.Errorf("%s: %s is %v, want %q", template, name, a, want)
				continue
			}
			if protected := !strings.Contains(template, "Mail"); protected != (a.Rule == plan.Force) {
				t.Errorf("%s: %s has the rule %s", template, name, a.Rule)
			}
		}
	}
}

func TestTemplateAdminAccount(t *testing.T) {
	o := organisation(t, smallTown, func(s *org.ADSettings) {
		s.Attributes = map[string]org.ADAttribute{
			"proxyAddresses": {Value: []string{"smtp:{{.Account.Name}}@x.example"}}, "extensionAttribute1": {Value: []string{"{{.Account.Kind}}"}},
		}
	})
	a := account(t, desired(t, o, "2026-11-23"), "adm-dorae")
	if a.Attr("proxyAddresses") != nil || a.Attr("extensionAttribute1").Value[0] != "admin" {
		t.Errorf("%v", values(a))
	}
}

func TestTemplateLogins(t *testing.T) {
	o := organisation(t, smallTown, withAttribute("userPrincipalName", "", "{{.Person.Given | lower}}@korsbaek.example"))
	found, err := ad.Check(o, "2026-11-24") // the second Anna is prepared
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || !strings.Contains(found[0].Message, "anna@korsbaek.example for the same as that of Anna Jensen") {
		t.Errorf("%v", found)
	}
}

// FuzzTemplate: whatever stands in the settings is refused or filled in, and never brings
// the program down.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"{{.Person.Name}}", "{{if .Unit.Name}}x{{else if .Person.Name}}y{{end}}", "{{short 3 .Person.Name | upper}}", "{{/* x */}}", "{{- .Post.To -}}", "{{.Person.Name | default}}", "{{(.Person).Name}}", "{{nil}}", "{{break}}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := organisation(t, smallTown, withAttribute("info", "", text))
		found := ad.CheckSettings(o)
		s, err := ad.Desired(o, "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Objects {
			if a := s.Objects[i].Attr("info"); len(found) > 0 && a != nil {
				t.Errorf("%q is refused and asked for", text)
			} else if a != nil && len(a.Value) == 1 && a.Value[0] != strings.TrimSpace(a.Value[0]) {
				t.Errorf("%q gives %q", text, a.Value[0])
			}
		}
	})
}
