package intake_test

import (
	"testing"

	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/synthetic"
)

// BenchmarkFirst writes a synthetic municipality of payroll's, with as many people as a large one has.
func BenchmarkFirst(b *testing.B) {
	x := synthetic.Generate(synthetic.Options{People: 20000, Units: 2600, Seed: 1, Day: today}).Payroll()
	for b.Loop() {
		fsys := newRepository(b, "")
		o, _ := load(b, fsys)
		result, err := intake.First(o, fsys, alone(x), intake.Options{Day: today, Since: today})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(result.Files)), "files")
	}
}
