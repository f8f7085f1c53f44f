package gitlabtest

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// States of a merge request.
const (
	opened = "opened"
	closed = "closed"
	merged = "merged"
)

type mergeRequest struct {
	id, iid            int
	title, description string
	state              string
	author             *User
	source, target     string
	labels             []string
	reviewers          []*User
	removeSource       bool
	created, updated   time.Time
	closedAt, mergedAt time.Time
	mergedBy           *User
	mergeCommit        string
	versions           []version // oldest first
	approvals          []approval
	notes              []*note

	checks  int    // so many answers from now say that it is still being checked
	looked  string // the two commits that were looked at
	clashes bool   // they cannot be merged
	behind  bool   // the target has commits that the source has not
}

// version is what a push made of a merge request.
type version struct {
	id         int
	head, base string
	commits    []commit // newest first
	created    time.Time
}

func (m *mergeRequest) latest() version { return m.versions[len(m.versions)-1] }
func (m *mergeRequest) head() string    { return m.latest().head }

// onOne finds the merge request that a call is about.
func onOne(do func(*Server, *request, *mergeRequest) answer) func(*Server, *request) answer {
	return func(s *Server, r *request) answer {
		m, ok := s.numbered(r.PathValue("iid"))
		if !ok {
			return refuse(http.StatusNotFound, "404 Not found")
		}
		return do(s, r, m)
	}
}

func (s *Server) numbered(iid string) (*mergeRequest, bool) {
	n, err := strconv.Atoi(iid)
	if err != nil || n < 1 || n > len(s.requests) {
		return nil, false
	}
	return s.requests[n-1], true
}

func (s *Server) listMergeRequests(r *request) answer {
	q := r.URL.Query()
	var found []*mergeRequest
	for _, m := range s.requests {
		state, source, target := cmp.Or(q.Get("state"), "all"), q.Get("source_branch"), q.Get("target_branch")
		if (state == "all" || m.state == state) && (source == "" || m.source == source) && (target == "" || m.target == target) {
			found = append(found, m)
		}
	}
	if cmp.Or(q.Get("sort"), "desc") == "desc" {
		slices.Reverse(found)
	}
	var all []any
	for _, m := range found {
		all = append(all, s.inList(m))
	}
	return r.page(all, totals)
}

// listOfCommit gives those that have a commit, or that a commit merged.
func (s *Server) listOfCommit(r *request) answer {
	sha := r.PathValue("sha")
	if _, err := s.repo.git("cat-file", "-e", sha+"^{commit}"); err != nil {
		return refuse(http.StatusNotFound, "404 Commit Not Found")
	}
	var all []any
	for _, m := range s.requests {
		if m.mergeCommit == sha || slices.ContainsFunc(m.latest().commits, func(c commit) bool { return c.sha == sha }) {
			all = append(all, s.inList(m))
		}
	}
	return r.page(all, totals)
}

func (s *Server) getMergeRequest(_ *request, m *mergeRequest) answer {
	if err := s.look(m); err != nil {
		return broken(err)
	}
	answer := answer{body: s.whole(m)}
	if m.checks > 0 {
		m.checks--
	}
	return answer
}

func (s *Server) createMergeRequest(r *request) answer {
	if a, lacks := r.missing("source_branch", "target_branch", "title"); lacks {
		return a
	}
	now := s.now()
	m := &mergeRequest{iid: len(s.requests) + 1, state: opened, author: r.user, created: now, updated: now, labels: []string{}}
	m.title, _ = r.text("title")
	m.description, _ = r.text("description")
	m.source, _ = r.text("source_branch")
	m.target, _ = r.text("target_branch")
	remove, _ := r.text("remove_source_branch")
	m.removeSource = remove == "true"
	if a := s.mayOpen(m); a.status != 0 {
		return a
	}
	if labels, ok := r.words("labels"); ok {
		m.labels = sortedSet(labels)
	}
	s.review(m, r)
	m.id = s.nextID()
	s.requests = append(s.requests, m)
	branches, err := s.repo.branches()
	if err == nil {
		err = s.newVersion(m, branches)
	}
	if err != nil {
		s.requests = s.requests[:len(s.requests)-1]
		return broken(err)
	}
	return answer{body: s.whole(m)}
}

// mayOpen says what stands against opening it.
func (s *Server) mayOpen(m *mergeRequest) answer {
	branches, err := s.repo.branches()
	switch {
	case err != nil:
		return broken(err)
	case branches[m.source] == "":
		return refuse(http.StatusBadRequest, object{"source_branch": []any{"does not exist"}})
	case branches[m.target] == "":
		return refuse(http.StatusBadRequest, object{"target_branch": []any{"does not exist"}})
	case m.source == m.target:
		return refuse(http.StatusUnprocessableEntity, []any{"You can't use same project/branch for source and target"})
	}
	for _, other := range s.requests {
		if other.state == opened && other.source == m.source && other.target == m.target {
			return refuse(http.StatusConflict, []any{fmt.Sprintf("Another open merge request already exists for this source branch: !%d", other.iid)})
		}
	}
	return answer{}
}

// review sets the reviewers; Free takes one.
func (s *Server) review(m *mergeRequest, r *request) {
	ids, ok := r.words("reviewer_ids")
	if !ok {
		return
	}
	m.reviewers = nil
	for _, text := range ids {
		id, _ := strconv.Atoi(text)
		if u := s.byID(id); u != nil && u.Level > NoAccess && (s.opts.Premium || len(m.reviewers) == 0) {
			m.reviewers = append(m.reviewers, u)
		}
	}
}

func (s *Server) updateMergeRequest(r *request, m *mergeRequest) answer {
	if r.user.Level < Developer && r.user != m.author {
		return refuse(http.StatusForbidden, "403 Forbidden")
	}
	if len(r.params) == 0 {
		return answer{status: http.StatusBadRequest, body: object{"error": "assignee_id, title, description, labels, add_labels, remove_labels, reviewer_ids, state_event are missing, at least one parameter must be provided"}}
	}
	event, _ := r.text("state_event")
	if event == "reopen" && m.state == closed {
		if a := s.mayOpen(m); a.status != 0 {
			return a
		}
		m.state, m.closedAt = opened, time.Time{}
	}
	if event == "close" && m.state == opened {
		m.state, m.closedAt = closed, s.now()
	}
	if title, ok := r.text("title"); ok {
		if title == "" {
			return refuse(http.StatusBadRequest, object{"title": []any{"can't be blank"}})
		}
		m.title = title
	}
	if description, ok := r.text("description"); ok {
		m.description = description
	}
	if labels, ok := r.words("labels"); ok {
		m.labels = sortedSet(labels)
	}
	add, _ := r.words("add_labels")
	remove, _ := r.words("remove_labels")
	m.labels = slices.DeleteFunc(sortedSet(slices.Concat(m.labels, add)), func(l string) bool { return slices.Contains(remove, l) })
	s.review(m, r)
	m.updated = s.now()
	return answer{body: s.whole(m)}
}

func sortedSet(labels []string) []string {
	set := slices.Sorted(slices.Values(labels))
	return append([]string{}, slices.Compact(set)...)
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

var draftTitle = regexp.MustCompile(`(?i)^(\[draft\]|\(draft\)|draft:)`)

func (m *mergeRequest) draft() bool { return draftTitle.MatchString(m.title) }

// inList is how lists show a merge request.
func (s *Server) inList(m *mergeRequest) object {
	reviewers := []any{}
	for _, u := range m.reviewers {
		reviewers = append(reviewers, u.json(s))
	}
	var mergedBy, mergeCommit any
	if m.mergedBy != nil {
		mergedBy = m.mergedBy.json(s)
	}
	if m.mergeCommit != "" {
		mergeCommit = m.mergeCommit
	}
	status := s.status(m)
	return object{
		"id": m.id, "iid": m.iid, "project_id": s.opts.ProjectID, "title": m.title, "description": m.description, "state": m.state,
		"created_at": stamp(m.created), "updated_at": stamp(m.updated), "closed_at": stamp(m.closedAt), "merged_at": stamp(m.mergedAt),
		"merged_by": mergedBy, "merge_user": mergedBy, "author": m.author.json(s), "assignees": []any{}, "reviewers": reviewers,
		"source_branch": m.source, "target_branch": m.target, "source_project_id": s.opts.ProjectID, "target_project_id": s.opts.ProjectID,
		"labels": anys(m.labels), "draft": m.draft(), "work_in_progress": m.draft(), "sha": m.head(), "merge_commit_sha": mergeCommit,
		"squash_commit_sha": nil, "squash": false, "force_remove_source_branch": m.removeSource, "should_remove_source_branch": nil,
		"detailed_merge_status": status, "merge_status": mergeStatus(status), "has_conflicts": m.clashes,
		"blocking_discussions_resolved": !m.openThread(), "user_notes_count": m.userNotes(), "merge_when_pipeline_succeeds": false,
		"web_url":    s.webURL(fmt.Sprintf("/-/merge_requests/%d", m.iid)),
		"references": object{"short": fmt.Sprintf("!%d", m.iid), "relative": fmt.Sprintf("!%d", m.iid), "full": fmt.Sprintf("%s!%d", s.opts.Project, m.iid)},
	}
}

// whole is how a merge request by itself is shown.
func (s *Server) whole(m *mergeRequest) object {
	o := s.inList(m)
	v := m.latest()
	o["diff_refs"] = object{"base_sha": v.base, "head_sha": v.head, "start_sha": v.base}
	o["changes_count"], o["merge_error"], o["head_pipeline"], o["pipeline"] = "1", nil, nil, nil
	o["diverged_commits_count"], o["rebase_in_progress"] = 0, false
	return o
}

func (s *Server) webURL(path string) string { return s.url + "/" + s.opts.Project + path }

func anys(list []string) []any {
	all := make([]any, 0, len(list))
	for _, text := range list {
		all = append(all, text)
	}
	return all
}

// stamp is a time as GitLab writes it.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
