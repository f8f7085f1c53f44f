package propose_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"orgit.dk/orgit/org/propose"
)

// TestLeaders: whoever leads in another role stays, a leader for a time is followed by the one before, and a unit that has
// closed is not opened by closing it again.
func TestLeaders(t *testing.T) {
	files := town(t)
	files["units/biblioteket.cue"] = &fstest.MapFile{Data: []byte(`package org

units: {"biblioteket": {
	uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a19"
	name: "Biblioteket", parent: "raadhuset", type: "afdeling", from: "2007-01-01"
	managers: {
		"a": {person: "ptwo111", from: "2019-01-01"}
		"b": {person: "pdated1", role: "souschef", from: "2019-01-01"}
	}
}}
`)}
	files["classes.cue"].Data = []byte(strings.Replace(string(files["classes.cue"].Data), `leder: name: "Leder"`, "leder: name: \"Leder\"\n\t\tsouschef: name: \"Souschef\"", 1))
	base := load(t, files)
	for name, c := range map[string]struct {
		do   func(*propose.Editor) error
		want []string
		not  string
	}{
		"a leader": {func(e *propose.Editor) error {
			return e.Appoint(propose.Leader{Unit: "biblioteket", Person: "p2m8xw1", From: "2027-01-01"})
		}, []string{`"a": {person: "ptwo111", from: "2019-01-01", to: "2026-12-31"}`, `person: "p2m8xw1"`}, `role: "souschef", from: "2019-01-01", to`},
		"a deputy": {func(e *propose.Editor) error {
			return e.Appoint(propose.Leader{Unit: "biblioteket", Person: "p2m8xw1", Role: "souschef", From: "2027-01-01"})
		}, []string{`role: "souschef", from: "2019-01-01", to: "2026-12-31"`}, `person: "ptwo111", from: "2019-01-01", to`},
		"for a time": {func(e *propose.Editor) error {
			return e.Acting(propose.Leader{Unit: "biblioteket", Person: "p2m8xw1", From: "2027-01-01", To: "2027-03-31"})
		}, []string{`to: "2026-12-31"`, `role: "konstitueret", from: "2027-01-01", to: "2027-03-31"`, `person: "ptwo111", from: "2027-04-01"`}, "vacant"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := propose.New(base, files, today, &ids{})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(e); err != nil {
				t.Fatal(err)
			}
			text := string(e.Changed()["units/biblioteket.cue"])
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s is not in\n%s", want, text)
				}
			}
			if strings.Contains(text, c.not) {
				t.Errorf("%s is in\n%s", c.not, text)
			}
		})
	}
}

// TestCloseClosed: the day on which a unit closed stays.
func TestCloseClosed(t *testing.T) {
	files := town(t)
	files["units/gammel.cue"] = &fstest.MapFile{Data: []byte(`package org

units: {"gammel": {
	uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a18"
	name: "Gammel", parent: "raadhuset", type: "afdeling", from: "2007-01-01", to: "2024-12-31"
}}
`)}
	e, err := propose.New(load(t, files), files, today, &ids{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.CloseUnit("gammel", "2027-06-30", ""); !errors.Is(err, propose.ErrProposal) || len(e.Changed()) > 0 {
		t.Errorf("it was closed once more: %v", err)
	}
}

// TestAbsenceTwice: a leave is not written a second time.
func TestAbsenceTwice(t *testing.T) {
	files := town(t)
	e, err := propose.New(load(t, files), files, today, &ids{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Absence(propose.Of{Person: "paway11"}, propose.Absence{From: "2027-01-01"}); !errors.Is(err, propose.ErrProposal) {
		t.Errorf("somebody who is away goes away: %v", err)
	}
}
