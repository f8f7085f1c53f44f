package review_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// outcome writes a coverage on a few lines: each step with its merge request, and why it is not approved.
func outcome(c *review.Coverage) []string {
	lines := []string{}
	for _, step := range c.Commits {
		line := "!" + fmt.Sprint(step.Request)
		switch {
		case step.Approved:
			line += " " + verdict(*step.Verdict)
		case step.Verdict != nil:
			line += " " + string(step.Problem) + ": " + verdict(*step.Verdict)
		default:
			line += " " + string(step.Problem)
			if len(step.Details) > 0 && step.Problem != review.UncoveredFiles {
				line += ": " + strings.Join(step.Details, ", ")
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func rules(old, new string) edit { return edit{"organisation.cue", old, new} }

var clubName = edit{"units/klub.cue", "Klubben", "Fritidsklubben"}

// TestAttacks are the ways in which somebody may try to get something past those who approve. Each leaves main as the
// attack has it; what must come out is that it is not approved.
func TestAttacks(t *testing.T) {
	tests := []struct {
		name   string
		attack func(w *world)
		want   []string
	}{
		{"no attack", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			w.merge(r)
			r = w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!1 yes, by group +lone=lone +per=per", "!2 yes, by areaLeader +sanl=SanL"}},
		{"a branch that edits the review rules is judged by main's", func(w *world) {
			r := w.push(clubName, rules(`group: ["lone", "per", "ida"]`, `group: ["otto", "hanne", "lone"]`), rules("approvals: 2", "approvals: 1"))
			r.approve("11:00", "otto")
			w.merge(r)
		}, []string{"!1 approval: no -otto:named"}},
		{"the rules of the branch do not hold for the branch, and do for the next", func(w *world) {
			r := w.push(rules("approvals: 2", "approvals: 1"))
			r.approve("11:00", "lone")
			w.merge(r)
			r = w.push(clubName)
			r.approve("11:00", "per")
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone", "!2 yes, by group +per=per"}},
		{"a group emptied on the branch", func(w *world) {
			r := w.push(rules(`group: ["lone", "per", "ida"]`, `group: []`))
			w.merge(r)
		}, []string{"!1 approval: no"}},
		{"a class made for itself", func(w *world) {
			r := w.push(clubName, rules(`kinds: ["contact", "association"`, `kinds: ["unit", "contact", "association"`))
			r.approve("11:00", "sanl", "dora")
			w.merge(r)
		}, []string{"!1 approval: no -dora:named -sanl:named"}},
		{"a class chosen by labels, description and trailers", func(w *world) {
			r := w.push(clubName)
			r.Labels, r.Description, r.Source = []string{"orgit::loen", "class::egen"}, "Class: loen\nSource: opus", "orgit/opus/loen"
			r.commits[0].Message = "Løn\n\nClass: loen\nSource: opus"
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!1 approval: no -sanl:named"}},
		{"payroll's source on a commit that nobody signed", func(w *world) {
			r := w.push(annaTitle)
			r.Source = "import/opus-samlet"
			r.commits[0].Message = "Løn\n\nSource: opus"
			w.merge(r)
		}, []string{"!1 approval: no"}},
		{"payroll's source, signed by a key that may not speak for it", func(w *world) {
			r := w.push(annaTitle)
			r.Source = "import/opus-samlet"
			r.commits[0].Message = "Løn\n\nSource: opus"
			w.signers[r.Head] = review.Signer{Trusted: true, Sources: []string{"sd"}}
			w.merge(r)
		}, []string{"!1 approval: no"}},
		{"a commit by hand on payroll's branch", func(w *world) {
			r := w.push(annaTitle)
			r.Source = "import/opus-samlet"
			r.commits[0].Message = "Løn\n\nSource: opus"
			w.signers[r.Head] = review.Signer{Trusted: true, Sources: []string{"opus"}}
			w.more(r, "10:30", edit{"people/bo/bo.cue", "fraction: 1", `fraction: 1, on: "2026-12-15": fraction: 0.5`})
			w.merge(r)
		}, []string{"!1 approval: no"}},
		{"payroll itself", func(w *world) {
			r := w.push(annaTitle)
			r.Source = "import/opus-samlet"
			r.commits[0].Message = "Løn\n\nSource: opus"
			w.signers[r.Head] = review.Signer{Trusted: true, Sources: []string{"opus"}}
			w.merge(r)
		}, []string{"!1 yes, by rule"}},
		{"what payroll's job has signed, on somebody else's branch", func(w *world) {
			r := w.push(annaTitle)
			r.Source = "import/sd/opus-"
			r.commits[0].Message = "Løn\n\nSource: opus"
			w.signers[r.Head] = review.Signer{Trusted: true, Sources: []string{"opus"}}
			w.merge(r)
		}, []string{"!1 approval: no"}},
		{"the author's second account, named a leader's in the branch", func(w *world) {
			r := w.push(annaPhone, edit{"people/sa/sanne.cue", `name: "sanne2"`, `name: "hanne2"`})
			r.approve("11:00", "hanne2")
			w.merge(r)
		}, []string{"!1 approval: no -hanne2:named"}},
		{"the author's second account, named in the branch's rules", func(w *world) {
			r := w.push(clubName, rules(`group: ["lone", "per", "ida"]`, `group: ["lone", "per", "ida", "hanne2"]`))
			r.approve("11:00", "hanne2", "lone")
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone -hanne2:named"}},
		{"a substitute named in the branch", func(w *world) {
			r := w.push(rules(`{for: "lone", is: "kim"`, `{for: "ida", is: "otto", from: "2026-01-01", to: "2027-01-01"}, {for: "lone", is: "kim"`))
			r.approve("11:00", "otto", "lone")
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone -otto:named"}},
		{"a forged Proposed-by, to get the author's own approval counted", func(w *world) {
			r := w.push(clubName)
			r.Author = user("lone")
			r.commits[0].Message = "Navn\n\nProposed-by: hanne"
			r.approve("11:00", "lone", "per")
			w.merge(r)
		}, []string{"!1 approval: no +per=per -lone:own"}},
		{"a forged Proposed-by does not take approvers away either", func(w *world) {
			r := w.push(clubName)
			r.commits[0].Message = "Navn\n\nProposed-by: lone"
			r.approve("11:00", "lone", "per")
			w.merge(r)
		}, []string{"!1 yes, by group +lone=lone +per=per"}},
		{"a signed Proposed-by does", func(w *world) {
			r := w.push(clubName)
			r.commits[0].Message = "Navn\n\nProposed-by: lone"
			w.signers[r.Head] = review.Signer{Trusted: true}
			r.approve("11:00", "lone", "per")
			w.merge(r)
		}, []string{"!1 approval: no +per=per -lone:own"}},
		{"the allowances", func(w *world) {
			r := w.push(annaPhone, edit{"allowances/a.cue", "", `package org

allowances: {"a": {target: "ad", kind: "user", number: 500, day: "2026-12-15", reason: "Oprydning"}}
`})
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!1 approval: no -sanl:named"}},
		{"the protected list", func(w *world) {
			r := w.push(annaPhone, rules(`people: ["maks"]`, `people: []`))
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!1 approval: no -sanl:named"}},
		{"the pipeline file", func(w *world) {
			r := w.push(annaPhone, edit{".gitlab-ci.yml", "", "apply: {script: [\"true\"]}\n"})
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!1 approval: no -sanl:named"}},
		{"a merge by hand that rides along", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.byHand(clubName)
			w.merge(r)
		}, []string{"!0 direct", "!1 yes, by areaLeader +sanl=SanL"}},
		{"a branch merged by hand that no merge request asked for", func(w *world) {
			r := w.push(clubName)
			delete(w.requests, r.IID)
			w.merge(r)
			r = w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r)
		}, []string{"!0 request", "!1 yes, by areaLeader +sanl=SanL"}},
		{"a merge request that was merged before lends its approvals", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "lone", "per")
			w.merge(r)
			other := w.push(clubName)
			delete(w.requests, other.IID)
			merged := r.MergeCommit
			w.merge(other)
			r.MergeCommit = merged
		}, []string{"!1 yes, by group +lone=lone +per=per", "!0 request"}},
		{"two merge requests claim a commit", func(w *world) {
			r := w.push(clubName)
			other := w.push(annaPhone)
			other.approve("11:00", "lone", "per")
			commit := w.merge(r)
			other.State, other.MergeCommit = gitlab.Merged, commit
		}, []string{"!0 several"}},
		{"a merge request of another head lends its approvals", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			approved := r.Head
			evil := w.push(boName)
			w.merge(evil)
			r.State, r.MergeCommit, r.Head = gitlab.Merged, evil.MergeCommit, approved
			delete(w.requests, evil.IID)
		}, []string{"!1 approval: no -lone:time -per:time !head !versions !commits"}},
		{"pushed after the approval", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			w.more(r, "11:30", boName)
			w.merge(r)
		}, []string{"!1 approval: no -lone:push -per:push"}},
		{"pushed after the approval, and the old head pushed again", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			head := r.Head
			w.more(r, "11:30", boName)
			r.Head = head
			r.versions = append(r.versions, gitlab.Version{Head: head, Created: at("11:45")})
			w.merge(r)
		}, []string{"!1 approval: no -lone:push -per:push"}},
		{"no times of approvals", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			r.approvals[0].At, r.approvals[1].At = time.Time{}, time.Time{}
			w.merge(r)
		}, []string{"!1 approval: no -lone:time -per:time"}},
		{"no versions, no commits", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			r.versions, r.commits = nil, nil
			w.merge(r)
		}, []string{"!1 approval: no -lone:time -per:time !versions !commits"}},
		{"a fork", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			r.SourceProject = 99
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone +per=per !fork"}},
		{"a merge request for another branch", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			r.Target = "test"
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone +per=per !target"}},
		{"an evil merge: an entry more", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r, edit{"people/bo/bo.cue", "bokj", "adm"})
		}, []string{`!1 content: people."bo"`}},
		{"an evil merge: a file more", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r, edit{"README.md", "The town.", "Another town."}, edit{"run.sh", "", "true\n"})
		}, []string{"!1 content: README.md, run.sh"}},
		{"an evil merge: what was approved is left out", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r, edit{annaPhone.file, annaPhone.new, annaPhone.old})
		}, []string{`!1 content: people."anna"`}},
		{"an evil merge: a conflict solved for one side", func(w *world) {
			one, two := w.push(annaPhone), w.push(edit{annaPhone.file, annaPhone.old, "+4533333333"})
			one.approve("11:00", "sanl")
			two.approve("11:00", "sanl")
			w.merge(one)
			w.main = w.commit(w.commits[w.main].files, w.main, two.Head)
			two.State, two.MergeCommit = gitlab.Merged, w.main
		}, []string{"!1 yes, by areaLeader +sanl=SanL", `!2 conflict: people."anna"`}},
		{"an evil merge: a file that both sides changed", func(w *world) {
			one := w.push(edit{"README.md", "The town.", "Our town."})
			two := w.push(edit{"README.md", "The town.", "The town!"})
			for _, r := range []*request{one, two} {
				r.approve("11:00", "lone", "per")
			}
			w.merge(one)
			w.main = w.commit(w.commits[w.main].files.with(w.t, edit{"README.md", "Our town.", "Our town!"}), w.main, two.Head)
			two.State, two.MergeCommit = gitlab.Merged, w.main
		}, []string{"!1 yes, by group +lone=lone +per=per", "!2 content: README.md"}},
		{"a list that says what the merge request does not", func(w *world) {
			r := w.push(clubName)
			other := w.push(annaPhone)
			other.approve("11:00", "lone", "per")
			commit := w.merge(r)
			w.listed = map[string][]gitlab.MergeRequest{commit: {{IID: other.IID, State: gitlab.Merged, MergeCommit: commit}}}
		}, []string{"!0 request"}},
		{"a squash", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.byHand(annaPhone)
			r.State, r.SquashCommit, r.MergeCommit = gitlab.Merged, w.main, w.main
		}, []string{"!0 direct"}},
		{"a fast-forward", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.main = r.Head
			r.State, r.MergeCommit = gitlab.Merged, r.Head
		}, []string{"!0 direct"}},
		{"three at once", func(w *world) {
			r := w.push(annaPhone)
			r.approve("11:00", "sanl")
			w.merge(r)
			w.commits[w.main].parents = append(w.commits[w.main].parents, r.Head)
		}, []string{"!0 octopus"}},
		{"held after the merge", func(w *world) {
			r := w.push(clubName)
			r.approve("11:00", "lone", "per")
			r.Labels = []string{"orgit::hold"}
			w.merge(r)
		}, []string{"!1 approval: no +lone=lone +per=per !label"}},
		{"files that cannot be read", func(w *world) {
			r := w.push(edit{annaPhone.file, "surname:", "srname:"})
			r.approve("11:00", "lone", "per")
			w.merge(r)
		}, []string{"!1 files"}},
		{"nothing new", func(*world) {}, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			start := w.main
			tt.attack(w)
			c, err := w.cover(start)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, outcome(c)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if unapproved := len(c.Unapproved()) > 0; unapproved != errors.Is(c.Err(), review.ErrUnapproved) {
				t.Errorf("%d are not approved, and the error is %v", len(c.Unapproved()), c.Err())
			}
			for _, step := range c.Commits {
				if s := step.Sentence(change.Danish); strings.Contains(s, "%!") || !strings.HasSuffix(s, ".") {
					t.Errorf("not a sentence: %q", s)
				}
			}
		})
	}
}

// TestCoverFromNowhere: where it is not known what was applied, nothing is approved by being there.
func TestCoverFromNowhere(t *testing.T) {
	w := newWorld(t)
	first := w.main
	r := w.push(annaPhone)
	w.merge(r)
	other := w.commit(town(t))
	tests := []struct {
		name, since string
		want        error
	}{
		{"nothing was applied", "", review.ErrNoStart},
		{"another history", other, review.ErrNotOnMain},
		{"a commit of a branch", r.Head, review.ErrNotOnMain},
	}
	for _, tt := range tests {
		if c, err := w.cover(tt.since); !errors.Is(err, tt.want) || c != nil {
			t.Errorf("%s: %v, %v", tt.name, c, err)
		}
	}
	if _, err := review.Start("", ""); !errors.Is(err, review.ErrNoStart) || !strings.Contains(err.Error(), "ORGIT_TRUSTED_COMMIT") {
		t.Errorf("no start: %v", err)
	}
	for _, s := range [][3]string{{"a", "b", "a"}, {"", "b", "b"}} {
		if got, err := review.Start(s[0], s[1]); got != s[2] || err != nil {
			t.Errorf("start of %q, %q: %q, %v", s[0], s[1], got, err)
		}
	}
	for _, list := range [][]string{{w.main, first}, {first, w.main}} {
		if got, err := review.Newest(w, list...); got != w.main || err != nil {
			t.Errorf("newest: %s, %v", got, err)
		}
	}
	if got, err := review.Newest(w); got != "" || err != nil {
		t.Errorf("newest of none: %s, %v", got, err)
	}
	if _, err := review.Newest(w, first, other); !errors.Is(err, review.ErrNotOnMain) {
		t.Errorf("newest of two histories: %v", err)
	}
}

// TestMainMovedOn: a branch that was approved while main moved on is merged with it, in the same file even.
func TestMainMovedOn(t *testing.T) {
	w := newWorld(t)
	w.byHand(edit{"people/two.cue", "", `package org

people: {
	"x1": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c21", name: {given: "X", surname: "Et"}, engagements: "a": {unit: "vej", title: "laerer", type: "fast", from: "2020-08-01"}}
	"x2": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c22", name: {given: "X", surname: "To"}, engagements: "a": {unit: "vej", title: "laerer", type: "fast", from: "2020-08-01"}}
}
`})
	start := w.main
	one := w.push(edit{"people/two.cue", `surname: "Et"`, `surname: "Enogtyve"`})
	two := w.push(edit{"people/two.cue", `surname: "To"`, `surname: "Toogtyve"`})
	one.approve("11:00", "lone")
	two.approve("11:00", "per")
	w.merge(one)
	w.merge(two)
	c, err := w.cover(start)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"!1 yes, by group +lone=lone", "!2 yes, by group +per=per"}
	if diff := cmp.Diff(want, outcome(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestConsequencesCount: what a merge does in the systems is judged with it, and where nobody knows the group decides.
func TestConsequencesCount(t *testing.T) {
	w := newWorld(t)
	start := w.main
	r := w.push(annaPhone)
	r.approve("11:00", "sanl")
	w.merge(r)
	w.plan = func(string, string) *plan.Plan { return nil }
	c, err := w.cover(start)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"!1 approval: no -sanl:named"}, outcome(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
