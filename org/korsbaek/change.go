package korsbaek

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What DemoChange is about.
const (
	// MovedUnit moves from Skoleområdet to MovedTo.
	MovedUnit = "ungdomsskolen"
	MovedTo   = "kultur-og-fritid"
	// ReplacedUnit gets another leader.
	ReplacedUnit = "biblioteket"
	// OldLeader of ReplacedUnit leaves the municipality with the day before Today.
	OldLeader = "pc4h7sd"
	// NewLeader of ReplacedUnit works there already and changes title.
	NewLeader = "pt6w2ne"
	// HiredTeacher begins at Vestre Skole; the payroll number is not known yet.
	HiredTeacher = "pb6t3xk"
	// HiredNurse begins in Hjemmesygeplejen.
	HiredNurse = "pm9r5wd"
	// Leaver's last day is the day before Today.
	Leaver = "pr3v8gy"
)

//go:embed all:hires
var hires embed.FS

// edit replaces a text that stands exactly once in a file.
type edit struct{ file, old, new string }

// DemoChange makes one realistic change, in effect from Today, to the files that Write
// laid out in dir: MoveUnit, ReplaceLeader, Hire and Leave. It implies, on Today:
//
//   - of units: MovedUnit stands under MovedTo;
//   - of people: two are hired, two have left (OldLeader and Leaver), one changes title;
//   - of leaders: ReplacedUnit answers to NewLeader. So do its people and the leader of the
//     branch library below it, and NewLeader and the leader of MovedUnit to the director
//     of Kultur og Fritid.
//
// Everything else stays as it was: a second change of the same kind finds nothing to edit
// and is an error.
func DemoChange(dir string) error {
	for _, change := range []func(string) error{MoveUnit, ReplaceLeader, Hire, Leave} {
		if err := change(dir); err != nil {
			return err
		}
	}
	return nil
}

// MoveUnit moves MovedUnit under MovedTo from Today.
func MoveUnit(dir string) error {
	return apply(dir, edit{
		"units/ungdomsskolen.cue", "\n}}\n",
		"\n\ton: {\"2026-12-01\": {parent: \"kultur-og-fritid\"}}\n}}\n",
	})
}

// ReplaceLeader ends the engagement and the leadership of OldLeader with the day before
// Today, and makes NewLeader the leader of ReplacedUnit from Today.
func ReplaceLeader(dir string) error {
	return apply(dir,
		edit{
			"units/biblioteket.cue",
			`managers: {"a": {person: "pc4h7sd", from: "2010-01-01"}}`,
			"managers: {\n" +
				"\t\t\"a\": {person: \"pc4h7sd\", from: \"2010-01-01\", to: \"2026-11-30\"}\n" +
				"\t\t\"b\": {person: \"pt6w2ne\", from: \"2026-12-01\"}\n" +
				"\t}",
		},
		edit{"people/pc/pc4h7sd.cue", `from: "2010-01-01"`, `from: "2010-01-01", to: "2026-11-30"`},
		edit{"people/pt/pt6w2ne.cue", "}}}\n\taccounts:", "}\n\t\ton: {\"2026-12-01\": {title: \"biblioteksleder\"}}}}\n\taccounts:"},
	)
}

// Hire adds the files of HiredTeacher and HiredNurse.
func Hire(dir string) error {
	if err := os.CopyFS(dir, below(hires, "hires")); err != nil {
		return fmt.Errorf("write the hires of the sample change: %w", err)
	}
	return nil
}

// Leave ends the engagement of Leaver with the day before Today.
func Leave(dir string) error {
	return apply(dir, edit{"people/pr/pr3v8gy.cue", `from: "2019-06-01"`, `from: "2019-06-01", to: "2026-11-30"`})
}

func apply(dir string, edits ...edit) error {
	for _, e := range edits {
		name := filepath.Join(dir, filepath.FromSlash(e.file))
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read for the sample change: %w", err)
		}
		if n := strings.Count(string(text), e.old); n != 1 || strings.Contains(string(text), e.new) {
			return fmt.Errorf("change %s: the file is not as the sample has it", name)
		}
		changed := strings.Replace(string(text), e.old, e.new, 1)
		if err := os.WriteFile(name, []byte(changed), 0o644); err != nil {
			return fmt.Errorf("write the sample change: %w", err)
		}
	}
	return nil
}
