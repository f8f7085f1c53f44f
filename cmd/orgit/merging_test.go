package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
	"orgit.dk/orgit/plan"
)

// mergingWorld is a merge request that everybody who has to has approved, and the run that judges it.
type mergingWorld struct {
	server *gitlabtest.Server
	m      *merging
	mr     gitlab.MergeRequest
}

const mergingPerson = `package org

people: {"p1": {
	uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31"
	name: {given: "Anna", surname: "Jensen"}
	engagements: "a": {unit: "holmby-kommune", title: "sagsbehandler", type: "maanedsloen", from: "2020-08-01"}
}}
`

func newMergingWorld(t *testing.T) *mergingWorld {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the stand-in for GitLab needs git")
	}
	now := time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)
	server, err := gitlabtest.Start(gitlabtest.Options{Clock: func() time.Time { now = now.Add(time.Second); return now }})
	check(t, err)
	t.Cleanup(func() { check(t, server.Close()) })
	for _, name := range []string{"lone", "mallory"} {
		_, err := server.AddUser(gitlabtest.User{Username: name, Level: gitlabtest.Developer})
		check(t, err)
	}
	bot, err := server.AddBot("orgit", gitlabtest.Maintainer)
	check(t, err)

	token := filepath.Join(t.TempDir(), "token")
	check(t, os.WriteFile(token, []byte(server.Token(bot.Username)), 0o600))
	names := map[string]string{"ORGIT_GITLAB_URL": server.URL(), "ORGIT_GITLAB_PROJECT": server.Project(), "ORGIT_GITLAB_TOKEN_FILE": token}
	var out bytes.Buffer
	env := environment{
		stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(name string) string { return names[name] },
		now: func() time.Time { return time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC) },
	}
	first, clone := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "clone")
	if code := execute(t.Context(), env, []string{"init", first, "--name", "Holmby Kommune", "--cvr", "99189703", "--approver", "lone"}); code != 0 {
		t.Fatal(out.String())
	}
	check(t, server.Seed(first))
	if text, err := exec.Command("git", "clone", "-q", server.GitURL(bot.Username), clone).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	_, err = server.Edit("mallory", "forslag/x", "people/p1.cue", mergingPerson, "Ændring")
	check(t, err)

	repo, err := openRepository(clone)
	check(t, err)
	j, err := newJudging(env, repo)
	check(t, err)
	mr, _, err := j.server.Propose(t.Context(), gitlab.Proposal{Source: "forslag/x", Target: "main", Title: "Ansættelse"})
	check(t, err)
	check(t, server.Approve("lone", mr.IID))
	w := &mergingWorld{server: server, m: &merging{judging: j, opts: mergeOptions{dir: clone}, notes: &noteKeeper{env: env, target: "main"}}}
	w.m.login, err = serverLogin(env)
	check(t, err)
	check(t, w.m.lookAtMain(t.Context()))
	w.mr, err = j.server.MergeRequest(t.Context(), mr.IID)
	check(t, err)
	return w
}

// TestDecide: what happened to an approved merge request while its plan was made counts, however good it was before.
func TestDecide(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile func(w *mergingWorld) error
		made      plan.Plan
		outcome   string
		says      string
	}{
		"nothing":  {outcome: mergeDone},
		"a label":  {meanwhile: func(w *mergingWorld) error { return w.server.Label("mallory", w.mr.IID, "orgit::hold") }, outcome: mergeWaits, says: "held by a label"},
		"a thread": {meanwhile: func(w *mergingWorld) error { return w.server.OpenThread("mallory", w.mr.IID, "Vent") }, outcome: mergeWaits, says: "thread"},
		"the approval was taken back": {
			meanwhile: func(w *mergingWorld) error { return w.server.Unapprove("lone", w.mr.IID) }, outcome: mergeWaits, says: "Not approved",
		},
		"it was closed": {meanwhile: func(w *mergingWorld) error { return w.server.CloseMergeRequest("mallory", w.mr.IID) }, outcome: mergeWaits, says: "has changed while it was judged"},
		"a push": {meanwhile: func(w *mergingWorld) error {
			_, err := w.server.Edit("mallory", "forslag/x", "people/p1.cue", strings.Replace(mergingPerson, "Jensen", "Holm", 1), "Ændring")
			return err
		}, outcome: mergeWaits, says: "has changed while it was judged"},
		"its plan is refused": {made: plan.Plan{Refusals: []plan.Refusal{{}}}, outcome: mergeRefused, says: "1 limit or safeguard speaks against its plan"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newMergingWorld(t)
			if says, err := w.m.fetch(t.Context(), w.mr); err != nil || says != "" {
				t.Fatal(says, err)
			}
			p, says, err := w.m.planning(w.mr)
			if err != nil || says != "" {
				t.Fatal(says, err)
			}
			if tt.meanwhile != nil {
				check(t, tt.meanwhile(w))
			}
			o := w.m.decide(t.Context(), w.mr, p, &tt.made, mergeOutcome{Request: w.mr.IID, Head: w.mr.Head})
			if o.Outcome != tt.outcome || !strings.Contains(o.Says, tt.says) {
				t.Errorf("%s: %s, want %s: %s", o.Outcome, o.Says, tt.outcome, tt.says)
			}
			now, err := w.m.server.MergeRequest(context.Background(), w.mr.IID)
			check(t, err)
			if merged := now.State == gitlab.Merged; merged != (tt.outcome == mergeDone) {
				t.Errorf("it is %s", now.State)
			}
		})
	}
}

// TestChangedOnBoth: a file of no entries that main and the branch have made different is found; what one of them alone has
// changed, or both in the same way, and files of entries, are not.
func TestChangedOnBoth(t *testing.T) {
	const rules, person = "organisation.cue", "people/p1.cue"
	for name, tt := range map[string]struct {
		main, branch map[string]string
		want         string
	}{
		"nothing":           {},
		"main alone":        {main: map[string]string{rules: "main"}},
		"the branch alone":  {branch: map[string]string{rules: "branch"}},
		"both, differently": {main: map[string]string{rules: "main"}, branch: map[string]string{rules: "branch"}, want: rules},
		"both, the same":    {main: map[string]string{rules: "same"}, branch: map[string]string{rules: "same"}},
		"made by both":      {main: map[string]string{"README.md": "main"}, branch: map[string]string{"README.md": "branch"}, want: "README.md"},
		"taken away by one": {main: map[string]string{rules: ""}, branch: map[string]string{rules: "branch"}, want: rules},
		"an entry":          {main: map[string]string{person: "main"}, branch: map[string]string{person: "branch"}},
		"different files":   {main: map[string]string{rules: "main"}, branch: map[string]string{"templates.cue": "branch"}},
	} {
		t.Run(name, func(t *testing.T) {
			repo, err := git.Init(t.TempDir(), "main")
			check(t, err)
			commit := func(on string, files map[string]string) string {
				texts := map[string][]byte{}
				for name, text := range files {
					if texts[name] = []byte(text); text == "" {
						texts[name] = nil
					}
				}
				id, err := repo.CommitFiles(on, texts, git.Commit{Message: "x", Author: git.Author{Name: "x", Email: "x@x"}, When: time.Unix(0, 0)})
				check(t, err)
				return id
			}
			base := commit("", map[string]string{rules: "base", person: "base", "templates.cue": "base"})
			got, err := (&merging{judging: &judging{repo: repo}}).changedOnBoth(commit(base, tt.branch), commit(base, tt.main))
			if err != nil || got != tt.want {
				t.Errorf("it is %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}
