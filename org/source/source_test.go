package source_test

import (
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

func TestEndsOnly(t *testing.T) {
	over := org.Period{To: "2026-09-01"}
	tests := []struct {
		name   string
		states []source.EngagementState
		want   bool
	}{
		{"a leaver's row", []source.EngagementState{{Period: over}}, true},
		{"nothing", nil, false},
		{"an employment in a unit that ends", []source.EngagementState{{Period: over, Unit: "20"}}, false},
		{"an employment with a beginning", []source.EngagementState{{Period: org.Period{From: "2020-01-01", To: "2026-09-01"}}}, false},
		{"an employment without an end", []source.EngagementState{{}}, false},
	}
	for _, test := range tests {
		if got := (source.Engagement{States: test.states}).EndsOnly(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
