package repository

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// TestKorsbaek: the sample municipality makes an extract without faults, and everybody who works there on a day has an
// engagement there in the extract.
func TestKorsbaek(t *testing.T) {
	o, findings, err := org.Load(korsbaek.Files())
	if err != nil || schema.HasErrors(findings) {
		t.Fatalf("load: %v %v", err, findings)
	}
	x, err := Extract(o, Options{Source: "repository", Name: "Korsbæk", Day: "2026-11-25"})
	if err != nil {
		t.Fatal(err)
	}
	want, got := 0, 0
	view := o.On("2026-11-25")
	for _, s := range view.Staff() {
		for _, p := range s.Posts {
			if p.Engagement != nil {
				want++
			}
		}
	}
	for _, p := range x.People {
		for _, e := range p.Engagements {
			if _, ok := source.On(e.States, "2026-11-25"); ok {
				got++
			}
		}
	}
	if want == 0 || got != want {
		t.Errorf("%d engagements on the day, want %d", got, want)
	}
}

func TestSpans(t *testing.T) {
	type state struct{ name string }
	base := &state{"a"}
	versions := []org.Version[state]{{From: "2026-01-01", State: &state{"b"}}, {From: "2026-06-01", State: &state{"c"}}, {From: "2027-06-01", State: &state{"d"}}}
	tests := []struct {
		whole org.Period
		want  []string
	}{
		{org.Period{From: "2025-01-01"}, []string{"2025-01-01 2025-12-31 a", "2026-01-01 2026-05-31 b", "2026-06-01 2027-05-31 c", "2027-06-01  d"}},
		{org.Period{From: "2026-01-01", To: "2026-12-31"}, []string{"2026-01-01 2026-05-31 b", "2026-06-01 2026-12-31 c"}},
		{org.Period{}, []string{" 2025-12-31 a", "2026-01-01 2026-05-31 b", "2026-06-01 2027-05-31 c", "2027-06-01  d"}},
	}
	for _, test := range tests {
		var got []string
		spans(test.whole, base, versions, func(p org.Period, s *state) {
			got = append(got, string(p.From)+" "+string(p.To)+" "+s.name)
		})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.whole, diff)
		}
	}
}
