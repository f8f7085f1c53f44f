package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/propose"
)

// standing is a proposed change that stands against what has been approved since the branch began, in words.
type standing struct {
	Change propose.Change `json:"change"`
	Why    string         `json:"why"`
	Mine   []said         `json:"proposed"`
	Theirs []said         `json:"approved"`
}

// said is what somebody changed, and when.
type said struct {
	By     string   `json:"by,omitempty"`
	When   string   `json:"when,omitempty"` // RFC 3339
	Commit string   `json:"commit,omitempty"`
	Says   []string `json:"says"`
}

// stands tells a change that cannot be carried out, beside what was approved about the same entries.
func (a *again) stands(c propose.Change, why string, entries [][2]string) (standing, error) {
	s := standing{Change: c, Why: why}
	for _, c := range a.commits {
		if says := a.sentences(a.was, a.is, entries); len(says) > 0 && mentions(c, entries) {
			s.Mine = append(s.Mine, saidBy(c, says))
		}
	}
	commits, err := a.repo.Between(a.parted, a.provenance.Base)
	if err != nil {
		return s, err
	}
	says := a.sentences(a.was, a.approved, entries)
	for _, c := range commits {
		if len(c.Parents) != 1 {
			continue
		}
		about, err := a.about(c, entries)
		if err != nil {
			return s, err
		}
		if about {
			s.Theirs = append(s.Theirs, saidBy(c, nil))
		}
	}
	if len(s.Theirs) == 0 {
		s.Theirs = []said{{}}
	}
	s.Theirs[len(s.Theirs)-1].Says = says
	return s, nil
}

func saidBy(c git.Logged, says []string) said {
	return said{By: c.Author.Name, When: c.When.UTC().Format(time.RFC3339), Commit: c.ID, Says: says}
}

// mentions reports whether a commit's typed changes name one of the entries.
func mentions(c git.Logged, entries [][2]string) bool {
	changes, err := propose.ReadMessage(c.Message)
	return err == nil && slices.ContainsFunc(changes, func(c propose.Change) bool {
		return slices.ContainsFunc(c.Entries(), func(at [2]string) bool { return slices.Contains(entries, at) })
	})
}

// about reports whether a commit of main is about one of the entries: by its typed changes, or, where it has none, by what
// it changed in their files.
func (a *again) about(c git.Logged, entries [][2]string) (bool, error) {
	if changes, err := propose.ReadMessage(c.Message); err == nil && len(changes) > 0 {
		return mentions(c, entries), nil
	}
	after, err := a.tree(c.ID)
	if err != nil {
		return false, err
	}
	before, err := a.tree(c.Parents[0])
	if err != nil {
		return false, err
	}
	for _, at := range entries {
		name := a.approved.Position(org.PathOf(at[0], at[1])).File
		if name == "" {
			continue
		}
		was, errWas := fs.ReadFile(before, name)
		is, errIs := fs.ReadFile(after, name)
		if (errWas == nil) != (errIs == nil) || !bytes.Equal(was, is) {
			return true, nil
		}
	}
	return false, nil
}

// sentences says what differs about some entries.
func (a *again) sentences(from, to *org.Organisation, entries [][2]string) (says []string) {
	for _, c := range change.Compare(from, to) {
		at := [2]string{"people", c.Subject.Key}
		if c.Subject.Kind == change.SubjectUnit {
			at[0] = "units"
		}
		if slices.Contains(entries, at) {
			says = append(says, change.Sentence(c, a.approved.Settings.Language))
		}
	}
	return says
}

// printStanding tells what stands against what.
func printStanding(w io.Writer, list []standing, language string) {
	for _, s := range list {
		fmt.Fprintf(w, "This cannot be carried out on what is approved now: %s.\n", s.Why)
		for _, side := range []struct {
			what string
			list []said
		}{{"proposed", s.Mine}, {"approved", s.Theirs}} {
			for _, one := range side.list {
				fmt.Fprintf(w, "  %s%s\n", side.what, one.who(language))
				for _, text := range one.Says {
					fmt.Fprintf(w, "    %s\n", text)
				}
			}
		}
	}
}

// who is by whom and when, and in which commit.
func (s said) who(language string) string {
	if s.Commit == "" {
		return ":"
	}
	day, _, _ := strings.Cut(s.When, "T")
	return fmt.Sprintf(" by %s on %s (commit %.10s):", s.By, change.Day(org.Day(day), language), s.Commit)
}
