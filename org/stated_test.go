package org_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema/plain"
)

// TestStatedAsNone: null and an empty list are told from nothing, in the entry and in its amendments.
func TestStatedAsNone(t *testing.T) {
	type stated struct {
		Payout   org.Ref
		Contacts org.Keys
		Systems  org.Keys
		KLE      org.Tasks
	}
	none := org.Tasks{org.TaskResponsible: {}, org.TaskPerforming: {}, org.TaskInformed: {}}
	tests := []struct {
		name, unit string
		want       []stated // of the entry and of each amendment
	}{
		{"nothing", `{}`, []stated{{}}},
		{"null", `{"payoutUnit": null, "contactUnits": null, "systems": [], "kle": null}`,
			[]stated{{org.Ref{Stated: true}, org.Keys{}, org.Keys{}, none}}},
		{"values", `{"payoutUnit": "a", "contactUnits": ["b"], "systems": ["c"], "kle": {"responsible": ["27"], "informed": []}}`,
			[]stated{{org.Ref{Key: "a", Stated: true}, org.Keys{"b"}, org.Keys{"c"}, org.Tasks{org.TaskResponsible: {"27"}, org.TaskInformed: {}}}}},
		{"taken away, and back", `{"payoutUnit": "a", "contactUnits": ["b"], "kle": {"responsible": ["27"]},
			"on": {"2027-01-01": {"payoutUnit": null, "contactUnits": null, "systems": null, "kle": null}, "2027-02-01": {"payoutUnit": "d", "kle": {"performing": ["28"]}}}}`,
			[]stated{
				{org.Ref{Key: "a", Stated: true}, org.Keys{"b"}, nil, org.Tasks{org.TaskResponsible: {"27"}}},
				{org.Ref{Stated: true}, org.Keys{}, org.Keys{}, none},
				{org.Ref{Key: "d", Stated: true}, org.Keys{}, org.Keys{}, org.Tasks{org.TaskPerforming: {"28"}}},
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var u org.Unit
			if err := plain.DecodeJSON([]byte(tt.unit), &u); err != nil {
				t.Fatal(err)
			}
			got := []stated{{u.PayoutUnit, u.ContactUnits, u.Systems, u.KLE}}
			for _, v := range u.Versions {
				got = append(got, stated{v.State.PayoutUnit, v.State.ContactUnits, v.State.Systems, v.State.KLE})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestAccountIDsMerge: an amendment of an account's ids leaves those that it does not name, and null clears one or all.
func TestAccountIDsMerge(t *testing.T) {
	var a org.Account
	err := plain.DecodeJSON([]byte(`{"name": "anna", "ids": {"racf": "X1", "fmk": "F1"}, "on": {"2027-01-01": {"ids": {"racf": null}}, "2027-02-01": {"ids": null}}}`), &a)
	if err != nil {
		t.Fatal(err)
	}
	want := []org.Values{{"racf": "", "fmk": "F1"}, {"racf": "", "fmk": ""}}
	for i, v := range a.Versions {
		if diff := cmp.Diff(want[i], v.State.IDs); diff != "" {
			t.Errorf("from %s (-want +got)\n%s", v.From, diff)
		}
	}
	if len(a.Versions) != 2 {
		t.Errorf("%d amendments", len(a.Versions))
	}
}
