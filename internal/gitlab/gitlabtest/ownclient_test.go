package gitlabtest_test

import (
	"bytes"
	"encoding/json"
	"testing"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"orgit.dk/orgit/internal/gitlab/gitlabtest"
)

// What the stand-in answers has the fields and types that GitLab's own client knows, and no field that it does not.
func TestAnswersFitGitLabsClient(t *testing.T) {
	s := start(t, gitlabtest.Options{Premium: true})
	if _, err := s.Edit("lone", "b", "a.cue", "package org\n", "Hire"); err != nil {
		t.Fatal(err)
	}
	_, lone := ask(t, s, "lone", "GET", "/user", nil)
	open := map[string]any{"source_branch": "b", "target_branch": "main", "title": "t", "labels": "a,b", "reviewer_ids": []any{lone.(map[string]any)["id"]}}
	if status, v := ask(t, s, "lone", "POST", "/projects/42/merge_requests", open); status != 201 {
		t.Fatal(status, v)
	}
	for _, err := range []error{s.Approve("per", 1), s.Comment("per", 1, "Hej"), s.OpenThread("per", 1, "Hvorfor?")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// GitLab's documentation has these, and its client does not read them.
	unread := []string{"locked", "commit_email", "patch_id_sha", "merge_status", "work_in_progress", "commands_changes"}
	for path, into := range map[string]any{
		"/user": &gl.User{}, "/users?username=lone": &[]gl.User{}, "/projects/42": &gl.Project{},
		"/projects/42/approval_rules":           &[]gl.ProjectApprovalRule{},
		"/projects/42/protected_branches":       &[]gl.ProtectedBranch{},
		"/projects/42/merge_requests":           &[]gl.BasicMergeRequest{},
		"/projects/42/merge_requests/1":         &gl.MergeRequest{},
		"/projects/42/merge_requests/1/commits": &[]gl.Commit{}, "/projects/42/merge_requests/1/versions": &[]gl.MergeRequestDiffVersion{},
		"/projects/42/merge_requests/1/approvals": &gl.MergeRequestApprovals{}, "/projects/42/merge_requests/1/notes": &[]gl.Note{},
	} {
		t.Run(path, func(t *testing.T) {
			_, v := ask(t, s, "ida", "GET", path, nil)
			drop(v, unread)
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(into); err != nil {
				t.Errorf("%v in %s", err, text)
			}
		})
	}
}

// drop takes fields away at any depth.
func drop(v any, fields []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, f := range fields {
			delete(v, f)
		}
		for _, value := range v {
			drop(value, fields)
		}
	case []any:
		for _, item := range v {
			drop(item, fields)
		}
	}
}
