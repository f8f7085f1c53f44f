package outside_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/outside"
	"orgit.dk/orgit/org/synthetic/outside/outsidetest"
)

func town(people, units int) *synthetic.Town {
	return synthetic.Generate(synthetic.Options{People: people, Units: units, Seed: 5, Day: "2026-12-01"})
}

// said is what is compared of a person, whatever the register.
type said struct {
	Given, Surname, Unit, Title, Phone, Mail, Manager string
	CPR                                               source.Number
	Shielded, Disabled                                bool
}

// TestOPUS: the reader finds in the file what the town is, notes nothing, and knows of those who left long
// ago only that they did.
func TestOPUS(t *testing.T) {
	place := town(400, 60)
	x := outsidetest.OPUS(t, place)
	if len(x.Notes) > 0 || len(x.Units) != 60 {
		t.Errorf("%d notes, the first of them %v; %d units", len(x.Notes), x.Notes[:min(1, len(x.Notes))], len(x.Units))
	}
	want, got := map[string]said{}, map[string]said{}
	for _, p := range place.People {
		job := p.Jobs[0]
		if job.To != "" && job.To < place.Day.Add(-30) {
			for _, job := range p.Jobs {
				want[job.Number] = said{}
			}
			continue
		}
		s := said{Given: p.Given, Surname: p.Surname, Unit: place.Units[job.Unit].Code, Title: job.Title, Phone: p.Phone, Mail: p.Mail, CPR: p.CPR, Shielded: p.Shielded}
		if p.Shielded {
			s.Phone = ""
		}
		want[job.Number] = s
	}
	for _, p := range x.People {
		s := said{CPR: p.CPR}
		if !p.Engagements[0].EndsOnly() {
			state, job := p.States[0], p.Engagements[0].States[0]
			s = said{Given: state.Given, Surname: state.Surname, Unit: job.Unit, Title: job.Title, Phone: state.Addresses["phone"],
				Mail: state.Addresses["email"], CPR: p.CPR, Shielded: state.Shielded}
		}
		got[p.ID] = s
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b source.Number) bool { return a == b })); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	leads := 0
	for i, u := range place.Units {
		if u.Leader >= 0 && place.People[u.Leader].Jobs[0].Unit == i {
			leads++
		}
	}
	if len(x.Leaders) != leads || leads == 0 {
		t.Errorf("%d leaders, want %d", len(x.Leaders), leads)
	}
}

// TestLDIF: the reader finds in the export what the town is, with one root and with several.
func TestLDIF(t *testing.T) {
	for _, size := range []struct{ people, units, more int }{{300, 60, 0}, {100, 400, 1}} {
		place := town(size.people, size.units)
		x := outsidetest.LDIF(t, place)
		if len(x.Units) != size.units+size.more {
			t.Errorf("%d units, want %d and %d more", len(x.Units), size.units, size.more)
		}
		want, got := map[string]said{}, map[string]said{}
		for i, p := range place.People {
			if p.Account == nil {
				continue
			}
			job := p.Jobs[0]
			s := said{Given: p.Given, Surname: p.Surname, Unit: string(place.Units[job.Unit].UUID), Title: job.Title, Phone: p.Phone, Mail: p.Mail, Disabled: p.Account.Disabled}
			if m := place.Manager(i); m >= 0 {
				s.Manager = string(place.People[m].Account.UUID)
			}
			want[string(p.Account.UUID)] = s
		}
		for _, p := range x.People {
			state, job := p.States[0], p.Engagements[0].States[0]
			got[p.ID] = said{Given: state.Given, Surname: state.Surname, Unit: job.Unit, Title: job.Title, Phone: state.Addresses["phone"],
				Mail: state.Addresses["email"], Manager: state.Manager, Disabled: p.Accounts[0].Disabled}
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b source.Number) bool { return a == b })); diff != "" {
			t.Errorf("people (-want +got):\n%s", diff)
		}
		ends := map[string]string{}
		for _, p := range place.People {
			if p.Account != nil {
				ends[string(p.Account.UUID)] = string(p.Jobs[0].To)
			}
		}
		for _, p := range x.People {
			if string(p.Accounts[0].To) != ends[p.ID] {
				t.Errorf("an account ends on %q, want %q", p.Accounts[0].To, ends[p.ID])
			}
		}
	}
}

// TestTwoOfOneName: a directory cannot have them, and nothing is written as if it could.
func TestTwoOfOneName(t *testing.T) {
	place := town(20, 30)
	place.Units[len(place.Units)-1].Name, place.Units[len(place.Units)-1].Parent = place.Units[5].Name, place.Units[5].Parent
	if err := outside.LDIF(&bytes.Buffer{}, place); err == nil || !strings.Contains(err.Error(), place.Units[5].Name) {
		t.Errorf("two units of one name below one: %v", err)
	}
}
