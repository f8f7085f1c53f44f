package change_test

import (
	"testing"

	"orgit.dk/orgit/org/change"
)

// TestNoneIsSaid: that a unit has no payout unit, contact places, tasks or systems is more than saying nothing about
// them, and a change of what the systems are told.
func TestNoneIsSaid(t *testing.T) {
	const unit = `units: skole: {uuid: "u", name: "Østre Skole", type: "afdeling", from: "2020-01-01"`
	base := parse(t, unit+"}")
	want := map[string]string{
		"payoutUnit":      "Udbetalingsenheden for Østre Skole fjernes i alle systemer.",
		"contactUnits":    "Henvendelsesstederne for Østre Skole fjernes i alle systemer.",
		"contactTasks":    "Henvendelsesstedets KLE-emner for Østre Skole fjernes i alle systemer.",
		"systems":         "It-systemerne for Østre Skole fjernes i alle systemer.",
		"kle.responsible": "KLE-emner, som enheden har ansvaret for, for Østre Skole fjernes i alle systemer.",
	}
	head := parse(t, unit+`, payoutUnit: null, contactUnits: null, contactTasks: [], systems: null, kle: responsible: []}`)
	for _, c := range change.Compare(base, head) {
		if !c.Clears {
			t.Errorf("%s is not said to be cleared", c.Field)
		}
		if got := change.Sentence(c, change.Danish); got != want[c.Field] {
			t.Errorf("%s: %q, want %q", c.Field, got, want[c.Field])
		}
		delete(want, c.Field)
	}
	if len(want) > 0 {
		t.Errorf("unsaid: %v", want)
	}
}
