package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"orgit.dk/orgit/schema"
)

// Severities of Code Quality that findings have. GitLab knows info and blocker as well.
const (
	severityError   = "critical"
	severityWarning = "minor"
)

// degradation is an element of a Code Quality report.
type degradation struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
}

// CodeQuality writes the findings. GitLab shows those of a merge request that the default branch does not have, which it
// tells by the fingerprint: so that is made of the rule and the place among the entries, not of the line, which every line
// that is written above it would change. general is the file that a finding about no file is shown with.
func CodeQuality(w io.Writer, findings []schema.Diagnostic, general string) error {
	list := make([]degradation, 0, len(findings)) // an empty report is [], not null
	seen := map[string]int{}
	for _, d := range findings {
		d = d.Masked().Guarded()
		d.Position.File, d.Message, d.Hint = printable(d.Position.File), printable(d.Message), printable(d.Hint)
		place := d.Path
		if place == "" {
			place = d.Position.File
		}
		key := d.Code + "\x00" + place
		seen[key]++
		list = append(list, degradation{
			Description: describe(d), CheckName: d.Code, Fingerprint: fingerprint(key, seen[key]),
			Severity: severityOf(d), Location: where(d.Position, general),
		})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(list); err != nil {
		return fmt.Errorf("write the Code Quality report: %w", err)
	}
	return nil
}

// fingerprint identifies the nth finding of a rule at a place.
func fingerprint(key string, n int) string {
	if n > 1 {
		key += "\x00" + strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func describe(d schema.Diagnostic) string {
	if d.Hint == "" {
		return d.Message
	}
	return d.Message + ". Hint: " + d.Hint
}

func severityOf(d schema.Diagnostic) string {
	if d.Severity == schema.Error {
		return severityError
	}
	return severityWarning
}

// where gives a finding's place; lines count from 1.
func where(at schema.Position, general string) location {
	if at.File == "" {
		at.File = general
	}
	return location{at.File, lines{max(at.Line, 1)}}
}
