package gitlabtest

import (
	"fmt"
	"net/http"
)

// look finds out whether a merge request can be merged in git, unless it knows.
func (s *Server) look(m *mergeRequest) error {
	if m.state != opened {
		return nil
	}
	branches, err := s.repo.branches()
	if err != nil {
		return err
	}
	target := branches[m.target]
	if now := target + " " + m.head(); m.looked != now {
		_, clean, err := s.repo.mergedTree(target, m.head())
		if err != nil {
			return err
		}
		base, err := s.repo.mergeBase(target, m.head())
		if err != nil {
			return err
		}
		if m.looked != "" {
			m.checks = s.opts.CheckingAnswers // one of the branches has moved
		}
		m.looked, m.clashes, m.behind = now, !clean, base != target
	}
	return nil
}

// status is detailed_merge_status.
func (s *Server) status(m *mergeRequest) string {
	switch {
	case m.state != opened:
		return "not_open"
	case m.checks > 0:
		return "checking"
	case m.looked == "":
		return "unchecked"
	case len(m.latest().commits) == 0:
		return "commits_status"
	case m.draft():
		return "draft_status"
	case s.opts.ThreadsHold && m.openThread():
		return "discussions_not_resolved"
	case s.opts.Premium && len(m.approvals) < s.opts.ApprovalsRequired:
		return "not_approved"
	case m.clashes:
		return "conflict"
	case s.opts.MergeMethod == "ff" && m.behind:
		return "need_rebase"
	}
	return "mergeable"
}

// mergeStatus is the older field, which says less.
func mergeStatus(detailed string) string {
	switch detailed {
	case "checking", "unchecked":
		return detailed
	case "conflict", "commits_status":
		return "cannot_be_merged"
	}
	return "can_be_merged"
}

// acceptMergeRequest asks in GitLab's order: the user, the state, git, and then whether it is the commit that was meant.
func (s *Server) acceptMergeRequest(r *request, m *mergeRequest) answer {
	if !s.mayMerge(r.user, m.target) {
		return refuse(http.StatusUnauthorized, "401 Unauthorized")
	}
	if err := s.look(m); err != nil {
		return broken(err)
	}
	m.checks = 0 // GitLab looks at once when it is asked to merge
	switch s.status(m) {
	case "mergeable":
	case "conflict", "need_rebase":
		return refuse(http.StatusUnprocessableEntity, "Branch cannot be merged")
	default:
		return refuse(http.StatusMethodNotAllowed, "405 Method Not Allowed")
	}
	if a := checkSHA(r, m); a.status != 0 {
		return a
	}
	message, ok := r.text("merge_commit_message")
	if !ok || message == "" {
		message = fmt.Sprintf("Merge branch '%s' into '%s'\n\n%s\n\nSee merge request %s!%d", m.source, m.target, m.title, s.opts.Project, m.iid)
	}
	done, err := s.merge(m, r.user, message)
	switch {
	case err != nil:
		return broken(err)
	case !done:
		return refuse(http.StatusUnprocessableEntity, "Branch cannot be merged")
	}
	return answer{body: s.whole(m)}
}

// checkSHA compares the commit that was meant with the head.
func checkSHA(r *request, m *mergeRequest) answer {
	if sha, ok := r.text("sha"); ok && sha != "" && sha != m.head() {
		return refuse(http.StatusConflict, "SHA does not match HEAD of source branch: "+m.head())
	}
	return answer{}
}

// merge merges in the repository; false when a branch has moved since the merge request last knew.
func (s *Server) merge(m *mergeRequest, by *User, message string) (bool, error) {
	branches, err := s.repo.branches()
	if err != nil {
		return false, err
	}
	target, head := branches[m.target], m.head()
	if branches[m.source] != head {
		return false, nil
	}
	to := head
	if s.opts.MergeMethod != "ff" {
		tree, clean, err := s.repo.mergedTree(target, head)
		if err != nil || !clean {
			return false, err
		}
		if to, err = s.repo.mergeCommit(tree, target, head, message, by, s.now()); err != nil {
			return false, err
		}
		m.mergeCommit = to
	}
	if err := s.repo.setRef("refs/heads/"+m.target, to, target); err != nil {
		m.mergeCommit = ""
		return false, nil // somebody pushed in this moment
	}
	m.state, m.mergedBy, m.mergedAt, m.updated = merged, by, s.now(), s.now()
	if m.removeSource && !s.protected(m.source) {
		return true, s.repo.setRef("refs/heads/"+m.source, "", head)
	}
	return true, nil
}

func (s *Server) protected(branch string) bool {
	for _, r := range s.rules {
		if r.matches(branch) {
			return true
		}
	}
	return false
}
