package synthetic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
)

func town(people, units int, seed uint64) *synthetic.Town {
	return synthetic.Generate(synthetic.Options{People: people, Units: units, Seed: seed, Day: "2026-12-01"})
}

func TestTheSameSeedGivesTheSameTown(t *testing.T) {
	one, same, other := town(300, 40, 7).Payroll(), town(300, 40, 7).Payroll(), town(300, 40, 8).Payroll()
	equal := cmp.Comparer(func(a, b cpr.Number) bool { return a == b })
	if diff := cmp.Diff(one, same, equal); diff != "" {
		t.Errorf("two towns of one seed differ:\n%s", diff)
	}
	if cmp.Equal(one, other, equal) {
		t.Error("two seeds gave one town")
	}
}

func TestExtractsAreWhole(t *testing.T) {
	for _, size := range [][2]int{{0, 1}, {1, 1}, {50, 3}, {5000, 660}} {
		place := town(size[0], size[1], 1)
		for _, x := range []*source.Extract{place.Payroll(), place.Directory()} {
			if err := x.Check(); err != nil {
				t.Errorf("%d people, %d units: %s: %v", size[0], size[1], x.Source, err)
			}
			if len(x.Units) != size[1] {
				t.Errorf("%s has %d units, want %d", x.Source, len(x.Units), size[1])
			}
		}
		if got := len(place.Payroll().People); got != size[0] {
			t.Errorf("payroll has %d people, want %d", got, size[0])
		}
	}
}

func TestPairsAreInBoth(t *testing.T) {
	place := town(500, 60, 3)
	payroll, directory := ids(place.Payroll()), ids(place.Directory())
	for _, pair := range place.Both() {
		if !payroll[pair.Payroll] || !directory[pair.Directory] {
			t.Errorf("pair %v is not in both registers", pair)
		}
	}
	if len(place.Both()) != len(directory) {
		t.Errorf("%d pairs, but the directory has %d people", len(place.Both()), len(directory))
	}
}

func ids(x *source.Extract) map[string]bool {
	set := map[string]bool{}
	for _, p := range x.People {
		set[p.ID] = true
	}
	return set
}

// TestShape holds a town against the figures of the package comment.
func TestShape(t *testing.T) {
	place := town(5000, 660, 11)
	names, leads := map[string]int{}, map[int]int{}
	var several, hourly, leave, shielded, rare, sameName, vacant, small int
	staff := make([]int, len(place.Units))
	for _, p := range place.People {
		name := p.Given + " " + p.Surname
		names[name]++
		count(&several, len(p.Jobs) > 1)
		count(&hourly, p.Jobs[0].Hourly)
		count(&leave, p.Jobs[0].Leave.From != "")
		count(&shielded, p.Shielded)
		count(&rare, strings.IndexFunc(name, isRare) >= 0)
		staff[p.Jobs[0].Unit]++
	}
	for _, n := range names {
		if n > 1 {
			sameName += n
		}
	}
	depth, repeated, used := 0, 0, map[string]int{}
	for i, u := range place.Units {
		count(&vacant, u.Vacant)
		count(&small, staff[i] <= 2)
		depth = max(depth, u.Depth)
		used[u.Name]++
		if u.Leader >= 0 {
			leads[u.Leader]++
		}
	}
	for _, n := range used {
		if n > 1 {
			repeated += n
		}
	}
	for _, test := range []struct {
		what      string
		got, of   int
		low, high float64 // percent
	}{
		{"several engagements", several, 5000, 6, 10},
		{"hourly paid", hourly, 5000, 20, 30},
		{"on leave", leave, 5000, 2, 4},
		{"protected address", shielded, 5000, 1, 2},
		{"a letter outside æøå", rare, 5000, 0.2, 1.2},
		{"shares the full name", sameName, 5000, 3, 5},
		{"leads", len(leads), 5000, 5, 7},
		{"vacant", vacant, len(leads), 3, 5},
		{"units of at most two", small, 660, 15, 45},
		{"units that share their name", repeated, 660, 25, 60},
		{"depth", depth, 7, 100, 100},
	} {
		share := 100 * float64(test.got) / float64(test.of)
		t.Logf("%s: %.1f %%", test.what, share)
		if share < test.low || share > test.high {
			t.Errorf("%s: %.1f %%, want %v-%v", test.what, share, test.low, test.high)
		}
	}
}

func isRare(r rune) bool { return r > 'z' && !strings.ContainsRune("æøåÆØÅ", r) }

func count(n *int, is bool) {
	if is {
		*n++
	}
}

func TestCPRNumbersAreNobodys(t *testing.T) {
	seen := map[cpr.Number]bool{}
	for _, p := range town(25_000, 10, 1).People {
		if seen[p.CPR] || p.CPR.HasCheckDigit() || p.CPR == (cpr.Number{}) {
			t.Fatalf("a CPR number that is given twice, or could be somebody's: %s", p.Jobs[0].Number)
		}
		seen[p.CPR] = true
	}
}
