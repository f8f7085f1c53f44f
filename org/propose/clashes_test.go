package propose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
)

// TestClashes: what main has done to what a proposal edits is told, in the field or in the thing around it; what main has
// done beside it is not.
func TestClashes(t *testing.T) {
	const (
		dated = "people/pd/pdated1.cue"
		two   = "people/pt/ptwo111.cue"
		away  = "people/pa/paway11.cue"
		boA   = `people."p2m8xw1".engagements."a"`
	)
	move := propose.Change{Do: propose.DoMove, Person: "p2m8xw1", Engagement: "a", Unit: "raadhuset", From: "2027-02-01"}
	title := propose.Change{Do: propose.DoTitle, Person: "ptwo111", Engagement: "b", Title: "direktoer", From: "2027-02-01"}
	fraction := propose.Change{Do: propose.DoFraction, Person: "pdated1", Fraction: 0.9, Correct: true}
	with := func(c propose.Change, fill func(*propose.Change)) propose.Change {
		fill(&c)
		return c
	}
	for name, test := range map[string]struct {
		proposed []propose.Change
		approved []propose.Change // by main meanwhile
		file     string           // of which main has changed a text by hand
		old, new string
		want     []string
	}{
		"nothing": {proposed: []propose.Change{move}},
		"the same field": {
			proposed: []propose.Change{move, with(move, func(c *propose.Change) { c.Do, c.Title = propose.DoTitle, "direktoer" })},
			approved: []propose.Change{with(move, func(c *propose.Change) { c.Unit = "vestre" })},
			want:     []string{boA + `.on."2027-02-01".unit`},
		},
		"the same value": {proposed: []propose.Change{move}, approved: []propose.Change{move}},
		"another field of the same day": {
			proposed: []propose.Change{move},
			approved: []propose.Change{with(move, func(c *propose.Change) { c.Do, c.Title = propose.DoTitle, "direktoer" })},
		},
		"the engagement is taken out, and another one has its key": {
			proposed: []propose.Change{title}, file: two,
			old: `"b": {unit: "vestre", title: "laerer", type: "maanedsloen", from: "2021-01-01"}`,
			new: `"b": {unit: "raadhuset", title: "laerer", type: "maanedsloen", from: "2026-12-01"}`, want: []string{`people."ptwo111".engagements."b"`},
		},
		"the engagement is another one by its UUID": {
			proposed: []propose.Change{title}, file: two,
			old: `"b": {unit: "vestre",`, new: `"b": {uuid: "00000000-0000-4000-8000-000000000001", unit: "vestre",`, want: []string{`people."ptwo111".engagements."b"`},
		},
		"the person is another one": {
			proposed: []propose.Change{title}, file: two,
			old: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c37", new: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c99", want: []string{`people."ptwo111"`},
		},
		"something else about the engagement": {
			proposed: []propose.Change{title}, file: two,
			old: `"b": {unit: "vestre",`, new: `"b": {unit: "vestre", fraction: 0.5,`,
		},
		"the amendment is taken out": {
			proposed: []propose.Change{with(fraction, func(c *propose.Change) {
				c.Do, c.Title, c.From, c.Correct = propose.DoTitle, "direktoer", "2026-01-01", false
			})}, file: dated,
			old: `"2026-01-01": {fraction: 0.8}`, new: "", want: []string{`people."pdated1".engagements."a".on."2026-01-01"`},
		},
		"what is corrected is taken out, so that the correction comes to stand below": {
			proposed: []propose.Change{fraction}, file: dated,
			old: `"2026-01-01": {fraction: 0.8}`, new: "", want: []string{`people."pdated1".engagements."a".on."2026-01-01"`},
		},
		"what is corrected was changed again since": {
			proposed: []propose.Change{fraction}, file: dated,
			old: `"2026-01-01": {fraction: 0.8}`, new: `"2026-01-01": {fraction: 0.8}, "2026-10-01": {fraction: 0.7}`,
			want: []string{`people."pdated1".engagements."a".on."2026-10-01".fraction`},
		},
		"the last amendment is taken out, beside one of another day": {
			proposed: []propose.Change{with(fraction, func(c *propose.Change) { c.From, c.Correct = "2027-05-01", false })}, file: dated,
			old: `on: {"2026-01-01": {fraction: 0.8}
			"2027-02-01": {title: "laerer", fraction: 0.5}}`, new: ``,
		},
		"a leave is another one": {
			proposed: []propose.Change{{Do: propose.DoReturn, Person: "paway11", From: "2026-12-01"}}, file: away,
			old: `"a": {from: "2026-09-01"}}`, new: `"a": {from: "2026-11-15"}}`, want: []string{`people."paway11".engagements."a".leaves."a"`},
		},
		"a leader whom main has appointed meanwhile would be ended": {
			proposed: []propose.Change{{Do: propose.DoAppoint, Unit: "skolen", Person: "ptwo111", From: "2027-06-01"}},
			approved: []propose.Change{{Do: propose.DoAppoint, Unit: "skolen", Person: "pdated1", From: "2027-02-01"}},
			want:     []string{`units."skolen".managers."a"`},
		},
		"two leaves of different times": {
			proposed: []propose.Change{{Do: propose.DoAbsence, Person: "p2m8xw1", From: "2027-06-01", Until: "2027-06-30"}},
			approved: []propose.Change{{Do: propose.DoAbsence, Person: "p2m8xw1", From: "2027-03-01", Until: "2027-03-31"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := org.ReadTexts(town(t))
			if err != nil {
				t.Fatal(err)
			}
			before, main := session(t, texts, load(t, texts), today), session(t, texts, load(t, texts), today)
			do(t, before, test.proposed)
			do(t, main, test.approved)
			approved := main.Texts()
			if test.file != "" {
				text := string(texts.All()[test.file])
				if strings.Count(text, test.old) != 1 {
					t.Fatalf("%s does not have %q once", test.file, test.old)
				}
				approved = texts.With(map[string][]byte{test.file: []byte(strings.Replace(text, test.old, test.new, 1))})
			}
			again := session(t, approved, load(t, approved), today)
			do(t, again, test.proposed)
			var got []string
			for _, clash := range again.Clashes(before) {
				got = append(got, clash.Field())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func do(t *testing.T, s *propose.Session, changes []propose.Change) {
	t.Helper()
	for _, c := range changes {
		if _, err := s.Do(c); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeyOfAHire: a job that is carried out again has the key, and so the UUID, that it was reviewed with. Where that is
// taken by then it is refused, and so is what is about it; and so is the very same job.
func TestKeyOfAHire(t *testing.T) {
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	job := propose.Change{Do: propose.DoHire, Person: "p2m8xw1", Unit: "raadhuset", Title: "laerer", Type: "maanedsloen", From: "2027-01-01"}
	first := session(t, texts, load(t, texts), today)
	done, err := first.Do(job)
	if err != nil || done.Engagement != "b" {
		t.Fatalf("%+v, %v", done, err)
	}
	other := job
	other.Unit = "vestre"
	for name, test := range map[string]struct {
		approved propose.Change
		want     string // of the refusal; empty: it is carried out
	}{
		"nothing about it":    {approved: propose.Change{Do: propose.DoTitle, Person: "p2m8xw1", Title: "direktoer", From: "2027-01-01"}},
		"another job came":    {approved: other, want: `p2m8xw1 has an engagement or association with the key "b" already`},
		"this very job came":  {approved: job, want: "p2m8xw1 has this very job from 2027-01-01 on already"},
		"one of another unit": {approved: propose.Change{Do: propose.DoAppoint, Person: "p2m8xw1", Unit: "raadhuset", From: "2027-03-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			main := session(t, texts, load(t, texts), today)
			do(t, main, []propose.Change{test.approved})
			again := session(t, main.Texts(), load(t, main.Texts()), today)
			_, err := again.Do(done)
			if test.want != "" {
				if !errors.Is(err, propose.ErrProposal) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("it says %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			is := load(t, again.Texts()).Person("p2m8xw1").Engagement("b")
			was := load(t, first.Texts()).Person("p2m8xw1").Engagement("b")
			if is == nil || is.UUID() != was.UUID() || is.Unit != "raadhuset" {
				t.Errorf("it became %+v", is)
			}
		})
	}
}

// TestOfAnEngagementThatMainMadeToo: what a branch says of its own new engagement is never said of another one that main
// has given the same key, where an older branch does not say which key its engagement has.
func TestOfAnEngagementThatMainMadeToo(t *testing.T) {
	texts, err := org.ReadTexts(town(t))
	if err != nil {
		t.Fatal(err)
	}
	job := propose.Change{Do: propose.DoHire, Person: "p2m8xw1", Unit: "raadhuset", Title: "laerer", Type: "maanedsloen", From: "2027-01-01"}
	changes := []propose.Change{job, {Do: propose.DoFraction, Person: "p2m8xw1", Engagement: "b", Fraction: 0.5, From: "2027-02-01"}}
	before := session(t, texts, load(t, texts), today)
	do(t, before, changes)
	main := session(t, texts, load(t, texts), today)
	job.Unit = "vestre"
	do(t, main, []propose.Change{job})
	again := session(t, main.Texts(), load(t, main.Texts()), today)
	do(t, again, changes)
	clashes := again.Clashes(before)
	if len(clashes) != 1 || clashes[0].Field() != `people."p2m8xw1".engagements."b"` || clashes[0].Change.Do != propose.DoFraction {
		t.Errorf("clashes: %+v", clashes)
	}
}
