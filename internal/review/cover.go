package review

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/plan"
)

// Errors of coverage.
var (
	// ErrNoStart: nothing says from which commit on main has to be covered.
	ErrNoStart = errors.New("it is not known from which commit on main has to be approved")
	// ErrNotOnMain: the commit that was last applied is not one of main's own.
	ErrNotOnMain = errors.New("what was applied last is not on main")
	// ErrUnapproved: main holds something that nobody approved.
	ErrUnapproved = errors.New("main holds what is not approved")
	// ErrFaulty is what Contents.Organisation wraps where the files of a commit have errors.
	ErrFaulty = errors.New("the files have errors")
)

// History is main's past.
type History interface {
	// FirstParents gives the commits after since up to and with to along first parents, oldest first. reached is false where
	// since is not on the way.
	FirstParents(since, to string) (commits []string, reached bool, err error)
	Parents(commit string) ([]string, error)
	IsAncestor(ancestor, of string) (bool, error)
}

// Contents is what commits hold.
type Contents interface {
	// Organisation is what the files of a commit state. The error wraps ErrFaulty where they have errors.
	Organisation(ctx context.Context, commit string) (*org.Organisation, error)
	// Changed are the names of all files that differ, from the organisation's folder; those beside it begin with ../.
	Changed(ctx context.Context, before, after string) ([]string, error)
	// Consequences is what the second commit does in the systems beside the first, if they hold what the first asks for. A
	// nil plan says that it is not known: then the working group has to have approved.
	Consequences(ctx context.Context, before, after string, day org.Day) (*plan.Plan, error)
	// Unexpected says in what a merge commit differs from what merging head into the commit before it gives.
	Unexpected(ctx context.Context, into, head, merge string) (Deviation, error)
}

// Requests finds merge requests.
type Requests interface {
	MergeRequestsOfCommit(ctx context.Context, commit string) ([]gitlab.MergeRequest, error)
	MergeRequest(ctx context.Context, iid int) (gitlab.MergeRequest, error)
	Opinions
}

// Covering is what Cover asks.
type Covering struct {
	History  History
	Contents Contents
	Requests Requests
	Terms    Terms
}

// Coverage is whether everything on main since a commit is approved.
type Coverage struct {
	Since   string    `json:"since"`
	To      string    `json:"to"`
	Commits []Covered `json:"commits"` // oldest first
}

// Covered is one step of main.
type Covered struct {
	Commit string `json:"commit"`
	// Rules is the commit whose rules judged: the one before.
	Rules    string   `json:"rules,omitempty"`
	Request  int      `json:"request,omitempty"` // the merge request's number
	URL      string   `json:"url,omitempty"`
	Head     string   `json:"head,omitempty"` // the commit that was approved
	Verdict  *Verdict `json:"verdict,omitempty"`
	Problem  Reason   `json:"problem,omitempty"` // why it is not approved; empty when it is
	Details  []string `json:"details,omitempty"`
	Approved bool     `json:"approved"`
}

// Why a commit of main is not approved.
const (
	UncoveredDirect   Reason = "direct"   // pushed directly, squashed or rebased: it is no merge
	UncoveredOctopus  Reason = "octopus"  // it merges several branches
	UncoveredRequest  Reason = "request"  // it is the merge of no merge request
	UncoveredSeveral  Reason = "several"  // several merge requests claim it
	UncoveredContent  Reason = "content"  // it holds something else than merging gives
	UncoveredConflict Reason = "conflict" // a conflict was solved in the merge, where nobody saw it
	UncoveredFiles    Reason = "files"    // its files, or those before it, have errors
	UncoveredApproval Reason = "approval" // the merge request does not have the approvals that it needs
)

// Start is the commit since which main has to be covered: the one that was applied last, or, where nothing was, the one that
// the environment names (ORGIT_TRUSTED_COMMIT). There is no other answer: a history that begins anywhere would be approved
// by being there.
func Start(applied, trusted string) (string, error) {
	switch {
	case applied != "":
		return applied, nil
	case trusted != "":
		return trusted, nil
	}
	return "", fmt.Errorf("%w: nothing was applied yet, or the mark of it is not here; fetch refs/orgit/applied, or name a commit of main "+
		"that people have looked through in the protected variable ORGIT_TRUSTED_COMMIT", ErrNoStart)
}

// Newest gives the one of several commits that comes after all others; empty when there is none. Systems may have been
// written from different ones, and each was covered before anything was written from it.
func Newest(h History, commits ...string) (string, error) {
	var newest string
	for _, commit := range commits {
		if newest == "" {
			newest = commit
			continue
		}
		after, err := h.IsAncestor(newest, commit)
		if err != nil {
			return "", fmt.Errorf("find the newest commit that was applied: %w", err)
		}
		if after {
			newest = commit
			continue
		}
		before, err := h.IsAncestor(commit, newest)
		if err != nil {
			return "", fmt.Errorf("find the newest commit that was applied: %w", err)
		}
		if !before {
			return "", fmt.Errorf("%w: neither of %s and %s comes before the other", ErrNotOnMain, short(newest), short(commit))
		}
	}
	return newest, nil
}

// Cover judges every commit of main after since up to to, each by the rules of the commit before it. An error says that it
// could not be judged; what is not approved is in the result (see [Coverage.Err]).
func Cover(ctx context.Context, c Covering, since, to string) (*Coverage, error) {
	if since == "" {
		return nil, ErrNoStart
	}
	commits, reached, err := c.History.FirstParents(since, to)
	if err != nil {
		return nil, fmt.Errorf("follow main from %s to %s: %w", short(since), short(to), err)
	}
	if !reached {
		return nil, fmt.Errorf("%w: %s does not lead to %s along main; was main rewritten, or does the mark belong to another repository? "+
			"Look into it, then name the commit to begin with in ORGIT_TRUSTED_COMMIT", ErrNotOnMain, short(since), short(to))
	}
	coverage := &Coverage{Since: since, To: to, Commits: []Covered{}}
	before := since
	for _, commit := range commits {
		covered, err := c.commit(ctx, before, commit)
		if err != nil {
			return nil, fmt.Errorf("judge the commit %s: %w", short(commit), err)
		}
		coverage.Commits = append(coverage.Commits, covered)
		before = commit
	}
	return coverage, nil
}

// commit judges one step of main.
func (c Covering) commit(ctx context.Context, before, commit string) (Covered, error) {
	step := Covered{Commit: commit, Rules: before}
	parents, err := c.History.Parents(commit)
	switch {
	case err != nil:
		return step, err
	case len(parents) < 2 || parents[0] != before:
		return step.not(UncoveredDirect), nil
	case len(parents) > 2:
		return step.not(UncoveredOctopus), nil
	}
	step.Head = parents[1]
	request, problem, err := c.request(ctx, commit)
	if err != nil || problem != "" {
		return step.not(problem), err
	}
	step.Request, step.URL = request.IID, request.URL
	deviation, err := c.Contents.Unexpected(ctx, before, step.Head, commit)
	switch {
	case err != nil:
		return step, err
	case len(deviation.Conflicts) > 0:
		return step.not(UncoveredConflict, deviation.Conflicts...), nil
	case len(deviation.Names) > 0:
		return step.not(UncoveredContent, deviation.Names...), nil
	}
	return c.judge(ctx, step, request)
}

func (s Covered) not(problem Reason, details ...string) Covered {
	s.Problem, s.Details = problem, details
	return s
}

// request finds the one merge request that a commit is the merge of.
func (c Covering) request(ctx context.Context, commit string) (gitlab.MergeRequest, Reason, error) {
	claims := func(r gitlab.MergeRequest) bool { return r.State == gitlab.Merged && r.MergeCommit == commit }
	list, err := c.Requests.MergeRequestsOfCommit(ctx, commit)
	if err != nil {
		return gitlab.MergeRequest{}, "", fmt.Errorf("find its merge request: %w", err)
	}
	var found []gitlab.MergeRequest
	for _, r := range list {
		if claims(r) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return gitlab.MergeRequest{}, UncoveredRequest, nil
	case 1:
	default:
		return gitlab.MergeRequest{}, UncoveredSeveral, nil
	}
	request, err := c.Requests.MergeRequest(ctx, found[0].IID) // lists leave fields out
	if err != nil {
		return gitlab.MergeRequest{}, "", fmt.Errorf("read the merge request !%d: %w", found[0].IID, err)
	}
	if !claims(request) {
		return gitlab.MergeRequest{}, UncoveredRequest, nil
	}
	return request, "", nil
}

// judge holds the approvals of a merge request against what it changed.
func (c Covering) judge(ctx context.Context, step Covered, request gitlab.MergeRequest) (Covered, error) {
	p := Proposal{}
	var err error
	if p.Approved, err = c.Contents.Organisation(ctx, step.Rules); err == nil {
		p.Proposed, err = c.Contents.Organisation(ctx, step.Commit)
	}
	switch {
	case errors.Is(err, ErrFaulty):
		return step.not(UncoveredFiles, err.Error()), nil
	case err != nil:
		return step, err
	}
	facts, source, err := c.Terms.Gather(ctx, c.Requests, request, step.Head)
	if err != nil {
		return step, err
	}
	p.Source, p.Day = source, facts.Day(p.Approved)
	if p.Files, err = c.Contents.Changed(ctx, step.Rules, step.Commit); err != nil {
		return step, err
	}
	if p.Plan, err = c.Contents.Consequences(ctx, step.Rules, step.Commit, p.Day); err != nil {
		return step, err
	}
	verdict := Judge(Classify(p), facts)
	step.Verdict = &verdict
	if !verdict.Satisfied {
		return step.not(UncoveredApproval), nil
	}
	step.Approved = true
	return step, nil
}

// Unapproved are the commits that nobody approved, oldest first.
func (c *Coverage) Unapproved() []Covered {
	var list []Covered
	for _, step := range c.Commits {
		if !step.Approved {
			list = append(list, step)
		}
	}
	return list
}

// Err is nil when everything is approved; else it wraps ErrUnapproved and names each commit that is not, with the reason.
func (c *Coverage) Err() error {
	var texts []string
	for _, step := range c.Unapproved() {
		texts = append(texts, step.Sentence(change.English))
	}
	if len(texts) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrUnapproved, strings.Join(texts, " "))
}

// Sentence says of one step of main whether it is approved, and by whom or why not.
func (s Covered) Sentence(l string) string {
	where := short(s.Commit)
	if s.Request != 0 {
		where = fmt.Sprintf("%s (!%d)", where, s.Request)
	}
	if s.Approved {
		return where + ": " + s.Verdict.Sentence(l)
	}
	words := where + ": " + s.Problem.Text(l)
	if len(s.Details) > 0 {
		words += " (" + strings.Join(s.Details, ", ") + ")"
	}
	if s.Verdict != nil {
		return words + ". " + s.Verdict.Sentence(l)
	}
	return words + "."
}

func short(commit string) string { return commit[:min(len(commit), 10)] }
