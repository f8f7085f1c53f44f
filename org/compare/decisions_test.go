package compare_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/compare"
)

func TestDecisions(t *testing.T) {
	lead := extract("pay", payrollSays, append(crowd("p"), "1; Mette|Jensen; unit:a", "2; Mette|Jensen; unit:a", "3; Anna|Holm; number:7", "unit a; Skole", "unit d; Køkken; under:a")...)
	other := extract("ad", directorySays, append(crowd("q"), "x; Mette|Jensen; unit:a", "y; Bo|Kjær; number:7", "z; Eva|Lund; number:8", "unit a; Skole", "unit e; Kantinen; under:a")...)
	for _, test := range []struct {
		name string
		said []compare.Decision
		want []string
	}{
		{"nothing", nil, []string{"1?x", "2?x", "3?y", "!z"}},
		{"the same", []compare.Decision{{Lead: "1", Other: "x", Same: true}}, []string{"1=x", "2!", "3?y", "!z"}},
		{"different", []compare.Decision{{Lead: "3", Other: "y"}}, []string{"1?x", "2?x", "3!", "!y", "!z"}},
		{"the same against a contradiction", []compare.Decision{{Lead: "3", Other: "y", Same: true}}, []string{"1?x", "2?x", "3=y", "!z"}},
		{"nothing speaks for it", []compare.Decision{{Lead: "2", Other: "z", Same: true}}, []string{"1?x", "2=z", "3?y"}},
		{"somebody who is gone", []compare.Decision{{Lead: "99", Other: "z", Same: true}}, []string{"1?x", "2?x", "3?y", "!z"}},
		{"one pair, and its unit", []compare.Decision{{Unit: true, Lead: "d", Other: "e", Same: true}}, []string{"1?x", "2?x", "3?y", "!z"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare.Compare(lead, other, test.said...)
			got := slices.DeleteFunc(short(c.People), func(s string) bool { return strings.HasPrefix(s, "p") || strings.HasPrefix(s, "!q") })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			for _, said := range test.said {
				if said.Unit && !slices.Contains(short(c.Units), "d=e") {
					t.Errorf("the units are %v, want d=e among them", short(c.Units))
				}
			}
			for _, m := range c.People {
				for _, said := range test.said {
					if m.Answer == compare.Same && m.Lead == said.Lead && m.Candidates[0].Reasons[0].Field != compare.Decided {
						t.Errorf("%s=%s does not rest on the decision", m.Lead, m.Other)
					}
				}
			}
		})
	}
}
