package gitlabtest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
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

var draftTitle = regexp.MustCompile(`(?i)^(\[draft\]|\(draft\)|draft:)`)

func (m *mergeRequest) draft() bool { return draftTitle.MatchString(m.title) }
