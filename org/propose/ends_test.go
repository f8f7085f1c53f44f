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

// proposed carries a change out on files, and gives the text of one of them, and what is said; the result passes the check.
func proposed(t *testing.T, files fstest.MapFS, name string, c propose.Change) (text, says string) {
	t.Helper()
	texts, err := org.ReadTexts(files)
	if err != nil {
		t.Fatal(err)
	}
	base := load(t, texts)
	s := session(t, texts, base, today)
	if _, err := s.Do(c); err != nil {
		t.Fatal(err)
	}
	for _, ch := range change.Compare(base, load(t, s.Texts())) {
		says += change.Sentence(ch, change.Danish) + "\n"
	}
	return string(s.Changed()[name]), says
}

// TestCloseUnitWithPlans: what was to happen in a unit after its last day is taken out, and said.
func TestCloseUnitWithPlans(t *testing.T) {
	files := town(t)
	files["units/biblioteket.cue"] = &fstest.MapFile{Data: []byte(`package org

units: {"biblioteket": {
	uuid: "3f1c0a52-6d0e-4c55-9d7e-0f4b3c1f9a19"
	name: "Biblioteket", parent: "raadhuset", type: "afdeling", from: "2007-01-01"
	managers: {
		"a": {person: "ptwo111", from: "2019-01-01", to: "2026-12-31"}
		"b": {person: "p2m8xw1", from: "2027-01-01"}
	}
	on: {
		"2026-06-01": {name: "Bibliotek og Borger"}
		"2027-01-01": {name: "Kulturhuset"}
	}
}}
`)}
	text, says := proposed(t, files, "units/biblioteket.cue", propose.Change{Do: propose.DoCloseUnit, Unit: "biblioteket", Last: "2026-12-31"})
	for _, gone := range []string{"Kulturhuset", `"b"`} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is in\n%s", gone, text)
		}
	}
	for _, stays := range []string{"Bibliotek og Borger", `"a"`, `to: "2026-12-31"`} {
		if !strings.Contains(text, stays) {
			t.Errorf("%s is not in\n%s", stays, text)
		}
	}
	for _, want := range []string{"lukker med udgangen af 31. december 2026", "bliver ikke Kulturhuset", "Bo Kjær står ikke længere som leder"} {
		if !strings.Contains(says, want) {
			t.Errorf("%s is not said in\n%s", want, says)
		}
	}
}

// TestSplitOfASuccessor: who works in a unit because it follows theirs goes along when it is split.
func TestSplitOfASuccessor(t *testing.T) {
	files := town(t)
	files["units/vestre.cue"].Data = []byte(strings.Replace(string(files["units/vestre.cue"].Data), `from:   "2007-01-01"
	managers: "a": {person: "ptwo111", from: "2027-01-01"}`, `from:   "2007-01-01"
	to: "2026-11-30"
	successor: "skolen"`, 1))
	split := propose.Change{Do: propose.DoSplitUnit, Unit: "skolen", Key: "sfo", Type: "afdeling", From: "2027-01-01",
		People: []propose.Of{{Person: "ptwo111", Engagement: "b"}}, Texts: propose.Texts{UnitName: "SFO"}}
	text, says := proposed(t, files, "people/pt/ptwo111.cue", split)
	if !strings.Contains(text, `"b": {unit: "vestre", title: "laerer", type: "maanedsloen", from: "2021-01-01", on: {"2027-01-01": {unit: "sfo"}}}`) {
		t.Errorf("it is\n%s", text)
	}
	if !strings.Contains(says, "To Jobs (lærer) flyttes fra Vestre Skole til SFO fra 1. januar 2027.") {
		t.Errorf("it says\n%s", says)
	}
}

// TestLeaveThatNeverBegins: a leave that is yet to come is taken out by coming back on its first day.
func TestLeaveThatNeverBegins(t *testing.T) {
	files := town(t)
	name := "people/pa/paway11.cue"
	files[name].Data = []byte(strings.Replace(string(files[name].Data), `leaves: "a": {from: "2026-09-01"}`, `leaves: {"a": {from: "2026-09-01", to: "2026-10-31"}, "b": {from: "2027-01-01"}}`, 1))
	text, says := proposed(t, files, name, propose.Change{Do: propose.DoReturn, Person: "paway11", From: "2027-01-01"})
	if strings.Contains(text, `"b"`) || !strings.Contains(text, `to: "2026-10-31"`) || !strings.Contains(says, "Rettelse: Orloven fra 1. januar 2027 for Rie Rejse") {
		t.Errorf("it says\n%s\n%s", says, text)
	}
	e, err := propose.New(load(t, files), files, today, &ids{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Return(propose.Of{Person: "paway11"}, "2026-12-15"); !errors.Is(err, propose.ErrProposal) {
		t.Errorf("somebody comes back before they go: %v", err)
	}
}

// TestContactBeforeTheFirstDay: nobody can be reached before their first day; without a day it holds from then on.
func TestContactBeforeTheFirstDay(t *testing.T) {
	files := town(t)
	name := "people/pt/ptwo111.cue"
	files[name].Data = []byte(strings.NewReplacer(`from: "2020-01-01"`, `from: "2027-02-01"`, `from: "2021-01-01"`, `from: "2027-03-01"`).Replace(string(files[name].Data)))
	files["units/vestre.cue"].Data = []byte(strings.Replace(string(files["units/vestre.cue"].Data), `from: "2027-01-01"`, `from: "2027-02-01"`, 1))
	contact := propose.Change{Do: propose.DoContact, Person: "ptwo111", Texts: propose.Texts{Addresses: map[string]string{"phone": "+4544332299"}}}
	text, _ := proposed(t, files, name, contact)
	if !strings.Contains(text, "\taddresses: {phone: \"+4544332299\"}\n") || strings.Contains(text, "on:") {
		t.Errorf("it is\n%s", text)
	}
	contact.From = "2027-02-15"
	if text, _ = proposed(t, files, name, contact); !strings.Contains(text, `on: {"2027-02-15": {addresses: {phone: "+4544332299"}}}`) {
		t.Errorf("it is\n%s", text)
	}
	for _, day := range []org.Day{"2027-01-31", today} {
		contact.From = day
		texts, err := org.ReadTexts(files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := session(t, texts, load(t, texts), today).Do(contact); !errors.Is(err, propose.ErrProposal) || !strings.Contains(err.Error(), "begins on 2027-02-01") {
			t.Errorf("on %s: %v", day, err)
		}
	}
}

// TestUndoneBeforeTheDay: what the page for HR says to propose where something is not to happen after all leaves the
// organisation as it was.
func TestUndoneBeforeTheDay(t *testing.T) {
	bo := func(do propose.Kind, c propose.Change) propose.Change {
		c.Do, c.Person = do, "p2m8xw1"
		if c.Last == "" && do != propose.DoExtend {
			c.From = "2027-01-01"
		}
		return c
	}
	named := func(surname string) propose.Change {
		return propose.Change{Texts: propose.Texts{Name: org.Name{Given: "Bo", Surname: surname}}}
	}
	unit := func(do propose.Kind, c propose.Change) propose.Change {
		c.Do, c.Unit, c.From = do, "biblioteket", "2027-01-01"
		return c
	}
	for name, pair := range map[string][2]propose.Change{
		"a departure":      {bo(propose.DoLeave, propose.Change{Last: "2026-12-31"}), bo(propose.DoExtend, propose.Change{Open: true})},
		"a move":           {bo(propose.DoMove, propose.Change{Unit: "raadhuset"}), bo(propose.DoMove, propose.Change{Unit: "skolen"})},
		"a title":          {bo(propose.DoTitle, propose.Change{Title: "direktoer"}), bo(propose.DoTitle, propose.Change{Title: "laerer"})},
		"a name":           {bo(propose.DoName, named("Holm")), bo(propose.DoName, named("Kjær"))},
		"a leave":          {bo(propose.DoAbsence, propose.Change{Until: "2027-06-30"}), bo(propose.DoReturn, propose.Change{})},
		"a leader":         {unit(propose.DoAppoint, propose.Change{Person: "p2m8xw1"}), unit(propose.DoAppoint, propose.Change{Person: "ptwo111"})},
		"an acting leader": {unit(propose.DoActing, propose.Change{Person: "p2m8xw1", Until: "2027-03-31"}), unit(propose.DoAppoint, propose.Change{Person: "ptwo111", Until: "2027-03-31"})},
		"no leader":        {unit(propose.DoVacate, propose.Change{}), unit(propose.DoAppoint, propose.Change{Person: "ptwo111"})},
		"a unit's name":    {unit(propose.DoRenameUnit, propose.Change{Texts: propose.Texts{UnitName: "X"}}), unit(propose.DoRenameUnit, propose.Change{Texts: propose.Texts{UnitName: "Biblioteket"}})},
		"a unit's place":   {unit(propose.DoMoveUnit, propose.Change{Parent: "skolen"}), unit(propose.DoMoveUnit, propose.Change{Parent: "raadhuset"})},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := org.ReadTexts(leaderTown(t, "\t\t\"a\": {person: \"ptwo111\", from: \"2019-01-01\"}\n"))
			if err != nil {
				t.Fatal(err)
			}
			base := load(t, texts)
			for i, c := range pair {
				s := session(t, texts, load(t, texts), today)
				if _, err := s.Do(c); err != nil {
					t.Fatal(err)
				}
				texts = s.Texts()
				var says []string
				for _, ch := range change.Compare(base, load(t, texts)) {
					if ch.Field != change.FieldOn {
						says = append(says, change.Sentence(ch, change.Danish))
					}
				}
				if done := len(says) > 0; done != (i == 0) {
					t.Errorf("after change %d it says %q", i+1, says)
				}
			}
		})
	}
	made := propose.Change{Do: propose.DoCreateUnit, Key: "sfo", Parent: "raadhuset", Type: "afdeling", From: "2027-01-01", Texts: propose.Texts{UnitName: "SFO"}}
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	s := session(t, texts, load(t, texts), today)
	for _, c := range []propose.Change{made, {Do: propose.DoRenameUnit, Unit: "sfo", From: "2027-01-01", Texts: propose.Texts{UnitName: "Fritid"}}, {Do: propose.DoCloseUnit, Unit: "sfo", Last: "2027-01-01"}} {
		if _, err := s.Do(c); err != nil {
			t.Fatal(err)
		}
	}
	if u := load(t, s.Texts()).Unit("sfo"); u.To != u.From || u.Name != "Fritid" {
		t.Errorf("it is %+v", u)
	}
}
