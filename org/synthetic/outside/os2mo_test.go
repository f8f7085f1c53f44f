package outside_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic/outside/outsidetest"
)

// TestOS2mo: the reader finds in OS2mo what the town is, and notes only that secret addresses are left out.
func TestOS2mo(t *testing.T) {
	place := town(200, 40)
	x := outsidetest.OS2mo(t, place, outsidetest.Schema(t))
	want, got := map[string]said{}, map[string]said{}
	secret := 0
	for _, p := range place.People {
		s := said{Given: p.Given, Surname: p.Surname, Title: p.Jobs[0].Title, Unit: string(place.Units[p.Jobs[0].Unit].UUID), Phone: p.Phone, Mail: p.Mail, CPR: p.CPR}
		if p.Shielded {
			s.Phone, secret = "", secret+1
		}
		want[string(p.UUID)] = s
	}
	for _, p := range x.People {
		job := p.Engagements[0]
		for _, e := range p.Engagements {
			if e.States[0].Primary {
				job = e
			}
		}
		state, _ := source.Near(p.States, job.States[0].From)
		got[p.ID] = said{Given: state.Given, Surname: state.Surname, Title: job.States[0].Title, Unit: job.States[0].Unit,
			Phone: state.Addresses["phone"], Mail: state.Addresses["email"], CPR: p.CPR}
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b source.Number) bool { return a == b })); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	leads, vacant := 0, 0
	for _, u := range place.Units {
		switch {
		case u.Leader >= 0:
			leads++
		case u.Vacant:
			vacant++
		}
	}
	if len(x.Units) != 40 || len(x.Leaders) != leads+vacant || leads == 0 {
		t.Errorf("%d units and %d leaders, want 40 and %d+%d", len(x.Units), len(x.Leaders), leads, vacant)
	}
	if secret == 0 || len(x.Notes) != 1 || x.Notes[0].Code != "secret-address" {
		t.Errorf("%d people are shielded, and there are notes %v", secret, x.Notes)
	}
}
