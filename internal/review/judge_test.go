package review_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// at is a moment on the day of all cases.
func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, string(today)+"T"+clock+":00+01:00")
	if err != nil {
		panic(err)
	}
	return t
}

func user(name string) gitlab.User { return gitlab.User{ID: 1, Username: name, Name: "User " + name} }

func approval(name, clock string) gitlab.Approval {
	return gitlab.Approval{User: user(name), At: at(clock)}
}

// facts are those of a merge request without fault, pushed at ten and approved by those named at eleven.
func facts(approvers ...string) review.Facts {
	f := review.Facts{
		Request: gitlab.MergeRequest{
			IID: 7, State: gitlab.Opened, Author: user("hanne"), Source: "forslag", Target: "main", Head: "head",
			SourceProject: 1, TargetProject: 1, ThreadsResolved: true,
		},
		Versions: []gitlab.Version{{Head: "head", Created: at("10:00")}, {Head: "older", Created: at("09:00")}},
		Commits: []gitlab.Commit{
			{ID: "head", AuthorName: "Hanne Ravn", AuthorEmail: "hanne@korsbaek.example", CommitterName: "orgit", CommitterEmail: "orgit@korsbaek.example"},
		},
		Head: "head", Target: "main",
	}
	for _, name := range approvers {
		f.Approvals = append(f.Approvals, approval(name, "11:00"))
	}
	return f
}

// verdict writes a verdict on a few lines: satisfied or not, who counts and in whose place, who does not, what blocks, who
// is missing.
func verdict(v review.Verdict) string {
	words := []string{"no"}
	if v.Satisfied {
		words[0] = "yes, by " + v.By
	}
	for _, c := range v.Counted {
		words = append(words, "+"+c.Username+"="+c.As)
	}
	for _, n := range v.NotCounted {
		words = append(words, "-"+n.Username+":"+string(n.Reason))
	}
	for _, b := range v.Blocks {
		words = append(words, "!"+string(b.Reason))
	}
	for _, a := range v.Areas {
		words = append(words, "?"+a.Unit+":"+strings.Join(a.Usernames, "/"))
	}
	return strings.Join(words, " ")
}

func TestJudgeGroup(t *testing.T) {
	with := func(f review.Facts, change func(*review.Facts)) review.Facts {
		change(&f)
		return f
	}
	request := func(change func(*gitlab.MergeRequest)) review.Facts {
		return with(facts("lone", "per"), func(f *review.Facts) { change(&f.Request) })
	}
	commit := func(c gitlab.Commit) review.Facts {
		return with(facts("lone", "per"), func(f *review.Facts) { f.Commits = append(f.Commits, c) })
	}
	tests := []struct {
		name  string
		facts review.Facts
		want  string
	}{
		{"two of the group", facts("lone", "per"), "yes, by group +lone=lone +per=per"},
		{"capitals", facts("Lone", "PER"), "yes, by group +Lone=lone +PER=per"},
		{"one of the group", facts("lone"), "no +lone=lone"},
		{"nobody", facts(), "no"},
		{"the same one twice", facts("lone", "lone"), "no +lone=lone -lone:twice"},
		{"somebody else", facts("lone", "otto"), "no +lone=lone -otto:named"},
		{"the author", with(facts("lone", "per"), func(f *review.Facts) { f.Request.Author = user("lone") }), "no +per=per -lone:own"},
		{"whom a signed commit names", with(facts("lone", "per"), func(f *review.Facts) { f.Proposers = []string{"Lone"} }), "no +per=per -lone:own"},
		{"a commit's author, by username", commit(gitlab.Commit{ID: "c", AuthorName: "LONE"}), "no +per=per -lone:committer"},
		{"a commit's committer, by name", commit(gitlab.Commit{ID: "c", CommitterName: " user  Lone "}), "no +per=per -lone:committer"},
		{"a commit's author, by address", commit(gitlab.Commit{ID: "c", AuthorEmail: "Lone@korsbaek.example"}), "no +per=per -lone:committer"},
		{"a commit's author, by hidden address", commit(gitlab.Commit{ID: "c", AuthorEmail: "17-lone@users.noreply.gitlab.example"}), "no +per=per -lone:committer"},
		{"a stranger's commit", commit(gitlab.Commit{ID: "c", AuthorName: "Otto", AuthorEmail: "otto@x.example"}), "yes, by group +lone=lone +per=per"},
		{"a program", with(facts("lone", "per"), func(f *review.Facts) { f.Approvals[0].User.Bot = true }), "no +per=per -lone:bot"},
		{"before the last push", with(facts("per"), func(f *review.Facts) { f.Approvals = append(f.Approvals, approval("lone", "09:30")) }), "no +per=per -lone:push"},
		{"in the second of the push", with(facts("per"), func(f *review.Facts) { f.Approvals = append(f.Approvals, approval("lone", "10:00")) }), "no +per=per -lone:push"},
		{"no time", with(facts("lone", "per"), func(f *review.Facts) { f.Approvals[0].At = time.Time{} }), "no +per=per -lone:time"},
		{"no name", with(facts("lone", "per"), func(f *review.Facts) { f.Approvals[0].User = gitlab.User{} }), "no +per=per -:user"},
		{"no versions", with(facts("lone", "per"), func(f *review.Facts) { f.Versions = nil }), "no -lone:time -per:time !versions"},
		{"a version without time", with(facts("lone", "per"), func(f *review.Facts) { f.Versions[1].Created = time.Time{} }), "no -lone:time -per:time !versions"},
		{"another head was pushed after", with(facts("lone", "per"), func(f *review.Facts) {
			f.Versions = append(f.Versions, gitlab.Version{Head: "newer", Created: at("10:30")})
		}), "no -lone:time -per:time !versions"},
		{"the head is another", request(func(r *gitlab.MergeRequest) { r.Head = "newer" }), "no +lone=lone +per=per !head"},
		{"no head is judged", with(facts("lone", "per"), func(f *review.Facts) { f.Head, f.Request.Head = "", "" }), "no -lone:time -per:time !head !versions !commits"},
		{"no commits", with(facts("lone", "per"), func(f *review.Facts) { f.Commits = nil }), "no +lone=lone +per=per !commits"},
		{"no author", request(func(r *gitlab.MergeRequest) { r.Author = gitlab.User{} }), "no +lone=lone +per=per !author"},
		{"closed", request(func(r *gitlab.MergeRequest) { r.State = gitlab.Closed }), "no +lone=lone +per=per !state"},
		{"no state", request(func(r *gitlab.MergeRequest) { r.State = "" }), "no +lone=lone +per=per !state"},
		{"a draft", request(func(r *gitlab.MergeRequest) { r.Draft = true }), "no +lone=lone +per=per !draft"},
		{"an open thread", request(func(r *gitlab.MergeRequest) { r.ThreadsResolved = false }), "no +lone=lone +per=per !threads"},
		{"on hold", request(func(r *gitlab.MergeRequest) { r.Labels = []string{"HR", "Orgit::Hold"} }), "no +lone=lone +per=per !label"},
		{"for another branch", request(func(r *gitlab.MergeRequest) { r.Target = "test" }), "no +lone=lone +per=per !target"},
		{"a fork", request(func(r *gitlab.MergeRequest) { r.SourceProject = 2 }), "no +lone=lone +per=per !fork"},
		{"no project", request(func(r *gitlab.MergeRequest) { r.SourceProject, r.TargetProject = 0, 0 }), "no +lone=lone +per=per !fork"},
		{"a fork, where forks are taken", with(request(func(r *gitlab.MergeRequest) { r.SourceProject = 2 }), func(f *review.Facts) { f.Forks = true }),
			"yes, by group +lone=lone +per=per"},
		{"a substitute", facts("kim", "per"), "yes, by group +kim=lone +per=per"},
		{"a substitute and whom they stand in for", facts("kim", "lone"), "no +kim=lone -lone:twice"},
		{"nothing at all", review.Facts{}, "no !state !target !fork !threads !head !author !versions !commits"},
	}
	c := review.Classify(proposal(t, edit{"units/klub.cue", "Klubben", "Fritidsklubben"}))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := review.Judge(c, tt.facts)
			if diff := cmp.Diff(tt.want, verdict(v)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, lang := range []string{change.Danish, change.English} {
				if s := v.Sentence(lang); !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") {
					t.Errorf("not a sentence: %q", s)
				}
			}
		})
	}
}

func TestJudgeLeaders(t *testing.T) {
	day := func(name, day string) review.Facts {
		f := facts()
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		f.Approvals = []gitlab.Approval{{User: user(name), At: d.Add(12 * time.Hour)}}
		return f
	}
	by := func(author string, approvers ...string) review.Facts {
		f := facts(approvers...)
		f.Request.Author = user(author)
		return f
	}
	wrote := func(c gitlab.Commit, approvers ...string) review.Facts {
		f := facts(approvers...)
		f.Commits = append(f.Commits, c)
		return f
	}
	tests := []struct {
		name  string
		edits []edit
		facts review.Facts
		want  string
	}{
		{"the leader", []edit{annaPhone}, facts("sanl"), "yes, by areaLeader +sanl=SanL"},
		{"the leader's other account", []edit{annaPhone}, facts("sanne2"), "yes, by areaLeader +sanne2=sanne2"},
		{"both accounts are one person", []edit{annaPhone}, facts("sanl", "sanne2"), "yes, by areaLeader +sanl=SanL -sanne2:twice"},
		{"another leader", []edit{annaPhone}, facts("viggo"), "no -viggo:substitute ?klub:SanL/sanne2"},
		{"the leader above is not the nearest", []edit{annaPhone}, facts("dora"), "no -dora:named ?klub:SanL/sanne2"},
		{"the nearest proposes: the one above", []edit{annaPhone}, by("sanl", "dora"), "yes, by areaLeader +dora=dora"},
		{"the nearest proposes, and approves by another account", []edit{annaPhone}, by("sanl", "sanne2"), "no -sanne2:own ?klub:dora"},
		{"the nearest wrote a commit", []edit{annaPhone}, wrote(gitlab.Commit{AuthorName: "sanne lund"}, "sanl"), "no -sanl:committer ?klub:dora"},
		{"the leader's address on main", []edit{{"people/bo/bo.cue", "engagements:", "addresses: phone: \"+4511111113\"\n\tengagements:"}},
			wrote(gitlab.Commit{AuthorEmail: "Viggo.Vang@korsbaek.example"}, "viggo"), "no -viggo:committer ?vej:dora"},
		{"both leaders of a move", []edit{annaMoves}, facts("sanl", "viggo"), "yes, by areaLeader +sanl=SanL +viggo=viggo"},
		{"one leader of a move", []edit{annaMoves}, facts("viggo"), "no +viggo=viggo ?klub:SanL/sanne2"},
		{"the group instead", []edit{annaPhone}, facts("lone", "ida"), "yes, by group +ida=ida +lone=lone"},
		{"one of the group instead", []edit{annaPhone}, facts("lone"), "no +lone=lone ?klub:SanL/sanne2"},
		{"a substitute before their time", []edit{annaPhone}, facts("viggo"), "no -viggo:substitute ?klub:SanL/sanne2"},
		{"a substitute in their time", []edit{annaPhone}, day("viggo", "2026-12-10"), "yes, by areaLeader +viggo=SanL"},
		{"a substitute after their time", []edit{annaPhone}, day("viggo", "2027-01-01"), "no -viggo:substitute ?klub:SanL/sanne2"},
		{"about oneself", []edit{{"people/vi/viggo.cue", "addresses: email:", `addresses: phone: "+4511111112", addresses: email:`}}, facts("viggo"), "no -viggo:about ?vej:dora"},
		{"about oneself, in the group's matter", []edit{{"people/vi/viggo.cue", `"Vang"`, `"Vang Holm"`}}, facts("viggo"), "no -viggo:about"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := review.Judge(review.Classify(proposal(t, tt.edits...)), tt.facts)
			if diff := cmp.Diff(tt.want, verdict(v)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, v.Sentence(change.English))
			}
		})
	}
}

// TestJudgeRule: a rule asks nobody, and what holds a proposal holds it all the same.
func TestJudgeRule(t *testing.T) {
	p := proposal(t, annaTitle)
	p.Source = "opus"
	c := review.Classify(p)
	if v := review.Judge(c, facts()); !v.Satisfied || v.By != org.ByRule || v.Sentence(change.Danish) != "Godkendt efter reglen i klassen loen." {
		t.Errorf("%s: %s", verdict(v), v.Sentence(change.Danish))
	}
	held := facts()
	held.Request.Labels = []string{"orgit::hold"}
	if v := review.Judge(c, held); v.Satisfied {
		t.Error("a held proposal is approved by rule")
	}
}

func TestSentences(t *testing.T) {
	c := review.Classify(proposal(t, annaPhone))
	f := facts("lone", "per")
	f.Approvals[0].At = at("09:30")
	for lang, want := range map[string]string{
		change.Danish: "Ikke godkendt: lederen mangler for Klubben (SanL eller sanne2). Arbejdsgruppen kan godkende i stedet (der mangler 1 af 2). " +
			"Tæller ikke: lone (den er givet før den seneste ændring af forslaget).",
		change.English: "Not approved: the leader of Klubben (SanL or sanne2) is missing. The working group may approve instead (1 of 2 are missing). " +
			"Not counted: lone (it was given before the last push).",
	} {
		if diff := cmp.Diff(want, review.Judge(c, f).Sentence(lang)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestJudgeUnrecognised: where the nearest leader cannot be recognised the group decides, and nobody above in their place;
// a post that nobody holds is inherited.
func TestJudgeUnrecognised(t *testing.T) {
	const account = `"gl": {system: "gitlab", name: "SanL"}, "gl2": {system: "gitlab", name: "sanne2"}`
	tests := []struct {
		name string
		main []edit // what main has before the proposal
		want string
	}{
		{"no account", []edit{{"people/sa/sanne.cue", account, ""}}, "no -dora:named ?klub:"},
		{"accounts that are suspended", []edit{{"people/sa/sanne.cue", account, `"gl": {system: "gitlab", name: "SanL", suspended: true}`}}, "no -dora:named ?klub:"},
		{"accounts that have ended", []edit{{"people/sa/sanne.cue", account, `"gl": {system: "gitlab", name: "SanL", to: "2026-11-30"}`}}, "no -dora:named ?klub:"},
		{"a service account", []edit{{"people/sa/sanne.cue", account, `"gl": {system: "gitlab", name: "SanL", kind: "service"}`}}, "no -dora:named ?klub:"},
		{"an account elsewhere", []edit{{"people/sa/sanne.cue", account, `"gl": {system: "ad", name: "SanL"}`}}, "no -dora:named ?klub:"},
		{"a username that two claim", []edit{{"people/sa/sanne.cue", account, `"gl": {system: "gitlab", name: "DORA"}`}}, "no -dora:named ?klub:"},
		{"a vacant post", []edit{{"units/skole.cue", `{person: "sanne", from: "2019-01-01"}`, `{vacant: true, from: "2019-01-01"}`}}, "yes, by areaLeader +dora=dora"},
		{"a leader whose time is over", []edit{{"units/skole.cue", `from: "2019-01-01"}`, `from: "2019-01-01", to: "2026-11-30"}`}}, "yes, by areaLeader +dora=dora"},
		{"a leader who is suspended", []edit{{"people/sa/sanne.cue", "engagements:", "suspended: true\n\tengagements:"}}, "yes, by areaLeader +dora=dora"},
		{"leaders are recognised nowhere", []edit{{"organisation.cue", `login: "gitlab"`, ""}}, "no -dora:named"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := town(t).with(t, tt.main...)
			after := before.with(t, annaPhone)
			c := review.Classify(review.Proposal{
				Approved: before.load(t), Proposed: after.load(t), Files: changed(before, after), Plan: &plan.Plan{}, Day: today,
			})
			if diff := cmp.Diff(tt.want, verdict(review.Judge(c, facts("dora")))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSubstituteWithoutEnd: a time that is not stated does not last for ever.
func TestSubstituteWithoutEnd(t *testing.T) {
	c := review.Classify(proposal(t, edit{"units/klub.cue", "Klubben", "Fritidsklubben"}))
	for _, s := range []org.Substitute{{For: "lone", Is: "otto"}, {For: "lone", Is: "otto", Period: org.Period{From: "2026-01-01"}}} {
		c.Substitutes = []org.Substitute{s}
		if got := verdict(review.Judge(c, facts("otto", "per"))); got != "no +per=per -otto:substitute" {
			t.Errorf("%+v: %s", s, got)
		}
	}
}

// TestDay: the day of a judgement is the same whenever it is asked, and no stranger moves it.
func TestDay(t *testing.T) {
	o := town(t).load(t)
	later := func(name string) review.Facts {
		f := facts("lone")
		f.Approvals = append(f.Approvals, gitlab.Approval{User: user(name), At: at("11:00").AddDate(0, 0, 5)})
		return f
	}
	nothing := facts()
	nothing.Versions = nil
	for name, tt := range map[string]struct {
		facts review.Facts
		want  org.Day
	}{
		"nobody approved":     {facts(), today},
		"one of the group":    {later("PER"), "2026-12-06"},
		"a substitute":        {later("kim"), "2026-12-06"},
		"a leader":            {later("viggo"), "2026-12-06"},
		"a stranger":          {later("otto"), today},
		"nothing is known":    {nothing, ""},
		"no facts whatsoever": {review.Facts{}, ""},
	} {
		if got := tt.facts.Day(o); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
