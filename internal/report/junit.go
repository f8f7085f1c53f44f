package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"

	"orgit.dk/orgit/schema"
)

// Case is one thing that was checked.
type Case struct {
	Class string // what kind of check it is, such as unknown-unit
	Name  string // what was checked, in words
	File  string // where it stands; empty where it is in no file
	// Failure says what is wrong; empty when nothing is. It is all that GitLab shows of it.
	Failure string
	// Skipped says why it is not judged: for what somebody should look at and that stops nothing.
	Skipped string
}

// Cases are the findings as cases: an error fails, a warning is skipped. Where no finding is an error there is one more
// that passes, because GitLab takes a report without any case for one that is missing.
func Cases(findings []schema.Diagnostic, passed string) []Case {
	var cases []Case
	for _, d := range findings {
		d = d.Masked()
		d = d.Guarded()
		c := Case{Class: d.Code, Name: caseName(d), File: d.Position.File}
		if d.Severity == schema.Error {
			c.Failure = says(d)
		} else {
			c.Skipped = says(d)
		}
		cases = append(cases, c)
	}
	if !schema.HasErrors(findings) {
		cases = append(cases, Case{Class: "check", Name: passed})
	}
	return cases
}

// caseName names a finding by its place among the entries rather than by its line, so that GitLab recognises it after
// something was written above it.
func caseName(d schema.Diagnostic) string {
	if d.Path != "" {
		return d.Path + ": " + d.Message
	}
	return d.Position.File + ": " + d.Message
}

// says is the finding as a text: place, message, day and hint.
func says(d schema.Diagnostic) string {
	text := d.Position.String() + ": " + d.Message
	if d.From != "" {
		text += " (from " + d.From + ")"
	}
	if d.Path != "" {
		text += "\nat " + d.Path
	}
	if d.Hint != "" {
		text += "\nhint: " + d.Hint
	}
	return text
}

// The elements of a JUnit file. No element has an attribute named type: GitLab reads XML with a converter to which that
// attribute names the type of the value, and which refuses some of them. A failure has text and no attributes, since of
// an element with both GitLab keeps the text alone.
type (
	junitSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suite   junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string  `xml:"classname,attr"`
		Name    string  `xml:"name,attr"`
		File    string  `xml:"file,attr,omitempty"`
		Time    string  `xml:"time,attr"`
		Failure *string `xml:"failure"`
		Skipped *string `xml:"skipped"`
	}
)

// JUnit writes the cases as one suite. Cases of the same class and name are numbered: GitLab would keep one of them.
func JUnit(w io.Writer, suite string, cases []Case) error {
	out := junitSuite{Name: printable(suite), Tests: len(cases)}
	seen := map[[2]string]int{}
	for _, c := range cases {
		jc := junitCase{Class: printable(c.Class), Name: printable(c.Name), File: printable(c.File), Time: "0"}
		key := [2]string{jc.Class, jc.Name}
		if seen[key]++; seen[key] > 1 {
			jc.Name += fmt.Sprintf(" (%d)", seen[key])
		}
		switch {
		case c.Failure != "":
			text := printable(c.Failure)
			jc.Failure = &text
			out.Failures++
		case c.Skipped != "":
			text := printable(c.Skipped)
			jc.Skipped = &text
			out.Skipped++
		}
		out.Cases = append(out.Cases, jc)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suite: out}); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return nil
}

// printable masks numbers and leaves out what a terminal or XML would take for more than text.
func printable(s string) string {
	return schema.MaskCPR(strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar) {
			return -1
		}
		return r
	}, s))
}
