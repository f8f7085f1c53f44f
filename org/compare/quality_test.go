package compare_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/comparetest"
	"orgit.dk/orgit/org/source"
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
func judge(matches []compare.Match, truth map[string]string) (q quality) {
	for _, m := range matches {
		other, both := truth[m.Lead]
		switch {
		case m.Answer == compare.Same && both && m.Other == other:
			q.right++
			continue
		case m.Answer == compare.Same:
			q.wrong++
		}
		if both && m.Lead != "" {
			q.missed++
			if m.Answer == compare.Ask {
				q.asked++
			}
		}
	}
	return q
}

func planted(people int, rates comparetest.Rates, seed uint64) *comparetest.Planted {
	town := synthetic.Generate(synthetic.Options{People: people, Units: people * 13 / 100, Seed: seed, Day: "2026-12-01"})
	return comparetest.Plant(town, rates, seed)
}

// TestQuality holds precision and recall of what is taken for the same against what is true. The seeds
// are others than those with which the method was worked out (which were below 100).
func TestQuality(t *testing.T) {
	for _, test := range []struct {
		name         string
		seed         uint64
		rates        comparetest.Rates
		recall       float64 // of people
		unitRecall   float64
		mostQuestion float64 // the share of the people who are asked about
	}{
		{"usual", 4711, comparetest.Usual(), 0.97, 0.95, 0.01},
		{"usual, another town", 90_210, comparetest.Usual(), 0.97, 0.95, 0.01},
		{"without numbers and mail", 1849, comparetest.WithoutKeys(), 0.94, 0.93, 0.08},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := planted(5000, test.rates, test.seed)
			c := compare.Compare(p.Payroll, p.Directory)
			people, units := judge(c.People, p.Pairs), judge(c.Units, p.Units)
			t.Logf("people: %s", people)
			t.Logf("units: %s", units)
			if people.precision() < 0.995 || people.recall() < test.recall {
				t.Errorf("people: %s, want precision 0.995 and recall %v", people, test.recall)
			}
			if units.precision() < 0.995 || units.recall() < test.unitRecall {
				t.Errorf("units: %s, want precision 0.995 and recall %v", units, test.unitRecall)
			}
			if share := float64(people.asked) / float64(len(p.Pairs)); share > test.mostQuestion {
				t.Errorf("%.3f of the people are asked about, want at most %v", share, test.mostQuestion)
			}
		})
	}
}

// TestWorseRegisters: what makes registers worse makes more questions, and not more wrong answers. Two runs
// give the same.
func TestWorseRegisters(t *testing.T) {
	for _, test := range []struct {
		name  string
		worse func(*comparetest.Rates)
	}{
		{"a quarter has another's number", func(r *comparetest.Rates) { r.WrongNumber, r.NoNumber = 25, 0 }},
		{"a fifth has another's name", func(r *comparetest.Rates) { r.SameName = 20 }},
		{"a fifth has another's name, and no keys", func(r *comparetest.Rates) { *r = comparetest.WithoutKeys(); r.SameName = 20 }},
		{"a third is in only one, and no keys", func(r *comparetest.Rates) { *r = comparetest.WithoutKeys(); r.NoAccount, r.NoPerson = 30, 30 }},
		{"most stand in another unit", func(r *comparetest.Rates) { r.Moved, r.NoNumber = 60, 50 }},
		{"most share a phone, and no keys", func(r *comparetest.Rates) { *r = comparetest.WithoutKeys(); r.SharedPhone = 70 }},
		{"another tree, and no keys", func(r *comparetest.Rates) {
			*r = comparetest.WithoutKeys()
			r.UnitName, r.UnitPlace, r.UnitGone = 25, 25, 25
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rates := comparetest.Usual()
			test.worse(&rates)
			p := planted(2000, rates, 6174)
			c := compare.Compare(p.Payroll, p.Directory)
			people := judge(c.People, p.Pairs)
			t.Logf("people: %s", people)
			if people.precision() < 0.995 || people.recall()+float64(people.asked)/float64(len(p.Pairs)) < 0.97 {
				t.Errorf("people: %s, want precision 0.995, and 0.97 found or asked about", people)
			}
			if units := judge(c.Units, p.Units); units.precision() < 0.98 {
				t.Errorf("units: %s, want precision 0.98", units)
			}
			if diff := cmp.Diff(short(c.People), short(compare.Compare(p.Payroll, p.Directory).People)); diff != "" {
				t.Errorf("two runs differ:\n%s", diff)
			}
		})
	}
}

// TestPlantedAreDifferences: what was planted into people that are found is shown.
func TestPlantedAreDifferences(t *testing.T) {
	p := planted(2000, comparetest.Usual(), 31_415)
	c := compare.Compare(p.Payroll, p.Directory)
	shown := map[string]bool{}
	for _, d := range c.Differences() {
		shown[d.Lead.ID+" "+string(d.Kind)] = true
	}
	at := map[string]source.Person{}
	for _, person := range p.Payroll.People {
		at[person.ID] = person
	}
	checked := 0
	for _, m := range c.People {
		if m.Answer != compare.Same || len(at[m.Lead].Engagements) > 1 {
			continue // one of several titles may be the other register's
		}
		if _, now := source.On(at[m.Lead].Engagements[0].States, today); now && slices.Contains(p.Errors[m.Lead], "other title") {
			checked++
			if !shown[m.Lead+" "+string(compare.PersonTitle)] {
				t.Errorf("%s has another title, and nothing says so", m.Lead)
			}
		}
		if slices.Contains(p.Errors[m.Lead], "other phone") && at[m.Lead].States[0].Addresses["phone"] != "" && !at[m.Lead].States[0].Shielded {
			checked++
			if !shown[m.Lead+" "+string(compare.PersonPhone)] {
				t.Errorf("%s has another phone, and nothing says so", m.Lead)
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d planted differences were looked for", checked)
	}
}

// BenchmarkCompare reports seconds, peak memory of the process, precision and recall.
func BenchmarkCompare(b *testing.B) {
	for _, size := range []int{5000, 50_000} {
		for _, kind := range []struct {
			name  string
			rates comparetest.Rates
		}{{"usual", comparetest.Usual()}, {"withoutKeys", comparetest.WithoutKeys()}} {
			b.Run(fmt.Sprintf("%s/%d", kind.name, size), func(b *testing.B) {
				p := planted(size, kind.rates, 2718)
				var c *compare.Comparison
				b.ResetTimer()
				start := time.Now()
				for range b.N {
					c = compare.Compare(p.Payroll, p.Directory)
				}
				b.ReportMetric(time.Since(start).Seconds()/float64(b.N), "s/op")
				q := judge(c.People, p.Pairs)
				units := judge(c.Units, p.Units)
				b.ReportMetric(q.precision(), "precision")
				b.ReportMetric(q.recall(), "recall")
				b.ReportMetric(float64(q.wrong), "wrong")
				b.ReportMetric(units.precision(), "unit-precision")
				b.ReportMetric(units.recall(), "unit-recall")
				b.ReportMetric(peakMiB(), "peak-MiB")
			})
		}
	}
}

// BenchmarkDifferences finds what two registers of 50,000 people differ in, people whom one has twice among them.
func BenchmarkDifferences(b *testing.B) {
	p := planted(50_000, comparetest.Usual(), 2718)
	c := compare.Compare(p.Payroll, p.Directory)
	b.ResetTimer()
	n := 0
	for range b.N {
		n = len(c.Differences())
	}
	b.ReportMetric(float64(n), "differences")
	b.ReportMetric(peakMiB(), "peak-MiB")
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
