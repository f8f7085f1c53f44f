package compare_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/comparetest"
	"orgit.dk/orgit/org/synthetic"
)

// quality is how many of the pairs were right.
type quality struct{ right, wrong, missed, asked int }

func (q quality) precision() float64 { return float64(q.right) / float64(max(1, q.right+q.wrong)) }
func (q quality) recall() float64    { return float64(q.right) / float64(max(1, q.right+q.missed)) }

func (q quality) String() string {
	return fmt.Sprintf("precision %.4f, recall %.4f (right %d, wrong %d, missed %d, of which asked about %d)",
		q.precision(), q.recall(), q.right, q.wrong, q.missed, q.asked)
}

// judge holds matches against the truth.
func judge(matches []compare.Match, truth map[string]string) (q quality, wrong, missed []compare.Match) {
	for _, m := range matches {
		other, both := truth[m.Lead]
		switch {
		case m.Answer == compare.Same && both && m.Other == other:
			q.right++
			continue
		case m.Answer == compare.Same:
			q.wrong++
			wrong = append(wrong, m)
		}
		if both && m.Lead != "" {
			q.missed++
			missed = append(missed, m)
			if m.Answer == compare.Ask {
				q.asked++
			}
		}
	}
	return q, wrong, missed
}

func planted(people int, rates comparetest.Rates, seed uint64) *comparetest.Planted {
	town := synthetic.Generate(synthetic.Options{People: people, Units: people * 13 / 100, Seed: seed, Day: "2026-12-01"})
	return comparetest.Plant(town, rates, seed)
}

// TestQuality holds precision and recall of what is taken for the same against what is true. The seeds
// are others than those with which the method was worked out (which were below 100).
func TestQuality(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		p := planted(5000, comparetest.Usual(), seed)
		c := compare.Compare(p.Payroll, p.Directory)
		people, wrong, missed := judge(c.People, p.Pairs)
		t.Logf("people, seed %d: %s", seed, people)
		if people.precision() < 0.995 || people.recall() < 0.97 {
			t.Errorf("people, seed %d: %s, want precision 0.995 and recall 0.97", seed, people)
		}
		units, wrongUnits, missedUnits := judge(c.Units, p.Units)
		t.Logf("units, seed %d: %s", seed, units)
		if units.precision() < 0.99 || units.recall() < 0.9 {
			t.Errorf("units, seed %d: %s, want precision 0.99 and recall 0.90", seed, units)
		}
		if testing.Verbose() {
			report(t, p, wrong, missed)
			report(t, p, wrongUnits, missedUnits)
		}
	}
}

// report shows which planted errors were not seen through.
func report(t *testing.T, p *comparetest.Planted, wrong, missed []compare.Match) {
	for _, m := range wrong[:min(10, len(wrong))] {
		t.Logf("WRONG %s %v %+v", m.Lead, p.Errors[m.Lead], m.Candidates)
	}
	n := map[string]int{}
	for _, m := range missed {
		n[strings.Join(p.Errors[m.Lead], " + ")]++
	}
	for what, k := range n {
		if k > 1 {
			t.Logf("missed %d: %s", k, what)
		}
	}
	for _, m := range missed[:min(6, len(missed))] {
		t.Logf("MISSED %s %v %s %+v", m.Lead, p.Errors[m.Lead], m.Answer, m.Candidates)
	}
}

// BenchmarkCompare reports seconds, peak memory of the process, precision and recall.
func BenchmarkCompare(b *testing.B) {
	for _, size := range []int{5000, 50_000} {
		for name, rates := range map[string]comparetest.Rates{"usual": comparetest.Usual(), "withoutKeys": comparetest.WithoutKeys()} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				p := planted(size, rates, 7)
				var c *compare.Comparison
				b.ResetTimer()
				start := time.Now()
				for range b.N {
					c = compare.Compare(p.Payroll, p.Directory)
				}
				b.ReportMetric(time.Since(start).Seconds()/float64(b.N), "s/op")
				q, _, _ := judge(c.People, p.Pairs)
				units, _, _ := judge(c.Units, p.Units)
				b.ReportMetric(q.precision(), "precision")
				b.ReportMetric(q.recall(), "recall")
				b.ReportMetric(units.precision(), "unit-precision")
				b.ReportMetric(units.recall(), "unit-recall")
				b.ReportMetric(peakMiB(), "peak-MiB")
			})
		}
	}
}

// peakMiB is the most memory that the process ever had, with both extracts; 0 where the system does not say.
func peakMiB() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var kib float64
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return kib / 1024
			}
		}
	}
	return 0
}
