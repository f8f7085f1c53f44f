package gitlabtest

import (
	"regexp"
	"testing"

	gl "gitlab.com/gitlab-org/api/client-go/v2"
)

// GitLab's own client knows every route of the API, so a stand-in route that it does not know is one that GitLab has not.
func TestRoutesAreGitLabs(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for _, rt := range routes() {
		path := placeholder.ReplaceAllString(rt.path, "1")
		known, ok := gl.MatchRoute(path)
		want := placeholder.ReplaceAllString(rt.path, ":id")
		if !ok || known.String() != want {
			t.Errorf("%s %s: GitLab's client knows %q, want %q", rt.method, rt.path, known, want)
		}
	}
	if known, ok := gl.MatchRoute("/projects/1/merge_requests/1/approvers_of_mine"); ok {
		t.Errorf("GitLab's client knows a route that is made up: %s", known)
	}
}
