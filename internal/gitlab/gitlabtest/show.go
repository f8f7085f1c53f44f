package gitlabtest

import (
	"fmt"
	"time"
)

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
