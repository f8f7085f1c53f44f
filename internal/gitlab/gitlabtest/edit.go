package gitlabtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Edit has somebody write a file in the browser: a commit of theirs on a branch, which begins at the default branch when it
// is not there. Protected branches hold for it as they do for pushes. It gives the commit.
func (s *Server) Edit(username, branch, path, text, message string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.named(username)
	if u == nil || !s.mayPush(u, branch) {
		return "", fmt.Errorf("edit %s on %s: %s is not allowed to push there", path, branch, username)
	}
	branches, err := s.repo.branches()
	if err != nil {
		return "", fmt.Errorf("edit %s on %s: %w", path, branch, err)
	}
	parent := branches[branch]
	if parent == "" {
		parent = branches[s.opts.DefaultBranch]
	}
	sha, err := s.repo.withFile(parent, path, text, message, u.identity(s.now()))
	if err == nil {
		err = s.repo.setRef("refs/heads/"+branch, sha, branches[branch])
	}
	if err == nil {
		err = s.notice(u)
	}
	if err != nil {
		return "", fmt.Errorf("edit %s on %s: %w", path, branch, err)
	}
	return sha, nil
}

// withFile makes a commit with one file more, or another one, on no branch yet.
func (r *repository) withFile(parent, path, text, message string, env []string) (string, error) {
	dir, err := os.MkdirTemp(r.root, "edit-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	env = append(env, "GIT_INDEX_FILE="+filepath.Join(dir, "index"))
	step := func(args ...string) string {
		var out string
		if err == nil {
			out, err = r.gitWith(env, args...)
		}
		return strings.TrimSpace(out)
	}
	step("read-tree", parent)
	blob := step("hash-object", "-w", file)
	step("update-index", "--add", "--cacheinfo", "100644,"+blob+","+path)
	tree := step("write-tree")
	sha := step("commit-tree", tree, "-p", parent, "-m", message)
	return sha, err
}
