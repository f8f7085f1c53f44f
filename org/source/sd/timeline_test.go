package sd

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// TestOverlay: on each day the upper spans count where they say something, and a later one
// before an earlier one; the result is in order and without overlap.
func TestOverlay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	first := org.Day("2026-01-01")
	spans := func(from int) []span[int] {
		var list []span[int]
		for i := range random.IntN(5) {
			begin := random.IntN(30)
			s := span[int]{org.Period{From: first.Add(begin), To: first.Add(begin + random.IntN(10))}, from + i}
			if random.IntN(6) == 0 {
				s.To = ""
			}
			list = append(list, s)
		}
		return list
	}
	for range 2000 {
		below, above := overlay(nil, spans(1)), spans(100)
		got := overlay(below, above)
		for i := range 45 {
			day := first.Add(i)
			want := on(below, day)
			for _, s := range above {
				if s.Contains(day) {
					want = s.value
				}
			}
			if on(got, day) != want {
				t.Fatalf("%v over %v on %s: got %d, want %d in %v", above, below, day, on(got, day), want, got)
			}
		}
		for i := range got {
			if got[i].To != "" && got[i].To < got[i].From || i > 0 && (got[i-1].To == "" || got[i-1].To >= got[i].From) {
				t.Fatalf("%v over %v is not in order: %v", above, below, got)
			}
		}
	}
}

func TestRuns(t *testing.T) {
	got := runs([]org.Period{{From: "2026-01-01", To: "2026-01-31"}, {From: "2026-02-01", To: "2026-02-28"}, {From: "2026-03-02", To: "2026-12-31"}, {From: "2027-01-01"}})
	want := []org.Period{{From: "2026-01-01", To: "2026-02-28"}, {From: "2026-03-02"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
