package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/report"
	"orgit.dk/orgit/schema"
)

func findings() []schema.Diagnostic {
	return []schema.Diagnostic{
		{Severity: schema.Error, Code: "unknown-unit", Position: schema.Position{File: "people/p1/p1.cue", Line: 7, Column: 15},
			Path: `people."p1".engagements."a".unit`, Message: `the engagement "a" of Åse <Kjær> & Søn refers to the unit "skole", which does not exist`,
			Hint: "write an entry for it, or name another unit"},
		{Severity: schema.Warning, Code: "no-leader", Position: schema.Position{File: "units/k.cue", Line: 3},
			Path: `units."k"`, Message: "Korsbæk Kommune has no leader", From: "2026-12-01"},
		{Severity: schema.Error, Code: "syntax", Position: schema.Position{File: "units/x.cue", Line: 2}, Message: "expected operand"},
		{Severity: schema.Error, Code: "syntax", Position: schema.Position{File: "units/x.cue", Line: 9}, Message: "expected operand"},
		{Severity: schema.Error, Code: "no-units", Message: "there are no units"},
		{Severity: schema.Error, Code: "cpr-number", Position: schema.Position{File: "units/y.cue", Line: 1}, Message: "on 010203-1234\x1b[31m\u202e ]]> stands"},
	}
}

// TestJUnitAsGitLabReadsIt reads the report back by the rules of GitLab's parser.
func TestJUnitAsGitLabReadsIt(t *testing.T) {
	var out bytes.Buffer
	cases := report.Cases(findings(), "the files are in order")
	if err := report.JUnit(&out, "orgit check", cases); err != nil {
		t.Fatal(err)
	}
	got := readJUnit(t, out.Bytes())
	if len(got) != len(cases) {
		t.Fatalf("GitLab keeps %d of %d cases:\n%s", len(got), len(cases), out.String())
	}
	want := map[string]int{"failed": 5, "skipped": 1, "success": 0}
	count := map[string]int{}
	for _, c := range got {
		count[c.status]++
		if c.status != "success" && strings.TrimSpace(c.output) == "" {
			t.Errorf("%s says nothing", c.name)
		}
	}
	for status, n := range want {
		if count[status] != n {
			t.Errorf("%d are %s, want %d", count[status], status, n)
		}
	}
	first := got[`orgit check_unknown-unit_people."p1".engagements."a".unit: `+findings()[0].Message]
	wantFirst := junitCase{
		name: `people."p1".engagements."a".unit: ` + findings()[0].Message, file: "people/p1/p1.cue", status: "failed",
		output: "people/p1/p1.cue:7:15: " + findings()[0].Message + "\nat people.\"p1\".engagements.\"a\".unit\nhint: write an entry for it, or name another unit",
	}
	if diff := cmp.Diff(wantFirst, first, cmp.AllowUnexported(junitCase{})); diff != "" {
		t.Errorf("the first case (-want +got)\n%s", diff)
	}
	harmless(t, out.String())
}

func TestJUnitOfFilesInOrder(t *testing.T) {
	for name, list := range map[string][]schema.Diagnostic{"nothing": nil, "a warning": findings()[1:2]} {
		var out bytes.Buffer
		if err := report.JUnit(&out, "orgit check", report.Cases(list, "the files are in order")); err != nil {
			t.Fatal(err)
		}
		if c := readJUnit(t, out.Bytes())["orgit check_check_the files are in order"]; c.status != "success" {
			t.Errorf("%s: %q is not shown as passed:\n%s", name, "the files are in order", out.String())
		}
	}
}

type junitCase struct{ name, file, status, output string }

// node is an element as a converter of XML to maps sees it.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Content  string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readJUnit gives the cases by GitLab's key for them: suite, class and name. Cases with the same key are one.
func readJUnit(t *testing.T, data []byte) map[string]junitCase {
	t.Helper()
	var root node
	if err := xml.Unmarshal(data, &root); err != nil {
		t.Fatalf("no XML: %v\n%s", err, data)
	}
	if root.XMLName.Local != "testsuites" {
		t.Fatalf("the root is %s", root.XMLName.Local)
	}
	cases := map[string]junitCase{}
	for _, suite := range root.Children {
		if suite.XMLName.Local != "testsuite" {
			t.Fatalf("%s in testsuites", suite.XMLName.Local)
		}
		for _, tc := range suite.Children {
			c := junitCase{name: tc.attr("name"), file: tc.attr("file"), status: "success"}
			for _, child := range tc.Children {
				if child.attr("type") != "" || len(child.Attrs) > 0 {
					t.Errorf("%s has attributes", child.XMLName.Local)
				}
				c.status, c.output = map[string]string{"failure": "failed", "error": "error", "skipped": "skipped"}[child.XMLName.Local], child.Content
			}
			cases[suite.attr("name")+"_"+tc.attr("classname")+"_"+c.name] = c
		}
	}
	return cases
}

// TestCodeQualityAsGitLabReadsIt reads the report back by the rules of GitLab's parser.
func TestCodeQualityAsGitLabReadsIt(t *testing.T) {
	got := codeQuality(t, findings())
	if len(got) != len(findings()) {
		t.Fatalf("GitLab keeps %d of %d findings", len(got), len(findings()))
	}
	var places []string
	for _, d := range got {
		places = append(places, fmt.Sprintf("%s:%d %s %s", d.Location.Path, d.Location.Lines.Begin, d.CheckName, d.Severity))
	}
	slices.Sort(places)
	want := []string{
		"organisation.cue:1 no-units critical", "people/p1/p1.cue:7 unknown-unit critical", "units/k.cue:3 no-leader minor",
		"units/x.cue:2 syntax critical", "units/x.cue:9 syntax critical", "units/y.cue:1 cpr-number critical",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("places (-want +got)\n%s", diff)
	}
}

// TestFingerprintsDoNotTurnOnLines: a line that is written above a finding does not make it another one.
func TestFingerprintsDoNotTurnOnLines(t *testing.T) {
	moved := findings()
	for i := range moved {
		moved[i].Position.Line += 40
		moved[i].Message += ", in other words"
	}
	prints := func(list map[string]degradation) (keys []string) {
		for k := range list {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		return keys
	}
	if diff := cmp.Diff(prints(codeQuality(t, findings())), prints(codeQuality(t, moved))); diff != "" {
		t.Errorf("fingerprints (-before +after)\n%s", diff)
	}
}

func TestEmptyCodeQualityIsAList(t *testing.T) {
	var out bytes.Buffer
	if err := report.CodeQuality(&out, nil, "organisation.cue"); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != "[]" {
		t.Errorf("an empty report is %s", got)
	}
}

type degradation struct {
	Description, Fingerprint, Severity string
	CheckName                          string `json:"check_name"`
	Location                           struct {
		Path  string
		Lines struct{ Begin int }
	}
}

// codeQuality gives the findings as GitLab keeps them: by fingerprint, up to the first that is not valid.
func codeQuality(t *testing.T, list []schema.Diagnostic) map[string]degradation {
	t.Helper()
	var out bytes.Buffer
	if err := report.CodeQuality(&out, list, "organisation.cue"); err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(out.Bytes(), []byte("\xef\xbb\xbf")) {
		t.Error("GitLab takes no byte order mark")
	}
	harmless(t, out.String())
	var elements []json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &elements); err != nil {
		t.Fatal(err)
	}
	kept := map[string]degradation{}
	for _, e := range elements {
		dec := json.NewDecoder(bytes.NewReader(e))
		dec.DisallowUnknownFields()
		var d degradation
		if err := dec.Decode(&d); err != nil {
			t.Fatalf("GitLab stops at %s: %v", e, err)
		}
		severities := []string{"info", "minor", "major", "critical", "blocker"}
		if d.Description == "" || d.Fingerprint == "" || !slices.Contains(severities, d.Severity) || d.Location.Path == "" || d.Location.Lines.Begin < 1 {
			t.Fatalf("GitLab stops at %s", e)
		}
		kept[d.Fingerprint] = d
	}
	return kept
}

// harmless demands that nothing in a report is a number or moves a cursor.
func harmless(t *testing.T, out string) {
	t.Helper()
	if strings.Contains(out, "010203") || strings.ContainsAny(out, "\x1b\u202e") || strings.Contains(out, `\u001b`) || strings.Contains(out, `\u202e`) {
		t.Errorf("the report shows what it may not:\n%s", out)
	}
}

// TestTerraformAsGitLabReadsIt: three keys, each a whole number of at most six digits.
func TestTerraformAsGitLabReadsIt(t *testing.T) {
	number := regexp.MustCompile(`^[0-9]{1,6}$`)
	for _, c := range []report.Counts{{}, {Create: 3, Update: 2, Delete: 1}, report.Counts{Create: 999_999}.Add(report.Counts{Create: 7})} {
		var out bytes.Buffer
		if err := report.Terraform(&out, c); err != nil {
			t.Fatal(err)
		}
		var got map[string]json.Number
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"create", "update", "delete"} {
			if !number.MatchString(got[key].String()) {
				t.Errorf("%s is %q in %s", key, got[key], out.String())
			}
		}
		if len(got) != 3 {
			t.Errorf("%d keys in %s", len(got), out.String())
		}
	}
}

func TestErrorsOfTheWriterAreReported(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"JUnit":       func(w io.Writer) error { return report.JUnit(w, "s", nil) },
		"CodeQuality": func(w io.Writer) error { return report.CodeQuality(w, nil, "o") },
		"Terraform":   func(w io.Writer) error { return report.Terraform(w, report.Counts{}) },
	} {
		if err := write(full{}); err == nil {
			t.Errorf("%s: a full disk is not reported", name)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
