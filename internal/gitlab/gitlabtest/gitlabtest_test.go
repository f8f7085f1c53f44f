package gitlabtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

var day = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// start starts a stand-in with a repository of one file, lone and per as developers, ida as maintainer and gry as reporter.
func start(t *testing.T, opts gitlabtest.Options) *gitlabtest.Server {
	t.Helper()
	if opts.Clock == nil {
		opts.Clock = func() time.Time { return day }
	}
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
	for name, level := range map[string]int{"lone": gitlabtest.Developer, "per": gitlabtest.Developer, "ida": gitlabtest.Maintainer, "gry": gitlabtest.Reporter} {
		if _, err := s.AddUser(gitlabtest.User{Username: name, Level: level}); err != nil {
			t.Fatal(err)
		}
	}
	seed := t.TempDir()
	git(t, seed, "init", "--quiet", "--initial-branch=main")
	commit(t, seed, "organisation.cue", "package org\n", "The organisation")
	if err := s.Seed(seed); err != nil {
		t.Fatal(err)
	}
	return s
}

// git runs git without the settings of whoever runs the test, and gives what it said.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := tryGit(t, dir, args...)
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func tryGit(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=Lone", "GIT_AUTHOR_EMAIL=lone@korsbaek.example", "GIT_COMMITTER_NAME=Lone", "GIT_COMMITTER_EMAIL=lone@korsbaek.example",
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func commit(t *testing.T, dir, file, text, message string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "--quiet", "-m", message)
}

func clone(t *testing.T, s *gitlabtest.Server, user string) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "clone", "--quiet", s.GitURL(user), ".")
	return dir
}

// ask asks the API as somebody, and gives status and answer.
func ask(t *testing.T, s *gitlabtest.Server, user, method, path string, body any) (int, any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/api/v4"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token(user))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &v); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, answer)
		}
	}
	return resp.StatusCode, v
}

func TestGitOverHTTP(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	dir := clone(t, s, "lone")
	git(t, dir, "checkout", "--quiet", "-b", "propose/1")
	commit(t, dir, "anna.cue", strings.Repeat("package org // a line that makes the pack long\n", 100), "Hire p7k3f9q")
	git(t, dir, "push", "--quiet", "origin", "propose/1")

	want := git(t, dir, "rev-parse", "HEAD")
	if got := git(t, clone(t, s, "per"), "rev-parse", "origin/propose/1"); got != want {
		t.Errorf("the branch is at %s, want %s", got, want)
	}
}

func TestLongPush(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	dir := clone(t, s, "lone")
	git(t, dir, "checkout", "--quiet", "-b", "long")
	// What does not compress goes over http.postBuffer, and then git sends chunks without a length.
	noise := make([]byte, 3<<20)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	commit(t, dir, "noise", string(noise), "Noise")
	git(t, dir, "push", "--quiet", "origin", "long")
	git(t, clone(t, s, "per"), "rev-parse", "origin/long")
}

func TestPushRules(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	s.Protect(gitlabtest.Rule{Name: "applied/*", Push: gitlabtest.NoAccess, Merge: gitlabtest.NoAccess})
	s.Protect(gitlabtest.Rule{Name: "loose", Push: gitlabtest.Developer, Merge: gitlabtest.Developer, ForcePush: true})
	writing, err := s.TokenWith("lone", gitlabtest.WriteRepository)
	if err != nil {
		t.Fatal(err)
	}
	reading, err := s.TokenWith("lone", gitlabtest.ReadRepository)
	if err != nil {
		t.Fatal(err)
	}
	withToken := func(token string) string {
		return strings.Replace(s.GitURL("lone"), s.Token("lone")+"@", token+"@", 1)
	}
	dir := clone(t, s, "lone")
	root := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	commit(t, dir, "a.cue", "package org\n", "A change")
	head := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	for _, tt := range []struct {
		name, url, spec string
		want            string // part of what git says; empty when it succeeds
	}{
		{"a developer's branch", s.GitURL("lone"), head + ":refs/heads/b", ""},
		{"a branch with force", s.GitURL("per"), "+" + root + ":refs/heads/b", ""},
		{"a branch taken away", s.GitURL("lone"), ":refs/heads/b", ""},
		{"a token of the repository", withToken(writing), head + ":refs/heads/c", ""},
		{"a token that reads", withToken(reading), head + ":refs/heads/d", "403"},
		{"main by a developer", s.GitURL("lone"), head + ":refs/heads/main", "not allowed to push code to protected branches"},
		{"main by a maintainer", s.GitURL("ida"), head + ":refs/heads/main", ""},
		{"main with force by a maintainer", s.GitURL("ida"), "+" + root + ":refs/heads/main", "force push code to a protected branch"},
		{"main taken away", s.GitURL("ida"), ":refs/heads/main", "default branch of a project cannot be deleted"},
		{"what nobody may", s.GitURL("ida"), head + ":refs/heads/applied/x", "not allowed to push code to protected branches"},
		{"a loose branch", s.GitURL("lone"), head + ":refs/heads/loose", ""},
		{"a loose branch with force", s.GitURL("lone"), "+" + root + ":refs/heads/loose", ""},
		{"a loose branch taken away", s.GitURL("lone"), ":refs/heads/loose", "only delete protected branches using the web interface"},
		{"a note", s.GitURL("lone"), head + ":refs/notes/orgit", ""},
		{"a merge request's ref", s.GitURL("ida"), head + ":refs/merge-requests/1/head", "deny updating a hidden ref"},
		{"a reporter", s.GitURL("gry"), head + ":refs/heads/e", "403"},
		{"a wrong token", withToken("wrong"), head + ":refs/heads/f", "Authentication failed"},
		{"no token", s.GitURL(""), head + ":refs/heads/g", "could not read Username"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := tryGit(t, dir, "push", tt.url, tt.spec)
			if (err == nil) != (tt.want == "") || !strings.Contains(out, tt.want) {
				t.Errorf("push: %v\n%s\nwant %q", err, out, tt.want)
			}
		})
	}
}

// orgit pushes with go-git, and relies on the server to compare what it replaces.
func TestGoGitPushes(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	dir := clone(t, s, "lone")
	commit(t, dir, "a.cue", "package org\n", "A change")
	head := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	root := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD~1"))
	repo, err := gogit.PlainOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	push := func(spec, require string) error {
		o := &gogit.PushOptions{RemoteURL: s.GitURL("lone"), RefSpecs: []config.RefSpec{config.RefSpec(spec)}}
		if require != "" {
			o.RequireRemoteRefs = []config.RefSpec{config.RefSpec(require)}
		}
		return repo.Push(o)
	}
	if err := push(head+":refs/heads/b", ""); err != nil {
		t.Errorf("push a new branch: %v", err)
	}
	if err := push("+"+root+":refs/heads/b", root+":refs/heads/b"); err == nil {
		t.Error("a push that requires what is not there succeeds")
	}
	if err := push("+"+root+":refs/heads/b", head+":refs/heads/b"); err != nil {
		t.Errorf("push that requires what is there: %v", err)
	}
	if err := push(head+":refs/heads/main", ""); err == nil || !strings.Contains(err.Error(), "hook declined") {
		t.Errorf("push to main: %v, want that the hook declines", err)
	}
}

func TestAnswersOfTheAPI(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	if _, err := s.AddUser(gitlabtest.User{Username: "gast", Level: gitlabtest.Guest}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddUser(gitlabtest.User{Username: "udenfor"}); err != nil {
		t.Fatal(err)
	}
	dir := clone(t, s, "lone")
	commit(t, dir, "a.cue", "package org\n", "A change")
	git(t, dir, "push", "--quiet", "origin", "HEAD:propose/1")
	mrs := "/projects/korsbaek%2Forganisation/merge_requests"
	open := map[string]any{"source_branch": "propose/1", "target_branch": "main", "title": "Hire"}
	message := func(v any) any { return map[string]any{"message": v} }
	for _, tt := range []struct {
		name, user, method, path string
		body                     any
		status                   int
		want                     any // nil: not looked at
	}{
		{"a wrong token", "nobody", "GET", "/user", nil, 401, message("401 Unauthorized")},
		{"a project that is not seen", "udenfor", "GET", "/projects/42", nil, 404, message("404 Project Not Found")},
		{"a project by another number", "lone", "GET", "/projects/43", nil, 404, message("404 Project Not Found")},
		{"a route that is not there", "lone", "GET", "/projects/42/nothing", nil, 404, map[string]any{"error": "404 Not Found"}},
		{"a guest", "gast", "GET", mrs, nil, 403, message("403 Forbidden")},
		{"no title", "lone", "POST", mrs, map[string]any{"source_branch": "b", "target_branch": ""}, 400, map[string]any{"error": "target_branch is empty, title is missing"}},
		{"no such branch", "lone", "POST", mrs, map[string]any{"source_branch": "b", "target_branch": "main", "title": "t"}, 400, message(map[string]any{"source_branch": []any{"does not exist"}})},
		{"the same branch", "lone", "POST", mrs, map[string]any{"source_branch": "main", "target_branch": "main", "title": "t"}, 422, nil},
		{"opened", "lone", "POST", mrs, open, 201, nil},
		{"opened twice", "per", "POST", mrs, open, 409, message([]any{"Another open merge request already exists for this source branch: !1"})},
		{"a number that is not there", "lone", "GET", mrs + "/7", nil, 404, message("404 Not found")},
		{"a change of nothing", "lone", "PUT", mrs + "/1", map[string]any{}, 400, nil},
		{"approved elsewhere", "per", "POST", mrs + "/1/approve", map[string]any{"sha": "abc"}, 409, nil},
		{"approved", "per", "POST", mrs + "/1/approve", map[string]any{}, 201, nil},
		{"approved twice", "per", "POST", mrs + "/1/approve", map[string]any{}, 401, message("401 Unauthorized")},
		{"approved by a reporter", "gry", "POST", mrs + "/1/approve", map[string]any{}, 403, message("403 Forbidden")},
		{"taken back by another", "lone", "POST", mrs + "/1/unapprove", map[string]any{}, 404, message("404 Not Found")},
		{"merged by a developer", "lone", "PUT", mrs + "/1/merge", map[string]any{}, 401, message("401 Unauthorized")},
		{"merged elsewhere", "ida", "PUT", mrs + "/1/merge", map[string]any{"sha": "abc"}, 409, nil},
		{"an empty note", "lone", "POST", mrs + "/1/notes", map[string]any{"body": " "}, 400, nil},
		{"a note by a reporter", "gry", "POST", mrs + "/1/notes", map[string]any{"body": "Hvem er det?"}, 201, nil},
		{"protected branches to a developer", "lone", "GET", "/projects/42/protected_branches", nil, 403, message("403 Forbidden")},
		{"rules of approval on Free", "ida", "GET", "/projects/42/approval_rules", nil, 404, map[string]any{"error": "404 Not Found"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := ask(t, s, tt.user, tt.method, tt.path, tt.body)
			if status != tt.status {
				t.Errorf("status %d, want %d: %v", status, tt.status, got)
			}
			if diff := cmp.Diff(tt.want, got); tt.want != nil && diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
	if n := s.Count("POST", "/projects/{project}/merge_requests"); n != 5 {
		t.Errorf("%d calls to open one were counted, want 5", n)
	}
}

// What is pushed to the target by hand and has the commits of a merge request merges it.
func TestMergedByPush(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	dir := clone(t, s, "lone")
	git(t, dir, "checkout", "--quiet", "-b", "propose/1")
	commit(t, dir, "a.cue", "package org\n", "A change")
	git(t, dir, "push", "--quiet", "origin", "propose/1")
	if status, v := ask(t, s, "lone", "POST", "/projects/42/merge_requests", map[string]any{"source_branch": "propose/1", "target_branch": "main", "title": "t"}); status != 201 {
		t.Fatal(status, v)
	}
	git(t, dir, "checkout", "--quiet", "main")
	git(t, dir, "merge", "--quiet", "--no-ff", "-m", "By hand", "propose/1")
	git(t, dir, "push", "--quiet", s.GitURL("ida"), "main")
	_, v := ask(t, s, "lone", "GET", "/projects/42/merge_requests/1", nil)
	m := v.(map[string]any)
	got := []any{m["state"], m["merged_by"].(map[string]any)["username"], m["merge_commit_sha"]}
	want := []any{"merged", "ida", strings.TrimSpace(git(t, dir, "rev-parse", "main"))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEdit(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	sha, err := s.Edit("lone", "b", "people/p7/p7k3f9q.cue", "package org\n", "Hire p7k3f9q")
	if err != nil {
		t.Fatal(err)
	}
	ask(t, s, "lone", "POST", "/projects/42/merge_requests", map[string]any{"source_branch": "b", "target_branch": "main", "title": "t"})
	second, err := s.Edit("per", "b", "people/p7/p7k3f9q.cue", "package org // other\n", "Hire p7k3f9q another way")
	if err != nil {
		t.Fatal(err)
	}
	dir := clone(t, s, "ida")
	want := second + " per\n" + sha + " lone\n" + strings.TrimSpace(git(t, dir, "rev-parse", "origin/main")) + " Lone\n"
	if got := git(t, dir, "log", "--format=%H %an", "origin/b"); got != want {
		t.Errorf("the branch has\n%swant\n%s", got, want)
	}
	if got := git(t, dir, "ls-tree", "-r", "--name-only", "origin/b"); got != "organisation.cue\npeople/p7/p7k3f9q.cue\n" {
		t.Errorf("the branch has the files %s", got)
	}
	if notes := s.Notes(1); len(notes) != 1 || notes[0].Author != "per" {
		t.Errorf("notes %+v, want one of per's push", notes)
	}
	if _, err := s.Edit("lone", "main", "a.cue", "package org\n", "By hand"); err == nil {
		t.Error("a developer edits main")
	}
	if _, err := s.Edit("gry", "c", "a.cue", "package org\n", "By hand"); err == nil {
		t.Error("a reporter edits a branch")
	}
	if _, err := s.Edit("ida", "main", "a.cue", "package org\n", "By hand"); err != nil {
		t.Error(err)
	}
}

func TestHeldPushes(t *testing.T) {
	s := start(t, gitlabtest.Options{})
	dir := clone(t, s, "lone")
	commit(t, dir, "a.cue", "package org\n", "A change")
	git(t, dir, "push", "--quiet", "origin", "HEAD:propose/1")
	first := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	ask(t, s, "lone", "POST", "/projects/42/merge_requests", map[string]any{"source_branch": "propose/1", "target_branch": "main", "title": "t"})
	s.HoldPushes()
	commit(t, dir, "b.cue", "package org\n", "Another <change>")
	git(t, dir, "push", "--quiet", "origin", "HEAD:propose/1")
	second := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
	sha := func() any {
		_, v := ask(t, s, "lone", "GET", "/projects/42/merge_requests/1", nil)
		return v.(map[string]any)["sha"]
	}
	if got := sha(); got != first {
		t.Errorf("while pushes are held the head is %v, want %s", got, first)
	}
	if err := s.Merge("ida", 1); err == nil || !strings.Contains(err.Error(), "Branch cannot be merged") {
		t.Errorf("merge while the branch is elsewhere: %v", err)
	}
	if err := s.ReleasePushes("lone"); err != nil {
		t.Fatal(err)
	}
	if got := sha(); got != second {
		t.Errorf("afterwards the head is %v, want %s", got, second)
	}
	notes := s.Notes(1)
	want := fmt.Sprintf("added 1 commit\n\n<ul><li>%s - Another &lt;change&gt;</li></ul>", second[:8])
	if len(notes) != 1 || !notes[0].System || !strings.HasPrefix(notes[0].Body, want) {
		t.Errorf("notes: %+v, want one of the system's that begins with %q", notes, want)
	}
}
