package gitlab_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

func TestMe(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	got, err := w.c.Me(t.Context())
	check(t, err)
	if diff := cmp.Diff(gitlab.User{ID: w.bot.ID, Username: w.bot.Username, Name: "orgit", Bot: true}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = w.clientWith("no-such-token").Me(t.Context())
	wantError(t, err, gitlab.ErrUnauthorised, "GET /api/v4/user answered 401: 401 Unauthorized", "ORGIT_GITLAB_TOKEN_FILE")
	if strings.Contains(err.Error(), "no-such-token") {
		t.Errorf("the error shows the token: %v", err)
	}
}

func TestUsers(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	found, missing, err := w.c.Users(t.Context(), "per", "nobody", "Lone", w.bot.Username)
	check(t, err)
	var names []string
	for _, u := range found {
		names = append(names, fmt.Sprintf("%s %t", u.Username, u.Bot))
	}
	if diff := cmp.Diff([]string{"per false", "lone false", w.bot.Username + " true"}, names); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"nobody"}, missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	_, _, err = w.c.Users(t.Context(), "")
	wantError(t, err, gitlab.ErrInvalid)
}

func TestPropose(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	head := w.push("hr", "propose/1", "anna.cue", "package org\n")
	p := gitlab.Proposal{
		Source: "propose/1", Target: "main", Title: "Ansæt p7k3f9q", Description: "Fra 1. december", Labels: []string{"loen", "ansat"},
		Reviewers: []string{"lone", "nobody"},
	}
	got, created, err := w.c.Propose(t.Context(), p)
	check(t, err)
	if !created {
		t.Error("the first proposal did not open a merge request")
	}
	want := gitlab.MergeRequest{
		IID: 1, Title: p.Title, Description: p.Description, State: gitlab.Opened, Source: p.Source, Target: p.Target, Head: head,
		Author:        gitlab.User{ID: w.bot.ID, Username: w.bot.Username, Name: "orgit", Bot: true},
		SourceProject: 42, TargetProject: 42, Labels: []string{"ansat", "loen"}, ThreadsResolved: true, Status: "unchecked",
		URL: w.URL() + "/korsbaek/organisation/-/merge_requests/1",
	}
	ignored := cmpopts.IgnoreFields(gitlab.MergeRequest{}, "Reviewers")
	if diff := cmp.Diff(want, got, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Reviewers) != 1 || got.Reviewers[0].Username != "lone" {
		t.Errorf("reviewers %v, want lone", got.Reviewers)
	}

	calls := w.Count("PUT", "/projects/{project}/merge_requests/{iid}")
	again, created, err := w.c.Propose(t.Context(), p)
	check(t, err)
	if created || again.IID != 1 || w.Count("PUT", "/projects/{project}/merge_requests/{iid}") != calls {
		t.Errorf("the same proposal again: created %t, !%d, and changed it", created, again.IID)
	}

	// What people did on the way is kept.
	check(t, w.Label("lone", 1, "vent"))
	_, err = w.client("lone").Update(t.Context(), 1, gitlab.Changes{Title: new("Draft: Ansæt p7k3f9q")})
	check(t, err)
	p.Title, p.Description, p.Labels = "Ansæt p7k3f9q fra 1. januar", "Fra 1. januar", []string{"ny"}
	changed, created, err := w.c.Propose(t.Context(), p)
	check(t, err)
	gotWords := []any{created, changed.Title, changed.Draft, changed.Description, strings.Join(changed.Labels, " ")}
	if diff := cmp.Diff([]any{false, "Draft: Ansæt p7k3f9q fra 1. januar", true, "Fra 1. januar", "ansat loen ny vent"}, gotWords); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}

	// A closed one is over; the next proposal is a new one.
	check(t, w.CloseMergeRequest("hr", 1))
	fresh, created, err := w.c.Propose(t.Context(), p)
	check(t, err)
	if !created || fresh.IID != 2 {
		t.Errorf("after closing: created %t, !%d; want a new !2", created, fresh.IID)
	}
}

// A merge request of a fork's branch has the same names, and is somebody else's. (One whose source project is not said
// counts as such.)
func TestProposeLeavesForksAlone(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	w.Inject(gitlabtest.Fault{Kind: gitlabtest.Without, Method: "GET", Fields: []string{"source_project_id"}, Times: -1})
	_, _, err := w.c.Propose(t.Context(), gitlab.Proposal{Source: "b", Target: "main", Title: "Et andet forslag"})
	wantError(t, err, gitlab.ErrConflict, "Another open merge request already exists")
	w.Heal()
	got, err := w.c.MergeRequest(t.Context(), m.IID)
	check(t, err)
	if got.Title != m.Title {
		t.Errorf("the title is now %q", got.Title)
	}
}

func TestProposalsAtOnce(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	const n = 12
	for i := range n {
		w.git("branch", fmt.Sprintf("b%d", i))
	}
	errs := make(chan error, 3*n)
	for i := range n {
		branch := fmt.Sprintf("b%d", i)
		w.push("hr", branch, branch+".cue", "package org\n")
		for range 3 {
			go func() {
				_, _, err := w.c.Propose(t.Context(), gitlab.Proposal{Source: branch, Target: "main", Title: branch})
				errs <- err
			}()
		}
	}
	for range 3 * n {
		check(t, <-errs)
	}
	all, err := w.c.MergeRequests(t.Context(), gitlab.Filter{})
	check(t, err)
	if len(all) != n {
		t.Errorf("%d merge requests for %d branches", len(all), n)
	}
}

func TestProposeReviewersOfPremium(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{Premium: true})
	w.push("hr", "b", "a.cue", "package org\n")
	p := gitlab.Proposal{Source: "b", Target: "main", Title: "t", Reviewers: []string{"lone"}}
	_, _, err := w.c.Propose(t.Context(), p)
	check(t, err)
	p.Reviewers = []string{"per"}
	m, _, err := w.c.Propose(t.Context(), p)
	check(t, err)
	var names []string
	for _, u := range m.Reviewers {
		names = append(names, u.Username)
	}
	if diff := cmp.Diff([]string{"lone", "per"}, names); diff != "" {
		t.Errorf("reviewers (-want +got):\n%s", diff)
	}
}

func TestRefusedBeforeItIsSent(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	before := w.Calls()
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"a note that is a command":        func() error { _, err := w.c.CreateNote(ctx, m.IID, "Planen:\n\n /merge"); return err },
		"a rewritten note that is one":    func() error { _, err := w.c.UpdateNote(ctx, m.IID, 1, "x\r/approve"); return err },
		"an empty note":                   func() error { _, err := w.c.CreateNote(ctx, m.IID, " \n"); return err },
		"a note that is too long":         func() error { _, err := w.c.CreateNote(ctx, m.IID, strings.Repeat("æ", gitlab.NoteMax+1)); return err },
		"a description that is a command": func() error { _, err := w.c.Update(ctx, m.IID, gitlab.Changes{Description: new("/close")}); return err },
		"a proposal with a command": func() error {
			_, _, err := w.c.Propose(ctx, gitlab.Proposal{Source: "c", Target: "main", Title: "t", Description: "/merge"})
			return err
		},
		"two lines of title": func() error {
			_, err := w.c.Create(ctx, gitlab.Proposal{Source: "c", Target: "main", Title: "t\n/merge"})
			return err
		},
		"no branch":            func() error { _, err := w.c.Create(ctx, gitlab.Proposal{Target: "main", Title: "t"}); return err },
		"a label with comma":   func() error { _, err := w.c.Update(ctx, m.IID, gitlab.Changes{AddLabels: []string{"a,b"}}); return err },
		"merge of no commit":   func() error { _, err := w.c.Merge(ctx, m.IID, "", "m"); return err },
		"approve of no commit": func() error { return w.c.Approve(ctx, m.IID, "") },
	} {
		t.Run(name, func(t *testing.T) { wantError(t, do(), gitlab.ErrInvalid) })
	}
	if diff := cmp.Diff(before, w.Calls()); diff != "" {
		t.Errorf("something was sent (-before +after):\n%s", diff)
	}
}

func TestNotFoundSaysWhat(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	_, err := w.c.MergeRequest(t.Context(), 7)
	wantError(t, err, gitlab.ErrNotFound, "read merge request !7", "/merge_requests/7 answered 404: 404 Not found", "ORGIT_GITLAB_PROJECT")
	var e *gitlab.Error
	if !errors.As(err, &e) || e.Status != 404 || e.Body != `{"message":"404 Not found"}` {
		t.Errorf("the body of a 404 is not kept: %+v", e)
	}
	_, err = w.c.MergeRequestsOfCommit(t.Context(), "1111111111111111111111111111111111111111")
	wantError(t, err, gitlab.ErrNotFound, "404 Commit Not Found")
}

func TestMergeRequests(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	var want []int
	for i := range 5 {
		want = append(want, w.propose(fmt.Sprintf("propose/%d", i)).IID)
	}
	numbers := func(f gitlab.Filter) []int {
		t.Helper()
		all, err := w.c.MergeRequests(t.Context(), f)
		check(t, err)
		var iids []int
		for _, m := range all {
			iids = append(iids, m.IID)
		}
		return iids
	}
	check(t, w.CloseMergeRequest("ida", 4))
	for _, tt := range []struct {
		filter gitlab.Filter
		want   []int
	}{
		{gitlab.Filter{State: gitlab.All}, want},
		{gitlab.Filter{}, []int{1, 2, 3, 5}},
		{gitlab.Filter{State: gitlab.Closed}, []int{4}},
		{gitlab.Filter{Source: "propose/1"}, []int{2}},
		{gitlab.Filter{Source: "propose/1", Target: "other"}, nil},
	} {
		if diff := cmp.Diff(tt.want, numbers(tt.filter)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.filter, diff)
		}
	}
}

func TestCommitsVersionsAndCommitOf(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	w.clock.now = day.Add(time.Hour)
	second := w.push("lone", "b", "c.cue", "package org\n")

	commits, err := w.c.Commits(t.Context(), m.IID)
	check(t, err)
	var got []string
	for _, c := range commits {
		got = append(got, c.ID+" "+c.Message+" "+c.AuthorEmail+" "+c.CommitterEmail+fmt.Sprint(c.Created.IsZero()))
	}
	if diff := cmp.Diff([]string{
		second + " Change c.cue hr@korsbaek.example bot@korsbaek.examplefalse",
		m.Head + " Change b.cue hr@korsbaek.example bot@korsbaek.examplefalse",
	}, got); diff != "" {
		t.Errorf("commits (-want +got):\n%s", diff)
	}
	versions, err := w.c.Versions(t.Context(), m.IID)
	check(t, err)
	if diff := cmp.Diff([]gitlab.Version{{Head: second, Created: day.Add(time.Hour)}, {Head: m.Head, Created: day}}, versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	of, err := w.c.MergeRequestsOfCommit(t.Context(), second)
	check(t, err)
	if len(of) != 1 || of[0].IID != m.IID || of[0].Head != second {
		t.Errorf("merge requests of the commit: %+v", of)
	}
	of, err = w.c.MergeRequestsOfCommit(t.Context(), w.git("rev-list", "--max-parents=0", "HEAD"))
	check(t, err)
	if len(of) != 0 {
		t.Errorf("the first commit belongs to %+v", of)
	}
}

func TestApprovals(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	ctx := t.Context()
	lone := w.client("lone")
	wantError(t, lone.Approve(ctx, m.IID, "1111111111111111111111111111111111111111"), gitlab.ErrMoved, "look again")
	check(t, lone.Approve(ctx, m.IID, m.Head))
	wantError(t, lone.Approve(ctx, m.IID, m.Head), gitlab.ErrNotAllowed)
	wantError(t, w.client("gry").Approve(ctx, m.IID, m.Head), gitlab.ErrNotAllowed)
	wantError(t, w.clientWith("wrong").Approve(ctx, m.IID, m.Head), gitlab.ErrUnauthorised)
	w.clock.now = day.Add(time.Hour)
	check(t, w.Approve("per", m.IID))

	names := func() []string {
		t.Helper()
		all, err := w.c.Approvals(ctx, m.IID)
		check(t, err)
		var names []string
		for _, a := range all {
			names = append(names, a.User.Username+" "+a.At.Format("15:04"))
		}
		return names
	}
	if diff := cmp.Diff([]string{"lone 09:00", "per 10:00"}, names()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.push("hr", "b", "b.cue", "package org // after the approval\n")
	if diff := cmp.Diff([]string{"lone 09:00", "per 10:00"}, names()); diff != "" {
		t.Errorf("on Free approvals survive a push (-want +got):\n%s", diff)
	}
	check(t, lone.Unapprove(ctx, m.IID))
	wantError(t, lone.Unapprove(ctx, m.IID), gitlab.ErrNotFound)
	if diff := cmp.Diff([]string{"per 10:00"}, names()); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}

	notes, err := w.c.Notes(ctx, m.IID)
	check(t, err)
	var said []string
	for _, n := range notes {
		first, _, _ := strings.Cut(n.Body, "\n")
		said = append(said, fmt.Sprintf("%s %t %s", n.Author.Username, n.System, first))
	}
	if diff := cmp.Diff([]string{
		"lone true approved this merge request", "per true approved this merge request", "hr true added 1 commit",
		"lone true unapproved this merge request",
	}, said); diff != "" {
		t.Errorf("system notes (-want +got):\n%s", diff)
	}
}

func TestApprovalsOfAnOldVersion(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{NoApprovedAt: true})
	m := w.propose("b")
	check(t, w.Approve("lone", m.IID))
	all, err := w.c.Approvals(t.Context(), m.IID)
	check(t, err)
	if len(all) != 1 || !all[0].At.IsZero() {
		t.Errorf("approvals %+v, want one without a time", all)
	}
}

func TestPremiumApprovals(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{Premium: true, ApprovalsRequired: 1, ResetOnPush: true})
	m := w.propose("b")
	_, err := w.c.Merge(t.Context(), m.IID, m.Head, "m")
	wantError(t, err, gitlab.ErrNotMergeable, "not_approved")
	check(t, w.Approve("lone", m.IID))
	head := w.push("hr", "b", "b.cue", "package org // after the approval\n")
	_, err = w.c.Merge(t.Context(), m.IID, head, "m")
	wantError(t, err, gitlab.ErrNotMergeable, "not_approved")
}

func TestNotes(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	ctx := t.Context()
	check(t, w.Comment("per", m.IID, "Hvem er det?"))
	note, err := w.c.CreateNote(ctx, m.IID, "<!-- orgit -->\nPlan")
	check(t, err)
	for i := range 120 {
		check(t, w.Comment("lone", m.IID, fmt.Sprintf("Bemærkning %d", i)))
	}
	_, err = w.c.UpdateNote(ctx, m.IID, note.ID, "<!-- orgit -->\nEn anden plan")
	check(t, err)
	notes, err := w.c.Notes(ctx, m.IID)
	check(t, err)
	if len(notes) != 122 || notes[0].Body != "Hvem er det?" || notes[121].Body != "Bemærkning 119" {
		t.Fatalf("%d notes, the first %+v", len(notes), notes[0])
	}
	want := gitlab.Note{
		ID: note.ID, Author: gitlab.User{ID: w.bot.ID, Username: w.bot.Username, Name: "orgit", Bot: true}, Body: "<!-- orgit -->\nEn anden plan", Created: day,
	}
	if diff := cmp.Diff(want, notes[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = w.client("per").UpdateNote(ctx, m.IID, note.ID, "Forfalsket")
	wantError(t, err, gitlab.ErrNotAllowed, "403 Forbidden")
	wantError(t, w.client("per").DeleteNote(ctx, m.IID, note.ID), gitlab.ErrNotAllowed)
	check(t, w.c.DeleteNote(ctx, m.IID, note.ID))
	check(t, w.c.DeleteNote(ctx, m.IID, note.ID))
	wantError(t, w.c.DeleteNote(ctx, 9, note.ID), gitlab.ErrNotFound)
	_, err = w.c.UpdateNote(ctx, m.IID, note.ID, "Den er væk")
	wantError(t, err, gitlab.ErrNotFound, "404 Note Not Found")
}

func TestMerge(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{CheckingAnswers: 3})
	m := w.propose("b")
	got, err := w.c.Merge(t.Context(), m.IID, m.Head, "Fletning\n\nOrgit-Plan: abc")
	check(t, err)
	w.git("fetch", "--quiet", w.GitURL("lone"), "main")
	if got.State != gitlab.Merged || got.MergedBy == nil || got.MergedBy.Username != w.bot.Username || got.MergeCommit != w.git("rev-parse", "FETCH_HEAD") {
		t.Errorf("merged: %+v", got)
	}
	if parents := strings.Fields(w.git("log", "-1", "--format=%P", "FETCH_HEAD")); len(parents) != 2 || parents[1] != m.Head {
		t.Errorf("parents of the merge commit: %v, want the second to be %s", parents, m.Head)
	}
	if message := w.git("log", "-1", "--format=%B", "FETCH_HEAD"); message != "Fletning\n\nOrgit-Plan: abc" {
		t.Errorf("message of the merge commit: %q", message)
	}
	if branches := w.git("ls-remote", w.GitURL("lone"), "refs/heads/b"); branches != "" {
		t.Errorf("the branch is still there: %s", branches)
	}
	of, err := w.c.MergeRequestsOfCommit(t.Context(), got.MergeCommit)
	check(t, err)
	if len(of) != 1 || of[0].IID != m.IID {
		t.Errorf("merge requests of the merge commit: %+v", of)
	}
	// It was polled while GitLab was checking: after the first look a second, then two.
	if diff := cmp.Diff([]time.Duration{time.Second, 2 * time.Second, 2 * time.Second}, w.clock.sleeps()); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	_, err = w.c.Merge(t.Context(), m.IID, m.Head, "Igen")
	wantError(t, err, gitlab.ErrNotMergeable, "it is merged")
}

func TestMergeRefused(t *testing.T) {
	ctx := t.Context()
	for _, tt := range []struct {
		name string
		opts gitlabtest.Options
		make func(w *world, m gitlab.MergeRequest)
		as   string // the bot when empty
		want error
		says string
	}{
		{name: "the branch moved", make: func(w *world, _ gitlab.MergeRequest) { w.push("hr", "b", "more.cue", "package org\n") }, want: gitlab.ErrMoved, says: "and not at"},
		{name: "a conflict in git", make: func(w *world, _ gitlab.MergeRequest) { w.push("ida", "main", "b.cue", "package org // otherwise\n") }, want: gitlab.ErrMergeConflict, says: "conflict"},
		{name: "a draft", make: func(w *world, m gitlab.MergeRequest) {
			_, err := w.c.Update(ctx, m.IID, gitlab.Changes{Title: new("Draft: vent")})
			check(w.t, err)
		}, want: gitlab.ErrNotMergeable, says: "draft_status"},
		{name: "closed", make: func(w *world, m gitlab.MergeRequest) { check(w.t, w.CloseMergeRequest("hr", m.IID)) }, want: gitlab.ErrNotMergeable, says: "closed"},
		{name: "an open thread", opts: gitlabtest.Options{ThreadsHold: true}, make: func(w *world, m gitlab.MergeRequest) {
			check(w.t, w.OpenThread("lone", m.IID, "Hvorfor?"))
		}, want: gitlab.ErrNotMergeable, says: "discussions_not_resolved"},
		{name: "a developer", as: "lone", want: gitlab.ErrNotAllowed, says: "401"},
		{name: "behind, where there are no merge commits", opts: gitlabtest.Options{MergeMethod: "ff"}, make: func(w *world, _ gitlab.MergeRequest) {
			w.push("ida", "main", "other.cue", "package org\n")
		}, want: gitlab.ErrNotMergeable, says: "need_rebase"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.opts)
			m := w.propose("b")
			if tt.make != nil {
				tt.make(w, m)
			}
			c := w.c
			if tt.as != "" {
				c = w.client(tt.as)
			}
			main := w.git("ls-remote", w.GitURL("lone"), "refs/heads/main")
			_, err := c.Merge(t.Context(), m.IID, m.Head, "Fletning")
			wantError(t, err, tt.want, tt.says)
			if now := w.git("ls-remote", w.GitURL("lone"), "refs/heads/main"); now != main {
				t.Errorf("main moved from %s to %s", main, now)
			}
		})
	}
}

// A push that comes between orgit's look and its merge is what the commit in the request is for.
func TestMergeOfABranchThatMovesMeanwhile(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	w.HoldPushes()
	w.push("hr", "b", "more.cue", "package org\n")
	_, err := w.c.Merge(t.Context(), m.IID, m.Head, "Fletning")
	wantError(t, err, gitlab.ErrNotMergeable, "Branch cannot be merged")
}

func TestThreadsAndLabels(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	ctx := t.Context()
	check(t, w.OpenThread("lone", m.IID, "Hvorfor?"))
	got, err := w.c.Update(ctx, m.IID, gitlab.Changes{AddLabels: []string{"a", "b"}})
	check(t, err)
	got, err = w.c.Update(ctx, m.IID, gitlab.Changes{RemoveLabels: []string{"a"}, AddLabels: []string{"c"}})
	check(t, err)
	if got.ThreadsResolved || strings.Join(got.Labels, " ") != "b c" {
		t.Errorf("resolved %t, labels %v", got.ThreadsResolved, got.Labels)
	}
	check(t, w.ResolveThreads("lone", m.IID))
	got, err = w.c.Update(ctx, m.IID, gitlab.Changes{State: gitlab.Close})
	check(t, err)
	if !got.ThreadsResolved || got.State != gitlab.Closed {
		t.Errorf("resolved %t, %s", got.ThreadsResolved, got.State)
	}
	got, err = w.c.Update(ctx, m.IID, gitlab.Changes{State: gitlab.Reopen})
	check(t, err)
	if got.State != gitlab.Opened {
		t.Errorf("reopened it is %s", got.State)
	}
}

func TestProjectAndProtection(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{ThreadsHold: true, CIConfig: ".gitlab-ci.yml@korsbaek/ci"})
	ctx := t.Context()
	p, err := w.c.Project(ctx)
	check(t, err)
	want := gitlab.Project{
		ID: 42, Path: "korsbaek/organisation", DefaultBranch: "main", MergeMethod: gitlab.MergeCommits, Squash: "default_off", ThreadsHold: true,
		CIConfig: ".gitlab-ci.yml@korsbaek/ci", URL: w.URL() + "/korsbaek/organisation", GitURL: w.GitURL(""),
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("project (-want +got):\n%s", diff)
	}
	w.Protect(gitlabtest.Rule{Name: "ma*", Push: gitlabtest.NoAccess, Merge: gitlabtest.Developer, ForcePush: true})
	got, err := w.c.Protection(ctx, "main")
	check(t, err)
	wantProtection := gitlab.Protection{
		Protected: true, ForcePush: true, MatchedRules: []string{"main", "ma*"},
		Push:  []gitlab.Access{{Level: gitlab.Maintainer, Description: "Maintainers"}, {Level: gitlab.NoOne, Description: "No one"}},
		Merge: []gitlab.Access{{Level: gitlab.Maintainer, Description: "Maintainers"}, {Level: gitlab.Developer, Description: "Developers + Maintainers"}},
	}
	if diff := cmp.Diff(wantProtection, got); diff != "" {
		t.Errorf("protection (-want +got):\n%s", diff)
	}
	got, err = w.c.Protection(ctx, "propose/1")
	check(t, err)
	if diff := cmp.Diff(gitlab.Protection{}, got); diff != "" {
		t.Errorf("protection of a branch without (-want +got):\n%s", diff)
	}
	_, err = w.client("lone").Protection(ctx, "main")
	wantError(t, err, gitlab.ErrNotAllowed)
}

func TestHasApprovalRules(t *testing.T) {
	ctx := t.Context()
	for _, premium := range []bool{false, true} {
		w := newWorld(t, gitlabtest.Options{Premium: premium})
		got, err := w.c.HasApprovalRules(ctx)
		check(t, err)
		if got != premium {
			t.Errorf("rules of approval: %t, want %t", got, premium)
		}
		check(t, w.SetLevel("gry", gitlabtest.NoAccess))
		_, err = w.client("gry").HasApprovalRules(ctx)
		wantError(t, err, gitlab.ErrNotFound, "404 Project Not Found")
	}
}

func TestScopes(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	token, err := w.TokenWith("lone", gitlabtest.ReadAPI)
	check(t, err)
	reader := w.clientWith(token)
	_, err = reader.MergeRequest(t.Context(), m.IID)
	check(t, err)
	_, err = reader.CreateNote(t.Context(), m.IID, "Plan")
	wantError(t, err, gitlab.ErrNotAllowed, "insufficient_scope", "scope api")
}

func TestSetStatus(t *testing.T) {
	w := newWorld(t, gitlabtest.Options{})
	m := w.propose("b")
	s := gitlab.Status{State: "failed", Name: "orgit drift", Ref: "main", Description: "3 forskelle"}
	check(t, w.c.SetStatus(t.Context(), m.Head, s))
	want := []gitlabtest.Status{{SHA: m.Head, State: "failed", Name: "orgit drift", Ref: "main", Description: "3 forskelle", By: w.bot.Username}}
	if diff := cmp.Diff(want, w.Statuses()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantError(t, w.c.SetStatus(t.Context(), m.Head, gitlab.Status{State: "ok", Name: "x"}), gitlab.ErrInvalid, "state does not have a valid value")
	wantError(t, w.c.SetStatus(t.Context(), strings.Repeat("1", 40), s), gitlab.ErrNotFound)
}
