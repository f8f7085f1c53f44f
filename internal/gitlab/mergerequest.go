package gitlab

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	gl "github.com/xanzy/go-gitlab"
)

// MergeRequest reads one by its number. Its Head and Status may be empty shortly after it was opened.
func (c *Client) MergeRequest(ctx context.Context, iid int) (MergeRequest, error) {
	did := fmt.Sprintf("read merge request !%d", iid)
	m, resp, err := c.api.MergeRequests.GetMergeRequest(c.project, iid, nil, gl.WithContext(ctx))
	if err != nil {
		return MergeRequest{}, c.explain(did, resp, err)
	}
	return converted(did, m)
}

// Filter says which merge requests. What is empty does not matter, but for State: then it is the opened ones.
type Filter struct {
	State          string // Opened, Closed, Merged or All
	Source, Target string
}

// All is the Filter's State for merge requests in any state.
const All = "all"

// MergeRequests lists those of the project, by number. A fork's branch may have the name that is asked for: see
// SourceProject.
func (c *Client) MergeRequests(ctx context.Context, f Filter) ([]MergeRequest, error) {
	opts := &gl.ListProjectMergeRequestsOptions{
		State: gl.Ptr(cmp.Or(f.State, Opened)), OrderBy: gl.Ptr("created_at"), Sort: gl.Ptr("asc"),
	}
	if f.Source != "" {
		opts.SourceBranch = &f.Source
	}
	if f.Target != "" {
		opts.TargetBranch = &f.Target
	}
	return c.mergeRequests(ctx, "list merge requests", func(page gl.RequestOptionFunc) ([]*gl.MergeRequest, *gl.Response, error) {
		return c.api.MergeRequests.ListProjectMergeRequests(c.project, opts, gl.WithContext(ctx), page)
	})
}

// MergeRequestsOfCommit lists, by number, those that a commit belongs to: it is one of their commits, or what merging them
// made.
func (c *Client) MergeRequestsOfCommit(ctx context.Context, sha string) ([]MergeRequest, error) {
	did := "list the merge requests of commit " + words(sha)
	if sha == "" {
		return nil, invalid(did, "no commit is named")
	}
	return c.mergeRequests(ctx, did, func(page gl.RequestOptionFunc) ([]*gl.MergeRequest, *gl.Response, error) {
		return c.api.Commits.ListMergeRequestsByCommit(c.project, sha, gl.WithContext(ctx), page)
	})
}

func (c *Client) mergeRequests(ctx context.Context, did string, ask func(gl.RequestOptionFunc) ([]*gl.MergeRequest, *gl.Response, error)) ([]MergeRequest, error) {
	l := list[gl.MergeRequest]{did: did, id: func(m *gl.MergeRequest) string { return strconv.Itoa(m.IID) }, ask: ask}
	all, err := l.all(ctx, c)
	if err != nil {
		return nil, err
	}
	found := make([]MergeRequest, 0, len(all))
	for _, m := range all {
		one, err := converted(did, m)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	slices.SortFunc(found, func(a, b MergeRequest) int { return a.IID - b.IID })
	return found, nil
}

// draftTitle is what GitLab takes for the title of a draft.
var draftTitle = regexp.MustCompile(`(?i)^\s*(\[draft\]|\(draft\)|draft:|\[wip\]|wip:)`)

// converted gives the library's merge request as ours. What would read as "nothing stands against it" must be there.
func converted(did string, m *gl.MergeRequest) (MergeRequest, error) {
	lacks := ""
	switch {
	case m.IID == 0:
		lacks = "iid"
	case m.State == "":
		lacks = "state"
	case m.TargetProjectID == 0: // else it would look like one from the project itself
		lacks = "target_project_id"
	case m.SourceBranch == "":
		lacks = "source_branch"
	case m.TargetBranch == "":
		lacks = "target_branch"
	case m.Labels == nil: // an empty list is not nil
		lacks = "labels"
	case m.Author == nil || m.Author.Username == "":
		lacks = "author"
	}
	if lacks != "" {
		return MergeRequest{}, incomplete(did, "the answer has no %s", lacks)
	}
	mr := MergeRequest{
		IID: m.IID, Title: m.Title, Description: m.Description, State: m.State, Author: basic(m.Author),
		Source: m.SourceBranch, Target: m.TargetBranch, Head: m.SHA,
		SourceProject: m.SourceProjectID, TargetProject: m.TargetProjectID,
		Labels: slices.Sorted(slices.Values(m.Labels)), Draft: m.Draft || m.WorkInProgress || draftTitle.MatchString(m.Title),
		ThreadsResolved: m.BlockingDiscussionsResolved, Status: m.DetailedMergeStatus,
		MergeCommit: m.MergeCommitSHA, SquashCommit: m.SquashCommitSHA, URL: m.WebURL,
	}
	for _, r := range m.Reviewers {
		mr.Reviewers = append(mr.Reviewers, basic(r))
	}
	if m.MergedBy != nil {
		mr.MergedBy = new(basic(m.MergedBy))
	}
	return mr, nil
}

// Versions lists what the server keeps of each push to a merge request, newest first.
func (c *Client) Versions(ctx context.Context, iid int) ([]Version, error) {
	did := fmt.Sprintf("list the versions of merge request !%d", iid)
	l := list[gl.MergeRequestDiffVersion]{did: did, id: func(v *gl.MergeRequestDiffVersion) string { return strconv.Itoa(v.ID) },
		ask: func(page gl.RequestOptionFunc) ([]*gl.MergeRequestDiffVersion, *gl.Response, error) {
			return c.api.MergeRequests.GetMergeRequestDiffVersions(c.project, iid, nil, gl.WithContext(ctx), page)
		}}
	all, err := l.all(ctx, c)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b *gl.MergeRequestDiffVersion) int { return b.ID - a.ID })
	versions := make([]Version, 0, len(all))
	for _, v := range all {
		// A version without a time would be older than every approval.
		if v.ID == 0 || v.HeadCommitSHA == "" || at(v.CreatedAt).IsZero() {
			return nil, incomplete(did, "a version has no id, no commit or no time")
		}
		versions = append(versions, Version{Head: v.HeadCommitSHA, Created: at(v.CreatedAt)})
	}
	return versions, nil
}

// Commits lists those of a merge request, newest first.
func (c *Client) Commits(ctx context.Context, iid int) ([]Commit, error) {
	did := fmt.Sprintf("list the commits of merge request !%d", iid)
	l := list[gl.Commit]{did: did, id: func(m *gl.Commit) string { return m.ID },
		ask: func(page gl.RequestOptionFunc) ([]*gl.Commit, *gl.Response, error) {
			return c.api.MergeRequests.GetMergeRequestCommits(c.project, iid, nil, gl.WithContext(ctx), page)
		}}
	all, err := l.all(ctx, c)
	if err != nil {
		return nil, err
	}
	commits := make([]Commit, 0, len(all))
	for _, m := range all {
		// Whoever wrote a commit may not approve it; a commit by nobody would let everybody.
		if m.ID == "" || m.AuthorEmail == "" && m.AuthorName == "" || m.CommitterEmail == "" && m.CommitterName == "" {
			return nil, incomplete(did, "a commit has no id, author or committer")
		}
		commits = append(commits, Commit{
			ID: m.ID, Message: m.Message, AuthorName: m.AuthorName, AuthorEmail: m.AuthorEmail,
			CommitterName: m.CommitterName, CommitterEmail: m.CommitterEmail, Created: at(m.CreatedAt),
		})
	}
	return commits, nil
}

// at is the time, or none.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
