package gitlab_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

// clock stands still until somebody sleeps by it.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

// sleeps gives how long was slept since it was last asked.
func (c *clock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.slept
	c.slept = nil
	return s
}

// world is a stand-in with a repository of one file; lone, per and hr as developers, ida as maintainer, gry as reporter, and
// a bot as maintainer, whose client is c.
type world struct {
	*gitlabtest.Server
	t     *testing.T
	clock *clock
	c     *gitlab.Client
	bot   gitlabtest.User
	work  string // a clone
}

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, opts gitlabtest.Options) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: day}, work: t.TempDir()}
	opts.Clock = w.clock.Now
	s, err := gitlabtest.Start(opts)
	if errors.Is(err, gitlabtest.ErrNoGit) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Server = s
	for _, u := range []gitlabtest.User{
		{Username: "lone", Level: gitlabtest.Developer}, {Username: "per", Level: gitlabtest.Developer}, {Username: "hr", Level: gitlabtest.Developer},
		{Username: "ida", Level: gitlabtest.Maintainer}, {Username: "gry", Level: gitlabtest.Reporter},
	} {
		if _, err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	if w.bot, err = s.AddBot("orgit", gitlabtest.Maintainer); err != nil {
		t.Fatal(err)
	}
	w.c = w.client(w.bot.Username)
	w.git("init", "--quiet", "--initial-branch=main")
	w.commit("organisation.cue", "package org\n")
	if err := s.Seed(w.work); err != nil {
		t.Fatal(err)
	}
	return w
}

// client is a client as somebody.
func (w *world) client(username string) *gitlab.Client { return w.clientWith(w.Token(username)) }

func (w *world) clientWith(token string) *gitlab.Client {
	w.t.Helper()
	c, err := gitlab.Open(gitlab.Config{URL: w.URL(), Project: w.Project(), Token: token, Now: w.clock.Now, Sleep: w.clock.Sleep})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) git(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = w.work
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.work, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=hr", "GIT_AUTHOR_EMAIL=hr@korsbaek.example", "GIT_COMMITTER_NAME=bot", "GIT_COMMITTER_EMAIL=bot@korsbaek.example",
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (w *world) commit(file, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.work, file), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.git("add", "-A")
	w.git("commit", "--quiet", "-m", "Change "+file)
}

// push makes a commit on a branch, which begins at the first commit unless it is there, and gives the commit.
func (w *world) push(username, branch, file, text string) string {
	w.t.Helper()
	if w.git("branch", "--list", branch) == "" {
		w.git("branch", branch, w.git("rev-list", "--max-parents=0", "HEAD"))
	}
	w.git("checkout", "--quiet", branch)
	w.commit(file, text)
	w.git("push", "--quiet", w.GitURL(username), branch)
	return w.git("rev-parse", "HEAD")
}

// propose pushes a change and opens a merge request for it.
func (w *world) propose(branch string) gitlab.MergeRequest {
	w.t.Helper()
	w.push("hr", branch, strings.ReplaceAll(branch, "/", "-")+".cue", "package org\n")
	m, _, err := w.c.Propose(w.t.Context(), gitlab.Proposal{Source: branch, Target: "main", Title: "Ansæt p7k3f9q"})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// wantError checks what kind an error is of, and what it says.
func wantError(t *testing.T, err, kind error, says ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %v, want %v", err, kind)
		return
	}
	for _, text := range says {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not say %q:\n%v", text, err)
		}
	}
}

// check ends the test at an error.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
