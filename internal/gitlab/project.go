package gitlab

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	gl "github.com/xanzy/go-gitlab"
)

// Ways of merging that a project may have.
const (
	MergeCommits = "merge"        // a merge commit for each: what orgit needs
	SemiLinear   = "rebase_merge" // a merge commit, after a rebase, which voids approvals
	FastForward  = "ff"           // no merge commit
)

// Project is what the server says of the project.
type Project struct {
	ID            int
	Path          string // with its groups: korsbaek/organisation
	DefaultBranch string // empty while there is no commit
	MergeMethod   string
	Squash        string // never, always, default_on, default_off
	// ThreadsHold and PipelineHolds say that the server itself merges nothing with an open thread, or without a good pipeline.
	ThreadsHold, PipelineHolds bool
	CIConfig                   string // ci_config_path; ends in @ and another project where the pipeline file is elsewhere
	URL, GitURL                string
}

// Project reads the project's settings.
func (c *Client) Project(ctx context.Context) (Project, error) {
	did := "read project " + words(c.project)
	p, resp, err := c.api.Projects.GetProject(c.project, nil, gl.WithContext(ctx))
	if err != nil {
		return Project{}, c.explain(did, resp, err)
	}
	if p.ID == 0 || p.PathWithNamespace == "" {
		return Project{}, incomplete(did, "the answer has no id or no path")
	}
	return Project{
		ID: p.ID, Path: p.PathWithNamespace, DefaultBranch: p.DefaultBranch, MergeMethod: string(p.MergeMethod), Squash: string(p.SquashOption),
		ThreadsHold: p.OnlyAllowMergeIfAllDiscussionsAreResolved, PipelineHolds: p.OnlyAllowMergeIfPipelineSucceeds,
		CIConfig: p.CIConfigPath, URL: p.WebURL, GitURL: p.HTTPURLToRepo,
	}, nil
}

// HasApprovalRules says whether the server has rules of approval, which is Premium. On Free nothing that GitLab does stands
// in the way of an unapproved merge.
func (c *Client) HasApprovalRules(ctx context.Context) (bool, error) {
	_, resp, err := c.api.Projects.GetProjectApprovalRules(c.project, nil, gl.WithContext(ctx))
	err = c.explain("ask for rules of approval", resp, err)
	var e *Error
	if !errors.Is(err, ErrNotFound) && !(errors.Is(err, ErrNotAllowed) && errors.As(err, &e) && !strings.Contains(e.Body, "insufficient_scope")) {
		return err == nil, err
	}
	// Of a project that is not there GitLab says the same.
	if _, err := c.Project(ctx); err != nil {
		return false, err
	}
	return false, nil
}

// Levels of access, as far as they matter here.
const (
	NoOne      = 0
	Guest      = 10
	Reporter   = 20
	Developer  = 30
	Maintainer = 40
	Owner      = 50
)

// Access is who may do something with a protected branch: everybody from a level up, or (Premium) one user or group, or a
// deploy key.
type Access struct {
	Level                  int
	User, Group, DeployKey int // 0: the level counts
	Description            string
}

// Protection is how a branch is protected. Where several rules are about a branch, each one that allows something counts.
type Protection struct {
	Protected    bool
	Push, Merge  []Access
	ForcePush    bool
	CodeOwners   bool // Premium: owners have to approve
	MatchedRules []string
}

// Protection reads how a branch is protected; one that is not is the zero value. GitLab tells maintainers only
// (ErrNotAllowed).
func (c *Client) Protection(ctx context.Context, branch string) (Protection, error) {
	l := list[gl.ProtectedBranch]{did: "list the protected branches", id: func(b *gl.ProtectedBranch) string { return strconv.Itoa(b.ID) },
		ask: func(page gl.RequestOptionFunc) ([]*gl.ProtectedBranch, *gl.Response, error) {
			return c.api.ProtectedBranches.ListProtectedBranches(c.project, nil, gl.WithContext(ctx), page)
		}}
	rules, err := l.all(ctx, c)
	if err != nil {
		return Protection{}, err
	}
	var p Protection
	for _, r := range rules {
		if r.ID == 0 || r.Name == "" || r.PushAccessLevels == nil || r.MergeAccessLevels == nil {
			return Protection{}, incomplete(l.did, "a rule has no id, name or levels")
		}
		if !matches(r.Name, branch) {
			continue
		}
		p.Protected = true
		p.Push, p.Merge = append(p.Push, access(r.PushAccessLevels)...), append(p.Merge, access(r.MergeAccessLevels)...)
		p.ForcePush = p.ForcePush || r.AllowForcePush
		p.CodeOwners = p.CodeOwners || r.CodeOwnerApprovalRequired
		p.MatchedRules = append(p.MatchedRules, r.Name)
	}
	return p, nil
}

// matches says whether a rule's name, in which * is any text, is about a branch.
func matches(rule, branch string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(rule), `\*`, ".*")
	return regexp.MustCompile("^(?s:" + pattern + ")$").MatchString(branch)
}

func access(levels []*gl.BranchAccessDescription) []Access {
	all := make([]Access, 0, len(levels))
	for _, l := range levels {
		all = append(all, Access{
			Level: int(l.AccessLevel), User: l.UserID, Group: l.GroupID, DeployKey: l.DeployKeyID, Description: words(l.AccessLevelDescription),
		})
	}
	return all
}

// Status is a mark on a commit, such as that of the nightly run on main.
type Status struct {
	State       string // pending, running, success, failed, canceled
	Name        string
	Ref         string // the branch
	Description string
	URL         string
}

const statusTries = 10

// SetStatus sets one. GitLab answers 409 while it works on another of the same commit, so it is asked some more times.
func (c *Client) SetStatus(ctx context.Context, sha string, s Status) error {
	did := fmt.Sprintf("set status %s of commit %s", words(s.Name), words(sha))
	opts := &gl.SetCommitStatusOptions{State: gl.BuildStateValue(s.State), Name: &s.Name, Description: &s.Description}
	if s.Ref != "" {
		opts.Ref = &s.Ref
	}
	if s.URL != "" {
		opts.TargetURL = &s.URL
	}
	var err error
	for range statusTries {
		_, resp, asked := c.api.Commits.SetCommitStatus(c.project, sha, opts, gl.WithContext(ctx))
		if err = c.explain(did, resp, asked); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := c.sleep(ctx, settlePause); err != nil {
			return fmt.Errorf("%s: %w", did, err)
		}
	}
	return err
}
