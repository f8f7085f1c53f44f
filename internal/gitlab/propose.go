package gitlab

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	gl "github.com/xanzy/go-gitlab"
)

// Changes are what Update changes; what is nil or empty stays.
type Changes struct {
	Title, Description      *string
	AddLabels, RemoveLabels []string
	Reviewers               []string // usernames, in place of those it has; those who have no account are left out. Free keeps the first only
	State                   StateChange
}

// StateChange closes a merge request or opens it again.
type StateChange string

// The changes of state there are.
const (
	Close  StateChange = "close"
	Reopen StateChange = "reopen"
)

// Propose sees to it that there is an open merge request for the branch, and that it says what p says. It may be called
// again at any time, also when an earlier call ended without an answer. created says that there was none before.
//
// A human's say is kept: labels and reviewers are added to those that are there, and a draft stays one. A merge request of
// a fork's branch of the same name is somebody else's, and is not touched.
func (c *Client) Propose(ctx context.Context, p Proposal) (mr MergeRequest, created bool, err error) {
	open, err := c.openOf(ctx, p)
	if err != nil {
		return MergeRequest{}, false, err
	}
	if open == nil {
		mr, err := c.Create(ctx, p)
		if err == nil {
			return mr, true, nil
		}
		if open = c.madeMeanwhile(ctx, p, err); open == nil {
			return MergeRequest{}, false, err
		}
		created = !errors.Is(err, ErrConflict) // of a conflict somebody else is the maker; else the answer was lost
	}
	changes, err := c.wanting(ctx, *open, p)
	if err != nil || changes == nil {
		return *open, created, err
	}
	mr, err = c.Update(ctx, open.IID, *changes)
	return mr, created, err
}

// openOf gives the open merge request of the project's own branch; nil when there is none.
func (c *Client) openOf(ctx context.Context, p Proposal) (*MergeRequest, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	all, err := c.MergeRequests(ctx, Filter{State: Opened, Source: p.Source, Target: p.Target})
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if p.isFor(m) {
			return &m, nil
		}
	}
	return nil, nil
}

// isFor says whether a merge request is the open one that the proposal is about.
func (p Proposal) isFor(m MergeRequest) bool {
	return m.State == Opened && m.Source == p.Source && m.Target == p.Target && m.SourceProject == m.TargetProject
}

// madeMeanwhile looks for what stands behind an error of Create: one that somebody else made, which GitLab names in its
// answer, or our own, of which the answer was lost.
func (c *Client) madeMeanwhile(ctx context.Context, p Proposal, err error) *MergeRequest {
	if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrUnreachable) {
		return nil
	}
	if open, again := c.openOf(ctx, p); again == nil && open != nil {
		return open
	}
	var e *Error
	if errors.Is(err, ErrConflict) && errors.As(err, &e) {
		if iid, ok := iidIn(e.Body); ok {
			if m, again := c.MergeRequest(ctx, iid); again == nil && p.isFor(m) {
				return &m
			}
		}
	}
	return nil
}

var reference = regexp.MustCompile(`!([0-9]+)\b`)

// iidIn finds the number of the merge request that an answer names, as in "…already exists for this source branch: !7".
// One that names several names none.
func iidIn(body string) (int, bool) {
	iid := 0
	for _, m := range reference.FindAllStringSubmatch(said(body), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n <= 0 || (iid != 0 && n != iid) {
			return 0, false
		}
		iid = n
	}
	return iid, iid != 0
}

// wanting says what an open merge request lacks of a proposal; nil when it lacks nothing.
func (c *Client) wanting(ctx context.Context, m MergeRequest, p Proposal) (*Changes, error) {
	var ch Changes
	if m.Draft && !draftTitle.MatchString(p.Title) {
		p.Title = "Draft: " + p.Title
	}
	if m.Title != p.Title {
		ch.Title = &p.Title
	}
	if m.Description != p.Description {
		ch.Description = &p.Description
	}
	for _, l := range p.Labels {
		if !slices.Contains(m.Labels, l) {
			ch.AddLabels = append(ch.AddLabels, l)
		}
	}
	for _, r := range m.Reviewers {
		ch.Reviewers = append(ch.Reviewers, r.Username)
	}
	there, _, err := c.Users(ctx, p.Reviewers...)
	if err != nil {
		return nil, err
	}
	for _, u := range there {
		if !slices.Contains(ch.Reviewers, u.Username) {
			ch.Reviewers = append(ch.Reviewers, u.Username)
		}
	}
	if len(ch.Reviewers) == len(m.Reviewers) {
		ch.Reviewers = nil
	}
	if ch.Title == nil && ch.Description == nil && ch.AddLabels == nil && ch.Reviewers == nil {
		return nil, nil
	}
	return &ch, nil
}

// Create opens a merge request that is merged with its commits as they are, and whose branch goes when it is merged. It is
// ErrConflict when there is an open one for the branch. After ErrUnreachable it may have been opened: see Propose.
func (c *Client) Create(ctx context.Context, p Proposal) (MergeRequest, error) {
	if err := p.check(); err != nil {
		return MergeRequest{}, err
	}
	did := "open a merge request for branch " + words(p.Source)
	opts := &gl.CreateMergeRequestOptions{
		Title: &p.Title, Description: &p.Description, SourceBranch: &p.Source, TargetBranch: &p.Target,
		Squash: gl.Ptr(false), RemoveSourceBranch: gl.Ptr(true),
	}
	if len(p.Labels) > 0 {
		opts.Labels = gl.Ptr(gl.LabelOptions(p.Labels))
	}
	ids, err := c.ids(ctx, p.Reviewers)
	if err != nil {
		return MergeRequest{}, err
	}
	if len(ids) > 0 {
		opts.ReviewerIDs = &ids
	}
	m, resp, err := c.api.MergeRequests.CreateMergeRequest(c.project, opts, gl.WithContext(ctx))
	if err != nil {
		return MergeRequest{}, c.explain(did, resp, err)
	}
	return converted(did, m)
}

// Update changes a merge request. GitLab refuses one that changes nothing at all.
func (c *Client) Update(ctx context.Context, iid int, ch Changes) (MergeRequest, error) {
	did := fmt.Sprintf("change merge request !%d", iid)
	opts := &gl.UpdateMergeRequestOptions{Title: ch.Title, Description: ch.Description}
	if ch.Description != nil {
		if err := checkText(did, *ch.Description); err != nil {
			return MergeRequest{}, err
		}
	}
	if err := checkLabels(did, slices.Concat(ch.AddLabels, ch.RemoveLabels)); err != nil {
		return MergeRequest{}, err
	}
	if len(ch.AddLabels) > 0 {
		opts.AddLabels = gl.Ptr(gl.LabelOptions(ch.AddLabels))
	}
	if len(ch.RemoveLabels) > 0 {
		opts.RemoveLabels = gl.Ptr(gl.LabelOptions(ch.RemoveLabels))
	}
	ids, err := c.ids(ctx, ch.Reviewers)
	if err != nil {
		return MergeRequest{}, err
	}
	if len(ids) > 0 {
		opts.ReviewerIDs = &ids
	}
	if ch.State != "" {
		opts.StateEvent = gl.Ptr(string(ch.State))
	}
	m, resp, err := c.api.MergeRequests.UpdateMergeRequest(c.project, iid, opts, gl.WithContext(ctx))
	if err != nil {
		return MergeRequest{}, c.explain(did, resp, err)
	}
	return converted(did, m)
}

func (c *Client) ids(ctx context.Context, usernames []string) ([]int, error) {
	users, _, err := c.Users(ctx, usernames...)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return ids, nil
}

func (p Proposal) check() error {
	did := "propose branch " + words(p.Source)
	switch {
	case p.Source == "" || p.Target == "":
		return invalid(did, "source or target branch is not named")
	case p.Title == "" || strings.ContainsAny(p.Title, "\r\n"):
		return invalid(did, "the title has to be one line")
	}
	if err := checkLabels(did, p.Labels); err != nil {
		return err
	}
	return checkText(did, p.Description)
}

// checkLabels refuses labels that would become several: they travel with commas between them.
func checkLabels(did string, labels []string) error {
	for _, l := range labels {
		if l == "" || strings.Contains(l, ",") {
			return invalid(did, "%q cannot be a label: it is empty or has a comma", l)
		}
	}
	return nil
}
