package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/comparetest"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/synthetic"
)

// lines writes differences as "kind: id value / id value".
func lines(list []compare.Difference) []string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s: %s / %s", d.Kind, said(d.Lead), said(d.Other)))
	}
	return out
}

func said(s compare.Side) string {
	if s.ID == "" {
		return "-"
	}
	return strings.TrimSpace(s.ID + " " + strings.Join(s.Values, "+"))
}

func TestDifferences(t *testing.T) {
	units := []string{"unit a; Østre Skole; code:1", "unit b; Vestre Skole; code:2", "unit c; Plejecenter Solgården; code:3"}
	for _, test := range []struct {
		name        string
		lead, other []string
		says        source.Says // of the other one
		want        []string
	}{
		{"nothing", []string{"1; Anna|Holm; number:7; title:Lærer"}, []string{"x; Anna|Holm; number:7; title:lærer"}, directorySays, nil},
		{"letters of a name", []string{"1; Søren|Holm; number:7"}, []string{"x; Soeren|Holm; number:7"}, directorySays,
			[]string{"person name: 1 Søren Holm / x Soeren Holm"}},
		{"title", []string{"1; Anna|Holm; number:7; title:Lærer"}, []string{"x; Anna|Holm; number:7; title:Konsulent"}, directorySays,
			[]string{"person title: 1 Lærer / x Konsulent"}},
		{"no title is no other title", []string{"1; Anna|Holm; number:7; title:Lærer"}, []string{"x; Anna|Holm; number:7"}, directorySays, nil},
		{"unit", []string{"1; Anna|Holm; number:7; unit:a"}, []string{"x; Anna|Holm; number:7; unit:b"}, directorySays,
			[]string{"person unit: 1 Østre Skole / x Vestre Skole"}},
		{"phone", []string{"1; Anna|Holm; number:7; phone:+4511111111"}, []string{"x; Anna|Holm; number:7; phone:12222222"}, directorySays,
			[]string{"person phone: 1 +4511111111 / x 12222222"}},
		{"one phone written otherwise", []string{"1; Anna|Holm; number:7; phone:+4511111111"}, []string{"x; Anna|Holm; number:7; phone:11 11 11 11"}, directorySays, nil},
		{"account without a person", nil, []string{"x; Hassan|Yilmaz; account:haya"}, directorySays, []string{"account without person: - / x haya"}},
		{"person without an account", []string{"1; Hassan|Yilmaz; number:7"}, nil, directorySays, []string{"person without account: 1 7 / -"}},
		{"person only in one", []string{"1; Hassan|Yilmaz; number:7"}, nil, source.Says{Tree: true}, []string{"person only: 1 / -"}},
		{"doubled", nil, []string{"x; Øyvind|Ågård; mail:o@x.invalid; account:oyag; unit:a", "y; Øyvind|Ågård; mail:o@x.invalid; account:oyag2; unit:a"}, directorySays,
			[]string{"account without person: - / x oyag", "account without person: - / y oyag2", "doubled: x / y"}},
		{"two of one name and mail are two where payroll has two", []string{"1; Øyvind|Ågård; number:1; cpr:1; unit:a", "2; Øyvind|Ågård; number:2; cpr:2; unit:a"},
			[]string{"x; Øyvind|Ågård; mail:o@x.invalid; number:1; unit:a", "y; Øyvind|Ågård; mail:o@x.invalid; number:2; unit:a"}, directorySays, nil},
		{"doubled in both", []string{"1; Øyvind|Ågård; number:1; mail:o@x.invalid; unit:a", "2; Øyvind|Ågård; number:2; mail:o@x.invalid; unit:a"},
			[]string{"x; Øyvind|Ågård; mail:o@x.invalid; number:1; unit:a", "y; Øyvind|Ågård; mail:o@x.invalid; number:2; unit:a"}, directorySays,
			[]string{"doubled: 1 1 / 2 2", "doubled: x 1 / y 2"}},
		{"manager", []string{"1; Anna|Holm; number:7; manager:2", "2; Bo|Lund; number:8"},
			[]string{"x; Anna|Holm; number:7; manager:z", "y; Bo|Lund; number:8", "z; Eva|Kjær; account:evkj"}, directorySays,
			[]string{"account without person: - / z evkj", "person manager: 1 Bo Lund / x Eva Kjær"}},
		{"who is asked about differs in nothing", []string{"1; Anna|Holm; number:7; title:Lærer"}, []string{"x; Hassan|Yilmaz; number:7; title:Chef"}, directorySays, nil},
		{"unit renamed", []string{"unit d; Køkkenet; code:4"}, []string{"unit e; Koekkenet; code:4"}, directorySays, []string{"unit name: d Køkkenet / e Koekkenet"}},
		{"unit elsewhere", []string{"unit d; Køkkenet; code:4; under:a"}, []string{"unit e; Køkkenet; code:4; under:b"}, directorySays,
			[]string{"unit place: d Østre Skole / e Vestre Skole"}},
		{"unit elsewhere in a register without a tree", []string{"unit d; Køkkenet; code:4; under:a"}, []string{"unit e; Køkkenet; code:4; under:b"}, source.Says{Accounts: true}, nil},
		{"a level more is no other place", []string{"unit d; Køkkenet; code:4; under:f", "unit f; Driftsenheden; code:5; under:a"}, []string{"unit e; Køkkenet; code:4; under:a"}, directorySays,
			[]string{"unit only: f / -"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			lead := extract("pay", payrollSays, slices.Concat(units, crowd("p"), test.lead)...)
			other := extract("ad", test.says, slices.Concat(units, crowd("p"), test.other)...)
			c := compare.Compare(lead, other)
			if diff := cmp.Diff(test.want, lines(c.Differences())); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			for _, d := range c.Differences() {
				if d.Lead.ID != "" && d.Lead.Origin == (source.Origin{}) || d.Other.ID != "" && d.Other.Origin == (source.Origin{}) {
					t.Errorf("%s has no origin: %+v", d.Kind, d)
				}
			}
		})
	}
}

func TestLeaders(t *testing.T) {
	build := func(key, person string, says source.Says) *source.Extract {
		x := extract(key, says, append(crowd("p"), "unit a; Østre Skole; code:1", "unit b; Vestre Skole; code:2", "unit c; Solgården; code:3")...)
		if person != "" {
			x.Leaders = []source.Leadership{{ID: "l", Origin: source.Origin{Document: key}, States: []source.LeadershipState{{Unit: "a", Person: person}}}}
		}
		return x
	}
	for _, test := range []struct {
		name, lead, other string
		says              source.Says
		want              []string
	}{
		{"the same", "p01", "p01", directorySays, nil},
		{"another", "p01", "p02", directorySays, []string{"unit leader: a Lars Olsen / a Lars Thomsen"}},
		{"only one knows", "p01", "", directorySays, []string{"leader only: a Lars Olsen / a"}},
		{"the other knows none at all", "p01", "", source.Says{Tree: true, Accounts: true}, nil},
		{"only the other knows", "", "p02", directorySays, []string{"leader only: a / a Lars Thomsen"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := lines(compare.Compare(build("pay", test.lead, payrollSays), build("ad", test.other, test.says)).Differences())
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTimes: who left or has not begun is missed only by a register that speaks of that time.
func TestTimes(t *testing.T) {
	for _, test := range []struct {
		name   string
		period org.Period
		says   source.Says
		want   int
	}{
		{"works here", org.Period{From: "2020-01-01"}, directorySays, 1},
		{"has left", org.Period{To: "2026-11-30"}, directorySays, 0},
		{"last day", org.Period{To: today}, directorySays, 1},
		{"has left, and the other has history", org.Period{To: "2026-11-30"}, source.Says{History: true}, 1},
		{"begins tomorrow", org.Period{From: "2026-12-02"}, directorySays, 0},
		{"begins tomorrow, and the other has a future", org.Period{From: "2026-12-02"}, source.Says{Future: true}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			lead, other := extract("pay", payrollSays, append(crowd("p"), "z; Hassan|Yilmaz; number:7")...), extract("ad", test.says, crowd("p")...)
			lead.People[len(lead.People)-1].Engagements[0].States[0].Period = test.period
			if got := compare.Compare(lead, other).Differences(); len(got) != test.want {
				t.Errorf("%d differences, want %d: %v", len(got), test.want, lines(got))
			}
		})
	}
}

// TestTownWithoutErrors: registers of one town without errors differ in those who have no account alone.
func TestTownWithoutErrors(t *testing.T) {
	town := synthetic.Generate(synthetic.Options{People: 3000, Units: 400, Seed: 5, Day: today})
	p := comparetest.Plant(town, comparetest.Rates{}, 5)
	want := map[string]bool{}
	for _, person := range town.People {
		if person.Account == nil && slices.ContainsFunc(person.Jobs, func(j synthetic.Job) bool { return j.Contains(today) }) {
			want[person.Jobs[0].Number] = true
		}
	}
	asked := 0
	c := compare.Compare(p.Payroll, p.Directory)
	for _, m := range slices.Concat(c.People, c.Units) {
		if m.Answer == compare.Ask {
			asked++
			t.Logf("asked: %+v", m)
		}
	}
	if asked > 3 {
		t.Errorf("%d are asked about in a town without errors", asked)
	}
	for _, d := range c.Differences() {
		switch {
		case d.Kind == compare.PersonWithoutAccount && want[d.Lead.ID]:
			delete(want, d.Lead.ID)
		case d.Kind == compare.LeaderOnly && d.Other.Values == nil: // a leader without an account
		default:
			t.Errorf("a difference that is none: %+v", d)
		}
	}
	if len(want) > 0 {
		t.Errorf("%d people without an account are not shown", len(want))
	}
}
