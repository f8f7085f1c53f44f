package change

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// TestDifferencesMissNothing holds differences against the plain truth for every pair of
// small timelines: something is said exactly when the value differs on some day or an
// amendment came or went.
func TestDifferencesMissNothing(t *testing.T) {
	days := []org.Day{"2026-01-01", "2026-02-01", "2026-03-01"}
	all := everyTimeline(days, []value{nil, {"a"}, {"b"}})
	for _, base := range all {
		for _, head := range all {
			same := slices.EqualFunc(base, head, func(a, b moment) bool { return a.day == b.day })
			for _, day := range append([]org.Day{""}, days...) {
				same = same && slices.Equal(base.of("x").on(day), head.of("x").on(day))
			}
			if got := differences(base, head); (len(got) == 0) != same {
				t.Fatalf("from %v to %v: %+v", base, head, got)
			}
		}
	}
}

// everyTimeline makes each timeline of one field x with amendments on some of the days.
func everyTimeline(days []org.Day, values []value) []timeline {
	var all []timeline
	for _, first := range values {
		all = append(all, timeline{{fields: fields{"x": first}}})
	}
	for _, day := range days {
		for _, t := range slices.Clone(all) {
			for _, v := range values {
				all = append(all, append(slices.Clone(t), moment{day, fields{"x": v}}))
			}
		}
	}
	return all
}

func TestDifferencesInWords(t *testing.T) {
	const d1, d2 = "2026-12-01", "2027-01-01"
	of := func(first string, later ...moment) timeline {
		f := fields{}
		f.text("x", first)
		return append(timeline{{fields: f}}, later...)
	}
	on := func(day org.Day, v string) moment {
		f := fields{}
		f.text("x", v)
		return moment{day, f}
	}
	tests := []struct {
		name       string
		base, head timeline
		want       []difference
	}{
		{"edited where it stands", of("a"), of("b"),
			[]difference{{from: value{"a"}, to: value{"b"}, correct: true}}},
		{"stated for the first time", of(""), of("b"), []difference{{to: value{"b"}}}},
		{"no longer stated", of("a"), of(""), []difference{{from: value{"a"}, correct: true}}},
		{"a yes becomes a no", of("true"), of(""), []difference{{from: value{"true"}}}},
		{"a new amendment", of("a"), of("a", on(d1, "b")),
			[]difference{{from: value{"a"}, to: value{"b"}, effect: d1}}},
		{"an amendment is edited", of("a", on(d1, "b")), of("a", on(d1, "c")),
			[]difference{{from: value{"b"}, to: value{"c"}, effect: d1, correct: true}}},
		{"an amendment gets another day", of("a", on(d1, "b")), of("a", on(d2, "b")),
			[]difference{{from: value{"a"}, to: value{"b"}, effect: d2, was: d1, correct: true}}},
		{"an amendment is taken out", of("a", on(d1, "b")), of("a"),
			[]difference{{from: value{"b"}, to: value{"a"}, effect: d1, correct: true, withdrawn: true}}},
		{"an amendment becomes the base", of("a", on(d1, "b")), of("b"),
			[]difference{{from: value{"a"}, to: value{"b"}, correct: true}}},
		{"the base below an amendment is corrected", of("a", on(d1, "b")), of("c", on(d1, "b")),
			[]difference{{from: value{"a"}, to: value{"c"}, correct: true}}},
		{"an amendment that says nothing new", of("a"), of("a", on(d1, "a")),
			[]difference{{field: FieldOn, correct: true}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i := range tt.want {
				if tt.want[i].field == "" {
					tt.want[i].field = "x"
				}
			}
			if diff := cmp.Diff(tt.want, differences(tt.base, tt.head), cmp.AllowUnexported(difference{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
