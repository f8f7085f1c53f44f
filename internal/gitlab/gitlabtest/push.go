package gitlabtest

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
)

// version is what a push made of a merge request.
type version struct {
	id         int
	head, base string
	commits    []commit // newest first
	created    time.Time
}

func (s *Server) listCommits(r *request, m *mergeRequest) answer {
	var all []any
	for _, c := range m.latest().commits {
		all = append(all, object{
			"id": c.sha, "short_id": c.sha[:8], "title": c.title(), "message": c.message, "parent_ids": strings.Fields(c.parents),
			"author_name": c.author, "author_email": c.authorMail, "authored_date": c.authored,
			"committer_name": c.committer, "committer_email": c.committerMail, "committed_date": c.given, "created_at": c.given,
			"trailers": object{}, "extended_trailers": object{}, "web_url": s.webURL("/-/commit/" + c.sha),
		})
	}
	return r.page(all, noTotals)
}

func (s *Server) listVersions(r *request, m *mergeRequest) answer {
	var all []any
	for _, v := range slices.Backward(m.versions) {
		all = append(all, object{
			"id": v.id, "head_commit_sha": v.head, "base_commit_sha": v.base, "start_commit_sha": v.base, "created_at": stamp(v.created),
			"merge_request_id": m.id, "state": "collected", "real_size": "1", "patch_id_sha": nil,
		})
	}
	return r.page(all, totals)
}

// notice sees what a push by somebody has changed: new versions, and merge requests that were merged by it. The caller
// holds the lock.
func (s *Server) notice(by *User) error {
	if s.held {
		return nil
	}
	branches, err := s.repo.branches()
	if err != nil {
		return err
	}
	brought := map[string]map[string]bool{} // by target
	for _, m := range s.requests {
		if m.state != opened {
			continue
		}
		if head := branches[m.source]; head != "" && head != m.head() {
			if err := s.pushed(m, by, branches); err != nil {
				return err
			}
		}
		if brought[m.target] == nil {
			if brought[m.target], err = s.repo.mergedInto(branches[m.target]); err != nil {
				return err
			}
		}
		if brought[m.target][strconv.Itoa(m.iid)] && len(m.latest().commits) > 0 {
			if m.mergeCommit, err = s.repo.broughtIn(m.head(), branches[m.target]); err != nil {
				return err
			}
			m.state, m.mergedBy, m.mergedAt, m.updated = merged, by, s.now(), s.now()
		}
	}
	return nil
}

// pushed makes a version of what was pushed to a merge request, and says so in a note of the server's own.
func (s *Server) pushed(m *mergeRequest, by *User, branches map[string]string) error {
	old := m.latest()
	if err := s.newVersion(m, branches); err != nil {
		return err
	}
	var items strings.Builder
	n := 0
	for _, c := range m.latest().commits {
		if !slices.ContainsFunc(old.commits, func(o commit) bool { return o.sha == c.sha }) {
			n++
			fmt.Fprintf(&items, "<li>%s - %s</li>", c.sha[:8], html.EscapeString(c.title()))
		}
	}
	plural := "commits"
	if n == 1 {
		plural = "commit"
	}
	s.systemNote(m, by, fmt.Sprintf("added %d %s\n\n<ul>%s</ul>\n\n[Compare with previous version](/%s/-/merge_requests/%d/diffs?diff_id=%d&start_sha=%s)",
		n, plural, items.String(), s.opts.Project, m.iid, m.latest().id, old.head))
	if s.opts.Premium && s.opts.ResetOnPush {
		m.approvals = nil
	}
	return nil
}

func (s *Server) newVersion(m *mergeRequest, branches map[string]string) error {
	v := version{id: s.nextID(), head: branches[m.source], created: s.now()}
	var err error
	if v.base, err = s.repo.mergeBase(branches[m.target], v.head); err != nil {
		return err
	}
	if v.commits, err = s.repo.between(v.base, v.head); err != nil {
		return err
	}
	ref := fmt.Sprintf("refs/merge-requests/%d/head", m.iid)
	old := ""
	if len(m.versions) > 0 {
		old = m.head()
	}
	if err := s.repo.setRef(ref, v.head, old); err != nil {
		return err
	}
	m.versions = append(m.versions, v)
	m.checks, m.updated = s.opts.CheckingAnswers, s.now()
	return nil
}

// HoldPushes lets pushes go unnoticed by merge requests, as long as GitLab's background jobs may take. ReleasePushes ends it.
func (s *Server) HoldPushes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = true
}

// ReleasePushes has merge requests notice what was pushed meanwhile, as pushed by username.
func (s *Server) ReleasePushes(username string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
	u := s.named(username)
	if u == nil {
		return fmt.Errorf("release the pushes of %s: no such user", username)
	}
	return s.notice(u)
}
