package os2mo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
)

// TestSpans: [from, to) in Danish time to days of which the last is the last in force.
func TestSpans(t *testing.T) {
	zone, err := org.Copenhagen()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		validities [][2]string
		want       []org.Period
		uneven     bool
	}{
		"a winter":            {[][2]string{{"2025-12-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00"}}, []org.Period{{From: "2025-12-01", To: "2026-02-28"}}, false},
		"over summer time":    {[][2]string{{"2026-03-01T00:00:00+01:00", "2026-06-01T00:00:00+02:00"}}, []org.Period{{From: "2026-03-01", To: "2026-05-31"}}, false},
		"in another zone":     {[][2]string{{"2026-05-31T22:00:00+00:00", "2026-11-30T23:00:00+00:00"}}, []org.Period{{From: "2026-06-01", To: "2026-11-30"}}, false},
		"open":                {[][2]string{{"", ""}}, []org.Period{{}}, false},
		"infinities":          {[][2]string{{"0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+01:00"}}, []org.Period{{}}, false},
		"one day":             {[][2]string{{"2026-01-01T00:00:00+01:00", "2026-01-02T00:00:00+01:00"}}, []org.Period{{From: "2026-01-01", To: "2026-01-01"}}, false},
		"no length":           {[][2]string{{"2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"}}, nil, true},
		"backwards":           {[][2]string{{"2026-01-02T00:00:00+01:00", "2026-01-01T00:00:00+01:00"}}, nil, true},
		"the last second":     {[][2]string{{"2026-01-01T00:00:00+01:00", "2026-01-31T23:59:59+01:00"}}, []org.Period{{From: "2026-01-01", To: "2026-01-31"}}, true},
		"parted at noon":      {[][2]string{{"2026-01-05T12:00:00+01:00", ""}, {"2026-01-01T00:00:00+01:00", "2026-01-05T12:00:00+01:00"}}, []org.Period{{From: "2026-01-01", To: "2026-01-04"}, {From: "2026-01-05"}}, true},
		"three on a day":      {[][2]string{{"2026-01-05T08:00:00+01:00", "2026-01-05T12:00:00+01:00"}, {"2026-01-05T12:00:00+01:00", ""}, {"", "2026-01-05T08:00:00+01:00"}}, []org.Period{{To: "2026-01-04"}, {From: "2026-01-05"}}, true},
		"in order by instant": {[][2]string{{"2026-02-01T00:00:00+01:00", ""}, {"", "2026-02-01T00:00:00+01:00"}}, []org.Period{{To: "2026-01-31"}, {From: "2026-02-01"}}, false},
		"overlapping":         {[][2]string{{"2026-01-01T00:00:00+01:00", ""}, {"2026-03-01T00:00:00+01:00", ""}}, []org.Period{{From: "2026-01-01", To: "2026-02-28"}, {From: "2026-03-01"}}, true},
	} {
		var list []facet
		for _, v := range test.validities {
			list = append(list, facet{term: term{&validity{moment(t, v[0]), moment(t, v[1])}}})
		}
		got, uneven := spans(zone, list)
		var periods []org.Period
		for _, s := range got {
			periods = append(periods, s.Period)
		}
		if diff := cmp.Diff(test.want, periods); diff != "" || uneven != test.uneven {
			t.Errorf("%s: uneven %v (-want +got):\n%s", name, uneven, diff)
		}
	}
}

func moment(t *testing.T, text string) instant {
	t.Helper()
	if text == "" {
		return instant{said: true}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant{at, true}
}
