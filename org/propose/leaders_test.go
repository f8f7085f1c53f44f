package propose_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
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

// leaderTown is the town with a library whose managers are these.
func leaderTown(t *testing.T, managers string) fstest.MapFS {
	t.Helper()
	files := town(t)
	files["units/biblioteket.cue"] = &fstest.MapFile{Data: []byte(`package org

units: {"biblioteket": {
	uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a19"
	name: "Biblioteket", parent: "raadhuset", type: "afdeling", from: "2007-01-01"
	managers: {
` + managers + `	}
}}
`)}
	files["classes.cue"].Data = []byte(strings.Replace(string(files["classes.cue"].Data), `leder: name: "Leder"`, "leder: name: \"Leder\"\n\t\tsouschef: name: \"Souschef\"", 1))
	return files
}

// TestLeadersAndTheirAmendments holds what becomes of the amendments of a leader who is followed, for a time or for good, and
// of appointments whose day has not come, against the lines that are then in the file and the sentences about it.
func TestLeadersAndTheirAmendments(t *testing.T) {
	amended := `		"a": {person: "ptwo111", from: "2019-01-01"
			on: {"2020-01-01": {responsibilities: ["personale"]}, "2027-02-01": {responsibilities: ["personale", "økonomi"]}, "2027-06-01": {responsibilities: null}}}
`
	appointed := `		"a": {person: "ptwo111", from: "2019-01-01", to: "2026-12-31"}
		"b": {person: "p2m8xw1", from: "2027-01-01"}
`
	bo := propose.Leader{Unit: "biblioteket", Person: "p2m8xw1", From: "2027-01-01"}
	with := func(l propose.Leader, person, role string, to org.Day) propose.Leader {
		l.Person, l.Role, l.To = person, role, to
		return l
	}
	for name, c := range map[string]struct {
		managers   string
		do         func(*propose.Editor) error
		want, says string
	}{
		"followed for good": {amended, func(e *propose.Editor) error { return e.Appoint(bo) },
			`"a": {person: "ptwo111", from: "2019-01-01"
			on: {"2020-01-01": {responsibilities: ["personale"]}}
			to: "2026-12-31"}
		"b": {person: "p2m8xw1", from: "2027-01-01"}`, "Ny leder af Biblioteket: Bo Kjær (afløser To Jobs) fra 1. januar 2027."},
		"followed for a time": {amended, func(e *propose.Editor) error { return e.Acting(with(bo, "p2m8xw1", "", "2027-03-31")) },
			`"c": {person: "p2m8xw1", role: "konstitueret", from: "2027-01-01", to: "2027-03-31"}`,
			"Konstitueret leder af Biblioteket: Bo Kjær (afløser To Jobs) fra 1. januar 2027 til og med 31. marts 2027."},
		"goes on with what was to come": {amended, func(e *propose.Editor) error { return e.Acting(with(bo, "p2m8xw1", "", "2027-03-31")) },
			`"b": {person: "ptwo111", responsibilities: ["personale", "økonomi"], from: "2027-04-01", on: {"2027-06-01": {responsibilities: null}}}`, "Ny leder af Biblioteket: To Jobs fra 1. april 2027."},
		"a deputy": {amended, func(e *propose.Editor) error { return e.Appoint(with(bo, "p2m8xw1", "souschef", "")) },
			`role: "souschef"`, "Ny souschef i Biblioteket: Bo Kjær fra 1. januar 2027."},
		"somebody else from the same day": {appointed, func(e *propose.Editor) error { return e.Appoint(with(bo, "pdated1", "", "")) },
			`		"a": {person: "ptwo111", from: "2019-01-01", to: "2026-12-31"}
		"c": {person: "pdated1", from: "2027-01-01"}
`, "Rettelse: Bo Kjær står ikke længere som leder af Biblioteket i organisationens filer."},
		"the one before goes on": {appointed, func(e *propose.Editor) error { return e.Appoint(with(bo, "ptwo111", "", "")) },
			`	managers: {
		"a": {person: "ptwo111", from: "2019-01-01"}
	}
`, "To Jobs fortsætter som leder af Biblioteket uden slutdato (før: 31. december 2026)."},
		"nobody from the same day": {appointed, func(e *propose.Editor) error { return e.Vacate("biblioteket", "2027-01-01") },
			`		"c": {vacant: true, from: "2027-01-01"}
`, "Lederstillingen i Biblioteket er ledig fra 1. januar 2027."},
		"a time is prolonged": {`		"a": {person: "p2m8xw1", role: "konstitueret", from: "2026-11-01", to: "2026-12-31"}
		"b": {person: "ptwo111", from: "2027-01-01"}
`, func(e *propose.Editor) error { return e.Acting(with(bo, "p2m8xw1", "", "2027-03-31")) },
			`		"a": {person: "p2m8xw1", role: "konstitueret", from: "2026-11-01", to: "2027-03-31"}
		"c": {person: "ptwo111", from: "2027-04-01"}
`, "Ny leder af Biblioteket: To Jobs (afløser Bo Kjær) fra 1. april 2027."},
	} {
		t.Run(name, func(t *testing.T) {
			files := leaderTown(t, c.managers)
			base := load(t, files)
			e, err := propose.New(base, files, today, &ids{})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(e); err != nil {
				t.Fatal(err)
			}
			text := string(e.Changed()["units/biblioteket.cue"])
			if !strings.Contains(text, c.want) {
				t.Errorf("%s is not in\n%s", c.want, text)
			}
			files["units/biblioteket.cue"].Data = []byte(text)
			says := ""
			for _, ch := range change.Compare(base, load(t, files)) {
				says += change.Sentence(ch, change.Danish) + "\n"
			}
			if !strings.Contains(says, c.says) {
				t.Errorf("%s is not said in\n%s", c.says, says)
			}
		})
	}
	files := leaderTown(t, strings.ReplaceAll(appointed, "2027-01-01", "2026-12-01"))
	e, err := propose.New(load(t, files), files, today, &ids{})
	if err != nil {
		t.Fatal(err)
	}
	began := bo
	began.From = today
	if err := e.Appoint(with(began, "pdated1", "", "")); !errors.Is(err, propose.ErrProposal) {
		t.Errorf("who has begun was taken out: %v", err)
	}
}
